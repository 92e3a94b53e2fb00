//! Bits of a sample that are not its value, with regions to blank and without.

use samar::dicom::{Encoding, Vr};

use crate::build::{BASIC, words};
use crate::shape::{GREY, Shape};
use crate::{ENCODINGS, blanking, pixel_data, written};

/// Checks what remains of single samples, in memory and left in the source.
#[track_caller]
fn check(shape: Shape, cases: &[(u64, u64)]) {
    for rows in [shape.rows, 600] {
        let shape = Shape {
            rows,
            columns: 301,
            ..shape
        };
        let mut picture = shape.picture();
        let mut expected = picture.clone();
        for (n, (before, after)) in cases.iter().enumerate() {
            let at = picture.len() / 2 + n * 3;
            picture[at] = *before;
            expected[at] = *after;
        }
        for encoding in ENCODINGS {
            let file = shape.image(&picture, Vr::OW, encoding).file(encoding);
            let out = written(&BASIC, &file);
            let found = shape.read(&out.bytes, Vr::OW, encoding);
            assert!(found == expected, "{shape:?} {encoding:?}");
            let done = out.verified.redacted();
            assert!(done.cleared_bits && !done.is_blanked());

            let out = written(&blanking(0, 0, 301, 1), &file);
            let found = shape.read(&out.bytes, Vr::OW, encoding);
            let lowest = if shape.signed {
                shape.extended(1 << (shape.stored - 1))
            } else {
                0
            };
            let blank = shape.filled(&expected, [0, 0, 301, 1], &[lowest]);
            assert!(found == blank, "{shape:?} {encoding:?}");
            assert!(out.verified.redacted().cleared_bits);
        }
    }
}

#[test]
fn bits_above_the_high_bit_are_cleared() {
    check(
        GREY.bits(16, 12),
        &[(0xF123, 0x0123), (0x1000, 0), (0x8FFF, 0x0FFF)],
    );
    check(GREY.bits(32, 20), &[(0xFFF0_0001, 1), (0x0010_0000, 0)]);
    check(GREY.bits(8, 6), &[(0x41, 0x01), (0xFF, 0x3F)]);
}

#[test]
fn a_sign_is_repeated_by_all_negative_samples_or_by_none() {
    let shape = Shape {
        signed: true,
        ..GREY.bits(16, 12)
    };
    // Negative samples that repeat their sign beside such as do not would be a picture of their own.
    check(
        shape,
        &[
            (0x1123, 0x0123),
            (0x9800, 0xF800),
            (0x0800, 0xF800),
            (0xF801, 0xF801),
        ],
    );
}

#[test]
fn bits_below_the_lowest_stored_one_are_cleared() {
    let shape = Shape {
        high: 15,
        ..GREY.bits(16, 12)
    };
    let picture: Vec<u64> = shape.picture().iter().map(|value| value << 4 | 5).collect();
    let expected: Vec<u64> = picture.iter().map(|value| value & 0xFFF0).collect();
    let file = shape
        .image(&picture, Vr::OW, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    let out = pixel_data(&written(&BASIC, &file).bytes);
    assert!(shape.unpack(&out, Vr::OW, Encoding::EXPLICIT_LE) == expected);
}

#[test]
fn what_is_black_is_black_where_the_samples_are_stored_high() {
    let shape = Shape {
        high: 15,
        photometric: "MONOCHROME1",
        ..GREY.bits(16, 12)
    };
    let picture: Vec<u64> = shape.picture().iter().map(|value| value << 4).collect();
    let expected = shape.filled(&picture, [2, 1, 5, 3], &[0xFFF0]);
    let file = shape
        .image(&picture, Vr::OW, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    let out = pixel_data(&written(&blanking(2, 1, 5, 3), &file).bytes);
    assert!(shape.unpack(&out, Vr::OW, Encoding::EXPLICIT_LE) == expected);
}

#[test]
fn an_overlay_in_unused_bits_goes_with_its_attributes() {
    let shape = GREY.bits(16, 12);
    let clean = shape.picture();
    let with_overlay: Vec<u64> = clean
        .iter()
        .enumerate()
        .map(|(n, v)| v | (n as u64 % 2) << 14)
        .collect();
    for encoding in ENCODINGS {
        let file = shape
            .image(&with_overlay, Vr::OW, encoding)
            .with(words(0x6000_0010, Vr::US, &[shape.rows]))
            .with(words(0x6000_0011, Vr::US, &[shape.columns]))
            .with(words(0x6000_0100, Vr::US, &[16]))
            .with(words(0x6000_0102, Vr::US, &[14]))
            .file(encoding);
        let out = written(&BASIC, &file);
        let object = crate::build::open(&out.bytes);
        assert!(crate::build::value(&object, 0x6000_0102).is_none());
        let found = shape.read(&out.bytes, Vr::OW, encoding);
        assert!(found == clean, "{encoding:?}");
    }
}

#[test]
fn clean_samples_keep_their_bytes() {
    let shape = Shape {
        rows: 600,
        columns: 301,
        ..GREY.bits(16, 12)
    };
    let file = shape
        .image(&shape.picture(), Vr::OW, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    let out = written(&BASIC, &file);
    assert!(!out.verified.redacted().cleared_bits);
    let found = shape.read(&out.bytes, Vr::OW, Encoding::EXPLICIT_LE);
    assert!(found == shape.picture());
}
