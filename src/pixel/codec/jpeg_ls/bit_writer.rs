//! The bits of a scan, with a zero bit put in after each FF byte (T.87 section A.1).

/// Writes bits behind what a buffer holds.
pub(super) struct BitWriter {
    out: Vec<u8>,
    /// Bits not yet written, the last one at the bottom. Above `held` bits lie bits already written.
    cache: u64,
    /// Less than 32 between calls.
    held: u32,
    /// Whether the last byte is FF, so that the next one holds seven bits.
    after_ff: bool,
}

impl BitWriter {
    /// Writes behind `out`.
    pub(super) fn new(out: Vec<u8>) -> BitWriter {
        BitWriter {
            out,
            cache: 0,
            held: 0,
            after_ff: false,
        }
    }

    /// Writes the low bits of a number, 0 to 32 of them. The other bits must be zero.
    #[inline]
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        self.cache = self.cache << count | u64::from(bits);
        self.held += count;
        if self.held >= 32 {
            self.drain();
        }
    }

    /// Writes a number as a Golomb code of this order. From `escape` zeros on stands the number less one in
    /// `escaped_bits` bits (T.87 section A.5.3).
    #[inline]
    pub(super) fn golomb(&mut self, number: u32, order: u32, escape: u32, escaped_bits: u32) {
        let zeros = number >> order;
        let length = zeros + 1 + order;
        if zeros < escape && length <= 32 {
            self.put(1 << order | (number & ((1 << order) - 1)), length);
        } else {
            self.long_golomb(number, order, escape, escaped_bits);
        }
    }

    /// A Golomb code that is escaped or longer than `golomb` takes at once.
    #[cold]
    fn long_golomb(&mut self, number: u32, order: u32, escape: u32, escaped_bits: u32) {
        let zeros = (number >> order).min(escape);
        let (bits, count) = if zeros == escape {
            (number - 1, escaped_bits)
        } else {
            (number & ((1 << order) - 1), order)
        };
        self.put(0, zeros / 2);
        self.put(0, zeros - zeros / 2);
        self.put(1, 1);
        self.put(bits, count);
    }

    /// Fills the last byte with zeros and gives back the buffer.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.drain_bytes();
        let width = if self.after_ff { 7 } else { 8 };
        // After a last FF even an empty byte is written, so that no marker can seem to begin there.
        if self.held > 0 || self.after_ff {
            self.put(0, width - self.held);
            self.drain_bytes();
        }
        self.out
    }

    #[inline]
    fn drain(&mut self) {
        let word = (self.cache >> (self.held - 32)) as u32;
        if self.after_ff || word.to_be_bytes().contains(&0xFF) {
            self.drain_bytes();
        } else {
            self.out.extend_from_slice(&word.to_be_bytes());
            self.held -= 32;
        }
    }

    /// Writes all whole bytes.
    #[cold]
    fn drain_bytes(&mut self) {
        loop {
            let width = if self.after_ff { 7 } else { 8 };
            if self.held < width {
                return;
            }
            self.held -= width;
            let byte = (self.cache >> self.held) as u8 & (0xFF >> (8 - width));
            self.out.push(byte);
            self.after_ff = byte == 0xFF;
        }
    }
}
