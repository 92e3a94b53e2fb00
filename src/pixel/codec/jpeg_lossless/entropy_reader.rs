//! Reading entropy coded data: differences as Huffman codes with additional bits (T.81 H.1.2.2).

use super::huffman::{Decoder, LOOKAHEAD, MAX_CATEGORY};
use crate::pixel::codec::error::CodecError;

/// Copies entropy coded bytes up to the next marker, without the zeros stuffed after FF bytes.
///
/// Answers how many bytes of `from` they took; a marker follows, or the end.
pub(super) fn unstuff(from: &[u8], to: &mut Vec<u8>) -> usize {
    let mut done = 0;
    loop {
        let rest = from.get(done..).unwrap_or_default();
        let Some(ff) = memchr::memchr(0xFF, rest) else {
            to.extend(rest);
            return from.len();
        };
        to.extend(rest.iter().take(ff));
        if rest.get(ff + 1) != Some(&0) {
            return done + ff;
        }
        to.push(0xFF);
        done += ff + 2;
    }
}

/// Reads differences from unstuffed bytes. Past the end it reads zeros, and knows that it did.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// The next byte to take into the buffer.
    at: usize,
    /// The next bits, from the top. Below the filled ones are further bits of the stream, or zeros.
    buffer: u64,
    filled: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader {
            bytes,
            at: 0,
            buffer: 0,
            filled: 0,
        }
    }

    /// Fills the buffer with at least 56 bits.
    #[inline]
    fn refill(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let word = rest
            .first_chunk()
            .map_or_else(|| last_word(rest), |word| u64::from_be_bytes(*word));
        self.buffer |= word >> self.filled;
        self.at += ((63 - self.filled) >> 3) as usize;
        // Whole bytes were taken: 56 bits and as many as did not fill one before.
        self.filled |= 0b11_1000;
    }

    /// One difference. At least 31 bits must be in the buffer.
    #[inline]
    fn difference(&mut self, table: &Decoder) -> Option<u16> {
        let mut entry = table.look((self.buffer >> (64 - LOOKAHEAD)) as usize);
        if entry.total == 0 {
            let (length, category) = table.search((self.buffer >> 48) as u16)?;
            if category == MAX_CATEGORY {
                self.consume(length);
                return Some(1 << 15);
            }
            entry.length = length;
            entry.extra = category;
            entry.total = length + category;
        }
        let extra = self.buffer << entry.length;
        self.consume(entry.total);
        // A leading zero marks a negative difference, which is stored less one (T.81 F.1.2.1.1).
        let value = (extra >> 1 >> (63 - u32::from(entry.extra))) as u16;
        let negative = !(extra.cast_signed() >> 63).cast_unsigned() as u16;
        let offset = 1u16.wrapping_sub(1 << entry.extra);
        Some(value.wrapping_add(offset & negative))
    }

    #[inline]
    fn consume(&mut self, bits: u8) {
        self.buffer <<= bits;
        self.filled -= u32::from(bits);
    }

    /// Reads a row of differences, each with the next of `tables`, which take turns.
    pub(super) fn row(&mut self, tables: &[&Decoder], row: &mut [u16]) -> Result<(), CodecError> {
        let mut reader = *self;
        let read = match tables {
            [table] => reader.single(table, row),
            _ => reader.interleaved(tables, row),
        };
        read.ok_or(CodecError::Malformed("a Huffman code has no meaning"))?;
        *self = reader;
        if self.consumed() > self.bytes.len().saturating_mul(8) {
            return Err(CodecError::Malformed("the entropy coded data ends early"));
        }
        Ok(())
    }

    #[inline]
    fn single(&mut self, table: &Decoder, row: &mut [u16]) -> Option<()> {
        for to in row {
            if self.filled < 31 {
                self.refill();
            }
            *to = self.difference(table)?;
        }
        Some(())
    }

    #[inline]
    fn interleaved(&mut self, tables: &[&Decoder], row: &mut [u16]) -> Option<()> {
        for pixel in row.chunks_exact_mut(tables.len().max(1)) {
            for (to, table) in pixel.iter_mut().zip(tables) {
                if self.filled < 31 {
                    self.refill();
                }
                *to = self.difference(table)?;
            }
        }
        Some(())
    }

    fn consumed(&self) -> usize {
        self.at
            .saturating_mul(8)
            .saturating_sub(self.filled as usize)
    }

    /// What is left: whether the bits that pad the last byte are ones, as they should be, and the bytes after it.
    pub(super) fn rest(&self) -> (bool, &'a [u8]) {
        let consumed = self.consumed();
        let padded = match consumed % 8 {
            0 => true,
            used => {
                let last = self.bytes.get(consumed / 8).copied().unwrap_or_default();
                last | !(0xFF >> used) == 0xFF
            }
        };
        (
            padded,
            self.bytes.get(consumed.div_ceil(8)..).unwrap_or_default(),
        )
    }
}

/// The last bytes, fewer than eight, with zeros after them.
#[cold]
fn last_word(rest: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(word)
}
