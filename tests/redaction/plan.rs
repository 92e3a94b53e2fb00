//! Which pixels the rules name.

use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Vr};

use crate::build::{DataSet, Node, ct, listing, nested, open, raw, sequence, value_bytes};
use crate::shape::GREY;
use crate::{ENCODINGS, PIXEL_DATA, blanking, entry, pixel_data, rule, site, withheld, written};

/// The pixels that are blanked on an image of 9 x 7, row by row: `#` or `.`.
#[track_caller]
fn drawn(deidentifier: &Deidentifier) -> Vec<String> {
    draw(
        deidentifier,
        &GREY.image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE),
    )
}

#[track_caller]
fn draw(deidentifier: &Deidentifier, image: &DataSet) -> Vec<String> {
    let out = written(deidentifier, &image.file(Encoding::EXPLICIT_LE));
    let samples = pixel_data(&out.bytes);
    let rows = samples[..63].chunks(9);
    let of_row = |row: &[u8]| {
        row.iter()
            .map(|v| if *v == 0 { '#' } else { '.' })
            .collect()
    };
    let drawn: Vec<String> = rows.map(of_row).collect();
    let count = drawn.concat().matches('#').count() as u64;
    assert_eq!(out.verified.redacted().pixels, count);
    drawn
}

#[test]
fn what_all_matching_rules_name_is_united() {
    let rules = [
        entry("a", "regions: [[0, 0, 3, 2], [2, 1, 3, 1]]"),
        entry("b", "regions: [[4, 1, 2, 4], [8, 6, 1, 1]]"),
        entry("none", "burned_in: none"),
        entry("c", "regions: [[0, 5, 100, 1]]"),
        "  - {id: other, when: Modality == \"MR\", regions: [[0, 0, 9, 7]], because: seen}\n"
            .into(),
    ];
    let deidentifier = site(&format!("pixels:\n{}", rules.concat()));
    let expected = [
        "###......",
        "######...",
        "....##...",
        "....##...",
        "....##...",
        "#########",
        "........#",
    ];
    assert_eq!(drawn(&deidentifier), expected);
    let file = GREY
        .image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    let out = written(&deidentifier, &file);
    assert_eq!(out.verified.redacted().rules, ["a", "b", "none", "c"]);
}

#[test]
fn relative_regions_are_rounded_outwards() {
    // Rows 0.7 to 1.4, columns 2.7 to 4.5.
    let deidentifier = site(&rule("text", "regions: [[30%, 10%, 20%, 10%]]"));
    let expected = [
        "..###....",
        "..###....",
        ".........",
        ".........",
        ".........",
        ".........",
        ".........",
    ];
    assert_eq!(drawn(&deidentifier), expected);
    let whole = site(&rule("text", "regions: [[0%, 0%, 100%, 100%]]"));
    assert_eq!(drawn(&whole).concat(), "#".repeat(63));
}

#[test]
fn an_image_of_another_size_is_withheld() {
    let file = GREY
        .image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    for (size, fits) in [
        ("[9, 7]", true),
        ("[7, 9]", false),
        ("[[10, 7], [9, 7]]", true),
        ("[9, 8]", false),
        ("[any, 7]", true),
        ("[any, 6]", false),
        ("[9, any]", true),
        ("[any, any]", true),
        ("[<=9, 7]", true),
        ("[<=8, 7]", false),
        ("['<= 10', <=7]", true),
        ("[9, <=6]", false),
        ("[[<=8, 7], [<=9, 6], [any, <=7]]", true),
    ] {
        let deidentifier = site(&rule(
            "text",
            &format!("size: {size}, regions: [[0, 0, 2, 2]]"),
        ));
        if fits {
            assert_eq!(written(&deidentifier, &file).verified.redacted().pixels, 4);
        } else {
            assert_eq!(withheld(&deidentifier, &file), "size-guard", "{size}");
        }
    }
}

#[test]
fn of_several_rules_those_that_fit_are_applied() {
    let file = GREY
        .image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    let of = |rules: &[String]| site(&format!("pixels:\n{}", rules.concat()));
    let small = entry("small", "size: [8, 7], regions: [[0, 0, 8, 2]]");
    let large = entry("large", "size: [any, 8], regions: [[0, 0, 9, 3]]");
    let right = entry("right", "size: [<=9, 7], regions: [[0, 0, 9, 1]]");
    let clean = entry("clean", "burned_in: none");
    let other = entry("other", "size: [8, 7], burned_in: none");

    for rules in [
        vec![small.clone(), right.clone(), large.clone()],
        vec![right.clone(), small.clone()],
        vec![right.clone(), other.clone()],
    ] {
        let out = written(&of(&rules), &file);
        assert_eq!(out.verified.redacted().rules, ["right"]);
        assert_eq!(out.verified.redacted().pixels, 9);
    }
    // A device without text is no answer to a rule that would blank.
    for rules in [
        vec![small.clone(), large],
        vec![clean.clone(), small.clone()],
        vec![small, clean.clone()],
        vec![other.clone()],
    ] {
        assert_eq!(withheld(&of(&rules), &file), "size-guard", "{rules:?}");
    }
    let out = written(&of(&[clean, other]), &file);
    assert_eq!(out.verified.redacted().pixels, 0);
}

#[test]
fn a_region_outside_the_image_is_withheld() {
    let file = GREY
        .image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE)
        .file(Encoding::EXPLICIT_LE);
    for (x, y) in [(9, 0), (0, 7), (65_535, 65_535)] {
        assert_eq!(withheld(&blanking(x, y, 3, 3), &file), "size-guard");
    }
    let two = site(&rule("text", "regions: [[0, 0, 1, 1], [9, 0, 1, 1]]"));
    assert_eq!(withheld(&two, &file), "size-guard");
    assert_eq!(
        written(&blanking(8, 6, 65_535, 65_535), &file)
            .verified
            .redacted()
            .pixels,
        1
    );
}

#[test]
fn a_rule_for_an_instance_without_pixels_is_withheld() {
    let without = ct().without(PIXEL_DATA).file(Encoding::EXPLICIT_LE);
    assert_eq!(withheld(&blanking(0, 0, 2, 2), &without), "no-pixels");
}

#[test]
fn a_device_without_text_is_left_alone_and_claims_nothing() {
    let deidentifier = site(&format!(
        "options: [clean-pixel-data]\n{}",
        rule("text", "burned_in: none")
    ));
    let plain = site("options: [clean-pixel-data]\n");
    for encoding in ENCODINGS {
        let file = ct().file(encoding);
        let out = written(&deidentifier, &file);
        assert!(!out.verified.redacted().is_blanked());
        assert_eq!(out.verified.redacted().rules, ["text"]);
        // All but the profile's own name and digest.
        let said = |file: &[u8]| {
            let lines = listing(&open(file));
            lines
                .into_iter()
                .filter(|line| !line.starts_with("00120063"))
                .collect::<Vec<_>>()
        };
        assert_eq!(said(&out.bytes), said(&written(&plain, &file).bytes));
    }
}

/// The calibrated regions of an ultrasound image, from their corners.
fn calibrated(corners: &[[u32; 4]], encoding: Encoding) -> Node {
    let items: Vec<Vec<Node>> = corners
        .iter()
        .map(|corners| {
            let tags = [0x0018_6018, 0x0018_601A, 0x0018_601C, 0x0018_601E];
            let number = |n: u32| {
                if encoding.big_endian {
                    n.to_be_bytes()
                } else {
                    n.to_le_bytes()
                }
            };
            tags.into_iter()
                .zip(corners)
                .map(|(tag, n)| raw(tag, Vr::UL, &number(*n)))
                .collect()
        })
        .collect();
    let items: Vec<&[Node]> = items.iter().map(Vec::as_slice).collect();
    nested(0x0018_6011, Vr::SQ, &items, encoding.big_endian)
}

const KEEP: &str = "keep_only: {from: SequenceOfUltrasoundRegions}";

#[test]
fn all_outside_the_calibrated_regions_is_blanked() {
    let deidentifier = site(&rule("us", KEEP));
    let image = |corners: &[[u32; 4]]| {
        GREY.image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE)
            .with(calibrated(corners, Encoding::EXPLICIT_LE))
    };
    // The maxima are inside.
    let expected = [
        "#########",
        "##....###",
        "##....###",
        "##....###",
        "#########",
        "#######..",
        "#######..",
    ];
    assert_eq!(
        draw(&deidentifier, &image(&[[2, 1, 5, 3], [7, 5, 8, 6]])),
        expected
    );
    // A region may reach over the edge.
    assert_eq!(
        draw(
            &deidentifier,
            &image(&[[2, 1, 5, 3], [7, 5, 4000, u32::MAX]])
        ),
        expected
    );
    // Such as have no area, lie outside or tell nothing are left out of account.
    let strange = [[0, 0, 0, 0], [4, 4, 2, 2], [9, 0, 12, 6], [0, 7, 3, 9]];
    let corners = [&[[2, 1, 5, 3]], &strange[..], &[[7, 5, 8, 6]]].concat();
    assert_eq!(draw(&deidentifier, &image(&corners)), expected);
    // What else is named is blanked inside too.
    let both = site(&format!(
        "pixels:\n{}{}",
        entry("us", KEEP),
        entry("more", "regions: [[3, 2, 1, 1]]")
    ));
    let drawn = draw(&both, &image(&[[2, 1, 5, 3], [7, 5, 8, 6]]));
    assert_eq!(drawn[2], "##.#..###");
}

#[test]
fn calibrated_regions_are_read_in_every_encoding() {
    let deidentifier = site(&rule("us", KEEP));
    for encoding in ENCODINGS {
        let picture = GREY.picture();
        let image = GREY
            .image(&picture, Vr::OW, encoding)
            .with(calibrated(&[[0, 1, 8, 6]], encoding));
        let out = written(&deidentifier, &image.file(encoding));
        assert!(
            GREY.read(&out.bytes, Vr::OW, encoding) == GREY.filled(&picture, [0, 0, 9, 1], &[0])
        );
    }
}

#[test]
fn an_image_whose_regions_say_nothing_is_withheld() {
    let deidentifier = site(&rule("us", KEEP));
    let image = GREY.image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE);
    let lists: [&[[u32; 4]]; 6] = [
        &[],
        &[[0, 0, 8, 6]],
        &[[0, 0, 0, 0]],
        &[[9, 0, 12, 6], [0, 7, 8, 8]],
        // One that holds the banner cannot be believed.
        &[[0, 0, 8, 3], [0, 3, 8, 6]],
        &[[5, 5, 3, 3]],
    ];
    for corners in lists {
        let file = image
            .clone()
            .with(calibrated(corners, Encoding::EXPLICIT_LE))
            .file(Encoding::EXPLICIT_LE);
        assert_eq!(
            withheld(&deidentifier, &file),
            "ultrasound-regions",
            "{corners:?}"
        );
    }
    assert_eq!(
        withheld(&deidentifier, &image.file(Encoding::EXPLICIT_LE)),
        "ultrasound-regions"
    );
    let half: &[Node] = &[raw(0x0018_6018, Vr::UL, &[1, 0, 0, 0])];
    let file = image
        .clone()
        .with(sequence(0x0018_6011, &[half]))
        .file(Encoding::EXPLICIT_LE);
    assert_eq!(withheld(&deidentifier, &file), "ultrasound-regions");
}

#[test]
fn very_many_regions_are_no_regions() {
    // Each would have to be held against each other one.
    let corners: Vec<[u32; 4]> = (0..20_000)
        .map(|n| [n % 7, n % 5, n % 7 + 1, n % 5 + 1])
        .collect();
    let file = GREY
        .image(&[200; 63], Vr::OB, Encoding::EXPLICIT_LE)
        .with(calibrated(&corners, Encoding::EXPLICIT_LE))
        .file(Encoding::EXPLICIT_LE);
    assert_eq!(
        withheld(&site(&rule("us", KEEP)), &file),
        "ultrasound-regions"
    );
}

#[test]
fn every_frame_is_blanked_alike() {
    let shape = crate::shape::Shape { frames: 4, ..GREY };
    let picture = shape.picture();
    let out = written(
        &blanking(2, 1, 5, 3),
        &shape
            .image(&picture, Vr::OB, Encoding::EXPLICIT_LE)
            .file(Encoding::EXPLICIT_LE),
    );
    let expected = shape.filled(&picture, [2, 1, 5, 3], &[0]);
    assert!(shape.read(&out.bytes, Vr::OB, Encoding::EXPLICIT_LE) == expected);
    assert_eq!(out.verified.redacted().frames, 4);
    assert!(value_bytes(&crate::build::open(&out.bytes), PIXEL_DATA).is_some());
}
