//! The words of a condition, each with its place.

use std::ops::Range;

use super::Problem;

/// One word of a condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A keyword, a fact, or one of `and or not in has exists`.
    Word(&'t str),
    Text(&'t str),
    Number(f64),
    /// One of `== != <= >= < > ( ) [ ] , ~`.
    Symbol(&'static str),
}

/// Longer ones first.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", "~",
];

/// Splits a condition into words.
pub(super) fn split(text: &str) -> Result<Vec<(Token<'_>, Range<usize>)>, Problem> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = if let Some(symbol) = SYMBOLS.iter().find(|s| rest.starts_with(**s)) {
            (Token::Symbol(symbol), symbol.len())
        } else if matches!(first, '"' | '\'') {
            quoted(rest, first, at)?
        } else if first.is_ascii_alphabetic() {
            let word = run(rest, |c| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
            });
            (Token::Word(word), word.len())
        } else if first.is_ascii_digit() || matches!(first, '-' | '.') {
            number(rest, at)?
        } else {
            let help = match first {
                '=' => Some("write `==`"),
                '&' => Some("write `and`"),
                '|' => Some("write `or`"),
                '!' => Some("write `not`"),
                _ => None,
            };
            return Err(Problem {
                at: at..at + first.len_utf8(),
                message: format!("`{}` has no meaning here", first.escape_default()),
                help: help.map(str::to_owned),
            });
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token<'_>, usize), Problem> {
    let inner = rest.get(1..).unwrap_or("");
    let Some(end) = inner.find(quote) else {
        return Err(Problem {
            at: at..at + rest.len(),
            message: "this text is not closed".to_owned(),
            help: Some(format!("end it with `{quote}`")),
        });
    };
    let text = inner.get(..end).unwrap_or("");
    Ok((Token::Text(text), end + 2))
}

fn number(rest: &str, at: usize) -> Result<(Token<'_>, usize), Problem> {
    let text = run(rest, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')
    });
    match super::value::number(text) {
        Some(number) => Ok((Token::Number(number), text.len())),
        None => Err(Problem {
            at: at..at + text.len(),
            message: format!("`{text}` is not a number"),
            help: Some("put text and UIDs in quotes".to_owned()),
        }),
    }
}
