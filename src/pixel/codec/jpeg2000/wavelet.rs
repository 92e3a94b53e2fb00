//! The reversible transforms, forward: level shift, colour (ITU-T T.800 annex G) and 5/3 wavelet (annex F).

use super::block::Band;

/// A subband: its coefficients row by row. Either side may be zero.
pub(super) struct Subband {
    pub(super) band: Band,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<i32>,
}

impl Subband {
    /// Bits of the largest magnitude.
    pub(super) fn bits(&self) -> u32 {
        let all = self
            .values
            .iter()
            .fold(0, |all, value| all | value.unsigned_abs());
        u32::BITS - all.leading_zeros()
    }
}

/// The reversible colour transform of three planes.
pub(super) fn colour(planes: &mut [Vec<i32>]) {
    let [first, second, third, ..] = planes else {
        return;
    };
    for ((r, g), b) in first.iter_mut().zip(second).zip(third) {
        let (red, green, blue) = (*r, *g, *b);
        *r = (red + 2 * green + blue) >> 2;
        *g = blue - green;
        *b = red - green;
    }
}

/// Splits a plane into resolutions, the smallest first; the first has one subband, each other three.
pub(super) fn split(
    mut plane: Vec<i32>,
    mut width: usize,
    mut height: usize,
    levels: u8,
) -> Vec<Vec<Subband>> {
    let mut resolutions = Vec::new();
    let mut spare = Vec::new();
    for _ in 0..levels {
        columns(&mut plane, width, height, &mut spare);
        rows(&mut plane, width, &mut spare);
        let (left, top) = (width.div_ceil(2), height.div_ceil(2));
        let cut = |band, x: std::ops::Range<usize>, y: std::ops::Range<usize>| Subband {
            band,
            width: x.len(),
            height: y.len(),
            values: plane
                .chunks_exact(width)
                .skip(y.start)
                .take(y.len())
                .flat_map(|row| row[x.clone()].iter().copied())
                .collect(),
        };
        resolutions.push(vec![
            cut(Band::HighLow, left..width, 0..top),
            cut(Band::LowHigh, 0..left, top..height),
            cut(Band::HighHigh, left..width, top..height),
        ]);
        plane = cut(Band::LowLow, 0..left, 0..top).values;
        (width, height) = (left, top);
    }
    resolutions.push(vec![Subband {
        band: Band::LowLow,
        width,
        height,
        values: plane,
    }]);
    resolutions.reverse();
    resolutions
}

/// Filters each row; low coefficients go left, high ones right.
fn rows(plane: &mut [i32], width: usize, line: &mut Vec<i32>) {
    if width < 2 {
        return;
    }
    for row in plane.chunks_exact_mut(width) {
        line.clear();
        line.extend_from_slice(row);
        let last = width - 1;
        for x in (1..width).step_by(2) {
            let next = line[if x < last { x + 1 } else { x - 1 }];
            line[x] -= (line[x - 1] + next) >> 1;
        }
        for x in (0..width).step_by(2) {
            let before = line[if x > 0 { x - 1 } else { 1 }];
            let after = line[if x < last { x + 1 } else { x - 1 }];
            line[x] += (before + after + 2) >> 2;
        }
        let (low, high) = row.split_at_mut(width.div_ceil(2));
        for (to, from) in low.iter_mut().zip(line.iter().step_by(2)) {
            *to = *from;
        }
        for (to, from) in high.iter_mut().zip(line.iter().skip(1).step_by(2)) {
            *to = *from;
        }
    }
}

/// Filters each column, a whole row at a time; low coefficients go up, high ones down.
fn columns(plane: &mut Vec<i32>, width: usize, height: usize, spare: &mut Vec<i32>) {
    if height < 2 {
        return;
    }
    let last = height - 1;
    for y in (1..height).step_by(2) {
        let next = if y < last { y + 1 } else { y - 1 };
        lift(plane, width, [y - 1, y, next], |above, below| {
            -((above + below) >> 1)
        });
    }
    for y in (0..height).step_by(2) {
        let before = if y > 0 { y - 1 } else { 1 };
        let after = if y < last { y + 1 } else { y - 1 };
        lift(plane, width, [before, y, after], |above, below| {
            (above + below + 2) >> 2
        });
    }
    spare.clear();
    for start in [0, 1] {
        for row in plane.chunks_exact(width).skip(start).step_by(2) {
            spare.extend_from_slice(row);
        }
    }
    std::mem::swap(plane, spare);
}

/// Adds to the row in the middle what `step` makes of its neighbours.
fn lift(
    plane: &mut [i32],
    width: usize,
    [before, at, after]: [usize; 3],
    step: impl Fn(i32, i32) -> i32,
) {
    let (head, rest) = plane.split_at_mut(at * width);
    let (row, tail) = rest.split_at_mut(width);
    let neighbour = |y: usize| {
        if y < at {
            &head[y * width..][..width]
        } else {
            &tail[(y - at - 1) * width..][..width]
        }
    };
    let (above, below) = (neighbour(before), neighbour(after));
    for ((value, above), below) in row.iter_mut().zip(above).zip(below) {
        *value += step(*above, *below);
    }
}
