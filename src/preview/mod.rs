//! Pictures of images for a person to look at: what is burned in, which regions a profile names, what becomes of them.
//!
//! Every picture may show a patient. Nothing here decides about an instance or is written into one.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "shades are rounded to 8 bits, and clamped first"
)]

mod attributes;
mod draw;
mod glyphs;
mod grey;
mod lut;
mod palette;
mod sheet;

use std::io::Cursor;

pub use image::RgbImage;
use image::{ImageFormat, Rgb};
use thiserror::Error;

use crate::deid::Refusal;
use crate::deid::redact::StoredFrame;
use crate::dicom::Instance;
pub use draw::{pair, regions};
pub use sheet::{Page, Tile};

/// Why a frame cannot be shown.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// There is no pixel data.
    #[error("the file has no `PixelData`\nhelp: name a file that holds an image")]
    NoPixelData,
    /// There are fewer frames.
    #[error(
        "the file has {frames} frame(s), so that there is no frame {frame}\nhelp: frames count from 0"
    )]
    NoSuchFrame {
        /// The frame asked for, from 0.
        frame: u32,
        /// Frames there are.
        frames: u32,
    },
    /// Nothing says which colour a sample stands for.
    #[error(
        "the frame has a photometric interpretation that cannot be shown\nhelp: check the file with another viewer"
    )]
    Photometric,
    /// The palette is missing, damaged or segmented.
    #[error("the palette of the image cannot be read\nhelp: check the file with another viewer")]
    Palette,
    /// The pixel data cannot be read or decoded.
    #[error("{}\nhelp: check the file with another viewer", .0.detail)]
    Refused(Refusal),
}

impl PreviewError {
    /// A stable, kebab-case code.
    pub fn reason(&self) -> &str {
        match self {
            PreviewError::NoPixelData => "no-pixels",
            PreviewError::NoSuchFrame { .. } => "no-frame",
            PreviewError::Photometric => "photometric-interpretation",
            PreviewError::Palette => "palette",
            PreviewError::Refused(refusal) => &refusal.reason,
        }
    }
}

/// One frame as a viewer would show it.
#[derive(Clone)]
pub struct Shown {
    /// The picture.
    pub picture: RgbImage,
    /// What is black and what is white, where no window says so.
    spread: Option<(f64, f64)>,
}

impl std::fmt::Debug for Shown {
    /// Nothing of what it shows.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown")
    }
}

impl From<RgbImage> for Shown {
    fn from(picture: RgbImage) -> Shown {
        Shown {
            picture,
            spread: None,
        }
    }
}

/// One frame as a viewer would show it, counted from 0: modality LUT, then the first VOI LUT or window, MONOCHROME1
/// inverted, colour as RGB, a palette looked up (PS3.3 sections C.7.6.3 and C.11; PS3.4 section N.2). Without a window,
/// samples of more than 8 bits are spread from the least to the greatest of the frame, or as in the picture `like` this
/// one is to be. Overlays are not drawn.
///
/// One frame is in memory, and the picture. Callers give only instances whose pixel data was checked against limits.
///
/// # Errors
/// Whatever keeps the frame from being shown; see [`PreviewError`].
pub fn show(
    instance: &Instance<'_>,
    frame: u32,
    like: Option<&Shown>,
) -> Result<Shown, PreviewError> {
    let stored = StoredFrame::of(instance, frame).map_err(PreviewError::Refused)?;
    let Some(stored) = stored else {
        let frames = StoredFrame::count(instance).map_err(PreviewError::Refused)?;
        return Err(frames.map_or(PreviewError::NoPixelData, |frames| {
            PreviewError::NoSuchFrame { frame, frames }
        }));
    };
    let photometric = StoredFrame::photometric(instance);
    match (stored.geometry.samples, photometric) {
        (1, "PALETTE COLOR") => palette::picture(instance, &stored)
            .map(Shown::from)
            .ok_or(PreviewError::Palette),
        (1, _) => Ok(grey::picture(
            instance,
            frame,
            &stored,
            photometric == "MONOCHROME1",
            like.and_then(|like| like.spread),
        )),
        (3 | 4, "CMYK" | "HSV") => Err(PreviewError::Photometric),
        (3 | 4, _) => Ok(colour(&stored, photometric).into()),
        _ => Err(PreviewError::Photometric),
    }
}

/// The picture as a PNG file. Nothing but pixels is in it.
///
/// # Errors
/// What the encoder says, which it has never been seen to.
pub fn png(picture: &RgbImage) -> std::io::Result<Vec<u8>> {
    let mut encoded = Cursor::new(Vec::new());
    picture
        .write_to(&mut encoded, ImageFormat::Png)
        .map_err(std::io::Error::other)?;
    Ok(encoded.into_inner())
}

/// Makes a picture from what each place shows: row and column.
fn paint(stored: &StoredFrame, mut at: impl FnMut(u32, u32) -> [u8; 3]) -> RgbImage {
    let (columns, rows) = (stored.geometry.columns, stored.geometry.rows);
    RgbImage::from_fn(u32::from(columns), u32::from(rows), |x, y| Rgb(at(y, x)))
}

/// Colours that are stored as such (PS3.3 section C.7.6.3.1.2).
fn colour(stored: &StoredFrame, photometric: &str) -> RgbImage {
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

/// The inverse of the equations of PS3.3 section C.7.6.3.1.2, by Rec. 601.
fn rgb(y: f64, cb: f64, cr: f64) -> [f64; 3] {
    [
        y + 1.402 * cr,
        y - 0.344_136 * cb - 0.714_136 * cr,
        y + 1.772 * cb,
    ]
}
