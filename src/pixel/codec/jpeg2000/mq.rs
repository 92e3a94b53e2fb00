//! The MQ arithmetic coder (ITU-T T.800 annex C), the writing side.

/// Probability of the less probable symbol, next state after one or the other, and whether the sense is swapped.
/// T.800 table C.2.
const STATES: [(u16, u8, u8, bool); 47] = [
    (0x5601, 1, 1, true),
    (0x3401, 2, 6, false),
    (0x1801, 3, 9, false),
    (0x0ac1, 4, 12, false),
    (0x0521, 5, 29, false),
    (0x0221, 38, 33, false),
    (0x5601, 7, 6, true),
    (0x5401, 8, 14, false),
    (0x4801, 9, 14, false),
    (0x3801, 10, 14, false),
    (0x3001, 11, 17, false),
    (0x2401, 12, 18, false),
    (0x1c01, 13, 20, false),
    (0x1601, 29, 21, false),
    (0x5601, 15, 14, true),
    (0x5401, 16, 14, false),
    (0x5101, 17, 15, false),
    (0x4801, 18, 16, false),
    (0x3801, 19, 17, false),
    (0x3401, 20, 18, false),
    (0x3001, 21, 19, false),
    (0x2801, 22, 19, false),
    (0x2401, 23, 20, false),
    (0x2201, 24, 21, false),
    (0x1c01, 25, 22, false),
    (0x1801, 26, 23, false),
    (0x1601, 27, 24, false),
    (0x1401, 28, 25, false),
    (0x1201, 29, 26, false),
    (0x1101, 30, 27, false),
    (0x0ac1, 31, 28, false),
    (0x09c1, 32, 29, false),
    (0x08a1, 33, 30, false),
    (0x0521, 34, 31, false),
    (0x0441, 35, 32, false),
    (0x02a1, 36, 33, false),
    (0x0221, 37, 34, false),
    (0x0141, 38, 35, false),
    (0x0111, 39, 36, false),
    (0x0085, 40, 37, false),
    (0x0049, 41, 38, false),
    (0x0025, 42, 39, false),
    (0x0015, 43, 40, false),
    (0x0009, 44, 41, false),
    (0x0005, 45, 42, false),
    (0x0001, 45, 43, false),
    (0x5601, 46, 46, false),
];

/// Contexts of the block coder.
pub(super) const CONTEXTS: usize = 19;

/// One coded segment in the making.
pub(super) struct Encoder {
    interval: u32,
    code: u32,
    shift: u32,
    /// The first byte is a place for a carry and not part of the segment.
    bytes: Vec<u8>,
    /// State and more probable symbol of each context.
    contexts: [(u8, u8); CONTEXTS],
}

impl Encoder {
    /// An empty segment; `contexts` are the states that each context starts from.
    pub(super) fn new(contexts: [u8; CONTEXTS]) -> Encoder {
        Encoder {
            interval: 0x8000,
            code: 0,
            shift: 12,
            bytes: vec![0],
            contexts: contexts.map(|state| (state, 0)),
        }
    }

    /// Codes one bit.
    #[inline]
    pub(super) fn put(&mut self, bit: u8, context: u8) {
        let slot = &mut self.contexts[context as usize];
        let (probability, after_more, after_less, swap) = STATES[slot.0 as usize];
        let probability = u32::from(probability);
        self.interval -= probability;
        if bit == slot.1 {
            if self.interval & 0x8000 != 0 {
                self.code += probability;
                return;
            }
            if self.interval < probability {
                self.interval = probability;
            } else {
                self.code += probability;
            }
            slot.0 = after_more;
        } else {
            if self.interval < probability {
                self.code += probability;
            } else {
                self.interval = probability;
            }
            if swap {
                slot.1 ^= 1;
            }
            slot.0 = after_less;
        }
        while self.interval & 0x8000 == 0 {
            self.interval <<= 1;
            self.code <<= 1;
            self.shift -= 1;
            if self.shift == 0 {
                self.byte_out();
            }
        }
    }

    /// Moves the finished bits of the code register out, with a stuffed bit after 0xFF.
    fn byte_out(&mut self) {
        let stuffed = match self.bytes.last_mut() {
            Some(0xff) => true,
            Some(last) if self.code & 0x800_0000 != 0 => {
                *last += 1;
                self.code &= 0x7ff_ffff;
                *last == 0xff
            }
            _ => false,
        };
        if stuffed {
            self.bytes.push((self.code >> 20) as u8);
            self.code &= 0xf_ffff;
            self.shift = 7;
        } else {
            self.bytes.push((self.code >> 19) as u8);
            self.code &= 0x7_ffff;
            self.shift = 8;
        }
    }

    /// Ends the segment and yields its bytes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let limit = self.code + self.interval;
        self.code |= 0xffff;
        if self.code >= limit {
            self.code -= 0x8000;
        }
        for _ in 0..2 {
            self.code <<= self.shift;
            self.byte_out();
        }
        if self.bytes.last() == Some(&0xff) {
            self.bytes.pop();
        }
        self.bytes.remove(0);
        self.bytes
    }
}
