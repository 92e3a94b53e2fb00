//! What is encoded decodes again.

mod damage;

use super::*;
use crate::pixel::picture::Picture;

/// A small generator of numbers, the same in each run (xorshift).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }
}

/// A picture with smooth, noisy and extreme parts.
fn picture(
    seeded: &mut Seeded,
    (rows, columns): (u32, u32),
    components: usize,
    precision: u8,
    point_transform: u8,
) -> Picture {
    let full = (1u64 << precision) - 1;
    let keep = !((1u64 << point_transform) - 1);
    let kind = seeded.below(4);
    let samples = (0..u64::from(rows) * u64::from(columns) * components as u64)
        .map(|at| {
            let value = match kind {
                0 => at * 3 / 2 + seeded.below(3),
                1 => seeded.next(),
                2 => full * seeded.below(2),
                _ => full / 2,
            };
            (value & full & keep) as u16
        })
        .collect();
    Picture {
        rows,
        columns,
        components,
        precision,
        signed: false,
        samples,
    }
}

fn scan(indices: std::ops::Range<usize>, predictor: u8) -> Scan {
    let components = indices.map(|index| ScanComponent {
        index,
        table: index as u8,
    });
    Scan {
        components: components.collect(),
        predictor,
        point_transform: 0,
        restart_rows: 0,
    }
}

fn parameters(scans: Vec<Scan>, components: usize) -> Parameters {
    Parameters {
        component_ids: (1..=components as u8).collect(),
        scans,
        jfif: false,
        adobe_transform: None,
    }
}

fn grey(predictor: u8) -> Parameters {
    parameters(vec![scan(0..1, predictor)], 1)
}

fn round_trip(picture: &Picture, parameters: &Parameters) {
    let stream = encode(picture, parameters).unwrap();
    let (decoded, read) = decode(&stream, picture.rows, picture.columns).unwrap();
    assert!(decoded == *picture, "{picture:?} {parameters:?}");
    assert_eq!(read, *parameters);
    assert_eq!(encode(&decoded, &read).unwrap(), stream);
}

const SIZES: [(u32, u32); 7] = [(1, 1), (1, 9), (9, 1), (2, 2), (7, 13), (16, 16), (33, 5)];

#[test]
fn what_is_encoded_decodes_to_the_same() {
    let mut seeded = Seeded(1);
    for predictor in 1..=7 {
        for precision in 2..=16 {
            for components in 1..=4 {
                for size in SIZES {
                    let mut scan = scan(0..components, predictor);
                    scan.point_transform = seeded.below(u64::from(precision)) as u8;
                    scan.restart_rows = seeded.below(12) as u32;
                    let picture = picture(
                        &mut seeded,
                        size,
                        components,
                        precision,
                        scan.point_transform,
                    );
                    round_trip(&picture, &parameters(vec![scan], components));
                }
            }
        }
    }
}

#[test]
fn each_scan_has_its_own_ways() {
    let mut seeded = Seeded(2);
    for size in SIZES {
        let mut picture = picture(&mut seeded, size, 3, 12, 0);
        for pixel in picture.samples.chunks_mut(3) {
            pixel[1] &= !7;
        }
        let mut scans = vec![scan(1..2, 6), scan(0..1, 2), scan(2..3, 5)];
        scans[0].point_transform = 3;
        scans[1].restart_rows = 2;
        scans[2].components[0].table = 0;
        let mut parameters = parameters(scans, 3);
        parameters.component_ids = b"RGB".to_vec();
        parameters.adobe_transform = Some(0);
        round_trip(&picture, &parameters);

        let pair = Scan {
            components: vec![
                ScanComponent { index: 0, table: 3 },
                ScanComponent { index: 2, table: 3 },
            ],
            ..scan(0..1, 4)
        };
        parameters.scans = vec![scan(1..2, 7), pair];
        parameters.jfif = true;
        parameters.adobe_transform = Some(2);
        round_trip(&picture, &parameters);
    }
}

#[test]
fn the_largest_difference_has_a_code_of_its_own() {
    let mut picture = picture(&mut Seeded(3), (4, 4), 1, 16, 0);
    for (at, sample) in picture.samples.iter_mut().enumerate() {
        *sample = if at % 2 == 0 { 0 } else { 1 << 15 };
    }
    for predictor in 1..=7 {
        round_trip(&picture, &grey(predictor));
    }
}

#[test]
fn a_point_transform_masks_what_does_not_fit_it() {
    let mut picture = picture(&mut Seeded(4), (5, 5), 1, 8, 0);
    let mut parameters = grey(1);
    parameters.scans[0].point_transform = 3;
    let stream = encode(&picture, &parameters).unwrap();
    picture.samples.iter_mut().for_each(|sample| *sample &= !7);
    assert!(decode(&stream, 5, 5).unwrap().0 == picture);
}

/// A stream written by hand: 2 x 2 pixels of 8 bits (128, 129, 127, 128), predictor 1.
///
/// Differences 0, 1, -1, 1 with the codes 0 (category 0) and 10 (category 1): 0 101 100 101, padded with ones.
const BY_HAND: [u8; 44] = [
    0xFF, 0xD8, // SOI
    0xFF, 0xC3, 0, 11, 8, 0, 2, 0, 2, 1, 1, 0x11, 0, // SOF3
    0xFF, 0xC4, 0, 21, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, // DHT
    0xFF, 0xDA, 0, 8, 1, 1, // SOS, part
];
const BY_HAND_END: [u8; 8] = [0, 1, 0, 0, 0b0101_1001, 0b0111_1111, 0xFF, 0xD9];

fn by_hand() -> Vec<u8> {
    [&BY_HAND[..], &BY_HAND_END].concat()
}

#[test]
fn a_stream_written_by_hand_decodes_and_is_encoded_as_well() {
    let (decoded, parameters) = decode(&by_hand(), 2, 2).unwrap();
    assert_eq!(decoded.samples, [128, 129, 127, 128]);
    assert_eq!(parameters, grey(1));
    // The more frequent category gets the shorter code: 10 01 00 01.
    let stream = by_hand();
    let expected = [
        &stream[..36],
        &[1, 0],
        &stream[38..48],
        &[0b1001_0001, 0xFF, 0xD9],
    ]
    .concat();
    assert_eq!(encode(&decoded, &parameters).unwrap(), expected);
}

#[test]
fn parameters_that_do_not_fit_the_picture_are_refused() {
    let good = picture(&mut Seeded(7), (3, 4), 2, 8, 0);
    let shape = parameters(vec![scan(0..2, 1)], 2);
    round_trip(&good, &shape);
    let refused = |picture: &Picture, parameters: &Parameters| encode(picture, parameters).is_err();

    let change = |change: fn(&mut Parameters)| {
        let mut changed = shape.clone();
        change(&mut changed);
        refused(&good, &changed)
    };
    assert!(change(|p| p.scans.clear()));
    assert!(change(|p| p.scans.push(scan(0..1, 1))));
    assert!(change(|p| p.scans[0].components.reverse()));
    assert!(change(|p| p.scans[0].components[0].table = 4));
    assert!(change(|p| p.scans[0].predictor = 0));
    assert!(change(|p| p.scans[0].point_transform = 8));
    assert!(change(|p| p.scans[0].restart_rows = 20_000));
    assert!(change(|p| p.component_ids.truncate(1)));

    let change = |change: fn(&mut Picture)| {
        let mut changed = good.clone();
        change(&mut changed);
        refused(&changed, &shape)
    };
    assert!(change(|p| p.samples[5] = 256));
    assert!(change(|p| p.rows = 4));
    assert!(change(|p| p.components = 0));
    assert!(change(|p| p.precision = 17));
    assert!(change(|p| {
        p.rows = 0;
        p.samples.clear();
    }));
}
