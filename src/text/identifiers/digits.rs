//! Long numbers, whole or in groups: whatever has the digits of an identifier.

use crate::text::kinds::Kind;
use crate::text::page::{Class, Page};

use super::{date, national, phone};

/// Fewest digits without a break that never stay.
const LONG: usize = 5;
/// Fewest digits in groups that do not stay.
const LONG_IN_GROUPS: usize = 7;
/// Most tokens between two groups of one number: `(021) 555`, `12 - 34`.
const MOST_BETWEEN: usize = 3;
/// Groups that are all multiples of this are measures in a row: b-values, inversion times.
const ROUND: u32 = 50;

pub(super) fn take_out(page: &mut Page) {
    let mut at = 0;
    while at < page.len() {
        if page.is_digits(at) && !page.is_dropped(at) {
            at = group(page, at);
        } else if page.is_atom(at) && has_long_run(page.fold(at)) {
            page.drop(at, Kind::Digits);
        }
        at += 1;
    }
}

/// Whether a token holds five digits in a row.
fn has_long_run(fold: &str) -> bool {
    let mut run = 0;
    fold.chars().any(|c| {
        run = if c.is_numeric() { run + 1 } else { 0 };
        run >= LONG
    })
}

/// Judges the number that begins at this token; returns its last token.
fn group(page: &mut Page, start: usize) -> usize {
    if let Some(end) = decimal(page, start) {
        return end;
    }
    let mut groups = vec![start];
    let mut last = start;
    while let Some(next) = next_group(page, last) {
        groups.push(next);
        last = next;
    }
    if let Some(tail) = tail(page, last) {
        groups.push(tail);
        last = tail;
    }
    if let Some(kind) = kind_of(page, &groups) {
        for at in groups {
            page.drop(at, kind);
        }
    } else if groups.len() > 1 {
        for at in groups {
            if page.fold(at).len() >= LONG {
                page.drop(at, Kind::Digits);
            }
        }
    }
    last
}

/// The end of a decimal number that begins here: `2.5`, `0,625`; not a part of a longer chain.
fn decimal(page: &Page, start: usize) -> Option<usize> {
    let is_point = |at: usize| matches!(page.class(at), Some(Class::Mark('.' | ',')));
    let is_joint = |at: usize| {
        matches!(
            page.class(at),
            Some(Class::Mark('.' | ',' | '-' | '/' | ':'))
        )
    };
    let end = start + 2;
    let (whole, part) = (page.fold(start), page.fold(end));
    let is_plain = !whole.starts_with('0') || whole == "0";
    let joins = |mark: usize, other: usize| is_joint(mark) && page.is_digits(other);
    let is_free = !(joins(end + 1, end + 2) || (start >= 2 && joins(start - 1, start - 2)));
    (is_point(start + 1)
        && page.is_digits(end)
        && is_plain
        && is_free
        && whole.len() + part.len() <= LONG
        && whole.len() <= 4)
        .then_some(end)
}

/// The next group of digits that may belong to the same number.
fn next_group(page: &Page, last: usize) -> Option<usize> {
    let next = page.next_atom(last, MOST_BETWEEN)?;
    let joined = (last + 1..next).all(|at| {
        matches!(
            page.class(at),
            Some(
                Class::Space
                    | Class::Odd
                    | Class::Mark('.' | '-' | '/' | '(' | ')' | '+' | '_' | ',' | ':' | '\'')
            )
        )
    });
    (joined && !page.is_dropped(next) && page.is_digits(next) && decimal(page, next).is_none())
        .then_some(next)
}

/// A last group with letters behind it or in it, joined without a space: the `4168x973` of `303-829-4168x973`.
fn tail(page: &Page, last: usize) -> Option<usize> {
    let is_joined = matches!(page.class(last + 1), Some(Class::Mark('-' | '.' | '/')));
    let tail = last + 2;
    let begins = page.fold(tail).starts_with(|c: char| c.is_ascii_digit());
    (is_joined && page.class(tail) == Some(Class::Mixed) && begins).then_some(tail)
}

fn kind_of(page: &Page, groups: &[usize]) -> Option<Kind> {
    let all: String = groups.iter().map(|at| page.fold(*at)).collect();
    let first = groups.first().copied()?;
    let has_plus = first > 0 && page.class(first - 1) == Some(Class::Mark('+'));
    if groups.len() == 1 {
        if all.len() < LONG {
            return None;
        }
        return Some(by_length(&all, has_plus));
    }
    let dots = groups.windows(2).filter(
        |pair| matches!(pair, [a, b] if *b == a + 2 && page.class(a + 1) == Some(Class::Mark('.'))),
    );
    if dots.count() + 1 == groups.len() && groups.len() >= 3 {
        let is_byte = |at: &usize| {
            page.fold(*at)
                .parse::<u32>()
                .is_ok_and(|value| value <= 255)
        };
        let is_ip = groups.len() == 4 && groups.iter().all(is_byte);
        return Some(if is_ip { Kind::Ip } else { Kind::Uid });
    }
    if is_record(page, groups) {
        return Some(Kind::RecordNumber);
    }
    let is_round = |at: &usize| {
        let digits = page.fold(*at);
        let is_plain = !digits.starts_with('0') || digits == "0";
        is_plain
            && digits.len() < LONG
            && digits.parse::<u32>().is_ok_and(|value| value % ROUND == 0)
    };
    if all.len() < LONG_IN_GROUPS || groups.iter().all(is_round) {
        return None;
    }
    Some(by_length(&all, has_plus))
}

/// Three or four groups of two digits, the way many hospitals write record numbers.
fn is_record(page: &Page, groups: &[usize]) -> bool {
    let is_tight = |pair: &[usize]| matches!(pair, [a, b] if *b == a + 2 && matches!(page.class(a + 1), Some(Class::Mark('-' | '.' | '/'))));
    (3..=4).contains(&groups.len())
        && groups.iter().all(|at| page.fold(*at).len() == 2)
        && groups.windows(2).all(is_tight)
}

fn by_length(digits: &str, has_plus: bool) -> Kind {
    if let Some(kind) = national::kind_of(digits) {
        return kind;
    }
    if !has_plus && is_compact_date(digits) {
        return Kind::Date;
    }
    if phone::is_phone(digits, has_plus) {
        return Kind::Phone;
    }
    Kind::Digits
}

/// `19990512`, `12051999`, `120599`.
fn is_compact_date(digits: &str) -> bool {
    let cut = |a: usize, b: usize| {
        let parts = (digits.get(..a), digits.get(a..b), digits.get(b..));
        matches!(parts, (Some(x), Some(y), Some(z)) if date::is_date(x, y, z))
    };
    match digits.len() {
        8 => cut(4, 6) || cut(2, 4),
        6 => cut(2, 4),
        _ => false,
    }
}
