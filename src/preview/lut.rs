//! Lookup tables: modality, VOI and palettes (PS3.3 sections C.7.6.3.1.5, C.11.1.1 and C.11.2.1.1).

use crate::dicom::{Encoding, Instance, Tag};

use super::attributes;

const LUT_DESCRIPTOR: Tag = Tag(0x0028_3002);
const LUT_DATA: Tag = Tag(0x0028_3006);

/// A lookup table.
pub(super) struct Lut {
    first: f64,
    values: Vec<u16>,
    /// Bits of an entry.
    pub(super) bits: u32,
}

impl Lut {
    /// From a descriptor and its data. `signed` says how the first value mapped is written.
    pub(super) fn new(
        descriptor: &[u8],
        data: &[u8],
        signed: bool,
        encoding: Encoding,
    ) -> Option<Lut> {
        let &[entries, first, bits] = descriptor.as_chunks::<2>().0 else {
            return None;
        };
        let entries = match encoding.u16(entries) {
            0 => 65_536,
            n => usize::from(n),
        };
        let first = encoding.u16(first);
        let bits = u32::from(encoding.u16(bits));
        // Eight-bit entries may be packed two to a word.
        let values: Vec<u16> = if bits == 8 && data.len() < entries * 2 {
            data.iter().take(entries).map(|b| u16::from(*b)).collect()
        } else {
            let words = data.as_chunks::<2>().0.iter().take(entries);
            words.map(|word| encoding.u16(*word)).collect()
        };
        let whole = values.len() == entries && (8..=16).contains(&bits);
        whole.then_some(Lut {
            first: if signed {
                f64::from(first.cast_signed())
            } else {
                f64::from(first)
            },
            values,
            bits,
        })
    }

    /// The one in the first item of a sequence.
    pub(super) fn in_sequence(
        instance: &Instance<'_>,
        frame: u32,
        sequence: Tag,
        signed: bool,
    ) -> Option<Lut> {
        let tape = &instance.tape;
        let (at, _) = attributes::find(instance, frame, sequence)?;
        let (item, _) = tape.children(at).next()?;
        let value = |tag| {
            let (_, element) = tape.children(item).find(|(_, e)| e.tag == tag)?;
            Some(tape.value(element))
        };
        let encoding = instance.syntax.encoding;
        Lut::new(value(LUT_DESCRIPTOR)?, value(LUT_DATA)?, signed, encoding)
    }

    /// What a value becomes; outside the table, what its nearest end does.
    pub(super) fn look_up(&self, value: f64) -> u16 {
        let place = (value - self.first).max(0.0) as usize;
        let last = self.values.len().saturating_sub(1);
        self.values
            .get(place.min(last))
            .copied()
            .unwrap_or_default()
    }

    /// The same, from 0 to 255.
    pub(super) fn shade(&self, value: f64) -> f64 {
        let largest = f64::from((1u32 << self.bits) - 1);
        f64::from(self.look_up(value)) * 255.0 / largest
    }
}
