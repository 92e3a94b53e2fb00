//! Preambles, file meta information and transfer syntaxes, present, wrong and missing.

use dicom_object::FileMetaTable;
use samar::dicom::syntax::{DEFLATED, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT_LE};
use samar::dicom::{Encoding, ReadError, Tag, Vr};

use super::{expected, said};
use crate::build::{
    IMPLICIT_BE, bytes_of, clean, ct, deflate, holds, meta, part10, raw, read, reason, text, words,
};

const UNCOMPRESSED: [(&str, Encoding); 3] = [
    (IMPLICIT_LE, Encoding::IMPLICIT_LE),
    (EXPLICIT_LE, Encoding::EXPLICIT_LE),
    (EXPLICIT_BE, Encoding::EXPLICIT_BE),
];

/// The transfer syntax that the result declares.
#[track_caller]
fn declared(file: &[u8]) -> String {
    let bytes = clean(file).unwrap().bytes;
    let meta = FileMetaTable::from_reader(&bytes[128..]).unwrap();
    meta.transfer_syntax().to_owned()
}

#[test]
fn each_transfer_syntax_is_read_and_stays_what_it_is() {
    for (uid, encoding) in UNCOMPRESSED {
        let file = ct().file(encoding);
        assert_eq!(said(&file), expected(), "{uid}");
        assert_eq!(declared(&file), uid);
    }
    let file = ct().deflated();
    assert_eq!(said(&file), expected());
    assert_eq!(declared(&file), DEFLATED);
}

#[test]
fn no_preamble() {
    for (_, encoding) in UNCOMPRESSED {
        let file = ct().file(encoding);
        assert_eq!(said(&file[128..]), expected(), "prefix first, {encoding:?}");
        assert_eq!(
            said(&file[132..]),
            expected(),
            "group 2 first, {encoding:?}"
        );
    }
    let file = ct().deflated();
    assert_eq!(said(&file[132..]), expected());
}

#[test]
fn no_file_meta_information() {
    for (uid, encoding) in UNCOMPRESSED {
        let bare = ct().bytes(encoding);
        assert_eq!(said(&bare), expected(), "{uid}");
        assert_eq!(declared(&bare), uid);

        let prefixed = [&[0; 128][..], b"DICM", &bare].concat();
        assert_eq!(said(&prefixed), expected(), "prefix and {uid}");
    }
}

#[test]
fn a_preamble_that_is_another_format_s_header_does_not_survive() {
    let mut file = ct().file(Encoding::EXPLICIT_LE);
    file[..4].copy_from_slice(b"II*\0");
    file[4..24].copy_from_slice(b"Quillfeather^Anna 42");
    let out = clean(&file).unwrap().bytes;
    assert_eq!(out[..128], [0; 128]);
    assert_eq!(said(&file), expected());
}

#[test]
fn the_group_length_of_the_meta_information_is_not_relied_upon() {
    for (uid, encoding) in UNCOMPRESSED {
        let nodes = meta(Some(uid));
        let mut missing = part10(&nodes, None);
        missing.extend(ct().bytes(encoding));
        assert_eq!(said(&missing), expected(), "missing, {uid}");

        let right = bytes_of(&nodes, Encoding::EXPLICIT_LE).len() as u32;
        for wrong in [0, 1, right - 8, right + 8, right + 100_000, u32::MAX] {
            let mut group = vec![raw(0x0002_0000, Vr::UL, &wrong.to_le_bytes())];
            group.extend(nodes.clone());
            let mut file = part10(&group, None);
            file.extend(ct().bytes(encoding));
            assert_eq!(said(&file), expected(), "{wrong} for {right}, {uid}");
        }
    }
}

#[test]
fn meta_information_without_vrs() {
    let mut file = vec![0; 128];
    file.extend(b"DICM");
    file.extend(bytes_of(&meta(Some(EXPLICIT_LE)), Encoding::IMPLICIT_LE));
    file.extend(ct().bytes(Encoding::EXPLICIT_LE));
    assert_eq!(said(&file), expected());
}

#[test]
fn a_missing_transfer_syntax_is_told_from_the_bytes() {
    for (uid, encoding) in UNCOMPRESSED {
        for syntax in [None, Some("")] {
            let mut file = part10(&meta(syntax), Some(()));
            file.extend(ct().bytes(encoding));
            assert_eq!(said(&file), expected(), "{uid}");
            assert_eq!(declared(&file), uid);
        }
    }
}

#[test]
fn a_wrong_uncompressed_transfer_syntax_is_put_right() {
    for (said_uid, _) in UNCOMPRESSED {
        for (real, encoding) in UNCOMPRESSED {
            let file = ct().file_in(said_uid, encoding);
            assert_eq!(said(&file), expected(), "{said_uid} for {real}");
            assert_eq!(declared(&file), real);
        }
    }
}

#[test]
fn a_wrong_transfer_syntax_of_a_large_file_is_put_right_too() {
    // The letters of a VR make a length of a million bytes and more, which a large file has room for.
    let samples = vec![3u8; 2048 * 1024 * 2];
    let large = ct()
        .with(words(0x0028_0010, Vr::US, &[2048]))
        .with(words(0x0028_0011, Vr::US, &[1024]))
        .with(raw(Tag::PIXEL_DATA.0, Vr::OW, &samples));
    for (wrong, _) in UNCOMPRESSED {
        for (real, encoding) in UNCOMPRESSED {
            assert_eq!(
                declared(&large.file_in(wrong, encoding)),
                real,
                "not {wrong}"
            );
        }
    }
}

#[test]
fn implicit_big_endian_is_no_transfer_syntax_and_is_withheld() {
    // It is read, but no UID says what it is, so that nothing true could be written.
    let file = ct().bytes(IMPLICIT_BE);
    assert!(read(&file).is_ok());
    assert_eq!(reason(&file), "syntax-contradiction");
}

#[test]
fn a_deflated_file_without_group_length_or_with_padding_behind_it() {
    let mut file = part10(&meta(Some(DEFLATED)), None);
    file.extend(deflate(&ct().bytes(Encoding::EXPLICIT_LE)));
    assert_eq!(said(&file), expected());
    file.extend([0; 64]);
    assert_eq!(said(&file), expected());
}

#[test]
fn a_broken_or_short_deflate_stream_is_withheld() {
    let whole = ct().deflated();
    let short = &whole[..whole.len() - 40];
    assert_eq!(reason(short), "truncated");
    let mut broken = whole.clone();
    let at = whole.len() - deflate(&ct().bytes(Encoding::EXPLICIT_LE)).len();
    broken[at..at + 4].copy_from_slice(&[0xFF; 4]);
    assert_eq!(reason(&broken), "malformed");
}

#[test]
fn an_unknown_transfer_syntax_is_withheld() {
    let bytes = ct();
    for uid in ["1.2.840.113619.5.2", "1.2.3", CT_CLASS] {
        let file = bytes.file_in(uid, Encoding::EXPLICIT_LE);
        assert_eq!(reason(&file), "unknown-transfer-syntax", "{uid}");
    }
}

/// Registered, but no transfer syntax.
const CT_CLASS: &str = crate::build::CT;

#[test]
fn a_dicomdir_is_not_an_instance() {
    let mut nodes = meta(Some(EXPLICIT_LE));
    nodes[1] = text(0x0002_0002, Vr::UI, "1.2.840.10008.1.3.10");
    let mut file = part10(&nodes, Some(()));
    let patient = text(0x0004_1130, Vr::CS, "QUILLFEATHER");
    file.extend(bytes_of(&[patient], Encoding::EXPLICIT_LE));
    assert!(matches!(read(&file), Err(ReadError::Dicomdir)));
    assert_eq!(reason(&file), "dicomdir");
}

#[test]
fn what_is_not_dicom_is_said_to_be_not_dicom() {
    let noise: Vec<u8> = (0..4096u32).map(|n| (n * n % 251) as u8).collect();
    let prose =
        b"Patient: Quillfeather^Anna, MRN-0815-42. Not a DICOM file, whatever its name says.";
    for bytes in [
        &[][..],
        &[0],
        &[0; 131],
        &[0; 4096],
        prose,
        &noise,
        b"\x89PNG\r\n\x1A\n0000",
    ] {
        assert!(
            matches!(read(bytes), Err(ReadError::NotDicom)),
            "{} bytes",
            bytes.len()
        );
        assert_eq!(reason(bytes), "not-dicom");
    }
}

#[test]
fn a_prefix_alone_holds_no_instance() {
    let mut file = vec![0; 128];
    file.extend(b"DICM");
    assert_eq!(reason(&file), "no-sop-class");
    assert!(!holds(reason(&file).as_bytes(), b"Quill"));
}

#[test]
fn bulk_values_stay_in_the_source() {
    // 512 x 512 x 2 bytes: far more than a header.
    let large = vec![7u8; 512 * 512 * 2];
    let file = ct()
        .with(words(0x0028_0010, Vr::US, &[512]))
        .with(words(0x0028_0011, Vr::US, &[512]))
        .with(raw(Tag::PIXEL_DATA.0, Vr::OW, &large));
    for (_, encoding) in UNCOMPRESSED {
        let cleaned = clean(&file.file(encoding)).unwrap();
        assert!(cleaned.verified.memory().len() < 4096, "{encoding:?}");
        assert!(cleaned.bytes.ends_with(&large));
    }
}
