//! Bits of entropy-coded data, without the stuffed bytes.

use super::super::error::CodecError;

/// Zero bytes behind the data, so that eight bytes can be read from every place in it.
const MARGIN: usize = 8;

/// The entropy-coded data of one restart interval, read bit by bit, the first bit of a byte being its highest.
#[derive(Default)]
pub(super) struct BitReader {
    /// The data and the margin.
    bytes: Vec<u8>,
    /// Bits of data.
    length: usize,
    /// The next byte to take into `held`.
    next: usize,
    /// Bits read ahead, the first in the highest place.
    held: u64,
    /// How many bits are held.
    count: usize,
}

impl BitReader {
    /// Takes new data, which `fill` appends to an empty buffer.
    pub(super) fn load<T>(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        self.bytes.clear();
        let result = fill(&mut self.bytes);
        self.length = self.bytes.len() * 8;
        self.bytes.extend_from_slice(&[0; MARGIN]);
        (self.next, self.held, self.count) = (0, 0, 0);
        result
    }

    /// Holds at least 56 bits; behind the end of the data they are zero.
    #[inline]
    pub(super) fn refill(&mut self) {
        self.held |= self.word(self.next) >> self.count;
        self.next += (63 - self.count) >> 3;
        self.count = 56 + self.count % 8;
    }

    /// The eight bytes from here.
    #[inline]
    fn word(&self, at: usize) -> u64 {
        let bytes = self.bytes.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// The next 1 to 32 bits, without taking them. They must be held.
    #[inline]
    pub(super) fn peek(&self, bits: u32) -> u32 {
        (self.held >> (64 - bits)) as u32
    }

    /// Takes up to 31 bits that are held.
    #[inline]
    pub(super) fn skip(&mut self, bits: u32) {
        self.held <<= bits;
        self.count -= bits as usize;
    }

    /// Takes and gives up to 31 bits that are held.
    #[inline]
    pub(super) fn take(&mut self, bits: u32) -> u32 {
        let taken = (self.held >> 32 >> (32 - bits)) as u32;
        self.skip(bits);
        taken
    }

    /// How many bits were taken.
    #[inline]
    pub(super) fn position(&self) -> usize {
        self.next * 8 - self.count
    }

    /// Goes to a position.
    #[inline]
    pub(super) fn seek(&mut self, position: usize) {
        (self.next, self.held, self.count) = (position / 8, 0, 0);
        self.refill();
        self.skip((position % 8) as u32);
    }

    /// Takes the next bits if they are those that `other` took since `start`.
    #[inline]
    pub(super) fn take_same(&mut self, other: &BitReader, start: usize) -> bool {
        let (mut at, mut theirs) = (self.position(), start);
        let end = other.position();
        let long_enough = end - start <= self.length.saturating_sub(at);
        while long_enough && theirs < end {
            let bits = (end - theirs).min(32);
            if self.bits_at(at, bits) != other.bits_at(theirs, bits) {
                return false;
            }
            (at, theirs) = (at + bits, theirs + bits);
        }
        if long_enough {
            self.seek(at);
        }
        long_enough
    }

    /// An error if more bits were taken than there are.
    #[inline]
    pub(super) fn still_inside(&self) -> Result<(), CodecError> {
        if self.position() > self.length {
            return Err(CodecError::Malformed("entropy-coded data ends early"));
        }
        Ok(())
    }

    /// Says whether the data ends here but for up to seven bits of padding, and the padding is of ones as it should.
    /// More zero bytes may follow if no marker ended the data (`open`): they pad the fragment to even length.
    pub(super) fn finish(&self, open: bool) -> Result<bool, CodecError> {
        self.still_inside()?;
        let end = self.position().next_multiple_of(8);
        let padding = (end - self.position()) as u32;
        let mut behind = self.bytes.iter().skip(end / 8);
        if end < self.length && !(open && behind.all(|&byte| byte == 0)) {
            return Err(CodecError::Malformed("too much entropy-coded data"));
        }
        let ones = (1 << padding) - 1;
        let last = self.bytes.get((end / 8).wrapping_sub(1)).copied();
        Ok(end == self.length && u32::from(last.unwrap_or(0)) & ones == ones)
    }

    /// 1 to 32 bits from a position, which may be one that was passed.
    #[inline]
    fn bits_at(&self, position: usize, bits: usize) -> u32 {
        ((self.word(position / 8) << (position % 8)) >> (64 - bits)) as u32
    }
}

/// Collects bits, and writes them with the bytes stuffed that the standard demands.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits not yet in `bytes`, the last in the lowest place. What stands above `count` is of no meaning.
    held: u64,
    /// How many bits are held, below 32.
    count: usize,
}

impl BitWriter {
    /// Appends up to 32 bits.
    #[inline]
    pub(super) fn put(&mut self, value: u32, bits: usize) {
        self.held = self.held << bits | u64::from(value);
        self.count += bits;
        if self.count >= 32 {
            self.count -= 32;
            let full = (self.held >> self.count) as u32;
            self.bytes.extend_from_slice(&full.to_be_bytes());
        }
    }

    /// Appends the bits between two positions.
    pub(super) fn copy(&mut self, from: &BitReader, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let bits = (end - at).min(32);
            self.put(from.bits_at(at, bits), bits);
            at += bits;
        }
    }

    /// Pads with ones to a whole byte, appends all to `out`, and is empty again.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let padding = self.count.next_multiple_of(8) - self.count;
        self.put((1 << padding) - 1, padding);
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.held >> self.count) as u8);
        }
        for (index, plain) in self.bytes.split(|&byte| byte == 0xFF).enumerate() {
            if index > 0 {
                out.extend_from_slice(&[0xFF, 0x00]);
            }
            out.extend_from_slice(plain);
        }
        *self = BitWriter {
            bytes: std::mem::take(&mut self.bytes),
            ..BitWriter::default()
        };
        self.bytes.clear();
    }
}
