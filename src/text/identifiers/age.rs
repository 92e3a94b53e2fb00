//! Ages over 89 years, which few people reach.

use crate::text::kinds::Kind;
use crate::text::page::Page;

/// The highest age that may stay, in years.
const HIGHEST: u32 = 89;
/// Words behind an age in years.
const YEARS: [&str; 11] = [
    "tahun", "thn", "th", "yr", "yrs", "year", "years", "yo", "y", "yrold", "jahre",
];
/// Words before an age in years.
const AGE: [&str; 7] = ["usia", "umur", "berusia", "berumur", "age", "aged", "age's"];

pub(super) fn take_out(page: &mut Page) {
    for at in 0..page.len() {
        if !page.is_atom(at) {
            continue;
        }
        let fold = page.fold(at);
        let digits = fold.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let is_old = digits.len() <= 3 && digits.parse::<u32>().is_ok_and(|age| age > HIGHEST);
        if !is_old {
            continue;
        }
        let unit = &fold[digits.len()..];
        let behind = page
            .next_atom(at, 2)
            .filter(|next| YEARS.contains(&page.fold(*next)));
        let before = page.previous_atom(at, 2);
        let told = before.filter(|word| AGE.contains(&page.fold(*word)));
        if unit.is_empty() && (behind.is_some() || told.is_some()) {
            page.drop(at, Kind::Age);
            for word in [behind, told].into_iter().flatten() {
                page.drop(word, Kind::Age);
            }
        } else if YEARS.contains(&unit) {
            page.drop(at, Kind::Age);
        }
    }
}
