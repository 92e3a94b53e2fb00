//! Text in every form that pixel data has.

use samar::deid::Unsearched;
use samar::dicom::{Encoding, Vr};
use samar::pixel::mask::Rect;

use crate::build::{DataSet, raw, text, words};
use crate::picture::{PLACE, Picture, SIDE, file, header, image, is_all, levels};
use crate::{detecting, site, told, withheld, written};

/// That text at [`PLACE`] is found and blanked.
#[track_caller]
fn finds(what: &str, image: &DataSet) -> Vec<u8> {
    let cleaned = written(&site(""), &image.file(Encoding::EXPLICIT_LE));
    let found = &told(&cleaned).found;
    let covers = |rect: Rect| {
        rect.x <= PLACE.x
            && rect.y <= PLACE.y
            && rect.x + rect.width >= PLACE.x + PLACE.width
            && rect.y + rect.height >= PLACE.y + PLACE.height
    };
    assert!(
        found.iter().any(|found| covers(found.rect)),
        "{what}: {found:?}"
    );
    levels(&cleaned.bytes)
}

#[test]
fn text_in_any_frame_is_blanked_in_all() {
    for count in [3, 12, 40] {
        let mut frames = vec![Picture::plain(); count];
        frames[0] = Picture::text();
        let bytes = finds("first", &image(&frames));
        for frame in bytes.chunks(SIDE * SIDE) {
            assert!(is_all(frame, PLACE, 0));
        }
    }
    // Few frames are looked at one by one; of many, what stays for a while is seen.
    let mut frames = vec![Picture::plain(); 8];
    frames[5] = Picture::text();
    finds("one of few", &image(&frames));
    let mut frames = vec![Picture::plain(); 40];
    for frame in &mut frames[20..] {
        *frame = Picture::text();
    }
    finds("second half", &image(&frames));
}

#[test]
fn every_page_of_a_capture_is_looked_at() {
    let mut pages = vec![Picture::plain(); 30];
    pages[17] = Picture::text();
    finds("a page", &capture(&pages));
}

fn capture(pages: &[Picture]) -> DataSet {
    image(pages)
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.7.2"))
        .with(text(0x0008_0060, Vr::CS, "OT"))
}

#[test]
fn a_capture_of_more_pages_than_are_looked_at_is_withheld() {
    let of = |pages| capture(&vec![Picture::plain(); pages]).file(Encoding::EXPLICIT_LE);
    written(&site(""), &of(64));
    let refusal = withheld(&site(""), &of(65));
    assert_eq!(refusal.reason, "secondary-capture");
    let text = refusal.text.unwrap();
    assert!(text.is_sampled && text.unsure == 0);
}

#[test]
fn bright_and_dark_alike() {
    let inverted = image(&[Picture::text().invert()]);
    let bytes = finds(
        "MONOCHROME1",
        &inverted
            .clone()
            .with(text(0x0028_0004, Vr::CS, "MONOCHROME1")),
    );
    assert!(is_all(&bytes, PLACE, 255));
    finds("dark on bright", &inverted);
}

/// Samples of 16 bits by their levels.
fn words_of(picture: &Picture, value: impl Fn(u8) -> i32) -> Vec<u16> {
    let value = |level: &u8| value(*level).cast_unsigned() as u16;
    picture.0.iter().map(value).collect()
}

fn deep(stored: u16, signed: bool, samples: &[u16]) -> DataSet {
    header(1)
        .with(words(0x0028_0100, Vr::US, &[16]))
        .with(words(0x0028_0101, Vr::US, &[stored]))
        .with(words(0x0028_0102, Vr::US, &[stored - 1]))
        .with(words(0x0028_0103, Vr::US, &[u16::from(signed)]))
        .with(words(0x7FE0_0010, Vr::OW, samples))
}

#[test]
fn samples_of_any_depth_signed_or_not() {
    let picture = Picture::text();
    finds(
        "12 bits",
        &deep(
            12,
            false,
            &words_of(&picture, |level| i32::from(level) * 16),
        ),
    );
    finds(
        "signed",
        &deep(
            16,
            true,
            &words_of(&picture, |level| i32::from(level) * 9 - 1024),
        ),
    );
    let padded = deep(
        16,
        true,
        &words_of(&picture, |level| i32::from(level) * 9 - 1024),
    )
    .with(raw(0x0028_0120, Vr::SS, &(-2000i16).to_le_bytes()));
    finds("padded", &padded);
    let float: Vec<u8> = picture
        .0
        .iter()
        .flat_map(|level| f32::from(*level).to_le_bytes())
        .collect();
    let float = header(1)
        .without(0x7FE0_0010)
        .without(0x0028_0101)
        .without(0x0028_0102)
        .without(0x0028_0103)
        .with(words(0x0028_0100, Vr::US, &[32]))
        .with(raw(0x7FE0_0008, Vr::OF, &float));
    let cleaned = written(&site(""), &float.file(Encoding::EXPLICIT_LE));
    assert_eq!(told(&cleaned).found.len(), 1);
}

#[test]
fn text_that_the_window_of_the_header_hides() {
    // Black and white in the window, text far above it.
    let samples = words_of(&Picture::plain(), i32::from);
    let mut samples = samples;
    let strokes = Picture::text();
    for y in PLACE.y..PLACE.y + PLACE.height {
        for x in PLACE.x..PLACE.x + PLACE.width {
            let at = y as usize * SIDE + x as usize;
            samples[at] = if strokes.0[at] == 255 { 4000 } else { 1000 };
        }
    }
    let hidden = deep(12, false, &samples)
        .with(text(0x0028_1050, Vr::DS, "100\\60"))
        .with(text(0x0028_1051, Vr::DS, "200\\50"));
    finds("hidden", &hidden);
}

#[test]
fn colours_and_palettes() {
    let picture = Picture::text();
    let rgb: Vec<u8> = picture
        .0
        .iter()
        .flat_map(|level| [*level, *level / 2, 20])
        .collect();
    let colour =
        header(1)
            .with(words(0x0028_0002, Vr::US, &[3]))
            .with(words(0x0028_0006, Vr::US, &[0]));
    finds(
        "RGB",
        &colour
            .clone()
            .with(text(0x0028_0004, Vr::CS, "RGB"))
            .with(raw(0x7FE0_0010, Vr::OB, &rgb)),
    );
    let ybr: Vec<u8> = picture
        .0
        .iter()
        .flat_map(|level| [*level, 128, 128])
        .collect();
    finds(
        "YBR_FULL",
        &colour
            .with(text(0x0028_0004, Vr::CS, "YBR_FULL"))
            .with(raw(0x7FE0_0010, Vr::OB, &ybr)),
    );
    // Indices that say nothing by themselves.
    let palette = |value: fn(u16) -> u16| {
        let entries: Vec<u16> = (0..256).map(value).collect();
        let descriptor = words(0x0028_1101, Vr::US, &[256, 0, 16]);
        let mut image = header(1).with(text(0x0028_0004, Vr::CS, "PALETTE COLOR"));
        for colour in 0..3 {
            image = image
                .with(words(0x0028_1101 + colour, Vr::US, &[256, 0, 16]))
                .with(words(0x0028_1201 + colour, Vr::OW, &entries));
        }
        let _ = descriptor;
        image
    };
    let scrambled: Vec<u8> = picture
        .0
        .iter()
        .map(|level| level.wrapping_mul(167))
        .collect();
    // 167 * 23 is 1 modulo 256.
    let image = palette(|index| (index.wrapping_mul(23) & 0xFF) << 8);
    finds("palette", &image.with(raw(0x7FE0_0010, Vr::OB, &scrambled)));
}

#[test]
fn compressed_frames_are_searched_and_written_again() {
    let picture = Picture::text();
    let mut rle = Vec::new();
    // One segment, in runs of literals.
    rle.extend(1u32.to_le_bytes());
    rle.extend(64u32.to_le_bytes());
    rle.resize(64, 0);
    for part in picture.0.chunks(128) {
        rle.push((part.len() - 1) as u8);
        rle.extend(part);
    }
    if rle.len() % 2 == 1 {
        rle.push(0);
    }
    let fragments = samar_fragments(vec![Vec::new(), rle]);
    let file = header(1)
        .with(fragments)
        .file_in("1.2.840.10008.1.2.5", Encoding::EXPLICIT_LE);
    let cleaned = written(&site(""), &file);
    assert_eq!(told(&cleaned).found.len(), 1);
    assert_eq!(cleaned.verified.redacted().frames, 1);
    // Where the frame does not decode, it is not searched.
    let broken = header(1)
        .with(samar_fragments(vec![Vec::new(), vec![0xFF; 100]]))
        .file_in("1.2.840.10008.1.2.5", Encoding::EXPLICIT_LE);
    withheld(&site(""), &broken);
}

fn samar_fragments(fragments: Vec<Vec<u8>>) -> crate::build::Node {
    crate::build::Node {
        tag: samar::dicom::Tag(0x7FE0_0010),
        vr: Vr::OB,
        value: crate::build::Value::Fragments(fragments),
    }
}

#[test]
fn a_report_has_no_pixels_to_search() {
    let without = header(1).without(0x7FE0_0010);
    let file = without.file(Encoding::EXPLICIT_LE);
    let cleaned = written(&site(""), &file);
    assert_eq!(cleaned.verified.text(), None);
}

#[test]
fn a_frame_that_is_too_large_to_decode_is_not_passed_over() {
    let large = crate::with_limits(samar::dicom::Limits {
        frame_bytes: 1000,
        ..samar::dicom::Limits::default()
    });
    let refusal = withheld(&large, &file(&[Picture::plain()]));
    assert_eq!(refusal.reason, "text-not-searched");
    assert!(refusal.detail.contains("--max-frame-bytes"), "{refusal}");
    let off = written(&detecting("text: off"), &file(&[Picture::plain()]));
    assert_eq!(told(&off).searched, Err(Unsearched::Off));
}
