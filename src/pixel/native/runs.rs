//! Where the pixels of a mask lie in native pixel data.

use thiserror::Error;

use crate::pixel::mask::Mask;

/// How native pixel data is laid out (PS3.5 section 8, PS3.3 section C.7.6.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is an attribute of its own
pub struct Layout {
    /// Rows of a frame, in pixels.
    pub rows: u32,
    /// Columns of a frame, in pixels.
    pub columns: u32,
    /// Samples per Pixel (0028,0002), 1 to 4.
    pub samples: u32,
    /// Bits Allocated (0028,0100): 1 or a multiple of 8.
    pub bits_allocated: u32,
    /// Planar Configuration (0028,0006) is 1: each component has a plane of its own.
    pub is_planar: bool,
    /// Two pixels of a row share their chrominance: `YBR_FULL_422`, written Y Y Cb Cr.
    pub is_subsampled: bool,
    /// Whether numbers are big endian.
    pub big_endian: bool,
    /// Whether the value is written as 16-bit words (VR `OW`).
    pub is_words: bool,
}

/// Why nothing can be blanked.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the pixel data is laid out in a way in which no region can be found")]
pub struct LayoutError;

/// A stretch of a frame that one pattern fills, over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Index of the pattern.
    pub(super) pattern: usize,
}

impl Layout {
    /// What one frame takes: bytes, or bits where a sample is one.
    pub fn period(&self) -> Result<u64, LayoutError> {
        let pixels = u64::from(self.rows) * u64::from(self.columns);
        match (self.is_subsampled, self.bits_allocated) {
            // Shared chrominance has no planes (PS3.3 section C.7.6.3.1.2): nothing says where they would lie.
            (true, _) if self.is_planar => Err(LayoutError),
            (true, 8) if self.samples == 3 && self.columns.is_multiple_of(2) => Ok(pixels * 2),
            (false, 1) if self.samples == 1 => Ok(pixels),
            (false, bits)
                if bits > 0 && bits.is_multiple_of(8) && (1..=4).contains(&self.samples) =>
            {
                pixels
                    .checked_mul(u64::from(self.samples) * u64::from(bits / 8))
                    .ok_or(LayoutError)
            }
            _ => Err(LayoutError),
        }
    }

    /// The runs of one frame in the unit of [`Self::period`], in order, and the patterns that fill them.
    pub(super) fn runs(
        &self,
        mask: &Mask,
        fill: [u64; 4],
    ) -> Result<(Vec<Run>, Vec<Vec<u8>>), LayoutError> {
        self.period()?;
        let mut list = Vec::new();
        let components: Vec<u64> = fill.into_iter().take(self.samples as usize).collect();
        if self.is_subsampled {
            let [y, cb, cr, _] = fill.map(|value| value as u8);
            self.pairs(mask, &mut list);
            return Ok((
                list,
                vec![vec![y, y, cb, cr], vec![y, cb, cr], vec![y], vec![cb, cr]],
            ));
        }
        if self.bits_allocated == 1 {
            self.plane(mask, &mut list, 0, 1, 0);
            return Ok((list, vec![vec![u8::from(components.first() != Some(&0))]]));
        }
        let bytes = (self.bits_allocated / 8) as usize;
        let patterns: Vec<Vec<u8>> = components
            .iter()
            .map(|value| self.pattern(*value, bytes))
            .collect();
        let size = bytes as u64;
        if self.is_planar {
            let plane = u64::from(self.rows) * u64::from(self.columns) * size;
            for index in 0..patterns.len() {
                self.plane(mask, &mut list, plane * index as u64, size, index);
            }
            return Ok((list, patterns));
        }
        self.plane(mask, &mut list, 0, size * u64::from(self.samples), 0);
        Ok((list, vec![patterns.concat()]))
    }

    /// A stored sample of a frame, by its place; `None` outside.
    pub fn sample(&self, frame: &[u8], row: u32, column: u32, component: u32) -> Option<u64> {
        let pixel = u64::from(row) * u64::from(self.columns) + u64::from(column);
        let swaps = u64::from(self.big_endian && self.is_words && self.bits_allocated <= 8);
        let byte = |at: u64| {
            frame
                .get((at ^ swaps) as usize)
                .map(|byte| u64::from(*byte))
        };
        if self.bits_allocated == 1 {
            return Some(byte(pixel / 8)? >> (pixel % 8) & 1);
        }
        if self.is_subsampled {
            let pair = pixel / 2 * 4;
            let chrominance = u64::from(component) + 1;
            return byte(
                pair + if component == 0 {
                    pixel % 2
                } else {
                    chrominance
                },
            );
        }
        let size = u64::from(self.bits_allocated / 8);
        let (samples, component) = (u64::from(self.samples), u64::from(component));
        let index = if self.is_planar {
            component * u64::from(self.rows) * u64::from(self.columns) + pixel
        } else {
            pixel * samples + component
        };
        (0..size).try_fold(0, |value, n| {
            let place = if self.big_endian { n } else { size - 1 - n };
            Some(value << 8 | byte(index * size + place)?)
        })
    }

    fn pattern(&self, value: u64, bytes: usize) -> Vec<u8> {
        let little = value.to_le_bytes();
        let mut sample: Vec<u8> = little.iter().copied().cycle().take(bytes).collect();
        if self.big_endian {
            sample.reverse();
        }
        sample
    }

    /// Adds the runs of a plane that begins at `base`. A pixel takes `size` units.
    fn plane(&self, mask: &Mask, list: &mut Vec<Run>, base: u64, size: u64, pattern: usize) {
        each_run(mask, |row, first, last| {
            let row = u64::from(row) * u64::from(self.columns);
            let start = base + (row + u64::from(first)) * size;
            let end = base + (row + u64::from(last)) * size;
            add(list, start, end, pattern);
        });
    }

    /// Adds the runs of pairs of pixels, written Y Y Cb Cr. Where a run cuts a pair in two, the luminance of the pixel
    /// outside stays.
    fn pairs(&self, mask: &Mask, list: &mut Vec<Run>) {
        each_run(mask, |row, first, last| {
            let row = u64::from(row) * u64::from(self.columns) * 2;
            let at = |column: u32| row + u64::from(column) * 2;
            let mut first = first;
            if first % 2 == 1 {
                add(list, at(first - 1) + 1, at(first + 1), 1);
                first += 1;
            }
            let whole = last - last % 2;
            if first < whole {
                add(list, at(first), at(whole), 0);
            }
            if last % 2 == 1 && first <= whole {
                add(list, at(whole), at(whole) + 1, 2);
                add(list, at(whole) + 2, at(whole) + 4, 3);
            }
        });
    }
}

/// Calls `run` with the row and the columns of each run, from top to bottom.
fn each_run(mask: &Mask, mut run: impl FnMut(u32, u32, u32)) {
    for band in mask.bands() {
        for row in band.rows.clone() {
            for columns in &band.runs {
                run(row, columns.start, columns.end);
            }
        }
    }
}

/// Adds a run, or makes the last one longer.
fn add(list: &mut Vec<Run>, start: u64, end: u64, pattern: usize) {
    match list.last_mut() {
        Some(before) if before.end == start && before.pattern == pattern => before.end = end,
        _ => list.push(Run {
            start,
            end,
            pattern,
        }),
    }
}
