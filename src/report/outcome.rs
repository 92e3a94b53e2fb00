//! The outcome of one input, and what is told about it.

use std::borrow::Cow;

use serde::Serialize;

use crate::deid::{Counts, Fate, Redacted, Refusal, TextSearch};
use crate::exit::Exit;

/// What became of one input. Every input has exactly one. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// De-identified, verified and in the output.
    Written,
    /// Not an instance: another format, a DICOMDIR, a link, a pipe. Listed, never copied.
    NotDicom,
    /// The profile does not want such instances.
    Rejected,
    /// A person must look.
    Quarantined,
    /// Could not be read or written; a second run is safe.
    Failed,
}

impl Outcome {
    /// All of them, in order.
    pub const ALL: [Outcome; 5] = [
        Outcome::Written,
        Outcome::NotDicom,
        Outcome::Rejected,
        Outcome::Quarantined,
        Outcome::Failed,
    ];

    /// What this outcome of one input means for the run.
    pub const fn exit(self) -> Exit {
        match self {
            Outcome::Written | Outcome::NotDicom => Exit::Clean,
            Outcome::Rejected | Outcome::Quarantined => Exit::Attention,
            Outcome::Failed => Exit::Incomplete,
        }
    }

    /// As it stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Written => "written",
            Outcome::NotDicom => "not-dicom",
            Outcome::Rejected => "rejected",
            Outcome::Quarantined => "quarantined",
            Outcome::Failed => "failed",
        }
    }
}

impl From<Fate> for Outcome {
    fn from(fate: Fate) -> Outcome {
        match fate {
            Fate::NotDicom => Outcome::NotDicom,
            Fate::Rejected => Outcome::Rejected,
            Fate::Quarantined => Outcome::Quarantined,
            Fate::Failed => Outcome::Failed,
        }
    }
}

/// Everything that a report says about one input but its name. No patient value is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, as a stable code, when it was not written.
    pub reason: Option<Cow<'static, str>>,
    /// Why, as a sentence.
    pub detail: Option<Cow<'static, str>>,
    /// Keyword of the SOP Class, as far as it was established.
    pub sop_class: Option<&'static str>,
    /// Length of the input in bytes, when it was opened.
    pub bytes_in: Option<u64>,
    /// What the search for text gave, if it came to that.
    pub text: Option<TextSearch>,
    /// What was written.
    pub written: Option<Written>,
}

/// What is told about an instance that is in the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Path below the output folder.
    pub output: String,
    /// Whether the output held the very same file before.
    pub same: bool,
    /// Length of the output in bytes.
    pub bytes_out: u64,
    /// SHA-256 of the bytes that samar made: all but the bulk values.
    pub header_sha256: Option<[u8; 32]>,
    /// SHA-256 of the whole output, when asked for.
    pub sha256: Option<[u8; 32]>,
    /// What was done.
    pub counts: Counts,
    /// What was done to its pixels.
    pub redacted: Redacted,
    /// Ids of the rules by which the site lets through what the built-in profile withholds.
    pub overrides: Vec<String>,
    /// What does not agree with instances before it.
    pub remarks: Vec<Remark>,
}

/// Something that no single instance shows. It stands in the report; the instance is written all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// Instances of one study name two patients.
    StudyOfTwoPatients,
    /// Instances of one patient carry two names.
    PatientOfTwoNames,
}

impl Remark {
    /// Every remark.
    pub const ALL: [Remark; 2] = [Remark::StudyOfTwoPatients, Remark::PatientOfTwoNames];

    /// Its code in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Remark::StudyOfTwoPatients => "study-of-two-patients",
            Remark::PatientOfTwoNames => "patient-of-two-names",
        }
    }
}

impl Record {
    /// An input that was not written.
    pub fn refused(
        outcome: Outcome,
        reason: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Record {
        Record {
            outcome,
            reason: Some(reason.into()),
            detail: Some(detail.into()),
            sop_class: None,
            bytes_in: None,
            text: None,
            written: None,
        }
    }

    /// An input that is in the output.
    pub fn written(sop_class: &'static str, written: Written) -> Record {
        Record {
            outcome: Outcome::Written,
            reason: None,
            detail: None,
            sop_class: Some(sop_class),
            bytes_in: None,
            text: None,
            written: Some(written),
        }
    }

    /// Adds the length of the input.
    #[must_use]
    pub fn with_bytes_in(self, bytes: u64) -> Record {
        Record {
            bytes_in: Some(bytes),
            ..self
        }
    }

    /// Adds what the search for text gave.
    #[must_use]
    pub fn with_text(self, text: Option<TextSearch>) -> Record {
        Record { text, ..self }
    }

    /// Whether it is in the output and a person must look at it all the same.
    pub fn needs_attention(&self) -> bool {
        let of_text = self.text.as_ref();
        self.written.is_some() && of_text.is_some_and(TextSearch::needs_attention)
    }

    /// The reason, or nothing when it was written.
    pub fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or_default()
    }
}

impl From<Refusal> for Record {
    fn from(refusal: Refusal) -> Record {
        let record = Record::refused(refusal.fate.into(), refusal.reason, refusal.detail);
        Record {
            sop_class: refusal.sop_class,
            text: refusal.text.map(|text| *text),
            ..record
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_report() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
        }
    }

    #[test]
    fn outcomes_reduce_to_the_exit_code() {
        let code =
            |outcomes: &[Outcome]| outcomes.iter().map(|o| o.exit()).collect::<Exit>().code();
        assert_eq!(code(&[Outcome::Written, Outcome::NotDicom]), 0);
        assert_eq!(code(&[Outcome::Written, Outcome::Rejected]), 1);
        assert_eq!(code(&[Outcome::Quarantined, Outcome::Written]), 1);
        assert_eq!(
            code(&[Outcome::Quarantined, Outcome::Failed, Outcome::Written]),
            3
        );
    }
}
