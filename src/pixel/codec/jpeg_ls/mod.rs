//! JPEG-LS (ITU-T T.87, ISO/IEC 14495-1), the transfer syntaxes of PS3.5 section A.4.3.
//!
//! Both forms are read; lossless is written. A near-lossless codestream that was coded near-lossless again would move
//! samples that nobody asked to change.
//!
//! A picture is coded row by row. Each sample is predicted from its neighbours to the left and above, and the error is
//! written as a Golomb code that adapts to its surroundings (`model`). Where the surroundings are flat, the length of the
//! run is written instead.

mod bit_reader;
mod bit_writer;
mod decode;
mod encode;
mod header;
mod model;
mod preset;
mod rows;
mod scan_decoder;
mod scan_encoder;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;
pub use preset::Preset;

/// How a codestream was written, so far as it can be written again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// NEAR, the largest error of a sample; 0 is lossless. Of several scans the largest. Told, never written again.
    pub near: u8,
    /// How the components share scans.
    pub interleave: Interleave,
    /// The coding parameters of an LSE segment, if there was one.
    pub preset: Option<Preset>,
    /// The component identifiers, in the order of the frame header.
    pub component_ids: Vec<u8>,
    /// Rows from one restart marker to the next, 0 for none.
    pub restart_interval: u32,
}

/// How the components of a picture share scans (ILV, T.87 section C.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interleave {
    /// A scan for each component. The only way for one component.
    None,
    /// One scan: a row of each component in turn.
    Line,
    /// One scan: a sample of each component in turn.
    Sample,
}
