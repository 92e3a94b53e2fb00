//! Who becomes whom: the profile's pseudonyms under one key.

use std::fmt::Write as _;

use super::refusal::{Fate, Refusal};
use crate::dicom::charset::Charset;
use crate::dicom::tape::Tape;
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::profile::Profile;
use crate::profile::settings::{MissingPatient, PatientPseudonym};
use crate::pseudonym::date::Shifts;
use crate::pseudonym::format::Format;
use crate::pseudonym::id::canonical;
use crate::pseudonym::subjects::Subjects;
use crate::pseudonym::uid::UidRootError;
use crate::pseudonym::{Ids, Key, Named, PatientIdentity, Uids};

const PATIENT_NAME: Tag = Tag(0x0010_0010);
const PATIENT_ID: Tag = Tag(0x0010_0020);
const ISSUER_OF_PATIENT_ID: Tag = Tag(0x0010_0021);
const STUDY_INSTANCE_UID: Tag = Tag(0x0020_000D);
/// The `pseudonyms` entry that gives AE titles their form.
const DEVICE: &str = "device";

/// Makes every pseudonym of a run.
#[derive(Debug)]
pub(super) struct Pseudonymizer {
    pub(super) ids: Ids,
    pub(super) uids: Uids,
    shifts: Shifts,
    patient: PatientPseudonym,
    /// For patients told apart by other attributes than Patient ID.
    several: Named,
    /// For names that are only compared.
    names: Named,
    subjects: Option<Subjects>,
    accession: Option<Format>,
    device: (Option<Format>, Named),
    named: Vec<(Format, Named)>,
}

/// The patient of one instance.
#[derive(Clone, Debug)]
pub(super) struct Who<'t> {
    /// What the output calls the patient.
    pub(super) pseudonym: String,
    /// Days by which the patient's dates move.
    pub(super) days: i32,
    /// The value that told who it is.
    pub(super) old: &'t [u8],
}

impl Pseudonymizer {
    pub(super) fn new(
        profile: &Profile,
        key: &Key,
        subjects: Option<Subjects>,
    ) -> Result<Pseudonymizer, UidRootError> {
        let pseudonyms = &profile.pseudonyms;
        let (first, last) = profile.dates.shift_days;
        let device = pseudonyms.named.iter().find(|(name, _)| name == DEVICE);
        Ok(Pseudonymizer {
            ids: Ids::new(key),
            uids: Uids::with_root(key, pseudonyms.uid_root.as_deref())?,
            shifts: Shifts::new(key, first..=last),
            patient: pseudonyms.patient.clone(),
            several: Named::new(key, "patient"),
            names: Named::new(key, "compare names"),
            subjects,
            accession: pseudonyms.accession.clone(),
            device: (
                device.map(|(_, format)| format.clone()),
                Named::new(key, DEVICE),
            ),
            named: pseudonyms
                .named
                .iter()
                .map(|(name, format)| (format.clone(), Named::new(key, name)))
                .collect(),
        })
    }

    /// The patient of an instance, or why nobody can say who it is.
    pub(super) fn patient<'t>(&self, tape: &'t Tape, charset: Charset) -> Result<Who<'t>, Refusal> {
        let value = |tag| tape.find_value(tag).map(trim).unwrap_or_default();
        let id = value(PATIENT_ID);
        if let Some(subjects) = &self.subjects {
            let found = subjects.find(id, value(ISSUER_OF_PATIENT_ID), charset);
            if let Some(subject) = found.filter(|_| !id.is_empty()) {
                let of_subject = || self.shifts.days_of_subject(&subject.pseudonym);
                return Ok(Who {
                    pseudonym: subject.pseudonym.clone(),
                    days: subject.shift_days.unwrap_or_else(of_subject),
                    old: id,
                });
            }
            self.missing(
                "unknown-subject",
                "the subject table does not list this patient",
            )?;
        }
        if !self.patient.from.is_empty() {
            return self.of_several(tape, charset);
        }
        let name = value(PATIENT_NAME);
        let (who, old) = if id.is_empty() {
            self.missing("no-patient", "`PatientID` is missing or empty")?;
            if name.is_empty() {
                (PatientIdentity::Study(value(STUDY_INSTANCE_UID)), &[][..])
            } else {
                (PatientIdentity::Name(name), name)
            }
        } else {
            let issuer = value(ISSUER_OF_PATIENT_ID);
            (PatientIdentity::Id { id, issuer }, id)
        };
        Ok(Who {
            pseudonym: self.of(who, charset),
            days: self.shifts.days(who, charset),
            old,
        })
    }

    /// The patient that the values of the profile's `from` name together.
    fn of_several<'t>(&self, tape: &'t Tape, charset: Charset) -> Result<Who<'t>, Refusal> {
        let mut text = String::new();
        let first = self.patient.from.first();
        // Without the first, the others tell nobody apart: an issuer is the same for all its patients.
        let first = first.and_then(|tag| tape.find_value(*tag)).map(trim);
        let first = first.unwrap_or_default();
        for tag in &self.patient.from {
            let value = tape.find_value(*tag).map(trim).unwrap_or_default();
            let value = canonical(value, charset);
            // Each with its length, so that no two lists read alike.
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{tag} {} {value}", value.len());
        }
        if first.is_empty() {
            self.missing(
                "no-patient",
                "the first attribute that tells patients apart has no value",
            )?;
            let study = tape.find_value(STUDY_INSTANCE_UID).map(trim);
            text.push_str(&canonical(study.unwrap_or_default(), charset));
        }
        let digest = self.several.digest(text.as_bytes(), Charset::UTF_8);
        let pseudonym = match &self.patient.format {
            Some(format) => format.render(digest),
            None => Format::of_digits(20).render(digest),
        };
        Ok(Who {
            days: self.shifts.days_of_subject(&pseudonym),
            pseudonym,
            old: first,
        })
    }

    /// Tells names apart within a run; `None` without a name.
    pub(super) fn name_digest(&self, tape: &Tape, charset: Charset) -> Option<u64> {
        let name = tape.find_value(PATIENT_NAME).map(trim)?;
        if name.is_empty() {
            return None;
        }
        let digest = self.names.digest(name, charset);
        digest.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn missing(&self, reason: &str, detail: &str) -> Result<(), Refusal> {
        let fate = match self.patient.missing {
            MissingPatient::Derive => return Ok(()),
            MissingPatient::Quarantine => Fate::Quarantined,
            MissingPatient::Reject => Fate::Rejected,
        };
        Err(Refusal::new(fate, reason, detail))
    }

    /// The pseudonym of somebody who is told by an ID or a name.
    pub(super) fn of(&self, who: PatientIdentity<'_>, charset: Charset) -> String {
        match &self.patient.format {
            Some(format) => format.render(self.ids.patient_digest(who, charset)),
            None => self.ids.patient(who, charset),
        }
    }

    /// The pseudonym of another patient's ID, wherever it stands.
    pub(super) fn of_id(&self, id: &[u8], charset: Charset) -> String {
        let listed = self
            .subjects
            .as_ref()
            .and_then(|s| s.find(id, b"", charset));
        match listed {
            Some(subject) => subject.pseudonym.clone(),
            None => self.of(PatientIdentity::Id { id, issuer: b"" }, charset),
        }
    }

    /// `pseudonym.accession`.
    pub(super) fn accession(&self, value: &[u8], charset: Charset) -> String {
        match &self.accession {
            Some(format) => format.render(self.ids.accession_digest(value, charset)),
            None => self.ids.accession(value, charset),
        }
    }

    /// What stands for an AE title: equal for equal titles, whatever the attribute.
    pub(super) fn device(&self, value: &[u8], charset: Charset) -> String {
        let (format, named) = &self.device;
        let digest = named.digest(value, charset);
        match format {
            Some(format) if format.fits(Vr::AE) => format.render(digest),
            _ => Format::of_digits(16).render(digest),
        }
    }

    /// `pseudonym.NAME`, by its index in the profile.
    pub(super) fn named(&self, index: usize, value: &[u8], charset: Charset) -> Option<String> {
        let (format, named) = self.named.get(index)?;
        Some(format.render(named.digest(value, charset)))
    }
}
