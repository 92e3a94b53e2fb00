//! Dates in figures and with the names of months, English and Indonesian; years.

use crate::text::kinds::Kind;
use crate::text::page::{Class, Page};

/// What months are called, in lower case.
const MONTHS: [&str; 43] = [
    "januari",
    "january",
    "jan",
    "februari",
    "pebruari",
    "february",
    "feb",
    "peb",
    "maret",
    "march",
    "mar",
    "april",
    "apr",
    "mei",
    "may",
    "juni",
    "june",
    "jun",
    "juli",
    "july",
    "jul",
    "agustus",
    "august",
    "aug",
    "agt",
    "agu",
    "ags",
    "agst",
    "september",
    "sept",
    "sep",
    "oktober",
    "october",
    "okt",
    "oct",
    "november",
    "nopember",
    "nov",
    "nop",
    "desember",
    "december",
    "des",
    "dec",
];
/// Words before a year-like number that make it a measure: `b 2000`, `TR 2000`, `JPEG 2000`.
const BEFORE_MEASURE: [&str; 7] = ["b", "tr", "te", "ti", "jpeg", "matrix", "bval"];
/// Words behind a year-like number that make it a measure.
const BEHIND_MEASURE: [&str; 9] = ["ms", "msec", "s", "mm", "ml", "hu", "px", "mbq", "kev"];

pub(super) fn take_out(page: &mut Page) {
    for at in 0..page.len() {
        if !page.is_atom(at) {
            continue;
        }
        if page.is_digits(at) {
            triple(page, at);
            pair(page, at);
            year(page, at);
        } else if MONTHS.contains(&page.fold(at)) {
            month(page, at);
        }
    }
}

fn value(page: &Page, at: usize) -> Option<u32> {
    page.is_digits(at)
        .then(|| page.fold(at).parse().ok())
        .flatten()
}

/// Whether a number of four digits is a year of our times.
pub(super) fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

/// Whether three numbers can be a date, in any order that people write.
pub(super) fn is_date(first: &str, second: &str, third: &str) -> bool {
    let number = |digits: &str| {
        (digits.len() <= 2)
            .then(|| digits.parse::<u32>().ok())
            .flatten()
    };
    let is_day_and_month = |a: Option<u32>, b: Option<u32>| {
        a.zip(b).is_some_and(|(a, b)| {
            ((1..=31).contains(&a) && (1..=12).contains(&b))
                || ((1..=12).contains(&a) && (1..=31).contains(&b))
        })
    };
    let (a, b, c) = (number(first), number(second), number(third));
    let ends_with_year = is_year(third) || third.len() == 2;
    let begins_with_year = is_year(first) || first.len() == 2;
    (ends_with_year && is_day_and_month(a, b)) || (begins_with_year && is_day_and_month(b, c))
}

/// The mark between two tokens that stand one token apart.
fn separator(page: &Page, at: usize) -> Option<char> {
    match page.class(at) {
        Some(Class::Mark(mark @ ('-' | '/' | '.' | ','))) => Some(mark),
        Some(Class::Space) => Some(' '),
        _ => None,
    }
}

/// `12-05-99`, `1999/05/12`, `12 05 1999`.
fn triple(page: &mut Page, at: usize) {
    let (Some(first), Some(second)) = (separator(page, at + 1), separator(page, at + 3)) else {
        return;
    };
    if !page.is_digits(at + 2) || !page.is_digits(at + 4) {
        return;
    }
    let (a, b, c) = (page.fold(at), page.fold(at + 2), page.fold(at + 4));
    // Numbers apart by spaces only are a date if one of them is a year or has a leading zero.
    let is_loose = first == ' ' || second == ' ' || first == ',';
    let is_told =
        is_year(a) || is_year(c) || [a, b, c].iter().any(|n| n.len() == 2 && n.starts_with('0'));
    if is_date(a, b, c) && (!is_loose || is_told) {
        page.drop_atoms(at..at + 5, Kind::Date);
    }
}

/// `05/1999`, `1999-05`, `05/99`.
fn pair(page: &mut Page, at: usize) {
    let Some(separator @ ('-' | '/' | '.')) = separator(page, at + 1) else {
        return;
    };
    let (Some(first), Some(second)) = (value(page, at), value(page, at + 2)) else {
        return;
    };
    let (a, b) = (page.fold(at), page.fold(at + 2));
    let has_year = (is_year(b) && first <= 31) || (is_year(a) && second <= 31);
    let is_short = separator == '/'
        && a.len() == 2
        && b.len() == 2
        && (a.starts_with('0') || b.starts_with('0'));
    if has_year || is_short {
        page.drop_atoms(at..at + 3, Kind::Date);
    }
}

/// A year by itself.
fn year(page: &mut Page, at: usize) {
    if !is_year(page.fold(at)) {
        return;
    }
    let before = page.previous_atom(at, 2).map(|at| page.fold(at));
    let behind = page.next_atom(at, 1).map(|at| page.fold(at));
    let is_measure = before.is_some_and(|word| BEFORE_MEASURE.contains(&word))
        || behind.is_some_and(|word| BEHIND_MEASURE.contains(&word));
    if !is_measure {
        page.drop(at, Kind::Date);
    }
}

/// A month's name with the numbers next to it: `12 Mei 1999`, `May 12, 1999`, `Mei 99`.
fn month(page: &mut Page, at: usize) {
    let mut found = false;
    if let Some(before) = page.previous_atom(at, 2)
        && is_part(page, before)
    {
        page.drop(before, Kind::Date);
        found = true;
    }
    let mut last = at;
    for _ in 0..2 {
        match page.next_atom(last, 2) {
            Some(next) if is_part(page, next) => {
                page.drop(next, Kind::Date);
                last = next;
                found = true;
            }
            _ => break,
        }
    }
    if found {
        page.drop(at, Kind::Date);
    }
}

/// Whether a token can be a day or a year: `12`, `12th`, `99`, `1999`.
fn is_part(page: &Page, at: usize) -> bool {
    let fold = page.fold(at);
    let digits = fold.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &fold[digits.len()..];
    let is_ordinal = matches!(ending, "" | "st" | "nd" | "rd" | "th");
    is_ordinal
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() <= 2 || is_year(digits))
}
