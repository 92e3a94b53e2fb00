//! Words and numbers that may stay by themselves, but not next to a name.

use super::kinds::Kind;
use super::lexicon::{Lexicon, Word};
use super::page::{Class, Page};

/// Most tokens between two words of a name: `Budi, S.`.
const MOST_BETWEEN: usize = 3;
/// Longest abbreviation in capitals that stays by itself, in bytes.
const ABBREVIATION: usize = 3;
/// Fewest digits of a number that goes with an unknown word next to it: `XYZ 6688`.
const LONG_NUMBER: usize = 4;

/// Fewest digits of all such numbers of a text that may be an identifier in pieces.
const IDENTIFIER: usize = 10;
/// Numbers that are multiples of this are measures: b-values, inversion times.
const ROUND: u32 = 50;
/// Small words that join names as well, and do not make a text of names another.
const JOINING: [&str; 12] = [
    "of", "and", "by", "for", "from", "the", "to", "with", "dan", "dari", "dengan", "untuk",
];

/// Takes out allowed words that are names too, where they stand next to a name; and single letters next to a word that
/// goes, as initials. Runs after every other word has been judged.
pub(super) fn take_out(page: &mut Page, lexicon: &Lexicon) {
    for at in 0..page.len() {
        spread(page, lexicon, at, page.next_atom(at, MOST_BETWEEN));
    }
    for at in (0..page.len()).rev() {
        spread(page, lexicon, at, page.previous_atom(at, MOST_BETWEEN));
    }
    by_themselves(page, lexicon);
    in_pieces(page);
}

/// Takes out the longest numbers of a text whose numbers together have the digits of an identifier: `3171 CT 2345 MR
/// 6789`. Measures in round numbers stay.
fn in_pieces(page: &mut Page) {
    let length = |page: &Page, at: usize| {
        let is_kept = page.is_digits(at) && !page.is_dropped(at);
        if is_kept { page.fold(at).len() } else { 0 }
    };
    let (mut digits, mut has_odd) = (0, false);
    for at in 0..page.len() {
        let length = length(page, at);
        if (LONG_NUMBER - 1..=LONG_NUMBER).contains(&length) {
            digits += length;
            let value = page.fold(at).parse::<u32>();
            has_odd |= length == LONG_NUMBER && !value.is_ok_and(|value| value % ROUND == 0);
        }
    }
    if digits < IDENTIFIER || !has_odd {
        return;
    }
    for at in 0..page.len() {
        if length(page, at) == LONG_NUMBER {
            page.drop(at, Kind::Digits);
        }
    }
}

/// Takes out words that are names too if no other word is left: a text of `Hari` or `White` is a name. Three capitals
/// (`DWI`) are an abbreviation.
fn by_themselves(page: &mut Page, lexicon: &Lexicon) {
    let is_name = |page: &Page, at: usize| {
        let raw = page.raw(at);
        let is_short = raw.len() <= ABBREVIATION && raw.bytes().all(|b| b.is_ascii_uppercase());
        lexicon.look_up(page.low(at)) == Word::NameToo && !is_short
    };
    let is_kept = |page: &Page, at: &usize| page.is_atom(*at) && !page.is_dropped(*at);
    let has_other = (0..page.len()).filter(|at| is_kept(page, at)).any(|at| {
        page.class(at) != Some(Class::Number)
            && page.raw(at).len() > 1
            && !is_name(page, at)
            && !JOINING.contains(&page.low(at))
    });
    if has_other {
        return;
    }
    let has_name = (0..page.len()).any(|at| is_kept(page, &at) && is_name(page, at));
    for at in 0..page.len() {
        let joins = has_name && JOINING.contains(&page.low(at));
        if is_kept(page, &at) && (is_name(page, at) || joins) {
            page.drop(at, Kind::Name);
        }
    }
}

/// Takes out `other` if it stands next to a dropped token and may be part of the same name.
fn spread(page: &mut Page, lexicon: &Lexicon, at: usize, other: Option<usize>) {
    let Some(other) = other else {
        return;
    };
    let reason = page.tokens.get(at).and_then(|token| token.dropped);
    let is_near = (at.min(other) + 1..at.max(other)).all(|between| {
        matches!(
            page.class(between),
            Some(Class::Space | Class::Odd | Class::Mark('.' | ',' | '-' | '^' | '\'' | '_'))
        )
    });
    if !is_near || page.is_dropped(other) {
        return;
    }
    if page.is_digits(other) {
        let is_word = matches!(
            reason,
            Some(Kind::Name | Kind::Own | Kind::Word | Kind::Code)
        );
        if is_word && page.fold(other).len() >= LONG_NUMBER {
            page.drop(other, Kind::RecordNumber);
        }
        return;
    }
    if page.class(other) != Some(Class::Word) {
        return;
    }
    let low = page.low(other);
    let is_name_too = lexicon.look_up(low) == Word::NameToo;
    // A small `a` is the article, unless a stop makes it an initial.
    let is_letter = low.len() == 1
        && (page.raw(other) != "a" || page.class(other + 1) == Some(Class::Mark('.')));
    let goes = match reason {
        Some(Kind::Name | Kind::Own) => is_name_too || is_letter,
        Some(Kind::Word | Kind::Odd) if page.class(at) != Some(Class::Number) => {
            is_letter || (is_name_too && has_space_only(page, at.min(other)))
        }
        Some(Kind::RecordNumber) => is_letter && page.is_digits(at),
        _ => false,
    };
    if goes {
        page.drop(other, Kind::Name);
    }
}

/// Whether one space, and before it at most a comma or stop, or a caret stands between this token and the next atom.
fn has_space_only(page: &Page, at: usize) -> bool {
    let is_stop = matches!(page.class(at + 1), Some(Class::Mark(',' | '.')));
    matches!(
        page.class(at + 1 + usize::from(is_stop)),
        Some(Class::Space | Class::Mark('^'))
    )
}
