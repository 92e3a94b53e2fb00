//! Sequences: with and without lengths, under UN, private, nested, unfinished.

use samar::dicom::{Encoding, Flags, Tag, Vr};

use super::said;
use crate::build::{
    Item, Node, UNDEFINED, Value, bytes_of, clean, code, ct, holds, nested, open, raw, read,
    reason, sequence, text, value,
};

const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];
/// Anatomic Region Sequence: kept, with what is in it.
const REGION: u32 = 0x0008_2218;
/// Referenced Instance Sequence, here at the top level: kept, and the UIDs in it are replaced.
const REFERENCES: u32 = 0x0008_114A;

fn reference(instance: &str) -> Vec<Node> {
    vec![
        text(0x0008_1150, Vr::UI, crate::build::CT),
        text(0x0008_1155, Vr::UI, instance),
    ]
}

fn region() -> Vec<Node> {
    let modifier = code("51440002", "SCT", "Right and left");
    let mut nodes = code("39607008", "SCT", "Lung");
    nodes.push(sequence(0x0008_2220, &[&modifier]));
    nodes
}

fn with(sequences: [Node; 2]) -> crate::build::DataSet {
    sequences
        .into_iter()
        .fold(ct(), crate::build::DataSet::with)
}

fn expected() -> Vec<String> {
    let items: [&[Node]; 2] = [&reference("1.2.826.0.1.5"), &reference("1.2.826.0.1.6")];
    let well_written = with([sequence(REFERENCES, &items), sequence(REGION, &[&region()])]);
    let lines = said(&well_written.file(Encoding::EXPLICIT_LE));
    assert!(lines.iter().any(|line| line == "0008114A = 2 items"));
    assert!(
        lines
            .iter()
            .any(|line| line == "00082218[0].00082220[0].00080104 = Right and left")
    );
    lines
}

#[test]
fn lengths_of_sequences_and_items_may_be_undefined_in_any_combination() {
    let expected = expected();
    for encoding in ENCODINGS {
        for bits in 0..8u8 {
            let (outer, inner, item) = (bits & 1 == 0, bits & 2 == 0, bits & 4 == 0);
            let node = |tag, lists: Vec<Vec<Node>>, defined| Node {
                tag: Tag(tag),
                vr: Vr::SQ,
                value: Value::Items {
                    items: lists
                        .into_iter()
                        .map(|nodes| Item {
                            nodes,
                            defined: item,
                        })
                        .collect(),
                    defined,
                },
            };
            let mut region = code("39607008", "SCT", "Lung");
            region.push(node(
                0x0008_2220,
                vec![code("51440002", "SCT", "Right and left")],
                inner,
            ));
            let references = vec![reference("1.2.826.0.1.5"), reference("1.2.826.0.1.6")];
            let file = with([
                node(REFERENCES, references, outer),
                node(REGION, vec![region], outer),
            ]);
            assert_eq!(said(&file.file(encoding)), expected, "{encoding:?} {bits}");
        }
    }
}

#[test]
fn a_known_sequence_under_un_is_read_as_one() {
    let expected = expected();
    let olds = ["1.2.826.0.1.5", "1.2.826.0.1.6"].map(reference);
    // The other reader does not look into such a sequence: the bytes themselves are looked at.
    let news = [0, 1].map(|n| {
        let start = format!("0008114A[{n}].00081155 = ");
        let line = expected.iter().find_map(|line| line.strip_prefix(&start));
        reference(line.unwrap())
    });
    for encoding in [Encoding::EXPLICIT_LE, Encoding::EXPLICIT_BE] {
        for defined in [true, false] {
            let references = |items: &[Vec<Node>; 2]| {
                nested(REFERENCES, Vr::UN, &[&items[0], &items[1]], defined)
            };
            let file = with([references(&olds), sequence(REGION, &[&region()])]).file(encoding);
            let out = clean(&file).unwrap().bytes;
            assert!(
                holds(&out, &bytes_of(&[references(&news)], encoding)),
                "{encoding:?} {defined}"
            );
        }
    }
}

#[test]
fn a_sequence_under_un_inside_a_sequence_under_un() {
    // The other reader cannot follow here: the bytes themselves are looked at.
    let mut inner = code("39607008", "SCT", "Lung");
    let modifier = code("51440002", "SCT", "Right and left");
    inner.push(nested(0x0008_2220, Vr::UN, &[&modifier], false));
    let mut hidden = inner.clone();
    hidden.push(text(0x0010_0010, Vr::PN, "Hidden^Harriet"));
    hidden.push(text(0x0029_1010, Vr::LO, "Hidden^Harriet"));
    let le = Encoding::EXPLICIT_LE;
    for defined in [true, false] {
        let file = ct()
            .with(nested(REGION, Vr::UN, &[&hidden], defined))
            .file(le);
        let out = clean(&file).unwrap().bytes;
        let patient = value(&open(&clean(&ct().file(le)).unwrap().bytes), 0x0010_0010).unwrap();
        let mut kept = inner.clone();
        // A name that is not this patient's gets a pseudonym of its own; what it is does not matter here.
        assert!(!holds(&out, b"Harriet") && holds(&out, patient.as_bytes()));
        let instance = read(&out).unwrap();
        let region = instance.tape.find(Tag(REGION)).unwrap();
        let bytes = &instance.tape.buf[region.start as usize..region.end as usize];
        let pseudonym =
            bytes.len() - bytes_of(&[nested(REGION, Vr::UN, &[&kept], defined)], le).len() - 8;
        assert_eq!(pseudonym, 20, "digits");
        let at = memchr::memmem::find(bytes, b"\x10\0\x10\0\x14\0\0\0").unwrap() + 8;
        kept.push(text(0x0010_0010, Vr::PN, &bytes[at..at + 20]));
        assert_eq!(
            bytes,
            bytes_of(&[nested(REGION, Vr::UN, &[&kept], defined)], le)
        );
    }
}

#[test]
fn private_sequences_are_walked_or_passed_over_and_go() {
    let content = [text(0x0010_0010, Vr::PN, "Hidden^Harriet")];
    let deeper = [sequence(0x0029_1020, &[&content])];
    for encoding in ENCODINGS {
        for vr in [Vr::SQ, Vr::UN] {
            for defined in [true, false] {
                let file = ct()
                    .with(text(0x0029_0010, Vr::LO, "ACME 1.0"))
                    .with(nested(0x0029_1010, vr, &[&deeper, &content], defined))
                    .file(encoding);
                let out = clean(&file).unwrap().bytes;
                assert_eq!(
                    said(&file),
                    super::expected(),
                    "{encoding:?} {vr} {defined}"
                );
                assert!(holds(&file, b"Harriet") && !holds(&out, b"Harriet"));
            }
        }
    }
}

#[test]
fn what_is_called_un_in_a_private_place_is_not_taken_for_a_sequence() {
    let bytes = raw(0x0029_1010, Vr::UN, b"no items here");
    let file = ct().with(bytes).file(Encoding::EXPLICIT_LE);
    let instance = read(&file).unwrap();
    let element = instance.tape.find(Tag(0x0029_1010)).unwrap();
    assert!(!element.flags.has(Flags::CONTAINER));
    assert_eq!(said(&file), super::expected());
}

#[test]
fn empty_sequences_and_empty_items() {
    for encoding in ENCODINGS {
        for defined in [true, false] {
            let none = ct()
                .with(nested(REGION, Vr::SQ, &[], defined))
                .file(encoding);
            assert!(said(&none).contains(&"00082218 = 0 items".to_owned()));
            let hollow = ct()
                .with(nested(REGION, Vr::SQ, &[&[], &[]], defined))
                .file(encoding);
            assert!(said(&hollow).contains(&"00082218 = 2 items".to_owned()));
        }
    }
}

/// A data set that ends inside a sequence without lengths: Presentation State Sequences come last there, as do
/// structured reports.
fn unfinished(encoding: Encoding) -> (Vec<u8>, Vec<u8>) {
    let nodes = ct()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.66.1"))
        .without(0x7FE0_0010)
        .0
        .into_iter()
        .filter(|node| node.tag.group() != 0x0028);
    let registration = [nested(
        0x0070_0309,
        Vr::SQ,
        &[&[text(0x3006_00C6, Vr::DS, "1\\0\\0\\1")]],
        false,
    )];
    let last = nested(0x0070_0308, Vr::SQ, &[&registration], false);
    let file = nodes
        .fold(
            crate::build::DataSet::default(),
            crate::build::DataSet::with,
        )
        .with(last)
        .file(encoding);
    // Item and sequence delimiters of both levels.
    let cut = file[..file.len() - 4 * 8].to_vec();
    (file, cut)
}

#[test]
fn delimiters_missing_at_the_end_are_supplied() {
    for encoding in ENCODINGS {
        let (whole, cut) = unfinished(encoding);
        let expected = said(&whole);
        assert!(
            expected
                .iter()
                .any(|line| line.ends_with("300600C6 = 1\\0\\0\\1"))
        );
        for delimiters in 0..=4 {
            let file = &whole[..cut.len() + delimiters * 8];
            assert_eq!(
                said(file),
                expected,
                "{delimiters} of 4 there, {encoding:?}"
            );
        }
    }
}

#[test]
fn a_length_that_reaches_beyond_the_end_is_no_missing_delimiter() {
    let (whole, cut) = unfinished(Encoding::EXPLICIT_LE);
    for len in cut.len() + 1..whole.len() {
        if (len - cut.len()) % 8 != 0 {
            assert_eq!(reason(&whole[..len]), "truncated");
        }
    }
    assert_eq!(reason(&whole[..cut.len() - 2]), "truncated");
}

#[test]
fn structure_that_contradicts_itself_is_withheld() {
    let le = Encoding::EXPLICIT_LE;
    let body = |bytes: &[u8]| {
        let file = ct()
            .without(0x7FE0_0010)
            .with(raw(REGION, Vr::SQ, bytes))
            .file(le);
        // Behind it something that has to be found again.
        [file, ct().bytes(le)].concat()
    };
    let item = |len: u32, content: &[u8]| {
        [&[0xFE, 0xFF, 0x00, 0xE0][..], &len.to_le_bytes(), content].concat()
    };
    let name = bytes_of(&[text(0x0008_0104, Vr::LO, "Lung")], le);
    for (what, bytes) in [
        ("an item longer than its sequence", item(100, &name)),
        (
            "an element longer than its item",
            item(name.len() as u32 - 2, &name),
        ),
        ("no item at all", name.clone()),
        (
            "a delimiter with a length around it",
            item(8, &[0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]),
        ),
        (
            "an item without an end in a sequence with one",
            item(UNDEFINED, &name),
        ),
    ] {
        let reason = reason(&body(&bytes));
        assert!(
            matches!(&*reason, "malformed" | "truncated"),
            "{what}: {reason}"
        );
    }
}

#[test]
fn a_private_element_with_an_undefined_length_and_another_vr_is_withheld() {
    let mut file = ct().without(0x7FE0_0010).file(Encoding::EXPLICIT_LE);
    for vr in [Vr::OB, Vr::UT] {
        let mut bytes = file.clone();
        samar::dicom::encode::header(
            &mut bytes,
            Encoding::EXPLICIT_LE,
            Tag(0x7FDF_1010),
            vr,
            UNDEFINED,
        );
        assert_eq!(reason(&bytes), "malformed", "{vr}");
    }
    file.truncate(file.len() - 1);
    assert_eq!(reason(&file), "truncated");
}

#[test]
fn references_are_replaced_at_every_depth() {
    for encoding in ENCODINGS {
        let own = [nested(
            REFERENCES,
            Vr::SQ,
            &[&reference("1.2.826.0.1.3680043.9.1.100")],
            false,
        )];
        let study = [nested(0x0008_1115, Vr::SQ, &[&own], true)];
        let file = ct()
            .with(nested(0x0008_1200, Vr::SQ, &[&study], false))
            .file(encoding);
        let out = clean(&file).unwrap();
        let new = value(&open(&out.bytes), 0x0008_0018).unwrap();
        let wanted = format!("00081200[0].00081115[0].0008114A[0].00081155 = {new}");
        assert!(said(&file).contains(&wanted), "{encoding:?}");
        assert!(!holds(&out.bytes, b"1.2.826.0.1.3680043.9.1.100"));
    }
}
