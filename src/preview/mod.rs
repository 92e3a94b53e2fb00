//! Pictures of images for a person to look at: what is burned in, which regions a profile names, what becomes of them.
//!
//! Every picture may show a patient. Nothing here decides about an instance or is written into one.

mod draw;
mod glyphs;
mod sheet;

use std::io::Cursor;

use image::ImageFormat;
pub use image::RgbImage;
use thiserror::Error;

use crate::deid::Refusal;
use crate::deid::redact::StoredFrame;
use crate::deid::rendering::{self, Colours, Range};
use crate::dicom::Instance;
pub use draw::{found, pair, regions};
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
    /// The palette is missing or damaged.
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
    spread: Option<Range>,
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
    let (pixels, spread) = match rendering::colours(instance, &stored) {
        Colours::Rgb(pixels) => (pixels, None),
        Colours::Grey => {
            let inverted = StoredFrame::photometric(instance) == "MONOCHROME1";
            let spread = like.and_then(|like| like.spread);
            let (shades, spread) = rendering::shades(instance, frame, &stored, inverted, spread);
            (
                shades.into_iter().flat_map(|shade| [shade; 3]).collect(),
                spread,
            )
        }
        Colours::Unknown => return Err(PreviewError::Photometric),
        Colours::NoPalette => return Err(PreviewError::Palette),
    };
    let (columns, rows) = (stored.geometry.columns, stored.geometry.rows);
    let picture = RgbImage::from_raw(columns.into(), rows.into(), pixels);
    // As many pixels as rows and columns say.
    let picture = picture.ok_or(PreviewError::Photometric)?;
    Ok(Shown { picture, spread })
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
