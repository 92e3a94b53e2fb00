//! One text as tokens: words, numbers, spaces and marks, each of which stays or goes.
//!
//! A token has up to three spellings. The text's own is what is kept. `low` is that in lower case and decides whether
//! the token may stay. `fold` also folds compatibility forms, look-alike letters and invisible characters; it serves to
//! recognise what must go, and never to keep anything.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::kinds::Kind;

/// What a token consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Letters.
    Word,
    /// ASCII digits.
    Number,
    /// Letters and digits, or characters of which neither can be said.
    Mixed,
    /// White space.
    Space,
    /// One mark of punctuation, folded to ASCII where it has a twin there.
    Mark(char),
    /// A character that no plain text has.
    Odd,
}

/// A part of the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Its place in the text, in bytes.
    pub(super) at: Range<usize>,
    pub(super) class: Class,
    /// Why it does not stay.
    pub(super) dropped: Option<Kind>,
    low: Range<usize>,
    fold: Range<usize>,
}

/// A text in tokens.
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    low: String,
    /// Absent for ASCII, which folds to its lower case.
    fold: Option<String>,
}

/// Characters that show nothing and so can split or disguise a word.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The Latin letter that a Cyrillic or Greek one looks like.
fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'н' | 'η' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'п' | 'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'у' | 'υ' => 'y',
        'х' | 'χ' => 'x',
        'ԝ' => 'w',
        other => other,
    }
}

/// Marks outside ASCII that texts have, and the ASCII mark that means the same to a scanner of numbers.
fn mark(c: char) -> Option<char> {
    Some(match c {
        ' '..='~' | '°' | '±' | '×' | '≤' | '≥' => c,
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '·' | '•' | '…' => '.',
        '‘' | '’' => '\'',
        '“' | '”' | '«' | '»' => '"',
        _ => return None,
    })
}

fn is_atom(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() || is_combining_mark(c) || is_invisible(c)
}

/// Whether a character outside ASCII may stand in an allowed word: its lower case is not that of an ASCII letter.
fn is_honest(c: char) -> bool {
    !c.to_lowercase().any(|low| low.is_ascii())
}

impl<'a> Page<'a> {
    pub(super) fn new(text: &'a str) -> Page<'a> {
        let mut page = Page {
            text,
            tokens: Vec::with_capacity(text.len() / 3 + 1),
            low: String::with_capacity(text.len()),
            fold: (!text.is_ascii()).then(|| String::with_capacity(text.len())),
        };
        let mut chars = text.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            let mut end = start + first.len_utf8();
            let mut class = class_of(first);
            let mut honest = first.is_ascii() || is_honest(first);
            let low = page.low.len();
            let fold = page.fold.as_ref().map_or(low, String::len);
            page.push(first);
            while let Some(&(at, next)) = chars.peek() {
                let joined = match class {
                    Class::Space => next.is_whitespace(),
                    Class::Word | Class::Number | Class::Mixed => is_atom(next),
                    Class::Mark(_) | Class::Odd => false,
                };
                if !joined {
                    break;
                }
                if class_of(next) != class {
                    class = Class::Mixed;
                }
                honest &= next.is_ascii() || is_honest(next);
                page.push(next);
                end = at + next.len_utf8();
                chars.next();
            }
            let is_plain = honest || !matches!(class, Class::Word | Class::Number | Class::Mixed);
            let fold_end = page.fold.as_ref().map_or(page.low.len(), String::len);
            page.tokens.push(Token {
                at: start..end,
                class,
                dropped: (!is_plain || class == Class::Odd).then_some(Kind::Odd),
                low: low..page.low.len(),
                fold: fold..fold_end,
            });
        }
        page
    }

    fn push(&mut self, c: char) {
        if c.is_ascii() {
            self.low.push(c.to_ascii_lowercase());
            if let Some(fold) = &mut self.fold {
                fold.push(c.to_ascii_lowercase());
            }
            return;
        }
        self.low.extend(c.to_lowercase());
        if let Some(fold) = &mut self.fold
            && !is_invisible(c)
        {
            let lower = c.nfkc().flat_map(char::to_lowercase);
            fold.extend(lower.map(look_alike));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn class(&self, token: usize) -> Option<Class> {
        self.tokens.get(token).map(|token| token.class)
    }

    /// The token in lower case; empty past the end.
    pub(super) fn low(&self, token: usize) -> &str {
        let token = self.tokens.get(token);
        token
            .and_then(|token| self.low.get(token.low.clone()))
            .unwrap_or("")
    }

    /// The token in its folded spelling; empty past the end.
    pub(super) fn fold(&self, token: usize) -> &str {
        let token = self.tokens.get(token);
        let all = self.fold.as_ref().unwrap_or(&self.low);
        token
            .and_then(|token| all.get(token.fold.clone()))
            .unwrap_or("")
    }

    /// The token as it stands in the text; empty past the end.
    pub(super) fn raw(&self, token: usize) -> &'a str {
        let token = self.tokens.get(token);
        token
            .and_then(|token| self.text.get(token.at.clone()))
            .unwrap_or("")
    }

    /// Whether the token is a word, a number or a mix of both.
    pub(super) fn is_atom(&self, token: usize) -> bool {
        matches!(
            self.class(token),
            Some(Class::Word | Class::Number | Class::Mixed)
        )
    }

    /// Whether the token's folded spelling is digits only.
    pub(super) fn is_digits(&self, token: usize) -> bool {
        let fold = self.fold(token);
        self.is_atom(token) && !fold.is_empty() && fold.bytes().all(|b| b.is_ascii_digit())
    }

    /// The next atom behind this token with the number of tokens between, if only `most` or fewer are.
    pub(super) fn next_atom(&self, token: usize, most: usize) -> Option<usize> {
        (token + 1..self.len().min(token + 2 + most)).find(|at| self.is_atom(*at))
    }

    /// The atom before this token, if only `most` or fewer tokens stand between.
    pub(super) fn previous_atom(&self, token: usize, most: usize) -> Option<usize> {
        let first = token.saturating_sub(most + 1);
        (first..token).rev().find(|at| self.is_atom(*at))
    }

    pub(super) fn is_dropped(&self, token: usize) -> bool {
        self.tokens
            .get(token)
            .is_some_and(|token| token.dropped.is_some())
    }

    /// Takes a token out. The first reason given stays.
    pub(super) fn drop(&mut self, token: usize, kind: Kind) {
        if let Some(token) = self.tokens.get_mut(token) {
            token.dropped.get_or_insert(kind);
        }
    }

    /// Takes out every atom of the range.
    pub(super) fn drop_atoms(&mut self, tokens: Range<usize>, kind: Kind) {
        for token in tokens {
            if self.is_atom(token) {
                self.drop(token, kind);
            }
        }
    }
}

fn class_of(c: char) -> Class {
    match c {
        '0'..='9' => Class::Number,
        _ if c.is_whitespace() => Class::Space,
        _ if is_invisible(c) => Class::Mixed,
        _ if c.is_alphabetic() => Class::Word,
        _ if is_atom(c) => Class::Mixed,
        _ => match mark(c) {
            Some(mark) => Class::Mark(mark),
            None => Class::Odd,
        },
    }
}
