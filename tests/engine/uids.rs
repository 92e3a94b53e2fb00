//! UIDs: one old one gives one new one, wherever and however it stands.

use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Limits, Vr};
use samar::pseudonym::Key;

use super::ENCODINGS;
use crate::build::{
    BASIC, CT, DataSet, clean, clean_with, ct, holds, items, nested, open, raw, reason, sequence,
    text, value,
};

const STUDY: &str = "1.2.826.0.1.3680043.9.1.1";
const SERIES: &str = "1.2.826.0.1.3680043.9.1.10";
const INSTANCE: &str = "1.2.826.0.1.3680043.9.1.100";
const FRAME_OF_REFERENCE: &str = "1.2.826.0.1.3680043.9.1.5";

fn assert_valid(uid: &str) {
    assert!(uid.len() <= 64 && uid.starts_with("2.25."), "{uid}");
    let number = &uid[5..];
    assert!(number.bytes().all(|b| b.is_ascii_digit()), "{uid}");
    assert!(number == "0" || !number.starts_with('0'), "{uid}");
    number.parse::<u128>().expect("128 bits");
}

/// A second instance of the same series, which refers to the first.
fn second() -> DataSet {
    let reference = [
        text(0x0008_1150, Vr::UI, CT),
        text(0x0008_1155, Vr::UI, INSTANCE),
    ];
    let series = [
        sequence(0x0008_114A, &[&reference]),
        text(0x0020_000E, Vr::UI, SERIES),
    ];
    let study = [
        sequence(0x0008_1115, &[&series]),
        text(0x0020_000D, Vr::UI, STUDY),
    ];
    ct().with(text(0x0008_0018, Vr::UI, "1.2.826.0.1.3680043.9.1.101"))
        .with(text(0x0020_0052, Vr::UI, FRAME_OF_REFERENCE))
        .with(nested(0x0008_1200, Vr::SQ, &[&study], false))
}

#[test]
fn files_of_one_study_stay_together() {
    for encoding in ENCODINGS {
        let first = clean(&ct().file(Encoding::EXPLICIT_LE)).unwrap();
        let other = clean(&second().file(encoding)).unwrap();
        let (a, b) = (open(&first.bytes), open(&other.bytes));
        for tag in [0x0020_000D, 0x0020_000E] {
            assert_eq!(value(&a, tag), value(&b, tag));
            assert_valid(&value(&a, tag).unwrap());
        }
        let instance = value(&a, 0x0008_0018).unwrap();
        assert_ne!(Some(&instance), value(&b, 0x0008_0018).as_ref());

        let study = items(&b, 0x0008_1200).remove(0);
        assert_eq!(value(&study, 0x0020_000D), value(&a, 0x0020_000D));
        let series = items(&study, 0x0008_1115).remove(0);
        assert_eq!(value(&series, 0x0020_000E), value(&a, 0x0020_000E));
        let reference = items(&series, 0x0008_114A).remove(0);
        assert_eq!(value(&reference, 0x0008_1155).unwrap(), instance);
        assert_eq!(
            value(&reference, 0x0008_1150).unwrap(),
            CT,
            "a SOP Class is the standard's own"
        );
        for old in [STUDY, SERIES, INSTANCE, FRAME_OF_REFERENCE] {
            assert!(!holds(&other.bytes, old.as_bytes()));
        }
    }
}

#[test]
fn the_identity_that_names_the_file_is_the_one_in_it() {
    let out = clean(&ct().file(Encoding::EXPLICIT_LE)).unwrap();
    let object = open(&out.bytes);
    let identity = out.verified.identity();
    assert_eq!(value(&object, 0x0010_0020).unwrap(), identity.patient);
    assert_eq!(value(&object, 0x0020_000D).unwrap(), identity.study);
    assert_eq!(value(&object, 0x0020_000E).unwrap(), identity.series);
    assert_eq!(value(&object, 0x0008_0018).unwrap(), identity.instance);
}

#[test]
fn each_value_of_many_is_replaced_by_its_own() {
    // Failed SOP Instance UID List, odd padding and the standard's own in between.
    let list = format!("{STUDY}\\{INSTANCE}\\{CT}\\\\{SERIES} ");
    for encoding in ENCODINGS {
        let file = ct().with(text(0x0008_0058, Vr::UI, &list)).file(encoding);
        let object = open(&clean(&file).unwrap().bytes);
        let new = value(&object, 0x0008_0058).unwrap();
        let parts: Vec<&str> = new.split('\\').collect();
        assert_eq!(parts.len(), 5, "{new}");
        assert_eq!(Some(parts[0]), value(&object, 0x0020_000D).as_deref());
        assert_eq!(Some(parts[1]), value(&object, 0x0008_0018).as_deref());
        assert_eq!(parts[2], CT);
        assert_eq!(parts[3], "");
        assert_eq!(Some(parts[4]), value(&object, 0x0020_000E).as_deref());
    }
}

#[test]
fn padding_does_not_make_another_uid() {
    let new = |bytes: &str| {
        let file = ct()
            .with(text(0x0020_000D, Vr::UI, bytes))
            .file(Encoding::EXPLICIT_LE);
        clean(&file).unwrap().verified.identity().study.clone()
    };
    let plain = new(STUDY);
    for padded in [
        format!("{STUDY}\0"),
        format!("{STUDY} "),
        format!(" {STUDY}"),
        format!("{STUDY}\0\0\0"),
    ] {
        assert_eq!(new(&padded), plain, "{padded:?}");
    }
    assert_ne!(new("1.2.826.0.1.3680043.9.1.2"), plain);
}

#[test]
fn what_stands_under_ui_and_is_no_uid_does_not_stay() {
    for odd in [
        "Quillfeather^Anna",
        "1.2.826.0.1.A",
        "..",
        "1.2.840.10008.",
        "1.2.840.10008.Quill",
        "\u{e9}1.2",
    ] {
        let file = ct()
            .with(text(0x0020_0052, Vr::UI, odd))
            .file(Encoding::EXPLICIT_LE);
        let object = open(&clean(&file).unwrap().bytes);
        assert_valid(&value(&object, 0x0020_0052).unwrap());
    }
}

#[test]
fn uids_that_only_look_like_the_standard_s_are_replaced() {
    for lookalike in [
        "1.2.840.10008.5.1.4.1.1.2.99.1",
        "1.2.840.100081.1",
        "1.2.840.10008",
        "1.2.840.10008.1.2.99999",
        "1.2.840.10008.6.1.12345678",
    ] {
        let file = ct()
            .with(text(0x0020_0052, Vr::UI, lookalike))
            .file(Encoding::EXPLICIT_LE);
        let object = open(&clean(&file).unwrap().bytes);
        assert_valid(&value(&object, 0x0020_0052).unwrap());
    }
}

#[test]
fn many_short_uids_that_outgrow_their_element_are_withheld() {
    // 16,000 values of three bytes become 16,000 of forty: more than a short header can say.
    let list = "1.2\\".repeat(16_000);
    for encoding in ENCODINGS {
        let file = ct().with(text(0x0008_0058, Vr::UI, &list)).file(encoding);
        match clean(&file) {
            Ok(out) => {
                let values = value(&open(&out.bytes), 0x0008_0058).unwrap();
                let mut uids = values.split('\\').filter(|uid| !uid.is_empty());
                assert_valid(uids.clone().next().unwrap());
                assert_eq!(uids.by_ref().count(), 16_000, "{encoding:?}");
            }
            Err(refusal) => assert_eq!(refusal.reason, "too-many-uids", "{encoding:?}"),
        }
    }
}

#[test]
fn a_uid_under_the_vr_of_a_number_is_withheld() {
    for vr in [Vr::UV, Vr::FD, Vr::US, Vr::AT, Vr::OB] {
        for value in [&b"1.2.3.4.5.6.7.8."[..], b"\0"] {
            let file = ct()
                .with(raw(0x0040_A124, vr, value))
                .file(Encoding::EXPLICIT_LE);
            assert_eq!(reason(&file), "invalid-uid", "{vr}");
        }
    }
}

#[test]
fn another_key_gives_other_uids_and_the_same_key_the_same() {
    let file = ct().file(Encoding::EXPLICIT_LE);
    let of = |key: u8| {
        let profile = samar::profile::load("basic").unwrap();
        let deidentifier = Deidentifier::new(
            profile,
            &Key::from_bytes([key; 32]),
            Limits::default(),
            None,
        )
        .unwrap();
        clean_with(&deidentifier, &file).unwrap()
    };
    assert_eq!(of(7).bytes, clean_with(&BASIC, &file).unwrap().bytes);
    let (one, other) = (of(1), of(2));
    let (one, other) = (one.verified.identity(), other.verified.identity());
    assert_ne!(one.patient, other.patient);
    assert_ne!(one.study, other.study);
    assert_ne!(one.series, other.series);
    assert_ne!(one.instance, other.instance);
}
