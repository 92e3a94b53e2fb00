//! Fragments and offset tables of pixel data that was written anew.

use samar::dicom::{Encoding, Vr};

use crate::build::{DataSet, holds, open, raw, segment, text, value_bytes};
use crate::codecs::{SMALL, fragmented, frame};
use crate::shape::Shape;
use crate::{blanking, rule, site, written};

const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const EXTENDED_OFFSETS: u32 = 0x7FE0_0001;
const EXTENDED_LENGTHS: u32 = 0x7FE0_0002;

fn even(frame: &[u8]) -> Vec<u8> {
    let mut frame = frame.to_vec();
    frame.resize(frame.len().next_multiple_of(2), 0);
    frame
}

/// An image of these frames, one fragment each.
pub(crate) fn encapsulated(shape: Shape, frames: &[Vec<u8>], with_table: bool) -> DataSet {
    let mut table = Vec::new();
    let mut at = 0u32;
    for frame in frames {
        table.extend(at.to_le_bytes());
        at += even(frame).len() as u32 + 8;
    }
    let mut fragments = vec![if with_table { table } else { Vec::new() }];
    fragments.extend(frames.iter().map(|frame| even(frame)));
    shape.header().with(fragmented(fragments))
}

/// The Basic Offset Table, and each fragment with its place relative to the first one.
fn parts_of(file: &[u8]) -> (Vec<u32>, Vec<(u64, Vec<u8>)>) {
    let head = b"\xE0\x7F\x10\x00OB\0\0\xFF\xFF\xFF\xFF";
    let start = memchr::memmem::find(file, head).unwrap() + head.len();
    let mut rest = &file[start..];
    let mut items: Vec<(u64, Vec<u8>)> = Vec::new();
    let mut at = 0;
    while let Some(behind) = rest.strip_prefix(b"\xFE\xFF\x00\xE0") {
        let len = u32::from_le_bytes(behind[..4].try_into().unwrap()) as usize;
        assert_eq!(len % 2, 0, "a fragment of odd length");
        items.push((at, behind[4..4 + len].to_vec()));
        at += len as u64 + 8;
        rest = &behind[4 + len..];
    }
    assert_eq!(rest, b"\xFE\xFF\xDD\xE0\0\0\0\0");
    let (_, table) = items.remove(0);
    let first = items[0].0;
    let entries = table
        .chunks_exact(4)
        .map(|b| u32::from_le_bytes(b.try_into().unwrap()));
    (
        entries.collect(),
        items
            .into_iter()
            .map(|(at, bytes)| (at - first, bytes))
            .collect(),
    )
}

/// The frames of a file with one fragment each, which its offset table points to.
#[track_caller]
pub(crate) fn frames_of(file: &[u8]) -> Vec<Vec<u8>> {
    let (table, fragments) = parts_of(file);
    if !table.is_empty() {
        let places: Vec<u64> = fragments.iter().map(|(at, _)| *at).collect();
        assert_eq!(table.into_iter().map(u64::from).collect::<Vec<_>>(), places);
    }
    fragments.into_iter().map(|(_, bytes)| bytes).collect()
}

fn numbers(file: &[u8], tag: u32) -> Vec<u64> {
    let bytes = value_bytes(&open(file), tag).unwrap();
    bytes
        .chunks_exact(8)
        .map(|b| u64::from_le_bytes(b.try_into().unwrap()))
        .collect()
}

#[test]
fn a_basic_offset_table_is_made_anew_where_there_was_one() {
    let shape = Shape { frames: 3, ..SMALL };
    let frames = vec![frame("grey8.jls"); 3];
    for with_table in [false, true] {
        let image = encapsulated(shape, &frames, with_table);
        let out = written(
            &blanking(0, 0, 24, 5),
            &image.file_in(JPEG_LS, Encoding::EXPLICIT_LE),
        );
        let (table, fragments) = parts_of(&out.bytes);
        assert_eq!(fragments.len(), 3);
        assert_eq!(table.len(), if with_table { 3 } else { 0 });
        assert_eq!(frames_of(&out.bytes).len(), 3);
        // It is another length than before, or the table would be right by accident.
        assert_ne!(fragments[0].1.len(), even(&frames[0]).len());
    }
}

#[test]
fn an_extended_offset_table_is_made_anew() {
    let shape = Shape { frames: 2, ..SMALL };
    let one = frame("grey8.jls");
    let number = |numbers: [u64; 2]| numbers.map(u64::to_le_bytes).concat();
    let image = encapsulated(shape, &[one.clone(), one.clone()], false)
        .with(raw(
            EXTENDED_OFFSETS,
            Vr::OV,
            &number([0, even(&one).len() as u64 + 8]),
        ))
        .with(raw(
            EXTENDED_LENGTHS,
            Vr::OV,
            &number([one.len() as u64; 2]),
        ));
    for region in [[0, 0, 24, 5], [0, 0, 23, 5], [3, 2, 9, 7]] {
        let [x, y, width, height] = region;
        let out = written(
            &blanking(x, y, width, height),
            &image.file_in(JPEG_LS, Encoding::EXPLICIT_LE),
        )
        .bytes;
        let (table, fragments) = parts_of(&out);
        assert!(table.is_empty());
        let places: Vec<u64> = fragments.iter().map(|(at, _)| *at).collect();
        assert_eq!(numbers(&out, EXTENDED_OFFSETS), places);
        for (len, (_, fragment)) in numbers(&out, EXTENDED_LENGTHS).into_iter().zip(&fragments) {
            // The codestream ends with its marker, and at most one byte pads it.
            let len = len as usize;
            assert_eq!(fragment[len - 2..len], [0xFF, 0xD9]);
            assert!(fragment.len() - len <= 1);
        }
    }
}

#[test]
fn a_frame_in_pieces_becomes_one_fragment() {
    let one = even(&frame("grey8.jls"));
    let whole = encapsulated(
        Shape { frames: 2, ..SMALL },
        &[one.clone(), one.clone()],
        true,
    );
    let pieces: Vec<Vec<u8>> = one.chunks(50).map(<[u8]>::to_vec).collect();
    let len: u32 = pieces.iter().map(|piece| piece.len() as u32 + 8).sum();
    let table = [0u32.to_le_bytes(), len.to_le_bytes()].concat();
    let cut = whole
        .clone()
        .with(fragmented([vec![table], pieces.clone(), pieces].concat()));
    let deidentifier = blanking(3, 2, 9, 7);
    let expected = written(
        &deidentifier,
        &whole.file_in(JPEG_LS, Encoding::EXPLICIT_LE),
    )
    .bytes;
    let found = written(&deidentifier, &cut.file_in(JPEG_LS, Encoding::EXPLICIT_LE)).bytes;
    assert!(found == expected);
}

/// A frame with text in a comment and an application segment.
fn talkative(name: &str) -> Vec<u8> {
    let frame = frame(name);
    let extra = [
        segment(0xFE, b"ZYXQUILL"),
        segment(0xE1, b"Exif\0\0ZYXQUILL"),
    ]
    .concat();
    [&frame[..2], &extra, &frame[2..]].concat()
}

#[test]
fn comments_and_metadata_go_without_any_rule() {
    for (syntax, name) in [(JPEG_BASELINE, "grey8.jpg"), (JPEG_LS, "grey8.jls")] {
        let shape = Shape { frames: 2, ..SMALL };
        let image = encapsulated(shape, &[frame(name), talkative(name)], true);
        let file = image.file_in(syntax, Encoding::EXPLICIT_LE);
        let out = written(&site(""), &file);
        assert!(holds(&file, b"ZYXQUILL") && !holds(&out.bytes, b"ZYXQUILL"));
        assert!(out.verified.redacted().stripped);
        let plain = encapsulated(shape, &[frame(name), frame(name)], true);
        let frames = frames_of(&out.bytes);
        let expected =
            frames_of(&written(&site(""), &plain.file_in(syntax, Encoding::EXPLICIT_LE)).bytes);
        assert!(frames == expected, "{name}");
    }
}

#[test]
fn frames_that_talk_are_blanked_like_others() {
    for more in ["", "redaction: {fill: mean}\n"] {
        let deidentifier = site(&format!(
            "{more}{}",
            rule("text", "regions: [[3, 2, 9, 7]]")
        ));
        for (syntax, name) in [(JPEG_BASELINE, "grey8.jpg"), (JPEG_LS, "grey8.jls")] {
            let made = |frame: Vec<u8>| {
                let image = encapsulated(SMALL, &[frame], true);
                frames_of(
                    &written(&deidentifier, &image.file_in(syntax, Encoding::EXPLICIT_LE)).bytes,
                )
            };
            assert!(made(talkative(name)) == made(frame(name)), "{name}");
        }
    }
}

#[test]
fn frames_without_a_region_keep_their_bytes() {
    let image = encapsulated(
        Shape { frames: 2, ..SMALL },
        &[frame("grey8.jls"), frame("grey8.jls")],
        true,
    );
    let other = image.clone().with(text(0x0008_0060, Vr::CS, "MR"));
    let out = written(
        &blanking(3, 2, 9, 7),
        &other.file_in(JPEG_LS, Encoding::EXPLICIT_LE),
    );
    assert!(
        frames_of(&out.bytes)
            .iter()
            .all(|found| *found == even(&frame("grey8.jls")))
    );
    assert!(!out.verified.redacted().is_blanked());
}
