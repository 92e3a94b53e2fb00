//! Damaged, hostile and unusual codestreams.

use super::*;

/// The example with bytes put in place of others.
fn example_with(at: std::ops::Range<usize>, with: &[u8]) -> Vec<u8> {
    let mut stream = bytes(EXAMPLE_STREAM);
    stream.splice(at, with.iter().copied());
    stream
}

#[test]
fn what_cannot_be_written_again_is_told_from_damage() {
    let unsupported = [
        (2..2, "ffe80007 6d726678 01".to_owned()),
        (15..15, "fff80006 020101 00".to_owned()),
        (15..15, "fff80006 040401 00".to_owned()),
        (3..4, "c3".to_owned()),
        (7..9, "0000".to_owned()),
        (21..22, "01".to_owned()),
        (24..25, "01".to_owned()),
    ];
    for (at, hex) in unsupported {
        let found = decode(&example_with(at.clone(), &bytes(&hex)), 4, 4).map(|_| ());
        assert!(
            matches!(found, Err(CodecError::Unsupported(_))),
            "{at:?} {found:?}"
        );
    }
    let malformed = [
        (0..1, "00".to_owned()),
        (6..7, "11".to_owned()),
        (7..9, "ffff".to_owned()),
        (9..11, "ffff".to_owned()),
        (22..23, "80".to_owned()),
        (23..24, "03".to_owned()),
        (15..15, "fff8000d 01 0100 0000 0000 0000 0000".to_owned()),
        (15..15, "fff8000d 01 0000 0000 0000 0000 0002".to_owned()),
        (2..2, "ffd0".to_owned()),
        (15..15, "ffd9".to_owned()),
        (25..40, String::new()),
        (55..55, "0000".to_owned()),
    ];
    for (at, hex) in malformed {
        let found = decode(&example_with(at.clone(), &bytes(&hex)), 4, 4).map(|_| ());
        assert!(
            matches!(found, Err(CodecError::Malformed(_))),
            "{at:?} {found:?}"
        );
    }
}

#[test]
fn comments_and_padding_are_passed_over_and_not_written() {
    let plain = bytes(EXAMPLE_STREAM);
    let mut stream = example_with(
        2..2,
        &bytes("fffe0006 44 4f 45 5e ffe10004 4142 ffe80007 6d726678 00"),
    );
    stream.extend([0, 0, 0xFF]);
    let (read, found) = decode(&stream, 4, 4).unwrap();
    assert_eq!(read.samples, EXAMPLE);
    assert_eq!(encode(&read, &found).unwrap(), plain);
    stream.push(1);
    assert!(matches!(
        decode(&stream, 4, 4),
        Err(CodecError::Malformed(_))
    ));
}

#[test]
fn a_codestream_that_ends_early_is_damaged() {
    for (components, interleave) in [
        (1, Interleave::None),
        (3, Interleave::Line),
        (3, Interleave::Sample),
    ] {
        let given = sample_picture(11, 17, components, 12, 4095);
        let stream = encode(&given, &parameters(components, interleave)).unwrap();
        for end in 0..stream.len() {
            let found = decode(&stream[..end], 11, 17).map(|_| ());
            assert!(
                matches!(found, Err(CodecError::Malformed(_))),
                "{end} {found:?}"
            );
            // The same scan data, cut short but properly closed.
            let closed = [&stream[..end], &[0xFF, 0xD9]].concat();
            let found = decode(&closed, 11, 17).map(|_| ());
            assert!(found.is_err() || end + 2 >= stream.len(), "{end}");
        }
    }
}

#[test]
fn damage_never_panics_and_never_changes_the_size() {
    let mut numbers = Numbers(0x1234_5678_9ABC_DEF1);
    let mut streams: Vec<(Vec<u8>, u32, u32)> = NEAR_STREAMS
        .iter()
        .map(|&(components, _, _, _, hex, _)| match components {
            1 => (bytes(hex), 9, 13),
            _ => (bytes(hex), 5, 9),
        })
        .collect();
    for interleave in [Interleave::None, Interleave::Line, Interleave::Sample] {
        let parameters = Parameters {
            preset: Some(Preset {
                maximum: 4000,
                thresholds: [5, 20, 90],
                reset: 9,
            }),
            restart_interval: 5,
            ..parameters(3, interleave)
        };
        let given = sample_picture(12, 20, 3, 12, 4000);
        streams.push((encode(&given, &parameters).unwrap(), 12, 20));
    }
    let (mut read, mut refused) = (0, 0);
    for round in 0..12_000 {
        let (stream, rows, columns) = &streams[round % streams.len()];
        let mut stream = stream.clone();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(stream.len() as u64) as usize;
            match numbers.below(4) {
                0 => stream[at] = numbers.below(256) as u8,
                1 => stream[at] ^= 1 << numbers.below(8),
                2 => stream.insert(at, [0, 0xFF][numbers.below(2) as usize]),
                _ => drop(stream.remove(at)),
            }
        }
        match decode(&stream, *rows, *columns) {
            Ok((picture, parameters)) => {
                read += 1;
                assert_eq!((picture.rows, picture.columns), (*rows, *columns));
                let pixels = *rows as usize * *columns as usize;
                assert_eq!(picture.samples.len(), pixels * picture.components);
                // What was read is lawful: it can be written.
                let again = encode(&picture, &parameters);
                assert!(
                    again.is_ok() || parameters.preset.is_some(),
                    "{parameters:?}"
                );
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read > 0 && refused > read, "{read} {refused}");
}
