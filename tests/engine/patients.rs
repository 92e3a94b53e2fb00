//! Patients and orders: every spelling of one identifier gives one pseudonym, and two never share one.

use samar::dicom::{Encoding, Vr};

use super::ENCODINGS;
use crate::build::{DataSet, clean, ct, nested, open, text, value, words};

/// The pseudonym of the patient, which stands in three places.
#[track_caller]
fn pseudonym(dataset: &DataSet) -> String {
    let out = match clean(&dataset.file(Encoding::EXPLICIT_LE)) {
        Ok(out) => out,
        Err(refusal) => panic!("{refusal}"),
    };
    let patient = out.verified.identity().patient.clone();
    assert_eq!(patient.len(), 20);
    assert!(patient.bytes().all(|b| b.is_ascii_digit()));
    let object = open(&out.bytes);
    for tag in [0x0010_0010, 0x0010_0020] {
        if let Some(written) = value(&object, tag).filter(|text| !text.is_empty()) {
            assert_eq!(written, patient);
        }
    }
    patient
}

fn by_id(id: impl AsRef<[u8]>) -> String {
    pseudonym(&ct().with(text(0x0010_0020, Vr::LO, id)))
}

fn by_name(charset: &str, name: impl AsRef<[u8]>) -> String {
    let dataset = ct()
        .without(0x0010_0020)
        .with(text(0x0008_0005, Vr::CS, charset))
        .with(text(0x0010_0010, Vr::PN, name));
    pseudonym(&dataset)
}

#[test]
fn spellings_of_one_patient_id() {
    let plain = by_id("MRN-0815-42a");
    for same in [
        "MRN-0815-42a ",
        " MRN-0815-42a",
        "MRN-0815-42a\0",
        "mrn-0815-42A",
        "MRN-0815-42a^",
        "  MRN-0815-42a  ",
    ] {
        assert_eq!(by_id(same), plain, "{same:?}");
    }
    for other in [
        "MRN-0815-42",
        "MRN 0815-42a",
        "MRN-0815-42a1",
        "0MRN-0815-42a",
    ] {
        assert_ne!(by_id(other), plain, "{other:?}");
    }
}

#[test]
fn one_id_of_two_issuers_is_two_patients() {
    let issued = |issuer: &str| pseudonym(&ct().with(text(0x0010_0021, Vr::LO, issuer)));
    let none = pseudonym(&ct());
    assert_ne!(issued("North Clinic"), issued("South Clinic"));
    assert_ne!(issued("North Clinic"), none);
    assert_eq!(issued("North Clinic"), issued(" NORTH  clinic "));
    assert_eq!(issued(""), none);
    // What is split between ID and issuer in another way is another patient.
    let split = |id: &str, issuer: &str| {
        pseudonym(
            &ct()
                .with(text(0x0010_0020, Vr::LO, id))
                .with(text(0x0010_0021, Vr::LO, issuer)),
        )
    };
    assert_ne!(split("12", "34"), split("1", "234"));
}

#[test]
fn the_name_does_not_matter_where_there_is_an_id() {
    let dataset = ct().with(text(0x0010_0010, Vr::PN, "Other^Name"));
    assert_eq!(pseudonym(&dataset), pseudonym(&ct()));
}

#[test]
fn spellings_of_one_name() {
    let plain = by_name("", "Quill^Anna^Maria");
    for same in [
        "Quill^Anna^Maria^",
        "Quill^Anna^Maria^^",
        "Quill^Anna^Maria^ ",
        "Quill^Anna^Maria ",
        "Quill^Anna^Maria=",
        "Quill^Anna^Maria^^==",
        "QUILL^ANNA^MARIA",
        " quill^anna^maria",
    ] {
        assert_eq!(by_name("", same), plain, "{same:?}");
    }
    for other in [
        "Quill^Anna",
        "Anna^Quill^Maria",
        "Quill^^Anna^Maria",
        "QuillAnnaMaria",
    ] {
        assert_ne!(by_name("", other), plain, "{other:?}");
    }
}

#[test]
fn one_name_in_many_character_sets_is_one_patient() {
    // Müller, Люкceмбypг in capitals and small letters, Yamada in Kanji, Hong in Hangul, Wang in Chinese.
    let sets: &[&[(&str, &[u8])]] = &[
        &[
            ("ISO_IR 100", b"M\xFCller^J\xF6rg"),
            ("ISO 2022 IR 100", b"M\xFCller^J\xF6rg"),
            ("ISO_IR 101", b"M\xFCller^J\xF6rg"),
            ("ISO_IR 192", "Müller^Jörg".as_bytes()),
            ("GB18030", b"M\xA8\xB9ller^J\x81\x30\x8B\x32rg"),
            ("", b"M\xFCller^J\xF6rg"),
            ("ISO_IR 192", "MÜLLER^JÖRG^".as_bytes()),
        ],
        &[
            ("ISO_IR 144", b"\xBB\xEE\xDA\xE1^\xC0\xDE\xD7\xD0"),
            ("ISO 2022 IR 144", b"\xBB\xEE\xDA\xE1^\xC0\xDE\xD7\xD0"),
            ("ISO_IR 192", "Люкс^Роза".as_bytes()),
            ("ISO_IR 192", "ЛЮКС^РОЗА".as_bytes()),
        ],
        &[
            ("\\ISO 2022 IR 87", b"\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B"),
            (
                "ISO 2022 IR 6\\ISO 2022 IR 87",
                b"\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B",
            ),
            ("ISO_IR 192", "山田^太郎".as_bytes()),
            ("GB18030", b"\xC9\xBD\xCC\xEF^\xCC\xAB\xC0\xC9"),
        ],
        &[
            (
                "\\ISO 2022 IR 149",
                b"\x1B$)C\xB1\xE8^\x1B$)C\xC8\xF1\xC1\xDF",
            ),
            ("ISO_IR 192", "김^희중".as_bytes()),
        ],
        &[
            (
                "\\ISO 2022 IR 58",
                b"\x1B$)A\xCD\xF5^\x1B$)A\xD0\xA1\xB6\xAB",
            ),
            ("GBK", b"\xCD\xF5^\xD0\xA1\xB6\xAB"),
            ("GB18030", b"\xCD\xF5^\xD0\xA1\xB6\xAB"),
            ("ISO_IR 192", "王^小东".as_bytes()),
        ],
    ];
    let mut all = Vec::new();
    for spellings in sets {
        let found: Vec<String> = spellings
            .iter()
            .map(|(charset, name)| by_name(charset, name))
            .collect();
        for (one, (charset, _)) in found.iter().zip(*spellings) {
            assert_eq!(*one, found[0], "{charset}: {:?}", spellings[0].0);
        }
        all.push(found[0].clone());
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), sets.len());
}

#[test]
fn an_instance_without_patient_is_its_study_s_patient() {
    let nobody = |study: &str| {
        pseudonym(
            &ct()
                .with(text(0x0010_0010, Vr::PN, ""))
                .with(text(0x0010_0020, Vr::LO, ""))
                .with(text(0x0020_000D, Vr::UI, study)),
        )
    };
    assert_eq!(nobody("1.2.3.4"), nobody("1.2.3.4"));
    assert_ne!(nobody("1.2.3.4"), nobody("1.2.3.5"));
    let absent =
        ct().without(0x0010_0010)
            .without(0x0010_0020)
            .with(text(0x0020_000D, Vr::UI, "1.2.3.4"));
    assert_eq!(pseudonym(&absent), nobody("1.2.3.4"));
}

#[test]
fn an_id_and_a_name_and_a_study_of_the_same_letters_are_three_patients() {
    let id = by_id("1.2.3.4");
    let name = by_name("", "1.2.3.4");
    let study = pseudonym(&ct().without(0x0010_0010).without(0x0010_0020).with(text(
        0x0020_000D,
        Vr::UI,
        "1.2.3.4",
    )));
    assert!(id != name && name != study && study != id);
}

#[test]
fn orders_keep_together_and_apart() {
    let accession = |number: &str| {
        let file = ct()
            .with(text(0x0008_0050, Vr::SH, number))
            .file(Encoding::EXPLICIT_LE);
        value(&open(&clean(&file).unwrap().bytes), 0x0008_0050).unwrap()
    };
    let one = accession("A-1234");
    assert_eq!(one.len(), 16, "what an SH value holds");
    assert!(one.bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(accession(" a-1234 "), one);
    assert_ne!(accession("A-1235"), one);
    assert_eq!(accession(""), "");
}

#[test]
fn the_same_patient_within_items_has_the_same_pseudonym() {
    for encoding in ENCODINGS {
        let within = [
            text(0x0010_0010, Vr::PN, "Quillfeather^Anna"),
            text(0x0010_0020, Vr::LO, "MRN-0815-42"),
            words(0x0028_0010, Vr::US, &[1]),
        ];
        let file = ct()
            .with(nested(0x0028_3010, Vr::SQ, &[&within], false))
            .file(encoding);
        let object = open(&clean(&file).unwrap().bytes);
        let item = &crate::build::items(&object, 0x0028_3010)[0];
        for tag in [0x0010_0010, 0x0010_0020] {
            assert_eq!(value(item, tag), value(&object, tag), "{encoding:?}");
        }
    }
}

#[test]
fn a_pseudonym_holds_no_letter_of_the_name() {
    let file = ct()
        .with(text(0x0008_0090, Vr::PN, "Referrer^Rosa"))
        .file(Encoding::EXPLICIT_LE);
    let object = open(&clean(&file).unwrap().bytes);
    for tag in [0x0008_0050, 0x0008_0090, 0x0010_0010, 0x0010_0020] {
        let text = value(&object, tag).unwrap();
        assert!(
            text.bytes().all(|b| b.is_ascii_digit()),
            "{tag:08X} = {text}"
        );
    }
}
