//! The text of what stays, without the marks and spaces that belonged to what went.

use super::page::{Class, Page};

const PAIRS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
/// Marks that join two parts of one term and go on joining them when a part between goes.
const JOINTS: [char; 6] = ['_', '-', '/', '^', '+', '.'];

/// The page without its dropped tokens. A page that keeps everything comes back as it was.
pub(super) fn tidy(page: &Page) -> String {
    if page.tokens.iter().all(|token| token.dropped.is_none()) {
        return page.text.to_owned();
    }
    let mut text = String::with_capacity(page.text.len());
    let mut last: Option<usize> = None;
    for at in 0..page.len() {
        if page.is_atom(at) && !page.is_dropped(at) {
            let from = last.map_or(0, |last| last + 1);
            between(page, from, at, last.is_some(), &mut text);
            text.push_str(page.raw(at));
            last = Some(at);
        }
    }
    if let Some(last) = last {
        tail(page, last + 1, &mut text);
    }
    let text = without_lone_brackets(&text);
    let text = text.trim();
    text.trim_end_matches([',', ';', ':', '-', '/', '_', '^', '+', '=', '&', ' '])
        .trim_end()
        .to_owned()
}

fn is_opener(mark: char) -> bool {
    PAIRS.iter().any(|(open, _)| *open == mark)
}

fn is_closer(mark: char) -> bool {
    PAIRS.iter().any(|(_, close)| *close == mark)
}

fn ascii_mark(page: &Page, at: usize) -> Option<char> {
    match page.class(at) {
        Some(Class::Mark(mark)) => Some(mark),
        _ => None,
    }
}

/// What stands before a kept token: as it was if nothing went from there, otherwise the least that keeps words apart.
fn between(page: &Page, from: usize, to: usize, has_before: bool, text: &mut String) {
    let went = (from..to).any(|at| page.is_dropped(at));
    if !went {
        for at in from..to {
            text.push_str(page.raw(at));
        }
        return;
    }
    let is_bracket = |at: &usize, is: fn(char) -> bool| ascii_mark(page, *at).is_some_and(is);
    let closers = (from..to)
        .take_while(|at| is_bracket(at, is_closer))
        .count();
    let openers = (from + closers..to)
        .rev()
        .take_while(|at| is_bracket(at, is_opener))
        .count();
    for at in from..from + closers {
        text.push_str(page.raw(at));
    }
    if has_before {
        let middle = from + closers..to - openers;
        let has_line = middle.clone().any(|at| page.raw(at).contains('\n'));
        let is_apart = middle
            .clone()
            .any(|at| matches!(page.class(at), Some(Class::Space)));
        let joint = middle
            .clone()
            .find_map(|at| ascii_mark(page, at).filter(|mark| JOINTS.contains(mark)));
        match joint {
            _ if has_line => text.push('\n'),
            // A stop between digits would make a number of two.
            Some(mark) if !is_apart && openers + closers == 0 && mark != '.' => text.push(mark),
            _ => text.push(' '),
        }
    }
    for at in to - openers..to {
        text.push_str(page.raw(at));
    }
}

/// What stands behind the last kept token.
fn tail(page: &Page, from: usize, text: &mut String) {
    let went = (from..page.len()).any(|at| page.is_dropped(at));
    for at in from..page.len() {
        let is_closer = ascii_mark(page, at).is_some_and(is_closer);
        if went && !is_closer {
            break;
        }
        text.push_str(page.raw(at));
    }
}

/// The text without brackets whose other half is missing.
fn without_lone_brackets(text: &str) -> String {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut lone: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        if is_opener(c) {
            open.push((at, c));
        } else if let Some((opener, _)) = PAIRS.iter().find(|(_, close)| *close == c) {
            match open.last() {
                Some((_, last)) if last == opener => {
                    open.pop();
                }
                _ => lone.push(at),
            }
        }
    }
    lone.extend(open.into_iter().map(|(at, _)| at));
    if lone.is_empty() {
        return text.to_owned();
    }
    lone.sort_unstable();
    let mut kept = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_word_next = || text[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
        if lone.binary_search(&at).is_err() {
            kept.push(c);
        } else if kept.ends_with(char::is_alphanumeric) && is_word_next() {
            // Without the bracket, two words would become one.
            kept.push(' ');
        }
    }
    kept
}
