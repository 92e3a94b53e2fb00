//! Why an input was not written.

use std::fmt;

/// What becomes of an input that is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// Not DICOM, or a DICOMDIR: listed, never copied.
    NotDicom,
    /// The profile says that such instances are not wanted.
    Rejected,
    /// A person must look.
    Quarantined,
    /// Reading failed below DICOM: an I/O error.
    Failed,
}

/// A decision not to write. Carries kind and place, never a value of the patient's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What becomes of the input.
    pub fate: Fate,
    /// A stable, kebab-case code, such as `truncated`, or the id of the profile's `accept` rule.
    pub reason: String,
    /// One sentence for a person, without patient values.
    pub detail: String,
    /// Keyword of the SOP Class, as far as it was established.
    pub sop_class: Option<&'static str>,
}

impl Refusal {
    /// A person must look.
    pub fn quarantine(reason: impl Into<String>, detail: impl Into<String>) -> Refusal {
        Refusal::new(Fate::Quarantined, reason, detail)
    }

    /// Any fate.
    pub fn new(fate: Fate, reason: impl Into<String>, detail: impl Into<String>) -> Refusal {
        Refusal {
            fate,
            reason: reason.into(),
            detail: detail.into(),
            sop_class: None,
        }
    }

    /// Names the SOP Class of what is refused.
    #[must_use]
    pub fn of_class(self, keyword: &'static str) -> Refusal {
        Refusal {
            sop_class: Some(keyword),
            ..self
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.detail)
    }
}
