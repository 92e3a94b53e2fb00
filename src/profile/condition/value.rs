//! The typed values of a condition, and how the values of an instance compare with them.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter};

use regex::{Regex, RegexBuilder};

use super::moment::{self, Moment};
use crate::standard::uids;

/// The largest compiled pattern, in bytes.
const LARGEST_PATTERN: usize = 1 << 20;

/// The deepest nesting of a pattern.
const DEEPEST_PATTERN: u32 = 32;

/// A value that a profile compares with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    /// Text of VR CS, which has no lower case (PS3.5 section 6.2): letters are compared without it.
    Code(String),
    Uid(String),
    Number(f64),
    /// Eight digits, so that their order is the order of days.
    Date(String),
    Time(Moment, String),
    DateTime(Moment, String),
    /// In days.
    Age(f64, String),
}

impl Value {
    /// How the value of an instance stands to this one; `None` when it is no value of this type.
    pub(super) fn order(&self, value: &str) -> Option<Ordering> {
        match self {
            Value::Text(wanted) | Value::Uid(wanted) => Some(value.cmp(wanted)),
            Value::Code(wanted) => {
                Some(value.to_ascii_uppercase().cmp(&wanted.to_ascii_uppercase()))
            }
            Value::Number(wanted) => Some(number(value)?.total_cmp(wanted)),
            Value::Date(wanted) => {
                let is_date = value.len() == 8 && value.bytes().all(|b| b.is_ascii_digit());
                is_date.then(|| value.cmp(wanted))
            }
            Value::Time(wanted, _) => Some(Moment::time(value)?.order(wanted)),
            Value::DateTime(wanted, _) => Some(Moment::date_time(value)?.order(wanted)),
            Value::Age(wanted, _) => Some(moment::age(value)?.total_cmp(wanted)),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Uid(uid) => match uids::by_uid(uid) {
                Some(row) if !row.keyword.is_empty() => f.write_str(row.keyword),
                _ => quoted(f, uid),
            },
            Value::Text(text)
            | Value::Code(text)
            | Value::Date(text)
            | Value::Time(_, text)
            | Value::DateTime(_, text)
            | Value::Age(_, text) => quoted(f, text),
        }
    }
}

/// Text was written in quotes, so it has at most one of the two kinds inside.
pub(super) fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let quote = if text.contains('"') { '\'' } else { '"' };
    write!(f, "{quote}{text}{quote}")
}

/// A finite number; negative zero counts as zero.
pub(super) fn number(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number + 0.0)
}

/// A regular expression, found anywhere in a value unless it is anchored.
#[derive(Clone)]
pub(super) struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern, or says in a few words why it cannot, and what to do.
    pub(super) fn new(text: &str) -> Result<Pattern, (String, &'static str)> {
        let compiled = RegexBuilder::new(text)
            .size_limit(LARGEST_PATTERN)
            .dfa_size_limit(LARGEST_PATTERN)
            .nest_limit(DEEPEST_PATTERN)
            .build();
        compiled.map(Pattern).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => {
                let help = "ask for fewer repetitions, and `[0-9]` or `[A-Za-z]` instead of `\\d` or `\\w`";
                ("it is too large".to_owned(), help)
            }
            // The last line says what is wrong, those above show where.
            other => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                let help = "escape `. + * ? ( ) [ ] { } | ^ $` with a backslash to mean themselves";
                (last.trim_start_matches("error: ").to_owned(), help)
            }
        })
    }

    pub(super) fn is_match(&self, value: &str) -> bool {
        self.0.is_match(value)
    }

    pub(super) fn text(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text() == other.text()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text(), f)
    }
}
