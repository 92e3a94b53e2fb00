//! Palettes (PS3.3 sections C.7.6.3.1.5, C.7.6.3.1.6 and C.7.9).

use std::ops::RangeInclusive;

use crate::dicom::{Encoding, Instance, Tag};

/// Red, green and blue: descriptor, data, segmented data.
const TABLES: [[Tag; 3]; 3] = [
    [Tag(0x0028_1101), Tag(0x0028_1201), Tag(0x0028_1221)],
    [Tag(0x0028_1102), Tag(0x0028_1202), Tag(0x0028_1222)],
    [Tag(0x0028_1103), Tag(0x0028_1203), Tag(0x0028_1223)],
];

/// The colours that samples stand for.
pub(super) struct Palette {
    /// The stored value of the first colour.
    first: i64,
    /// The entries of red, green and blue.
    tables: [Vec<u16>; 3],
    /// How far the high byte of an entry stands above the lowest bit.
    shift: u32,
}

impl Palette {
    /// The palette of an instance; `None` when it is missing or damaged. `is_signed` says how the first value mapped is
    /// written.
    pub(super) fn of(instance: &Instance<'_>, is_signed: bool) -> Option<Palette> {
        let [red, green, blue] = TABLES.map(|tags| table(instance, tags));
        let tables = [red?, green?, blue?];
        let encoding = instance.syntax.encoding;
        let [descriptor, ..] = TABLES[0];
        let descriptor = instance.tape.find_value(descriptor)?.as_chunks::<2>().0;
        let first = encoding.u16(*descriptor.get(1)?);
        // Some writers fill eight bits of entries that they say are of sixteen.
        let is_wide = encoding.u16(*descriptor.get(2)?) > 8
            && tables.iter().flatten().any(|entry| *entry > 0xFF);
        Some(Palette {
            first: if is_signed {
                i64::from(first.cast_signed())
            } else {
                i64::from(first)
            },
            tables,
            shift: if is_wide { 8 } else { 0 },
        })
    }

    /// The colour of a sample, as everybody shows it: the high bytes. Outside the palette, that of its nearest end.
    pub(super) fn colour(&self, sample: f64) -> [u8; 3] {
        let place = (sample - self.first as f64).max(0.0) as usize;
        [0, 1, 2].map(|at: usize| {
            let entries = self.tables.get(at).map_or(&[][..], Vec::as_slice);
            let entry = entries.get(place).or(entries.last());
            (entry.copied().unwrap_or_default() >> self.shift) as u8
        })
    }
}

/// The stored value in `range` that is displayed darkest; `None` when the palette cannot be read.
pub(in crate::deid) fn darkest(
    instance: &Instance<'_>,
    range: &RangeInclusive<i64>,
) -> Option<i64> {
    let palette = Palette::of(instance, *range.start() < 0)?;
    let [red, green, blue] = &palette.tables;
    let sums = red.iter().zip(green).zip(blue);
    let sums = sums.map(|((r, g), b)| u64::from(*r) + u64::from(*g) + u64::from(*b));
    // A palette may have more colours than samples can name.
    let named = (palette.first..)
        .zip(sums)
        .filter(|(value, _)| range.contains(value));
    let (darkest, _) = named.min_by_key(|(_, sum)| *sum)?;
    Some(darkest)
}

/// The entries of one colour.
fn table(instance: &Instance<'_>, [descriptor, data, segmented]: [Tag; 3]) -> Option<Vec<u16>> {
    let tape = &instance.tape;
    let encoding = instance.syntax.encoding;
    let [entries, _, bits] = tape.find_value(descriptor)?.as_chunks::<2>().0 else {
        return None;
    };
    let count = match encoding.u16(*entries) {
        0 => 65_536,
        n => usize::from(n),
    };
    let bytes = encoding.u16(*bits) == 8;
    let values: Vec<u16> = match tape.find_value(data) {
        // Entries of eight bits may be packed two to a word.
        Some(data) if bytes && data.len() < count * 2 => {
            data.iter().take(count).map(|b| u16::from(*b)).collect()
        }
        Some(data) => words(data, encoding).take(count).collect(),
        None => expand(
            &words(tape.find_value(segmented)?, encoding).collect::<Vec<_>>(),
            count,
        )?,
    };
    (values.len() == count).then_some(values)
}

fn words(data: &[u8], encoding: Encoding) -> impl Iterator<Item = u16> {
    data.as_chunks::<2>()
        .0
        .iter()
        .map(move |word| encoding.u16(*word))
}

/// The entries that segments stand for (PS3.3 section C.7.9.2), `count` at most.
fn expand(words: &[u16], count: usize) -> Option<Vec<u16>> {
    let mut values = Vec::with_capacity(count);
    let mut at = 0;
    while values.len() < count && at < words.len() {
        at = segment(words, at, &mut values, count)?;
    }
    values.truncate(count);
    Some(values)
}

/// Adds what the segment at `at` stands for. Gives where the next one begins.
fn segment(words: &[u16], at: usize, values: &mut Vec<u16>, count: usize) -> Option<usize> {
    let len = usize::from(*words.get(at + 1)?);
    match words.get(at)? {
        // Discrete: the entries themselves.
        0 => {
            values.extend_from_slice(words.get(at + 2..at + 2 + len)?);
            Some(at + 2 + len)
        }
        // Linear: a straight line from the last entry to this one.
        1 => {
            let end = i64::from(*words.get(at + 2)?);
            let start = i64::from(*values.last()?);
            let steps = i64::from(*words.get(at + 1)?);
            for step in 1..=steps {
                let value = start + (end - start) * step / steps;
                values.push(value.cast_unsigned() as u16);
            }
            Some(at + 3)
        }
        // Indirect: so many segments from a place counted in bytes.
        2 => {
            let low = usize::from(*words.get(at + 2)?);
            let high = usize::from(*words.get(at + 3)?);
            let mut from = (high << 16 | low) / 2;
            for _ in 0..len {
                // No indirect segment in an indirect one.
                if *words.get(from)? == 2 || values.len() >= count {
                    return None;
                }
                from = segment(words, from, values, count)?;
            }
            Some(at + 4)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_stand_for_their_entries() {
        let words = [0, 2, 10, 20, 1, 4, 40, 0, 1, 7, 2, 2, 0, 0];
        let values = expand(&words, 13).unwrap();
        assert_eq!(values, [10, 20, 25, 30, 35, 40, 7, 10, 20, 25, 30, 35, 40]);
        assert_eq!(expand(&words, 3).unwrap(), [10, 20, 25]);
        for broken in [&[0, 5, 1][..], &[1, 2, 3], &[2, 1, 0, 0], &[3, 1, 1], &[0]] {
            assert_eq!(expand(broken, 20), None, "{broken:?}");
        }
    }
}
