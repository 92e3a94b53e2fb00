//! Compressed frames, made by encoders that samar does not use, through the whole engine.

use samar::dicom::{Encoding, Vr};

use crate::build::{DataSet, Node, Value, open, text, value};
use crate::decoders::{Decode, deflate, inflated, j2k, jls, jpeg, jxl, pack, packed, raw};
use crate::fragments::{encapsulated, frames_of};
use crate::shape::{GREY, Shape};
use crate::{blanking, rule, site, written};

const RECT: [usize; 4] = [3, 2, 9, 7];
const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
const JPEG_EXTENDED: &str = "1.2.840.10008.1.2.4.51";
const JPEG_LOSSLESS: &str = "1.2.840.10008.1.2.4.70";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const JPEG_LS_NEAR: &str = "1.2.840.10008.1.2.4.81";
const JPEG_2000_LOSSLESS: &str = "1.2.840.10008.1.2.4.90";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.91";
const HTJ2K_LOSSLESS: &str = "1.2.840.10008.1.2.4.201";
const JPEG_XL_LOSSLESS: &str = "1.2.840.10008.1.2.4.110";
const RLE: &str = "1.2.840.10008.1.2.5";
const DEFLATED_FRAME: &str = "1.2.840.10008.1.2.8.1";
const UNCOMPRESSED: &str = "1.2.840.10008.1.2.1.98";

/// The size of the frames in `frames/`.
pub(crate) const SMALL: Shape = Shape {
    rows: 20,
    columns: 24,
    ..GREY
};

pub(crate) fn frame(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/tests/redaction/frames/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).unwrap()
}

/// The samples of the frames in `frames/`: of 12 bits, or of 8.
fn picture(shape: Shape) -> Vec<u64> {
    let samples = usize::from(shape.samples);
    let value = |n: usize| {
        let (pixel, component) = (n / samples, n % samples);
        let (x, y) = (pixel % 24, pixel / 24);
        match (samples, shape.allocated) {
            (1, 8) => (x * 7 + y * 13) % 251,
            (1, _) => (x * 97 + y * 211) % 4096,
            _ => (x * 7 + y * 13 + component * 71) % 256,
        }
    };
    (0..shape.len()).map(|n| value(n) as u64).collect()
}

/// Two frames, blanked and compared sample by sample.
#[track_caller]
fn check(shape: Shape, syntax: &str, frame: &[u8], decode: Decode, fill: &[u64]) -> DataSet {
    let before = decode(&shape, frame);
    let expected = shape.filled(&before, RECT, fill);
    let two = Shape { frames: 2, ..shape };
    let image = encapsulated(two, &[frame.to_vec(), frame.to_vec()], true);
    let out = written(
        &blanking(3, 2, 9, 7),
        &image.file_in(syntax, Encoding::EXPLICIT_LE),
    );
    let frames = frames_of(&out.bytes);
    assert_eq!(frames.len(), 2);
    for frame in &frames {
        assert!(decode(&shape, frame) == expected, "{syntax} {shape:?}");
    }
    let done = out.verified.redacted();
    assert_eq!((done.pixels, done.frames), (63, 2));
    image
}

/// As [`check`], of a frame whose samples are known.
#[track_caller]
fn lossless(shape: Shape, syntax: &str, frame: &[u8], decode: Decode, fill: &[u64]) {
    assert!(
        decode(&shape, frame) == picture(shape),
        "{syntax} {shape:?}"
    );
    let image = check(shape, syntax, frame, decode, fill);
    let out = written(
        &blanking(3, 2, 9, 7),
        &image.file_in(syntax, Encoding::EXPLICIT_LE),
    );
    assert!(!out.verified.redacted().recoded);
    assert_eq!(
        value(&open(&out.bytes), 0x0008_2111).as_deref(),
        Some("Regions with burned-in text were blanked")
    );
}

#[test]
fn lossless_codestreams_keep_every_sample_outside() {
    let twelve = SMALL.bits(16, 12);
    let colour = SMALL.colour("RGB");
    let inverted = Shape {
        photometric: "MONOCHROME1",
        ..twelve
    };
    lossless(SMALL, JPEG_LOSSLESS, &frame("grey8.ljpg"), jpeg, &[0]);
    lossless(twelve, JPEG_LOSSLESS, &frame("grey12.ljpg"), jpeg, &[0]);
    lossless(
        inverted,
        JPEG_LOSSLESS,
        &frame("grey12.ljpg"),
        jpeg,
        &[4095],
    );
    lossless(SMALL, JPEG_LS, &frame("grey8.jls"), jls, &[0]);
    lossless(SMALL.bits(16, 16), JPEG_LS, &frame("grey16.jls"), jls, &[0]);
    lossless(colour, JPEG_LS, &frame("rgb8.jls"), jls, &[0, 0, 0]);
    lossless(SMALL, JPEG_2000_LOSSLESS, &frame("grey8.j2k"), j2k, &[0]);
    lossless(twelve, JPEG_2000_LOSSLESS, &frame("grey12.j2k"), j2k, &[0]);
    lossless(
        inverted,
        JPEG_2000_LOSSLESS,
        &frame("grey12.j2k"),
        j2k,
        &[4095],
    );
    lossless(
        SMALL.colour("YBR_RCT"),
        JPEG_2000_LOSSLESS,
        &frame("rgb8.j2k"),
        j2k,
        &[0, 0, 0],
    );
    lossless(SMALL, HTJ2K_LOSSLESS, &frame("grey8.jph"), j2k, &[0]);
    lossless(SMALL, JPEG_XL_LOSSLESS, &frame("grey8.jxl"), jxl, &[0]);
    lossless(twelve, JPEG_XL_LOSSLESS, &frame("grey12.jxl"), jxl, &[0]);
    lossless(
        inverted,
        JPEG_XL_LOSSLESS,
        &frame("grey12.jxl"),
        jxl,
        &[4095],
    );
    lossless(
        colour,
        JPEG_XL_LOSSLESS,
        &frame("rgb8.jxl"),
        jxl,
        &[0, 0, 0],
    );
}

#[test]
fn frames_without_compression_of_their_own_are_blanked() {
    for shape in [SMALL, SMALL.bits(16, 12), SMALL.colour("RGB")] {
        let fill = [0, 0, 0];
        let bytes = shape.pack(&picture(shape), Vr::OB, Encoding::EXPLICIT_LE);
        lossless(shape, UNCOMPRESSED, &bytes, raw, &fill);
        lossless(shape, DEFLATED_FRAME, &deflate(&bytes), inflated, &fill);
        lossless(shape, RLE, &pack(&shape, &picture(shape)), packed, &fill);
    }
    let planar = Shape {
        planar: true,
        ..SMALL.colour("YBR_FULL")
    };
    let bytes = planar.pack(&picture(planar), Vr::OB, Encoding::EXPLICIT_LE);
    lossless(planar, UNCOMPRESSED, &bytes, raw, &[0, 128, 128]);
}

#[test]
fn odd_frames_are_padded_and_single_bits_begin_anew() {
    for syntax in [UNCOMPRESSED, DEFLATED_FRAME] {
        for (shape, rect) in [(GREY, [2, 1, 5, 3]), (GREY.bits(1, 1), [2, 1, 5, 3])] {
            let bytes = shape.pack(&shape.picture(), Vr::OB, Encoding::EXPLICIT_LE);
            let (one, decode): (_, Decode) = if syntax == UNCOMPRESSED {
                (bytes, raw)
            } else {
                (deflate(&bytes), inflated)
            };
            let two = Shape { frames: 2, ..shape };
            let file =
                encapsulated(two, &[one.clone(), one], true).file_in(syntax, Encoding::EXPLICIT_LE);
            let out = written(&blanking(2, 1, 5, 3), &file);
            for frame in frames_of(&out.bytes) {
                assert!(
                    decode(&shape, &frame) == shape.filled(&shape.picture(), rect, &[0]),
                    "{syntax} {shape:?}"
                );
            }
        }
    }
}

#[test]
fn lossy_wavelets_are_coded_without_further_loss_and_say_so() {
    for (shape, syntax, name, decode) in [
        (SMALL, JPEG_LS_NEAR, "near8.jls", jls as Decode),
        (SMALL, JPEG_2000, "lossy8.j2k", j2k),
        (SMALL.colour("YBR_ICT"), JPEG_2000, "lossyrgb8.j2k", j2k),
    ] {
        let image = check(shape, syntax, &frame(name), decode, &[0, 0, 0]).with(text(
            0x0028_2110,
            Vr::CS,
            "01",
        ));
        let out = written(
            &blanking(3, 2, 9, 7),
            &image.file_in(syntax, Encoding::EXPLICIT_LE),
        );
        assert!(out.verified.redacted().recoded, "{name}");
        let object = open(&out.bytes);
        let said = value(&object, 0x0008_2111).unwrap();
        assert!(said.ends_with("coded without loss"), "{said}");
        assert_eq!(value(&object, 0x0028_2110).as_deref(), Some("01"));
        let photometric = if shape.samples == 3 {
            "YBR_RCT"
        } else {
            "MONOCHROME2"
        };
        assert_eq!(value(&object, 0x0028_0004).as_deref(), Some(photometric));
    }
}

/// Decodes a baseline frame before and after, and compares what is further than `block` from the region.
#[track_caller]
fn baseline(shape: Shape, name: &str, inside: [usize; 4], touched: [usize; 4], black: &[u64]) {
    let before = frame(name);
    let image = encapsulated(shape, std::slice::from_ref(&before), true);
    let out = written(
        &blanking(3, 2, 5, 5),
        &image.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE),
    );
    let after = jpeg(&shape, &frames_of(&out.bytes)[0]);
    let before = jpeg(&shape, &before);
    let hidden = shape.filled(&before, touched, &[0, 0, 0]);
    assert!(
        shape.filled(&after, touched, &[0, 0, 0]) == hidden,
        "{name}"
    );
    assert!(
        shape.filled(&after, inside, black) == after,
        "{name} is not black inside"
    );
    assert_ne!(before, after);
    assert!(!out.verified.redacted().recoded);
}

#[test]
fn only_the_blocks_of_a_baseline_jpeg_change_that_touch_a_region() {
    baseline(SMALL, "grey8.jpg", [0, 0, 8, 8], [0, 0, 8, 8], &[0]);
    // Chrominance is interpolated across the borders of blocks.
    let colour = SMALL.colour("YBR_FULL_422");
    baseline(colour, "rgb8.jpg", [3, 2, 5, 5], [0, 0, 18, 18], &[0, 0, 0]);
}

#[test]
fn twelve_bits_of_jpeg_are_blanked() {
    let shape = SMALL.bits(16, 12);
    let image = encapsulated(shape, &[frame("grey12.jpg")], true);
    let out = written(
        &blanking(3, 2, 5, 5),
        &image.file_in(JPEG_EXTENDED, Encoding::EXPLICIT_LE),
    );
    assert_eq!(out.verified.redacted().pixels, 25);
    assert_ne!(frames_of(&out.bytes)[0], frame("grey12.jpg"));
}

#[test]
fn bits_beside_the_value_are_cleared_in_frames_too() {
    // The header says 10 bits, the codestream 12.
    let shape = SMALL.bits(16, 10);
    let expected: Vec<u64> = picture(SMALL.bits(16, 12))
        .iter()
        .map(|v| v & 0x3FF)
        .collect();
    for (syntax, name, decode) in [
        (JPEG_LOSSLESS, "grey12.ljpg", jpeg as Decode),
        (JPEG_2000_LOSSLESS, "grey12.j2k", j2k),
    ] {
        let image = encapsulated(shape, &[frame(name)], true);
        let out = written(&site(""), &image.file_in(syntax, Encoding::EXPLICIT_LE));
        assert!(out.verified.redacted().cleared_bits);
        assert!(
            decode(&shape, &frames_of(&out.bytes)[0]) == expected,
            "{name}"
        );
    }
    let dirty: Vec<u64> = shape.picture().iter().map(|v| v | 0x8000).collect();
    let image = encapsulated(shape, &[pack(&shape, &dirty)], false);
    let out = written(&site(""), &image.file_in(RLE, Encoding::EXPLICIT_LE));
    assert!(packed(&shape, &frames_of(&out.bytes)[0]) == shape.picture());
}

#[test]
fn the_mean_fills_compressed_frames() {
    let deidentifier = site(&format!(
        "redaction: {{fill: mean}}\n{}",
        rule("text", "regions: [[3, 2, 9, 7]]")
    ));
    let mean = |shape: Shape| {
        let picture = picture(shape);
        let kept = shape.filled(&vec![1; picture.len()], RECT, &[0]);
        let values: Vec<u64> = picture
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| **kept == 1)
            .map(|(v, _)| *v)
            .collect();
        (values.iter().sum::<u64>() + values.len() as u64 / 2) / values.len() as u64
    };
    let twelve = SMALL.bits(16, 12);
    for (shape, syntax, frame, decode) in [
        (SMALL, JPEG_LOSSLESS, frame("grey8.ljpg"), jpeg as Decode),
        (SMALL, JPEG_LS, frame("grey8.jls"), jls),
        (twelve, JPEG_2000_LOSSLESS, frame("grey12.j2k"), j2k),
        (twelve, JPEG_XL_LOSSLESS, frame("grey12.jxl"), jxl),
        (twelve, RLE, pack(&twelve, &picture(twelve)), packed),
        (
            SMALL,
            DEFLATED_FRAME,
            deflate(&SMALL.pack(&picture(SMALL), Vr::OB, Encoding::EXPLICIT_LE)),
            inflated,
        ),
    ] {
        let image = encapsulated(shape, &[frame], true);
        let out = written(&deidentifier, &image.file_in(syntax, Encoding::EXPLICIT_LE));
        let expected = shape.filled(&picture(shape), RECT, &[mean(shape)]);
        assert!(
            decode(&shape, &frames_of(&out.bytes)[0]) == expected,
            "{syntax}"
        );
    }
}

/// Pixel data of any fragments.
pub(crate) fn fragmented(fragments: Vec<Vec<u8>>) -> Node {
    Node {
        tag: samar::dicom::Tag::PIXEL_DATA,
        vr: Vr::OB,
        value: Value::Fragments(fragments),
    }
}
