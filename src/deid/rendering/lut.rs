//! Lookup tables: modality and VOI (PS3.3 sections C.11.1.1 and C.11.2.1.1).

use crate::dicom::{Encoding, Instance, Tag};

use super::attributes;

const LUT_DESCRIPTOR: Tag = Tag(0x0028_3002);
const LUT_DATA: Tag = Tag(0x0028_3006);

/// A lookup table.
pub(super) struct Lut {
    first: f64,
    values: Vec<u16>,
    /// Bits of an entry.
    bits: u32,
}

impl Lut {
    /// From a descriptor and its data. `signed` says how the first value mapped is written.
    fn new(descriptor: &[u8], data: &[u8], signed: bool, encoding: Encoding) -> Option<Lut> {
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

    /// The first value mapped, and the last.
    fn domain(&self) -> (f64, f64) {
        let last = self.values.len().saturating_sub(1);
        (self.first, self.first + last as f64)
    }

    /// The values between which the table rises or falls; beyond them it gives what it gives at its ends.
    pub(super) fn slope(&self) -> (f64, f64) {
        let (start, end) = (self.values.first(), self.values.last());
        let first = self.values.iter().position(|entry| Some(entry) != start);
        let last = self.values.iter().rposition(|entry| Some(entry) != end);
        let (Some(first), Some(last)) = (first, last) else {
            return self.domain();
        };
        let place = |at: usize| self.first + at as f64;
        (place(first.saturating_sub(1)), place(last + 1))
    }

    /// The least and the greatest value that becomes more than `low` and less than `high`; `None` without any.
    pub(super) fn within(&self, low: f64, high: f64) -> Option<(f64, f64)> {
        let is_inside = |entry: &u16| (low..high).contains(&f64::from(*entry));
        let first = self.values.iter().position(is_inside)?;
        let last = self.values.iter().rposition(is_inside)?;
        Some((self.first + first as f64, self.first + last as f64))
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
