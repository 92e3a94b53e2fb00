//! Words and numbers that may stay by themselves, but not next to a name.

use super::kinds::Kind;
use super::lexicon::{Lexicon, Word};
use super::page::{Class, Page};

/// Most tokens between two words of a name: `Budi, S.`.
const MOST_BETWEEN: usize = 3;
/// Fewest digits of a number that goes with an unknown word next to it: `XYZ 6688`.
const LONG_NUMBER: usize = 4;

/// Takes out allowed words that are names too, where they stand next to a name; and single letters next to a word that
/// goes, as initials. Runs after every other word has been judged.
pub(super) fn take_out(page: &mut Page, lexicon: &Lexicon) {
    for at in 0..page.len() {
        spread(page, lexicon, at, page.next_atom(at, MOST_BETWEEN));
    }
    for at in (0..page.len()).rev() {
        spread(page, lexicon, at, page.previous_atom(at, MOST_BETWEEN));
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

/// Whether one space and at most a comma or stop stand between this token and the next atom.
fn has_space_only(page: &Page, at: usize) -> bool {
    let is_stop = matches!(page.class(at + 1), Some(Class::Mark(',' | '.')));
    page.class(at + 1 + usize::from(is_stop)) == Some(Class::Space)
}
