//! Who is whom, over all instances of a run: one patient under two IDs, or one ID for two patients, is told.
//!
//! Only pseudonyms and keyed digests are compared, and only what was written is looked at.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use crate::report::Remark;

/// What one instance says of its patient.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Pseudonym of the patient.
    pub(super) patient: String,
    /// New Study Instance UID.
    pub(super) study: String,
    /// Keyed digest of the patient's name; `None` without one.
    pub(super) name: Option<u64>,
}

/// What instances said so far.
#[derive(Debug, Default)]
pub(super) struct Consistency {
    patients: FxHashMap<u64, First>,
    names: FxHashMap<u64, First>,
}

/// What was said first, and whether something else was said since.
#[derive(Debug)]
struct First {
    value: u64,
    contradicted: bool,
}

impl Consistency {
    /// Adds an instance. Gives what contradicts an earlier one, and whether it is the first to do so.
    pub(super) fn add(&mut self, seen: &Seen) -> Vec<(Remark, bool)> {
        let patient = fold(&seen.patient);
        let mut remarks = Vec::new();
        let studies = (Remark::StudyOfTwoPatients, &mut self.patients);
        let said = [
            (studies, Some((fold(&seen.study), patient))),
            (
                (Remark::PatientOfTwoNames, &mut self.names),
                seen.name.map(|name| (patient, name)),
            ),
        ];
        for ((remark, known), said) in said {
            let Some((about, value)) = said else { continue };
            let first = known.entry(about).or_insert(First {
                value,
                contradicted: false,
            });
            if first.value != value {
                remarks.push((remark, !first.contradicted));
                first.contradicted = true;
            }
        }
        remarks
    }
}

/// 64 bits of a pseudonym: among a million, two meet with a chance of one in thirty million.
fn fold(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(patient: &str, study: &str, name: Option<u64>) -> Seen {
        Seen {
            patient: patient.to_owned(),
            study: study.to_owned(),
            name,
        }
    }

    #[test]
    fn a_study_has_one_patient_and_a_patient_one_name() {
        let mut known = Consistency::default();
        for (instance, wanted) in [
            (seen("a", "1", Some(7)), vec![]),
            (seen("a", "1", Some(7)), vec![]),
            (seen("a", "2", None), vec![]),
            (
                seen("b", "2", Some(8)),
                vec![(Remark::StudyOfTwoPatients, true)],
            ),
            (
                seen("b", "2", Some(8)),
                vec![(Remark::StudyOfTwoPatients, false)],
            ),
            (
                seen("a", "3", Some(9)),
                vec![(Remark::PatientOfTwoNames, true)],
            ),
            (seen("a", "1", Some(7)), vec![]),
        ] {
            assert_eq!(known.add(&instance), wanted);
        }
    }
}
