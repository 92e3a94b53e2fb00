//! JPEG 2000 (ITU-T T.800) and high throughput JPEG 2000 (T.814) as DICOM carries them. PS3.5 8.2.4, 8.2.13.
//!
//! Every lawful stream is read by `jpeg2k`; what is written is always lossless: the reversible wavelet and colour
//! transform, all bit planes, one tile, one layer, one precinct a resolution, no comment.

mod block;
mod header;
mod high_throughput;
mod mq;
mod packet;
mod wavelet;
mod write;

use std::panic::catch_unwind;

use super::error::CodecError;
use crate::pixel::picture::Picture;

/// The order of packets. T.800 table A.16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progression {
    /// Layer, resolution, component, position.
    Lrcp,
    /// Resolution, layer, component, position.
    Rlcp,
    /// Resolution, position, component, layer.
    Rpcl,
    /// Position, component, resolution, layer.
    Pcrl,
    /// Component, position, resolution, layer.
    Cprl,
}

/// How a codestream was coded, so far as it is written again the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // independent flags of a codestream
pub struct Parameters {
    /// Samples of one pixel, 1 to 4.
    pub components: usize,
    /// Bits of one sample, 1 to 16.
    pub precision: u8,
    /// Whether samples are two's complement.
    pub signed: bool,
    reversible: bool,
    colour_transform: bool,
    levels: u8,
    progression: Progression,
    high_throughput: bool,
    tile_lengths: bool,
    boxed: bool,
}

impl Parameters {
    /// Whether the 5/3 wavelet was used. Such a stream may still lack bit planes; one that is not reversible is lossy.
    pub fn is_reversible(&self) -> bool {
        self.reversible
    }

    /// Whether the first three components went through a colour transform: reversible (`YBR_RCT`) if the stream is, else
    /// irreversible (`YBR_ICT`). What is written has `YBR_RCT` in either case.
    pub fn has_colour_transform(&self) -> bool {
        self.colour_transform
    }

    /// Wavelet levels.
    pub fn levels(&self) -> u8 {
        self.levels
    }

    /// The order of packets.
    pub fn progression(&self) -> Progression {
        self.progression
    }

    /// Whether the high throughput block coder was used.
    pub fn is_high_throughput(&self) -> bool {
        self.high_throughput
    }

    /// Whether the codestream lists the lengths of its tile-parts (TLM).
    pub fn has_tile_lengths(&self) -> bool {
        self.tile_lengths
    }

    /// Whether the codestream lay in JP2 boxes, which are not written again.
    pub fn is_boxed(&self) -> bool {
        self.boxed
    }
}

/// Decodes a frame of `rows` and `columns`: the samples as a standard decoder yields them, after the codestream's own
/// colour transform and without any other.
///
/// # Errors
/// A damaged stream, one of another size, and lawful ones that cannot be written again.
pub fn decode(stream: &[u8], rows: u32, columns: u32) -> Result<(Picture, Parameters), CodecError> {
    let (codestream, boxed) = header::bare(stream)?;
    let header = header::read(codestream, boxed)?;
    if (header.rows, header.columns) != (rows, columns) {
        return Err(CodecError::Malformed("its size is not that of the image"));
    }
    let parameters = header.parameters;
    let image = catch_unwind(|| jpeg2k::Image::from_bytes(codestream))
        .ok()
        .and_then(Result::ok)
        .ok_or(CodecError::Malformed("it cannot be decoded"))?;
    let pixels = rows as usize * columns as usize;
    let planes: Vec<&[i32]> = image
        .components()
        .iter()
        .map(jpeg2k::ImageComponent::data)
        .collect();
    if planes.len() != parameters.components || planes.iter().any(|plane| plane.len() != pixels) {
        return Err(CodecError::Malformed("not all components can be decoded"));
    }
    let mut samples = vec![0; pixels * planes.len()];
    for (start, plane) in planes.iter().enumerate() {
        let places = samples.iter_mut().skip(start).step_by(planes.len());
        for (sample, value) in places.zip(*plane) {
            *sample = value.cast_unsigned() as u16;
        }
    }
    let picture = Picture {
        rows,
        columns,
        components: parameters.components,
        precision: parameters.precision,
        signed: parameters.signed,
        samples,
    };
    Ok((picture, parameters))
}

/// Encodes a frame losslessly as a bare codestream.
///
/// # Errors
/// A picture that does not fit the parameters, or is larger than 32768 either way.
pub fn encode(picture: &Picture, parameters: &Parameters) -> Result<Vec<u8>, CodecError> {
    write::encode(picture, parameters)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
