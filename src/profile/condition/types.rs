//! Which values an attribute can be compared with, by its VR.

use crate::dicom::{Tag, Vr};
use crate::standard::{dictionary, uids};

use super::lexer::Token;
use crate::profile::diagnostic::did_you_mean;

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Uid,
    Number,
    Date,
    /// Text of VR CS.
    Code,
    Text,
    /// Only `exists` applies.
    Opaque,
    /// The attribute is not known, which was noted already.
    Unknown,
}

/// A value of the right type.
pub(super) enum Value {
    Text(String),
    Number(f64),
    /// The type cannot be told.
    Unknown,
}

/// What is wrong with a value, and what to do about it.
type Wrong = (String, Option<String>);

impl Class {
    /// The class of a VR.
    pub(super) fn of(vr: Vr) -> Class {
        match vr {
            Vr::UI => Class::Uid,
            Vr::DA => Class::Date,
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

/// Checks that an attribute of this class can have this value.
pub(super) fn value(tag: Tag, class: Class, token: &Token<'_>) -> Result<Value, Wrong> {
    let name = dictionary::name(tag);
    let (message, help) = match (class, token) {
        (Class::Unknown | Class::Opaque, _) | (_, Token::Symbol(_)) => return Ok(Value::Unknown),
        (Class::Number, Token::Number(number)) => return Ok(Value::Number(*number)),
        (Class::Number, _) => (
            format!("`{name}` holds numbers and cannot be compared with text"),
            "write the number without quotes".to_owned(),
        ),
        (Class::Uid, Token::Word(word)) => {
            return registered(&name, word).map(|uid| Value::Text(uid.to_owned()));
        }
        (Class::Uid, Token::Text(text)) if is_uid(text) => {
            return Ok(Value::Text((*text).to_owned()));
        }
        (Class::Uid, _) => (
            format!("`{name}` holds UIDs, and this is not one"),
            "write a keyword such as `CTImageStorage`, or a UID in quotes".to_owned(),
        ),
        (Class::Date, Token::Text(text)) if is_date(text) => {
            return Ok(Value::Text((*text).to_owned()));
        }
        (Class::Date, Token::Number(_)) => (
            format!("`{name}` holds dates (DA) and cannot be compared with a number"),
            "write the day in quotes, such as \"20240131\"".to_owned(),
        ),
        (Class::Date, _) => (
            "this is not a day of the calendar".to_owned(),
            "write year, month and day in quotes, such as \"20240131\"".to_owned(),
        ),
        (Class::Code | Class::Text, Token::Text(text)) => {
            return Ok(Value::Text(text.trim_matches(' ').to_owned()));
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

/// The UID of a keyword, which must be of the kind that the attribute holds.
fn registered(attribute: &str, word: &str) -> Result<&'static str, Wrong> {
    let wanted = match attribute {
        "SOPClassUID" | "MediaStorageSOPClassUID" => Some("SOP Class"),
        "TransferSyntaxUID" => Some("Transfer Syntax"),
        _ => None,
    };
    let fits = |row: &uids::Registered| wanted.is_none_or(|kind| row.kind == kind);
    match uids::by_keyword(word) {
        Some(row) if fits(&row) => Ok(row.uid),
        Some(row) => Err((
            format!(
                "`{word}` is of kind {}, which `{attribute}` does not hold",
                row.kind
            ),
            None,
        )),
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
