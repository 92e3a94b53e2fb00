//! JPEG XL (ISO/IEC 18181) as DICOM carries it. PS3.5 8.2.15.
//!
//! Read by `jxl-oxide`, written by `zune-jpegxl`, always lossless. Its header then gets the precision of the samples.

mod header;

use std::panic::catch_unwind;

use jxl_oxide::image::BitDepth;
use jxl_oxide::{AllocTracker, JxlImage, JxlThreadPool};
use zune_core::bit_depth::BitDepth as Depth;
use zune_core::colorspace::ColorSpace;
use zune_core::options::EncoderOptions;
use zune_jpegxl::JxlSimpleEncoder;

use super::error::CodecError;
use crate::pixel::picture::Picture;

/// How a codestream was coded, so far as it is written again the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Samples of one pixel, 1 or 3.
    pub components: usize,
    /// Bits of one sample, 1 to 16.
    pub precision: u8,
    lossless: bool,
}

impl Parameters {
    /// Whether the samples kept their own colours, as every lossless stream does. `false` means that it is lossy.
    pub fn is_lossless(&self) -> bool {
        self.lossless
    }
}

/// Memory a decoder may take for a frame beyond a fixed part, in bytes a sample.
const BYTES_PER_SAMPLE: usize = 64;

/// Decodes a frame of `rows` and `columns`.
///
/// # Errors
/// A damaged stream, one of another size, and lawful ones that cannot be written again.
pub fn decode(stream: &[u8], rows: u32, columns: u32) -> Result<(Picture, Parameters), CodecError> {
    catch_unwind(|| decode_checked(stream, rows, columns))
        .unwrap_or(Err(CodecError::Malformed("it cannot be decoded")))
}

#[allow(clippy::cast_sign_loss)] // clamped to what a sample holds
fn decode_checked(
    stream: &[u8],
    rows: u32,
    columns: u32,
) -> Result<(Picture, Parameters), CodecError> {
    let damaged = CodecError::Malformed("it cannot be decoded");
    if stream.windows(4).take(4096).any(|name| name == b"jbrd") {
        return Err(CodecError::Unsupported("a recompressed JPEG"));
    }
    let limit = (rows as usize)
        .saturating_mul(columns as usize)
        .saturating_mul(3 * BYTES_PER_SAMPLE)
        .saturating_add(64 << 20);
    let image = JxlImage::builder()
        .pool(JxlThreadPool::none())
        .alloc_tracker(AllocTracker::with_limit(limit))
        .read(stream)
        .map_err(|_| damaged)?;
    if (image.height(), image.width()) != (rows, columns) {
        return Err(CodecError::Malformed("its size is not that of the image"));
    }
    let metadata = &image.image_header().metadata;
    let precision = match metadata.bit_depth {
        BitDepth::IntegerSample { bits_per_sample } if (1..=16).contains(&bits_per_sample) => {
            bits_per_sample as u8
        }
        _ => {
            return Err(CodecError::Unsupported(
                "samples that are not 1 to 16 bit integers",
            ));
        }
    };
    if !metadata.ec_info.is_empty() {
        return Err(CodecError::Unsupported("extra channels"));
    }
    if image.num_loaded_keyframes() == 0 {
        return Err(CodecError::Malformed("it ends early"));
    }
    if metadata.animation.is_some() || image.num_loaded_keyframes() != 1 {
        return Err(CodecError::Unsupported("an animation"));
    }
    if metadata.orientation != 1 {
        return Err(CodecError::Unsupported("a turned picture"));
    }
    let frame = image.frame_header(0).ok_or(damaged)?;
    let lossless = !metadata.xyb_encoded && frame.encoding == jxl_oxide::frame::Encoding::Modular;
    if frame.do_ycbcr {
        return Err(CodecError::Unsupported("a recompressed JPEG"));
    }
    let render = image.render_frame(0).map_err(|_| damaged)?;
    let buffer = render.image_all_channels();
    let components = buffer.channels();
    if components != 1 && components != 3 {
        return Err(CodecError::Unsupported("neither grey nor colour"));
    }
    let largest = f32::from(u16::MAX >> (16 - u32::from(precision)));
    let samples = buffer
        .buf()
        .iter()
        .map(|value| (value * largest).round().clamp(0.0, largest) as u16)
        .collect();
    let picture = Picture {
        rows,
        columns,
        components,
        precision,
        signed: false,
        samples,
    };
    let parameters = Parameters {
        components,
        precision,
        lossless,
    };
    Ok((picture, parameters))
}

/// Encodes a frame losslessly as a bare codestream.
///
/// # Errors
/// A picture of one row or column, unlike the parameters, or of noise of 16 bits for which the encoder has no room.
pub fn encode(picture: &Picture, parameters: &Parameters) -> Result<Vec<u8>, CodecError> {
    let refused = CodecError::Unsupported("the JPEG XL encoder refused a picture");
    if picture.components != parameters.components || picture.precision != parameters.precision {
        return Err(CodecError::Unsupported("a picture unlike its codestream"));
    }
    if picture.rows < 2 || picture.columns < 2 {
        return Err(CodecError::Unsupported("JPEG XL of one row or column"));
    }
    // The encoder knows two depths. What it writes of the samples does not depend on the one that it declares.
    let (depth, bytes): (_, Vec<u8>) = match picture.precision {
        8 => (
            Depth::Eight,
            picture.samples.iter().map(|sample| *sample as u8).collect(),
        ),
        1..=16 => (
            Depth::Sixteen,
            picture
                .samples
                .iter()
                .flat_map(|sample| sample.to_ne_bytes())
                .collect(),
        ),
        _ => {
            return Err(CodecError::Unsupported(
                "samples that are not 1 to 16 bit integers",
            ));
        }
    };
    let colours = match picture.components {
        1 => ColorSpace::Luma,
        3 => ColorSpace::RGB,
        _ => return Err(CodecError::Unsupported("neither grey nor colour")),
    };
    let (width, height) = (picture.columns as usize, picture.rows as usize);
    let options = EncoderOptions::new(width, height, colours, depth).set_num_threads(1);
    let mut out = catch_unwind(|| {
        let mut out = Vec::new();
        let written = JxlSimpleEncoder::new(&bytes, options).encode(&mut out);
        written.map(|_| out).map_err(|_| refused)
    })
    .unwrap_or(Err(refused))?;
    if !matches!(picture.precision, 8 | 16) {
        header::declare(&mut out, picture.precision).ok_or(refused)?;
    }
    Ok(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
