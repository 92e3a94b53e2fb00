//! The law of stripping, on damaged and odd frames: a clean frame comes back as it is; a foreign one is refused or
//! becomes a clean one of the same image, which is read here by walks of the test's own.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use samar::pixel::{Family, Finding, StripError, strip};

use crate::build::*;

fn be(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |n, &b| n << 8 | usize::from(b))
}

/// All segments but COM and APPn, and the entropy-coded data.
fn jpeg_image(family: Family, frame: &[u8]) -> Vec<u8> {
    let mut image = Vec::new();
    let mut at = 2;
    loop {
        let marker = frame[at + 1];
        match marker {
            0xFF => at += 1,
            0xD9 => return image,
            _ => {
                let end = at + 2 + be(&frame[at + 2..at + 4]);
                if !matches!(marker, 0xE0..=0xEF | 0xFE) {
                    image.extend(&frame[at..end]);
                }
                at = end;
                if marker == 0xDA {
                    while frame[at] != 0xFF || jpeg_data(family, frame[at + 1]) {
                        image.push(frame[at]);
                        at += 1;
                    }
                }
            }
        }
    }
}

fn jpeg_data(family: Family, second: u8) -> bool {
    let stuffed = match family {
        Family::JpegLs => second < 0x80,
        _ => second == 0,
    };
    stuffed || matches!(second, 0xD0..=0xD7)
}

/// Main header without COM and TLM; of each tile-part its header without COM and Psot, and its packets.
fn j2k_image(frame: &[u8]) -> Vec<u8> {
    let start = frame.windows(4).position(|w| w == [0xFF, 0x4F, 0xFF, 0x51]);
    let mut at = start.unwrap() + 2;
    let mut image = Vec::new();
    let mut tile_part = 0..0;
    while frame[at..at + 2] != [0xFF, 0xD9] {
        let marker = frame[at + 1];
        if marker == 0x93 {
            image.extend(&frame[at..tile_part.end]);
            at = tile_part.end;
            continue;
        }
        let end = at + 2 + be(&frame[at + 2..at + 4]);
        match marker {
            0x64 | 0x55 => {}
            0x90 => {
                let len = be(&frame[at + 6..at + 10]);
                tile_part = at..at + len;
                if len == 0 {
                    let data = at
                        + frame[at..]
                            .windows(2)
                            .position(|w| w == [0xFF, 0x93])
                            .unwrap();
                    let eoc = frame[data..].windows(2).position(|w| w == [0xFF, 0xD9]);
                    tile_part.end = data + eoc.unwrap();
                }
                image.extend(&frame[at..at + 6]);
                image.extend(&frame[at + 10..at + 12]);
            }
            _ => image.extend(&frame[at..end]),
        }
        at = end;
    }
    image
}

/// The codestream's boxes with their heads.
fn jxl_image(frame: &[u8]) -> Vec<u8> {
    if frame.starts_with(&[0xFF, 0x0A]) {
        return frame.to_vec();
    }
    let (mut at, mut image) = (0, Vec::new());
    while at + 8 <= frame.len() {
        let end = match be(&frame[at..at + 4]) {
            0 => frame.len(),
            1 => at + be(&frame[at + 8..at + 16]),
            n => at + n,
        };
        if frame[at + 4..].starts_with(b"jxlc") || frame[at + 4..].starts_with(b"jxlp") {
            image.extend(&frame[at..end]);
        }
        if frame[at + 4..at + 8] == [0; 4] {
            break;
        }
        at = end;
    }
    image
}

fn rle_image(frame: &[u8]) -> Vec<u8> {
    let word = |n: usize| u32::from_le_bytes(frame[4 * n..4 * n + 4].try_into().unwrap()) as usize;
    let mut image = Vec::new();
    for n in 1..=word(0) {
        let (mut at, mut left) = (word(n), 16 * 24);
        while left > 0 {
            let control = usize::from(frame[at]);
            let (out, step) = match control {
                0..=127 => (frame[at + 1..at + 2 + control].to_vec(), control + 2),
                128 => (Vec::new(), 1),
                _ => (vec![frame[at + 1]; 257 - control], 2),
            };
            left -= out.len();
            at += step;
            image.extend(out);
        }
    }
    image
}

fn inflated(frame: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(frame), &mut out).unwrap();
    out
}

fn image(family: Family, frame: &[u8]) -> Vec<u8> {
    match family {
        Family::Jpeg | Family::JpegLs => jpeg_image(family, frame),
        Family::Jpeg2000 => j2k_image(frame),
        Family::JpegXl => jxl_image(frame),
        Family::Rle => rle_image(frame),
        Family::DeflatedFrame => inflated(frame),
        _ => frame[..16 * 24].to_vec(),
    }
}

/// Whether the frame was stripped.
fn law(family: Family, frame: &[u8]) -> bool {
    let stripped = strip(family, &SMALL, frame);
    match look(family, &SMALL, frame) {
        Finding::Clean => assert_eq!(stripped.as_deref(), Ok(frame)),
        Finding::Malformed(kind) => assert_eq!(stripped, Err(StripError::Malformed(kind))),
        Finding::Foreign(_) => {
            // An inspection of the result that found something would be a mistake of the stripping.
            assert!(
                !matches!(stripped, Err(StripError::Left(_))),
                "{stripped:?}"
            );
            if let Ok(stripped) = stripped {
                assert_eq!(look(family, &SMALL, &stripped), Finding::Clean);
                assert_eq!(image(family, &stripped), image(family, frame));
                assert_eq!(strip(family, &SMALL, &stripped).as_ref(), Ok(&stripped));
                return true;
            }
        }
    }
    false
}

/// Frames that have about every structure the walks know.
fn seeds() -> Vec<(Family, Vec<u8>)> {
    let app = [
        segment(0xE0, b"JFIF\0\x01\x01\x01\0\x48\0\x48\x01\x01abc"),
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01\x02"),
        segment(0xE8, b"mrfx\x01"),
        segment(0xFE, b"MILLER"),
    ]
    .concat();
    let miller = com(1, b"MILLER");
    let len = 18 + miller.len() as u8;
    let tlm = segment(0x55, &[0, 0x50, 0, 0, 0, 0, len]);
    let main = [&miller[..], &tlm].concat();
    let channels = boxed(b"jp2h", &boxed(b"cdef", &[0, 1, 0, 0, 0, 0, 0, 1]));
    let wrapped = [&boxed(b"xml ", b"MILLER")[..], &channels].concat();
    let boxes = [
        boxed(b"Exif", b"MILLER"),
        boxed(b"jxlc", &jxl(&GREY)),
        boxed(b"brob", b"xml MILLER"),
    ];
    let mut unused = rle();
    unused[60..64].copy_from_slice(b"MILL");
    vec![
        (Family::Jpeg, jpeg(&app)),
        (Family::JpegLs, jpeg_ls(&app)),
        (Family::Jpeg2000, j2k(&main, &miller)),
        (Family::Jpeg2000, jp2(&wrapped)),
        (Family::JpegXl, jxl_container(&boxes.concat())),
        (Family::JpegXl, jxl(&GREY)),
        (Family::Rle, unused),
        (Family::DeflatedFrame, deflated(&[7; 384])),
        (Family::EncapsulatedUncompressed, vec![7; 384]),
    ]
}

#[test]
fn the_law_holds_for_damaged_frames() {
    let seeds = seeds();
    let config = Config {
        failure_persistence: None,
        cases: 6000,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    // A piece of the frame said twice: segments in odd places.
    let again = prop::option::of((
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        1usize..40,
    ));
    let tail = prop::collection::vec(any::<u8>(), 0..20);
    let stripped = std::cell::Cell::new(0u32);
    runner
        .run(
            &(0..seeds.len(), edits, again, tail),
            |(which, edits, again, tail)| {
                let (family, mut bytes) = seeds[which].clone();
                for (at, value) in edits {
                    let at = at.index(bytes.len());
                    bytes[at] = value;
                }
                if let Some((from, to, len)) = again {
                    let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                    let piece = bytes[from..(from + len).min(bytes.len())].to_vec();
                    bytes.splice(to..to, piece);
                }
                bytes.extend(tail);
                stripped.set(stripped.get() + u32::from(law(family, &bytes)));
                Ok(())
            },
        )
        .unwrap();
    println!("{} of 6000 stripped", stripped.get());
    assert!(stripped.get() > 500, "too few frames to say anything");
}

/// Every single byte of every frame, set to the values that mean most.
#[test]
fn the_law_holds_for_every_byte() {
    for (family, frame) in seeds() {
        assert!(law(family, &[&frame[..], b"MILLER"].concat()) || frame.starts_with(&[0xFF, 0x0A]));
        for at in 0..frame.len() {
            for value in [0, 1, 2, 0x64, 0x7F, 0x80, 0x90, 0xD9, 0xFE, 0xFF] {
                let mut bytes = frame.clone();
                bytes[at] = value;
                law(family, &bytes);
                bytes.truncate(at);
                law(family, &bytes);
            }
        }
    }
}
