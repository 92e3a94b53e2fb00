//! The words of the profile language.

use serde_json::{Value, json};

use super::pixel_rule::{Cover, Fill, ULTRASOUND_REGIONS};
use super::rule::RuleAction;
use super::settings::{MissingPatient, SecondReader, UnknownClass, UnknownElement, Unparsable};
use crate::dicom::Tag;
use crate::pseudonym::date::Precision;
use crate::standard::methods::ProfileOption;

/// Words of a fixed list and what they mean.
pub(super) type Words<T> = &'static [(&'static str, T)];

/// Keys of a profile.
pub(super) const TOP: &[&str] = &[
    "samar",
    "name",
    "extends",
    "base",
    "options",
    "unknown",
    "keys",
    "pseudonyms",
    "dates",
    "descriptors",
    "accept",
    "rules",
    "pixels",
    "redaction",
    "files",
    "verify",
    "report",
];

/// What a profile can stand on.
pub(super) const BASES: &[&str] = &["basic@2026d"];

/// Keys of `unknown`.
pub(super) const UNKNOWN: &[&str] = &["public", "private", "sop_class"];

/// Keys of `keys`.
pub(super) const KEYS: &[&str] = &["required", "fingerprint"];

/// Keys of `pseudonyms` that are not names of the author's.
pub(super) const PSEUDONYMS: &[&str] = &["patient", "accession", "uid"];

/// Keys of `pseudonyms.patient`.
pub(super) const PATIENT: &[&str] = &["from", "format", "table", "missing"];

/// Keys of a form of a pseudonym.
pub(super) const FORMAT: &[&str] = &["format"];

/// Keys of `pseudonyms.uid`.
pub(super) const UID: &[&str] = &["root"];

/// Keys of `dates`.
pub(super) const DATES: &[&str] = &["shift_days", "age_cap", "unparsable"];

/// Keys of `descriptors`.
pub(super) const DESCRIPTORS: &[&str] = &["words"];

/// Keys of an entry of `accept`.
pub(super) const ACCEPT: &[&str] = &["id", "when", "do", "because"];

/// Keys of an entry of `rules`.
pub(super) const RULE: &[&str] = &["id", "match", "when", "do", "because", "examples"];

/// Keys of `mask`.
pub(super) const MASK: &[&str] = &["first", "last", "with"];

/// Keys of `regex`.
pub(super) const REGEX: &[&str] = &["find", "replace"];

/// Keys of an example.
pub(super) const EXAMPLE: &[&str] = &["value", "gives"];

/// Keys of an entry of `pixels`.
pub(super) const PIXEL: &[&str] = &[
    "id",
    "when",
    "size",
    "regions",
    "keep_only",
    "burned_in",
    "because",
];

/// Keys of `pixels`, when it is no list.
pub(super) const PIXELS: &[&str] = &["detect", "rules"];

/// Keys of `pixels.detect`.
pub(super) const DETECT: &[&str] = &["text", "modalities", "min_score", "keep"];

/// Keys of `keep_only`.
pub(super) const KEEP_ONLY: &[&str] = &["from"];

/// Keys of `redaction`.
pub(super) const REDACTION: &[&str] = &["fill", "on_unmatched"];

/// Keys of `files`.
pub(super) const FILES: &[&str] = &["path"];

/// Keys of `verify`.
pub(super) const VERIFY: &[&str] = &["second_reader"];

/// Keys of `report`.
pub(super) const REPORT: &[&str] = &["required", "hash"];

/// What may happen to an element that nobody knows.
pub(super) const UNKNOWN_ELEMENT: Words<UnknownElement> = &[
    ("remove", UnknownElement::Remove),
    ("quarantine", UnknownElement::Quarantine),
];

/// What may happen to a SOP Class that nobody knows.
pub(super) const UNKNOWN_CLASS: Words<UnknownClass> = &[
    ("quarantine", UnknownClass::Quarantine),
    ("reject", UnknownClass::Reject),
];

/// What may happen to a patient whom nothing names.
pub(super) const MISSING: Words<MissingPatient> = &[
    ("derive", MissingPatient::Derive),
    ("quarantine", MissingPatient::Quarantine),
    ("reject", MissingPatient::Reject),
];

/// What may happen to a date that cannot be read.
pub(super) const UNPARSABLE: Words<Unparsable> = &[
    ("remove", Unparsable::Remove),
    ("quarantine", Unparsable::Quarantine),
];

/// How far the second reader goes.
pub(super) const SECOND_READER: Words<Option<SecondReader>> = &[
    ("no", None),
    ("parse", Some(SecondReader::Parse)),
    ("decode", Some(SecondReader::Decode)),
];

/// Where the parts of an image that stay are described.
pub(super) const KEEP_FROM: Words<Tag> = &[("SequenceOfUltrasoundRegions", ULTRASOUND_REGIONS)];

/// What a device may burn in that needs no regions.
pub(super) const BURNED_IN: Words<Cover> = &[("none", Cover::Nothing)];

/// What takes the place of what is blanked.
pub(super) const FILL: Words<Fill> = &[("black", Fill::Black), ("mean", Fill::Mean)];

/// What may stay of a date.
pub(super) const PRECISION: Words<Precision> = &[
    ("year", Precision::Year),
    ("month", Precision::Month),
    ("day", Precision::Day),
];

/// Actions without parameters; `pseudonym.NAME` is one too.
pub(super) const PLAIN_ACTION: Words<RuleAction> = &[
    ("keep", RuleAction::Keep),
    ("remove", RuleAction::Remove),
    ("empty", RuleAction::Empty),
    ("dummy", RuleAction::Dummy),
    ("uid", RuleAction::Uid),
    ("shift", RuleAction::Shift),
    ("clean", RuleAction::Clean),
    ("pseudonym.patient", RuleAction::PseudonymPatient),
    ("pseudonym.accession", RuleAction::PseudonymAccession),
];

/// Actions with parameters, and how to write each.
pub(super) const ACTION_WITH: Words<&str> = &[
    ("set", "{set: \"text\"}"),
    ("mask", "{mask: {first: 2, with: \"*\"}}"),
    ("regex", "{regex: {find: '[0-9]+', replace: ''}}"),
    ("truncate-date", "{truncate-date: year}"),
    ("round", "{round: 5}"),
];

/// The words of a list.
pub(super) fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(name, _)| *name).collect()
}

/// The names of the options of PS3.15 section E.3.
pub(super) fn options() -> Vec<&'static str> {
    ProfileOption::ALL
        .iter()
        .map(|option| option.name())
        .collect()
}

/// The actions without parameters as a regular expression, for editors.
pub(super) fn action_pattern() -> String {
    let plain: Vec<&str> = names(PLAIN_ACTION)
        .into_iter()
        .filter(|name| !name.starts_with("pseudonym."))
        .collect();
    format!("^({}|pseudonym\\.[A-Za-z0-9_-]+)$", plain.join("|"))
}

/// A rectangle, for editors.
pub(super) fn rectangle() -> Value {
    json!({
        "type": "array",
        "items": {"anyOf": [
            {"type": "integer", "minimum": 0, "maximum": 65535},
            {"type": "string", "pattern": "^[0-9]{1,3}([.][0-9]{1,4})?%$"}
        ]},
        "minItems": 4,
        "maxItems": 4
    })
}
