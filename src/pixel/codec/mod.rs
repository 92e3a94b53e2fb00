//! Compressed frames: blanked and written again in the transfer syntax they came in.
//!
//! A lossy JPEG is changed where its blocks are, without being decoded. Every other codestream is decoded, blanked and
//! coded again without loss; what was written is decoded again and compared before anybody gets it.

pub mod error;
mod job;
pub mod jpeg2000;
pub mod jpeg_dct;
pub mod jpeg_lossless;
pub mod jpeg_ls;
pub mod jpeg_xl;
mod mean;
mod planes;
mod raw;
pub mod rle;
mod samples;
mod start;
mod unpacked;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::codestream::Family;
use super::picture::Picture;
use error::CodecError;
pub use job::Job;
pub use mean::{Sums, mean};
pub use unpacked::{Unpacked, unpack};

/// A frame that was written anew.
#[derive(Debug)]
pub struct Redacted {
    /// The codestream, not padded.
    pub bytes: Vec<u8>,
    /// Whether a lossy codestream became a reversible one, of the samples that it decoded to.
    pub is_recoded: bool,
    /// Whether components that were transformed irreversibly are now transformed reversibly (JPEG 2000: `YBR_ICT`
    /// becomes `YBR_RCT`).
    pub is_now_rct: bool,
    /// Whether bits that are not the samples' values were set, and are cleared.
    pub has_cleared_bits: bool,
}

impl From<Vec<u8>> for Redacted {
    fn from(bytes: Vec<u8>) -> Redacted {
        Redacted {
            bytes,
            is_recoded: false,
            is_now_rct: false,
            has_cleared_bits: false,
        }
    }
}

/// Blanks one frame and clears bits that are not the samples' values. `None` when nothing had to change.
///
/// # Errors
/// Whatever keeps the frame from being written in its own syntax, or from being proven: an instance with such a frame
/// must be withheld.
pub fn redact(job: &Job, frame: &[u8]) -> Result<Option<Redacted>, CodecError> {
    // Decoders of others have been seen to panic on damaged frames: that is a failure like any other.
    catch_unwind(AssertUnwindSafe(|| dispatch(job, frame))).unwrap_or(Err(CodecError::Malformed(
        "the decoder gave up on the frame",
    )))
}

fn dispatch(job: &Job, frame: &[u8]) -> Result<Option<Redacted>, CodecError> {
    if job.mask.is_empty() && !may_hide_bits(job, frame) {
        return Ok(None);
    }
    match job.family {
        Family::Native | Family::EncapsulatedUncompressed => {
            Ok(raw::blank(job, frame)?.map(|blanked| Redacted {
                has_cleared_bits: raw::hides_bits(job, frame, blanked.len()),
                ..Redacted::from(blanked)
            }))
        }
        Family::DeflatedFrame => {
            let size = |_| CodecError::Malformed("the header describes no image");
            let expected = job.geometry.frame_bytes().map_err(size)?;
            let inflated = raw::inflate(frame, expected)?;
            let Some(blanked) = raw::blank(job, &inflated)? else {
                return Ok(None);
            };
            let deflated = raw::deflate(&blanked)?;
            if raw::inflate(&deflated, expected)? != blanked {
                return Err(CodecError::Differs(
                    "it does not inflate to what was deflated",
                ));
            }
            Ok(Some(Redacted {
                has_cleared_bits: raw::hides_bits(job, &inflated, blanked.len()),
                ..Redacted::from(deflated)
            }))
        }
        Family::Rle => planes::blank(job, frame),
        Family::Jpeg => match start::of_frame(frame) {
            Some((0xC3, _)) => decoded(
                job,
                || jpeg_lossless::decode(frame, rows(job), columns(job)),
                |parameters| Restored {
                    low_bits: parameters
                        .scans
                        .iter()
                        .map(|scan| scan.point_transform)
                        .max()
                        .unwrap_or(0),
                    ..Restored::default()
                },
                jpeg_lossless::encode,
                |bytes| jpeg_lossless::decode(bytes, rows(job), columns(job)),
            ),
            _ if job.mask.is_empty() => Err(CodecError::Unsupported(
                "its samples have more bits than the header says, and their values are coded with loss",
            )),
            _ => {
                let precision = start::of_frame(frame).map_or(8, |(_, precision)| precision);
                let fill = [0, 1, 2, 3].map(|component| job.pattern(component, precision));
                let blanked = jpeg_dct::blank(frame, &job.mask, fill)?;
                jpeg_dct::check(frame, &blanked, &job.mask, fill)?;
                Ok(Some(blanked.into()))
            }
        },
        Family::JpegLs => decoded(
            job,
            || jpeg_ls::decode(frame, rows(job), columns(job)),
            |parameters| Restored {
                largest: parameters
                    .preset
                    .as_ref()
                    .map(|preset| preset.maximum)
                    .filter(|n| *n > 0),
                ..Restored::when(parameters.near > 0, false)
            },
            jpeg_ls::encode,
            |bytes| jpeg_ls::decode(bytes, rows(job), columns(job)),
        ),
        Family::Jpeg2000 => decoded(
            job,
            || jpeg2000::decode(frame, rows(job), columns(job)),
            |p| Restored::when(!p.is_reversible(), p.has_colour_transform()),
            jpeg2000::encode,
            |bytes| jpeg2000::decode(bytes, rows(job), columns(job)),
        ),
        Family::JpegXl => decoded(
            job,
            || jpeg_xl::decode(frame, rows(job), columns(job)),
            |parameters| Restored::when(!parameters.is_lossless(), false),
            jpeg_xl::encode,
            |bytes| jpeg_xl::decode(bytes, rows(job), columns(job)),
        ),
        Family::Video | Family::Unknown => Err(CodecError::Unsupported(
            "no frame of this transfer syntax can be written again",
        )),
    }
}

/// What a codestream becomes by being written again without loss, and what it can hold.
#[derive(Default)]
struct Restored {
    is_recoded: bool,
    is_now_rct: bool,
    /// Low bits of a sample that are not coded.
    low_bits: u8,
    /// The largest sample that can be coded, if not all of its bits.
    largest: Option<u16>,
}

impl Restored {
    fn when(was_lossy: bool, had_transform: bool) -> Restored {
        Restored {
            is_recoded: was_lossy,
            is_now_rct: was_lossy && had_transform,
            ..Restored::default()
        }
    }

    /// The pixel that fills the regions.
    fn fill(&self, job: &Job, picture: &Picture) -> Vec<u16> {
        let of = |component| {
            let value = samples::fill(job, picture, component);
            let value = value >> self.low_bits << self.low_bits;
            self.largest.map_or(value, |largest| value.min(largest))
        };
        (0..picture.components).map(of).collect()
    }
}

/// Decodes, blanks, encodes; decodes again and compares.
fn decoded<P>(
    job: &Job,
    decode: impl Fn() -> Result<(Picture, P), CodecError>,
    restored: impl Fn(&P) -> Restored,
    encode: impl Fn(&Picture, &P) -> Result<Vec<u8>, CodecError>,
    again: impl Fn(&[u8]) -> Result<(Picture, P), CodecError>,
) -> Result<Option<Redacted>, CodecError> {
    let (before, parameters) = decode()?;
    if before.components != usize::from(job.geometry.samples) {
        return Err(CodecError::Malformed(
            "it has other components than the header says",
        ));
    }
    let bits = samples::dirty_bits(job, &before);
    let has_cleared_bits = bits.is_some();
    if job.mask.is_empty() && bits.is_none() {
        return Ok(None);
    }
    let restored = restored(&parameters);
    let fill = restored.fill(job, &before);
    let mut blanked = before.clone();
    samples::blank(&job.mask, bits, &mut blanked, &fill);
    let bytes = encode(&blanked, &parameters)?;
    let (after, _) = again(&bytes)?;
    samples::check(&job.mask, bits, &before, &after, &fill)?;
    Ok(Some(Redacted {
        bytes,
        is_recoded: restored.is_recoded,
        is_now_rct: restored.is_now_rct,
        has_cleared_bits,
    }))
}

fn rows(job: &Job) -> u32 {
    u32::from(job.geometry.rows)
}

fn columns(job: &Job) -> u32 {
    u32::from(job.geometry.columns)
}

/// Whether samples have room for bits that are not their values. Most codestreams state a precision that leaves none.
fn may_hide_bits(job: &Job, frame: &[u8]) -> bool {
    let precision = match job.family {
        Family::Jpeg | Family::JpegLs => start::of_frame(frame).map(|(_, precision)| precision),
        Family::Jpeg2000 => start::jpeg2000_precision(frame),
        _ => None,
    };
    job.bits.is_some() && precision.is_none_or(|bits| u16::from(bits) > job.bits_stored)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
