//! Native pixel data: every layout.

use samar::dicom::{Encoding, Vr};

use crate::build::{open, raw, text, value_bytes, words};
use crate::shape::{GREY, Shape, ones};
use crate::{ENCODINGS, PIXEL_DATA, blanking, pixel_data, written};

const RECT: [usize; 4] = [2, 1, 5, 3];

/// Checks one image in every encoding and under every VR that it may have.
#[track_caller]
fn check(shape: Shape, fill: &[u64]) {
    let deidentifier = blanking(2, 1, 5, 3);
    let picture = shape.picture();
    let expected = shape.filled(&picture, RECT, fill);
    assert_ne!(picture, expected);
    for encoding in ENCODINGS {
        for vr in [Vr::OB, Vr::OW] {
            if vr == Vr::OB && (shape.allocated > 8 || !encoding.explicit) {
                continue;
            }
            let file = shape.image(&picture, vr, encoding).file(encoding);
            let out = written(&deidentifier, &file);
            let found = shape.read(&out.bytes, vr, encoding);
            assert!(found == expected, "{shape:?} {vr:?} {encoding:?}");
            let done = out.verified.redacted();
            assert_eq!((done.pixels, done.frames), (15, u32::from(shape.frames)));
            assert!(!done.cleared_bits && !done.recoded);
        }
    }
    let file = shape
        .image(&picture, Vr::OW, Encoding::EXPLICIT_LE)
        .deflated();
    let out = written(&deidentifier, &file);
    let found = shape.unpack(&pixel_data(&out.bytes), Vr::OW, Encoding::EXPLICIT_LE);
    assert!(found == expected, "{shape:?} deflated");
}

#[test]
fn samples_of_every_width_are_blanked() {
    for (allocated, stored) in [(8, 8), (16, 16), (16, 12), (32, 32), (32, 20)] {
        check(GREY.bits(allocated, stored), &[0]);
        let inverted = Shape {
            photometric: "MONOCHROME1",
            ..GREY
        };
        check(inverted.bits(allocated, stored), &[ones(stored)]);
    }
}

#[test]
fn signed_samples_are_filled_with_their_lowest_or_highest_value() {
    for (allocated, stored) in [(8, 8), (16, 16), (16, 12), (32, 32)] {
        let shape = Shape {
            signed: true,
            ..GREY.bits(allocated, stored)
        };
        let lowest = shape.extended(1 << (stored - 1));
        check(shape, &[lowest]);
        let inverted = Shape {
            photometric: "MONOCHROME1",
            ..shape
        };
        check(inverted, &[ones(stored - 1)]);
    }
}

#[test]
fn single_bits_are_blanked_across_the_borders_of_bytes_and_frames() {
    for frames in [1, 3] {
        let shape = Shape {
            frames,
            ..GREY.bits(1, 1)
        };
        check(shape, &[0]);
        check(
            Shape {
                photometric: "MONOCHROME1",
                ..shape
            },
            &[1],
        );
    }
}

#[test]
fn colours_are_blanked_by_pixel_and_by_plane() {
    for planar in [false, true] {
        for frames in [1, 3] {
            for allocated in [8, 16] {
                let shape = Shape {
                    planar,
                    frames,
                    ..GREY.bits(allocated, allocated)
                };
                check(shape.colour("RGB"), &[0, 0, 0]);
                let middle = 1 << (allocated - 1);
                check(shape.colour("YBR_FULL"), &[0, middle, middle]);
            }
        }
    }
}

#[test]
fn shared_chrominance_is_blanked_with_its_pixels() {
    // Columns 2 to 5 of rows 1 and 2, in pairs: Y Y Cb Cr.
    let shape = Shape {
        rows: 4,
        columns: 8,
        ..GREY
    }
    .colour("YBR_FULL_422");
    let bytes: Vec<u8> = (0..4 * 8 * 2).map(|n| n * 3 + 20).collect();
    let mut expected = bytes.clone();
    for row in 1..3 {
        for pair in 1..3 {
            let at = row * 16 + pair * 4;
            expected[at..at + 4].copy_from_slice(&[0, 0, 128, 128]);
        }
    }
    let file = |bytes: &[u8]| {
        let image = shape.header().with(raw(PIXEL_DATA, Vr::OB, bytes));
        image.file(Encoding::EXPLICIT_LE)
    };
    let deidentifier = blanking(2, 1, 4, 2);
    assert_eq!(
        pixel_data(&written(&deidentifier, &file(&bytes)).bytes),
        expected
    );

    // Some write every sample under that name: as long as more frames of the lawful form, and so not to be told.
    let bytes = shape.pack(&shape.picture(), Vr::OB, Encoding::EXPLICIT_LE);
    assert_eq!(
        crate::withheld(&deidentifier, &file(&bytes)),
        "pixel-geometry"
    );
}

#[test]
fn shared_chrominance_by_plane_is_no_layout_and_is_withheld() {
    let shape = Shape {
        rows: 4,
        columns: 8,
        planar: true,
        ..GREY
    }
    .colour("YBR_FULL_422");
    let file = shape
        .header()
        .with(raw(PIXEL_DATA, Vr::OB, &[9; 64]))
        .file(Encoding::EXPLICIT_LE);
    assert_eq!(
        crate::withheld(&blanking(2, 1, 4, 2), &file),
        "pixel-geometry"
    );
}

#[test]
fn a_palette_is_filled_with_its_darkest_colour() {
    let shape = Shape {
        photometric: "PALETTE COLOR",
        ..GREY
    };
    let channel = |darkest: usize| -> Vec<u16> {
        (0..256)
            .map(|n| {
                if n == darkest {
                    0x0100
                } else {
                    0x8000 + n as u16
                }
            })
            .collect()
    };
    let mut image = shape.image(&shape.picture(), Vr::OB, Encoding::EXPLICIT_LE);
    for n in 0..3 {
        image = image
            .with(words(0x0028_1101 + n, Vr::US, &[256, 0, 16]))
            .with(words(0x0028_1201 + n, Vr::OW, &channel(77)));
    }
    let deidentifier = blanking(2, 1, 5, 3);
    let expected = shape.filled(&shape.picture(), RECT, &[77]);
    let out = pixel_data(&written(&deidentifier, &image.file(Encoding::EXPLICIT_LE)).bytes);
    assert!(shape.unpack(&out, Vr::OB, Encoding::EXPLICIT_LE) == expected);

    let without = image.without(0x0028_1201).file(Encoding::EXPLICIT_LE);
    assert_eq!(
        crate::withheld(&deidentifier, &without),
        "photometric-interpretation"
    );
}

#[test]
fn the_darkest_colour_is_one_that_the_samples_can_name() {
    let shape = Shape {
        photometric: "PALETTE COLOR",
        ..GREY
    };
    let mut image = shape.image(&shape.picture(), Vr::OB, Encoding::EXPLICIT_LE);
    // The darkest entry, 300, is beyond eight bits.
    let channel: Vec<u16> = (0..400)
        .map(|n| {
            if n == 300 {
                0
            } else if n == 5 {
                9
            } else {
                900
            }
        })
        .collect();
    for n in 0..3 {
        image = image
            .with(words(0x0028_1101 + n, Vr::US, &[400, 0, 16]))
            .with(words(0x0028_1201 + n, Vr::OW, &channel));
    }
    let expected = shape.filled(&shape.picture(), RECT, &[5]);
    let out = written(&blanking(2, 1, 5, 3), &image.file(Encoding::EXPLICIT_LE));
    assert!(shape.unpack(&pixel_data(&out.bytes), Vr::OB, Encoding::EXPLICIT_LE) == expected);
}

#[test]
fn numbers_of_floating_point_become_zero() {
    for (tag, vr, bits) in [(0x7FE0_0008, Vr::OF, 32), (0x7FE0_0009, Vr::OD, 64)] {
        let shape = Shape {
            frames: 2,
            ..GREY.bits(bits, bits)
        };
        let picture = shape.picture();
        let expected = shape.filled(&picture, RECT, &[0]);
        for encoding in ENCODINGS {
            let bytes = shape.pack(&picture, vr, encoding);
            let file = shape
                .header()
                .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.30"))
                .without(0x0028_0101)
                .without(0x0028_0102)
                .without(0x0028_0103)
                .with(raw(tag, vr, &bytes))
                .file(encoding);
            let out = written(&blanking(2, 1, 5, 3), &file);
            let found = value_bytes(&open(&out.bytes), tag).unwrap();
            // The other reader gives numbers in the order of this machine.
            let order = Encoding::EXPLICIT_LE;
            assert!(
                shape.unpack(&found, vr, order) == expected,
                "{vr:?} {encoding:?}"
            );
        }
    }
}
