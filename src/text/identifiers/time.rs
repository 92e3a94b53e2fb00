//! Times of day: `14:35`, `14:35:20.5`, `pukul 14.35`, `2 pm`.

use crate::text::kinds::Kind;
use crate::text::page::{Class, Page};

/// Words before a time. `jam` alone also counts hours, so it needs minutes behind it.
const BEFORE: [&str; 4] = ["pukul", "pkl", "pk", "jam"];
/// Words behind a time.
const BEHIND: [&str; 5] = ["wib", "wita", "wit", "am", "pm"];

/// Parts of a time with colons. What stands behind them begins another.
const MOST_PARTS: usize = 3;

pub(super) fn take_out(page: &mut Page) {
    for at in 0..page.len() {
        let fold = page.fold(at);
        if page.is_digits(at) && fold.len() <= 2 {
            with_colons(page, at);
        } else if BEFORE.contains(&fold) {
            behind_word(page, at);
        } else if BEHIND.contains(&fold) {
            before_word(page, at);
        }
    }
}

fn is_two_digits(page: &Page, at: usize) -> bool {
    page.is_digits(at) && page.fold(at).len() == 2
}

fn with_colons(page: &mut Page, at: usize) {
    let mut end = at;
    for _ in 1..MOST_PARTS {
        if page.class(end + 1) != Some(Class::Mark(':')) || !is_two_digits(page, end + 2) {
            break;
        }
        end += 2;
    }
    if end == at {
        return;
    }
    if page.class(end + 1) == Some(Class::Mark('.')) && page.is_digits(end + 2) {
        end += 2;
    }
    page.drop_atoms(at..end + 1, Kind::Time);
}

fn behind_word(page: &mut Page, word: usize) {
    let Some(hour) = page.next_atom(word, 2).filter(|at| page.is_digits(*at)) else {
        return;
    };
    let has_minutes = matches!(page.class(hour + 1), Some(Class::Mark('.' | ':')))
        && is_two_digits(page, hour + 2);
    if has_minutes {
        page.drop(hour + 2, Kind::Time);
    }
    if has_minutes || page.fold(word) != "jam" {
        page.drop(word, Kind::Time);
        page.drop(hour, Kind::Time);
    }
}

fn before_word(page: &mut Page, word: usize) {
    let Some(last) = page.previous_atom(word, 1).filter(|at| page.is_digits(*at)) else {
        return;
    };
    if last >= 2
        && matches!(page.class(last - 1), Some(Class::Mark('.' | ':')))
        && page.is_digits(last - 2)
    {
        page.drop(last - 2, Kind::Time);
    }
    page.drop(last, Kind::Time);
    page.drop(word, Kind::Time);
}
