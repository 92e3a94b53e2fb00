//! Which numbers, and which mixes of letters and digits, are technical terms.

use super::lexicon::{Lexicon, Word};

/// Most digits of a number that stays.
const MOST_DIGITS: usize = 4;
/// Most digits of a term of letters and digits: `h31s`, `T12`.
const MOST_IN_TERM: usize = 2;
/// Most digits behind a whole word: `Segment123`.
const MOST_BEHIND_WORD: usize = 3;
/// Shortest word before such digits, in bytes.
const SHORTEST_WORD: usize = 4;
/// Words before digits that make them a person's number.
const PERSONS: [&str; 8] = [
    "patient", "pasien", "subject", "name", "nama", "case", "visit", "folder",
];
/// Units that stand behind a number without a space.
const UNITS: [&str; 58] = [
    "mm", "cm", "m", "um", "nm", "kv", "kvp", "v", "mv", "ma", "mas", "as", "ml", "l", "cc", "ul",
    "ms", "s", "sec", "min", "hr", "hz", "khz", "mhz", "ghz", "t", "g", "mg", "kg", "mcg", "gy",
    "cgy", "mgy", "mci", "mbq", "gbq", "bq", "kev", "mev", "ev", "hu", "px", "dpi", "db", "deg",
    "bit", "bits", "x", "d", "th", "thn", "y", "yo", "yr", "yrs", "mo", "wk", "st",
];

/// Whether a number may stay: up to four digits, without a long run's leading zeros.
pub(super) fn is_small_number(digits: &str) -> bool {
    digits.len() < MOST_DIGITS || (digits.len() == MOST_DIGITS && !digits.starts_with('0'))
}

/// Whether a mix of letters and digits in lower case is a term: `t2w`, `120kv`, `512x512`, `b1000`, `segment3`.
pub(super) fn is_term(low: &str, lexicon: &Lexicon) -> bool {
    match lexicon.look_up(low) {
        Word::Plain | Word::NameToo => return true,
        Word::Name => return false,
        Word::Unknown => {}
    }
    if !low.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    is_measure(low)
        || is_size(low)
        || is_b_value(low)
        || is_counted(low, lexicon)
        || is_of_terms(low, lexicon)
}

/// `5mm`, `120kv`.
fn is_measure(low: &str) -> bool {
    let unit = low.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &low[..low.len() - unit.len()];
    !digits.is_empty() && is_small_number(digits) && UNITS.contains(&unit)
}

/// `512x512`, `2x2x4`.
fn is_size(low: &str) -> bool {
    let mut parts = 0;
    let is_plain = low.split('x').all(|part| {
        parts += 1;
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && is_small_number(part)
    });
    is_plain && (2..=3).contains(&parts)
}

/// `b0`, `b1000`: multiples of ten.
fn is_b_value(low: &str) -> bool {
    low.strip_prefix('b').is_some_and(|digits| {
        digits == "0"
            || (digits.ends_with('0')
                && !digits.starts_with('0')
                && digits.len() <= MOST_DIGITS
                && digits.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// `segment3`: a whole word with its number.
fn is_counted(low: &str, lexicon: &Lexicon) -> bool {
    let word = low.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = low.get(word.len()..).unwrap_or("");
    let is_short = digits.len() <= MOST_BEHIND_WORD
        || (digits.len() == MOST_DIGITS && digits.starts_with("00"));
    word.len() >= SHORTEST_WORD
        && !digits.is_empty()
        && is_short
        && lexicon.look_up(word) == Word::Plain
        && !PERSONS.contains(&word)
}

/// `t2tse`, `fl2d`: terms in a row with few digits.
fn is_of_terms(low: &str, lexicon: &Lexicon) -> bool {
    let digits = low.bytes().filter(u8::is_ascii_digit).count();
    digits <= MOST_IN_TERM
        && low
            .split(|c: char| c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .all(|part| lexicon.look_up(part) == Word::Plain)
}
