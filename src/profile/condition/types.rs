//! Which values an attribute can be compared with, by its VR.

use crate::dicom::{Tag, Vr};
use crate::standard::{dictionary, modality, uids};

use super::lexer::Token;
use super::moment::{self, Moment};
use super::value::Value;
use crate::profile::diagnostic::did_you_mean;

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Uid,
    Number,
    Date,
    Time,
    DateTime,
    Age,
    /// Text of VR CS.
    Code,
    Text,
    /// Only `exists` applies.
    Opaque,
    /// The attribute is not known, which was noted already.
    Unknown,
}

/// Terms to suggest for one that is not known.
const MOST_SUGGESTED: usize = 4;

/// The longest value of VR CS (PS3.5 section 6.2).
const LONGEST_CODE: usize = 16;

/// What is wrong with a value, and what to do about it.
type Wrong = (String, Option<String>);

impl Class {
    /// The class of a VR.
    pub(super) fn of(vr: Vr) -> Class {
        match vr {
            Vr::UI => Class::Uid,
            Vr::DA => Class::Date,
            Vr::TM => Class::Time,
            Vr::DT => Class::DateTime,
            Vr::AS => Class::Age,
            Vr::CS => Class::Code,
            Vr::DS
            | Vr::FD
            | Vr::FL
            | Vr::IS
            | Vr::SL
            | Vr::SS
            | Vr::SV
            | Vr::UL
            | Vr::US
            | Vr::UV => Class::Number,
            vr if vr.is_text() => Class::Text,
            _ => Class::Opaque,
        }
    }

    /// Whether `<` and its like are allowed, or would only be noise after another problem.
    pub(super) fn is_ordered(self) -> bool {
        !matches!(self, Class::Uid | Class::Code | Class::Text)
    }
}

/// What a class of values is called, and how one is written.
fn described(class: Class) -> (&'static str, &'static str, &'static str) {
    match class {
        Class::Date => (
            "dates (DA)",
            "this is not a day of the calendar",
            "write year, month and day in quotes, such as \"20240131\"",
        ),
        Class::Time => (
            "times (TM)",
            "this is not a time of day",
            "write hours, minutes and seconds in quotes, such as \"123000\"",
        ),
        Class::DateTime => (
            "date-times (DT)",
            "this is not a date-time",
            "write it in quotes from the year on, such as \"20240131\" or \"20240131123000+0700\"",
        ),
        _ => (
            "ages (AS)",
            "this is not an age",
            "write three digits and D, W, M or Y in quotes, such as \"045Y\"",
        ),
    }
}

/// Checks that an attribute of this class can have this value. `None` when the type cannot be told.
pub(super) fn value(tag: Tag, class: Class, token: &Token<'_>) -> Result<Option<Value>, Wrong> {
    let name = dictionary::name(tag);
    let (message, help) = match (class, token) {
        (Class::Unknown | Class::Opaque, _) | (_, Token::Symbol(_)) => return Ok(None),
        (Class::Number, Token::Number(number)) => return Ok(Some(Value::Number(*number))),
        (Class::Number, _) => (
            format!("`{name}` holds numbers and cannot be compared with text"),
            "write the number without quotes".to_owned(),
        ),
        (Class::Uid, Token::Word(word)) => {
            return registered(&name, word).map(|uid| Some(Value::Uid(uid.to_owned())));
        }
        (Class::Uid, Token::Text(text)) if is_uid(text) => {
            return by_number(&name, text).map(|()| Some(Value::Uid((*text).to_owned())));
        }
        (Class::Uid, _) => (
            format!("`{name}` holds UIDs, and this is not one"),
            "write a keyword such as `CTImageStorage`, or a UID in quotes".to_owned(),
        ),
        (Class::Date | Class::Time | Class::DateTime | Class::Age, token) => {
            let (plural, not_one, help) = described(class);
            let message = match token {
                Token::Number(_) => {
                    format!("`{name}` holds {plural} and cannot be compared with a number")
                }
                Token::Text(text) => match moment(class, text) {
                    Some(value) => return Ok(Some(value)),
                    None => not_one.to_owned(),
                },
                _ => not_one.to_owned(),
            };
            (message, help.to_owned())
        }
        (Class::Code, Token::Text(text)) => {
            let text = text.trim_matches(' ');
            return known_term(tag, text).map(|()| Some(Value::Code(text.to_owned())));
        }
        (Class::Text, Token::Text(text)) => {
            return Ok(Some(Value::Text(text.trim_matches(' ').to_owned())));
        }
        (Class::Code | Class::Text, Token::Number(_)) => (
            format!("`{name}` holds text and cannot be compared with a number"),
            "put the value in quotes".to_owned(),
        ),
        (Class::Code | Class::Text, Token::Word(word)) => (
            format!("`{word}` is not a value of `{name}`"),
            format!("put text in quotes: \"{word}\""),
        ),
    };
    Err((message, Some(help)))
}

/// Reads a date, time, date-time or age as DICOM writes it.
fn moment(class: Class, text: &str) -> Option<Value> {
    let own = || text.to_owned();
    match class {
        Class::Date => is_date(text).then(|| Value::Date(own())),
        Class::Time => Moment::time(text).map(|time| Value::Time(time, own())),
        Class::DateTime => Moment::date_time(text).map(|time| Value::DateTime(time, own())),
        // Three digits are PS3.5's own form; fewer are only tolerated in files.
        _ if text.len() == 4 => moment::age(text).map(|days| Value::Age(days, own())),
        _ => None,
    }
}

/// Modality and Modalities in Study: the terms are the standard's.
fn known_term(tag: Tag, text: &str) -> Result<(), Wrong> {
    let has_terms = matches!(tag, Tag(0x0008_0060 | 0x0008_0061));
    if !has_terms || text.is_empty() {
        return Ok(());
    }
    unknown_modality(text).map_or(Ok(()), |(message, suggested)| {
        let otherwise =
            "the terms are those of PS3.3 C.7.3.1.1.1; any other can be found with `~`".to_owned();
        Err((message, suggested.or(Some(otherwise))))
    })
}

/// What to say of a term that is no modality, and which ones may have been meant.
pub(in crate::profile) fn unknown_modality(text: &str) -> Option<(String, Option<String>)> {
    let upper = text.to_ascii_uppercase();
    if modality::terms().any(|term| term == upper) {
        return None;
    }
    // Terms are so short that only one letter can be a slip.
    let near: Vec<String> = modality::terms()
        .filter(|term| strsim::damerau_levenshtein(term, &upper) == 1)
        .take(MOST_SUGGESTED)
        .map(|term| format!("`{term}`"))
        .collect();
    let suggested = (!near.is_empty() && upper.len() <= LONGEST_CODE)
        .then(|| format!("did you mean {}?", near.join(" or ")));
    Some((format!("unknown modality `{text}`"), suggested))
}

/// The kind of registered UID that an attribute holds, when it holds no other.
fn kind(attribute: &str) -> Option<&'static str> {
    match attribute {
        "SOPClassUID" => Some("SOP Class"),
        "TransferSyntaxUID" => Some("Transfer Syntax"),
        _ => None,
    }
}

fn other_kind(attribute: &str, written: &str, row: &uids::Registered) -> Wrong {
    let message = format!(
        "`{written}` is of kind {}, which `{attribute}` does not hold",
        row.kind
    );
    (message, None)
}

/// A UID by its number: one under the standard's root is of the registry.
fn by_number(attribute: &str, uid: &str) -> Result<(), Wrong> {
    let Some(wanted) = kind(attribute) else {
        return Ok(());
    };
    match uids::by_uid(uid) {
        Some(row) if row.kind == wanted => Ok(()),
        Some(row) => Err(other_kind(attribute, uid, &row)),
        None if uid.starts_with("1.2.840.10008.") => Err((
            format!("unknown {wanted} `{uid}`"),
            Some(
                "UIDs of this root are those of PS3.6 Annex A; write one of its keywords"
                    .to_owned(),
            ),
        )),
        None => Ok(()),
    }
}

/// The UID of a keyword, which must be of the kind that the attribute holds.
fn registered(attribute: &str, word: &str) -> Result<&'static str, Wrong> {
    let wanted = kind(attribute);
    let fits = |row: &uids::Registered| wanted.is_none_or(|kind| row.kind == kind);
    match uids::by_keyword(word) {
        Some(row) if fits(&row) => Ok(row.uid),
        Some(row) => Err(other_kind(attribute, word, &row)),
        None => {
            let fitting = uids::keywords()
                .filter(|keyword| uids::by_keyword(keyword).is_some_and(|row| fits(&row)));
            let help = did_you_mean(word, fitting).unwrap_or_else(|| {
                "write a keyword of PS3.6 Annex A, or a UID in quotes".to_owned()
            });
            let kind = wanted.unwrap_or("UID keyword");
            Err((format!("unknown {kind} `{word}`"), Some(help)))
        }
    }
}

fn is_uid(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.len() <= 64 && text.split('.').all(number)
}

/// Whether eight digits can be a day, so that their order is the order of days.
fn is_date(text: &str) -> bool {
    let part = |range| {
        text.get(range)
            .and_then(|digits: &str| digits.parse::<u32>().ok())
    };
    text.len() == 8
        && text.bytes().all(|b| b.is_ascii_digit())
        && part(4..6).is_some_and(|month| (1..=12).contains(&month))
        && part(6..8).is_some_and(|day| (1..=31).contains(&day))
}
