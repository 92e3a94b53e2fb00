//! Specific Character Set: retained text keeps its exact bytes, and nothing in it is taken for structure.

use samar::dicom::{Encoding, Vr};

use crate::build::{clean, code, ct, holds, open, sequence, text};

/// Anatomic Region Sequence, whose codes of a standard scheme are kept.
const REGION: u32 = 0x0008_2218;

/// Lung, as each character set writes it. Many of these bytes are `\`, `^` or `=` where ASCII is read.
const LUNG: &[(&str, &[u8])] = &[
    ("ISO_IR 100", b"Poum\xF4n droit"),
    ("ISO_IR 144", b"\xDB\xD5\xD3\xDA\xDE\xD5"),
    ("ISO_IR 166", b"\xBB\xCD\xB4"),
    ("ISO_IR 13", b"\xCA\xB2"),
    // JIS X 0208: two bytes of seven bits, escaped in and out; the second character holds 0x5C.
    ("\\ISO 2022 IR 87", b"\x1B$BGY\x24\x5C\x1B(B"),
    ("ISO 2022 IR 13\\ISO 2022 IR 87", b"\xCA\xB2 \x1B$BGY\x1B(J"),
    ("\\ISO 2022 IR 149", b"\x1B$)C\xC6\xF3"),
    ("\\ISO 2022 IR 58", b"\x1B$)A\xB7\xCE"),
    // The second byte of the first character is a backslash.
    ("GB18030", b"\x81\x5C\xB7\xCE"),
    ("GBK", b"\xB7\xCE\x81\x5E"),
    ("ISO_IR 192", "Легкое 肺".as_bytes()),
];

const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];

/// The exact bytes of an element, header and value.
fn element(encoding: Encoding, tag: u32, vr: Vr, value: &[u8]) -> Vec<u8> {
    crate::build::bytes_of(&[text(tag, vr, value)], encoding)
}

#[test]
fn the_meaning_of_a_standard_code_keeps_its_bytes() {
    for encoding in ENCODINGS {
        for (charset, lung) in LUNG {
            let file = ct()
                .with(text(0x0008_0005, Vr::CS, charset))
                .with(sequence(REGION, &[&code("39607008", "SCT", lung)]))
                .file(encoding);
            let out = clean(&file).unwrap_or_else(|e| panic!("{charset}: {e}"));
            let meaning = element(encoding, 0x0008_0104, Vr::LO, lung);
            assert!(holds(&out.bytes, &meaning), "{charset} {encoding:?}");
            let declared = element(encoding, 0x0008_0005, Vr::CS, charset.as_bytes());
            assert!(holds(&out.bytes, &declared), "{charset} {encoding:?}");
        }
    }
}

#[test]
fn ascii_text_of_the_machine_keeps_its_bytes_in_every_character_set() {
    for (charset, _) in LUNG {
        let file = ct()
            .with(text(0x0008_0005, Vr::CS, charset))
            .with(text(0x0018_1210, Vr::SH, "Br40d\\3"))
            .file(Encoding::EXPLICIT_LE);
        let out = clean(&file).unwrap().bytes;
        for (tag, vr, value) in [
            (0x0018_1210, Vr::SH, &b"Br40d\\3"[..]),
            (0x0008_0070, Vr::LO, b"Acme Imaging"),
        ] {
            let wanted = element(Encoding::EXPLICIT_LE, tag, vr, value);
            assert!(holds(&out, &wanted), "{charset}");
        }
    }
}

#[test]
fn text_of_the_machine_in_other_letters_is_not_kept() {
    // What no one here can read cannot be known to be technical.
    for (charset, lung) in LUNG {
        let file = ct()
            .with(text(0x0008_0005, Vr::CS, charset))
            .with(text(0x0018_1210, Vr::SH, lung))
            .file(Encoding::EXPLICIT_LE);
        let out = clean(&file).unwrap().bytes;
        assert!(!holds(&out, lung), "{charset}");
    }
}

#[test]
fn a_meaning_that_names_the_patient_is_not_kept() {
    // The same name in the same character set, in a place that is otherwise kept.
    let names: &[(&str, &[u8])] = &[
        ("ISO_IR 144", b"\xBB\xEE\xDA\xE1\xD5\xDC\xD1\xE3\xE0\xD3"),
        ("\\ISO 2022 IR 87", b"\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B"),
        (
            "\\ISO 2022 IR 149",
            b"\x1B$)C\xD1\xCE\xD1\xCE^\x1B$)C\xD1\xCE\xD4\xD7",
        ),
        ("GB18030", b"\xCD\xF5\xCD\xF5^\xD0\xA1\xB6\xAB"),
        ("ISO_IR 192", "Люксембург^Роза".as_bytes()),
    ];
    for (charset, name) in names {
        let file = ct()
            .with(text(0x0008_0005, Vr::CS, charset))
            .with(text(0x0010_0010, Vr::PN, name))
            .with(sequence(REGION, &[&code("39607008", "SCT", name)]))
            .file(Encoding::EXPLICIT_LE);
        if let Ok(out) = clean(&file) {
            assert!(!holds(&out.bytes, name), "{charset}");
        }
    }
}

#[test]
fn a_character_set_that_nobody_knows_stays_declared_or_goes_but_loses_no_bytes() {
    let file = ct()
        .with(text(0x0008_0005, Vr::CS, "ISO_IR 999"))
        .with(sequence(
            REGION,
            &[&code("39607008", "SCT", b"Lung \xE9\xFF")],
        ))
        .file(Encoding::EXPLICIT_LE);
    let out = clean(&file).unwrap().bytes;
    assert!(holds(&out, b"Lung \xE9\xFF"));
}

#[test]
fn another_reader_decodes_what_was_kept() {
    let file = ct()
        .with(text(0x0008_0005, Vr::CS, "ISO_IR 144"))
        .with(sequence(
            REGION,
            &[&code("39607008", "SCT", b"\xBB\xD5\xD3\xDA\xDE\xD5")],
        ))
        .file(Encoding::EXPLICIT_LE);
    let object = open(&clean(&file).unwrap().bytes);
    let region = &crate::build::items(&object, REGION)[0];
    assert_eq!(crate::build::value(region, 0x0008_0104).unwrap(), "Легкое");
}
