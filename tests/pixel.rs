//! Pixel data: what an inspection of compressed frames lets through and what it stops, on frames built byte by byte
//! and on real files; what a viewer would show; the second reader.

// Helpers outside test functions may fail the test too.
#![allow(clippy::unwrap_used, clippy::trivially_copy_pass_by_ref)]

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use samar::pixel::render::{RenderError, render_frame, save_png};
use samar::pixel::{Family, Finding, Geometry, family, inspect};
use samar::verify::second_reader::{Disagreement, Pixels, second_reader};

const SMALL: Geometry = Geometry {
    rows: 16,
    columns: 24,
    samples: 1,
    bits_allocated: 8,
    frames: 1,
    subsampled: false,
};

fn look(family: Family, geometry: &Geometry, bytes: &[u8]) -> Finding {
    let mut read = |offset: u64, buffer: &mut [u8]| -> io::Result<usize> {
        let rest = bytes.get(offset as usize..).unwrap_or(&[]);
        // Short reads are allowed, and happen here every time.
        let n = rest.len().min(buffer.len()).min(1000);
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    };
    inspect(family, geometry, bytes.len() as u64, &mut read).expect("memory can be read")
}

// ---------------------------------------------------------------- builders

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &len[..], body].concat()
}

/// A baseline frame in one scan; `extra` stands in front of the frame header.
fn jpeg(extra: &[u8]) -> Vec<u8> {
    let mut quantization = vec![0];
    quantization.extend([16; 64]);
    let mut huffman = vec![0, 1];
    huffman.extend([0; 15]);
    huffman.push(5);
    [
        &[0xFF, 0xD8][..],
        extra,
        &segment(0xDB, &quantization),
        &segment(0xC4, &huffman),
        &segment(0xC0, &[8, 0, 16, 0, 24, 1, 1, 0x11, 0]),
        &segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        &[0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56],
        &[0xFF, 0xD9],
    ]
    .concat()
}

fn jpeg_ls(extra: &[u8]) -> Vec<u8> {
    [
        &[0xFF, 0xD8][..],
        extra,
        &segment(0xF7, &[8, 0, 16, 0, 24, 1, 1, 0x11, 0]),
        &segment(0xDA, &[1, 1, 0, 0, 0, 0]),
        &[0x12, 0xFF, 0x7F, 0x34],
        &[0xFF, 0xD9],
    ]
    .concat()
}

fn siz() -> Vec<u8> {
    let mut body = vec![0, 0];
    for word in [24u32, 16, 0, 0, 24, 16, 0, 0] {
        body.extend(word.to_be_bytes());
    }
    body.extend([0, 1, 7, 1, 1]);
    segment(0x51, &body)
}

fn com(registration: u16, text: &[u8]) -> Vec<u8> {
    segment(0x64, &[&registration.to_be_bytes()[..], text].concat())
}

fn tile_part(header: &[u8], packets: &[u8]) -> Vec<u8> {
    let len = (12 + header.len() + 2 + packets.len()) as u32;
    let sot = [&[0, 0][..], &len.to_be_bytes(), &[0, 1]].concat();
    [&segment(0x90, &sot)[..], header, &[0xFF, 0x93], packets].concat()
}

fn j2k(main: &[u8], tile: &[u8]) -> Vec<u8> {
    [
        &[0xFF, 0x4F][..],
        &siz(),
        &segment(0x52, &[0; 10]),
        &segment(0x5C, &[0x40, 0x40]),
        main,
        &tile_part(tile, &[1, 2, 3, 4]),
        &[0xFF, 0xD9],
    ]
    .concat()
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

fn jp2(extra: &[u8]) -> Vec<u8> {
    let ihdr = boxed(b"ihdr", &[0, 0, 0, 16, 0, 0, 0, 24, 0, 1, 7, 7, 0, 0]);
    let colr = boxed(b"colr", &[1, 0, 0, 0, 0, 0, 17]);
    [
        &boxed(b"jP  ", b"\r\n\x87\n")[..],
        &boxed(b"ftyp", b"jp2 \0\0\0\0jp2 "),
        &boxed(b"jp2h", &[ihdr, colr].concat()),
        extra,
        &boxed(b"jp2c", &j2k(&[], &[])),
    ]
    .concat()
}

/// Bits, least significant first.
fn bits(fields: &[(u64, u32)]) -> Vec<u8> {
    let flat = fields
        .iter()
        .flat_map(|&(value, n)| (0..n).map(move |i| value >> i & 1 == 1));
    let flat: Vec<bool> = flat.collect();
    let byte = |chunk: &[bool]| {
        chunk
            .iter()
            .enumerate()
            .fold(0, |b, (i, &on)| b | u8::from(on) << i)
    };
    flat.chunks(8).map(byte).collect()
}

/// 16 rows, ratio 3:2, so 24 columns; then `metadata`.
fn jxl(metadata: &[(u64, u32)]) -> Vec<u8> {
    let size = [(1, 1), (1, 5), (4, 3)];
    let header = bits(&[&size[..], metadata].concat());
    [&[0xFF, 0x0A][..], &header, &[0x55; 40]].concat()
}

/// Eight-bit grey: no defaults, no extra fields, integer depth 8, no extra channel, no XYB, colour space grey.
const GREY: [(u64, u32); 9] = [
    (0, 1),
    (0, 1),
    (0, 1),
    (0, 2),
    (1, 1),
    (0, 2),
    (0, 1),
    (0, 2),
    (1, 2),
];

fn jxl_container(boxes: &[u8]) -> Vec<u8> {
    let head = [
        boxed(b"JXL ", b"\r\n\x87\n"),
        boxed(b"ftyp", b"jxl \0\0\0\0jxl "),
    ]
    .concat();
    [&head[..], boxes].concat()
}

/// One plane of 16 x 24 bytes: three runs of 128.
fn rle() -> Vec<u8> {
    let mut frame = vec![0; 64];
    frame[0] = 1;
    frame[4] = 64;
    frame.extend([129, 7, 129, 8, 129, 9]);
    frame
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

#[track_caller]
fn clean(family: Family, bytes: &[u8]) {
    assert_eq!(look(family, &SMALL, bytes), Finding::Clean);
}

#[track_caller]
fn foreign(family: Family, bytes: &[u8], kind: &str) {
    match look(family, &SMALL, bytes) {
        Finding::Foreign(found) => assert_eq!(found, kind),
        other => panic!("expected foreign `{kind}`, found {other:?}"),
    }
}

#[track_caller]
fn malformed(family: Family, bytes: &[u8], kind: &str) {
    match look(family, &SMALL, bytes) {
        Finding::Malformed(found) => assert_eq!(found, kind),
        other => panic!("expected malformed `{kind}`, found {other:?}"),
    }
}

/// No prefix of a clean frame but the whole one is clean: what is cut cannot be vouched for.
#[track_caller]
fn no_prefix_is_clean(family: Family, bytes: &[u8]) {
    clean(family, bytes);
    for len in 0..bytes.len() {
        let found = look(family, &SMALL, &bytes[..len]);
        assert_ne!(
            found,
            Finding::Clean,
            "first {len} of {} bytes",
            bytes.len()
        );
    }
}

// ---------------------------------------------------------------- JPEG

#[test]
fn every_registered_transfer_syntax_has_its_family() {
    let cases = [
        ("1.2.840.10008.1.2", Family::Native),
        ("1.2.840.10008.1.2.1", Family::Native),
        ("1.2.840.10008.1.2.1.98", Family::EncapsulatedUncompressed),
        ("1.2.840.10008.1.2.1.99", Family::Native),
        ("1.2.840.10008.1.2.2", Family::Native),
        ("1.2.840.10008.1.2.4.50", Family::Jpeg),
        ("1.2.840.10008.1.2.4.57", Family::Jpeg),
        ("1.2.840.10008.1.2.4.70", Family::Jpeg),
        ("1.2.840.10008.1.2.4.81", Family::JpegLs),
        ("1.2.840.10008.1.2.4.90", Family::Jpeg2000),
        ("1.2.840.10008.1.2.4.94", Family::Unknown),
        ("1.2.840.10008.1.2.4.100.1", Family::Video),
        ("1.2.840.10008.1.2.4.111", Family::JpegXl),
        ("1.2.840.10008.1.2.4.202", Family::Jpeg2000),
        ("1.2.840.10008.1.2.4.205", Family::Unknown),
        ("1.2.840.10008.1.2.5", Family::Rle),
        ("1.2.840.10008.1.2.7.3", Family::Video),
        ("1.2.840.10008.1.2.8.1", Family::DeflatedFrame),
        ("1.2.840.10008.1.20", Family::Unknown),
        ("1.2.840.113619.5.2", Family::Unknown),
        ("", Family::Unknown),
    ];
    for (uid, expected) in cases {
        assert_eq!(family(uid), expected, "{uid}");
    }
}

#[test]
fn plain_jpeg_is_clean() {
    let jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let adobe = segment(0xEE, b"Adobe\0d\x80\0\0\0\x01");
    no_prefix_is_clean(Family::Jpeg, &jpeg(&[]));
    no_prefix_is_clean(Family::Jpeg, &jpeg(&[jfif, adobe].concat()));
    clean(Family::Jpeg, &jpeg(&segment(0xEE, b"Adobe\0\0\0\0\0")));
    clean(Family::Jpeg, &jpeg(&segment(0xDD, &[0, 4])));
    clean(Family::Jpeg, &[jpeg(&[]), vec![0]].concat());
    clean(Family::Jpeg, &[jpeg(&[]), vec![0xFF; 3]].concat());
    // Fill bytes may stand in front of every marker.
    clean(Family::Jpeg, &jpeg(&[0xFF, 0xFF, 0xFF]));
}

#[test]
fn jpeg_segments_that_are_not_image_are_foreign() {
    for (marker, body, kind) in [
        (0xFE, &b"MILLER^ANN"[..], "JPEG COM segment"),
        (0xFE, b"", "JPEG COM segment"),
        (0xE1, b"Exif\0\0", "JPEG APP1 segment"),
        (0xE2, b"ICC_PROFILE\0", "JPEG APP2 segment"),
        (0xED, b"Photoshop 3.0\0", "JPEG APP13 segment"),
        (
            0xE0,
            b"LJIF\0\x01\0\0\0\0\0\0\0\0",
            "JPEG APP0 segment that is not JFIF",
        ),
        (
            0xE0,
            b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc",
            "JFIF segment with a thumbnail",
        ),
        (
            0xE0,
            b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0MILLER",
            "JFIF segment with a thumbnail",
        ),
        (0xE0, b"JFXX\0\x10", "JFXX segment with a thumbnail"),
        (
            0xEE,
            b"Adobe\0d\0\0\0\0\x01MILLER",
            "JPEG APP14 segment that is not Adobe's",
        ),
        (
            0xEE,
            b"AdobeMILLER ",
            "JPEG APP14 segment that is not Adobe's",
        ),
        (0xE8, b"MILLER", "JPEG APP8 segment that is no SPIFF header"),
    ] {
        foreign(Family::Jpeg, &jpeg(&segment(marker, body)), kind);
        foreign(Family::JpegLs, &jpeg_ls(&segment(marker, body)), kind);
    }
}

#[test]
fn jpeg_is_searched_behind_the_first_scan() {
    let one = jpeg(&[]);
    let scan = &one[..one.len() - 2];
    let second_scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    let comment = segment(0xFE, b"MILLER^ANN");
    let end = [0xFF, 0xD9];
    clean(
        Family::Jpeg,
        &[scan, &second_scan, &[0x12; 9], &end].concat(),
    );
    // A comment between scans, and one in the middle of entropy-coded data far from both ends.
    foreign(
        Family::Jpeg,
        &[scan, &comment, &second_scan, &[0x12; 9], &end].concat(),
        "JPEG COM segment",
    );
    for filler in [100_000, 65_535, 4_096 - scan.len() - 1] {
        let filler = vec![0x33; filler];
        let hidden = [scan, &filler, &comment, &second_scan, &filler, &end].concat();
        foreign(Family::Jpeg, &hidden, "JPEG COM segment");
        let long = [scan, &filler, &end].concat();
        clean(Family::Jpeg, &long);
    }
    // A second image with Exif behind the first: the frame ends with EOI all the same.
    let exif = jpeg(&segment(0xE1, b"Exif\0\0MILLER"));
    foreign(
        Family::Jpeg,
        &[&one[..], &exif].concat(),
        "bytes behind the end of the image",
    );
    foreign(
        Family::Jpeg,
        &[&one[..], b"MILLER"].concat(),
        "bytes behind the end of the image",
    );
    foreign(
        Family::Jpeg,
        &[&one[..], &[0, 0xFF]].concat(),
        "bytes behind the end of the image",
    );
}

#[test]
fn jpeg_that_does_not_follow_its_syntax_is_malformed() {
    let one = jpeg(&[]);
    let unended = &one[..one.len() - 2];
    malformed(Family::Jpeg, b"MILLER^ANN", "no start of image");
    malformed(Family::Jpeg, &[], "no start of image");
    malformed(Family::Jpeg, unended, "no end of image");
    malformed(
        Family::Jpeg,
        &jpeg(b"MILLER"),
        "bytes between JPEG segments",
    );
    malformed(
        Family::Jpeg,
        &[0xFF, 0xD8, 0xFF, 0xD9],
        "no scan before the end of image",
    );
    malformed(
        Family::Jpeg,
        &jpeg(&segment(0xDB, b"\0MILLER")),
        "JPEG table of a wrong length",
    );
    malformed(
        Family::Jpeg,
        &jpeg(&segment(0xC4, b"\0MILLER")),
        "JPEG table of a wrong length",
    );
    malformed(
        Family::Jpeg,
        &jpeg(&segment(0xDD, b"MILLER")),
        "JPEG table of a wrong length",
    );
    malformed(
        Family::Jpeg,
        &jpeg(&segment(0xF0, b"MILLER")),
        "unknown JPEG segment",
    );
    malformed(
        Family::Jpeg,
        &jpeg(&segment(0xC0, &[8, 0, 16, 0, 24, 1, 1, 0x11, 0])),
        "two JPEG frames in one image",
    );
    malformed(
        Family::JpegLs,
        &one,
        "JPEG segment of another transfer syntax",
    );
    malformed(
        Family::Jpeg,
        &jpeg_ls(&[]),
        "JPEG process of another transfer syntax",
    );
}

#[test]
fn an_image_of_another_size_than_the_header_says_is_malformed() {
    let jpeg = jpeg(&[]);
    let j2k = j2k(&[], &[]);
    let jxl = jxl(&GREY);
    for (family, frame) in [
        (Family::Jpeg, jpeg),
        (Family::Jpeg2000, j2k),
        (Family::JpegXl, jxl),
    ] {
        let differs = Finding::Malformed("size differs from Rows and Columns");
        assert_eq!(
            look(family, &Geometry { rows: 17, ..SMALL }, &frame),
            differs
        );
        assert_eq!(
            look(
                family,
                &Geometry {
                    columns: 23,
                    ..SMALL
                },
                &frame
            ),
            differs
        );
        assert_eq!(
            look(
                family,
                &Geometry {
                    samples: 3,
                    ..SMALL
                },
                &frame
            ),
            Finding::Malformed("components differ from Samples per Pixel")
        );
        assert_eq!(
            look(
                family,
                &Geometry {
                    bits_allocated: 1,
                    ..SMALL
                },
                &frame
            ),
            Finding::Malformed("precision is above Bits Allocated")
        );
        assert_eq!(
            look(
                family,
                &Geometry {
                    bits_allocated: 16,
                    ..SMALL
                },
                &frame
            ),
            Finding::Clean
        );
    }
}

#[test]
fn jpeg_ls_passes_its_own_segments_only() {
    let spiff = segment(0xE8, &[&b"SPIFF\0\x02\0\0\x01"[..], &[0; 20]].concat());
    let directory_end = segment(0xE8, &[0, 0, 0, 1, 0xFF, 0xD8]);
    let author = segment(0xE8, b"\0\0\0\x06MILLER");
    let preset = segment(0xF8, &[1, 0, 255, 0, 3, 0, 7, 0, 21, 0, 64]);
    no_prefix_is_clean(Family::JpegLs, &jpeg_ls(&[]));
    clean(
        Family::JpegLs,
        &jpeg_ls(&[spiff.clone(), directory_end].concat()),
    );
    clean(Family::JpegLs, &jpeg_ls(&segment(0xE8, b"mrfx\x01")));
    clean(Family::JpegLs, &jpeg_ls(&preset));
    foreign(
        Family::JpegLs,
        &jpeg_ls(&[spiff, author].concat()),
        "JPEG APP8 segment that is no SPIFF header",
    );
    foreign(
        Family::JpegLs,
        &jpeg_ls(&segment(0xF8, b"\x02\x01\x01MILLER")),
        "JPEG-LS mapping table",
    );
    foreign(
        Family::JpegLs,
        &[&jpeg_ls(&[])[..], b"MILLER"].concat(),
        "bytes behind the end of the image",
    );
}

// ---------------------------------------------------------------- JPEG 2000

#[test]
fn plain_jpeg_2000_is_clean() {
    no_prefix_is_clean(
        Family::Jpeg2000,
        &j2k(&com(1, b"Created by OpenJPEG version 2.5.2"), &[]),
    );
    clean(Family::Jpeg2000, &j2k(&[], &com(1, b"Kakadu-v7.3.3")));
    clean(Family::Jpeg2000, &[j2k(&[], &[]), vec![0]].concat());
    clean(Family::Jpeg2000, &[j2k(&[], &[]), vec![0xFF]].concat());
    // A tile-part of length 0 runs up to EOC.
    let mut open = j2k(&[], &[]);
    let sot = open.windows(2).position(|w| w == [0xFF, 0x90]).unwrap();
    open[sot + 6..sot + 10].fill(0);
    no_prefix_is_clean(Family::Jpeg2000, &open);
    foreign(
        Family::Jpeg2000,
        &[&open[..], b"MILLER"].concat(),
        "bytes behind the end of the image",
    );
}

#[test]
fn jpeg_2000_comments_are_foreign_wherever_they_stand() {
    let text = "JPEG 2000 COM segment with text";
    foreign(Family::Jpeg2000, &j2k(&com(1, b"MILLER^ANN"), &[]), text);
    foreign(
        Family::Jpeg2000,
        &j2k(&com(1, b"Kakadu-v7.3.3 MILLER"), &[]),
        text,
    );
    foreign(Family::Jpeg2000, &j2k(&[], &com(1, b"MILLER^ANN")), text);
    foreign(
        Family::Jpeg2000,
        &j2k(&com(0, b"Kakadu-2.2"), &[]),
        "JPEG 2000 COM segment with data",
    );
    foreign(
        Family::Jpeg2000,
        &j2k(&segment(0x6F, b"MILLER"), &[]),
        "unknown JPEG 2000 segment",
    );
    foreign(
        Family::Jpeg2000,
        &[&j2k(&[], &[])[..], b"MILLER"].concat(),
        "bytes behind the end of the image",
    );
}

#[test]
fn jpeg_2000_that_does_not_follow_its_syntax_is_malformed() {
    let good = j2k(&[], &[]);
    let unended = &good[..good.len() - 2];
    let sot = good.windows(2).position(|w| w == [0xFF, 0x90]).unwrap();
    let with = |at: usize, value: u8| {
        let mut bad = good.clone();
        bad[at] = value;
        bad
    };
    malformed(Family::Jpeg2000, &[0x41; 64], "no start of codestream");
    malformed(Family::Jpeg2000, unended, "no end of codestream");
    malformed(
        Family::Jpeg2000,
        &with(sot + 5, 1),
        "JPEG 2000 tile outside the image",
    );
    malformed(
        Family::Jpeg2000,
        &with(sot + 6, 1),
        "JPEG 2000 tile-part of a wrong length",
    );
    malformed(
        Family::Jpeg2000,
        &with(sot + 9, 3),
        "JPEG 2000 tile-part of a wrong length",
    );
    malformed(
        Family::Jpeg2000,
        &with(sot + 9, 17),
        "bytes between JPEG 2000 tile-parts",
    );
}

#[test]
fn boxes_around_jpeg_2000_are_looked_into() {
    no_prefix_is_clean(Family::Jpeg2000, &jp2(&[]));
    clean(Family::Jpeg2000, &[jp2(&[]), vec![0]].concat());
    foreign(
        Family::Jpeg2000,
        &jp2(&boxed(b"xml ", b"<name>MILLER</name>")),
        "JP2 xml box",
    );
    foreign(
        Family::Jpeg2000,
        &jp2(&boxed(b"uuid", &[7; 20])),
        "JP2 uuid box",
    );
    foreign(Family::Jpeg2000, &jp2(&boxed(b"asoc", &[])), "JP2 asoc box");
    foreign(
        Family::Jpeg2000,
        &jp2(&boxed(b"free", b"MILLER")),
        "JP2 box that is not image",
    );
    foreign(
        Family::Jpeg2000,
        &[jp2(&[]), boxed(b"xml ", b"MILLER")].concat(),
        "JP2 xml box",
    );
    foreign(
        Family::Jpeg2000,
        &[jp2(&[]), boxed(b"jp2c", &j2k(&[], &[]))].concat(),
        "second image in a JP2 file",
    );
    foreign(
        Family::Jpeg2000,
        &jp2(&boxed(b"jp2h", &boxed(b"colr", b"\x02\0\0MILLER"))),
        "JP2 colour profile",
    );
}

// ---------------------------------------------------------------- JPEG XL

#[test]
fn plain_jpeg_xl_is_clean() {
    let frame = jxl(&GREY);
    clean(Family::JpegXl, &frame);
    clean(Family::JpegXl, &jxl_container(&boxed(b"jxlc", &frame)));
    clean(
        Family::JpegXl,
        &jxl_container(&[boxed(b"jxll", &[5]), boxed(b"jxlc", &frame)].concat()),
    );
    let parts = [
        boxed(b"jxlp", &[&[0, 0, 0, 0], &frame[..]].concat()),
        boxed(b"jxlp", &[0x80, 0, 0, 1, 0x55]),
    ];
    clean(Family::JpegXl, &jxl_container(&parts.concat()));
    // A box of length 0 runs to the end, and defaults mean RGB.
    let mut open = jxl_container(&boxed(b"jxlc", &frame));
    let at = open.windows(4).position(|w| w == b"jxlc").unwrap();
    open[at - 4..at].fill(0);
    clean(Family::JpegXl, &open);
    assert_eq!(
        look(
            Family::JpegXl,
            &Geometry {
                samples: 3,
                ..SMALL
            },
            &jxl(&[(1, 1)])
        ),
        Finding::Clean
    );
}

#[test]
fn what_jpeg_xl_carries_besides_the_image_is_foreign() {
    let image = boxed(b"jxlc", &jxl(&GREY));
    for (kind, name) in [
        (b"Exif", "JPEG XL Exif box"),
        (b"xml ", "JPEG XL xml box"),
        (b"jumb", "JPEG XL jumb box"),
        (b"brob", "JPEG XL brob box"),
        (b"jbrd", "JPEG XL jbrd box"),
        (b"free", "JPEG XL box that is not image"),
    ] {
        let before = [boxed(kind, b"MILLER"), image.clone()].concat();
        let behind = [image.clone(), boxed(kind, b"MILLER")].concat();
        foreign(Family::JpegXl, &jxl_container(&before), name);
        foreign(Family::JpegXl, &jxl_container(&behind), name);
    }
    let extra = |flags: [u64; 3]| {
        let mut fields = vec![(0, 1), (1, 1), (0, 3)];
        fields.extend(flags.map(|flag| (flag, 1)));
        jxl(&fields)
    };
    foreign(Family::JpegXl, &extra([0, 1, 0]), "JPEG XL preview image");
    foreign(Family::JpegXl, &extra([0, 0, 1]), "JPEG XL animation");
    let mut alpha = GREY;
    alpha[5] = (1, 2);
    foreign(Family::JpegXl, &jxl(&alpha), "JPEG XL extra channel");
    let mut profile = GREY;
    profile[7] = (2, 2);
    foreign(Family::JpegXl, &jxl(&profile), "JPEG XL colour profile");
    malformed(Family::JpegXl, b"MILLER^ANN", "no start of codestream");
    malformed(
        Family::JpegXl,
        &jxl_container(&[]),
        "no image in a JPEG XL container",
    );
}

// ---------------------------------------------------------------- the others

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

// ---------------------------------------------------------------- real files

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("SAMAR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let found = named
        .into_iter()
        .chain([beside])
        .find(|path| path.join("corpus/manifest.tsv").is_file());
    if found.is_none() {
        eprintln!("skipped: no corpus (set SAMAR_SHARED)");
    }
    found
}

/// Every file of the corpus whose manifest names an encapsulated transfer syntax.
fn encapsulated(corpus: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (manifest, folder) in [("manifest.tsv", ""), ("synth/manifest.tsv", "synth")] {
        let text = std::fs::read_to_string(corpus.join(manifest)).unwrap();
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let column = |name| names.iter().position(|&n| n == name).unwrap();
        let (file, syntax) = (column("file"), column("ts_uid"));
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            if !matches!(family(fields[syntax]), Family::Native | Family::Unknown) {
                let path = corpus.join(folder).join(fields[file]);
                files.push((path, fields[syntax].to_owned()));
            }
        }
    }
    files
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let raw = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(raw) as usize)
}

/// Takes a file apart by its byte patterns, which is enough for Explicit VR Little Endian and known files.
fn frames(file: &[u8]) -> Option<(Geometry, Vec<Vec<u8>>)> {
    let us = |element: u8| {
        let at = find(file, &[0x28, 0, element, 0, b'U', b'S', 2, 0])? + 8;
        Some(u16::from_le_bytes(file.get(at..at + 2)?.try_into().ok()?))
    };
    let count = || {
        let at = find(file, &[0x28, 0, 0x08, 0, b'I', b'S'])?;
        let len = usize::from(*file.get(at + 6)?);
        std::str::from_utf8(file.get(at + 8..at + 8 + len)?)
            .ok()?
            .trim()
            .parse()
            .ok()
    };
    let geometry = Geometry {
        rows: us(0x10)?,
        columns: us(0x11)?,
        samples: us(0x02)?,
        bits_allocated: {
            let at = find(file, &[0x28, 0, 0, 1, b'U', b'S', 2, 0])? + 8;
            u16::from_le_bytes(file.get(at..at + 2)?.try_into().ok()?)
        },
        frames: count().unwrap_or(1),
        subsampled: false,
    };
    // The last that can be taken apart: an icon's pixel data stands before the image's.
    let is_head = |&at: &usize| {
        let head = file.get(at..at + 12).unwrap_or(&[]);
        head.starts_with(&[0xE0, 0x7F, 0x10, 0, b'O'])
            && head.ends_with(&[0, 0, 255, 255, 255, 255])
    };
    (0..file.len()).rev().filter(is_head).find_map(|at| {
        let frames = grouped(file, at + 12, geometry.frames as usize)?;
        Some((geometry, frames))
    })
}

/// The frames of the encapsulated pixel data whose items begin at `at`.
fn grouped(file: &[u8], mut at: usize, frames: usize) -> Option<Vec<Vec<u8>>> {
    // The offset table, then fragments.
    let (mut items, mut starts) = (Vec::new(), Vec::new());
    while file.get(at..at + 4)? == [0xFE, 0xFF, 0, 0xE0] {
        let len = u32_at(file, at + 4)?;
        items.push(file.get(at + 8..at + 8 + len)?);
        starts.push(at);
        at += 8 + len;
    }
    let (table, fragments) = items.split_first()?;
    let base = *starts.get(1)?;
    if frames == fragments.len() {
        return Some(fragments.iter().map(|f| f.to_vec()).collect());
    }
    let offsets: Vec<usize> = table.chunks(4).filter_map(|raw| u32_at(raw, 0)).collect();
    if frames <= 1 || offsets.len() != frames {
        return Some(vec![fragments.concat()]);
    }
    let mut grouped = vec![Vec::new(); frames];
    for (fragment, start) in fragments.iter().zip(&starts[1..]) {
        let frame = offsets
            .iter()
            .filter(|&&offset| base + offset <= *start)
            .count();
        grouped[frame.saturating_sub(1)].extend_from_slice(fragment);
    }
    Some(grouped)
}

/// What is not clean among the corpus's encapsulated files, each looked at by eye:
/// four JPEG files have a comment of the program that wrote them; one has a comment and an APP0 segment of its own;
/// `HasFragmentSequence` has up to five bytes of left-over memory behind its frames; one is a JP2 file with Apple's
/// `uuid` boxes and colour profile; two keep a JPEG file's APP segments in `jbrd`; one JPEG Baseline file holds
/// a whole data set in place of its frame and one JPEG 2000 file is 3,722,445,056 pixels wide; video is not
/// inspected. `no frames`: implicit VR, no image or a cut file, which the few lines above do not read.
const UNCLEAN: &str = r#"
EncapsulatedPdf.dcm: Foreign("JPEG COM segment")
GDCMJ2K_TextGBR.dcm: Foreign("JP2 box that is not image")
HasFragmentSequence.dcm: Foreign("bytes behind the end of the image")
JPEG2000-embedded-sequence-delimiter.dcm: Malformed("size differs from Rows and Columns")
JPGLosslessP14SV1_1s_1f_8b.dcm: Foreign("JPEG APP0 segment that is not JFIF")
SC_rgb_jpeg.dcm: no frames
UN_sequence.dcm: no frames
bad.dcm: no frames
emri_small_jpeg_2k_lossless_too_short.dcm: no frames
example-mg.dcm: Foreign("JPEG COM segment")
example.dcm: Foreign("JPEG COM segment")
example2.dcm: Foreign("JPEG COM segment")
example3.dcm: Malformed("no start of image")
ts_h264_41.dcm: Malformed("video is not inspected")
ts_h264_41_bd.dcm: Malformed("video is not inspected")
ts_h264_42_2d.dcm: Malformed("video is not inspected")
ts_h264_42_3d.dcm: Malformed("video is not inspected")
ts_h264_stereo.dcm: Malformed("video is not inspected")
ts_h264_us_multiframe.dcm: Malformed("video is not inspected")
ts_hevc_main.dcm: Malformed("video is not inspected")
ts_hevc_main10.dcm: Malformed("video is not inspected")
ts_jxl_jpegrecompress.dcm: Foreign("JPEG XL jbrd box")
ts_mpeg2_hl.dcm: Malformed("video is not inspected")
ts_mpeg2_ml.dcm: Malformed("video is not inspected")
ts_mpeg2_ml_fragmentable.dcm: Malformed("video is not inspected")
will-jxl.dcm: Foreign("JPEG XL jbrd box")
"#;

#[test]
fn real_files_raise_no_false_alarm() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let mut counts: BTreeMap<(Family, String), u32> = BTreeMap::new();
    let mut unclean = Vec::new();
    for (path, syntax) in encapsulated(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((geometry, frames)) = frames(&std::fs::read(&path).unwrap()) else {
            unclean.push(format!("{name}: no frames"));
            continue;
        };
        let family = family(&syntax);
        let findings = frames.iter().map(|frame| look(family, &geometry, frame));
        let finding = findings
            .into_iter()
            .find(|f| *f != Finding::Clean)
            .unwrap_or(Finding::Clean);
        let kind = format!("{finding:?}");
        *counts
            .entry((family, kind.split('(').next().unwrap().to_owned()))
            .or_default() += 1;
        if finding != Finding::Clean {
            unclean.push(format!("{name}: {finding:?}"));
        }
    }
    for ((family, kind), n) in &counts {
        println!("{n:4} {family:?} {kind}");
    }
    unclean.sort();
    assert_eq!(unclean.join("\n"), UNCLEAN.trim());
}

// ---------------------------------------------------------------- rendering and the second reader

fn element(group: u16, element: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let tag = [group.to_le_bytes(), element.to_le_bytes()].concat();
    let long = matches!(vr, b"OB" | b"OW" | b"SQ" | b"UN");
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if matches!(vr, b"OB" | b"UI") { 0 } else { b' ' });
    }
    let len = if long {
        [&[0, 0][..], &(value.len() as u32).to_le_bytes()].concat()
    } else {
        (value.len() as u16).to_le_bytes().to_vec()
    };
    [&tag[..], vr, &len, &value].concat()
}

fn us(element_number: u16, value: u16) -> Vec<u8> {
    element(0x28, element_number, b"US", &value.to_le_bytes())
}

fn encapsulated_pixels(frames: &[&[u8]]) -> Vec<u8> {
    let item = |bytes: &[u8]| {
        [
            &[0xFE, 0xFF, 0, 0xE0][..],
            &(bytes.len() as u32).to_le_bytes(),
            bytes,
        ]
        .concat()
    };
    let mut all = [
        &[0xE0, 0x7F, 0x10, 0][..],
        b"OB\0\0",
        &[0xFF; 4],
        &item(&[]),
    ]
    .concat();
    for frame in frames {
        all.extend(item(frame));
    }
    all.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    all
}

/// A file of 2 x 2 pixels of 8 bits; `image` are elements of groups 0028 on.
fn file(syntax: &str, photometric: &str, image: &[Vec<u8>]) -> tempfile::NamedTempFile {
    let class = element(2, 2, b"UI", b"1.2.840.10008.5.1.4.1.1.7");
    let instance = element(2, 3, b"UI", b"2.25.1");
    let meta = [class, instance, element(2, 0x10, b"UI", syntax.as_bytes())].concat();
    let data = [
        element(8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.7"),
        element(8, 0x18, b"UI", b"2.25.1"),
        element(0x10, 0x10, b"PN", b"MILLER^ANN"),
        us(0x02, 1),
        element(0x28, 0x04, b"CS", photometric.as_bytes()),
        element(0x28, 0x08, b"IS", b"2"),
        us(0x10, 2),
        us(0x11, 2),
        us(0x100, 8),
        us(0x101, 8),
        us(0x102, 7),
        us(0x103, 0),
        image.concat(),
    ]
    .concat();
    let all = [
        &[0; 128][..],
        b"DICM",
        &element(2, 0, b"UL", &(meta.len() as u32).to_le_bytes()),
        &meta,
        &data,
    ]
    .concat();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), all).unwrap();
    file
}

const NATIVE: &str = "1.2.840.10008.1.2.1";
const RLE: &str = "1.2.840.10008.1.2.5";

fn two_frames() -> Vec<u8> {
    element(0x7FE0, 0x10, b"OB", &[0, 64, 128, 255, 1, 2, 3, 4])
}

fn window(center: &str, width: &str) -> Vec<u8> {
    let center = element(0x28, 0x1050, b"DS", center.as_bytes());
    [center, element(0x28, 0x1051, b"DS", width.as_bytes())].concat()
}

#[test]
fn a_frame_is_windowed_as_a_viewer_would() {
    let wide = file(NATIVE, "MONOCHROME2", &[window("128", "256"), two_frames()]);
    let narrow = file(NATIVE, "MONOCHROME2", &[window("100", "2"), two_frames()]);
    let inverted = file(NATIVE, "MONOCHROME1", &[window("128", "256"), two_frames()]);
    let gray = |file: &tempfile::NamedTempFile, frame| {
        render_frame(file.path(), frame)
            .unwrap()
            .into_luma8()
            .into_raw()
    };
    assert_eq!(gray(&wide, 0), [0, 64, 128, 255]);
    // The decoder may round down: each value within one.
    let second = gray(&wide, 1);
    assert!(
        second
            .iter()
            .zip([1u8, 2, 3, 4])
            .all(|(a, b)| a.abs_diff(b) <= 1),
        "{second:?}"
    );
    assert_eq!(gray(&narrow, 0), [0, 0, 255, 255]);
    assert_eq!(gray(&inverted, 0), [255, 191, 127, 0]);
}

#[test]
fn palettes_are_looked_up() {
    let table = |n: u16| {
        let descriptor: Vec<u8> = [3u16, 1, 8].iter().flat_map(|v| v.to_le_bytes()).collect();
        element(0x28, 0x1100 + n, b"US", &descriptor)
    };
    let data = |n: u16, values: [u8; 3]| element(0x28, 0x1200 + n, b"OW", &values);
    let image = [
        table(1),
        table(2),
        table(3),
        data(1, [10, 20, 30]),
        data(2, [11, 21, 31]),
        data(3, [12, 22, 32]),
        element(0x7FE0, 0x10, b"OB", &[0, 1, 2, 9, 1, 1, 1, 1]),
    ];
    let file = file(NATIVE, "PALETTE COLOR", &image);
    let rgb = render_frame(file.path(), 0).unwrap().into_rgb8().into_raw();
    // The table begins at index 1; below and above it the nearest entry holds (PS3.3 C.7.6.3.1.5).
    assert_eq!(rgb, [10, 11, 12, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
}

#[test]
fn what_cannot_be_shown_says_why_and_quotes_nothing() {
    let native = file(NATIVE, "MONOCHROME2", &[two_frames()]);
    let headless = file(NATIVE, "MONOCHROME2", &[]);
    let near_lossless = file(
        "1.2.840.10008.1.2.4.81",
        "MONOCHROME2",
        &[encapsulated_pixels(&[&[0], &[0]])],
    );
    let lacking = file(RLE, "MONOCHROME2", &[encapsulated_pixels(&[&[0; 64]])]);
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "MILLER^ANN").unwrap();
    let error =
        |file: &tempfile::NamedTempFile, frame| render_frame(file.path(), frame).unwrap_err();
    assert!(matches!(
        error(&native, 2),
        RenderError::NoSuchFrame {
            frame: 2,
            frames: 2
        }
    ));
    assert!(matches!(error(&headless, 0), RenderError::NoPixelData));
    assert!(matches!(
        error(&near_lossless, 0),
        RenderError::NoDecoder(Family::JpegLs)
    ));
    assert!(matches!(error(&lacking, 0), RenderError::Undecodable));
    assert!(matches!(error(&text, 0), RenderError::Unreadable));
    for failed in [error(&native, 2), error(&text, 0), error(&lacking, 0)] {
        let shown = format!("{failed} {failed:?}");
        assert!(!shown.contains("MILLER"), "{shown}");
    }
}

#[test]
fn a_picture_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let native = file(NATIVE, "MONOCHROME2", &[window("128", "256"), two_frames()]);
    let shown = render_frame(native.path(), 0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.png");
    save_png(&shown, &path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(image::open(&path).unwrap(), shown);
    assert!(matches!(
        save_png(&shown, folder.path()),
        Err(RenderError::Write(_))
    ));
}

#[test]
fn the_second_reader_agrees_with_what_is_there() {
    let run = |planes: u8| {
        let mut frame = vec![0; 64];
        (frame[0], frame[4]) = (1, 64);
        frame.extend([253, planes]);
        frame
    };
    let native = file(NATIVE, "MONOCHROME2", &[two_frames()]);
    let rle = file(
        RLE,
        "MONOCHROME2",
        &[encapsulated_pixels(&[&run(7), &run(9)])],
    );
    let headless = file(NATIVE, "MONOCHROME2", &[]);
    let near_lossless = file(
        "1.2.840.10008.1.2.4.81",
        "MONOCHROME2",
        &[encapsulated_pixels(&[&[0], &[0]])],
    );
    let read = |file: &tempfile::NamedTempFile, decode| second_reader(file.path(), decode).unwrap();
    assert_eq!(read(&native, true).pixels, Pixels::Decoded(2));
    assert_eq!(read(&native, true).elements, 13);
    assert_eq!(read(&rle, true).pixels, Pixels::Decoded(2));
    assert_eq!(read(&native, false).pixels, Pixels::NotAsked);
    assert_eq!(read(&headless, true).pixels, Pixels::Absent);
    assert_eq!(
        read(&near_lossless, true).pixels,
        Pixels::NoDecoder(Family::JpegLs)
    );
}

#[test]
fn the_second_reader_counts_nested_elements() {
    let inner = element(8, 0x1150, b"UI", b"2.25.2");
    let item = [
        &[0xFE, 0xFF, 0, 0xE0][..],
        &(inner.len() as u32).to_le_bytes(),
        &inner,
    ]
    .concat();
    let nested = element(0x28, 0x9145, b"SQ", &[item.clone(), item].concat());
    let flat = file(NATIVE, "MONOCHROME2", &[]);
    let deep = file(NATIVE, "MONOCHROME2", &[nested]);
    let count =
        |file: &tempfile::NamedTempFile| second_reader(file.path(), false).unwrap().elements;
    assert_eq!(count(&deep), count(&flat) + 3);
}

#[test]
fn the_second_reader_disagrees_without_quoting() {
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "MILLER^ANN").unwrap();
    let short = element(0x7FE0, 0x10, b"OB", &[0, 64, 128, 255, 1, 2]);
    let short = file(NATIVE, "MONOCHROME2", &[short]);
    let lacking = file(RLE, "MONOCHROME2", &[encapsulated_pixels(&[&[0; 64]])]);
    let broken = file(
        "1.2.840.10008.1.2.4.50",
        "MONOCHROME2",
        &[encapsulated_pixels(&[b"MILLER", b"ANN "])],
    );
    let found = |file: &tempfile::NamedTempFile| second_reader(file.path(), true).unwrap_err();
    assert_eq!(found(&text), Disagreement::Unreadable);
    assert_eq!(found(&short), Disagreement::Frame { frame: 1 });
    assert_eq!(found(&lacking), Disagreement::Header);
    assert_eq!(found(&broken), Disagreement::Frame { frame: 0 });
    for file in [&text, &short, &lacking, &broken] {
        assert!(!found(file).to_string().contains("MILLER"));
    }
}
