//! A 256-bit digest as a number from which digits are taken.

/// A number of 256 bits, most significant word first.
pub(super) struct Wide([u32; 8]);

impl Wide {
    pub(super) fn new(digest: [u8; 32]) -> Wide {
        let mut words = [0; 8];
        for (word, bytes) in words.iter_mut().zip(digest.as_chunks::<4>().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        Wide(words)
    }

    /// Divides by the radix and gives the remainder. While at most 250 bits are taken, no digit is likelier than
    /// another by more than one part in 64, and for a hundred bits by nothing that could be measured.
    pub(super) fn take(&mut self, radix: u8) -> u8 {
        let radix = u64::from(radix.max(1));
        let mut rest = 0;
        for word in &mut self.0 {
            let part = rest << 32 | u64::from(*word);
            // The rest was smaller than the radix, so the quotient fits a word.
            *word = (part / radix) as u32;
            rest = part % radix;
        }
        rest as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_number() {
        let mut digest = [0; 32];
        digest[16..].copy_from_slice(&u128::MAX.to_be_bytes());
        let mut wide = Wide::new(digest);
        let mut number = u128::MAX;
        for _ in 0..40 {
            assert_eq!(u128::from(wide.take(10)), number % 10);
            number /= 10;
        }
        let mut wide = Wide::new([0xFF; 32]);
        assert!((0..64).all(|_| wide.take(16) == 15));
        assert_eq!(wide.take(16), 0);
    }
}
