//! Reads the rows of a scan (T.87 annex A).
#![expect(
    clippy::many_single_char_names,
    reason = "the neighbours have these names in T.87 figure 3"
)]
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "all numbers here are small: samples have at most 16 bits, errors 17"
)]

use super::bit_reader::BitReader;
use super::model::{Model, mirrored, predict, run_order};
use super::rows::Rows;

/// Reads one row after the other.
pub(super) struct ScanDecoder<'a> {
    pub(super) model: Model,
    pub(super) bits: BitReader<'a>,
}

impl ScanDecoder<'_> {
    /// Reads a row of pixels of `stride` samples, 1 to 4. Whether it made sense, `bits` knows.
    pub(super) fn row(&mut self, rows: &mut Rows, stride: usize) {
        match (self.model.coding.near == 0, stride) {
            (true, 2) => self.pixels::<true, 2>(rows),
            (true, 3) => self.pixels::<true, 3>(rows),
            (true, 4) => self.pixels::<true, 4>(rows),
            (true, _) => self.samples::<true>(rows),
            (false, 2) => self.pixels::<false, 2>(rows),
            (false, 3) => self.pixels::<false, 3>(rows),
            (false, 4) => self.pixels::<false, 4>(rows),
            (false, _) => self.samples::<false>(rows),
        }
    }

    /// Reads a row of one component.
    fn samples<const LOSSLESS: bool>(&mut self, rows: &mut Rows) {
        let end = rows.current.len() - 1;
        let above = &rows.above[..=end];
        let current = &mut rows.current[..=end];
        let near = self.model.coding.near;
        let mut x = 1;
        let mut a = i32::from(current[0]);
        let mut b = i32::from(above[1]);
        let mut c = i32::from(above[0]);
        while x < end {
            let d = i32::from(above[x + 1]);
            let surroundings = self.model.surroundings([a, b, c, d]);
            if surroundings != 0 {
                a = self.regular::<LOSSLESS>(surroundings, predict(a, b, c));
                current[x] = a as u16;
                c = b;
                b = d;
                x += 1;
                continue;
            }
            let length = self.run_length(&mut rows.run_index, end - x);
            current[x..x + length].fill(a as u16);
            x += length;
            if x == end {
                break;
            }
            b = i32::from(above[x]);
            let alike = (a - b).abs() <= near;
            a = self.run_end::<LOSSLESS>([a, b], alike, rows.run_index);
            rows.run_index = rows.run_index.saturating_sub(1);
            current[x] = a as u16;
            c = b;
            b = i32::from(above[x + 1]);
            x += 1;
        }
    }

    /// Reads a row of pixels of `N` samples.
    fn pixels<const LOSSLESS: bool, const N: usize>(&mut self, rows: &mut Rows) {
        let (above, _) = rows.above.as_chunks::<N>();
        let (current, _) = rows.current.as_chunks_mut::<N>();
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
                    current[x][i] = self.regular::<LOSSLESS>(surroundings[i], prediction) as u16;
                }
                x += 1;
                continue;
            }
            let length = self.run_length(&mut rows.run_index, end - x);
            current[x..x + length].fill(a.map(|sample| sample as u16));
            x += length;
            if x == end {
                break;
            }
            for i in 0..N {
                let neighbours = [a[i], i32::from(above[x][i])];
                current[x][i] = self.run_end::<LOSSLESS>(neighbours, false, rows.run_index) as u16;
            }
            rows.run_index = rows.run_index.saturating_sub(1);
            x += 1;
        }
    }

    /// Reads a sample whose surroundings are not flat.
    #[inline]
    fn regular<const LOSSLESS: bool>(&mut self, surroundings: i32, prediction: i32) -> i32 {
        let coding = self.model.coding;
        let (context, mirror) = self.model.context(surroundings);
        let order = context.order();
        let prediction = (prediction + mirrored(context.c, mirror)).clamp(0, coding.maximum);
        let mut mapped = self.bits.golomb(order, coding.escape, coding.error_bits) as i32;
        if mapped > coding.range {
            self.bits.mark_damaged();
            mapped = 0;
        }
        let swap = if LOSSLESS { context.swap(order) } else { 0 };
        let error = (mapped >> 1) ^ -(mapped & 1) ^ swap;
        let step = if LOSSLESS { 1 } else { 2 * coding.near + 1 };
        context.learn(error, step, coding.reset);
        self.reconstruct::<LOSSLESS>(prediction, mirrored(error, mirror))
    }

    /// Reads how long a run is, in pixels, of which `room` are left in the row.
    fn run_length(&mut self, run_index: &mut usize, room: usize) -> usize {
        let mut length = 0;
        while self.bits.bit() {
            let whole = 1 << run_order(*run_index);
            if length + whole > room {
                return room;
            }
            length += whole;
            *run_index = (*run_index + 1).min(31);
            if length == room {
                return room;
            }
        }
        length += self.bits.bits(run_order(*run_index)) as usize;
        if length >= room {
            self.bits.mark_damaged();
        }
        length.min(room)
    }

    /// Reads the sample that ends a run, from its neighbours to the left and above.
    fn run_end<const LOSSLESS: bool>(
        &mut self,
        [a, b]: [i32; 2],
        alike: bool,
        run_index: usize,
    ) -> i32 {
        let coding = self.model.coding;
        let context = self.model.run_context(alike);
        let order = context.order();
        let escape = coding.escape - run_order(run_index) - 1;
        let mut mapped = self.bits.golomb(order, escape, coding.error_bits);
        if mapped > coding.range as u32 {
            self.bits.mark_damaged();
            mapped = 0;
        }
        let error = context.unmap(mapped, order);
        context.learn(error, mapped, coding.reset);
        let (prediction, mirror) = if alike {
            (a, 0)
        } else {
            (b, -i32::from(a > b))
        };
        self.reconstruct::<LOSSLESS>(prediction, mirrored(error, mirror))
    }

    /// The sample that differs from its prediction by this error (T.87 section A.4.5).
    #[inline]
    fn reconstruct<const LOSSLESS: bool>(&self, prediction: i32, error: i32) -> i32 {
        let coding = &self.model.coding;
        let near = if LOSSLESS { 0 } else { coding.near };
        let step = 2 * near + 1;
        let sample = prediction + error * step;
        // Errors are coded modulo RANGE.
        let turn = coding.range * step;
        let below = (sample + near) >> 31;
        let beyond = (coding.maximum + near - sample) >> 31;
        (sample + (turn & below) - (turn & beyond)).clamp(0, coding.maximum)
    }
}
