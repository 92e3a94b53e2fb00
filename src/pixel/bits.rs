//! The bits of a sample that are not its value: those above High Bit and those below the lowest stored bit. They must
//! be unused (PS3.5 section 8.1.1); retired overlays lived there (PS3.3 section C.9.2), and so can anything else.

/// Which bits of an allocated sample are stored ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredBits {
    /// Bits Allocated (0028,0100): a multiple of 8, 64 at most.
    allocated: u32,
    /// The bits between the lowest stored one and High Bit.
    value: u64,
    /// The bits above High Bit.
    above: u64,
    /// High Bit itself, of a signed sample: the bits above may repeat it.
    sign: Option<u64>,
}

impl StoredBits {
    /// Of an image with these attributes. `None` when they contradict each other; `Some(None)` when every bit is a
    /// stored one and there is nothing to look for.
    pub fn new(allocated: u16, stored: u16, high: u16, signed: bool) -> Option<Option<StoredBits>> {
        let (allocated, stored, high) = (u32::from(allocated), u32::from(stored), u32::from(high));
        if stored == 0 || stored > allocated || high >= allocated || high + 1 < stored {
            return None;
        }
        if stored == allocated {
            return Some(None);
        }
        if !allocated.is_multiple_of(8) || allocated > 64 {
            return None;
        }
        let ones = |n: u32| u64::MAX.checked_shr(64 - n).unwrap_or_default();
        Some(Some(StoredBits {
            allocated,
            value: ones(stored) << (high + 1 - stored),
            above: ones(allocated) & !ones(high + 1),
            sign: signed.then_some(1 << high),
        }))
    }

    /// The same of samples that repeat their sign up to 16 bits, however few are allocated.
    #[must_use]
    pub fn widened(self) -> StoredBits {
        let allocated = (1u64 << self.allocated.min(16)) - 1;
        StoredBits {
            above: self.above | 0xFFFF & !allocated,
            ..self
        }
    }

    /// The same of samples of which only the lowest bits are coded.
    #[must_use]
    pub fn within(self, precision: u8) -> StoredBits {
        let coded = u64::MAX
            .checked_shr(64 - u32::from(precision))
            .unwrap_or_default();
        StoredBits {
            value: self.value & coded,
            above: self.above & coded,
            ..self
        }
    }

    /// Bytes of a sample.
    pub fn bytes(self) -> usize {
        self.allocated as usize / 8
    }

    /// How many bits lie below the lowest stored one.
    pub fn below(self) -> u32 {
        self.value.trailing_zeros()
    }

    /// What is beside the values of these samples. `bytes` holds whole samples.
    pub fn forms(self, bytes: &[u8], big_endian: bool) -> Forms {
        if self.allocated == 16 && !big_endian {
            return self.forms_16(bytes.as_chunks::<2>().0);
        }
        let samples = bytes.chunks_exact(self.bytes());
        samples
            .map(|sample| self.form(read(sample, big_endian)))
            .collect()
    }

    /// What is beside the value of one sample.
    pub fn form(self, sample: u64) -> Forms {
        let above = sample & self.above;
        let is_negative = self.sign.is_some_and(|sign| sample & sign != 0);
        let extended = if is_negative { self.above } else { 0 };
        Forms {
            extended: is_negative && above != 0 && above == self.above,
            cut: is_negative && above == 0 && self.above != 0,
            strange: sample & !(self.value | self.above) != 0 || above != 0 && above != extended,
        }
    }

    /// The common case, written so that the compiler takes many samples at once.
    fn forms_16(self, samples: &[[u8; 2]]) -> Forms {
        let (value, above) = (self.value as u16, self.above as u16);
        let sign = self.sign.unwrap_or_default() as u16;
        let (mut extended, mut cut, mut strange) = (0u16, 0u16, 0u16);
        for sample in samples {
            let sample = u16::from_le_bytes(*sample);
            let high = sample & above;
            let negative = u16::from(sample & sign != 0);
            let repeats = negative.wrapping_neg() & above;
            extended |= negative & u16::from(high != 0) & u16::from(high == above);
            cut |= negative & u16::from(high == 0);
            strange |=
                u16::from(high != 0) & u16::from(high != repeats) | (sample & !(value | above));
        }
        Forms {
            extended: extended != 0,
            cut: cut != 0 && above != 0,
            strange: strange != 0,
        }
    }

    /// Clears what is not the value. Negative samples repeat their sign.
    pub fn clean(self, bytes: &mut [u8], big_endian: bool) {
        for sample in bytes.chunks_exact_mut(self.bytes()) {
            let value = read(sample, big_endian);
            let cleaned = self.cleaned(value);
            if cleaned != value {
                write(sample, cleaned, big_endian);
            }
        }
    }

    /// A sample without what is not its value; a negative one repeats its sign.
    pub fn cleaned(self, sample: u64) -> u64 {
        let is_negative = self.sign.is_some_and(|sign| sample & sign != 0);
        sample & self.value | if is_negative { self.above } else { 0 }
    }
}

/// What was found in the bits beside the samples' values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// Negative samples whose sign is repeated.
    extended: bool,
    /// Negative samples whose sign is not.
    cut: bool,
    /// Anything else.
    strange: bool,
}

impl Forms {
    /// Whether the bits tell nothing that the values do not. Either form of negative samples is lawful; both in one
    /// image would be a picture of its own.
    pub fn are_clean(self) -> bool {
        !(self.strange || self.extended && self.cut)
    }

    /// What was found in either.
    #[must_use]
    pub fn and(self, other: Forms) -> Forms {
        Forms {
            extended: self.extended | other.extended,
            cut: self.cut | other.cut,
            strange: self.strange | other.strange,
        }
    }
}

impl FromIterator<Forms> for Forms {
    fn from_iter<I: IntoIterator<Item = Forms>>(forms: I) -> Forms {
        forms.into_iter().fold(Forms::default(), Forms::and)
    }
}

fn read(sample: &[u8], big_endian: bool) -> u64 {
    let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    if big_endian {
        sample.iter().fold(0, add)
    } else {
        sample.iter().rev().fold(0, add)
    }
}

fn write(sample: &mut [u8], mut value: u64, big_endian: bool) {
    let put = |byte: &mut u8| {
        *byte = value as u8;
        value >>= 8;
    };
    if big_endian {
        sample.iter_mut().rev().for_each(put);
    } else {
        sample.iter_mut().for_each(put);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(allocated: u16, stored: u16, high: u16, signed: bool) -> StoredBits {
        StoredBits::new(allocated, stored, high, signed)
            .flatten()
            .expect("some bits are not stored")
    }

    #[test]
    fn bits_beside_the_value_are_found_and_cleared() {
        let unsigned = bits(16, 12, 11, false);
        let signed = bits(16, 12, 11, true);
        let shifted = bits(16, 12, 15, false);
        // Sample, and what remains of it as each of the three.
        let cases: [(u16, u16, u16, u16); 6] = [
            (0x0FFF, 0x0FFF, 0xFFFF, 0x0FF0),
            (0xF800, 0x0800, 0xF800, 0xF800),
            (0x8000, 0x0000, 0x0000, 0x8000),
            (0x1800, 0x0800, 0xF800, 0x1800),
            (0x0007, 0x0007, 0x0007, 0x0000),
            (0xFFFF, 0x0FFF, 0xFFFF, 0xFFF0),
        ];
        for (sample, a, b, c) in cases {
            for (bits, wanted) in [(unsigned, a), (signed, b), (shifted, c)] {
                for big_endian in [false, true] {
                    let bytes = |v: u16| {
                        if big_endian {
                            v.to_be_bytes()
                        } else {
                            v.to_le_bytes()
                        }
                    };
                    let mut found = bytes(sample).to_vec();
                    // A sign that is not repeated is as good as one that is, by itself.
                    let is_clean = sample == wanted || bits == signed && sample == 0x0FFF;
                    assert_eq!(
                        bits.forms(&found, big_endian).are_clean(),
                        is_clean,
                        "{sample:04x} {bits:?}"
                    );
                    bits.clean(&mut found, big_endian);
                    assert_eq!(found, bytes(wanted), "{sample:04x} {bits:?}");
                    assert!(bits.forms(&found, big_endian).are_clean());
                }
            }
        }
        let is_clean = |bits: StoredBits, samples: &[u8]| bits.forms(samples, false).are_clean();
        assert!(!is_clean(bits(8, 6, 5, false), &[1, 0x40]));
        assert!(!is_clean(bits(32, 20, 19, false), &[0, 0, 0x10, 0]));
        assert!(!is_clean(bits(24, 16, 15, false), &[0, 0, 0, 0, 0, 1]));
    }

    #[test]
    fn negative_samples_of_both_forms_are_a_picture() {
        for (allocated, ones) in [
            (16u16, vec![0x00, 0xF8]),
            (32, vec![0x00, 0xF8, 0xFF, 0xFF]),
        ] {
            let bits = bits(allocated, 12, 11, true);
            let mut cut = ones.clone();
            cut[1] &= 0x0F;
            cut.iter_mut().skip(2).for_each(|byte| *byte = 0);
            assert!(bits.forms(&ones.repeat(3), false).are_clean());
            assert!(bits.forms(&cut.repeat(3), false).are_clean());
            let mut both = [ones.clone(), cut].concat();
            assert!(!bits.forms(&both, false).are_clean());
            bits.clean(&mut both, false);
            assert_eq!(both, ones.repeat(2));
        }
    }

    #[test]
    fn attributes_that_contradict_each_other_describe_no_image() {
        for (allocated, stored, high) in [
            (16, 0, 0),
            (16, 17, 16),
            (16, 12, 16),
            (16, 12, 10),
            (8, 8, 6),
        ] {
            assert_eq!(StoredBits::new(allocated, stored, high, false), None);
        }
        for (allocated, stored) in [(16, 16), (1, 1), (24, 24)] {
            assert_eq!(
                StoredBits::new(allocated, stored, stored - 1, true),
                Some(None)
            );
        }
    }
}
