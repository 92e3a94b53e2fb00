//! Blanks regions of a sequential Huffman JPEG frame without decoding it to pixels.
//!
//! A JPEG frame is a row of 8 x 8 blocks of quantised DCT coefficients. A block that a masked pixel lies in gets its
//! alternating coefficients (AC) taken away and its mean (DC) set to the fill; every other block keeps its
//! coefficients, so its pixels are what they were. Only the DC is coded relative to the block before, so all else is
//! copied bit for bit. Segments that do not bear on the image (comments, most APPn) are left out.
//!
//! JPEG Baseline and Extended (ITU-T T.81 processes 1, 2 and 4; transfer syntaxes of PS3.5 section 8.2.1), 8 and
//! 12 bit. One MCU is in memory at a time, beside the compressed bytes.

mod bits;
mod block;
mod check;
mod decode;
mod frame;
mod huffman;
mod layout;
mod mean;
mod segments;
mod write;

pub use frame::{Component, Frame};

use super::error::CodecError;
use crate::pixel::mask::Mask;
use crate::pixel::picture::Picture;
use segments::{Step, Walker};

/// Blanks every block that touches the mask; every other block keeps its quantised coefficients. A block touches the
/// mask if one of its samples stands for a masked pixel: a subsampled block covers more pixels than 8 x 8.
///
/// `fill` is the sample value (0 to 2^precision - 1; more counts as that) of each component, in the order of the
/// frame header. The extremes are met exactly, other values as nearly as the quantisation allows.
///
/// # Errors
/// [`CodecError::Malformed`] if the stream is damaged, incomplete, or of another size than the mask;
/// [`CodecError::Unsupported`] if it is of another process or its height stands in a DNL segment.
pub fn blank(stream: &[u8], mask: &Mask, fill: [u16; 4]) -> Result<Vec<u8>, CodecError> {
    write::blank(stream, mask, fill)
}

/// Reads both streams and compares them block by block, knowing nothing of how `written` was made: same frame, tables
/// of quantisation, scans and restart intervals; blocks that do not touch the mask have the same coefficients, the
/// others one DC that shows as `fill`, and no AC. `written` holds nothing that [`blank`] leaves out.
///
/// # Errors
/// [`CodecError::Differs`] if they differ otherwise; as for [`blank`] if a stream cannot be read.
pub fn check(
    original: &[u8],
    written: &[u8],
    mask: &Mask,
    fill: [u16; 4],
) -> Result<(), CodecError> {
    check::check(original, written, mask, fill)
}

/// The mean sample value of each component over the blocks that do not touch the mask, padding blocks included.
/// Half of the range where no such block is left; 0 for a component that the frame does not have.
///
/// # Errors
/// As for [`blank`].
pub fn mean(stream: &[u8], mask: &Mask) -> Result<[u16; 4], CodecError> {
    mean::mean(stream, mask)
}

/// The samples of a frame of `rows` and `columns`, for showing, without any transform of colours; and whether the stream
/// says that its colours are `YCbCr`, if it says so.
///
/// # Errors
/// As for [`blank`].
pub fn decode(
    stream: &[u8],
    rows: u32,
    columns: u32,
) -> Result<(Picture, Option<bool>), CodecError> {
    decode::decode(stream, rows, columns)
}

/// Size, precision and components of the frame, from its header alone.
///
/// # Errors
/// As for [`blank`], as far as the frame header.
pub fn describe(stream: &[u8]) -> Result<Frame, CodecError> {
    let mut walker = Walker::new(stream)?;
    loop {
        let step = walker.step()?;
        if let Some(frame) = walker.frame() {
            return Ok(frame.clone());
        }
        if matches!(step, Step::End) {
            return Err(CodecError::Malformed("no frame header"));
        }
    }
}
