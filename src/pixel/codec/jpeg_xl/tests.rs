use super::*;

fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}

fn picture(rows: u32, columns: u32, components: usize, precision: u8) -> Picture {
    let mut next = numbers(u64::from(rows * 977 + columns) + 1);
    let samples = (0..rows as usize * columns as usize * components)
        .map(|at| {
            let value = if at % 5 == 0 {
                next()
            } else {
                at as u64 + next() % 8
            };
            (value & ((1 << precision) - 1)) as u16
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

fn parameters(picture: &Picture) -> Parameters {
    Parameters {
        components: picture.components,
        precision: picture.precision,
        lossless: true,
    }
}

#[test]
fn what_is_written_reads_back() {
    for (rows, columns) in [
        (2, 2),
        (2, 9),
        (13, 3),
        (17, 31),
        (256, 256),
        (257, 300),
        (300, 513),
    ] {
        for precision in 1..=16 {
            for components in [1, 3] {
                let picture = picture(rows, columns, components, precision);
                // Noise for which the encoder has no room.
                if (rows, columns, components) == (256, 256, 3) && precision >= 15 {
                    continue;
                }
                let stream = encode(&picture, &parameters(&picture)).unwrap();
                let (again, found) = decode(&stream, rows, columns).unwrap();
                assert_eq!(found, parameters(&picture));
                assert!(again == picture, "{picture:?}");
            }
        }
    }
}

#[test]
fn what_the_encoder_cannot_write_is_refused() {
    for picture in [
        picture(1, 1, 1, 8),
        picture(1, 9, 3, 8),
        picture(9, 1, 1, 16),
        picture(256, 256, 3, 16),
    ] {
        let refused = encode(&picture, &parameters(&picture));
        assert!(matches!(refused, Err(CodecError::Unsupported(_))));
    }
}

#[test]
fn damaged_streams_end_in_an_error_or_a_picture_of_the_right_size() {
    let picture = picture(40, 33, 3, 8);
    let stream = encode(&picture, &parameters(&picture)).unwrap();
    let mut next = numbers(77);
    for _ in 0..1000 {
        let mut damaged = stream.clone();
        for _ in 0..=next() % 4 {
            let at = next() as usize
                % if next().is_multiple_of(2) {
                    40
                } else {
                    stream.len()
                };
            damaged[at] = next() as u8;
        }
        if let Ok((again, _)) = decode(&damaged, 40, 33) {
            assert_eq!(again.samples.len(), 40 * 33 * again.components);
        }
    }
}
