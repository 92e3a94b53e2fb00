//! What a blanked instance says of itself.

use samar::dicom::{Encoding, Vr};

use crate::build::{DataSet, Node, ct, items, listing, open, text, value};
use crate::{ENCODINGS, blanking, rule, site, written};

const TEXT: &str = "regions: [[2, 1, 5, 3]]";

fn image() -> DataSet {
    ct().with(text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL"))
        .with(text(0x0008_2111, Vr::ST, "made by Quillfeather"))
        .with(text(0x0028_0301, Vr::CS, "YES"))
        .with(text(0x0028_2110, Vr::CS, "01"))
        .with(text(0x0028_2112, Vr::DS, "12.5"))
        .with(text(0x0028_2114, Vr::CS, "ISO_10918_1"))
}

/// The codes of De-identification Method Code Sequence.
fn codes(file: &[u8]) -> Vec<String> {
    let items = items(&open(file), 0x0012_0064);
    items
        .iter()
        .filter_map(|item| value(item, 0x0008_0100))
        .collect()
}

#[test]
fn a_blanked_image_is_derived_and_has_nothing_burned_in() {
    for encoding in ENCODINGS {
        let out = written(&blanking(2, 1, 5, 3), &image().file(encoding)).bytes;
        let object = open(&out);
        let is = |tag| value(&object, tag).unwrap_or_default();
        assert_eq!(is(0x0008_0008), "DERIVED\\PRIMARY\\AXIAL");
        assert_eq!(is(0x0028_0301), "NO");
        assert_eq!(is(0x0008_2111), "Regions with burned-in text were blanked");
        assert_eq!(
            (
                is(0x0028_2110).as_str(),
                is(0x0028_2112).as_str(),
                is(0x0028_2114).as_str()
            ),
            ("01", "12.5", "ISO_10918_1")
        );
        let lines = listing(&object).join("\n");
        assert!(!lines.contains("113062"));
        // Once only, whatever the input had.
        for tag in ["00080008 ", "00082111 ", "00280301 "] {
            assert_eq!(
                lines.matches(&format!("\n{tag}")).count() + usize::from(lines.starts_with(tag)),
                1,
                "{tag}"
            );
        }
    }
}

#[test]
fn marks_are_added_where_there_were_none() {
    let bare = ct().with(text(0x0008_0008, Vr::CS, ""));
    let out = written(&blanking(2, 1, 5, 3), &bare.file(Encoding::EXPLICIT_LE)).bytes;
    let object = open(&out);
    assert_eq!(value(&object, 0x0008_0008).as_deref(), Some("DERIVED"));
    assert_eq!(value(&object, 0x0028_0301).as_deref(), Some("NO"));
    assert!(value(&object, 0x0008_2111).is_some());
    assert!(value(&object, 0x0028_2110).is_none());
}

#[test]
fn the_frame_type_of_an_enhanced_image_is_derived_too() {
    let kind: &[Node] = &[text(0x0008_9007, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL\\NONE")];
    let group: &[Node] = &[crate::build::sequence(0x0018_9329, &[kind])];
    let enhanced = image()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.2.1"))
        .with(crate::build::sequence(0x5200_9229, &[group]));
    for encoding in ENCODINGS {
        let out = written(&blanking(2, 1, 5, 3), &enhanced.file(encoding)).bytes;
        let lines = listing(&open(&out)).join("\n");
        assert!(
            lines.contains("00089007 = DERIVED\\PRIMARY\\AXIAL\\NONE"),
            "{lines}"
        );
        let plain = written(
            &site(""),
            &enhanced
                .clone()
                .with(text(0x0028_0301, Vr::CS, "NO"))
                .file(encoding),
        )
        .bytes;
        assert!(
            listing(&open(&plain))
                .join("\n")
                .contains("00089007 = ORIGINAL")
        );
    }
}

#[test]
fn the_option_is_claimed_only_where_it_was_done() {
    let with_option = format!("options: [clean-pixel-data]\n{}", rule("text", TEXT));
    let file = image().file(Encoding::EXPLICIT_LE);
    let claimed = |profile: &str, file: &[u8]| {
        codes(&written(&site(profile), file).bytes).contains(&"113101".to_owned())
    };
    assert!(claimed(&with_option, &file));
    assert!(!claimed(&rule("text", TEXT), &file));

    let untouched =
        image()
            .with(text(0x0008_0060, Vr::CS, "MR"))
            .with(text(0x0028_0301, Vr::CS, "NO"));
    let file = untouched.file(Encoding::EXPLICIT_LE);
    assert!(!claimed(&with_option, &file));
    let object = open(&written(&site(&with_option), &file).bytes);
    assert_eq!(
        value(&object, 0x0008_0008).as_deref(),
        Some("ORIGINAL\\PRIMARY\\AXIAL")
    );
    assert!(
        !value(&object, 0x0008_2111)
            .unwrap_or_default()
            .contains("blanked")
    );
    assert_eq!(
        codes(&written(&site(&with_option), &file).bytes),
        ["113100"]
    );
}

#[test]
fn the_same_input_gives_the_same_bytes_in_any_thread() {
    let deidentifier = &blanking(2, 1, 5, 3);
    let file = &image().file(Encoding::EXPLICIT_LE);
    let first = written(deidentifier, file).bytes;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| written(deidentifier, file).bytes))
            .collect();
        for one in all {
            assert!(one.join().unwrap() == first);
        }
    });
}
