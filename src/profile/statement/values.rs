//! How values are replaced, how far they stay consistent, and what is added.

use super::Statement;
use super::markdown::Page;
use crate::profile::settings::MissingPatient;
use crate::profile::{Rule, RuleAction};
use crate::standard::dictionary;
use crate::standard::methods::ProfileOption;

/// Where nothing has such a pseudonym.
const NONE: &str = "none";

impl Statement<'_> {
    pub(super) fn replacements(&self, page: &mut Page) {
        let profile = self.profile;
        page.section("Replacement values");
        page.paragraph(
            "Values are replaced by HMAC-SHA256 under the site's key of 256 bits, with one subkey for each purpose \
             (HKDF-SHA256). The same key gives the same replacements in every file, run and machine; another key gives others; without \
             the key neither can be computed nor undone. No identifier is hashed without a key. A run without a key file makes a \
             fresh key that is forgotten with the run.",
        );
        if profile.keys.required {
            page.paragraph("This profile refuses a run without a key file.");
        }
        if let Some(fingerprint) = &profile.keys.fingerprint {
            page.paragraph(format!(
                "Only the key with the fingerprint `{fingerprint}` is accepted."
            ));
        }
        let mut rows = vec![[
            "patient".to_owned(),
            self.patient_attributes(),
            profile
                .pseudonyms
                .patient
                .format
                .as_ref()
                .map_or_else(|| "20 digits".to_owned(), |format| format!("`{format}`")),
            self.patient_source(),
        ]];
        rows.push([
            "accession number and the like".to_owned(),
            self.attributes_of(&RuleAction::PseudonymAccession),
            profile
                .pseudonyms
                .accession
                .as_ref()
                .map_or_else(|| "16 digits".to_owned(), |format| format!("`{format}`")),
            "the old value; equal values give equal pseudonyms".to_owned(),
        ]);
        // AE titles that an option cleans have the form of this name, if there is one.
        let titles = self.has(ProfileOption::RetainDeviceIdentity);
        let titles_told = "AE titles that an option cleans";
        for (index, (name, format)) in profile.pseudonyms.named.iter().enumerate() {
            let mut attributes = vec![self.attributes_of(&RuleAction::Pseudonym(index))];
            if titles && name == "device" {
                attributes.retain(|told| told != NONE);
                attributes.push(titles_told.to_owned());
            }
            rows.push([
                format!("`pseudonym.{name}`"),
                attributes.join(", "),
                format!("`{format}`"),
                "the old value; equal values give equal pseudonyms, whatever the attribute"
                    .to_owned(),
            ]);
        }
        let has_form = profile
            .pseudonyms
            .named
            .iter()
            .any(|(name, _)| name == "device");
        if titles && !has_form {
            rows.push([
                "devices".to_owned(),
                titles_told.to_owned(),
                "16 digits".to_owned(),
                "the old title; equal titles give equal pseudonyms".to_owned(),
            ]);
        }
        if !self.has(ProfileOption::RetainUids) {
            let root = profile.pseudonyms.uid_root.as_deref().unwrap_or("2.25");
            rows.push([
                "UIDs".to_owned(),
                "every UID that is not the standard's own, references included".to_owned(),
                format!("`{root}.` and the first 128 bits as a decimal number, as far as 64 characters allow"),
                "the old UID without padding".to_owned(),
            ]);
        }
        page.table(["what", "attributes", "form", "made from"], &rows);
        if self.has(ProfileOption::RetainUids) {
            page.paragraph("UIDs are kept as they are (113110).");
        }
        self.subjects(page);
        page.paragraph("A dummy is valid for its VR and says nothing:");
        let dummies = [
            [
                "DA, TM, DT, AS",
                "`19000101`, `000000`, `19000101000000`, `000Y`",
            ],
            ["CS, DS, IS, UR", "`0`"],
            [
                "AE, LO, LT, PN, SH, ST, UC, UT",
                "16 digits by the key over attribute and value, so that equal values stay equal; `0` for an empty value",
            ],
            ["UI", "a replaced UID"],
            ["binary", "zeros"],
            ["(0008,0201) Timezone Offset From UTC", "`+0000`"],
        ];
        page.table(["VR", "dummy"], &dummies.map(|row| row.map(str::to_owned)));
        self.folders(page);
    }

    /// What gets the patient's pseudonym.
    fn patient_attributes(&self) -> String {
        self.attributes_of(&RuleAction::PseudonymPatient)
    }

    fn attributes_of(&self, action: &RuleAction) -> String {
        let rules = self.rules(|rule: &Rule| rule.action == *action);
        if rules.is_empty() {
            return NONE.to_owned();
        }
        let selectors: Vec<String> = rules
            .iter()
            .map(|rule| format!("`{}`", rule.selector))
            .collect();
        selectors.join(", ")
    }

    fn patient_source(&self) -> String {
        let patient = &self.profile.pseudonyms.patient;
        let rest = match patient.missing {
            MissingPatient::Derive if patient.from.is_empty() => {
                "; from Patient's Name without an ID, from Study Instance UID without either"
            }
            MissingPatient::Derive => "; from Study Instance UID where none has a value",
            MissingPatient::Quarantine | MissingPatient::Reject => "",
        };
        let from = if patient.from.is_empty() {
            "Patient ID with Issuer of Patient ID".to_owned()
        } else {
            let names: Vec<String> = patient
                .from
                .iter()
                .map(|tag| dictionary::name(*tag))
                .collect();
            format!("{} together", names.join(", "))
        };
        format!("{from}{rest}; padding, case, repeated spaces and character set do not matter")
    }

    fn subjects(&self, page: &mut Page) {
        let patient = &self.profile.pseudonyms.patient;
        if patient.table.is_none() {
            return;
        }
        let others = match patient.missing {
            MissingPatient::Derive => "get a pseudonym as above",
            MissingPatient::Quarantine => "are quarantined",
            MissingPatient::Reject => "are rejected",
        };
        page.paragraph(format!(
            "A subject table of the site names the pseudonym of a patient, and may set the days by which the patient's dates move. \
             Patients that it does not list {others}."
        ));
    }

    fn folders(&self, page: &mut Page) {
        let path = self.profile.files.clone().unwrap_or_default();
        page.paragraph(format!(
            "Files are named `{path}`. What stands in braces is the patient's pseudonym or a UID of the output; nothing of \
             the input's own names is in it."
        ));
    }

    pub(super) fn added(&self, page: &mut Page) {
        page.section("Attributes added");
        let codes: Vec<&str> = self.lint.methods.iter().map(|method| method.code).collect();
        let codes = if codes.is_empty() {
            "absent: no code is true of this profile".to_owned()
        } else {
            codes.join(", ")
        };
        let method = format!(
            "samar and its version; `{}@{}`; SHA-256 of the profile",
            self.profile.name, self.profile.edition
        );
        let meta = "new: SOP Class, new SOP Instance UID, transfer syntax, samar's Implementation Class UID and \
                    Version Name";
        let rows = [
            ("(0012,0062) Patient Identity Removed", "`YES`".to_owned()),
            ("(0012,0063) De-identification Method", method),
            ("(0012,0064) De-identification Method Code Sequence", codes),
            (
                "(0028,0303) Longitudinal Temporal Information Modified",
                self.temporal(),
            ),
            ("(0002,xxxx) File Meta Information", meta.to_owned()),
        ];
        let rows = rows.map(|(attribute, value)| [attribute.to_owned(), value]);
        page.table(["attribute", "value"], &rows);
        page.paragraph(
            "What an input claims in these is dropped, and so are the preamble's content, Digital Signatures, Data Set Trailing Padding and bytes behind the last element.",
        );
    }
}
