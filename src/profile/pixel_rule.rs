//! The `pixels` rules: where text is burned into the images of a device.

use std::fmt::{self, Display, Formatter};

use super::condition::Condition;
use crate::dicom::Tag;

/// Sequence of Ultrasound Regions (PS3.3 section C.8.5.5): the calibrated parts of an ultrasound image.
pub const ULTRASOUND_REGIONS: Tag = Tag(0x0018_6011);

/// The parts of a side in which a relative length is counted.
const WHOLE: u32 = 1_000_000;

/// One entry of `pixels`.
#[derive(Clone, Debug, PartialEq)]
pub struct PixelRule {
    /// Its name, unique in the profile.
    pub id: String,
    /// The images it speaks of.
    pub when: Condition,
    /// The sizes for which its regions were drawn; any size when empty. An image of another size that the rule speaks of
    /// is never blanked by guess: it must be withheld, unless another rule that speaks of it fits.
    pub sizes: Vec<Size>,
    /// What must be blanked, in every frame.
    pub cover: Cover,
    /// Why, in the author's words.
    pub because: String,
}

impl PixelRule {
    /// Whether the regions were drawn for images of this size.
    pub fn fits(&self, columns: u32, rows: u32) -> bool {
        let fits = |size: &Size| size.columns.holds(columns) && size.rows.holds(rows);
        self.sizes.is_empty() || self.sizes.iter().any(fits)
    }
}

/// What a rule blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cover {
    /// These rectangles.
    Boxes(Vec<Region>),
    /// All outside the regions that this sequence of the instance itself describes: [`ULTRASOUND_REGIONS`].
    KeepOnly(Tag),
    /// Nothing: the device is known to burn in no text.
    Nothing,
}

impl Cover {
    /// What it does, in a word or two: `blank`, `keep only` or `nothing burned in`.
    pub const fn word(&self) -> &'static str {
        match self {
            Cover::Boxes(_) => "blank",
            Cover::KeepOnly(_) => "keep only",
            Cover::Nothing => "nothing burned in",
        }
    }
}

/// The size of the images for which regions were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// (0028,0011) Columns.
    pub columns: Side,
    /// (0028,0010) Rows.
    pub rows: Side,
}

impl Display for Size {
    /// `1024 x 768`, with its sides as profiles write them.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.columns, self.rows)
    }
}

/// What is known of one side of the images, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nothing.
    Any,
    /// It is this long.
    Exactly(u32),
    /// It is no longer than this.
    AtMost(u32),
}

impl Side {
    /// Reads `any` or an upper bound such as `<=1024`.
    pub fn parse(text: &str) -> Option<Side> {
        if text == "any" {
            return Some(Side::Any);
        }
        let digits = text.strip_prefix("<=")?.trim_start();
        let digits = Some(digits).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        let most: u16 = digits.parse().ok()?;
        (most > 0).then_some(Side::AtMost(most.into()))
    }

    /// Whether an image may have this side.
    pub const fn holds(self, side: u32) -> bool {
        match self {
            Side::Any => true,
            Side::Exactly(length) => side == length,
            Side::AtMost(most) => side <= most,
        }
    }

    /// The longest side that holds. Columns and Rows are 16-bit numbers (PS3.3 section C.7.6.3).
    pub const fn longest(self) -> u32 {
        match self {
            Side::Any => u16::MAX as u32,
            Side::Exactly(length) | Side::AtMost(length) => length,
        }
    }
}

impl Display for Side {
    /// As profiles write it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Side::Any => f.write_str("any"),
            Side::Exactly(length) => length.fmt(f),
            Side::AtMost(most) => write!(f, "<={most}"),
        }
    }
}

/// A rectangle, counted from the top left corner of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First column; relative to Columns.
    pub x: Length,
    /// First row; relative to Rows.
    pub y: Length,
    /// Columns; relative to Columns.
    pub width: Length,
    /// Rows; relative to Rows.
    pub height: Length,
}

impl Region {
    /// A rectangle in pixels.
    pub const fn pixels(x: u32, y: u32, width: u32, height: u32) -> Region {
        Region {
            x: Length::Pixels(x),
            y: Length::Pixels(y),
            width: Length::Pixels(width),
            height: Length::Pixels(height),
        }
    }

    /// First column, first row, columns and rows on an image of this size, in pixels: rounded outwards, and clipped to the
    /// image. `None` when no pixel of the image is inside.
    pub fn on(&self, columns: u32, rows: u32) -> Option<[u32; 4]> {
        let (x, width) = span(self.x, self.width, columns)?;
        let (y, height) = span(self.y, self.height, rows)?;
        Some([x, y, width, height])
    }
}

/// Where a span begins on a side of so many pixels, and how many it takes.
fn span(start: Length, length: Length, side: u32) -> Option<(u32, u32)> {
    let whole = u64::from(WHOLE);
    let from = start.parts(side);
    let to = from + length.parts(side);
    let from = u32::try_from(from / whole).ok()?;
    let to = u32::try_from(to.div_ceil(whole)).unwrap_or(u32::MAX);
    let to = to.min(side);
    (from < to).then(|| (from, to - from))
}

/// A length along one side of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// In pixels.
    Pixels(u32),
    /// In millionths of the side: 64,000 is written `6.4%`.
    Millionths(u32),
}

impl Length {
    /// Reads a percentage such as `6.4%`: 0 to 100 with up to four decimals.
    pub fn parse_percent(text: &str) -> Option<Length> {
        let number = text.strip_suffix('%')?;
        let (units, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(units, 3) || !digits(decimals, 4) {
            return None;
        }
        let units: u32 = units.parse().ok()?;
        let decimals: u32 = format!("{decimals:0<4}").parse().ok()?;
        let millionths = units * 10_000 + decimals;
        (millionths <= WHOLE).then_some(Length::Millionths(millionths))
    }

    /// Whether it is no length at all.
    pub const fn is_zero(self) -> bool {
        matches!(self, Length::Pixels(0) | Length::Millionths(0))
    }

    /// In millionths of a pixel, which is exact.
    fn parts(self, side: u32) -> u64 {
        match self {
            Length::Pixels(pixels) => u64::from(pixels) * u64::from(WHOLE),
            Length::Millionths(millionths) => u64::from(millionths) * u64::from(side),
        }
    }
}

impl Display for Length {
    /// As profiles write it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Length::Pixels(pixels) => pixels.fmt(f),
            Length::Millionths(millionths) => {
                let (units, decimals) = (millionths / 10_000, millionths % 10_000);
                let decimals = format!("{decimals:04}");
                let decimals = decimals.trim_end_matches('0');
                let point = if decimals.is_empty() { "" } else { "." };
                write!(f, "{units}{point}{decimals}%")
            }
        }
    }
}

impl Display for Region {
    /// As profiles write it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Region {
            x,
            y,
            width,
            height,
        } = self;
        write!(f, "[{x}, {y}, {width}, {height}]")
    }
}

/// What takes the place of what is blanked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fill {
    /// What is displayed as black, whatever the photometric interpretation.
    #[default]
    Black,
    /// The mean of the frame outside the regions.
    Mean,
}
