//! Pictures with strokes that look like text to the detector of these tests.

use samar::dicom::{Encoding, Vr};
use samar::pixel::mask::Rect;

use crate::build::{DataSet, ct, raw, text, words};

pub(crate) const SIDE: usize = 96;

/// Where [`Picture::text`] stands.
pub(crate) const PLACE: Rect = Rect {
    y: 24,
    x: 16,
    width: 48,
    height: 12,
};

/// One frame of grey levels, 0 to 255.
#[derive(Clone)]
pub(crate) struct Picture(pub(crate) Vec<u8>);

impl Picture {
    /// Nothing but a soft disc.
    pub(crate) fn plain() -> Picture {
        let level = |at: usize| {
            let (x, y) = ((at % SIDE).abs_diff(48), (at / SIDE).abs_diff(48));
            140usize.saturating_sub((x * x + y * y) / 40) as u8
        };
        Picture((0..SIDE * SIDE).map(level).collect())
    }

    /// The disc, and strokes at [`PLACE`] from black to white.
    pub(crate) fn text() -> Picture {
        Picture::plain().with(PLACE, 0, 255)
    }

    /// Strokes of two levels.
    pub(crate) fn with(mut self, place: Rect, dark: u8, bright: u8) -> Picture {
        for y in place.y..place.y + place.height {
            for x in place.x..place.x + place.width {
                let is_bright = (x / 2 + y / 2) % 2 == 0;
                self.0[y as usize * SIDE + x as usize] = if is_bright { bright } else { dark };
            }
        }
        self
    }

    pub(crate) fn invert(self) -> Picture {
        Picture(self.0.into_iter().map(|level| 255 - level).collect())
    }
}

/// The header of CT images of so many frames, of 8 bits.
pub(crate) fn header(frames: usize) -> DataSet {
    ct().with(words(0x0028_0010, Vr::US, &[SIDE as u16]))
        .with(words(0x0028_0011, Vr::US, &[SIDE as u16]))
        .with(text(0x0028_0008, Vr::IS, frames.to_string()))
        .with(words(0x0028_0100, Vr::US, &[8]))
        .with(words(0x0028_0101, Vr::US, &[8]))
        .with(words(0x0028_0102, Vr::US, &[7]))
        .with(text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY"))
}

/// A CT image of 8 bits with these frames.
pub(crate) fn image(frames: &[Picture]) -> DataSet {
    let bytes: Vec<u8> = frames.iter().flat_map(|frame| frame.0.clone()).collect();
    header(frames.len()).with(raw(0x7FE0_0010, Vr::OB, &bytes))
}

pub(crate) fn file(frames: &[Picture]) -> Vec<u8> {
    image(frames).file(Encoding::EXPLICIT_LE)
}

/// The samples of the first frame of a result, as levels.
pub(crate) fn levels(file: &[u8]) -> Vec<u8> {
    crate::build::value_bytes(&crate::build::open(file), 0x7FE0_0010).unwrap()
}

/// Whether all of a place has this level in a frame.
pub(crate) fn is_all(frame: &[u8], place: Rect, level: u8) -> bool {
    (place.y..place.y + place.height).all(|y| {
        (place.x..place.x + place.width).all(|x| frame[y as usize * SIDE + x as usize] == level)
    })
}
