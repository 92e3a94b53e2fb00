//! Files that end early or late.

use samar::dicom::{Encoding, Flags, Tag, Vr};

use super::{expected, said};
use crate::build::{
    DataSet, JPEG_BASELINE, bytes_of, clean, code, ct, holds, jpeg, jpeg_ct, listing, nested, open,
    raw, read, reason, sequence, text, value_bytes,
};

const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];

/// A CT with something of everything: sequences with and without lengths, private elements, padding at the end.
fn rich() -> DataSet {
    let region = code("39607008", "SCT", "Lung");
    let hidden = [text(0x0010_0010, Vr::PN, "Hidden^Harriet")];
    ct().with(nested(0x0008_2218, Vr::SQ, &[&region], false))
        .with(sequence(
            0x0008_1140,
            &[&[text(0x0008_1155, Vr::UI, "1.2.826.0.1.5")]],
        ))
        .with(text(0x0029_0010, Vr::LO, "ACME 1.0"))
        .with(nested(0x0029_1010, Vr::UN, &[&hidden], false))
        .with(raw(0xFFFC_FFFC, Vr::OB, &[0; 30]))
}

/// Offsets at which a file in front of its pixel data may end without contradicting a length that it states: between
/// elements, also inside sequences that have no lengths, and behind zeros, which read as padding. Nothing but the
/// missing image tells such a file from a header that never had one.
fn boundaries(file: &[u8]) -> Vec<usize> {
    let instance = read(file).unwrap();
    let mut found = Vec::new();
    let mut bounded_until = 0;
    for element in &instance.tape.elements {
        let (start, end) = (element.start as usize, element.end as usize);
        if start < bounded_until {
            continue;
        }
        found.extend([start, end]);
        if element.flags.has(Flags::CONTAINER) && element.flags.has(Flags::UNDEFINED) {
            found.extend([start + usize::from(element.head), end - 8]);
        } else {
            bounded_until = end;
        }
        let zeros = file[start..].iter().take_while(|b| **b == 0).count();
        found.extend(start + 1..=start + zeros);
    }
    found
}

/// Cuts a file at every byte and sees what comes out.
fn cut_everywhere(whole: &[u8], complete_from: usize) {
    let expected = clean(whole).unwrap();
    let lines = listing(&open(&expected.bytes));
    let boundaries = boundaries(whole);
    for len in 0..whole.len() {
        let Ok(out) = clean(&whole[..len]) else {
            assert!(len < complete_from, "only padding is missing at {len}");
            continue;
        };
        if len >= complete_from {
            assert!(
                out.bytes == expected.bytes,
                "cut at {len} of {}",
                whole.len()
            );
            continue;
        }
        assert!(boundaries.contains(&len), "written though cut at {len}");
        let object = open(&out.bytes);
        assert!(value_bytes(&object, 0x7FE0_0010).is_none());
        for line in listing(&object) {
            assert!(lines.contains(&line), "cut at {len}: {line}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_never_passed_off_as_whole() {
    for encoding in ENCODINGS {
        let whole = rich().file(encoding);
        let padding = 30 + if encoding.explicit { 12 } else { 8 };
        cut_everywhere(&whole, whole.len() - padding);
    }
}

#[test]
fn a_bare_data_set_cut_anywhere_is_never_passed_off_as_whole() {
    for encoding in ENCODINGS {
        let whole = ct().bytes(encoding);
        cut_everywhere(&whole, whole.len());
    }
}

#[test]
fn encapsulated_pixel_data_cut_anywhere_is_never_passed_off_as_whole() {
    let whole = jpeg_ct(&[&jpeg(b"")]).file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    // The delimiter at the end may be supplied.
    let delimiter = whole.len() - 8;
    let expected = clean(&whole).unwrap().bytes;
    assert!(clean(&whole[..delimiter]).unwrap().bytes == expected);
    assert!(clean(&whole[..delimiter + 3]).is_err());
    cut_everywhere(&whole[..delimiter], delimiter);
}

#[test]
fn a_deflated_file_cut_anywhere_is_never_passed_off_as_whole() {
    let whole = rich().deflated();
    let expected = clean(&whole).unwrap().bytes;
    for len in 0..whole.len() {
        if let Ok(out) = clean(&whole[..len]) {
            assert!(out.bytes == expected, "cut at {len} of {}", whole.len());
        }
    }
}

#[test]
fn what_is_cut_is_called_truncated() {
    let whole = ct().file(Encoding::EXPLICIT_LE);
    // Inside the pixel data, its header, a value and the header of an element.
    for len in [
        whole.len() - 1,
        whole.len() - 513,
        whole.len() - 520,
        600,
        601,
    ] {
        assert_eq!(reason(&whole[..len]), "truncated", "cut at {len}");
    }
}

#[test]
fn trailing_padding_is_dropped_and_counted() {
    for encoding in ENCODINGS {
        for len in [1, 2, 7, 8, 9, 100, 5000] {
            let padded = [ct().file(encoding), vec![0; len]].concat();
            assert_eq!(said(&padded), expected(), "{len} zeros, {encoding:?}");
            let out = clean(&padded).unwrap();
            assert_eq!(out.verified.counts().trailing_bytes, len as u64);
        }
    }
}

#[test]
fn data_set_trailing_padding_is_an_element_and_goes() {
    for encoding in ENCODINGS {
        let token = b"Hidden^Harriet";
        let file = ct().with(raw(0xFFFC_FFFC, Vr::OB, token)).file(encoding);
        assert_eq!(said(&file), expected());
        assert!(!holds(&clean(&file).unwrap().bytes, token));
    }
}

#[test]
fn garbage_behind_the_pixel_data_is_dropped() {
    let le = Encoding::EXPLICIT_LE;
    for garbage in [
        &b"Hidden^Harriet, born 1961-02-03"[..],
        b"\xFE\xFF\x0D\xE0\0\0\0\0Hidden^Harriet",
        b"\xFE\xFF\xDD\xE0\0\0\0\0Hidden^Harriet",
        b"\xFF\xFF\xFF\xFFHidden^Harriet",
        b"%PDF-1.7 Hidden^Harriet",
        b"PK\x03\x04Hidden^Harriet",
    ] {
        let file = [ct().file(le), garbage.to_vec()].concat();
        let out = clean(&file).unwrap_or_else(|e| panic!("{e}: {garbage:?}"));
        assert!(!holds(&out.bytes, b"Harriet"));
        assert_eq!(out.bytes, clean(&ct().file(le)).unwrap().bytes);
    }
}

#[test]
fn elements_behind_the_pixel_data_are_cleaned_like_any() {
    for encoding in ENCODINGS {
        let more = [
            text(0x0010_1040, Vr::LO, "Hidden^Harriet"),
            text(0x0010_4000, Vr::LT, "Hidden^Harriet came late"),
            text(0x7FE1_0010, Vr::LO, "HARRIET"),
            text(0x7FE1_1010, Vr::LO, "Hidden^Harriet"),
        ];
        let file = [ct().file(encoding), bytes_of(&more, encoding)].concat();
        match clean(&file) {
            Ok(out) => assert!(!holds(&out.bytes.to_ascii_uppercase(), b"HARRIET")),
            Err(refusal) => panic!("{refusal}"),
        }
    }
}

#[test]
fn bytes_that_mean_nothing_come_out_as_zeros() {
    // Reserved bytes of long headers and lengths of delimiters: room for a name in pieces.
    for encoding in [Encoding::EXPLICIT_LE, Encoding::EXPLICIT_BE] {
        let region = code("39607008", "SCT", "Lung");
        let plain = ct()
            .with(nested(0x0008_2218, Vr::SQ, &[&region, &region], false))
            .file(encoding);
        let mut file = plain.clone();
        let marks = [
            bytes_of(&[nested(0x0008_2218, Vr::SQ, &[], false)], encoding)[..8].to_vec(),
            [encoding.put_u16(0xFFFE), encoding.put_u16(0xE00D)].concat(),
            [encoding.put_u16(0xFFFE), encoding.put_u16(0xE0DD)].concat(),
            [&[0xE0, 0x7F, 0x10, 0x00][..], b"OW"].concat(),
            [&[0x7F, 0xE0, 0x00, 0x10][..], b"OW"].concat(),
        ];
        let mut changed = 0;
        for mark in marks {
            let found: Vec<usize> = memchr::memmem::find_iter(&plain, &mark).collect();
            for at in found {
                let (place, piece) = match mark.len() {
                    8 => (at + 6, &b"HA"[..]),
                    6 => (at + 6, &b"RR"[..]),
                    _ => (at + 4, &b"IET^"[..]),
                };
                file[place..place + piece.len()].copy_from_slice(piece);
                changed += 1;
            }
        }
        assert_eq!(
            changed, 5,
            "a sequence, two items' ends, its own, the samples"
        );
        assert_eq!(clean(&file).unwrap().bytes, clean(&plain).unwrap().bytes);
    }
}

#[test]
fn garbage_without_pixel_data_before_it_is_withheld() {
    let report = ct()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.88.11"))
        .without(0x7FE0_0010);
    let garbage = b"Hidden^Harriet, born 1961-02-03";
    let file = [report.file(Encoding::EXPLICIT_LE), garbage.to_vec()].concat();
    assert!(matches!(&*reason(&file), "malformed" | "truncated"));
}

#[test]
fn a_whole_second_file_behind_the_first_is_not_written() {
    let first = ct().file(Encoding::EXPLICIT_LE);
    let second = ct()
        .with(text(0x0010_0010, Vr::PN, "Hidden^Harriet"))
        .file(Encoding::EXPLICIT_LE);
    let both = [first.clone(), second].concat();
    let out = clean(&both).unwrap().bytes;
    assert_eq!(out, clean(&first).unwrap().bytes);
}

#[test]
fn a_claimed_length_beyond_the_file_reserves_nothing() {
    let le = Encoding::EXPLICIT_LE;
    for encoding in [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE] {
        for vr in [Vr::OB, Vr::OW, Vr::UN, Vr::UT, Vr::SQ, Vr::UC, Vr::UR] {
            for len in [0x7FFF_FFFE, 0xFFFF_FFFE, 0xFFFF_FFF0] {
                let mut file = ct().without(0x7FE0_0010).file(encoding);
                samar::dicom::encode::header(&mut file, encoding, Tag(0x7FDF_1010), vr, len);
                assert_eq!(reason(&file), "truncated", "{encoding:?} {vr} {len:X}");
            }
        }
    }
    let mut meta = vec![0; 128];
    meta.extend(b"DICM");
    samar::dicom::encode::header(&mut meta, le, Tag(0x0002_0001), Vr::OB, 0xFFFF_FFF0);
    assert_eq!(reason(&meta), "truncated");
}

#[test]
fn deep_nesting_stops_at_the_limit() {
    for defined in [true, false] {
        let nest = |depth: usize| {
            let mut node = code("39607008", "SCT", "Lung");
            for _ in 0..depth {
                node = vec![nested(0x0008_2218, Vr::SQ, &[&node], defined)];
            }
            ct().with(node.remove(0)).file(Encoding::EXPLICIT_LE)
        };
        assert!(read(&nest(64)).is_ok());
        assert_eq!(reason(&nest(65)), "limit");
        assert_eq!(reason(&nest(300)), "limit");
    }
    // Without ends, as a bomb writes them.
    let mut bomb = ct().without(0x7FE0_0010).file(Encoding::EXPLICIT_LE);
    for _ in 0..100_000 {
        bomb.extend(b"\x29\0\x10\x10SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF");
    }
    assert_eq!(reason(&bomb), "limit");
}
