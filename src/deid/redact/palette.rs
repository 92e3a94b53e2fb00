//! Palettes (PS3.3 sections C.7.6.3.1.5, C.7.6.3.1.6 and C.7.9), as far as finding their darkest colour needs.

use std::ops::RangeInclusive;

use crate::dicom::{Encoding, Instance, Tag};

/// Red, green and blue: descriptor, data, segmented data.
const TABLES: [[Tag; 3]; 3] = [
    [Tag(0x0028_1101), Tag(0x0028_1201), Tag(0x0028_1221)],
    [Tag(0x0028_1102), Tag(0x0028_1202), Tag(0x0028_1222)],
    [Tag(0x0028_1103), Tag(0x0028_1203), Tag(0x0028_1223)],
];

/// The stored value in `range` that is displayed darkest; `None` when the palette cannot be read.
pub(super) fn darkest(instance: &Instance<'_>, range: &RangeInclusive<i64>) -> Option<i64> {
    let [red, green, blue] = TABLES.map(|tags| table(instance, tags));
    let (red, green, blue) = (red?, green?, blue?);
    let sums = red.iter().zip(&green).zip(&blue);
    let sums = sums.map(|((r, g), b)| u64::from(*r) + u64::from(*g) + u64::from(*b));
    let encoding = instance.syntax.encoding;
    let [descriptor, ..] = TABLES[0];
    let descriptor = instance.tape.find_value(descriptor)?.as_chunks::<2>().0;
    let first = encoding.u16(*descriptor.get(1)?);
    let first = if *range.start() < 0 {
        i64::from(first.cast_signed())
    } else {
        i64::from(first)
    };
    // A palette may have more colours than samples can name.
    let named = (first..)
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
