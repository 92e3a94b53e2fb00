//! What a walk notes about a frame for those who take out what is not image. An inspection notes nothing and ends at
//! the first foreign part.

use std::ops::Range;

use super::boxes::Atom;

/// One foreign part, in bytes of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pixel) struct Part {
    pub(in crate::pixel) range: Range<u64>,
    pub(in crate::pixel) kind: &'static str,
}

/// A JPEG 2000 tile-part, from its SOT on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pixel) struct TilePart {
    pub(in crate::pixel) range: Range<u64>,
    pub(in crate::pixel) tile: u16,
    /// Psot is 0: the tile-part goes up to EOC and its length stands nowhere.
    pub(in crate::pixel) open: bool,
}

/// All that a walk found.
#[derive(Debug, Default)]
pub(in crate::pixel) struct Parts {
    /// In the order of the frame, none inside another.
    pub(in crate::pixel) foreign: Vec<Part>,
    /// The image without a JP2 wrapper and without what lies behind its end.
    pub(in crate::pixel) image: Range<u64>,
    /// Boxes of a JP2 or JPEG XL file.
    pub(in crate::pixel) boxes: Vec<Atom>,
    /// Of JPEG 2000, in the order of the codestream.
    pub(in crate::pixel) tiles: Vec<TilePart>,
    /// Parameters of the TLM segments (ISO/IEC 15444-1 A.7.1).
    pub(in crate::pixel) tile_lengths: Vec<Range<u64>>,
}
