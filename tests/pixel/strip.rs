//! Taking out what is not image: a frame with something foreign in it becomes the frame built without it.

use samar::pixel::{Family, Finding, Geometry, StripError, strip};

use crate::build::*;

#[track_caller]
fn becomes(family: Family, frame: &[u8], expected: &[u8]) {
    assert!(
        matches!(look(family, &SMALL, frame), Finding::Foreign(_)),
        "the test's own frame is not foreign"
    );
    assert_eq!(strip(family, &SMALL, frame).as_deref(), Ok(expected));
    clean(family, expected);
}

#[track_caller]
fn bound(family: Family, frame: &[u8], kind: &'static str) {
    assert_eq!(
        strip(family, &SMALL, frame),
        Err(StripError::Bound(kind)),
        "{kind}"
    );
}

/// `extra` in front of the last scan, and behind it.
fn around_the_scan(extra: &[u8]) -> Vec<u8> {
    let frame = jpeg(&[]);
    let scan = frame.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
    let end = frame.len() - 2;
    [
        &frame[..scan],
        extra,
        &frame[scan..end],
        extra,
        &frame[end..],
    ]
    .concat()
}

const JFIF: [u8; 14] = *b"JFIF\0\x01\x01\x01\0\x48\0\x48\0\0";
const ADOBE: [u8; 12] = *b"Adobe\0\x64\0\0\0\0\x01";

#[test]
fn jpeg_comments_and_application_segments_go_wherever_they_stand() {
    for marker in [0xFE, 0xE0, 0xE1, 0xE2, 0xE8, 0xED, 0xEE, 0xEF] {
        let extra = segment(marker, b"MILLER^ANN");
        becomes(Family::Jpeg, &jpeg(&extra), &jpeg(&[]));
        becomes(Family::Jpeg, &around_the_scan(&extra), &jpeg(&[]));
        becomes(Family::JpegLs, &jpeg_ls(&extra), &jpeg_ls(&[]));
    }
    let behind = [&jpeg(&[])[..], b"MILLER"].concat();
    becomes(Family::Jpeg, &behind, &jpeg(&[]));
    let second = [jpeg(&[]), jpeg(&segment(0xE1, b"Exif\0\0MILLER"))].concat();
    becomes(Family::Jpeg, &second, &jpeg(&[]));
    let padded = [jpeg(&segment(0xFE, b"MILLER")), vec![0]].concat();
    becomes(Family::Jpeg, &padded, &jpeg(&[]));
}

#[test]
fn colour_of_jpeg_stays() {
    let plain = [segment(0xE0, &JFIF), segment(0xEE, &ADOBE)].concat();
    let with = |extra: &[u8]| jpeg(&[&plain[..], extra].concat());
    becomes(
        Family::Jpeg,
        &with(&segment(0xFE, b"MILLER")),
        &jpeg(&plain),
    );

    let mut thumbnail = JFIF.to_vec();
    thumbnail[12..].copy_from_slice(&[1, 2]);
    thumbnail.extend(b"MILLER");
    let jfif = segment(0xE0, &JFIF);
    becomes(
        Family::Jpeg,
        &jpeg(&segment(0xE0, &thumbnail)),
        &jpeg(&jfif),
    );
    let extension = [&jfif[..], &segment(0xE0, b"JFXX\0\x10MILLER")].concat();
    becomes(Family::Jpeg, &jpeg(&extension), &jpeg(&jfif));

    let long = segment(0xEE, &[&ADOBE[..], b"MILLER"].concat());
    becomes(Family::Jpeg, &jpeg(&long), &jpeg(&segment(0xEE, &ADOBE)));
    let mut unknown = ADOBE;
    unknown[11] = 9;
    let kind = "JPEG APP14 segment that is not Adobe's";
    bound(Family::Jpeg, &jpeg(&segment(0xEE, &unknown)), kind);
}

#[test]
fn what_decides_the_samples_of_jpeg_ls_is_refused() {
    bound(
        Family::JpegLs,
        &jpeg_ls(&segment(0xF8, &[2, 1, 1, 0, 0, 0])),
        "JPEG-LS mapping table",
    );
    bound(
        Family::JpegLs,
        &jpeg_ls(&segment(0xE8, b"mrfx\x09")),
        "JPEG APP8 segment that is no SPIFF header",
    );
}

/// TLM with the tile's number in one byte and lengths in four.
fn tlm(len: u32) -> Vec<u8> {
    segment(0x55, &[&[0, 0x50, 0][..], &len.to_be_bytes()].concat())
}

#[test]
fn jpeg_2000_comments_go_and_lengths_follow() {
    let miller = com(1, b"MILLER^ANN");
    let signature = com(1, b"Kakadu-v7.3.3");
    becomes(Family::Jpeg2000, &j2k(&miller, &[]), &j2k(&[], &[]));
    becomes(Family::Jpeg2000, &j2k(&[], &miller), &j2k(&[], &[]));
    let mixed = [&miller[..], &signature, &com(0, &[1, 2, 3])].concat();
    let kept = j2k(&signature, &signature);
    becomes(Family::Jpeg2000, &j2k(&mixed, &mixed), &kept);
    let behind = [&j2k(&[], &miller)[..], b"MILLER"].concat();
    becomes(Family::Jpeg2000, &behind, &j2k(&[], &[]));

    let len = 18 + miller.len() as u32;
    becomes(
        Family::Jpeg2000,
        &j2k(&tlm(len), &miller),
        &j2k(&tlm(18), &[]),
    );
    // Short form: no number of the tile, lengths in two bytes.
    let short = |len: u32| segment(0x55, &[0, 0, 0, len as u8]);
    becomes(
        Family::Jpeg2000,
        &j2k(&short(len), &miller),
        &j2k(&short(18), &[]),
    );
    let unmatched = "JPEG 2000 TLM that does not match the tile-parts";
    bound(Family::Jpeg2000, &j2k(&tlm(len + 1), &miller), unmatched);
    let twice = [tlm(len), tlm(len)].concat();
    bound(Family::Jpeg2000, &j2k(&twice, &miller), unmatched);
    // Nothing in a tile-part changes: TLM is as right or wrong as it was.
    let main = [tlm(len), miller.clone()].concat();
    becomes(Family::Jpeg2000, &j2k(&main, &[]), &j2k(&tlm(len), &[]));

    let unknown = segment(0x6F, b"MILLER");
    bound(
        Family::Jpeg2000,
        &j2k(&unknown, &[]),
        "unknown JPEG 2000 segment",
    );
}

#[test]
fn a_tile_part_without_a_length_stays_without() {
    let open = |frame: Vec<u8>| {
        let mut frame = frame;
        let sot = frame.windows(2).position(|w| w == [0xFF, 0x90]).unwrap();
        frame[sot + 6..sot + 10].fill(0);
        frame
    };
    let miller = com(1, b"MILLER^ANN");
    becomes(
        Family::Jpeg2000,
        &open(j2k(&[], &miller)),
        &open(j2k(&[], &[])),
    );
    let len = 18 + miller.len() as u32;
    becomes(
        Family::Jpeg2000,
        &open(j2k(&tlm(len), &miller)),
        &open(j2k(&tlm(18), &[])),
    );
}

#[test]
fn jp2_files_with_foreign_boxes_become_their_codestream() {
    let bare = j2k(&[], &[]);
    for kind in [
        b"xml ", b"uuid", b"uinf", b"asoc", b"lbl ", b"jp2i", b"MILL",
    ] {
        becomes(Family::Jpeg2000, &jp2(&boxed(kind, b"MILLER")), &bare);
    }
    let after = [&jp2(&[])[..], &boxed(b"xml ", b"<p>MILLER</p>")].concat();
    becomes(Family::Jpeg2000, &after, &bare);
    let behind = [&jp2(&[])[..], b"MILLER"].concat();
    becomes(Family::Jpeg2000, &behind, &bare);

    let header = |inner: &[u8]| boxed(b"jp2h", inner);
    let profile = boxed(b"colr", b"\x02\0\0MILLER");
    becomes(Family::Jpeg2000, &jp2(&header(&profile)), &bare);
    let straight = boxed(b"cdef", &[0, 1, 0, 0, 0, 0, 0, 1]);
    let both = [profile.clone(), straight].concat();
    becomes(Family::Jpeg2000, &jp2(&header(&both)), &bare);
}

#[test]
fn jp2_files_whose_boxes_decide_what_is_shown_are_refused() {
    let xml = boxed(b"xml ", b"MILLER");
    for (inner, kind) in [
        (boxed(b"pclr", &[0, 1, 1, 7, 0]), "JP2 palette"),
        (
            boxed(b"cdef", &[0, 1, 0, 0, 0, 0, 0, 3]),
            "JP2 channels in another order",
        ),
        (boxed(b"colr", &[1, 0, 0, 0, 0, 0, 18]), "JP2 colour space"),
    ] {
        let extra = [xml.clone(), boxed(b"jp2h", &inner)].concat();
        bound(Family::Jpeg2000, &jp2(&extra), kind);
    }
    bound(
        Family::Jpeg2000,
        &jp2(&boxed(b"jplh", b"MILLER")),
        "JPX box that decides what is shown",
    );
    let second = [jp2(&[]), boxed(b"jp2c", &j2k(&[], &[]))].concat();
    bound(Family::Jpeg2000, &second, "second image in a JP2 file");
}

#[test]
fn boxes_of_jpeg_xl_that_are_not_image_go() {
    let image = boxed(b"jxlc", &jxl(&GREY));
    let plain = jxl_container(&image);
    for kind in [b"Exif", b"xml ", b"jumb", b"brob", b"jbrd", b"MILL"] {
        let foreign = boxed(kind, b"MILLER");
        let around = [&foreign[..], &image, &foreign].concat();
        becomes(Family::JpegXl, &jxl_container(&around), &plain);
    }
    // A last box that is open to the end.
    let open = [&plain[..], &[0, 0, 0, 0], b"Exif", b"MILLER"].concat();
    becomes(Family::JpegXl, &open, &plain);
    let second = jxl_container(&[image.clone(), image].concat());
    bound(
        Family::JpegXl,
        &second,
        "second image in a JPEG XL container",
    );
    bound(
        Family::JpegXl,
        &jxl(&[(0, 1), (1, 1), (0, 3), (0, 1), (1, 1)]),
        "JPEG XL preview image",
    );
}

#[test]
fn rle_offsets_follow_what_was_behind_a_segment() {
    let two = Geometry {
        bits_allocated: 16,
        ..SMALL
    };
    let runs = [129, 7, 129, 8, 129, 9];
    let frame = |behind: &[u8], end: &[u8]| {
        let mut frame = [0; 64];
        frame[0] = 2;
        frame[4] = 64;
        frame[8] = 64 + 6 + behind.len() as u8;
        [&frame[..], &runs, behind, &runs, end].concat()
    };
    for behind in [&b"MILLER"[..], b"ANN"] {
        let foreign = frame(behind, behind);
        assert_eq!(
            strip(Family::Rle, &two, &foreign),
            Ok(frame(&[], &[])),
            "{behind:?}"
        );
    }
    let mut unused = rle();
    unused[60..64].copy_from_slice(b"MILL");
    becomes(Family::Rle, &unused, &rle());
    // A run of an odd length keeps its pad byte, or the second segment would begin at an odd offset.
    let odd = |behind: &[u8]| {
        let mut frame = [0; 64];
        frame[0] = 2;
        frame[4] = 64;
        frame[8] = 64 + 7 + behind.len() as u8;
        [&frame[..], &[128], &runs, behind, &runs].concat()
    };
    assert_eq!(strip(Family::Rle, &two, &odd(b"ANN")), Ok(odd(&[0])));
    assert_eq!(look(Family::Rle, &two, &odd(&[0])), Finding::Clean);
}

#[test]
fn bytes_behind_other_frames_go() {
    let image = vec![7u8; 16 * 24];
    let with = |frame: &[u8]| [frame, b"MILLER"].concat();
    becomes(
        Family::DeflatedFrame,
        &with(&deflated(&image)),
        &deflated(&image),
    );
    becomes(Family::EncapsulatedUncompressed, &with(&image), &image);
}

#[test]
fn errors_say_what_and_what_to_do() {
    let malformed = strip(Family::Video, &SMALL, &[0; 4]).unwrap_err();
    assert_eq!(
        malformed.to_string(),
        "the frame cannot be vouched for: video is not inspected\nhelp: the pixel data is damaged; leave it out"
    );
    let bound = strip(
        Family::JpegLs,
        &SMALL,
        &jpeg_ls(&segment(0xE8, b"mrfx\x09")),
    )
    .unwrap_err();
    assert_eq!(
        bound.to_string(),
        "bound to the image: JPEG APP8 segment that is no SPIFF header\nhelp: decode and encode the image again, or leave it out"
    );
}
