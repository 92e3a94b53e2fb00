//! The `rules`: what is done to single elements, over and above Table E.1-1 and the options.

use std::fmt;

use super::condition::Condition;
use super::selector::Selector;
use crate::dicom::Vr;
use crate::pseudonym::date::Precision;

/// One entry of `rules`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the profile.
    pub id: String,
    /// The elements it speaks of, at the top level and in every item unless it says otherwise.
    pub selector: Selector,
    /// The instances it speaks of; all when there is none.
    pub when: Option<Condition>,
    /// What is done to them.
    pub action: RuleAction,
    /// Why, in the author's words.
    pub because: String,
    /// What the action makes of values, proved by `samar profile lint`.
    pub examples: Vec<Example>,
}

/// A value and what a rule makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The value before.
    pub value: String,
    /// The value after; empty when nothing of it stays.
    pub gives: String,
}

/// What a rule does to an element.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleAction {
    /// Keep the value byte for byte; what is inside a private element is still looked at.
    Keep,
    /// Remove the element (X). Where its Type forbids that, it is emptied or gets a dummy.
    Remove,
    /// Keep the element without a value (Z). Where its Type forbids that, it gets a dummy.
    Empty,
    /// Replace the value by a dummy that is valid for the VR (D).
    Dummy,
    /// Replace UIDs consistently (U).
    Uid,
    /// Replace the value by this text.
    Set(String),
    /// Cover all but a few characters at the ends of every value.
    Mask(Mask),
    /// Replace what a pattern finds.
    Regex(Replacement),
    /// Move dates by the patient's own number of days.
    Shift,
    /// Cut dates down to the year or month.
    Truncate(Precision),
    /// Round numbers, or ages, to a multiple of this.
    Round(f64),
    /// Keep the words that are known to be harmless (PS3.15 section E.3.5).
    Clean,
    /// `pseudonym.patient`: replace by the keyed pseudonym of the patient.
    PseudonymPatient,
    /// `pseudonym.accession`: replace by the keyed pseudonym of this accession number.
    PseudonymAccession,
    /// `pseudonym.NAME`: replace by a keyed pseudonym of the form with this index in `pseudonyms`.
    Pseudonym(usize),
}

/// How `mask` covers a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Characters that stay at the beginning.
    pub first: usize,
    /// Characters that stay at the end.
    pub last: usize,
    /// What covers each of the others.
    pub with: char,
}

/// What `regex` finds and puts in its place.
#[derive(Clone)]
pub struct Replacement {
    /// The pattern.
    pub find: regex::Regex,
    /// The replacement, with `$1` or `${name}` for what groups found.
    pub replace: String,
}

impl fmt::Debug for Replacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.find, self.replace)
    }
}

impl PartialEq for Replacement {
    fn eq(&self, other: &Replacement) -> bool {
        self.find.as_str() == other.find.as_str() && self.replace == other.replace
    }
}

impl RuleAction {
    /// Every word that can stand in `do`; `pseudonym.NAME` is one more.
    pub const WORDS: &[&str] = &[
        "keep",
        "remove",
        "empty",
        "dummy",
        "uid",
        "set",
        "mask",
        "regex",
        "shift",
        "truncate-date",
        "round",
        "clean",
        "pseudonym.patient",
        "pseudonym.accession",
        "pseudonym",
    ];

    /// The word that profiles use for it; `pseudonym` for `pseudonym.NAME`.
    pub fn word(&self) -> &'static str {
        match self {
            RuleAction::Keep => "keep",
            RuleAction::Remove => "remove",
            RuleAction::Empty => "empty",
            RuleAction::Dummy => "dummy",
            RuleAction::Uid => "uid",
            RuleAction::Set(_) => "set",
            RuleAction::Mask(_) => "mask",
            RuleAction::Regex(_) => "regex",
            RuleAction::Shift => "shift",
            RuleAction::Truncate(_) => "truncate-date",
            RuleAction::Round(_) => "round",
            RuleAction::Clean => "clean",
            RuleAction::PseudonymPatient => "pseudonym.patient",
            RuleAction::PseudonymAccession => "pseudonym.accession",
            RuleAction::Pseudonym(_) => "pseudonym",
        }
    }

    /// Whether the result can stand in an element of this VR.
    pub fn fits(&self, vr: Vr) -> bool {
        match self {
            RuleAction::Keep | RuleAction::Remove | RuleAction::Empty | RuleAction::Dummy => true,
            RuleAction::Uid => vr == Vr::UI,
            RuleAction::Shift | RuleAction::Truncate(_) => {
                matches!(vr, Vr::DA | Vr::DT | Vr::TM)
            }
            RuleAction::Round(_) => matches!(vr, Vr::AS | Vr::DS | Vr::IS),
            RuleAction::Set(_) => vr.is_text() && vr != Vr::UI,
            RuleAction::Mask(_)
            | RuleAction::Regex(_)
            | RuleAction::Clean
            | RuleAction::PseudonymPatient
            | RuleAction::PseudonymAccession
            | RuleAction::Pseudonym(_) => matches!(
                vr,
                Vr::AE | Vr::CS | Vr::LO | Vr::LT | Vr::PN | Vr::SH | Vr::ST | Vr::UC | Vr::UT
            ),
        }
    }
}
