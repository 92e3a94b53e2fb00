//! JPEG 2000 codestreams and JP2 files.

use samar::pixel::Family;

use crate::build::*;

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
