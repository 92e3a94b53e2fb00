//! What a viewer is given of one frame.

use std::ops::RangeInclusive;

use super::DetectError;

/// One frame.
#[derive(Clone, PartialEq)]
pub struct Seen {
    /// Rows, in pixels.
    pub rows: u32,
    /// Columns, in pixels.
    pub columns: u32,
    /// Its pixels.
    pub pixels: Pixels,
}

/// The pixels of a frame, row by row.
#[derive(Clone, PartialEq)]
pub enum Pixels {
    /// One sample a pixel.
    Grey(Grey),
    /// Red, green and blue of each pixel together, 8 bits each. Palettes are looked up and YBR is converted before.
    Rgb(Vec<u8>),
}

/// Grey pixels.
#[derive(Clone, PartialEq)]
pub struct Grey {
    /// One stored value a pixel.
    pub samples: Samples,
    /// The windows in which a viewer would show them, the first one first. May be empty.
    pub windows: Vec<Window>,
    /// Whether small values are bright: `MONOCHROME1`, or Presentation LUT Shape `INVERSE`.
    pub inverted: bool,
    /// Pixel Padding Value (0028,0120) and Pixel Padding Range Limit (0028,0121), the lower one first, and what lies
    /// between: values that are no image.
    pub padding: Option<RangeInclusive<i32>>,
}

/// Stored values, before any modality LUT (PS3.3 section C.11.1).
#[derive(Clone, PartialEq)]
pub enum Samples {
    /// Of Pixel Data, unused high bits cleared, signed ones sign extended.
    Integers(Vec<i32>),
    /// Of Float or Double Float Pixel Data.
    Floats(Vec<f32>),
}

/// The stored values between which a viewer shows grey: everything up to `low` looks alike, and from `high` on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The stored value at one end.
    pub low: f64,
    /// The stored value at the other.
    pub high: f64,
}

impl Window {
    /// From a Window Center and Width, in stored values, by the linear function of PS3.3 section C.11.2.1.2.
    pub fn linear(center: f64, width: f64) -> Window {
        let half = (width.abs() - 1.0).max(0.0) / 2.0;
        Window {
            low: center - 0.5 - half,
            high: center - 0.5 + half,
        }
    }
}

impl Seen {
    /// Checks that there are as many samples as rows and columns say.
    pub(super) fn check(&self) -> Result<(), DetectError> {
        let pixels = u64::from(self.rows) * u64::from(self.columns);
        let (expected, found) = match &self.pixels {
            Pixels::Grey(grey) => (pixels, grey.samples.len()),
            Pixels::Rgb(samples) => (pixels.saturating_mul(3), samples.len()),
        };
        let found = found as u64;
        if found == expected {
            Ok(())
        } else {
            Err(DetectError::Samples { expected, found })
        }
    }
}

impl Samples {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Samples::Integers(samples) => samples.len(),
            Samples::Floats(samples) => samples.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl std::fmt::Debug for Seen {
    /// Its size, and nothing of what it shows.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (columns, rows) = (self.columns, self.rows);
        write!(f, "Seen({columns} x {rows}, {:?})", self.pixels)
    }
}

impl std::fmt::Debug for Pixels {
    /// How many there are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Pixels::Grey(grey) => grey.fmt(f),
            Pixels::Rgb(samples) => write!(f, "{} of RGB", samples.len()),
        }
    }
}

impl std::fmt::Debug for Grey {
    /// How many there are, and how they are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grey")
            .field("samples", &self.samples)
            .field("windows", &self.windows)
            .field("inverted", &self.inverted)
            .field("padding", &self.padding)
            .finish()
    }
}

impl std::fmt::Debug for Samples {
    /// How many there are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Samples::Integers(samples) => write!(f, "{} integers", samples.len()),
            Samples::Floats(samples) => write!(f, "{} floats", samples.len()),
        }
    }
}
