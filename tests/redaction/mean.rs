//! `fill: mean`.

use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Vr};

use crate::shape::{GREY, Shape, ones};
use crate::{ENCODINGS, pixel_data, rule, site, written};

const RECT: [usize; 4] = [2, 1, 5, 3];

fn mean() -> Deidentifier {
    site(&format!(
        "redaction: {{fill: mean}}\n{}",
        rule("text", "regions: [[2, 1, 5, 3]]")
    ))
}

/// The mean of each component of the first frame outside the region, rounded, as it is stored.
fn expected(shape: Shape, picture: &[u64]) -> Vec<u64> {
    let samples = usize::from(shape.samples);
    let frame = picture.len() / usize::from(shape.frames);
    let marked = shape.filled(&vec![0; picture.len()], RECT, &[1, 1, 1]);
    let below = u32::from(shape.high + 1 - shape.stored);
    let number = |sample: u64| {
        let value = i128::from(sample >> below & ones(shape.stored));
        let half = 1 << (shape.stored - 1);
        if shape.signed && value >= half {
            value - 2 * half
        } else {
            value
        }
    };
    let of = |component: usize| {
        let outside = (0..frame).filter(|n| n % samples == component && marked[*n] == 0);
        let values: Vec<i128> = outside.map(|n| number(picture[n])).collect();
        let count = values.len() as i128;
        let mean = (values.iter().sum::<i128>() + count / 2).div_euclid(count);
        (mean.cast_unsigned() as u64) << below & ones(shape.allocated)
    };
    (0..samples).map(of).collect()
}

#[test]
fn the_mean_of_what_stays_fills_the_regions() {
    let shifted = Shape {
        high: 15,
        ..GREY.bits(16, 12)
    };
    for shape in [
        GREY,
        Shape { frames: 3, ..GREY },
        GREY.bits(16, 12),
        shifted,
        Shape {
            signed: true,
            ..GREY.bits(16, 12)
        },
        Shape {
            signed: true,
            ..shifted
        },
        GREY.bits(32, 32),
        GREY.colour("RGB"),
        Shape {
            planar: true,
            ..GREY.bits(16, 16).colour("YBR_FULL")
        },
    ] {
        let below = shape.high + 1 - shape.stored;
        let picture: Vec<u64> = shape
            .picture()
            .iter()
            .map(|v| v << below & ones(shape.allocated))
            .collect();
        let fill = expected(shape, &picture);
        for encoding in ENCODINGS {
            let file = shape.image(&picture, Vr::OW, encoding).file(encoding);
            let found = shape.read(&written(&mean(), &file).bytes, Vr::OW, encoding);
            assert!(
                found == shape.filled(&picture, RECT, &fill),
                "{shape:?} {encoding:?}"
            );
        }
    }
}

#[test]
fn a_single_byte_counts_when_it_is_the_last_of_a_word() {
    // Of two samples the last one stays: its byte lies in front of the one that pads the word.
    let shape = Shape {
        rows: 1,
        columns: 3,
        ..GREY
    };
    let deidentifier = site(&format!(
        "redaction: {{fill: mean}}\n{}",
        rule("text", "regions: [[0, 0, 2, 1]]")
    ));
    let file = shape
        .image(&[1, 2, 200], Vr::OW, Encoding::EXPLICIT_BE)
        .file(Encoding::EXPLICIT_BE);
    let found = shape.read(
        &written(&deidentifier, &file).bytes,
        Vr::OW,
        Encoding::EXPLICIT_BE,
    );
    assert_eq!(found, [200, 200, 200]);
}

#[test]
fn where_nothing_stays_and_where_there_is_no_mean_black_will_do() {
    let whole = site(&format!(
        "redaction: {{fill: mean}}\n{}",
        rule("text", "regions: [[0, 0, 9, 7]]")
    ));
    let file = GREY
        .image(&GREY.picture(), Vr::OB, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    assert_eq!(pixel_data(&written(&whole, &file).bytes)[..63], [0; 63]);
    let bits = GREY.bits(1, 1);
    let file = bits
        .image(&[1; 63], Vr::OW, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    let found = bits.read(
        &written(&mean(), &file).bytes,
        Vr::OW,
        Encoding::EXPLICIT_LE,
    );
    assert_eq!(found, bits.filled(&[1; 63], RECT, &[0]));
}
