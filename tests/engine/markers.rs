//! What a result says of itself: once, exactly, and nothing that the input claimed.

use std::fmt::Write as _;

use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Limits, Vr};
use samar::pseudonym::Key;

use super::{ENCODINGS, TOKEN, has_token};
use crate::build::{
    BASIC, DataSet, clean, clean_with, code, ct, items, open, read, sequence, text, value,
};

const MARKERS: [u32; 4] = [0x0012_0062, 0x0012_0063, 0x0012_0064, 0x0028_0303];

/// How often each marker stands at any level.
fn counts(bytes: &[u8]) -> [usize; 4] {
    let instance = read(bytes).unwrap();
    MARKERS.map(|tag| {
        instance
            .tape
            .elements
            .iter()
            .filter(|e| e.tag.0 == tag)
            .count()
    })
}

#[track_caller]
fn assert_marked(bytes: &[u8]) {
    assert_eq!(counts(bytes), [1; 4]);
    let object = open(bytes);
    assert_eq!(value(&object, 0x0012_0062).unwrap(), "YES");
    assert_eq!(value(&object, 0x0028_0303).unwrap(), "REMOVED");
    let method = value(&object, 0x0012_0063).unwrap();
    assert_eq!(method, BASIC.stamp().method());
    for one in method.split('\\') {
        assert!(one.len() <= 64, "an LO value holds 64 characters: {one}");
    }
    let codes = items(&object, 0x0012_0064);
    assert_eq!(codes.len(), 1);
    assert_eq!(value(&codes[0], 0x0008_0100).unwrap(), "113100");
    assert_eq!(value(&codes[0], 0x0008_0102).unwrap(), "DCM");
    assert_eq!(
        value(&codes[0], 0x0008_0104).unwrap(),
        "Basic Application Confidentiality Profile"
    );
}

#[test]
fn each_result_carries_each_marker_once() {
    for encoding in ENCODINGS {
        assert_marked(&clean(&ct().file(encoding)).unwrap().bytes);
    }
    assert_marked(&clean(&ct().deflated()).unwrap().bytes);
}

#[test]
fn the_method_names_tool_version_profile_and_edition() {
    let method = BASIC.stamp().method();
    assert!(
        method.contains(&format!("samar {}", env!("CARGO_PKG_VERSION"))),
        "{method}"
    );
    assert!(method.contains("2026d"), "{method}");
    let mut digest = String::new();
    for byte in BASIC.profile().sha256 {
        write!(digest, "{byte:02x}").unwrap();
    }
    assert!(
        method.contains(&digest[..16]),
        "{method} does not name {digest}"
    );
}

/// What other tools, or samar before, wrote.
fn claims(nodes: DataSet) -> DataSet {
    let mut foreign = code("113105", "DCM", "Clean Descriptors Option");
    foreign.push(text(0x0009_0010, Vr::LO, TOKEN));
    nodes
        .with(text(0x0012_0062, Vr::CS, "NO"))
        .with(text(
            0x0012_0063,
            Vr::LO,
            format!("{TOKEN} anonymizer 1.0\\by hand"),
        ))
        .with(sequence(
            0x0012_0064,
            &[&foreign, &code("113107", "DCM", "Retain Dates")],
        ))
        .with(text(0x0028_0301, Vr::CS, "NO"))
        .with(text(0x0028_0302, Vr::CS, "NO"))
        .with(text(0x0028_0303, Vr::CS, "UNMODIFIED"))
}

#[test]
fn claims_of_the_input_do_not_outlive_it() {
    for encoding in ENCODINGS {
        let out = clean(&claims(ct()).file(encoding)).unwrap().bytes;
        assert_marked(&out);
        assert!(!has_token(&out));
        let object = open(&out);
        // Nobody looked at the pixels: the input's word for them stays the input's.
        assert_eq!(value(&object, 0x0028_0301).unwrap(), "NO");
    }
}

#[test]
fn claims_in_items_and_behind_the_image_go() {
    let mut within = claims(DataSet::default()).0;
    within.retain(|node| node.tag.0 != 0x0028_0301);
    for encoding in ENCODINGS {
        let file = claims(ct())
            .with(sequence(0x0008_2218, &[&within]))
            .file(encoding);
        assert_marked(&clean(&file).unwrap().bytes);
        let again = crate::build::bytes_of(&claims(DataSet::default()).0, encoding);
        let file = [ct().file(encoding), again].concat();
        if let Ok(out) = clean(&file) {
            assert_eq!(counts(&out.bytes), [1; 4]);
            assert!(!has_token(&out.bytes));
        }
    }
}

#[test]
fn cleaning_a_result_again_gives_the_same_markers_once() {
    let first = clean(&ct().file(Encoding::EXPLICIT_LE)).unwrap().bytes;
    let second = clean(&first).unwrap().bytes;
    assert_marked(&second);
}

#[test]
fn markers_stand_in_tag_order() {
    for encoding in ENCODINGS {
        for dataset in [ct(), claims(ct()), ct().without(0x0020_0013)] {
            let out = clean(&dataset.file(encoding)).unwrap().bytes;
            let instance = read(&out).unwrap();
            let tags: Vec<_> = instance.tape.top_level().map(|(_, e)| e.tag).collect();
            assert!(tags.is_sorted(), "{tags:?}");
        }
    }
}

#[test]
fn a_site_that_keeps_what_the_profile_takes_does_not_claim_the_profile() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("site.yaml");
    std::fs::write(
        &path,
        "samar: 1\nname: site\nextends: basic\nrules:\n  - {id: sex, match: PatientSex, do: keep, because: protocol}\n",
    )
    .unwrap();
    let profile = crate::build::blind(samar::profile::load(path.to_str().unwrap()).unwrap());
    let site =
        Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap();
    let file = ct()
        .with(text(0x0010_0040, Vr::CS, "F"))
        .file(Encoding::EXPLICIT_LE);
    let out = clean_with(&site, &file).unwrap().bytes;
    let object = open(&out);
    assert_eq!(value(&object, 0x0010_0040).unwrap(), "F");
    assert_eq!(counts(&out), [1, 1, 0, 1]);
    assert!(value(&object, 0x0012_0063).unwrap().contains("site"));
}

#[test]
fn a_rule_on_codes_leaves_the_markers_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes.yaml");
    let rules = "  - {id: meanings, match: CodeMeaning, do: dummy, because: no text at all}\n";
    std::fs::write(
        &path,
        format!("samar: 1\nname: codes\nextends: basic\nrules:\n{rules}"),
    )
    .unwrap();
    let profile = crate::build::blind(samar::profile::load(path.to_str().unwrap()).unwrap());
    let site =
        Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap();
    let file = ct().file(Encoding::EXPLICIT_LE);
    let out = clean_with(&site, &file).unwrap();
    let codes = items(&open(&out.bytes), 0x0012_0064);
    let meanings: Vec<_> = codes.iter().map(|code| value(code, 0x0008_0104)).collect();
    let basic = "Basic Application Confidentiality Profile".to_owned();
    assert_eq!(meanings, [Some(basic)]);
}
