//! Why an input was not written.

use std::fmt;

use super::search::TextSearch;
use crate::pixel::detect::Found;

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
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// What becomes of the input.
    pub fate: Fate,
    /// A stable, kebab-case code, such as `truncated`, or the id of the profile's `accept` rule.
    pub reason: String,
    /// One sentence for a person, without patient values.
    pub detail: String,
    /// Keyword of the SOP Class, as far as it was established.
    pub sop_class: Option<&'static str>,
    /// What the search for text gave, if it came to that.
    pub text: Option<Box<TextSearch>>,
    /// Text that was still there when what would have been written was looked at.
    remains: Vec<Found>,
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
            text: None,
            remains: Vec::new(),
        }
    }

    /// Text is left in what would have been written.
    pub(crate) fn text_remains(remains: Vec<Found>) -> Refusal {
        let detail = "text is still found after the image was blanked";
        Refusal {
            remains,
            ..Refusal::quarantine("text-remains", detail)
        }
    }

    /// Text that is still found in what would have been written.
    pub(crate) fn remains(&self) -> &[Found] {
        &self.remains
    }

    /// Tells what the search for text gave.
    #[must_use]
    pub(super) fn after_search(self, text: Option<TextSearch>) -> Refusal {
        Refusal {
            text: text.map(Box::new),
            ..self
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
