use super::*;

/// Pseudo-random numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

fn picture(rows: u32, columns: u32, components: usize, precision: u8, signed: bool) -> Picture {
    let mut numbers = Numbers(0x1234_5678_9abc_def1 ^ u64::from(rows * 7919 + columns));
    let samples = (0..rows as usize * columns as usize * components)
        .map(|at| {
            let smooth = (at / components) as u64 * 3;
            let noise = numbers.next() % (1 << precision.min(5));
            let value = if at % 7 == 0 {
                numbers.next()
            } else {
                smooth + noise
            };
            let value = (value & ((1 << precision) - 1)) as u16;
            let shift = 16 - u32::from(precision);
            if signed {
                ((value << shift).cast_signed() >> shift).cast_unsigned()
            } else {
                value
            }
        })
        .collect();
    Picture {
        rows,
        columns,
        components,
        precision,
        signed,
        samples,
    }
}

fn parameters(picture: &Picture, colour_transform: bool, high_throughput: bool) -> Parameters {
    Parameters {
        components: picture.components,
        precision: picture.precision,
        signed: picture.signed,
        reversible: true,
        colour_transform,
        levels: 5,
        progression: Progression::Lrcp,
        high_throughput,
        tile_lengths: false,
        boxed: false,
    }
}

fn round_trip(picture: &Picture, parameters: &Parameters) {
    let stream = encode(picture, parameters).unwrap();
    let (again, found) = decode(&stream, picture.rows, picture.columns).unwrap();
    assert_eq!(found, *parameters);
    assert!(again == *picture, "{picture:?} {parameters:?}");
}

#[test]
fn what_is_written_reads_back() {
    for (rows, columns) in [
        (1, 1),
        (1, 9),
        (13, 1),
        (2, 3),
        (17, 31),
        (64, 65),
        (130, 197),
    ] {
        for precision in [1, 2, 7, 8, 10, 12, 15, 16] {
            for signed in [false, true] {
                for (components, colour) in
                    [(1, false), (2, false), (3, false), (3, true), (4, true)]
                {
                    let picture = picture(rows, columns, components, precision, signed);
                    for high_throughput in [false, true] {
                        round_trip(&picture, &parameters(&picture, colour, high_throughput));
                    }
                }
            }
        }
    }
}

#[test]
fn each_order_and_number_of_levels_is_kept() {
    let picture = picture(140, 75, 3, 12, false);
    for progression in [
        Progression::Lrcp,
        Progression::Rlcp,
        Progression::Rpcl,
        Progression::Pcrl,
        Progression::Cprl,
    ] {
        for levels in [0, 1, 3, 8] {
            for (high_throughput, tile_lengths) in [(false, false), (true, true)] {
                let mut parameters = parameters(&picture, true, high_throughput);
                parameters.progression = progression;
                parameters.levels = levels;
                parameters.tile_lengths = tile_lengths;
                round_trip(&picture, &parameters);
            }
        }
    }
}

#[test]
fn extremes_and_flat_pictures_read_back() {
    for signed in [false, true] {
        for value in [0x8000u16, 0x7fff, 0, 0xffff] {
            let mut picture = picture(67, 66, 3, 16, signed);
            picture.samples.fill(value);
            for high_throughput in [false, true] {
                round_trip(&picture, &parameters(&picture, true, high_throughput));
            }
            for (at, sample) in picture.samples.iter_mut().enumerate() {
                *sample = if (at / 3 + at % 3) % 2 == 0 {
                    value
                } else {
                    !value
                };
            }
            for high_throughput in [false, true] {
                round_trip(&picture, &parameters(&picture, true, high_throughput));
            }
        }
    }
}

#[test]
fn another_size_is_refused() {
    let picture = picture(20, 30, 1, 8, false);
    let stream = encode(&picture, &parameters(&picture, false, false)).unwrap();
    assert!(matches!(
        decode(&stream, 30, 20),
        Err(CodecError::Malformed(_))
    ));
}

#[test]
fn damaged_streams_end_in_an_error_or_a_picture_of_the_right_size() {
    let mut numbers = Numbers(0xfeed_beef_cafe_0001);
    for high_throughput in [false, true] {
        let picture = picture(40, 33, 3, 8, false);
        let stream = encode(&picture, &parameters(&picture, true, high_throughput)).unwrap();
        for _ in 0..1000 {
            let mut damaged = stream.clone();
            for _ in 0..=numbers.next() % 4 {
                let reach = if numbers.next().is_multiple_of(2) {
                    130
                } else {
                    stream.len()
                };
                let at = numbers.next() as usize % reach;
                damaged[at] = numbers.next() as u8;
            }
            if numbers.next().is_multiple_of(4) {
                damaged.truncate(numbers.next() as usize % stream.len());
            }
            if let Ok((again, _)) = decode(&damaged, 40, 33) {
                assert_eq!(again.samples.len(), 40 * 33 * again.components);
            }
        }
    }
}
