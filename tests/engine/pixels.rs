//! Pixel data: untouched where nothing has to go, freed of what is not image, withheld where it cannot be vouched for.

use samar::dicom::{Encoding, Tag, Vr};

use super::{ENCODINGS, TOKEN, has_token};
use crate::build::{
    DataSet, JPEG_BASELINE, Node, Value, bytes_of, clean, clean_with, ct, holds, jpeg, jpeg_ct,
    open, pixels, raw, reason, segment, text, value_bytes, words,
};

const PIXEL_DATA: u32 = 0x7FE0_0010;

#[test]
fn native_samples_keep_their_bytes() {
    for encoding in ENCODINGS {
        let file = ct().file(encoding);
        let samples = bytes_of(&[words(PIXEL_DATA, Vr::OW, &pixels())], encoding);
        let out = clean(&file).unwrap().bytes;
        assert!(
            file.ends_with(&samples) && out.ends_with(&samples),
            "{encoding:?}"
        );
    }
    let out = clean(&ct().deflated()).unwrap().bytes;
    let expected: Vec<u8> = pixels().iter().flat_map(|n| n.to_le_bytes()).collect();
    assert_eq!(value_bytes(&open(&out), PIXEL_DATA).unwrap(), expected);
}

#[test]
fn fragments_keep_their_bytes_and_their_offset_table() {
    let frames = [
        jpeg(b""),
        jpeg(&segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")),
    ];
    let mut dataset = jpeg_ct(&[&frames[0], &frames[1]]);
    let second = frames[0].len().next_multiple_of(2) as u32 + 8;
    if let Some(Value::Fragments(fragments)) = dataset.0.last_mut().map(|node| &mut node.value) {
        fragments[0] = [0u32.to_le_bytes(), second.to_le_bytes()].concat();
    }
    let file = dataset.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    let fragments = bytes_of(&dataset.0[dataset.0.len() - 1..], Encoding::EXPLICIT_LE);
    let out = clean(&file).unwrap().bytes;
    assert!(file.ends_with(&fragments) && out.ends_with(&fragments));
}

#[test]
fn large_pixel_data_is_not_copied_through_memory() {
    let samples: Vec<u8> = (0..1u32 << 20).map(|n| (n * 7 % 251) as u8).collect();
    let dataset = ct()
        .with(words(0x0028_0010, Vr::US, &[1024]))
        .with(words(0x0028_0011, Vr::US, &[512]))
        .with(words(0x0028_0101, Vr::US, &[16]))
        .with(words(0x0028_0102, Vr::US, &[15]))
        .with(raw(PIXEL_DATA, Vr::OW, &samples));
    for encoding in ENCODINGS {
        let out = clean(&dataset.file(encoding)).unwrap();
        assert!(out.verified.memory().len() < 4096);
        assert_eq!(out.verified.len(), out.bytes.len() as u64);
        assert!(out.bytes.ends_with(&samples));
    }
}

#[test]
fn bytes_behind_the_image_are_cut_off_and_counted() {
    for encoding in ENCODINGS {
        // Small enough to be in memory, and left in the source.
        for side in [16u16, 256] {
            let image: Vec<u8> = vec![9; usize::from(side) * usize::from(side) * 2];
            let sized = |bytes: &[u8]| {
                ct().with(words(0x0028_0010, Vr::US, &[side]))
                    .with(words(0x0028_0011, Vr::US, &[side]))
                    .with(raw(PIXEL_DATA, Vr::OW, bytes))
                    .file(encoding)
            };
            let longer = [image.clone(), format!("{TOKEN}^Anna ").into_bytes()].concat();
            let out = clean(&sized(&longer)).unwrap();
            assert!(
                out.bytes == clean(&sized(&image)).unwrap().bytes,
                "{encoding:?} {side}"
            );
            assert_eq!(
                out.verified.counts().trailing_bytes,
                longer.len() as u64 - image.len() as u64
            );
            assert!(!has_token(&out.bytes));
        }
    }
}

#[test]
fn elements_behind_a_cut_image_stay_in_place() {
    let longer = vec![1; 512 + 100];
    for encoding in ENCODINGS {
        let file = ct()
            .with(raw(PIXEL_DATA, Vr::OW, &longer))
            .with(raw(0xFFFC_FFFC, Vr::OB, TOKEN.as_bytes()))
            .file(encoding);
        let out = clean(&file).unwrap().bytes;
        assert_eq!(value_bytes(&open(&out), PIXEL_DATA).unwrap().len(), 512);
        assert!(!has_token(&out));
    }
}

#[test]
fn an_odd_image_keeps_its_padding_byte() {
    let file = ct()
        .with(words(0x0028_0010, Vr::US, &[3]))
        .with(words(0x0028_0011, Vr::US, &[5]))
        .with(words(0x0028_0100, Vr::US, &[8]))
        .with(words(0x0028_0101, Vr::US, &[8]))
        .with(words(0x0028_0102, Vr::US, &[7]))
        .with(raw(PIXEL_DATA, Vr::OB, &[5; 16]))
        .file(Encoding::EXPLICIT_LE);
    let out = clean(&file).unwrap();
    assert_eq!(out.verified.counts().trailing_bytes, 0);
    assert!(out.bytes.ends_with(&[5; 16]));
}

#[test]
fn an_image_that_is_not_all_there_is_withheld() {
    for encoding in ENCODINGS {
        for len in [0, 2, 256, 510] {
            let file = ct()
                .with(raw(PIXEL_DATA, Vr::OW, &vec![1; len]))
                .file(encoding);
            assert_eq!(reason(&file), "truncated", "{len} {encoding:?}");
        }
        let more = ct().with(text(0x0028_0008, Vr::IS, "2")).file(encoding);
        assert_eq!(reason(&more), "truncated", "one frame of two, {encoding:?}");
    }
}

#[test]
fn an_image_without_a_size_or_of_a_monstrous_one_is_withheld() {
    for tag in [0x0028_0010, 0x0028_0011] {
        assert_eq!(
            reason(&ct().without(tag).file(Encoding::EXPLICIT_LE)),
            "pixel-geometry"
        );
        let zero = ct().with(words(tag, Vr::US, &[0]));
        assert_eq!(reason(&zero.file(Encoding::EXPLICIT_LE)), "pixel-geometry");
    }
    let monster = ct()
        .with(text(0x0028_0008, Vr::IS, "2147483647"))
        .with(words(0x0028_0010, Vr::US, &[65535]))
        .with(words(0x0028_0011, Vr::US, &[65535]));
    assert_eq!(
        reason(&monster.file(Encoding::EXPLICIT_LE)),
        "pixel-geometry"
    );
    for frames in ["-1", "0", "many", "1e3", "99999999999"] {
        let file = ct()
            .with(text(0x0028_0008, Vr::IS, frames))
            .file(Encoding::EXPLICIT_LE);
        assert!(clean(&file).is_err(), "{frames} frames");
    }
}

#[test]
fn what_is_compressed_and_should_not_be_is_withheld_and_the_reverse() {
    let native = ct().file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    assert!(clean(&native).is_err());
    let fragments = jpeg_ct(&[&jpeg(b"")]);
    for encoding in [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE] {
        assert_eq!(
            reason(&fragments.file(encoding)),
            "pixel-encoding",
            "{encoding:?}"
        );
    }
}

#[test]
fn encapsulated_pixel_data_without_a_frame_is_withheld() {
    for fragments in [vec![], vec![vec![]], vec![vec![0, 0, 0, 0]]] {
        let node = Node {
            tag: Tag::PIXEL_DATA,
            vr: Vr::OB,
            value: Value::Fragments(fragments),
        };
        let file = jpeg_ct(&[&jpeg(b"")])
            .with(node)
            .file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
        assert!(clean(&file).is_err());
    }
}

#[test]
fn what_is_not_image_is_taken_out_of_a_codestream_and_nothing_else() {
    let in_jpeg = |data: DataSet| data.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    let (one, three) = (
        in_jpeg(jpeg_ct(&[&jpeg(b"")])),
        in_jpeg(jpeg_ct(&[&jpeg(b""), &jpeg(b""), &jpeg(b"")])),
    );
    let plain = vec![clean(&one).unwrap(), clean(&three).unwrap()];
    assert!(plain.iter().all(|out| !out.verified.redacted().stripped));
    for extra in [
        segment(0xFE, TOKEN.as_bytes()),
        segment(0xE1, format!("Exif\0\0{TOKEN}").as_bytes()),
        segment(0xED, TOKEN.as_bytes()),
        segment(0xE0, TOKEN.as_bytes()),
    ] {
        let first = jpeg_ct(&[&jpeg(&extra)]);
        let last = jpeg_ct(&[&jpeg(b""), &jpeg(b""), &jpeg(&extra)]);
        for (file, plain) in [first, last].into_iter().zip(&plain) {
            let out = clean(&in_jpeg(file)).unwrap();
            assert!(out.bytes == plain.bytes);
            let redacted = out.verified.redacted();
            assert!(redacted.stripped && !redacted.is_blanked());
        }
    }
}

#[test]
fn what_stands_behind_the_last_frame_goes() {
    let stray = TOKEN.as_bytes().to_vec();
    for count in [1, 2] {
        let file = jpeg_ct(&[&jpeg(b""), &jpeg(b""), &stray])
            .with(text(0x0028_0008, Vr::IS, count.to_string()))
            .file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
        let frame = jpeg(b"");
        let plain = vec![&frame[..]; count];
        let plain = jpeg_ct(&plain).file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
        let out = clean(&file).unwrap();
        assert!(out.bytes == clean(&plain).unwrap().bytes, "{count} frames");
        assert!(out.verified.redacted().stripped);
    }
    let more = jpeg_ct(&[&jpeg(b""), &jpeg(b""), &stray]).with(text(0x0028_0008, Vr::IS, "4"));
    assert!(clean(&more.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE)).is_err());
}

#[test]
fn bytes_behind_the_last_fragment_are_dropped() {
    let plain = jpeg_ct(&[&jpeg(b"")]).file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    let file = [plain.clone(), TOKEN.as_bytes().to_vec()].concat();
    assert_eq!(clean(&file).unwrap().bytes, clean(&plain).unwrap().bytes);
}

#[test]
fn samples_that_spell_a_name_stay_samples() {
    // Six bytes occur by chance in pixels; only an inspection of the image could tell.
    let mut samples = vec![0; 512];
    samples[100..112].copy_from_slice(b"QUILLFEATHER");
    let sixteen_bits =
        ct().with(words(0x0028_0101, Vr::US, &[16]))
            .with(words(0x0028_0102, Vr::US, &[15]));
    let file = sixteen_bits
        .with(raw(PIXEL_DATA, Vr::OW, &samples))
        .file(Encoding::EXPLICIT_LE);
    assert!(holds(&clean(&file).unwrap().bytes, &samples));
}

#[test]
fn float_images_are_checked_like_others() {
    let float = |bytes: usize| {
        ct().with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.30"))
            .with(raw(0x7FE0_0008, Vr::OF, &vec![0; bytes]))
            .without(PIXEL_DATA)
            .file(Encoding::EXPLICIT_LE)
    };
    let whole = clean(&float(16 * 16 * 4)).unwrap();
    assert_eq!(
        value_bytes(&open(&whole.bytes), 0x7FE0_0008).unwrap().len(),
        1024
    );
    assert_eq!(reason(&float(16 * 16 * 4 - 4)), "truncated");
    assert_eq!(clean(&float(16 * 16 * 4 + 80)).unwrap().bytes, whole.bytes);
}

/// A bitmap in a bit of the samples, as older scanners stored it.
fn overlaid(bit: u16) -> DataSet {
    let samples: Vec<u16> = (0..)
        .zip(pixels())
        .map(|(n, sample): (u16, u16)| sample | (n % 3 / 2) << bit)
        .collect();
    ct().with(words(0x6000_0010, Vr::US, &[16]))
        .with(words(0x6000_0011, Vr::US, &[16]))
        .with(words(0x6000_0100, Vr::US, &[16]))
        .with(words(0x6000_0102, Vr::US, &[bit]))
        .with(words(PIXEL_DATA, Vr::OW, &samples))
}

#[test]
fn an_overlay_in_unused_bits_goes_and_nothing_else() {
    for encoding in ENCODINGS {
        let plain = clean(&ct().file(encoding)).unwrap();
        assert!(!plain.verified.redacted().cleared_bits);
        for bit in [12, 15] {
            let out = clean(&overlaid(bit).file(encoding)).unwrap();
            assert!(out.bytes == plain.bytes, "bit {bit}, {encoding:?}");
            let redacted = out.verified.redacted();
            assert!(redacted.cleared_bits && !redacted.is_blanked());
        }
    }
}

#[test]
fn an_overlay_in_bits_that_hold_the_samples_is_withheld() {
    for encoding in ENCODINGS {
        for bit in [3, 11] {
            assert_eq!(reason(&overlaid(bit).file(encoding)), "embedded-overlay");
        }
    }
}

/// A profile of its own, without the rules of `basic`, that never asks what a codestream holds.
fn bare() -> samar::deid::Deidentifier {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("bare.yaml");
    std::fs::write(&path, "samar: 1\nname: bare\nbase: basic@2026d\n").unwrap();
    let profile = crate::build::blind(samar::profile::load(path.to_str().unwrap()).unwrap());
    let key = samar::pseudonym::Key::from_bytes([7; 32]);
    samar::deid::Deidentifier::new(profile, &key, samar::dicom::Limits::default(), None).unwrap()
}

#[test]
fn frames_are_vouched_for_whatever_the_profile_asks() {
    let deidentifier = bare();
    let good = jpeg_ct(&[&jpeg(b"")]);
    let file = good.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    assert!(clean_with(&deidentifier, &file).is_ok());

    let garbage = jpeg_ct(&[b"Hidden^Harriet, 1961"]).file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE);
    let refusal = clean_with(&deidentifier, &garbage).expect_err("no codestream");
    assert_eq!(refusal.reason, "broken-codestream");

    let mut table = good;
    if let Some(Value::Fragments(fragments)) = table.0.last_mut().map(|node| &mut node.value) {
        fragments[0] = b"Hidden^Harriet, 1961".to_vec();
    }
    let refusal = clean_with(
        &deidentifier,
        &table.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE),
    )
    .expect_err("no offset table");
    assert_eq!(refusal.reason, "offset-table");
}
