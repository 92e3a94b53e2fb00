//! Blanking JPEG frames in the DCT domain, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod stream;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use samar::pixel::codec::error::CodecError;
use samar::pixel::codec::jpeg_dct::{self, blank, check, describe, mean};
use samar::pixel::mask::{Mask, Rect};
use stream::{Seed, Shape, Words};

fn mask_of(rows: u32, columns: u32, rects: &[[u32; 4]]) -> Mask {
    let rects = rects.iter().map(|&[x, y, width, height]| Rect {
        y,
        x,
        width,
        height,
    });
    Mask::new(rows, columns, &rects.collect::<Vec<_>>())
}

fn masked(mask: &Mask, x: u32, y: u32) -> bool {
    mask.runs(y).iter().any(|run| run.contains(&x))
}

/// A picture with something to see in each block.
fn picture(columns: u16, rows: u16, components: usize) -> Vec<u8> {
    let mut seed = Seed(7);
    let pixels =
        (0..usize::from(rows)).flat_map(|y| (0..usize::from(columns)).map(move |x| (x, y)));
    pixels
        .flat_map(|(x, y)| (0..components).map(move |c| (x * (3 + c) + y * 2) as u8 / 2 + 40))
        .map(|value| value + seed.below(40) as u8)
        .collect()
}

struct Made {
    color: ColorType,
    sampling: SamplingFactor,
    restart: u16,
    optimized: bool,
    quality: u8,
}

fn encode(columns: u16, rows: u16, made: &Made) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, made.quality);
    encoder.set_sampling_factor(made.sampling);
    encoder.set_optimized_huffman_tables(made.optimized);
    if made.restart > 0 {
        encoder.set_restart_interval(made.restart);
    }
    let components = if made.color == ColorType::Luma { 1 } else { 3 };
    encoder
        .encode(
            &picture(columns, rows, components),
            columns,
            rows,
            made.color,
        )
        .unwrap();
    out
}

fn simple() -> Vec<u8> {
    let made = Made {
        color: ColorType::Luma,
        sampling: SamplingFactor::F_1_1,
        restart: 2,
        optimized: false,
        quality: 80,
    };
    encode(30, 21, &made)
}

fn decode(stream: &[u8]) -> Vec<u8> {
    jpeg_decoder::Decoder::new(stream).decode().unwrap()
}

#[test]
fn what_a_decoder_shows_outside_the_blocks_stays_and_inside_is_gone() {
    for (columns, rows) in [(64, 48), (61, 37), (8, 8), (1, 1), (17, 100)] {
        for color in [ColorType::Luma, ColorType::Rgb] {
            for (restart, optimized, quality) in [
                (0, false, 90),
                (3, false, 30),
                (0, true, 90),
                (0, true, 100),
                (5, false, 100),
            ] {
                let sampling = SamplingFactor::F_1_1;
                let made = Made {
                    color,
                    sampling,
                    restart,
                    optimized,
                    quality,
                };
                let original = encode(columns, rows, &made);
                let (w, h) = (u32::from(columns), u32::from(rows));
                let mask = mask_of(h, w, &[[w / 3, h / 3, 9, 5], [w - 1, 0, 1, 1]]);
                let written = blank(&original, &mask, [0, 128, 128, 0]).unwrap();
                check(&original, &written, &mask, [0, 128, 128, 0]).unwrap();
                let (before, after) = (decode(&original), decode(&written));
                let components = if color == ColorType::Luma { 1 } else { 3 };
                for y in 0..h {
                    for x in 0..w {
                        let (left, top) = (x / 8 * 8, y / 8 * 8);
                        let touched = mask.touches(top..top + 8, left..left + 8);
                        let at = (y * w + x) as usize * components;
                        let expected = if touched {
                            &[0; 3][..components]
                        } else {
                            &before[at..at + components]
                        };
                        assert_eq!(&after[at..at + components], expected, "{x} {y}");
                    }
                }
            }
        }
    }
}

#[test]
fn subsampled_colour_is_black_where_masked() {
    for sampling in [
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_4_0,
        SamplingFactor::R_4_1_1,
    ] {
        for optimized in [false, true] {
            let made = Made {
                color: ColorType::Rgb,
                sampling,
                restart: if optimized { 0 } else { 2 },
                optimized,
                quality: 85,
            };
            let original = encode(75, 51, &made);
            let mask = mask_of(51, 75, &[[0, 0, 75, 20]]);
            let written = blank(&original, &mask, [0, 128, 128, 0]).unwrap();
            check(&original, &written, &mask, [0, 128, 128, 0]).unwrap();
            let (before, after) = (decode(&original), decode(&written));
            assert!(after[..75 * 3 * 16].iter().all(|&sample| sample == 0));
            assert_eq!(before[75 * 3 * 34..], after[75 * 3 * 34..]);
        }
    }
}

fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    let together = |n: usize| vec![((0..n).collect::<Vec<_>>(), 0)];
    let alone = |n: usize| (0..n).map(|c| (vec![c], c as u16 * 3)).collect::<Vec<_>>();
    let factors: [&[(u32, u32)]; 11] = [
        &[(1, 1)],
        &[(2, 2)],
        &[(2, 2), (1, 1), (1, 1)],
        &[(4, 1), (1, 1), (1, 1)],
        &[(3, 2), (2, 1), (1, 1)],
        &[(1, 1), (2, 1), (1, 2)],
        &[(1, 3), (1, 2)],
        &[(4, 1), (3, 1)],
        &[(1, 3), (1, 4)],
        &[(1, 1), (1, 1), (1, 1), (1, 1)],
        &[(2, 1), (1, 1), (1, 1), (2, 1)],
    ];
    for (at, factors) in factors.iter().enumerate() {
        let n = factors.len();
        let mut plans = vec![together(n), alone(n), vec![((0..n).collect(), 2)]];
        if n == 3 {
            plans.push(vec![(vec![1], 4), (vec![0, 2], 1)]);
        }
        for scans in plans {
            for (words, dense) in [
                (Words::Flat, false),
                (Words::Full, true),
                (Words::Full, false),
                (Words::Flat, true),
            ] {
                shapes.push(Shape {
                    columns: 29 + at as u32 * 3,
                    rows: 43 - at as u32,
                    precision: if at % 2 == 0 { 12 } else { 8 },
                    factors: factors.to_vec(),
                    scans: scans.clone(),
                    words,
                    dense,
                    wide_quantisation: dense,
                    shared_tables: at % 3 != 0,
                });
            }
        }
    }
    shapes
}

#[test]
fn keeps_every_coefficient_outside_and_none_inside() {
    let mut seed = Seed(3);
    let (mut kept, mut blanked) = (0, 0);
    for shape in shapes() {
        let before = stream::arbitrary(&shape, &mut seed);
        let original = stream::write(&shape, &before);
        assert_eq!(stream::read(&original, &shape), before);
        let max = (1u16 << shape.precision) - 1;
        let rect = [
            seed.below(20) as u32,
            seed.below(20) as u32,
            1 + seed.below(12) as u32,
            1 + seed.below(9) as u32,
        ];
        let corner = [shape.columns - 1, shape.rows - 1, 1, 1];
        let everything = [0, 0, shape.columns, shape.rows];
        // Samples that cover a third of a pixel less or more.
        let fraction = [10, 10, 1, 1];
        for rects in [
            &[][..],
            &[rect],
            &[corner, rect],
            &[fraction],
            &[everything],
        ] {
            let mask = mask_of(shape.rows, shape.columns, rects);
            let fill = [[0, 0, 0, 0], [max, max / 2, max / 3, 5]][rects.len() % 2];
            let written = blank(&original, &mask, fill).unwrap();
            check(&original, &written, &mask, fill).unwrap();
            assert_eq!(written, blank(&written, &mask, fill).unwrap(), "again");
            let after = stream::read(&written, &shape);
            for (&at, block) in &before {
                let found = after[&at];
                if !shape.touched(&|x, y| masked(&mask, x, y), at) {
                    assert_eq!(*block, found, "{shape:?} {at:?}");
                    kept += 1;
                    continue;
                }
                let step = (3 + if at.0 > 0 { 20 } else { 0 })
                    * if shape.wide_quantisation { 9 } else { 1 };
                let half = 1 << (shape.precision - 1);
                let shown = (f64::from(found[0] * step) / 8.0 + f64::from(half))
                    .clamp(0.0, f64::from(max) + 0.5);
                let wrong = (shown.round().min(f64::from(max)) - f64::from(fill[at.0])).abs();
                let extreme = fill[at.0] == 0 || fill[at.0] == max;
                assert!(
                    wrong
                        <= if extreme {
                            0.0
                        } else {
                            f64::from(step) / 16.0 + 0.5
                        },
                    "{shown}"
                );
                assert!(found[1..].iter().all(|&ac| ac == 0));
                blanked += 1;
            }
        }
    }
    assert!(kept > 1000 && blanked > 1000);
}

#[test]
fn check_finds_what_differs() {
    let mut seed = Seed(11);
    for shape in shapes()
        .into_iter()
        .filter(|shape| shape.words == Words::Flat)
    {
        let original = stream::write(&shape, &stream::arbitrary(&shape, &mut seed));
        let mask = mask_of(shape.rows, shape.columns, &[[9, 9, 3, 3]]);
        let more = mask_of(shape.rows, shape.columns, &[[9, 9, 16, 3]]);
        let none = mask_of(shape.rows, shape.columns, &[]);
        let written = blank(&original, &mask, [0; 4]).unwrap();
        let differs = |written: &[u8], mask: &Mask, fill| {
            matches!(
                check(&original, written, mask, fill),
                Err(CodecError::Differs(_))
            )
        };
        assert!(differs(&original, &mask, [0; 4]));
        assert!(differs(&written, &none, [0; 4]));
        assert!(differs(&written, &mask, [200; 4]));
        assert!(
            shape.factors.len() > 1
                || differs(&written, &more, [0; 4])
                || shape.factors[0] != (1, 1)
        );
        let blocks = stream::read(&written, &shape);
        assert_eq!(
            check(&original, &stream::write(&shape, &blocks), &mask, [0; 4]),
            Ok(())
        );
        let touched = |at: &(usize, u32, u32)| shape.touched(&|x, y| masked(&mask, x, y), *at);
        let inside: Vec<_> = blocks.keys().copied().filter(touched).collect();
        let outside: Vec<_> = blocks.keys().copied().filter(|at| !touched(at)).collect();
        for places in [inside, outside] {
            for coefficient in [0, 1, 35, 63] {
                let mut other = blocks.clone();
                let Some(&at) = places.get(seed.below(1.max(places.len() as u64)) as usize) else {
                    continue;
                };
                other.get_mut(&at).unwrap()[coefficient] += 1;
                // A component that has one block blanked has no other to differ from, and its fill may still be black.
                let lone = coefficient == 0 && touched(&at);
                assert!(
                    lone || differs(&stream::write(&shape, &other), &mask, [0; 4]),
                    "{at:?}"
                );
            }
        }
        let mut longer = written.clone();
        longer.push(0);
        assert!(differs(&longer, &mask, [0; 4]));
        longer = written.clone();
        longer.splice(2..2, *b"\xFF\xFE\x00\x04hi");
        assert!(differs(&longer, &mask, [0; 4]));
        // Another step of quantisation makes other pixels of the same coefficients.
        longer = written;
        longer[20] += 1;
        assert!(differs(&longer, &mask, [0; 4]));
    }
}

#[test]
fn drops_what_does_not_bear_on_the_image() {
    let original = simple();
    let mask = mask_of(21, 30, &[]);
    let plain = blank(&original, &mask, [0; 4]).unwrap();
    assert_eq!(plain, original);
    let mut dirty = original.clone();
    let scan = dirty
        .windows(2)
        .position(|pair| pair == [0xFF, 0xDA])
        .unwrap();
    dirty.splice(
        scan..scan,
        *b"\xFF\xFF\xFE\x00\x06NAME\xFF\xED\x00\x06NAME\xFF\xEE\x00\x0DAdobe\0\0NAME",
    );
    dirty.splice(
        2..2,
        *b"\xFF\xE1\x00\x08Exif\0\0\xFF\xE0\x00\x11JFIF\0\x01\x01\0\0\x01\0\x01\0\0N",
    );
    dirty.extend(b"\0NAME");
    assert_eq!(blank(&dirty, &mask, [0; 4]).unwrap(), original);
    for behind in [&b""[..], b"\0", b"\0\0", b"\xFF"] {
        let mut open = original[..original.len() - 2].to_vec();
        open.extend(behind);
        assert_eq!(blank(&open, &mask, [0; 4]).unwrap(), original);
    }
    let adobe = b"\xFF\xEE\x00\x0EAdobe\0\x64\0\0\0\0\x01";
    let mut late = original.clone();
    late.splice(original.len() - 2..original.len() - 2, *adobe);
    assert_eq!(blank(&late, &mask, [0; 4]).unwrap(), original);
    for at in [2, scan] {
        let mut coloured = original.clone();
        coloured.splice(at..at, *adobe);
        assert_eq!(blank(&coloured, &mask, [0; 4]).unwrap(), coloured);
    }
}

#[test]
fn refuses_what_is_damaged() {
    let original = simple();
    let mask = mask_of(21, 30, &[[3, 3, 4, 4]]);
    let refused =
        |stream: &[u8]| matches!(blank(stream, &mask, [0; 4]), Err(CodecError::Malformed(_)));
    for end in 0..original.len() - 2 {
        assert!(refused(&original[..end]), "{end}");
    }
    let marker = |name: u8| {
        original
            .windows(2)
            .position(|pair| pair == [0xFF, name])
            .unwrap()
    };
    let mut swapped = original.clone();
    swapped[marker(0xD1) + 1] = 0xD2;
    assert!(refused(&swapped));
    let mut missing = original.clone();
    missing.drain(marker(0xD1)..marker(0xD2));
    assert!(refused(&missing));
    let mut much = original.clone();
    much.splice(original.len() - 2..original.len() - 2, [0x12, 0x34]);
    assert!(refused(&much));
    for (rows, columns) in [(21, 31), (22, 30), (30, 21)] {
        let other = mask_of(rows, columns, &[]);
        assert!(blank(&original, &other, [0; 4]).is_err());
        assert!(mean(&original, &other).is_err());
        assert!(check(&original, &original, &other, [0; 4]).is_err());
    }
}

#[test]
fn names_the_processes_it_does_not_know() {
    let original = simple();
    let mask = mask_of(21, 30, &[]);
    let frame = original
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    for (marker, word) in [
        (0xC2, "progressive"),
        (0xC3, "lossless"),
        (0xC5, "hierarchical"),
        (0xC9, "arithmetic"),
        (0xDE, "hierarchical"),
    ] {
        let mut other = original.clone();
        other[frame + 1] = marker;
        let Err(error @ CodecError::Unsupported(_)) = blank(&other, &mask, [0; 4]) else {
            panic!("{marker:x}");
        };
        assert!(error.to_string().contains(word) && describe(&other) == Err(error));
    }
    let mut open = original.clone();
    (open[frame + 5], open[frame + 6]) = (0, 0);
    assert!(matches!(describe(&open), Err(CodecError::Unsupported(_))));
}

#[test]
fn describes_the_frame() {
    let made = Made {
        color: ColorType::Rgb,
        sampling: SamplingFactor::R_4_2_0,
        restart: 0,
        optimized: false,
        quality: 50,
    };
    let frame = describe(&encode(31, 17, &made)).unwrap();
    let factors: Vec<_> = frame
        .components
        .iter()
        .map(|c| (c.horizontal, c.vertical))
        .collect();
    assert_eq!((frame.columns, frame.rows, frame.precision), (31, 17, 8));
    assert_eq!(factors, [(2, 2), (1, 1), (1, 1)]);
}

#[test]
fn the_mean_is_that_of_what_stays() {
    let original = simple();
    let pixels = decode(&original);
    let mask = mask_of(21, 30, &[[0, 0, 30, 16], [24, 0, 6, 21]]);
    let rows = pixels.chunks(30).skip(16);
    let of_pixels: Vec<u32> = rows.flat_map(|row| &row[..24]).map(|&v| v.into()).collect();
    let expected = of_pixels.iter().sum::<u32>() / of_pixels.len() as u32;
    let found = mean(&original, &mask).unwrap();
    // The blocks reach three rows beyond the frame.
    assert!(
        u32::from(found[0]).abs_diff(expected) <= 8,
        "{found:?} {expected}"
    );
    let dark = blank(&original, &mask, [9, 0, 0, 0]).unwrap();
    assert_eq!(mean(&dark, &mask), Ok(found));
    assert_eq!(
        mean(&original, &mask_of(21, 30, &[[0, 0, 30, 21]])),
        Ok([128, 0, 0, 0])
    );
}

#[test]
fn damaged_streams_end_in_an_error_or_in_what_check_accepts() {
    let mut seed = Seed(5);
    let mut sources: Vec<(Vec<u8>, u32, u32)> = vec![(simple(), 21, 30)];
    for shape in shapes().into_iter().step_by(7) {
        sources.push((
            stream::write(&shape, &stream::arbitrary(&shape, &mut seed)),
            shape.rows,
            shape.columns,
        ));
    }
    let (mut accepted, mut refused) = (0, 0);
    for turn in 0..12_000 {
        let (source, rows, columns) = &sources[turn % sources.len()];
        let mut stream = source.clone();
        for _ in 0..=seed.below(3) {
            let length = stream.len() as u64;
            // Half of the changes are in the headers.
            let front = if seed.below(2) == 0 {
                length
            } else {
                length.min(420)
            };
            let at = seed.below(front) as usize;
            match seed.below(5) {
                0 => stream.truncate(at.max(2)),
                1 => drop(stream.remove(at)),
                2 => stream.insert(at, seed.below(256) as u8),
                3 => stream[at] ^= 1 << seed.below(8),
                _ => stream[at] = [0, 0xFF, 0xD9, 0xC4, 0x80, 1][seed.below(6) as usize],
            }
        }
        let mask = mask_of(*rows, *columns, &[[5, 6, 14, 9]]);
        let _ = (describe(&stream), mean(&stream, &mask));
        match blank(&stream, &mask, [0; 4]) {
            Ok(written) => {
                assert_eq!(check(&stream, &written, &mask, [0; 4]), Ok(()));
                accepted += 1;
            }
            Err(_) => refused += 1,
        }
        let _ = check(source, &stream, &mask, [0; 4]);
    }
    assert!(accepted > 100 && refused > 1000, "{accepted} {refused}");
}

/// The colours of samples that are `YCbCr`.
fn colours(samples: &[u16]) -> Vec<f64> {
    let of = |pixel: &[u16]| {
        let [y, cb, cr] = [0, 1, 2].map(|at| f64::from(pixel[at]));
        let (cb, cr) = (cb - 128.0, cr - 128.0);
        [
            y + 1.402 * cr,
            y - 0.344_136 * cb - 0.714_136 * cr,
            y + 1.772 * cb,
        ]
        .map(|value| value.clamp(0.0, 255.0))
    };
    samples.chunks_exact(3).flat_map(of).collect()
}

#[test]
fn what_is_shown_is_what_another_decoder_shows() {
    for (color, sampling, restart, far) in [
        (ColorType::Luma, SamplingFactor::F_1_1, 0, 1.0),
        (ColorType::Luma, SamplingFactor::F_1_1, 3, 1.0),
        (ColorType::Rgb, SamplingFactor::F_1_1, 0, 4.0),
        (ColorType::Rgb, SamplingFactor::F_1_1, 2, 4.0),
        // Decoders fill in chrominance in different ways.
        (ColorType::Rgb, SamplingFactor::F_2_2, 5, 255.0),
        (ColorType::Rgb, SamplingFactor::F_2_1, 0, 255.0),
    ] {
        let made = Made {
            color,
            sampling,
            restart,
            optimized: false,
            quality: 90,
        };
        let (columns, rows) = (61, 45);
        let stream = encode(columns, rows, &made);
        let size = (u32::from(rows), u32::from(columns));
        let (shown, is_ycbcr) = jpeg_dct::decode(&stream, size.0, size.1).unwrap();
        let ours: Vec<f64> = match color {
            ColorType::Luma => shown.samples.iter().map(|s| f64::from(*s)).collect(),
            _ => colours(&shown.samples),
        };
        let theirs = decode(&stream);
        assert_eq!(ours.len(), theirs.len());
        let differences = ours.iter().zip(&theirs);
        let differences: Vec<f64> = differences
            .map(|(ours, theirs)| (ours - f64::from(*theirs)).abs())
            .collect();
        let most = differences.iter().copied().fold(0.0, f64::max);
        let count = u32::try_from(differences.len()).unwrap();
        let mean = differences.iter().sum::<f64>() / f64::from(count);
        assert!(most <= far, "{color:?} {sampling:?} {restart}: {most}");
        assert!(mean <= 6.0, "{color:?} {sampling:?} {restart}: {mean}");
        assert_eq!(is_ycbcr, Some(true));
        assert_eq!(
            jpeg_dct::decode(&stream, size.0, 8).unwrap_err(),
            CodecError::Malformed("the frame is of another size")
        );
    }
}
