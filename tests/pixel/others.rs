//! RLE, deflated and uncompressed frames, what is not inspected, and every family on damaged bytes.

use std::io;

use samar::pixel::{Family, Finding, Geometry, inspect};

use crate::build::*;

#[test]
fn rle_planes_are_walked_to_their_ends() {
    no_prefix_is_clean(Family::Rle, &rle());
    clean(Family::Rle, &[rle(), vec![0]].concat());
    foreign(
        Family::Rle,
        &[&rle()[..], b"MILLER"].concat(),
        "bytes behind an RLE segment",
    );
    let mut unused = rle();
    unused[60..].copy_from_slice(&[b"MILL", &[129, 7, 129, 8, 129, 9][..]].concat());
    foreign(Family::Rle, &unused, "bytes in unused RLE offsets");
    let mut many = rle();
    many[0] = 16;
    malformed(Family::Rle, &many, "RLE segments differ from the header");
    let mut gap = rle();
    gap[4] = 66;
    malformed(Family::Rle, &gap, "RLE offsets out of order");
    let mut long = rle();
    long.pop();
    long.pop();
    long.extend([128, 127]);
    long.extend([0x41; 130]);
    clean(Family::Rle, &long[..long.len() - 2]);
    foreign(Family::Rle, &long, "bytes behind an RLE segment");
    let short = Geometry {
        columns: 25,
        ..SMALL
    };
    assert_eq!(
        look(Family::Rle, &short, &rle()),
        Finding::Malformed("RLE segment ends before the image does")
    );
}

#[test]
fn deflated_frames_are_inflated_to_their_end() {
    let image = vec![7u8; 16 * 24];
    no_prefix_is_clean(Family::DeflatedFrame, &deflated(&image));
    clean(Family::DeflatedFrame, &[deflated(&image), vec![0]].concat());
    foreign(
        Family::DeflatedFrame,
        &[&deflated(&image)[..], b"MILLER"].concat(),
        "bytes behind the end of the image",
    );
    let longer = [&image[..], b"MILLER"].concat();
    malformed(
        Family::DeflatedFrame,
        &deflated(&longer),
        "deflated frame longer than the header says",
    );
    // A bomb is left as soon as it exceeds the frame.
    malformed(
        Family::DeflatedFrame,
        &deflated(&vec![0; 64 << 20]),
        "deflated frame longer than the header says",
    );
    malformed(
        Family::DeflatedFrame,
        &deflated(&image[1..]),
        "frame shorter than the header says",
    );
    malformed(Family::DeflatedFrame, &[0xFF; 40], "invalid deflate stream");
}

#[test]
fn uncompressed_frames_have_the_promised_length() {
    let image = vec![7u8; 16 * 24];
    no_prefix_is_clean(Family::EncapsulatedUncompressed, &image);
    clean(
        Family::EncapsulatedUncompressed,
        &[&image[..], &[0]].concat(),
    );
    foreign(
        Family::EncapsulatedUncompressed,
        &[&image[..], b"MILLER"].concat(),
        "bytes behind the end of the image",
    );
}

#[test]
fn what_is_not_inspected_is_never_clean() {
    malformed(Family::Video, &[0, 0, 1, 0xBA], "video is not inspected");
    malformed(Family::Unknown, &[0], "transfer syntax is not inspected");
    clean(Family::Native, &[0]);
}

#[test]
fn a_source_that_ends_early_is_an_io_error() {
    let bytes = jpeg(&[]);
    let mut read = |_: u64, _: &mut [u8]| Ok(0);
    let error = inspect(Family::Jpeg, &SMALL, bytes.len() as u64, &mut read).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

/// Walks arbitrary bytes behind every family's first marker: no panic, no endless loop, at most 128 KiB held.
#[test]
fn arbitrary_bytes_never_panic() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let starts: [(Family, Vec<u8>); 8] = [
        (Family::Jpeg, jpeg(&[])),
        (Family::JpegLs, jpeg_ls(&[])),
        (Family::Jpeg2000, j2k(&[], &[])),
        (Family::Jpeg2000, jp2(&[])),
        (Family::JpegXl, jxl_container(&boxed(b"jxlc", &jxl(&GREY)))),
        (Family::JpegXl, jxl(&GREY)),
        (Family::Rle, rle()),
        (Family::DeflatedFrame, deflated(&[7; 384])),
    ];
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::default()
    });
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let strategy = (
        0..starts.len(),
        edits,
        prop::collection::vec(any::<u8>(), 0..40),
    );
    runner
        .run(&strategy, |(which, edits, tail)| {
            let (family, bytes) = &starts[which];
            let mut bytes = bytes.clone();
            for (at, value) in edits {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            bytes.extend(&tail);
            let mut largest = 0;
            let mut read = |offset: u64, buffer: &mut [u8]| {
                largest = largest.max(buffer.len());
                let rest = bytes.get(offset as usize..).unwrap_or(&[]);
                let n = rest.len().min(buffer.len());
                buffer[..n].copy_from_slice(&rest[..n]);
                Ok(n)
            };
            inspect(*family, &SMALL, bytes.len() as u64, &mut read).unwrap();
            prop_assert!(largest <= 128 << 10);
            Ok(())
        })
        .unwrap();
}
