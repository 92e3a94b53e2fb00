//! Huffman tables: their form in a DHT segment, and decoding with them (T.81 B.2.4.2, annexes C and F.2.2).

use super::marker::Content;
use crate::pixel::codec::error::CodecError;

/// Bits of the next code that are looked up at once. Few images have longer codes, and those are rare in them.
pub(super) const LOOKAHEAD: u32 = 12;
/// Longest code, in bits.
pub(super) const MAX_LENGTH: usize = 16;
/// The largest category of a difference (T.81 table H.2). It has no additional bits: the difference is 32768.
pub(super) const MAX_CATEGORY: u8 = 16;
/// How many categories there are.
pub(super) const CATEGORIES: usize = MAX_CATEGORY as usize + 1;

/// A Huffman table as a DHT segment states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Specification {
    /// How many codes there are of 1, 2, .. 16 bits.
    pub(super) counts: [u8; MAX_LENGTH],
    /// What they stand for, in the order of the codes.
    pub(super) values: Vec<u8>,
}

impl Specification {
    /// Reads one table of a DHT segment, after its class and identifier.
    pub(super) fn read(content: &mut Content<'_>) -> Result<Specification, CodecError> {
        let counts: [u8; MAX_LENGTH] = content.array()?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let values = content.bytes(total)?.to_vec();
        Ok(Specification { counts, values })
    }

    /// Each code as (its bits, its length, what it stands for), in order (T.81 annex C).
    pub(super) fn codes(&self) -> Result<Vec<(u16, u8, u8)>, CodecError> {
        let mut codes = Vec::with_capacity(self.values.len());
        let mut values = self.values.iter();
        let mut code = 0u32;
        for (length, &count) in (1u8..).zip(&self.counts) {
            for &value in values.by_ref().take(usize::from(count)) {
                if code >> length != 0 {
                    return Err(CodecError::Malformed("a Huffman table has too many codes"));
                }
                codes.push((code as u16, length, value));
                code += 1;
            }
            code <<= 1;
        }
        Ok(codes)
    }
}

/// What the next bits mean.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// Bits of the code.
    pub(super) length: u8,
    /// Additional bits that follow it.
    pub(super) extra: u8,
    /// Both together; 0 if the lookahead does not tell and [`Decoder::search`] must.
    pub(super) total: u8,
}

const UNKNOWN: Entry = Entry {
    length: 0,
    extra: 0,
    total: 0,
};

/// A Huffman table made ready for decoding.
pub(super) struct Decoder {
    lookup: Box<[Entry; 1 << LOOKAHEAD]>,
    /// The codes the lookup does not tell, as (first bit pattern, length, category), patterns of 16 bits.
    others: Vec<(u16, u8, u8)>,
}

impl Decoder {
    /// Makes a table ready. A category that does not exist is no fault as long as it is not used.
    pub(super) fn new(specification: &Specification) -> Result<Decoder, CodecError> {
        let mut lookup = Box::new([UNKNOWN; 1 << LOOKAHEAD]);
        let mut others = Vec::new();
        for (code, length, category) in specification.codes()? {
            let short = u32::from(length) <= LOOKAHEAD && category < MAX_CATEGORY;
            if short {
                let spare = LOOKAHEAD - u32::from(length);
                let first = usize::from(code) << spare;
                let entries = lookup.iter_mut().skip(first).take(1 << spare);
                entries.for_each(|entry| {
                    *entry = Entry {
                        length,
                        extra: category,
                        total: length + category,
                    }
                });
            } else {
                others.push((
                    code << (MAX_LENGTH as u32 - u32::from(length)),
                    length,
                    category,
                ));
            }
        }
        Ok(Decoder { lookup, others })
    }

    /// What the next bits mean, given the first [`LOOKAHEAD`] of them.
    #[inline]
    pub(super) fn look(&self, bits: usize) -> Entry {
        self.lookup.get(bits).copied().unwrap_or(UNKNOWN)
    }

    /// The length and the category of the code that the next 16 bits start with, if [`Decoder::look`] did not tell.
    #[cold]
    pub(super) fn search(&self, bits: u16) -> Option<(u8, u8)> {
        let starts_with = |&&(pattern, length, _): &&(u16, u8, u8)| {
            (bits ^ pattern).leading_zeros() >= u32::from(length)
        };
        let &(_, length, category) = self.others.iter().find(starts_with)?;
        (category <= MAX_CATEGORY).then_some((length, category))
    }
}
