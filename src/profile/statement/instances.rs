//! Which instances are written, and what is asked of every finished file.

use super::Statement;
use super::markdown::Page;
use crate::profile::Verdict;
use crate::profile::settings::{MissingPatient, SecondReader, UnknownClass, UnknownElement};

impl Statement<'_> {
    pub(super) fn instances(&self, page: &mut Page) {
        let unknown = self.profile.unknown;
        page.section("Instances");
        page.paragraph(format!(
            "Storage SOP Classes that PS3.4 maps to an IOD are de-identified; an instance of any other, private or \
             unknown class is {}. All transfer syntaxes of PS3.6 are read; none is changed.",
            match unknown.sop_class {
                UnknownClass::Quarantine => "quarantined",
                UnknownClass::Reject => "rejected",
            }
        ));
        if unknown.public == UnknownElement::Quarantine {
            page.paragraph("An instance with an element that PS3.6 does not list is quarantined.");
        }
        if unknown.private == UnknownElement::Quarantine {
            page.paragraph("An instance with a private element that nothing keeps is quarantined.");
        }
        match self.profile.pseudonyms.patient.missing {
            MissingPatient::Derive => {}
            MissingPatient::Quarantine => {
                page.paragraph("An instance that does not say whose it is is quarantined.");
            }
            MissingPatient::Reject => {
                page.paragraph("An instance that does not say whose it is is rejected.");
            }
        }
        if self.profile.accept.is_empty() {
            page.paragraph("No rule withholds an instance for what it is.");
            return;
        }
        page.paragraph(
            "These rules are asked in this order, and the first that matches decides. What none matches is de-identified. \
             What is withheld is not written. An inherited rule that the profile turned into `accept` lifts its own reason only.",
        );
        let rows: Vec<_> = self
            .profile
            .accept
            .iter()
            .map(|rule| {
                let word = match rule.verdict {
                    Verdict::Accept => "accept",
                    Verdict::Reject => "reject",
                    Verdict::Quarantine => "quarantine",
                };
                [
                    format!("`{}`", rule.id),
                    word.to_owned(),
                    format!("`{}`", rule.when),
                    rule.because.clone(),
                ]
            })
            .collect();
        page.table(["rule", "decision", "when", "because"], &rows);
    }

    pub(super) fn verification(&self, page: &mut Page) {
        page.section("Verification");
        page.paragraph(
            "Before a file is published, its finished bytes are read back. It is withheld unless",
        );
        let mut items = vec![
            "its structure, lengths and transfer syntax are as intended, with nothing behind the last element;".to_owned(),
            "each element may be there by this profile and has a value that the decision allows; this is asked anew, element by element;".to_owned(),
            "no name, identifier, institution or instance UID that was found in the original, and that the profile does not keep, stands in the bytes that were kept;".to_owned(),
            "the markers above are exactly those of this profile.".to_owned(),
        ];
        match self.profile.verify.second_reader {
            Some(SecondReader::Parse) => {
                items.push("a second, independent parser can read it.".to_owned());
            }
            Some(SecondReader::Decode) => {
                items.push(
                    "a second, independent parser can read it and decode every frame.".to_owned(),
                );
            }
            None => {}
        }
        if self.profile.detect.blanks() {
            items.push("where text was found and blanked, none is found any more outside of what was blanked.".to_owned());
        }
        page.list(&items);
        if self.profile.report.required {
            page.paragraph("A run without a report is refused.");
        }
    }
}
