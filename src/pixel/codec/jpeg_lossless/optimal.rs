//! The Huffman table that codes given differences in the fewest bits (T.81 annex K.2).

use super::huffman::{CATEGORIES, MAX_LENGTH, Specification};

/// How often each category occurs.
pub(super) type Counts = [u64; CATEGORIES];

/// A symbol that stands for nothing: its code is the longest and of ones only, so that no other code is.
const RESERVED: usize = CATEGORIES;
const SYMBOLS: usize = CATEGORIES + 1;

/// The best table with codes of at most 16 bits, none of ones only.
pub(super) fn specification(counts: &Counts) -> Specification {
    let lengths = limited(counts_by_length(&code_lengths(counts)));
    Specification {
        counts: lengths,
        values: by_frequency(counts),
    }
}

/// The length of each symbol's code before any limit; 0 for a symbol that does not occur.
fn code_lengths(counts: &Counts) -> [usize; SYMBOLS] {
    let mut trees: Vec<(u64, Vec<usize>)> = Vec::with_capacity(SYMBOLS);
    trees.push((1, vec![RESERVED]));
    let used = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
    trees.extend(used.map(|(symbol, &count)| (count, vec![symbol])));
    let mut lengths = [0; SYMBOLS];
    while trees.len() > 1 {
        trees.sort_by_key(|&(weight, _)| std::cmp::Reverse(weight));
        if let (Some((first, mut symbols)), Some((second, others))) = (trees.pop(), trees.pop()) {
            symbols.extend(others);
            for &symbol in &symbols {
                if let Some(length) = lengths.get_mut(symbol) {
                    *length += 1;
                }
            }
            trees.push((first.saturating_add(second), symbols));
        }
    }
    lengths
}

/// How many codes there are of 1, 2, .. bits.
fn counts_by_length(lengths: &[usize; SYMBOLS]) -> [u8; SYMBOLS] {
    let mut counts = [0; SYMBOLS];
    for &length in lengths {
        if let Some(count) = length.checked_sub(1).and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    counts
}

/// Shortens codes of more than 16 bits, and gives back the code of the reserved symbol (T.81 figure K.3).
///
/// Two of the longest codes differ in their last bit. One takes the place of their common prefix; the other, and
/// a shorter code, become that shorter code with one more bit.
fn limited(mut counts: [u8; SYMBOLS]) -> [u8; MAX_LENGTH] {
    for long in (MAX_LENGTH..SYMBOLS).rev() {
        while counts[long] > 0 {
            let Some(short) = (0..long - 1).rev().find(|&at| counts[at] > 0) else {
                break;
            };
            counts[long] -= 2;
            counts[long - 1] += 1;
            counts[short + 1] += 2;
            counts[short] -= 1;
        }
    }
    if let Some(longest) = counts.iter_mut().rev().find(|count| **count > 0) {
        *longest -= 1;
    }
    let mut limited = [0; MAX_LENGTH];
    limited
        .iter_mut()
        .zip(counts)
        .for_each(|(to, from)| *to = from);
    limited
}

/// The categories that occur, the most frequent first: they get the shortest codes.
fn by_frequency(counts: &Counts) -> Vec<u8> {
    let mut values: Vec<(u64, u8)> = counts.iter().copied().zip(0u8..).collect();
    values.retain(|&(count, _)| count > 0);
    values.sort_by_key(|&(count, value)| (std::cmp::Reverse(count), value));
    values.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_enough_and_never_all_ones() {
        let mut fibonacci = [0u64; CATEGORIES];
        let (mut a, mut b) = (1, 1);
        for count in &mut fibonacci {
            *count = a;
            (a, b) = (b, a + b);
        }
        let mut reversed = fibonacci;
        reversed.reverse();
        let mut single = [0; CATEGORIES];
        single[7] = 1 << 40;
        for counts in [
            fibonacci,
            reversed,
            single,
            [1; CATEGORIES],
            [u64::MAX / 2; CATEGORIES],
        ] {
            let table = specification(&counts);
            let codes = table.codes().unwrap();
            assert_eq!(codes.len(), counts.iter().filter(|&&c| c > 0).count());
            for &(code, length, value) in &codes {
                assert!(length <= 16 && u32::from(code) + 1 < 1 << length);
                for &(other, longer, another) in &codes {
                    let shorter = counts[usize::from(value)] >= counts[usize::from(another)];
                    assert!(shorter || length >= longer);
                    assert!(
                        value == another || longer < length || other >> (longer - length) != code
                    );
                }
            }
        }
    }

    #[test]
    fn the_cost_is_that_of_an_optimal_tree() {
        let mut counts = [0; CATEGORIES];
        counts[..5].copy_from_slice(&[45, 13, 12, 16, 9]);
        counts[5] = 5;
        let codes = specification(&counts).codes().unwrap();
        let cost: u64 = codes
            .iter()
            .map(|&(_, length, value)| u64::from(length) * counts[usize::from(value)])
            .sum();
        assert_eq!(
            cost,
            224 + 5,
            "the rarest code has one more bit, for the reserved one"
        );
    }
}
