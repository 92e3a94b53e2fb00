//! JPEG XL codestreams and containers.

use samar::pixel::{Family, Finding, Geometry};

use crate::build::*;

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
