//! JPEG Lossless: ITU-T T.81 process 14, Huffman coded (SOF3), any predictor.
//!
//! The codec of the transfer syntaxes of PS3.5 section 8.2.1 whose UIDs end in `.57` (any predictor) and
//! `.70` (predictor 1). What is decoded can be changed and encoded again: the samples are kept exactly, and so
//! is all that says how they were coded, so that the new codestream is of the same kind as the old one.

mod decode;
mod encode;
mod entropy_reader;
mod entropy_writer;
mod huffman;
mod marker;
mod optimal;
mod plane;
mod scan;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;

use super::error::CodecError;

/// How a codestream was written, beyond its samples: what must be written again as it was.
///
/// Huffman tables are not kept, they are made anew for the new samples. Comments and application segments are
/// not kept either, save the two that decoders consult to find the colour space, and those in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// The component identifiers, in the order of the frame header. Some decoders take the colour space from them.
    pub component_ids: Vec<u8>,
    /// The scans, in their order: one if the components are interleaved, else one for each component.
    pub scans: Vec<Scan>,
    /// Whether there is a JFIF APP0 segment.
    pub jfif: bool,
    /// The colour transform of the Adobe APP14 segment, if there is one.
    pub adobe_transform: Option<u8>,
}

/// How the components of one scan were coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The components, in the order of the frame header.
    pub components: Vec<ScanComponent>,
    /// The predictor, 1 to 7 (T.81 table H.1).
    pub predictor: u8,
    /// How many low bits of each sample were dropped before coding. The decoded samples have zeros there.
    pub point_transform: u8,
    /// Rows between restart markers, 0 for none.
    pub restart_rows: u32,
}

/// A component of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanComponent {
    /// Which component of the frame, counted from 0.
    pub index: usize,
    /// Which of the four Huffman tables codes it. Components may share one.
    pub table: u8,
}

/// Most components that samar handles in one frame, and that T.81 allows in one scan.
const MAX_COMPONENTS: usize = 4;
/// Huffman tables of one scan (T.81 table B.5).
const TABLES: usize = 4;

impl Scan {
    /// Checks the scan against T.81 table B.3 for samples of `precision` bits in `components` components.
    fn check(&self, precision: u8, components: usize) -> Result<(), CodecError> {
        let bad = |what| Err(CodecError::Malformed(what));
        if !(1..=7).contains(&self.predictor) {
            return bad("no such predictor");
        }
        if self.point_transform >= precision {
            return bad("the point transform leaves no bit of a sample");
        }
        if self.components.is_empty() {
            return bad("a scan has no components");
        }
        let ascending = self
            .components
            .windows(2)
            .all(|pair| matches!(pair, [first, second] if first.index < second.index));
        if !ascending || self.components.iter().any(|c| c.index >= components) {
            return bad("a scan does not list its components in the order of the frame");
        }
        if self
            .components
            .iter()
            .any(|c| usize::from(c.table) >= TABLES)
        {
            return bad("no such Huffman table");
        }
        Ok(())
    }

    /// The prediction of the first sample of the scan and after each restart (T.81 H.1.2.1).
    fn start(&self, precision: u8) -> i32 {
        1 << precision
            .saturating_sub(self.point_transform)
            .saturating_sub(1)
            .min(15)
    }
}
