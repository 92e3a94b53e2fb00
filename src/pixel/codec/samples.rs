//! Blanking decoded samples, and the proof that nothing else changed.

use super::error::CodecError;
use super::job::Job;
use crate::pixel::bits::{Forms, StoredBits};
use crate::pixel::mask::Mask;
use crate::pixel::picture::Picture;

/// The value that fills a component of a picture.
pub(super) fn fill(job: &Job, picture: &Picture, component: usize) -> u16 {
    if picture.signed {
        let value = job.fill.get(component).copied().unwrap_or_default();
        let half = 1i64 << (picture.precision.clamp(1, 16) - 1);
        return value.clamp(-half, half - 1).cast_unsigned() as u16;
    }
    job.pattern(component, picture.precision)
}

/// The bits that must be cleared; `None` when those beside the samples' values tell nothing.
pub(super) fn dirty_bits(job: &Job, picture: &Picture) -> Option<StoredBits> {
    // A signed codestream repeats the sign by itself; of another one, what is above the precision is not coded.
    let coded = |bits: StoredBits| {
        if picture.signed {
            bits.widened()
        } else {
            bits.within(picture.precision)
        }
    };
    let bits = job.bits.map(coded)?;
    let samples = picture.samples.iter();
    let forms: Forms = samples
        .map(|sample| bits.form(u64::from(*sample)))
        .collect();
    (!forms.are_clean()).then_some(bits)
}

/// What a sample outside the regions becomes.
fn outside(bits: Option<StoredBits>, sample: u16) -> u16 {
    bits.map_or(sample, |bits| bits.cleaned(u64::from(sample)) as u16)
}

/// Fills the mask and clears bits that are not the samples' values.
pub(super) fn blank(mask: &Mask, bits: Option<StoredBits>, picture: &mut Picture, fill: &[u16]) {
    if bits.is_some() {
        for sample in &mut picture.samples {
            *sample = outside(bits, *sample);
        }
    }
    let width = picture.columns as usize * picture.components;
    for band in mask.bands() {
        for row in band.rows.clone() {
            for run in &band.runs {
                let start = row as usize * width + run.start as usize * picture.components;
                let end = row as usize * width + run.end as usize * picture.components;
                let slots = picture.samples.get_mut(start..end).unwrap_or_default();
                for (slot, value) in slots.iter_mut().zip(fill.iter().cycle()) {
                    *slot = *value;
                }
            }
        }
    }
}

/// Proves that a picture is another one with the mask filled and nothing else changed: sample by sample, from what
/// must be, not from what was done.
pub(super) fn check(
    mask: &Mask,
    bits: Option<StoredBits>,
    before: &Picture,
    after: &Picture,
    fill: &[u16],
) -> Result<(), CodecError> {
    let shape = |p: &Picture| {
        (
            p.rows,
            p.columns,
            p.components,
            p.precision,
            p.signed,
            p.samples.len(),
        )
    };
    if shape(before) != shape(after) {
        return Err(CodecError::Differs("it has another size or precision"));
    }
    let width = (before.columns as usize).max(1);
    let pixels = before.samples.chunks_exact(before.components.max(1));
    let written = after.samples.chunks_exact(after.components.max(1));
    let rows = pixels.len().div_ceil(width);
    let mut pairs = pixels.zip(written);
    for row in 0..rows {
        let runs = mask.runs(row as u32);
        for column in 0..width {
            let Some((old, new)) = pairs.next() else {
                break;
            };
            let inside = runs.iter().any(|run| run.contains(&(column as u32)));
            for (component, (old, new)) in old.iter().zip(new).enumerate() {
                let wanted = if inside {
                    fill.get(component).copied().unwrap_or_default()
                } else {
                    outside(bits, *old)
                };
                if *new != wanted {
                    return Err(CodecError::Differs(if inside {
                        "a sample inside a region is not blank"
                    } else {
                        "a sample outside the regions has changed"
                    }));
                }
            }
        }
    }
    Ok(())
}
