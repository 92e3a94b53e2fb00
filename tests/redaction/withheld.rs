//! Images that a rule speaks of and that cannot be blanked: none of them is written.

use samar::dicom::{Encoding, Vr};

use crate::build::{text, words};
use crate::codecs::{SMALL, frame};
use crate::fragments::encapsulated;
use crate::shape::{GREY, Shape};
use crate::{blanking, site, withheld, written};

const SYNTAXES: [(&str, &str); 6] = [
    ("1.2.840.10008.1.2.4.50", "grey8.jpg"),
    ("1.2.840.10008.1.2.4.70", "grey8.ljpg"),
    ("1.2.840.10008.1.2.4.80", "grey8.jls"),
    ("1.2.840.10008.1.2.4.90", "grey8.j2k"),
    ("1.2.840.10008.1.2.4.201", "grey8.jph"),
    ("1.2.840.10008.1.2.4.110", "grey8.jxl"),
];

#[test]
fn a_frame_that_is_not_all_there_is_withheld() {
    let deidentifier = blanking(3, 2, 9, 7);
    for (syntax, name) in SYNTAXES {
        let whole = frame(name);
        for len in [whole.len() / 2, whole.len() - 20] {
            // Of the first frame, or of the last one.
            for order in [0, 1] {
                let mut frames = [whole.clone(), whole.clone()];
                frames[order].truncate(len);
                let image = encapsulated(Shape { frames: 2, ..SMALL }, &frames, true);
                let reason = withheld(&deidentifier, &image.file_in(syntax, Encoding::EXPLICIT_LE));
                assert_eq!(reason, "broken-codestream", "{name} {len}");
            }
        }
    }
}

#[test]
fn a_codestream_of_another_size_or_of_other_components_is_withheld() {
    let deidentifier = blanking(3, 2, 9, 7);
    for (syntax, name) in SYNTAXES {
        for shape in [
            Shape {
                rows: 24,
                columns: 20,
                ..SMALL
            },
            Shape { rows: 19, ..SMALL },
            Shape {
                columns: 48,
                ..SMALL
            },
            SMALL.colour("RGB"),
        ] {
            let image = encapsulated(shape, &[frame(name)], true);
            let reason = withheld(&deidentifier, &image.file_in(syntax, Encoding::EXPLICIT_LE));
            assert_eq!(reason, "broken-codestream", "{name} {shape:?}");
        }
    }
}

#[test]
fn damaged_frames_are_withheld_or_blanked() {
    let deidentifier = blanking(3, 2, 9, 7);
    for (syntax, name) in SYNTAXES {
        let whole = frame(name);
        for n in 0..40 {
            let mut damaged = whole.clone();
            let at = whole.len() / 4 + n * whole.len() / 60;
            damaged[at] ^= 0x55;
            let image = encapsulated(SMALL, &[damaged], true);
            let file = image.file_in(syntax, Encoding::EXPLICIT_LE);
            match crate::build::clean_with(&deidentifier, &file) {
                Ok(out) => assert_eq!(out.verified.redacted().pixels, 63),
                Err(refusal) => assert_eq!(refusal.fate, samar::deid::Fate::Quarantined),
            }
        }
    }
}

#[test]
fn progressive_jpeg_and_video_are_withheld() {
    let deidentifier = blanking(3, 2, 9, 7);
    let image = encapsulated(SMALL, &[frame("progressive.jpg")], true);
    for syntax in ["1.2.840.10008.1.2.4.55", "1.2.840.10008.1.2.4.50"] {
        let file = image.file_in(syntax, Encoding::EXPLICIT_LE);
        assert_eq!(withheld(&deidentifier, &file), "codec");
        written(&site(""), &file);
    }
    let stream = b"\0\0\x01\xB3not a film".to_vec();
    for syntax in [
        "1.2.840.10008.1.2.4.100",
        "1.2.840.10008.1.2.4.102",
        "1.2.840.10008.1.2.4.107",
    ] {
        let image = encapsulated(SMALL, std::slice::from_ref(&stream), false);
        let accepting = site(
            "accept:\n  - {id: video, do: accept, because: test}\npixels:\n  - {id: text, when: Modality == \"CT\", regions: [[3, 2, 9, 7]], because: seen}\n",
        );
        assert_eq!(
            withheld(&accepting, &image.file_in(syntax, Encoding::EXPLICIT_LE)),
            "codec"
        );
    }
}

#[test]
fn an_image_in_which_nothing_says_what_is_black_is_withheld() {
    for photometric in ["HSV", "CMYK", "STRANGE"] {
        let shape = GREY.colour(photometric);
        let file = shape
            .image(&shape.picture(), Vr::OB, Encoding::EXPLICIT_LE)
            .file(Encoding::EXPLICIT_LE);
        assert_eq!(
            withheld(&blanking(2, 1, 5, 3), &file),
            "photometric-interpretation"
        );
    }
}

#[test]
fn bits_that_contradict_each_other_are_withheld() {
    for (stored, high) in [(0, 0), (9, 8), (8, 8), (8, 3)] {
        let file = GREY
            .image(&GREY.picture(), Vr::OB, Encoding::EXPLICIT_LE)
            .with(words(0x0028_0101, Vr::US, &[stored]))
            .with(words(0x0028_0102, Vr::US, &[high]))
            .file(Encoding::EXPLICIT_LE);
        assert_eq!(withheld(&blanking(2, 1, 5, 3), &file), "pixel-geometry");
    }
}

#[test]
fn a_declared_annotation_that_no_rule_blanks_is_withheld() {
    let file = GREY
        .image(&GREY.picture(), Vr::OB, Encoding::EXPLICIT_LE)
        .with(text(0x0028_0301, Vr::CS, "YES"))
        .file(Encoding::EXPLICIT_LE);
    let none = site(&crate::rule("text", "burned_in: none"));
    assert_eq!(withheld(&none, &file), "burned-in-annotation");
    written(&blanking(2, 1, 5, 3), &file);
}
