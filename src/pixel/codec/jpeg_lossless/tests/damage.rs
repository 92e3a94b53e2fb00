//! Streams that vary, lie or are damaged.

use super::*;

/// Inserts bytes before the marker `before`, which must occur once.
fn insert(stream: &[u8], before: u8, bytes: &[u8]) -> Vec<u8> {
    let at = stream
        .windows(2)
        .position(|pair| pair == [0xFF, before])
        .unwrap();
    [&stream[..at], bytes, &stream[at..]].concat()
}

#[test]
fn what_surrounds_the_coded_samples_may_vary() {
    let (plain, parameters) = decode(&by_hand(), 2, 2).unwrap();
    let without_end = by_hand()[..50].to_vec();
    let variants = [
        insert(&by_hand(), 0xC4, &[0xFF, 0xFF, 0xFF]),
        insert(&by_hand(), 0xD9, &[0xFF, 0xFF]),
        insert(
            &by_hand(),
            0xC3,
            &[0xFF, 0xFE, 0, 6, b'D', b'O', b'E', b'^'],
        ),
        insert(
            &by_hand(),
            0xC3,
            &[0xFF, 0xE1, 0, 6, b'E', b'x', b'i', b'f'],
        ),
        [&by_hand()[..], &[0]].concat(),
        [&by_hand()[..], &[0xFF]].concat(),
        [&without_end[..], &[0]].concat(),
        [&without_end[..], &[0xFF]].concat(),
        without_end,
    ];
    for variant in variants {
        let (decoded, read) = decode(&variant, 2, 2).unwrap();
        assert!(decoded == plain && read == parameters, "{variant:x?}");
    }
}

const TOLD: &str = "\
empty: the codestream is damaged: it does not start with an SOI marker
no start: the codestream is damaged: it does not start with an SOI marker
another size: the codestream is damaged: it is of another size than the data set states
precision 17: the codestream is damaged: no such precision
five components: the codestream cannot be written again: it has not 1 to 4 components
height unknown: the codestream cannot be written again: its height is stated at its end
height at the end: the codestream cannot be written again: its height is stated at its end
baseline: the codestream cannot be written again: it is not of JPEG process 14
arithmetic: the codestream cannot be written again: it is not of JPEG process 14
table too short: the codestream is damaged: it ends early
too many codes: the codestream is damaged: a Huffman table has too many codes
long segment: the codestream is damaged: it ends early
no predictor: the codestream is damaged: no such predictor
no such predictor: the codestream is damaged: no such predictor
no bit left: the codestream is damaged: the point transform leaves no bit of a sample
another component: the codestream is damaged: a scan names no component of the frame
no such table: the codestream is damaged: a Huffman table is missing
code without meaning: the codestream is damaged: a Huffman code has no meaning
one byte short: the codestream is damaged: the entropy coded data ends early
one byte more: the codestream is damaged: more is coded than the samples
a zero more: the codestream is damaged: more is coded than the samples
a zero for the last byte: the codestream is damaged: the entropy coded data ends early
restart: the codestream is damaged: a marker is out of place
restart in a row: the codestream is damaged: a restart interval ends within a row
no restart: the codestream is damaged: more is coded than the samples
no scan: the codestream is damaged: a component has no scan
coded twice: the codestream is damaged: a component is coded twice
two images: the codestream is damaged: a second image follows the first";

#[test]
fn damage_is_told_and_never_filled_in() {
    let stream = by_hand();
    let with = |at: usize, byte: u8| {
        let mut changed = by_hand();
        changed[at] = byte;
        changed
    };
    let three_codes_of_one_bit = [&[0xFF, 0xC4, 0, 22, 0, 3][..], &[0; 15], &[0, 1, 2]].concat();
    let mut told = Vec::new();
    for (what, stream, size) in [
        ("empty", vec![], (2, 2)),
        ("no start", stream[2..].to_vec(), (2, 2)),
        ("another size", stream.clone(), (2, 3)),
        ("precision 17", with(6, 17), (2, 2)),
        ("five components", with(11, 5), (2, 2)),
        ("height unknown", with(8, 0), (0, 2)),
        (
            "height at the end",
            insert(&stream, 0xD9, &[0xFF, 0xDC, 0, 4, 0, 2]),
            (2, 2),
        ),
        ("baseline", with(3, 0xC0), (2, 2)),
        ("arithmetic", with(3, 0xCB), (2, 2)),
        ("table too short", with(20, 3), (2, 2)),
        (
            "too many codes",
            insert(&stream, 0xDA, &three_codes_of_one_bit),
            (2, 2),
        ),
        ("long segment", with(18, 22), (2, 2)),
        ("no predictor", with(45, 0), (2, 2)),
        ("no such predictor", with(45, 8), (2, 2)),
        ("no bit left", with(47, 8), (2, 2)),
        ("another component", with(43, 2), (2, 2)),
        ("no such table", with(44, 0x10), (2, 2)),
        ("code without meaning", with(48, 0xFE), (2, 2)),
        (
            "one byte short",
            [&stream[..49], &stream[50..]].concat(),
            (2, 2),
        ),
        ("one byte more", insert(&stream, 0xD9, &[0x7F]), (2, 2)),
        ("a zero more", insert(&stream, 0xD9, &[0]), (2, 2)),
        (
            "a zero for the last byte",
            [&stream[..49], &[0]].concat(),
            (2, 2),
        ),
        ("restart", insert(&stream, 0xD9, &[0xFF, 0xD0]), (2, 2)),
        (
            "restart in a row",
            insert(&stream, 0xDA, &[0xFF, 0xDD, 0, 4, 0, 3]),
            (2, 2),
        ),
        (
            "no restart",
            insert(&stream, 0xDA, &[0xFF, 0xDD, 0, 4, 0, 2]),
            (2, 2),
        ),
        ("no scan", [&stream[..38], &stream[50..]].concat(), (2, 2)),
        (
            "coded twice",
            insert(&stream, 0xD9, &stream[38..50]),
            (2, 2),
        ),
        ("two images", [&stream[..], &[0], &stream].concat(), (2, 2)),
    ] {
        let outcome = decode(&stream, size.0, size.1);
        told.push(match outcome {
            Ok(_) => format!("{what}: decoded"),
            Err(error) => format!("{what}: {error}"),
        });
    }
    assert_eq!(told.join("\n"), TOLD);
}

#[test]
fn a_truncated_stream_is_refused_at_any_length() {
    let mut seeded = Seeded(5);
    let mut shape = grey(4);
    shape.scans[0].restart_rows = 3;
    let picture = picture(&mut seeded, (10, 11), 1, 12, 0);
    let stream = encode(&picture, &shape).unwrap();
    for length in 0..stream.len() - 2 {
        let outcome = decode(&stream[..length], 10, 11);
        assert!(matches!(outcome, Err(CodecError::Malformed(_))), "{length}");
    }
}

#[test]
fn a_size_is_believed_only_if_the_data_could_hold_it() {
    let mut stream = by_hand();
    stream[7..11].copy_from_slice(&[0xFF; 4]);
    let outcome = decode(&stream, 65535, 65535);
    assert_eq!(
        outcome.err(),
        Some(CodecError::Malformed("the entropy coded data ends early"))
    );
}

#[test]
fn a_changed_stream_never_panics() {
    let mut seeded = Seeded(6);
    let mut scans = vec![scan(0..2, 7), scan(2..3, 1)];
    scans[0].restart_rows = 2;
    let picture = picture(&mut seeded, (9, 8), 3, 16, 0);
    let streams = [
        encode(&picture, &parameters(scans, 3)).unwrap(),
        encode(&picture, &parameters(vec![scan(0..3, 5)], 3)).unwrap(),
        by_hand(),
    ];
    let (mut refused, mut decoded) = (0, 0);
    for _ in 0..10_000 {
        let which = seeded.below(3) as usize;
        let size = if which == 2 { (2, 2) } else { (9, 8) };
        let mut stream = streams[which].clone();
        for _ in 0..=seeded.below(3) {
            let at = seeded.below(stream.len() as u64) as usize;
            match seeded.below(3) {
                0 => stream[at] = seeded.next() as u8,
                1 => stream[at] ^= 1 << seeded.below(8),
                _ => drop(stream.drain(at..(at + seeded.below(4) as usize).min(stream.len()))),
            }
            if stream.is_empty() {
                stream.push(0);
            }
        }
        match decode(&stream, size.0, size.1) {
            Err(_) => refused += 1,
            Ok((picture, parameters)) => {
                decoded += 1;
                round_trip(&picture, &parameters);
            }
        }
    }
    assert!(refused > 1000 && decoded > 100, "{refused} {decoded}");
}
