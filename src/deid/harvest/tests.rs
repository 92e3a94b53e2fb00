use super::values::MAX_VALUES;
use super::*;
use crate::dicom::encode::element;
use crate::dicom::{Encoding, Instance, Limits, Scratch};

fn harvest(values: &[(u32, Vr, &str)]) -> Option<Harvest> {
    let mut bytes = Vec::new();
    for (tag, vr, value) in values {
        element(
            &mut bytes,
            Encoding::EXPLICIT_LE,
            Tag(*tag),
            *vr,
            value.as_bytes(),
        );
    }
    let bytes = &bytes.as_slice();
    let instance = Instance::read(bytes, &Limits::default(), Scratch::default()).unwrap();
    Harvest::gather(&instance.tape, Charset::default(), |_| false)
}

fn of_patient() -> Harvest {
    harvest(&[
        (0x0008_0050, Vr::SH, "ACC-4711"),
        (0x0008_0080, Vr::LO, "St. Elsewhere"),
        (0x0008_0090, Vr::PN, "Referrer-Stone^Rosa^J"),
        (0x0010_0010, Vr::PN, "Kim^Quillfeather"),
    ])
    .unwrap()
}

#[test]
fn names_are_found_as_words_in_any_case() {
    let found = of_patient();
    for text in [
        "QUILLFEATHER",
        "chest kim",
        "kim, chest",
        "(Rosa)",
        "x quillfeather.",
        "Stone",
        "referrerstone",
    ] {
        assert!(found.is_in_text(text.as_bytes()), "{text}");
    }
    for text in ["", "CHEST", "KIMBERLEY", "Prosa", "J", "Els", "ACC"] {
        assert!(!found.is_in_text(text.as_bytes()), "{text}");
    }
}

#[test]
fn identifiers_are_found_anywhere_and_without_their_separators() {
    let found = of_patient();
    for text in ["xACC-4711x", "acc4711", "ACC 4711", "at st. elsewhere"] {
        assert!(found.is_in_text(text.as_bytes()), "{text}");
    }
    assert!(!found.is_in_text(b"ACC-4712"));
}

#[test]
fn a_value_that_was_cut_off_is_found_at_the_end() {
    let found = of_patient();
    assert!(found.is_in_text(b"for Quillf"));
    assert!(found.is_in_text(b"at St. Else"));
    assert!(!found.is_in_text(b"for Quil"), "four letters are too few");
    assert!(!found.is_in_text(b"Quillf rest"), "not at the end");
}

#[test]
fn long_values_are_found_anywhere_in_bytes_and_short_ones_are_not() {
    let found = of_patient();
    assert!(found.is_in_bytes(b"\0\x01xxquillFEATHERxx\0"));
    assert!(found.is_in_bytes(b"ACC-4711"));
    for bytes in [&b"Kim"[..], b"Rosa", b"\0\0\0", b""] {
        assert!(!found.is_in_bytes(bytes));
    }
}

#[test]
fn nothing_is_found_where_nothing_was_named() {
    let found = harvest(&[
        (0x0008_0060, Vr::CS, "CT"),
        (0x0010_0010, Vr::PN, ""),
        (0x0018_0015, Vr::CS, "CHEST"),
    ])
    .unwrap();
    for text in ["CT", "", "anything at all"] {
        assert!(!found.is_in_text(text.as_bytes()) && !found.is_in_bytes(text.as_bytes()));
    }
}

#[test]
fn what_the_profile_keeps_is_not_looked_for() {
    let mut bytes = Vec::new();
    let le = Encoding::EXPLICIT_LE;
    element(&mut bytes, le, Tag(0x0008_0090), Vr::PN, b"Referrer^Rosa");
    element(
        &mut bytes,
        le,
        Tag(0x0010_0010),
        Vr::PN,
        b"Quillfeather^Kim",
    );
    let bytes = &bytes.as_slice();
    let instance = Instance::read(bytes, &Limits::default(), Scratch::default()).unwrap();
    let found = Harvest::gather(&instance.tape, Charset::default(), |tag| {
        tag == Tag(0x0008_0090)
    })
    .unwrap();
    assert!(!found.is_in_text(b"Referrer") && found.is_in_text(b"Quillfeather"));
}

#[test]
fn no_more_values_are_taken_than_can_be_searched_for() {
    let list = |count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("name{n:05}^x")).collect();
        names.join("\\")
    };
    let few = list(MAX_VALUES);
    assert!(harvest(&[(0x0040_A123, Vr::UN, &few)]).is_some());
    let many = list(MAX_VALUES + 1);
    assert!(harvest(&[(0x0040_A123, Vr::UN, &many)]).is_none());
}
