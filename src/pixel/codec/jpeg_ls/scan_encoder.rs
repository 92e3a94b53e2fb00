//! Writes the rows of a lossless scan (T.87 annex A).
#![expect(
    clippy::many_single_char_names,
    reason = "the neighbours have these names in T.87 figure 3"
)]
#![expect(
    clippy::cast_sign_loss,
    reason = "all numbers here are small: samples have at most 16 bits, errors 17"
)]

use super::bit_writer::BitWriter;
use super::model::{Model, mirrored, predict, run_order};
use super::rows::Rows;

/// Writes one row after the other.
pub(super) struct ScanEncoder {
    pub(super) model: Model,
    pub(super) bits: BitWriter,
}

impl ScanEncoder {
    /// Writes a row of pixels of `stride` samples, 1 to 4.
    pub(super) fn row(&mut self, rows: &mut Rows, stride: usize) {
        match stride {
            2 => self.pixels::<2>(rows),
            3 => self.pixels::<3>(rows),
            4 => self.pixels::<4>(rows),
            _ => self.samples(rows),
        }
    }

    /// Writes a row of one component.
    fn samples(&mut self, rows: &mut Rows) {
        let end = rows.current.len() - 1;
        let above = &rows.above[..=end];
        let current = &rows.current[..=end];
        let mut x = 1;
        let mut a = i32::from(current[0]);
        let mut b = i32::from(above[1]);
        let mut c = i32::from(above[0]);
        while x < end {
            let d = i32::from(above[x + 1]);
            let surroundings = self.model.surroundings([a, b, c, d]);
            if surroundings != 0 {
                let sample = i32::from(current[x]);
                self.regular(surroundings, predict(a, b, c), sample);
                a = sample;
                c = b;
                b = d;
                x += 1;
                continue;
            }
            let rest = &current[x..end];
            let length = rest.iter().take_while(|&&s| i32::from(s) == a).count();
            x += length;
            self.run_length(&mut rows.run_index, length, x == end);
            if x == end {
                break;
            }
            b = i32::from(above[x]);
            let sample = i32::from(current[x]);
            self.run_end([a, b], a == b, rows.run_index, sample);
            rows.run_index = rows.run_index.saturating_sub(1);
            a = sample;
            c = b;
            b = i32::from(above[x + 1]);
            x += 1;
        }
    }

    /// Writes a row of pixels of `N` samples.
    fn pixels<const N: usize>(&mut self, rows: &mut Rows) {
        let (above, _) = rows.above.as_chunks::<N>();
        let (current, _) = rows.current.as_chunks::<N>();
        let end = current.len() - 1;
        let mut x = 1;
        while x < end {
            let a = current[x - 1].map(i32::from);
            let [c, b, d] = [x - 1, x, x + 1].map(|at| above[at].map(i32::from));
            let surroundings: [i32; N] =
                std::array::from_fn(|i| self.model.surroundings([a[i], b[i], c[i], d[i]]));
            if surroundings != [0; N] {
                for i in 0..N {
                    let prediction = predict(a[i], b[i], c[i]);
                    self.regular(surroundings[i], prediction, i32::from(current[x][i]));
                }
                x += 1;
                continue;
            }
            let flat = current[x - 1];
            let length = current[x..end].iter().take_while(|&&p| p == flat).count();
            x += length;
            self.run_length(&mut rows.run_index, length, x == end);
            if x == end {
                break;
            }
            for i in 0..N {
                let neighbours = [a[i], i32::from(above[x][i])];
                let sample = i32::from(current[x][i]);
                self.run_end(neighbours, false, rows.run_index, sample);
            }
            rows.run_index = rows.run_index.saturating_sub(1);
            x += 1;
        }
    }

    /// Writes a sample whose surroundings are not flat.
    #[inline]
    fn regular(&mut self, surroundings: i32, prediction: i32, sample: i32) {
        let coding = self.model.coding;
        let (context, mirror) = self.model.context(surroundings);
        let order = context.order();
        let prediction = (prediction + mirrored(context.c, mirror)).clamp(0, coding.maximum);
        let error = reduce(mirrored(sample - prediction, mirror), coding.range);
        let swapped = error ^ context.swap(order);
        let mapped = (swapped << 1) ^ (swapped >> 31);
        context.learn(error, 1, coding.reset);
        self.bits
            .golomb(mapped as u32, order, coding.escape, coding.error_bits);
    }

    /// Writes how long a run is, and whether the row ends with it.
    fn run_length(&mut self, run_index: &mut usize, length: usize, ends_row: bool) {
        let mut length = length;
        while length >= 1 << run_order(*run_index) {
            length -= 1 << run_order(*run_index);
            self.bits.put(1, 1);
            *run_index = (*run_index + 1).min(31);
        }
        if !ends_row {
            // A zero bit, then the rest of the length.
            self.bits.put(length as u32, run_order(*run_index) + 1);
        } else if length > 0 {
            self.bits.put(1, 1);
        }
    }

    /// Writes the sample that ends a run, from its neighbours to the left and above.
    fn run_end(&mut self, [a, b]: [i32; 2], alike: bool, run_index: usize, sample: i32) {
        let coding = self.model.coding;
        let (prediction, mirror) = if alike {
            (a, 0)
        } else {
            (b, -i32::from(a > b))
        };
        let error = reduce(mirrored(sample - prediction, mirror), coding.range);
        let context = self.model.run_context(alike);
        let order = context.order();
        let mapped = context.map(error, order);
        context.learn(error, mapped, coding.reset);
        let escape = coding.escape - run_order(run_index) - 1;
        self.bits.golomb(mapped, order, escape, coding.error_bits);
    }
}

/// The error modulo RANGE that is nearest to zero (T.87 section A.4.5).
#[inline]
fn reduce(error: i32, range: i32) -> i32 {
    let below = (error + range / 2) >> 31;
    let beyond = ((range - 1) / 2 - error) >> 31;
    error + (range & below) - (range & beyond)
}
