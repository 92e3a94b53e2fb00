//! What a viewer would show, and what a second reader says.

use samar::dicom::{Instance, Limits, Scratch, Source};
use samar::pixel::Family;
use samar::preview::{PreviewError, RgbImage, show};
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

/// A file of two frames of 2 x 2 pixels of 8 bits; `image` are elements of groups 0028 on, which may say otherwise.
fn file(syntax: &str, photometric: &str, image: &[Vec<u8>]) -> tempfile::NamedTempFile {
    let class = element(2, 2, b"UI", b"1.2.840.10008.5.1.4.1.1.7");
    let instance = element(2, 3, b"UI", b"2.25.1");
    let meta = [class, instance, element(2, 0x10, b"UI", syntax.as_bytes())].concat();
    let image = image.concat();
    let own = |element: &[u8]| image.windows(6).any(|start| start == &element[..6]);
    let numbers = [
        (0x02, 1),
        (0x10, 2),
        (0x11, 2),
        (0x100, 8),
        (0x101, 8),
        (0x102, 7),
        (0x103, 0),
    ];
    let numbers = numbers.map(|(number, value)| us(number, value));
    let numbers: Vec<Vec<u8>> = numbers.into_iter().filter(|n| !own(n)).collect();
    let data = [
        element(8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.7"),
        element(8, 0x18, b"UI", b"2.25.1"),
        element(0x10, 0x10, b"PN", b"MILLER^ANN"),
        element(0x28, 0x04, b"CS", photometric.as_bytes()),
        element(0x28, 0x08, b"IS", b"2"),
        numbers.concat(),
        image,
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

fn shown(file: &tempfile::NamedTempFile, frame: u32) -> Result<RgbImage, PreviewError> {
    let source = Source::from_file(file.reopen().unwrap()).unwrap();
    let instance = Instance::read(&source, &Limits::default(), Scratch::default()).unwrap();
    show(&instance, frame, None).map(|shown| shown.picture)
}

/// The shades of a grey picture.
fn gray(file: &tempfile::NamedTempFile, frame: u32) -> Vec<u8> {
    let picture = shown(file, frame).unwrap();
    assert!(picture.pixels().all(|p| p.0 == [p.0[0]; 3]));
    picture.pixels().map(|p| p.0[0]).collect()
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
    let none = file(NATIVE, "MONOCHROME2", &[two_frames()]);
    let inverted = file(NATIVE, "MONOCHROME1", &[window("128", "256"), two_frames()]);
    assert_eq!(gray(&wide, 0), [0, 64, 128, 255]);
    assert_eq!(gray(&wide, 1), [1, 2, 3, 4]);
    assert_eq!(gray(&none, 0), [0, 64, 128, 255]);
    assert_eq!(gray(&narrow, 0), [0, 0, 255, 255]);
    assert_eq!(gray(&inverted, 0), [255, 191, 127, 0]);
}

#[test]
fn values_are_rescaled_and_deep_ones_without_a_window_spread() {
    // 12 bits, signed, in the lower part of 16: what stands above High Bit is no part of the value.
    let words = |values: [u16; 8]| {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        element(0x7FE0, 0x10, b"OW", &bytes)
    };
    let deep = [us(0x100, 16), us(0x101, 12), us(0x102, 11), us(0x103, 1)].concat();
    let pixels = words([0xF000, 0x0FFF, 0x0064, 0x0032, 0x0800, 0x07FF, 0, 0]);
    let rescaled = [
        element(0x28, 0x1052, b"DS", b"-50"),
        element(0x28, 0x1053, b"DS", b"2"),
    ]
    .concat();
    let windowed = [deep.clone(), rescaled, window("50", "201"), pixels.clone()];
    let windowed = file(NATIVE, "MONOCHROME2", &windowed);
    // 0, -1, 100 and 50 are -50, -52, 150 and 50; the window goes from -50.5 to 149.5.
    assert_eq!(gray(&windowed, 0), [1, 0, 255, 128]);
    let spread = file(NATIVE, "MONOCHROME2", &[deep, pixels]);
    assert_eq!(gray(&spread, 0), [3, 0, 255, 129]);
    assert_eq!(gray(&spread, 1), [0, 255, 128, 128]);
}

#[test]
fn colour_is_shown_as_rgb() {
    let of = |photometric, pixels: &[u8]| {
        let samples = [us(0x02, 3), us(0x06, 0)].concat();
        let pixels = element(0x7FE0, 0x10, b"OB", pixels);
        let file = file(NATIVE, photometric, &[samples, pixels]);
        shown(&file, 1).unwrap().into_raw()
    };
    let pixels: Vec<u8> = (0..24).map(|n| n * 10).collect();
    assert_eq!(of("RGB", &pixels), &pixels[12..]);
    let ycbcr: [u8; 12] = [76, 85, 255, 0, 128, 128, 255, 128, 128, 29, 255, 107];
    let full = [[0; 12], ycbcr].concat();
    let rgb = [254, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 254];
    assert_eq!(of("YBR_FULL", &full), rgb);
    // Two pixels share their chrominance: Y Y Cb Cr.
    let shared = [[0; 8], [0, 255, 128, 128, 76, 76, 85, 255]].concat();
    let rgb = [0, 0, 0, 255, 255, 255, 254, 0, 0, 254, 0, 0];
    assert_eq!(of("YBR_FULL_422", &shared), rgb);
}

#[test]
fn one_bit_frames_begin_within_a_byte() {
    let bits = [us(0x100, 1), us(0x101, 1), us(0x102, 0)].concat();
    let pixels = element(0x7FE0, 0x10, b"OB", &[0b1001_0110]);
    let file = file(NATIVE, "MONOCHROME2", &[bits, pixels]);
    assert_eq!(gray(&file, 0), [0, 255, 255, 0]);
    assert_eq!(gray(&file, 1), [255, 0, 0, 255]);
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
    let rgb = shown(&file, 0).unwrap().into_raw();
    // The table begins at index 1; below and above it the nearest entry holds (PS3.3 C.7.6.3.1.5).
    assert_eq!(rgb, [10, 11, 12, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
}

#[test]
fn what_cannot_be_shown_says_why_and_quotes_nothing() {
    let native = file(NATIVE, "MONOCHROME2", &[two_frames()]);
    let headless = file(NATIVE, "MONOCHROME2", &[]);
    let broken = file(
        "1.2.840.10008.1.2.4.81",
        "MONOCHROME2",
        &[encapsulated_pixels(&[b"MILLER", b"ANN "])],
    );
    let lacking = file(RLE, "MONOCHROME2", &[encapsulated_pixels(&[&[0; 64]])]);
    let video = file(
        "1.2.840.10008.1.2.4.102",
        "YBR_PARTIAL_420",
        &[encapsulated_pixels(&[&[0; 8]])],
    );
    let bare = file(NATIVE, "PALETTE COLOR", &[two_frames()]);
    let error = |file: &tempfile::NamedTempFile, frame| shown(file, frame).unwrap_err();
    assert!(matches!(
        error(&native, 2),
        PreviewError::NoSuchFrame {
            frame: 2,
            frames: 2
        }
    ));
    for (file, reason) in [
        (&native, "no-frame"),
        (&headless, "no-pixels"),
        (&broken, "broken-codestream"),
        (&lacking, "frame-count"),
        (&video, "codec"),
        (&bare, "palette"),
    ] {
        let failed = error(file, if reason == "no-frame" { 2 } else { 0 });
        assert_eq!(failed.reason(), reason, "{failed}");
        let shown = format!("{failed} {failed:?}");
        assert!(!shown.contains("MILLER"), "{shown}");
    }
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
