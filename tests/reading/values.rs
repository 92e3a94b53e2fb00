//! Values that are not as PS3.5 wants them: odd lengths, wrong and unknown VRs.

use samar::dicom::{Encoding, Tag, Vr};

use super::said;
use crate::build::{DataSet, clean, ct, holds, open, raw, read, text, value_bytes};

const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];

#[test]
fn odd_lengths_are_read_and_do_not_move_what_follows() {
    for encoding in ENCODINGS {
        let odd = [
            raw(0x0008_0050, Vr::SH, b"ACC-471"),
            raw(0x0010_0010, Vr::PN, b"Quillfeather^An"),
            raw(0x0018_0050, Vr::DS, b"2.5"),
            raw(0x0020_0013, Vr::IS, b"7"),
        ];
        let even = [
            text(0x0008_0050, Vr::SH, b"ACC-471"),
            text(0x0010_0010, Vr::PN, b"Quillfeather^An"),
        ];
        let with = |nodes: &[_]| {
            nodes
                .iter()
                .cloned()
                .fold(ct(), DataSet::with)
                .file(encoding)
        };
        assert_eq!(said(&with(&odd)), said(&with(&even)), "{encoding:?}");
    }
}

#[test]
fn what_samar_writes_has_even_lengths() {
    let file = ct()
        .with(raw(0x0008_0050, Vr::SH, b"ACC-471"))
        .with(raw(0x0020_000D, Vr::UI, b"1.2.826.0.1.3680043.9"))
        .file(Encoding::EXPLICIT_LE);
    let out = clean(&file).unwrap().bytes;
    let instance = read(&out).unwrap();
    for element in &instance.tape.elements {
        let len = instance.tape.value_len(element);
        assert!(len.is_multiple_of(2), "{} has {len} bytes", element.tag);
    }
}

#[test]
fn a_wrong_vr_hides_nothing() {
    // A name as anything but PN, a UID as text, a date as a number: what the attribute is decides.
    for vr in [Vr::LO, Vr::UN, Vr::ST, Vr::UT, Vr::SH] {
        let file = ct()
            .with(text(0x0010_0010, vr, "Quillfeather^Anna"))
            .with(text(0x0008_0090, vr, "Referrer^Rosa"))
            .with(text(0x0010_0030, vr, "19610203"))
            .with(text(0x0020_000D, vr, "1.2.826.0.1.3680043.9.1.1"))
            .file(Encoding::EXPLICIT_LE);
        let out = clean(&file).unwrap_or_else(|e| panic!("{vr}: {e}")).bytes;
        for token in ["Quill", "Referrer", "19610203", "1.2.826.0.1.3680043.9.1.1"] {
            assert!(!holds(&out, token.as_bytes()), "{token} under {vr}");
        }
        let object = open(&out);
        let bytes = |tag| value_bytes(&object, tag).unwrap();
        assert_eq!(bytes(0x0010_0010), bytes(0x0010_0020), "{vr}");
        assert!(bytes(0x0020_000D).starts_with(b"2.25."), "{vr}");
    }
}

#[test]
fn text_under_a_technical_number_is_not_kept() {
    // Slice Thickness and KVP as free text, Rows of a nested item as a name.
    let file = ct()
        .with(text(0x0018_0050, Vr::LO, "Anna Quillfeather"))
        .with(text(0x0018_0060, Vr::UN, "see Quillfeather"))
        .with(text(0x0018_1150, Vr::IS, "Quillfeather"))
        .file(Encoding::EXPLICIT_LE);
    let out = clean(&file).unwrap().bytes;
    assert!(!holds(&out, b"Quill"));
}

#[test]
fn vr_letters_that_no_standard_knows_have_the_header_of_un() {
    // PS3.5 section 6.2: how a reader goes on when a later edition adds a VR.
    let mut file = ct().without(0x7FE0_0010).file(Encoding::EXPLICIT_LE);
    let at = file.len();
    for (tag, value) in [
        (0x0040_0244u32, &b"20190301"[..]),
        (0x0040_0400, b"seen by Anna Quillfeather"),
    ] {
        file.extend((tag >> 16).to_le_bytes()[..2].iter());
        file.extend(&tag.to_le_bytes()[..2]);
        file.extend(b"ZZ\0\0");
        file.extend((value.len() as u32).to_le_bytes());
        file.extend(value);
    }
    let instance = read(&file).unwrap();
    let element = instance.tape.find(Tag(0x0040_0244)).unwrap();
    assert_eq!((element.start as usize, element.vr), (at, Vr::UN));
    assert_eq!(instance.tape.value(element), b"20190301");
    if let Ok(out) = clean(&file) {
        assert!(!holds(&out.bytes, b"Quillfeather"));
    }
}

#[test]
fn letters_that_are_no_vr_are_withheld() {
    for letters in [b"\0\0", b"zz", b"A1", b"??"] {
        let mut file = ct().file(Encoding::EXPLICIT_LE);
        // The VR of Slice Thickness.
        let at = memchr::memmem::find(&file, b"\x18\0\x50\0DS").unwrap();
        file[at + 4..at + 6].copy_from_slice(letters);
        assert_eq!(crate::build::reason(&file), "malformed", "{letters:?}");
    }
}

#[test]
fn a_private_element_with_unknown_letters_goes_like_any_other() {
    let mut nodes = ct().without(0x7FE0_0010).bytes(Encoding::EXPLICIT_LE);
    nodes.extend([0xDF, 0x7F, 0x10, 0x10]);
    nodes.extend(b"QQ\0\0\x06\0\0\0Secret");
    let out = clean(&nodes);
    if let Ok(out) = out {
        assert!(!holds(&out.bytes, b"Secret"));
    }
}

#[test]
fn group_lengths_are_read_and_go() {
    for encoding in ENCODINGS {
        let file = ct()
            .with(raw(0x0008_0000, Vr::UL, &encoding.put_u32(200)))
            .with(raw(0x0010_0000, Vr::UL, &encoding.put_u32(1)))
            .with(raw(0x7FE0_0000, Vr::UL, &encoding.put_u32(0xFFFF_FFFF)))
            .file(encoding);
        assert_eq!(said(&file), super::expected(), "{encoding:?}");
        assert_eq!(said(&file[132..]), super::expected(), "{encoding:?}");
        let bare = &file[file.len() - ct().bytes(encoding).len() - 36..];
        assert!(read(bare).is_ok());
    }
}

#[test]
fn elements_out_of_order_and_twice_are_all_cleaned() {
    let mut nodes = ct().without(0x7FE0_0010).0;
    let mut again = ct().0;
    again.retain(|node| matches!(node.tag.group(), 0x0008 | 0x0010));
    again.push(text(0x0010_0010, Vr::PN, "Otherperson^Olga"));
    again.push(text(0x0008_0080, Vr::LO, "Quill Hospital"));
    again.push(text(0x0012_0062, Vr::CS, "NO"));
    nodes.extend(again);
    let last = ct().0.pop().unwrap();
    nodes.push(last);
    for encoding in ENCODINGS {
        let file = [
            crate::build::part10(&crate::build::meta(None), None),
            crate::build::bytes_of(&nodes, encoding),
        ]
        .concat();
        if let Ok(out) = clean(&file) {
            for token in [&b"Quill"[..], b"Olga", b"Otherperson", b"0815", b"1.2.826"] {
                assert!(!holds(&out.bytes, token));
            }
        }
    }
}
