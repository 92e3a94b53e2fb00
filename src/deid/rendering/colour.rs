//! Colours as red, green and blue of eight bits (PS3.3 section C.7.6.3.1.2).

use super::palette::Palette;
use crate::deid::redact::StoredFrame;
use crate::dicom::Instance;

/// What the colours of a frame are.
#[derive(Debug)]
pub enum Colours {
    /// Red, green and blue of each pixel together, row by row.
    Rgb(Vec<u8>),
    /// There are none: one sample a pixel, which is a shade of grey.
    Grey,
    /// Nothing says which colour a sample stands for.
    Unknown,
    /// The palette is missing or damaged.
    NoPalette,
}

/// The colours of a frame.
pub fn colours(instance: &Instance<'_>, stored: &StoredFrame) -> Colours {
    let photometric = StoredFrame::photometric(instance);
    match (stored.geometry.samples, photometric) {
        (1, "PALETTE COLOR") => Palette::of(instance, stored.is_signed)
            .map_or(Colours::NoPalette, |palette| {
                Colours::Rgb(looked_up(stored, &palette))
            }),
        (1, _) => Colours::Grey,
        (3 | 4, "CMYK" | "HSV") => Colours::Unknown,
        (3 | 4, _) => Colours::Rgb(stored_as_such(stored, photometric)),
        _ => Colours::Unknown,
    }
}

fn looked_up(stored: &StoredFrame, palette: &Palette) -> Vec<u8> {
    paint(stored, |row, column| {
        palette.colour(stored.value(row, column, 0))
    })
}

fn stored_as_such(stored: &StoredFrame, photometric: &str) -> Vec<u8> {
    let largest = ((1u64 << stored.bits_stored.min(63)) - 1) as f64;
    let first = u32::from(photometric == "ARGB");
    let partial = photometric.starts_with("YBR_PARTIAL");
    let by_name = partial || photometric.starts_with("YBR_FULL");
    let is_ycbcr = stored.is_ycbcr().unwrap_or(by_name);
    paint(stored, |row, column| {
        let sample = |component| stored.value(row, column, first + component) * 255.0 / largest;
        let [a, b, c] = [sample(0), sample(1), sample(2)];
        let rgb = match (is_ycbcr, partial) {
            (false, _) => [a, b, c],
            (true, false) => rgb(a, b - 128.0, c - 128.0),
            // Luminance from 16 to 235 and chrominance from 16 to 240.
            (true, true) => rgb(
                (a - 16.0) * 255.0 / 219.0,
                (b - 128.0) * 255.0 / 224.0,
                (c - 128.0) * 255.0 / 224.0,
            ),
        };
        rgb.map(|value| value.round().clamp(0.0, 255.0) as u8)
    })
}

/// The pixels, row by row.
fn paint(stored: &StoredFrame, at: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let (columns, rows) = (stored.geometry.columns, stored.geometry.rows);
    let mut pixels = Vec::with_capacity(usize::from(columns) * usize::from(rows) * 3);
    for row in 0..u32::from(rows) {
        for column in 0..u32::from(columns) {
            pixels.extend(at(row, column));
        }
    }
    pixels
}

/// The inverse of the equations of PS3.3 section C.7.6.3.1.2, by Rec. 601.
fn rgb(y: f64, cb: f64, cr: f64) -> [f64; 3] {
    [
        y + 1.402 * cr,
        y - 0.344_136 * cb - 0.714_136 * cr,
        y + 1.772 * cb,
    ]
}
