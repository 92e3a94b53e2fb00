//! JPEG and JPEG-LS.

use samar::pixel::{Family, Finding, Geometry, family};

use crate::build::*;

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
