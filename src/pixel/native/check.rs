//! The proof that native pixel data was blanked and nothing else.

use super::{Blanking, swap_words};

const INSIDE: &str = "a sample inside a region is not blank";
const OUTSIDE: &str = "a sample outside the regions has changed";

/// Goes through the runs and the gaps between them. Shares with [`Blanking`] where the runs lie, and nothing else.
pub(super) fn check(
    blanking: &Blanking,
    at: u64,
    before: &[u8],
    after: &[u8],
) -> Result<(), &'static str> {
    let before = before.get(..after.len()).ok_or(OUTSIDE)?;
    if blanking.is_swapped {
        let mut words = [before.to_vec(), after.to_vec()];
        for bytes in &mut words {
            swap_words(bytes);
        }
        let [before, after] = words;
        return plain(blanking, at, &before, &after);
    }
    plain(blanking, at, before, after)
}

fn plain(blanking: &Blanking, at: u64, before: &[u8], after: &[u8]) -> Result<(), &'static str> {
    if blanking.in_bits {
        return bit_by_bit(blanking, at, before, after);
    }
    let span = at..at + after.len() as u64;
    let place = |position: u64| (position.clamp(span.start, span.end) - span.start) as usize;
    let mut result = Ok(());
    let mut behind = 0;
    blanking.meet(&span, |run, pattern| {
        let (start, end) = (place(run.start), place(run.end));
        if !outside(blanking, before, after, behind..start) {
            result = Err(OUTSIDE);
        }
        let phase = span.start.saturating_sub(run.start) as usize % pattern.len();
        let inside = after.get(start..end).unwrap_or_default();
        if !inside
            .iter()
            .zip(pattern.iter().cycle().skip(phase))
            .all(|(a, b)| a == b)
        {
            result = Err(INSIDE);
        }
        behind = end;
    });
    result?;
    if outside(blanking, before, after, behind..after.len()) {
        Ok(())
    } else {
        Err(OUTSIDE)
    }
}

/// Whether a stretch between regions is as it was, but for bits that are not the samples' values.
fn outside(
    blanking: &Blanking,
    before: &[u8],
    after: &[u8],
    stretch: std::ops::Range<usize>,
) -> bool {
    let (Some(before), Some(after)) = (before.get(stretch.clone()), after.get(stretch)) else {
        return false;
    };
    let Some(bits) = blanking.bits else {
        return before == after;
    };
    let mut cleaned = before.to_vec();
    bits.clean(&mut cleaned, blanking.big_endian);
    cleaned == after
}

fn bit_by_bit(
    blanking: &Blanking,
    at: u64,
    before: &[u8],
    after: &[u8],
) -> Result<(), &'static str> {
    // What may have changed, and to what.
    let mut inside = vec![0u8; after.len()];
    let mut ones = false;
    let span = at * 8..(at + after.len() as u64) * 8;
    blanking.meet(&span, |run, pattern| {
        ones = pattern.first().is_some_and(|value| *value != 0);
        for bit in run.start.max(span.start)..run.end.min(span.end) {
            if let Some(slot) = inside.get_mut(((bit - span.start) / 8) as usize) {
                *slot |= 1 << (bit % 8);
            }
        }
    });
    for ((mask, old), new) in inside.iter().zip(before).zip(after) {
        if old & !mask != new & !mask {
            return Err(OUTSIDE);
        }
        if new & mask != if ones { *mask } else { 0 } {
            return Err(INSIDE);
        }
    }
    Ok(())
}
