//! What a viewer would show, and what a second reader says.

use samar::pixel::Family;
use samar::pixel::render::{RenderError, render_frame, save_png};
use samar::verify::second_reader::{Disagreement, Pixels, second_reader};

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
    // Twelve bits with loss. The later value of an element that stands twice holds.
    let twelve = [
        us(0x100, 16),
        us(0x101, 12),
        encapsulated_pixels(&[&[0], &[0]]),
    ];
    let deep = file("1.2.840.10008.1.2.4.51", "MONOCHROME2", &twelve);
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
    assert!(matches!(
        error(&deep, 0),
        RenderError::NoDecoder(Family::Jpeg)
    ));
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
    let retired = file(
        "1.2.840.10008.1.2.4.55",
        "MONOCHROME2",
        &[encapsulated_pixels(&[&[0], &[0]])],
    );
    // A plane that ends after one byte, at which the decoder panics.
    let mut header = [0; 66];
    (header[0], header[4]) = (1, 64);
    let hollow = file(
        RLE,
        "MONOCHROME2",
        &[encapsulated_pixels(&[&header, &header[..64]])],
    );
    let found = |file: &tempfile::NamedTempFile| second_reader(file.path(), true).unwrap_err();
    assert_eq!(found(&retired), Disagreement::UnknownSyntax);
    assert_eq!(found(&hollow), Disagreement::Frame { frame: 0 });
    assert_eq!(found(&text), Disagreement::Unreadable);
    assert_eq!(found(&short), Disagreement::Frame { frame: 1 });
    assert_eq!(found(&lacking), Disagreement::Header);
    assert_eq!(found(&broken), Disagreement::Frame { frame: 0 });
    for file in [&text, &short, &lacking, &broken] {
        assert!(!found(file).to_string().contains("MILLER"));
    }
}
