//! What the Basic Profile cannot clean is withheld under the name of a rule, and a site may decide otherwise.

use samar::deid::{Deidentifier, Fate, Refusal};
use samar::dicom::{Encoding, Limits, Vr};
use samar::pseudonym::Key;

use super::{TOKEN, has_token};
use crate::build::{
    DataSet, Node, blind, clean, clean_with, ct, open, raw, sequence, text, value, words,
};

fn refusal(dataset: &DataSet) -> Refusal {
    clean(&dataset.file(Encoding::EXPLICIT_LE)).expect_err("withheld")
}

/// A de-identifier by a profile of a site's own.
fn site(yaml: &str) -> Deidentifier {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("site.yaml");
    std::fs::write(
        &path,
        format!("samar: 1\nname: site\nextends: basic\n{yaml}"),
    )
    .unwrap();
    let profile = match samar::profile::load(path.to_str().unwrap()) {
        Ok(profile) => profile,
        Err(problems) => panic!("{problems:?}"),
    };
    Deidentifier::new(
        blind(profile),
        &Key::from_bytes([7; 32]),
        Limits::default(),
        None,
    )
    .unwrap()
}

#[test]
fn sop_classes_that_the_standard_does_not_know() {
    for uid in [
        "1.2.840.113619.4.30",
        "1.2.840.10008.5.1.4.1.1.999",
        "1.2.3",
    ] {
        let found = refusal(&ct().with(text(0x0008_0016, Vr::UI, uid)));
        assert_eq!(
            (found.fate, &*found.reason),
            (Fate::Quarantined, "unknown-sop-class"),
            "{uid}"
        );
        assert!(
            !found.detail.contains(uid),
            "a private UID may name its owner"
        );
    }
    let nonsense = refusal(&ct().with(text(0x0008_0016, Vr::UI, "not a uid")));
    assert_eq!(nonsense.fate, Fate::Quarantined);
    // Registered, but no storage SOP Class: Verification, a transfer syntax.
    for uid in ["1.2.840.10008.1.1", "1.2.840.10008.1.2.1"] {
        assert_eq!(
            refusal(&ct().with(text(0x0008_0016, Vr::UI, uid))).reason,
            "unknown-sop-class"
        );
    }
}

#[test]
fn instances_without_the_uids_that_name_them() {
    let bare = ct().without(0x0008_0016).bytes(Encoding::EXPLICIT_LE);
    assert_eq!(clean(&bare).expect_err("withheld").reason, "no-sop-class");
    for tag in [0x0008_0018, 0x0020_000D, 0x0020_000E] {
        let found = refusal(&ct().without(tag));
        assert_eq!(found.reason, "missing-uid");
        assert!(found.detail.contains("InstanceUID"), "{}", found.detail);
        assert_eq!(
            refusal(&ct().with(text(tag, Vr::UI, ""))).reason,
            "missing-uid"
        );
    }
}

#[test]
fn burned_in_annotation() {
    for yes in ["YES", "YES ", "yes", "Y", "UNKNOWN", "NO\\YES"] {
        let found = refusal(&ct().with(text(0x0028_0301, Vr::CS, yes)));
        assert_eq!(
            (found.fate, &*found.reason),
            (Fate::Quarantined, "burned-in-annotation"),
            "{yes}"
        );
        assert!(
            found.detail.contains("identifying text"),
            "{}",
            found.detail
        );
    }
    for no in ["NO", "NO ", ""] {
        let file = ct()
            .with(text(0x0028_0301, Vr::CS, no))
            .file(Encoding::EXPLICIT_LE);
        assert!(clean(&file).is_ok(), "{no:?}");
    }
}

#[test]
fn carriers_by_their_sop_class() {
    for (uid, rule) in [
        ("1.2.840.10008.5.1.4.1.1.7", "secondary-capture"),
        ("1.2.840.10008.5.1.4.1.1.7.4", "secondary-capture"),
        ("1.2.840.10008.5.1.4.1.1.6.1", "ultrasound"),
        ("1.2.840.10008.5.1.4.1.1.3.1", "ultrasound"),
        ("1.2.840.10008.5.1.4.1.1.77.1.4", "photograph"),
        ("1.2.840.10008.5.1.4.1.1.77.1.5.1", "retina"),
        ("1.2.840.10008.5.1.4.1.1.77.1.1", "endoscopy"),
        ("1.2.840.10008.5.1.4.1.1.77.1.2", "microscopy"),
        ("1.2.840.10008.5.1.4.1.1.77.1.4.1", "video"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "encapsulated-document"),
        ("1.2.840.10008.5.1.4.1.1.104.2", "encapsulated-document"),
        ("1.2.840.10008.5.1.4.1.1.104.3", "encapsulated-document"),
        ("1.2.840.10008.5.1.4.1.1.9.4.1", "audio"),
        ("1.2.840.10008.5.1.4.1.1.66", "raw-data"),
    ] {
        let found = refusal(&ct().with(text(0x0008_0016, Vr::UI, uid)));
        assert_eq!(
            (found.fate, &*found.reason),
            (Fate::Quarantined, rule),
            "{uid}"
        );
        assert!(!found.detail.is_empty());
    }
}

#[test]
fn carriers_under_the_cover_of_an_honest_sop_class() {
    for (node, rule) in [
        (
            text(0x0008_0008, Vr::CS, "DERIVED\\SECONDARY\\SCREEN SAVE"),
            "screen-or-film",
        ),
        (text(0x0008_0064, Vr::CS, "WSD"), "screen-or-film"),
        (text(0x0028_0302, Vr::CS, "YES"), "recognizable-features"),
        (words(0x6000_0010, Vr::US, &[16]), "embedded-overlay"),
    ] {
        assert_eq!(refusal(&ct().with(node)).reason, rule);
    }
}

#[test]
fn no_refusal_says_what_the_file_says() {
    let named = ct()
        .with(text(0x0010_0010, Vr::PN, TOKEN))
        .with(text(0x0010_0020, Vr::LO, TOKEN))
        .with(text(0x0008_0080, Vr::LO, TOKEN));
    for broken in [
        named.clone().with(text(0x0008_0016, Vr::UI, TOKEN)),
        named.clone().with(text(0x0028_0301, Vr::CS, TOKEN)),
        named.clone().with(text(0x0028_0004, Vr::CS, "zyxquill")),
        named.clone().with(text(0x0028_0008, Vr::IS, TOKEN)),
        named.clone().with(words(0x0028_0010, Vr::US, &[4000])),
        named.clone().without(0x0020_000D),
    ] {
        let found = refusal(&broken);
        let said = format!("{found} {found:?}");
        assert!(!has_token(said.as_bytes()), "{said}");
    }
}

#[test]
fn a_site_may_accept_what_is_withheld_and_the_result_says_so() {
    let deidentifier = site(
        "accept:\n  - {id: burned-in-annotation, do: accept, because: all checked by hand in March}\n",
    );
    let declared = ct()
        .with(text(0x0028_0301, Vr::CS, "YES"))
        .file(Encoding::EXPLICIT_LE);
    let out = clean_with(&deidentifier, &declared).unwrap();
    assert_eq!(out.verified.overrides(), ["burned-in-annotation"]);
    assert_eq!(
        value(&open(&out.bytes), 0x0028_0301).unwrap(),
        "YES",
        "nobody cleaned the pixels"
    );

    // Only where it mattered, and only that rule.
    let plain = clean_with(&deidentifier, &ct().file(Encoding::EXPLICIT_LE)).unwrap();
    assert!(plain.verified.overrides().is_empty());
    let both = ct()
        .with(text(0x0028_0301, Vr::CS, "YES"))
        .with(text(0x0028_0302, Vr::CS, "YES"));
    let found = clean_with(&deidentifier, &both.file(Encoding::EXPLICIT_LE)).expect_err("withheld");
    assert_eq!(found.reason, "recognizable-features");
}

#[test]
fn a_site_may_reject_what_it_does_not_want() {
    let deidentifier = site(
        "accept:\n  - {id: no-localizers, when: 'ImageType has \"LOCALIZER\"', do: reject, because: not part of the study}\n",
    );
    let file = ct().with(text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\LOCALIZER"));
    let found = clean_with(&deidentifier, &file.file(Encoding::EXPLICIT_LE)).expect_err("rejected");
    assert_eq!(
        (found.fate, &*found.reason),
        (Fate::Rejected, "no-localizers")
    );
    assert!(clean_with(&deidentifier, &ct().file(Encoding::EXPLICIT_LE)).is_ok());
}

#[test]
fn accepted_carriers_are_cleaned_like_everything_else() {
    let deidentifier = site(
        "accept:\n  - {id: secondary-capture, do: accept, because: a research archive of plots}\n",
    );
    let file = ct()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.7"))
        .with(text(0x0010_0010, Vr::PN, TOKEN))
        .with(text(0x0008_0080, Vr::LO, TOKEN))
        .file(Encoding::EXPLICIT_LE);
    let out = clean_with(&deidentifier, &file).unwrap();
    assert_eq!(out.verified.sop_class(), "SecondaryCaptureImageStorage");
    assert!(!has_token(&out.bytes));
}

#[test]
fn more_names_than_can_be_searched_for() {
    let named = |names: usize, table: usize| {
        let names: Vec<Vec<Node>> = (0..names)
            .map(|n| vec![text(0x0040_A123, Vr::PN, format!("aaaaaa{n:05}"))])
            .collect();
        let items: Vec<&[Node]> = names.iter().map(|item| &item[..]).collect();
        ct().with(sequence(0x0040_0275, &items)).with(sequence(
            0x0028_3010,
            &[&[raw(0x0028_3006, Vr::OW, &vec![b'a'; table])]],
        ))
    };
    // Not so many names alike in a table so large that looking for each at each place takes hours.
    assert_eq!(refusal(&named(900, 6 << 20)).reason, "too-many-names");
    assert_eq!(refusal(&named(20_000, 2)).reason, "too-many-names");
    let few = named(50, 1000).file(Encoding::EXPLICIT_LE);
    assert!(clean(&few).is_ok());
}

#[test]
fn a_name_of_any_length_is_found() {
    let name = format!("{}^Anna", TOKEN.repeat(5000));
    let file = ct()
        .with(text(0x0010_0010, Vr::LT, &name))
        .with(text(0x0040_A123, Vr::UN, &name))
        .with(text(0x0018_1210, Vr::SH, &name[..60]))
        .with(text(0x0008_0070, Vr::LO, &name[8..72]))
        .file(Encoding::EXPLICIT_LE);
    if let Ok(out) = clean(&file) {
        assert!(!has_token(&out.bytes));
    }
}
