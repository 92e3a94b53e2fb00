//! Bit-plane coding of one code-block (ITU-T T.800 annex D), the writing side.

use std::sync::LazyLock;

use super::mq::{CONTEXTS, Encoder};

/// Largest width and height of a code-block here.
pub(super) const SIDE: usize = 64;

/// Which subband a block belongs to: it decides how the neighbours are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Band {
    /// Low both ways.
    LowLow,
    /// High along rows.
    HighLow,
    /// High along columns.
    LowHigh,
    /// High both ways.
    HighHigh,
}

/// A coded block.
#[derive(Clone, Debug, Default)]
pub(super) struct Coded {
    /// One segment with all passes.
    pub(super) bytes: Vec<u8>,
    /// Coding passes in it; none when all coefficients are zero.
    pub(super) passes: u32,
    /// Bit planes from the highest that is not all zero.
    pub(super) planes: u32,
}

// What is known of a coefficient and its neighbours. The low byte tells which neighbours are significant.
const EAST: u16 = 1;
const WEST: u16 = 1 << 1;
const NORTH: u16 = 1 << 2;
const SOUTH: u16 = 1 << 3;
const NORTH_EAST: u16 = 1 << 4;
const NORTH_WEST: u16 = 1 << 5;
const SOUTH_EAST: u16 = 1 << 6;
const SOUTH_WEST: u16 = 1 << 7;
const NEIGHBOURS: u16 = 0xff;
const NEGATIVE_EAST: u16 = 1 << 8;
const NEGATIVE_WEST: u16 = 1 << 9;
const NEGATIVE_NORTH: u16 = 1 << 10;
const NEGATIVE_SOUTH: u16 = 1 << 11;
const SIGNIFICANT: u16 = 1 << 12;
const VISITED: u16 = 1 << 13;
const REFINED: u16 = 1 << 14;

const RUN: u8 = 17;
const UNIFORM: u8 = 18;

/// Contexts by neighbourhood, so that no rule is worked out per coefficient.
struct Tables {
    /// Significance, by orientation and significant neighbours. T.800 table D.1.
    zero: [[u8; 256]; 3],
    /// Sign, by the four direct neighbours (low nibble) and their signs (high nibble): context, and the bit that flips it.
    /// T.800 tables D.2 and D.3.
    sign: [(u8, u8); 256],
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        zero: [[0; 256]; 3],
        sign: [(0, 0); 256],
    };
    for around in 0..256u16 {
        let count = |bits: u16| (around & bits).count_ones();
        let (row, column) = (count(EAST | WEST), count(NORTH | SOUTH));
        let diagonal = count(NORTH_EAST | NORTH_WEST | SOUTH_EAST | SOUTH_WEST);
        tables.zero[0][around as usize] = along(row, column, diagonal);
        tables.zero[1][around as usize] = along(column, row, diagonal);
        tables.zero[2][around as usize] = across(row + column, diagonal);
        tables.sign[around as usize] = sign(around);
    }
    tables
});

fn along(main: u32, other: u32, diagonal: u32) -> u8 {
    match (main, other, diagonal) {
        (2, _, _) => 8,
        (1, 1.., _) => 7,
        (1, 0, 1..) => 6,
        (1, 0, 0) => 5,
        (_, 2, _) => 4,
        (_, 1, _) => 3,
        (_, _, 2..) => 2,
        (_, _, few) => few as u8,
    }
}

fn across(direct: u32, diagonal: u32) -> u8 {
    match (diagonal, direct) {
        (3.., _) => 8,
        (2, 1..) => 7,
        (2, 0) => 6,
        (1, 2..) => 5,
        (1, 1) => 4,
        (1, 0) => 3,
        (_, few) => few.min(2) as u8,
    }
}

fn sign(around: u16) -> (u8, u8) {
    let pull = |bit: u16| match (around & bit != 0, (around >> 4) & bit != 0) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => -1,
    };
    let row: i32 = (pull(EAST) + pull(WEST)).clamp(-1, 1);
    let column: i32 = (pull(NORTH) + pull(SOUTH)).clamp(-1, 1);
    let flip = u8::from(row < 0 || row == 0 && column < 0);
    let context = match (row.abs(), if flip == 1 { -column } else { column }) {
        (0, 0) => 9,
        (0, _) => 10,
        (_, -1) => 11,
        (_, 0) => 12,
        _ => 13,
    };
    (context, flip)
}

/// A block under way.
struct Block<'a> {
    width: usize,
    height: usize,
    /// Coefficients row by row.
    values: &'a [i32],
    /// One more column and row on each side.
    flags: Vec<u16>,
    zero: &'static [u8; 256],
    coder: Encoder,
}

/// Codes a block of `width` times `height` coefficients, each side 1 to 64, with all its bit planes.
pub(super) fn encode(values: &[i32], width: usize, height: usize, band: Band) -> Coded {
    let all = values
        .iter()
        .fold(0, |all, value| all | value.unsigned_abs());
    let planes = u32::BITS - all.leading_zeros();
    if planes == 0 {
        return Coded::default();
    }
    let mut start = [0; CONTEXTS];
    start[0] = 4;
    start[RUN as usize] = 3;
    start[UNIFORM as usize] = 46;
    let zero = match band {
        Band::LowLow | Band::LowHigh => &TABLES.zero[0],
        Band::HighLow => &TABLES.zero[1],
        Band::HighHigh => &TABLES.zero[2],
    };
    let mut block = Block {
        width,
        height,
        values,
        flags: vec![0; (width + 2) * (height + 2)],
        zero,
        coder: Encoder::new(start),
    };
    for plane in (0..planes).rev() {
        if plane + 1 < planes {
            block.significance(plane);
            block.refinement(plane);
        }
        block.cleanup(plane);
    }
    Coded {
        bytes: block.coder.finish(),
        passes: 3 * planes - 2,
        planes,
    }
}

impl Block<'_> {
    /// Calls `visit` for each coefficient in stripes of four rows, column by column.
    #[inline]
    fn scan(&mut self, visit: impl Fn(&mut Self, usize, usize)) {
        for top in (0..self.height).step_by(4) {
            for x in 0..self.width {
                for y in top..(top + 4).min(self.height) {
                    let at = (y + 1) * (self.width + 2) + x + 1;
                    visit(self, at, y * self.width + x);
                }
            }
        }
    }

    fn significance(&mut self, plane: u32) {
        self.scan(|block, at, index| {
            let flags = block.flags[at];
            if flags & SIGNIFICANT == 0 && flags & NEIGHBOURS != 0 {
                block.code_zero(at, index, plane);
                block.flags[at] |= VISITED;
            }
        });
    }

    fn refinement(&mut self, plane: u32) {
        self.scan(|block, at, index| {
            let flags = block.flags[at];
            if flags & (SIGNIFICANT | VISITED) == SIGNIFICANT {
                let context = match flags & (REFINED | NEIGHBOURS) {
                    0 => 14,
                    1..=NEIGHBOURS => 15,
                    _ => 16,
                };
                let bit = (block.values[index].unsigned_abs() >> plane) & 1;
                block.coder.put(bit as u8, context);
                block.flags[at] |= REFINED;
            }
        });
    }

    fn cleanup(&mut self, plane: u32) {
        let stride = self.width + 2;
        for top in (0..self.height).step_by(4) {
            let bottom = (top + 4).min(self.height);
            for x in 0..self.width {
                let mut y = top;
                let first = (top + 1) * stride + x + 1;
                let untouched = bottom - top == 4
                    && (0..4).all(|row| {
                        self.flags[first + row * stride] & (SIGNIFICANT | VISITED | NEIGHBOURS) == 0
                    });
                if untouched {
                    let run = (0..4).find(|row| {
                        self.values[(top + row) * self.width + x].unsigned_abs() >> plane & 1 == 1
                    });
                    self.coder.put(u8::from(run.is_some()), RUN);
                    let Some(run) = run else { continue };
                    self.coder.put((run >> 1) as u8, UNIFORM);
                    self.coder.put((run & 1) as u8, UNIFORM);
                    self.code_sign(first + run * stride, (top + run) * self.width + x);
                    y = top + run + 1;
                }
                for y in y..bottom {
                    let at = (y + 1) * stride + x + 1;
                    if self.flags[at] & (SIGNIFICANT | VISITED) == 0 {
                        self.code_zero(at, y * self.width + x, plane);
                    }
                }
                for y in top..bottom {
                    self.flags[(y + 1) * stride + x + 1] &= !VISITED;
                }
            }
        }
    }

    /// Codes whether a coefficient becomes significant, and then its sign.
    #[inline]
    fn code_zero(&mut self, at: usize, index: usize, plane: u32) {
        let context = self.zero[(self.flags[at] & NEIGHBOURS) as usize];
        let bit = (self.values[index].unsigned_abs() >> plane) & 1;
        self.coder.put(bit as u8, context);
        if bit == 1 {
            self.code_sign(at, index);
        }
    }

    /// Codes the sign of a coefficient and tells its neighbours.
    fn code_sign(&mut self, at: usize, index: usize) {
        let flags = self.flags[at];
        let (context, flip) = TABLES.sign[usize::from(flags & 0xf | (flags >> 4) & 0xf0)];
        let negative = self.values[index] < 0;
        self.coder.put(u8::from(negative) ^ flip, context);
        let mark = |direction: u16, sign: u16| {
            if negative {
                direction | sign
            } else {
                direction
            }
        };
        let stride = self.width + 2;
        self.flags[at] |= SIGNIFICANT;
        self.flags[at - 1] |= mark(EAST, NEGATIVE_EAST);
        self.flags[at + 1] |= mark(WEST, NEGATIVE_WEST);
        self.flags[at - stride] |= mark(SOUTH, NEGATIVE_SOUTH);
        self.flags[at + stride] |= mark(NORTH, NEGATIVE_NORTH);
        self.flags[at - stride - 1] |= SOUTH_EAST;
        self.flags[at - stride + 1] |= SOUTH_WEST;
        self.flags[at + stride - 1] |= NORTH_EAST;
        self.flags[at + stride + 1] |= NORTH_WEST;
    }
}
