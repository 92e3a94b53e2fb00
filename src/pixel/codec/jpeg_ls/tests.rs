mod damage;

use super::{Interleave, Parameters, Preset, decode, encode};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// The example of T.87 section H.3, four rows of four samples.
const EXAMPLE: [u16; 16] = [
    0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145,
];

/// Its codestream.
const EXAMPLE_STREAM: &str = "ffd8fff7000b080004000401011100ffda00080101000000\
    00c000006c80208e01c00000574000006ee6000001bc18000005d800009160ffd9";

/// Pictures of `near_picture`, written near-lossless by CharLS: components, precision, NEAR, interleave mode,
/// codestream, and the FNV-1a hash of the samples that CharLS reads from it.
const NEAR_STREAMS: [(usize, u8, u8, Interleave, &str, u64); 5] = [
    (
        1,
        8,
        2,
        Interleave::None,
        "ffd8fff7000b080009000d01011100ffda000801010002000000ec4010628e0072cd07dc02020088000300101150000005c410c14446\
        8db069630c0001212a5480597200220145580ce0102fe20104000f4434802a00c1d80002d081202ced36389ee5606c4880124b133830\
        0180ffd9",
        0xdfed_795d_3c4b_1d29,
    ),
    (
        3,
        8,
        1,
        Interleave::Line,
        "ffd8fff70011080005000903011100021100031100ffda000c03010002000300010100000740206018289161754c6bcb3c49bcc72de4\
        9626c00601000800160000005af0f28c1180000017f0c6c828ea00424080802b2086c8e8133c02000000b96545e4400acc000000c3ca\
        91830180050103cb1940000060008d31a04a9411000000bf00200009852cb4400058000bc8d0000540000ea383b1c090004000171810\
        ffd9",
        0x016f_887c_ca9c_c783,
    ),
    (
        3,
        8,
        3,
        Interleave::Sample,
        "ffd8fff70011080005000903011100021100031100ffda000c030100020003000302000108cbe1084d5404630c3194a5394b7bda5841\
        302210c6324800200010000002fa5051584210482b6a119000200009f63bd0c03decd4c004180404024c228046215a2a915b08040000\
        752808000301104205617048a0ffd9",
        0x49fc_c9f6_ba3c_16b7,
    ),
    (
        1,
        12,
        10,
        Interleave::None,
        "ffd8fff7000b0c0009000d01011100ffda00080101000a00000001e50004000060480b098013353f07f38000800106ae000000070000\
        06100bc0000000005b930201c01a530605218e2003988703803000000004e061243518000964e5000020603e24e8000e74000202aa64\
        c0c28000000bb0031a9862a250034700000002148d103014ac6a1b23d9a4ef29380c6bcde1f4e91712cfa7000f00ffd9",
        0x65c7_db87_a5fc_2368,
    ),
    (
        1,
        16,
        4,
        Interleave::None,
        "ffd8fff7000b100009000d01011100fff8000d01ffff001e005701300040ffda0008010100040000000038e0204000025001fe02aa15\
        487fa003c712a45fd03e3c0700005d0001381396000000000035d8e4e3865680000000000018382aa57361a800909cb63b5558d93c20\
        0f1b035763a55ac7805b9c81559c62a8bc5c70ff515883ab1d00391c8354d5441db9cae485cad561ab03ff31ac3ac70236b18f1de722\
        e05fe8ac41c58e3008005c4063601c74c6d1ef889c4bf85c8b3938c80367298fa35f1373e3b1534738e02aadc3e324e418e31b5395fc\
        4e0dff638434001aa0ffd9",
        0xba85_f00c_01df_8b6e,
    ),
];

/// A source of numbers that is the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn picture(
    rows: u32,
    columns: u32,
    components: usize,
    precision: u8,
    sample: impl FnMut(usize) -> u16,
) -> Picture {
    Picture {
        rows,
        columns,
        components,
        precision,
        signed: false,
        samples: (0..rows as usize * columns as usize * components)
            .map(sample)
            .collect(),
    }
}

/// The same picture of a slope with noise and flat parts, for each size.
fn sample_picture(
    rows: u32,
    columns: u32,
    components: usize,
    precision: u8,
    maximum: u16,
) -> Picture {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let width = columns as usize * components;
    picture(rows, columns, components, precision, |at| {
        let (y, x) = (at / width, at % width / components);
        let slope = (x * 5 + y * 11 + at % components * 40) as u64 * u64::from(maximum) / 255;
        let flat = (x / 6 + y / 4) % 3 == 0;
        let noise = if flat {
            0
        } else {
            numbers.below(u64::from(maximum) / 16 + 2)
        };
        ((if flat { u64::from(maximum) / 3 } else { slope }) + noise).min(u64::from(maximum)) as u16
    })
}

fn parameters(components: usize, interleave: Interleave) -> Parameters {
    Parameters {
        near: 0,
        interleave,
        preset: None,
        component_ids: (1..=components as u8).collect(),
        restart_interval: 0,
    }
}

fn assert_round_trip(picture: &Picture, parameters: &Parameters) {
    let stream = encode(picture, parameters).unwrap();
    let (read, found) = decode(&stream, picture.rows, picture.columns).unwrap();
    assert!(read == *picture, "{picture:?} {parameters:?}");
    let mut expected = parameters.clone();
    if picture.components == 1 {
        expected.interleave = Interleave::None;
    }
    assert_eq!(found, expected);
}

#[test]
fn the_example_of_the_standard_is_read_and_written() {
    let stream = bytes(EXAMPLE_STREAM);
    let (read, found) = decode(&stream, 4, 4).unwrap();
    assert_eq!(read.samples, EXAMPLE);
    assert_eq!(
        (read.precision, read.components, read.signed),
        (8, 1, false)
    );
    assert_eq!(found, parameters(1, Interleave::None));
    assert_eq!(encode(&read, &found).unwrap(), stream);
}

#[test]
fn near_lossless_is_read_as_another_codec_reads_it_and_written_losslessly() {
    for (components, precision, near, interleave, hex, hash) in NEAR_STREAMS {
        let (rows, columns) = if components == 1 { (9, 13) } else { (5, 9) };
        let (read, found) = decode(&bytes(hex), rows, columns).unwrap();
        assert_eq!((found.near, found.interleave), (near, interleave));
        assert_eq!((read.components, read.precision), (components, precision));
        let fnv = |hash: u64, &sample: &u16| {
            (hash ^ u64::from(sample)).wrapping_mul(0x0000_0100_0000_01B3)
        };
        assert_eq!(read.samples.iter().fold(0xCBF2_9CE4_8422_2325, fnv), hash);
        let again = encode(&read, &found).unwrap();
        let (second, lossless) = decode(&again, rows, columns).unwrap();
        assert!(second == read);
        assert_eq!(lossless, Parameters { near: 0, ..found });
    }
}

#[test]
fn pictures_come_back_as_they_were() {
    for precision in 2..=16 {
        let maximum = ((1u32 << precision) - 1) as u16;
        let mut numbers = Numbers(7);
        for components in 1..=4 {
            for interleave in [Interleave::None, Interleave::Line, Interleave::Sample] {
                let parameters = parameters(components, interleave);
                for (rows, columns) in [(1, 1), (1, 29), (29, 1), (2, 2), (13, 41)] {
                    let make = |sample: &mut dyn FnMut(usize) -> u16| {
                        picture(rows, columns, components, precision, sample)
                    };
                    assert_round_trip(
                        &sample_picture(rows, columns, components, precision, maximum),
                        &parameters,
                    );
                    assert_round_trip(&make(&mut |_| maximum), &parameters);
                    let noise = &mut |_| numbers.below(u64::from(maximum) + 1) as u16;
                    assert_round_trip(&make(noise), &parameters);
                    let extremes = &mut |at: usize| if at % 7 < 3 { maximum } else { 0 };
                    assert_round_trip(&make(extremes), &parameters);
                }
            }
        }
    }
}

#[test]
fn presets_and_restart_intervals_are_kept() {
    let presets = [
        (
            12,
            Preset {
                maximum: 1000,
                thresholds: [4, 9, 30],
                reset: 3,
            },
        ),
        (
            12,
            Preset {
                maximum: 0,
                thresholds: [0, 0, 0],
                reset: 255,
            },
        ),
        (
            8,
            Preset {
                maximum: 1,
                thresholds: [1, 1, 1],
                reset: 31,
            },
        ),
        (
            16,
            Preset {
                maximum: 65535,
                thresholds: [18, 67, 276],
                reset: 64,
            },
        ),
        (
            16,
            Preset {
                maximum: 0,
                thresholds: [1, 2, 65535],
                reset: 65535,
            },
        ),
        (
            2,
            Preset {
                maximum: 2,
                thresholds: [0, 0, 0],
                reset: 0,
            },
        ),
    ];
    for (precision, preset) in presets {
        let largest = ((1u32 << precision) - 1) as u16;
        let maximum = if preset.maximum == 0 {
            largest
        } else {
            preset.maximum
        };
        for (components, restart_interval) in [(1, 0), (3, 1), (3, 4), (2, 100_000), (1, 19)] {
            for interleave in [Interleave::None, Interleave::Line, Interleave::Sample] {
                let parameters = Parameters {
                    preset: Some(preset),
                    component_ids: (0..components as u8).map(|id| 200 - id).collect(),
                    restart_interval,
                    ..parameters(components, interleave)
                };
                let given = sample_picture(20, 33, components, precision, maximum);
                assert_round_trip(&given, &parameters);
            }
        }
    }
}

#[test]
fn a_long_run_costs_little() {
    let flat = picture(2000, 2000, 1, 16, |_| 0);
    let stream = encode(&flat, &parameters(1, Interleave::None)).unwrap();
    assert!(stream.len() < 2000, "{}", stream.len());
    assert!(decode(&stream, 2000, 2000).unwrap().0 == flat);
}

#[test]
fn what_a_codestream_cannot_hold_is_refused() {
    let parameters = |preset| Parameters {
        preset,
        ..parameters(1, Interleave::None)
    };
    let refused = |picture: &Picture, parameters: &Parameters| {
        matches!(encode(picture, parameters), Err(CodecError::Malformed(_)))
    };
    let limit = Preset {
        maximum: 100,
        ..Preset::default()
    };
    assert!(encode(&picture(3, 3, 1, 8, |_| 100), &parameters(Some(limit))).is_ok());
    assert!(refused(
        &picture(3, 3, 1, 8, |_| 101),
        &parameters(Some(limit))
    ));
    assert!(refused(&picture(3, 3, 1, 8, |_| 256), &parameters(None)));
    assert!(refused(&picture(3, 3, 1, 17, |_| 0), &parameters(None)));
    assert!(refused(&picture(3, 3, 2, 8, |_| 0), &parameters(None)));
    assert!(refused(&picture(0, 3, 1, 8, |_| 0), &parameters(None)));
    assert!(refused(&picture(1, 65_536, 1, 8, |_| 0), &parameters(None)));
    let short = Picture {
        rows: 4,
        ..picture(3, 3, 1, 8, |_| 0)
    };
    assert!(refused(&short, &parameters(None)));
    let unordered = Preset {
        thresholds: [9, 4, 30],
        ..limit
    };
    assert!(refused(
        &picture(3, 3, 1, 8, |_| 0),
        &parameters(Some(unordered))
    ));
}
