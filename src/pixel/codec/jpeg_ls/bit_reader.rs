//! The bits of a scan, without the zero bit that follows each FF byte (T.87 section A.1).

/// Reads bits up to the next marker. Past that it yields zeros and remembers it: `is_sound` is asked once a row rather
/// than at each bit.
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    /// The next byte to take in.
    at: usize,
    /// Bits not yet used, the next one on top. Below `held` bits lie bits of the byte at `at`, or zeros.
    cache: u64,
    held: u32,
    /// How many of `held` were made up.
    made_up: u32,
    /// Whether the byte before `at` is FF, so that the next one holds seven bits.
    after_ff: bool,
    damaged: bool,
}

impl<'a> BitReader<'a> {
    /// Reads from the start of `data`.
    pub(super) fn new(data: &'a [u8]) -> BitReader<'a> {
        BitReader {
            data,
            at: 0,
            cache: 0,
            held: 0,
            made_up: 0,
            after_ff: false,
            damaged: false,
        }
    }

    /// Whether all that was read was there and made sense.
    pub(super) fn is_sound(&self) -> bool {
        !self.damaged && self.made_up <= self.held
    }

    /// Notes that what was read makes no sense.
    #[cold]
    pub(super) fn mark_damaged(&mut self) {
        self.damaged = true;
    }

    /// The next bit.
    #[inline]
    pub(super) fn bit(&mut self) -> bool {
        self.fill();
        let bit = self.cache >> 63 == 1;
        self.skip(1);
        bit
    }

    /// The next bits as a number, 0 to 32 of them.
    #[inline]
    pub(super) fn bits(&mut self, count: u32) -> u32 {
        self.fill();
        let bits = (self.cache >> 1) >> (63 - count);
        self.skip(count);
        bits as u32
    }

    /// The next Golomb code of this order. After `escape` zeros stands the number less one in `escaped_bits` bits
    /// (T.87 section A.5.3).
    #[inline]
    pub(super) fn golomb(&mut self, order: u32, escape: u32, escaped_bits: u32) -> u32 {
        self.fill();
        let zeros = self.cache.leading_zeros();
        let length = zeros + 1 + order;
        if zeros >= escape || length > 32 {
            return self.long_golomb(order, escape, escaped_bits);
        }
        // The top bits read (1 << order) + low bits.
        let bits = (self.cache >> (64 - length)) as u32;
        self.skip(length);
        (zeros << order) + bits - (1 << order)
    }

    /// A Golomb code that is escaped or longer than `golomb` takes at once.
    #[cold]
    fn long_golomb(&mut self, order: u32, escape: u32, escaped_bits: u32) -> u32 {
        self.refill();
        let zeros = self.cache.leading_zeros();
        if zeros > escape {
            self.mark_damaged();
            return 0;
        }
        self.skip(zeros + 1);
        if zeros == escape {
            self.bits(escaped_bits) + 1
        } else {
            (zeros << order) + self.bits(order)
        }
    }

    /// Where the marker after the scan stands, if nothing but the filling of the last byte is left before it.
    pub(super) fn end(&self) -> Option<usize> {
        if !self.is_sound() || self.held - self.made_up >= 8 {
            return None;
        }
        // A scan whose last byte is FF is closed with a byte of zeros.
        let closed = self.after_ff && self.data.get(self.at) == Some(&0);
        let end = self.at + usize::from(closed);
        self.is_marker(end).then_some(end)
    }

    fn is_marker(&self, at: usize) -> bool {
        self.data.get(at) == Some(&0xFF) && self.data.get(at + 1).is_some_and(|&byte| byte >= 0x80)
    }

    #[inline]
    fn skip(&mut self, count: u32) {
        self.cache <<= count;
        self.held -= count;
    }

    /// Sees to it that at least 32 bits are held.
    #[inline]
    fn fill(&mut self) {
        if self.held < 32 {
            self.refill();
        }
    }

    /// Sees to it that at least 56 bits are held.
    #[inline]
    fn refill(&mut self) {
        if let Some(&bytes) = self.data.get(self.at..).and_then(<[u8]>::first_chunk)
            && !self.after_ff
        {
            let word = u64::from_be_bytes(bytes);
            if !holds_ff(word) {
                self.cache |= word >> self.held;
                let taken = (63 - self.held) >> 3;
                self.at += taken as usize;
                self.held += taken * 8;
                return;
            }
        }
        self.refill_slowly();
    }

    #[cold]
    fn refill_slowly(&mut self) {
        while self.held < 56 {
            let byte = self.data.get(self.at).copied();
            let (Some(byte), false) = (byte, self.is_marker(self.at)) else {
                self.held += 8;
                self.made_up += 8;
                continue;
            };
            let width = if self.after_ff { 7 } else { 8 };
            self.cache |= u64::from(byte) << (64 - self.held - width);
            self.held += width;
            self.at += 1;
            self.after_ff = byte == 0xFF;
        }
    }
}

/// Whether a byte of the word is FF. May err towards yes.
#[inline]
fn holds_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let inverse = !word;
    inverse.wrapping_sub(ONES) & word & (ONES << 7) != 0
}
