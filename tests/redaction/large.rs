//! Native pixel data that is left in the source and blanked as it is copied.

use samar::dicom::{Encoding, Part, Vr};

use crate::build::{holds, open, raw, value};
use crate::shape::{GREY, Shape};
use crate::{ENCODINGS, PIXEL_DATA, blanking, pixel_data, written};

const RECT: [usize; 4] = [2, 1, 5, 3];

#[test]
fn large_images_are_blanked_as_they_are_copied() {
    let large = Shape {
        rows: 301,
        columns: 303,
        ..GREY
    };
    let rect = [11, 17, 101, 203];
    let deidentifier = blanking(11, 17, 101, 203);
    for shape in [
        large,
        large.bits(1, 1),
        large.bits(16, 12),
        large.colour("RGB"),
        Shape {
            planar: true,
            ..large.colour("RGB")
        },
    ] {
        // Just above what is held in memory.
        let bits = u64::from(shape.rows)
            * u64::from(shape.columns)
            * u64::from(shape.samples * shape.allocated);
        let frames = ((4 << 20) * 8 / bits + 1) as u16;
        let shape = Shape { frames, ..shape };
        // Millions of single bits are looked at in one encoding.
        let encodings = if shape.allocated == 1 {
            &ENCODINGS[2..]
        } else {
            &ENCODINGS[1..]
        };
        let picture = shape.picture();
        let fill = [0, 0, 0];
        let expected = shape.filled(&picture, rect, &fill);
        for &encoding in encodings {
            let file = shape.image(&picture, Vr::OW, encoding).file(encoding);
            let out = written(&deidentifier, &file);
            let rewritten = |part: &Part| matches!(part, Part::Rewritten { .. });
            assert!(out.verified.parts().iter().any(rewritten));
            let found = shape.read(&out.bytes, Vr::OW, encoding);
            assert!(found == expected, "{shape:?} {encoding:?}");
        }
        if shape.samples == 3 || shape.allocated == 1 {
            continue;
        }
        let file = shape
            .image(&picture, Vr::OW, Encoding::EXPLICIT_LE)
            .deflated();
        let out = written(&deidentifier, &file);
        let found = shape.unpack(&pixel_data(&out.bytes), Vr::OW, Encoding::EXPLICIT_LE);
        assert!(found == expected, "{shape:?} deflated");
    }
}

#[test]
fn a_rewritten_image_reads_the_same_from_any_byte() {
    let shape = Shape {
        rows: 301,
        columns: 303,
        frames: 24,
        ..GREY.bits(16, 12)
    };
    let mut picture = shape.picture();
    picture[5] |= 0xF000;
    let source = samar::dicom::Source::Memory(
        shape
            .image(&picture, Vr::OW, Encoding::EXPLICIT_BE)
            .file(Encoding::EXPLICIT_BE),
    );
    let deidentifier = blanking(11, 17, 101, 203);
    let verified = samar::run::process(
        &deidentifier,
        &source,
        &mut samar::dicom::Scratch::default(),
        &samar::dicom::NoRoom,
    )
    .unwrap();
    let backing = verified.backing(&source);
    let part = verified
        .parts()
        .iter()
        .find(|p| matches!(p, Part::Rewritten { .. }))
        .unwrap();
    let mut whole = vec![0; part.len() as usize];
    backing.read_at(part, 0, &mut whole).unwrap();
    let places = [0, 1, 9, 11, 4095, 99_999, whole.len() - 3, whole.len() - 1];
    for start in places {
        for len in [1, 2, 3, 700, 65_537] {
            let mut piece = vec![0; len];
            let n = backing.read_at(part, start as u64, &mut piece).unwrap();
            assert_eq!(n, len.min(whole.len() - start));
            assert!(
                piece[..n] == whole[start..start + n],
                "{len} bytes from {start}"
            );
        }
    }
}

#[test]
fn bytes_behind_a_blanked_image_are_cut_off() {
    for rows in [7, 2000] {
        let shape = Shape {
            rows,
            columns: 201,
            ..GREY
        };
        let picture = shape.picture();
        let mut bytes = shape.pack(&picture, Vr::OW, Encoding::EXPLICIT_LE);
        let len = bytes.len();
        bytes.extend(b"ZYXQUILL^Anna ");
        let file = shape
            .header()
            .with(raw(PIXEL_DATA, Vr::OW, &bytes))
            .file(Encoding::EXPLICIT_LE);
        let out = written(&blanking(2, 1, 5, 3), &file);
        let found = pixel_data(&out.bytes);
        assert_eq!(found.len(), len);
        assert!(!holds(&out.bytes, b"ZYXQUILL"));
        let expected = shape.filled(&picture, RECT, &[0]);
        assert!(shape.unpack(&found, Vr::OW, Encoding::EXPLICIT_LE) == expected);
        assert_eq!(out.verified.counts().trailing_bytes, 14);
        assert_eq!(value(&open(&out.bytes), 0x0028_0301).as_deref(), Some("NO"));
    }
}
