//! Frames without compression of their own: encapsulated as they are (PS3.5 section A.4.11), or deflated one by one
//! (section A.4.13).

use std::io::{Read as _, Write as _};

use super::error::CodecError;
use super::job::Job;
use crate::pixel::native::{Blanking, Layout};

/// Blanks the bytes of one frame; `None` when nothing had to change.
pub(super) fn blank(job: &Job, frame: &[u8]) -> Result<Option<Vec<u8>>, CodecError> {
    let size = |_| CodecError::Malformed("the header describes no image");
    let len = frame.len() as u64;
    let expected = job.geometry.frame_bytes_in(len).map_err(size)?;
    if len < expected {
        return Err(CodecError::Malformed("the frame is too short"));
    }
    if job.geometry.subsampled && job.is_planar {
        return Err(CodecError::Unsupported(
            "pixels that share their chrominance cannot be planar",
        ));
    }
    let fill = job.fill.map(i64::cast_unsigned);
    let image = frame.get(..expected as usize).unwrap_or_default();
    let bits = job
        .bits
        .filter(|bits| !bits.forms(image, false).are_clean());
    let blanking = Blanking::new(&layout(job, len), 1, &job.mask, fill, bits)
        .map_err(|_| CodecError::Unsupported("a layout in which no region can be found"))?;
    // What stands behind the image, a pad byte at most, is not taken along.
    let mut blanked = image.to_vec();
    blanking.apply(0, &mut blanked);
    blanking
        .check(0, frame, &blanked)
        .map_err(CodecError::Differs)?;
    let same = image == blanked;
    Ok((!same).then_some(blanked))
}

/// Whether a bit that is not a sample's value is set in the first `len` bytes of a frame.
pub(super) fn hides_bits(job: &Job, frame: &[u8], len: usize) -> bool {
    let image = frame.get(..len).unwrap_or_default();
    job.bits
        .is_some_and(|bits| !bits.forms(image, false).are_clean())
}

/// How the frame's bytes are laid out.
pub(super) fn layout(job: &Job, len: u64) -> Layout {
    let full = job.geometry.frame_bytes().unwrap_or_default();
    Layout {
        rows: u32::from(job.geometry.rows),
        columns: u32::from(job.geometry.columns),
        samples: u32::from(job.geometry.samples),
        bits_allocated: u32::from(job.geometry.bits_allocated),
        is_planar: job.is_planar,
        is_subsampled: job.geometry.subsampled && len < full,
        big_endian: false,
        is_words: false,
    }
}

/// Inflates a frame that may hold so many bytes, and a pad byte.
pub(super) fn inflate(frame: &[u8], expected: u64) -> Result<Vec<u8>, CodecError> {
    let mut bytes = Vec::new();
    // A frame of odd size may carry its pad byte inside.
    let mut inflater = flate2::read::DeflateDecoder::new(frame).take(expected + 1);
    inflater
        .read_to_end(&mut bytes)
        .map_err(|_| CodecError::Malformed("an invalid deflate stream"))?;
    Ok(bytes)
}

/// Deflates a frame.
pub(super) fn deflate(bytes: &[u8]) -> Result<Vec<u8>, CodecError> {
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|_| CodecError::Unsupported("the frame could not be deflated"))
}
