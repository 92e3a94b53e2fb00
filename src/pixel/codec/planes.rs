//! The byte planes of RLE: as if the frame were planar, big endian, and each byte of a sample had a plane of its own.

use super::Redacted;
use super::error::CodecError;
use super::job::Job;
use super::rle;
use crate::pixel::bits::{Forms, StoredBits};

/// Blanks one frame; `None` when nothing had to change.
pub(super) fn blank(job: &Job, frame: &[u8]) -> Result<Option<Redacted>, CodecError> {
    let pixels = job.geometry.pixels() as usize;
    let bytes = usize::from(job.geometry.bits_allocated / 8);
    if bytes == 0 {
        return Err(CodecError::Unsupported("RLE of one-bit samples"));
    }
    let planes = usize::from(job.geometry.samples) * bytes;
    let before = rle::decode(frame, planes, pixels)?;
    let bits = job
        .bits
        .filter(|bits| !forms(*bits, bytes, &before).are_clean());
    let mut after = before.clone();
    let has_cleared_bits = bits.is_some();
    for (component, planes) in after.chunks_mut(bytes).enumerate() {
        clean_planes(bits, planes);
        let fill = job.fill.get(component).copied().unwrap_or_default();
        for (plane, byte) in planes.iter_mut().rev().zip(fill.to_le_bytes()) {
            for band in job.mask.bands() {
                for row in band.rows.clone() {
                    for run in &band.runs {
                        let row = row as usize * usize::from(job.geometry.columns);
                        let run = row + run.start as usize..row + run.end as usize;
                        plane.get_mut(run).unwrap_or_default().fill(byte);
                    }
                }
            }
        }
    }
    if after == before {
        return Ok(None);
    }
    let encoded = rle::encode(&after, usize::from(job.geometry.columns))?;
    let written = rle::decode(&encoded, planes, pixels)?;
    check_planes(job, bits, &before, &written)?;
    Ok(Some(Redacted {
        has_cleared_bits,
        ..Redacted::from(encoded)
    }))
}

/// The sample at a place of the planes of one component.
fn sample_of(planes: &[Vec<u8>], at: usize) -> u64 {
    let add = |value: u64, plane: &Vec<u8>| {
        value << 8 | u64::from(plane.get(at).copied().unwrap_or_default())
    };
    planes.iter().fold(0, add)
}

/// What is beside the values of all samples.
fn forms(bits: StoredBits, bytes: usize, planes: &[Vec<u8>]) -> Forms {
    let of_component = |planes: &[Vec<u8>]| -> Forms {
        let len = planes.first().map_or(0, Vec::len);
        (0..len)
            .map(|at| bits.form(sample_of(planes, at)))
            .collect()
    };
    planes.chunks(bytes).map(of_component).collect()
}

/// Clears bits that are not the values of the samples of one component.
fn clean_planes(bits: Option<StoredBits>, planes: &mut [Vec<u8>]) {
    let Some(bits) = bits else { return };
    let len = planes.first().map_or(0, Vec::len);
    for at in 0..len {
        let sample = sample_of(planes, at);
        let cleaned = bits.cleaned(sample);
        if cleaned != sample {
            for (plane, byte) in planes.iter_mut().rev().zip(cleaned.to_le_bytes()) {
                if let Some(slot) = plane.get_mut(at) {
                    *slot = byte;
                }
            }
        }
    }
}

/// Proves that planes are others with the mask filled and nothing else changed.
pub(super) fn check_planes(
    job: &Job,
    bits: Option<StoredBits>,
    before: &[Vec<u8>],
    after: &[Vec<u8>],
) -> Result<(), CodecError> {
    let lengths = |planes: &[Vec<u8>]| planes.iter().map(Vec::len).collect::<Vec<_>>();
    if lengths(before) != lengths(after) {
        return Err(CodecError::Differs("it has other planes"));
    }
    let columns = u32::from(job.geometry.columns).max(1);
    let bytes = usize::from(job.geometry.bits_allocated / 8).max(1);
    let ones = u64::MAX
        .checked_shr(64 - 8 * bytes as u32)
        .unwrap_or(u64::MAX);
    for (component, (old, new)) in before.chunks(bytes).zip(after.chunks(bytes)).enumerate() {
        let fill = job.fill.get(component).copied().unwrap_or_default();
        for at in 0..old.first().map_or(0, Vec::len) {
            let column = at as u32 % columns;
            let row = at as u32 / columns;
            let (old, new) = (sample_of(old, at), sample_of(new, at));
            let inside = job.mask.runs(row).iter().any(|run| run.contains(&column));
            let wanted = match (inside, bits) {
                (true, _) => fill.cast_unsigned() & ones,
                (false, Some(bits)) => bits.cleaned(old),
                (false, None) => old,
            };
            if new != wanted {
                return Err(CodecError::Differs(if inside {
                    "a sample inside a region is not blank"
                } else {
                    "a sample outside the regions has changed"
                }));
            }
        }
    }
    Ok(())
}
