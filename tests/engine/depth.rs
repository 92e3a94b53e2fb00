//! The same at every depth: inside sequences that stay, nothing else is done than at the top.

use samar::dicom::{Encoding, Vr};

use super::{ENCODINGS, TOKEN, has_token};
use crate::build::{
    DataSet, Node, Value, bytes_of, clean, code, ct, items, listing, nested, open, raw, reason,
    sequence, text, value,
};

/// Sequences that no row of Table E.1-1 names, five levels of them.
const LEVELS: [u32; 5] = [
    0x0028_3010, // VOI LUT Sequence
    0x0008_2218, // Anatomic Region Sequence
    0x0008_2220, // Anatomic Region Modifier Sequence
    0x0018_9504, // X-Ray 3D Frame Type Sequence
    0x0028_9145, // Pixel Value Transformation Sequence
];

/// Everything that must not stay, wherever it stands.
fn hidden() -> Vec<Node> {
    vec![
        text(0x0008_0080, Vr::LO, TOKEN),
        text(0x0008_1030, Vr::LO, TOKEN),
        text(0x0009_0010, Vr::LO, TOKEN),
        sequence(0x0009_1003, &[&[text(0x0010_0010, Vr::PN, TOKEN)]]),
        text(0x0010_0010, Vr::PN, TOKEN),
        text(0x0010_2297, Vr::PN, TOKEN),
        text(0x0012_0063, Vr::LO, TOKEN),
        text(0x0018_1000, Vr::LO, TOKEN),
        text(0x0018_FFF0, Vr::LO, TOKEN),
        text(0x0020_4000, Vr::LT, TOKEN),
        text(0x0040_A123, Vr::PN, TOKEN),
        text(0x0040_A160, Vr::UT, TOKEN),
        sequence(0x0400_0561, &[&[text(0x0400_0564, Vr::LO, TOKEN)]]),
        raw(0x6000_3000, Vr::OW, TOKEN.as_bytes()),
        raw(0x7FE0_0010, Vr::OW, TOKEN.as_bytes()),
        raw(0xFFFC_FFFC, Vr::OB, TOKEN.as_bytes()),
    ]
}

fn buried(depth: usize, vr: Vr, defined: bool) -> DataSet {
    let content = hidden();
    let tree = LEVELS[..depth].iter().rev().fold(content, |nodes, tag| {
        vec![nested(*tag, vr, &[&nodes], defined)]
    });
    tree.into_iter().fold(ct(), DataSet::with)
}

#[test]
fn nothing_hides_in_any_depth() {
    for encoding in ENCODINGS {
        for depth in 1..=LEVELS.len() {
            for defined in [true, false] {
                let file = buried(depth, Vr::SQ, defined).file(encoding);
                let out = clean(&file)
                    .unwrap_or_else(|e| panic!("{depth}: {e}"))
                    .bytes;
                assert!(
                    has_token(&file) && !has_token(&out),
                    "{encoding:?} {depth} {defined}"
                );
                let mut object = open(&out);
                for tag in &LEVELS[..depth] {
                    object = items(&object, *tag).remove(0);
                }
                let name = value(&object, 0x0010_0010).unwrap();
                assert!(name.bytes().all(|b| b.is_ascii_digit()), "{name}");
            }
        }
    }
}

#[test]
fn nothing_hides_in_sequences_under_un() {
    for encoding in [Encoding::EXPLICIT_LE, Encoding::EXPLICIT_BE] {
        for depth in 1..=LEVELS.len() {
            for defined in [true, false] {
                let file = buried(depth, Vr::UN, defined).file(encoding);
                let out = clean(&file)
                    .unwrap_or_else(|e| panic!("{depth}: {e}"))
                    .bytes;
                assert!(
                    has_token(&file) && !has_token(&out),
                    "{encoding:?} {depth} {defined}"
                );
            }
        }
    }
}

#[test]
fn many_items_each_cleaned() {
    for defined in [true, false] {
        let item = [
            text(0x0010_0010, Vr::PN, TOKEN),
            text(0x0018_0050, Vr::DS, "1.5"),
            text(0x0040_A123, Vr::PN, TOKEN),
        ];
        let list: Vec<&[Node]> = (0..50).map(|_| &item[..]).collect();
        let file = ct()
            .with(nested(LEVELS[0], Vr::SQ, &list, defined))
            .file(Encoding::EXPLICIT_LE);
        let out = clean(&file).unwrap().bytes;
        assert!(!has_token(&out));
        let kept = items(&open(&out), LEVELS[0]);
        assert_eq!(kept.len(), 50);
        assert!(
            kept.iter()
                .all(|item| value(item, 0x0018_0050).unwrap() == "1.5")
        );
    }
}

#[test]
fn lengths_around_what_changed_are_right() {
    // Read back by a parser that believes lengths, and compared with the same written without any.
    for encoding in ENCODINGS {
        for depth in 1..=LEVELS.len() {
            let with = clean(&buried(depth, Vr::SQ, true).file(encoding))
                .unwrap()
                .bytes;
            let without = clean(&buried(depth, Vr::SQ, false).file(encoding))
                .unwrap()
                .bytes;
            assert_eq!(
                listing(&open(&with)),
                listing(&open(&without)),
                "{encoding:?} {depth}"
            );
        }
    }
}

#[test]
fn what_nothing_changes_keeps_its_bytes() {
    // Undefined lengths, odd values, an unusual order of letters: whatever was written stays written like that.
    for encoding in ENCODINGS {
        let mut region = code("39607008", "SCT", "Lung");
        region.push(nested(
            0x0008_2220,
            Vr::SQ,
            &[&code("51440002", "SCT", "Both")],
            false,
        ));
        let nodes = [
            nested(0x0008_2218, Vr::SQ, &[&region, &region], false),
            raw(0x0018_0060, Vr::DS, b"120.0"),
            raw(0x0018_5100, Vr::CS, b"HFS "),
            sequence(0x0028_3010, &[&[raw(0x0028_3006, Vr::OW, &[1, 2, 3, 4])]]),
        ];
        let file = nodes
            .iter()
            .cloned()
            .fold(ct(), DataSet::with)
            .file(encoding);
        let out = clean(&file).unwrap().bytes;
        for node in &nodes {
            let bytes = bytes_of(std::slice::from_ref(node), encoding);
            assert!(
                crate::build::holds(&out, &bytes),
                "{} {encoding:?}",
                node.tag
            );
        }
    }
}

#[test]
fn codes_of_the_site_are_replaced_and_those_of_the_standard_kept() {
    let site = code("DR-WHO", "99ACME", TOKEN);
    let standard = code("39607008", "SCT", "Lung");
    let file = ct()
        .with(sequence(0x0008_2218, &[&standard, &site]))
        .file(Encoding::EXPLICIT_LE);
    let out = clean(&file).unwrap().bytes;
    assert!(
        !has_token(&out)
            && !crate::build::holds(&out, b"DR-WHO")
            && !crate::build::holds(&out, b"ACME ")
    );
    let codes = items(&open(&out), 0x0008_2218);
    assert_eq!(value(&codes[0], 0x0008_0104).unwrap(), "Lung");
    let designator = value(&codes[1], 0x0008_0102).unwrap();
    assert!(
        designator.starts_with("99") && designator != "99ACME",
        "{designator}"
    );
}

#[test]
fn a_code_under_the_vr_of_a_number_is_withheld() {
    for tag in [0x0008_0100, 0x0008_0102, 0x0008_0104] {
        for vr in [Vr::UL, Vr::FD, Vr::OB] {
            let item = [raw(tag, vr, b"39607008")];
            let file = ct()
                .with(sequence(0x0008_2218, &[&item]))
                .file(Encoding::EXPLICIT_LE);
            assert_eq!(reason(&file), "invalid-code", "{tag:08X} {vr}");
        }
    }
}

#[test]
fn a_value_written_as_a_sequence_is_cleaned_as_one() {
    // Text attributes that hold items: by their VR nothing of theirs could stay, and nothing does.
    for tag in [
        0x0008_0070,
        0x0008_0080,
        0x0008_0090,
        0x0010_4000,
        0x0018_1030,
    ] {
        let mut node = sequence(
            tag,
            &[&[
                text(0x0010_0010, Vr::PN, TOKEN),
                text(0x0008_0070, Vr::LO, TOKEN),
            ]],
        );
        node.vr = Vr::SQ;
        assert!(matches!(node.value, Value::Items { .. }));
        let file = ct().with(node).file(Encoding::EXPLICIT_LE);
        if let Ok(out) = clean(&file) {
            assert!(!has_token(&out.bytes), "{tag:08X}");
        }
    }
}
