//! The subject table that a profile names.

use std::fmt::Write as _;

use anyhow::anyhow;

use crate::error::printable;
use crate::profile::Profile;
use crate::pseudonym::Subjects;
use crate::pseudonym::subjects::SubjectsError;

/// Reads it, if there is one.
pub(super) fn of(profile: &Profile) -> anyhow::Result<Option<Subjects>> {
    let Some(path) = profile.pseudonyms.patient.table.as_deref() else {
        return Ok(None);
    };
    match Subjects::read(path) {
        Ok(subjects) => Ok(Some(subjects)),
        Err(SubjectsError::File(error)) => Err(error.into()),
        Err(SubjectsError::Table(problems)) => {
            let mut text = format!("the subject table `{}` cannot be used", printable(path));
            for problem in problems {
                // Writing to a String cannot fail.
                let _ = write!(text, "\n  line {}: {}", problem.line, problem.message);
                if let Some(help) = problem.help {
                    let _ = write!(text, "\n    help: {help}");
                }
            }
            Err(anyhow!(text))
        }
    }
}
