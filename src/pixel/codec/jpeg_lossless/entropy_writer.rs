//! Writing entropy coded data: differences as Huffman codes with additional bits (T.81 H.1.2.2).

use super::huffman::{CATEGORIES, MAX_CATEGORY, Specification};
use super::optimal::Counts;
use crate::pixel::codec::error::CodecError;

/// The category of a difference: the bits of its magnitude (T.81 table H.2).
#[inline]
fn category(difference: u16) -> usize {
    (16 - difference.cast_signed().unsigned_abs().leading_zeros()) as usize
}

/// Differences counted apart from each other. Any number of components in a scan divides it.
const LANES: usize = 12;

/// Counts how often each category occurs.
///
/// Equal neighbours are counted in different places: adding to one place over and over would have to wait.
pub(super) struct Counter {
    lanes: [[u64; 32]; LANES],
}

impl Counter {
    pub(super) fn new() -> Counter {
        Counter {
            lanes: [[0; 32]; LANES],
        }
    }

    /// Counts a row of differences, those of one pixel together.
    pub(super) fn row(&mut self, row: &[u16]) {
        let (chunks, rest) = row.as_chunks::<LANES>();
        for chunk in chunks {
            self.add(chunk);
        }
        self.add(rest);
    }

    #[inline]
    fn add(&mut self, differences: &[u16]) {
        for (lane, &difference) in self.lanes.iter_mut().zip(differences) {
            if let Some(count) = lane.get_mut(category(difference)) {
                *count += 1;
            }
        }
    }

    /// The counts for Huffman table `id`, where the components of a pixel use `tables`.
    pub(super) fn counts(&self, tables: &[u8], id: u8) -> Counts {
        let mut counts = [0; CATEGORIES];
        let lanes = self.lanes.iter().zip(tables.iter().cycle());
        for (lane, _) in lanes.filter(|&(_, &table)| table == id) {
            counts
                .iter_mut()
                .zip(lane)
                .for_each(|(to, from)| *to += from);
        }
        counts
    }
}

/// How the differences of one category are written.
#[derive(Clone, Copy, Default)]
struct Code {
    /// The code, moved up to leave room for the additional bits.
    bits: u32,
    /// Which bits are the additional ones.
    extra: u16,
    /// Bits in all.
    total: u8,
}

/// A Huffman table made ready for encoding.
pub(super) struct Encoder {
    codes: [Code; 32],
}

impl Encoder {
    pub(super) fn new(specification: &Specification) -> Result<Encoder, CodecError> {
        let mut codes = [Code::default(); 32];
        for (code, length, category) in specification.codes()? {
            // The largest category has a single member and no additional bits.
            let extra = if category < MAX_CATEGORY { category } else { 0 };
            if let Some(to) = codes.get_mut(usize::from(category)) {
                *to = Code {
                    bits: u32::from(code) << extra,
                    extra: (1u16 << extra) - 1,
                    total: length + extra,
                };
            }
        }
        Ok(Encoder { codes })
    }

    /// The bits of a difference, and their number.
    #[inline]
    fn code(&self, difference: u16) -> (u64, u32) {
        let code = self
            .codes
            .get(category(difference))
            .copied()
            .unwrap_or_default();
        // A negative difference is stored less one.
        let negative = (difference.cast_signed() >> 15).cast_unsigned();
        let bits = code.bits | u32::from(difference.wrapping_add(negative) & code.extra);
        (bits.into(), code.total.into())
    }

    /// How many bits differences of these categories take.
    pub(super) fn bits(&self, counts: &Counts) -> u64 {
        let cost = |(count, code): (&u64, &Code)| count.saturating_mul(u64::from(code.total));
        counts
            .iter()
            .zip(&self.codes)
            .map(cost)
            .fold(0, u64::saturating_add)
    }
}

/// Most bytes of one difference: a code of 16 bits and 15 additional ones.
const WIDEST: usize = 4;

/// Writes differences as stuffed bytes.
pub(super) struct Writer {
    /// Room for one row of unstuffed bytes, and for a word beyond.
    row: Vec<u8>,
    /// Bits that do not fill a byte yet, from the top.
    buffer: u64,
    filled: u32,
}

impl Writer {
    /// For rows of `differences`.
    pub(super) fn new(differences: usize) -> Writer {
        Writer {
            row: vec![0; (differences + 4) * WIDEST],
            buffer: 0,
            filled: 0,
        }
    }

    /// Writes a row of differences, each with the next of `tables`, which take turns.
    pub(super) fn row(&mut self, tables: &[&Encoder], row: &[u16], out: &mut Vec<u8>) {
        let mut bits = Bits {
            buffer: self.buffer,
            filled: self.filled,
            bytes: &mut self.row,
            at: 0,
        };
        if let [table] = tables {
            let (pairs, last) = row.as_chunks::<2>();
            for &[first, second] in pairs {
                bits.put_both(table.code(first), table.code(second));
            }
            for &difference in last {
                bits.put(table.code(difference));
            }
        } else {
            for pixel in row.chunks_exact(tables.len().max(1)) {
                let pixel = pixel.iter().zip(tables);
                pixel.for_each(|(&difference, table)| bits.put(table.code(difference)));
            }
        }
        let at = bits.at;
        (self.buffer, self.filled) = (bits.buffer, bits.filled);
        stuff(self.row.get(..at).unwrap_or_default(), out);
    }

    /// Fills the last byte with ones.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.filled > 0 {
            let [last, ..] = (self.buffer | u64::MAX >> self.filled).to_be_bytes();
            stuff(&[last], out);
        }
        (self.buffer, self.filled) = (0, 0);
    }
}

/// Bits on their way into bytes that have room for them.
struct Bits<'a> {
    buffer: u64,
    filled: u32,
    bytes: &'a mut [u8],
    at: usize,
}

impl Bits<'_> {
    /// Writes up to 56 bits.
    #[inline]
    fn put(&mut self, (bits, count): (u64, u32)) {
        self.buffer |= bits << (64 - self.filled - count);
        self.filled += count;
        // All of the buffer is written, the next word goes over what was not filled yet.
        if let Some(word) = self
            .bytes
            .get_mut(self.at..)
            .and_then(<[u8]>::first_chunk_mut)
        {
            *word = self.buffer.to_be_bytes();
        }
        self.at += (self.filled >> 3) as usize;
        self.buffer <<= self.filled & !7;
        self.filled &= 7;
    }

    /// Writes two codes, at once if they are not uncommonly long.
    #[inline]
    fn put_both(&mut self, first: (u64, u32), second: (u64, u32)) {
        if first.1 + second.1 > 56 {
            self.put(first);
            self.put(second);
        } else {
            self.put((first.0 << second.1 | second.0, first.1 + second.1));
        }
    }
}

/// Copies bytes, with a zero after each FF.
fn stuff(from: &[u8], to: &mut Vec<u8>) {
    let mut done = 0;
    for ff in memchr::memchr_iter(0xFF, from) {
        to.extend(from.get(done..=ff).unwrap_or_default());
        to.push(0);
        done = ff + 1;
    }
    to.extend(from.get(done..).unwrap_or_default());
}
