//! Native pixel data (PS3.5 section 8): blanked where it lies, while it is copied.

mod check;
mod runs;

use std::ops::Range;

use super::bits::StoredBits;
use super::mask::Mask;

use runs::Run;
pub use runs::{Layout, LayoutError};

/// What becomes of native pixel data: regions are filled, and bits that are not the samples' values cleared.
#[derive(Clone, Debug)]
pub struct Blanking {
    /// Bytes of one frame, or bits where samples have one.
    period: u64,
    /// How many frames there are.
    frames: u64,
    /// What is filled in each frame, in order; in the same unit.
    runs: Vec<Run>,
    /// What fills the runs: one pixel, or one sample of a plane.
    patterns: Vec<Vec<u8>>,
    /// Whether the unit is a bit.
    in_bits: bool,
    /// Whether two bytes of a word have changed places (PS3.5 section 8.1.1: `OW` in big endian).
    is_swapped: bool,
    big_endian: bool,
    bits: Option<StoredBits>,
}

impl Blanking {
    /// Fills the mask in every frame with `fill`, the stored value of each component, and clears the bits that
    /// `bits` does not count among the value's.
    pub fn new(
        layout: &Layout,
        frames: u32,
        mask: &Mask,
        fill: [u64; 4],
        bits: Option<StoredBits>,
    ) -> Result<Blanking, LayoutError> {
        let (runs, patterns) = layout.runs(mask, fill)?;
        Ok(Blanking {
            period: layout.period()?,
            frames: u64::from(frames),
            runs,
            patterns,
            in_bits: layout.bits_allocated == 1,
            is_swapped: layout.big_endian && layout.is_words && layout.bits_allocated <= 8,
            big_endian: layout.big_endian,
            bits,
        })
    }

    /// Bytes that belong together: what is changed begins and ends at a multiple of it, or at the end of the value.
    pub fn unit(&self) -> u64 {
        let sample = self.bits.map_or(1, StoredBits::bytes) as u64;
        sample.max(if self.is_swapped { 2 } else { 1 })
    }

    /// Blanks `buffer`, which holds the bytes from position `at` of the pixel data on.
    pub fn apply(&self, at: u64, buffer: &mut [u8]) {
        if let Some(bits) = self.bits {
            bits.clean(buffer, self.big_endian);
        }
        if self.runs.is_empty() {
            return;
        }
        if self.in_bits {
            self.fill_bits(at, buffer);
        } else if self.is_swapped {
            self.fill_swapped(at, buffer);
        } else {
            self.fill_bytes(at, buffer);
        }
    }

    /// Proves that `after` is what must become of `before`, the bytes from position `at` on, in whole units. Says what
    /// differs.
    pub fn check(&self, at: u64, before: &[u8], after: &[u8]) -> Result<(), &'static str> {
        check::check(self, at, before, after)
    }

    /// Calls `fill` with the runs of all frames that meet `span`, as ranges in the whole of the pixel data, in order.
    fn meet(&self, span: &Range<u64>, mut fill: impl FnMut(Range<u64>, &[u8])) {
        if self.period == 0 {
            return;
        }
        let last = span.end.div_ceil(self.period).min(self.frames);
        for frame in span.start / self.period..last {
            let base = frame * self.period;
            let from = span.start.saturating_sub(base);
            let first = self.runs.partition_point(|run| run.end <= from);
            for run in self.runs.iter().skip(first) {
                if base + run.start >= span.end {
                    break;
                }
                if let Some(pattern) = self.patterns.get(run.pattern) {
                    fill(base + run.start..base + run.end, pattern);
                }
            }
        }
    }

    fn fill_bytes(&self, at: u64, buffer: &mut [u8]) {
        let span = at..at + buffer.len() as u64;
        self.meet(&span, |run, pattern| {
            let from = run.start.max(span.start);
            let to = run.end.min(span.end);
            let slot = (from - span.start) as usize..(to - span.start) as usize;
            // The pattern begins anew with each run.
            let phase = ((from - run.start) % pattern.len() as u64) as usize;
            let bytes = buffer.get_mut(slot).unwrap_or_default();
            if pattern.iter().all(|b| Some(b) == pattern.first()) {
                bytes.fill(pattern.first().copied().unwrap_or_default());
            } else {
                let cycle = pattern.iter().cycle().skip(phase);
                for (byte, value) in bytes.iter_mut().zip(cycle) {
                    *byte = *value;
                }
            }
        });
    }

    /// The bytes of each word have changed places: so has what is filled. The buffer holds whole words.
    fn fill_swapped(&self, at: u64, buffer: &mut [u8]) {
        swap_words(buffer);
        self.fill_bytes(at, buffer);
        swap_words(buffer);
    }

    fn fill_bits(&self, at: u64, buffer: &mut [u8]) {
        if self.is_swapped {
            swap_words(buffer);
        }
        let span = at * 8..(at + buffer.len() as u64) * 8;
        self.meet(&span, |run, pattern| {
            let is_one = pattern.first().is_some_and(|value| *value != 0);
            for bit in run.start.max(span.start)..run.end.min(span.end) {
                // The first pixel is the least significant bit (PS3.5 section 8.1.1).
                let place = ((bit - span.start) / 8) as usize;
                if let Some(slot) = buffer.get_mut(place) {
                    let one = 1u8 << (bit % 8);
                    *slot = if is_one { *slot | one } else { *slot & !one };
                }
            }
        });
        if self.is_swapped {
            swap_words(buffer);
        }
    }
}

fn swap_words(buffer: &mut [u8]) {
    for word in buffer.as_chunks_mut::<2>().0 {
        word.swap(0, 1);
    }
}

#[cfg(test)]
mod tests;
