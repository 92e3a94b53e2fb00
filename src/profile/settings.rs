//! The settings of a profile besides its rules: what happens to the unknown, keys, pseudonyms, dates, output and report.

use std::path::PathBuf;

use crate::dicom::Tag;
use crate::pseudonym::format::Format;
use crate::standard::methods::OptionSet;

use super::detect::Detect;
use super::files::PathTemplate;
use super::pixel_rule::Fill;

/// What happens to what the standard does not know. Nothing of it is ever kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Elements that PS3.6 does not list.
    pub public: UnknownElement,
    /// Private elements that neither the options nor a rule keeps.
    pub private: UnknownElement,
    /// A private or unknown SOP Class.
    pub sop_class: UnknownClass,
}

/// What happens to an element that nobody knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownElement {
    /// It is removed.
    #[default]
    Remove,
    /// A person must look at the instance.
    Quarantine,
}

/// What happens to an instance of a SOP Class that nobody knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownClass {
    /// A person must look at it.
    #[default]
    Quarantine,
    /// It is not wanted.
    Reject,
}

/// Which key a run must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Whether a run without a key file is refused.
    pub required: bool,
    /// The only key that will do, by what `samar key fingerprint` prints.
    pub fingerprint: Option<String>,
}

/// How identifiers are replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pseudonyms {
    /// The patient's.
    pub patient: PatientPseudonym,
    /// Form of `pseudonym.accession`; 16 digits without one.
    pub accession: Option<Format>,
    /// Root of new UIDs; `2.25` without one (PS3.5 section B.2).
    pub uid_root: Option<String>,
    /// Forms of `pseudonym.NAME`, by name; `device` is one of them.
    pub named: Vec<(String, Format)>,
}

/// How a patient is told from others, and called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatientPseudonym {
    /// The attributes whose values together are one patient; Patient ID and Issuer of Patient ID when empty.
    pub from: Vec<Tag>,
    /// Form of the pseudonym; 20 digits without one.
    pub format: Option<Format>,
    /// A subject table (CSV) that names pseudonyms; relative paths start at the profile.
    pub table: Option<PathBuf>,
    /// What happens to a patient whom nothing names.
    pub missing: MissingPatient,
}

/// What happens to a patient whom the table does not list, or without a table, whose `from` values are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingPatient {
    /// The pseudonym is made from what there is: the name, or else the study.
    #[default]
    Derive,
    /// A person must look.
    Quarantine,
    /// The instance is not wanted.
    Reject,
}

/// How dates are treated where an option or a rule lets them stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// Fewest and most days by which a patient's dates move; negative is into the past.
    pub shift_days: (i32, i32),
    /// Ages above this many years become one year more; `None` keeps them.
    pub age_cap: Option<u16>,
    /// What happens to a date that cannot be read.
    pub unparsable: Unparsable,
}

impl Default for Dates {
    fn default() -> Dates {
        Dates {
            shift_days: (-3650, -30),
            age_cap: Some(89),
            unparsable: Unparsable::Remove,
        }
    }
}

/// What happens to a date that cannot be read. It is never kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unparsable {
    /// Removed, emptied or given a dummy, as its Type demands.
    #[default]
    Remove,
    /// A person must look at the instance.
    Quarantine,
}

/// What a profile asks of verification, over and above what always runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verify {
    /// How far an independent parser must be able to read every output.
    pub second_reader: Option<SecondReader>,
}

/// How far the second reader goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecondReader {
    /// It parses every output.
    Parse,
    /// It also decodes every frame; what it has no decoder for is withheld.
    Decode,
}

/// What a profile asks of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportSettings {
    /// Whether a run without a report is refused.
    pub required: bool,
    /// Whether the SHA-256 of every output stands in it.
    pub hash: bool,
}

/// All settings of a profile together.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) options: OptionSet,
    pub(super) unknown: Unknown,
    pub(super) keys: Keys,
    pub(super) pseudonyms: Pseudonyms,
    pub(super) dates: Dates,
    pub(super) words: Vec<String>,
    pub(super) fill: Fill,
    pub(super) detect: Detect,
    pub(super) files: Option<PathTemplate>,
    pub(super) verify: Verify,
    pub(super) report: ReportSettings,
}
