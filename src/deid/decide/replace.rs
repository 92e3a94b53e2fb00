//! Replacements that keep what tells things apart: UIDs, codes of local schemes, patients and accessions.

use super::{MAX_SHORT_VALUE, Pass};
use crate::deid::coded::{self, CODE_MEANING, CODING_SCHEME_DESIGNATOR};
use crate::deid::refusal::Refusal;
use crate::deid::{Mapped, surrogate};
use crate::dicom::Vr;
use crate::dicom::tape::Element;
use crate::dicom::value::{split, trim};
use crate::phi::Phi;
use crate::profile::RuleAction;
use crate::pseudonym::PatientIdentity;
use crate::standard::uids as registry;

impl Pass<'_> {
    /// Replaces every UID of the value that is not one of the standard's own.
    pub(super) fn uid(&mut self, i: usize, element: &Element) -> Result<(), Refusal> {
        let value = self.tape.value(element);
        if !value.is_empty() && !element.vr.is_text() && element.vr != Vr::UN {
            return Err(Refusal::quarantine(
                "invalid-uid",
                "a UID is written under the VR of something else, which cannot hold a new one",
            ));
        }
        if trim(value).is_empty() {
            return Ok(());
        }
        let mut mapped = Vec::with_capacity(64);
        let mut changed = false;
        for (n, old) in split(value).enumerate() {
            if n > 0 {
                mapped.push(b'\\');
            }
            let text = std::str::from_utf8(old).unwrap_or_default();
            if old.is_empty() || registry::is_registered(text) {
                mapped.extend_from_slice(old);
                continue;
            }
            let new = self.context.uids.map(old);
            mapped.extend_from_slice(new.as_bytes());
            changed = true;
            self.decided.counts.uids += 1;
            if mapped.len() > MAX_SHORT_VALUE && !element.vr.has_long_header() {
                return Err(Refusal::quarantine(
                    "too-many-uids",
                    "the new UIDs of one element do not fit into it",
                ));
            }
            if self.context.list_uids {
                self.decided.mapped_uids.push(Mapped {
                    old: Phi::new(String::from_utf8_lossy(old).into_owned()),
                    new,
                });
            }
        }
        if changed {
            self.decided.edits.replace(i, &mapped);
        } else {
            self.decided.counts.kept += 1;
        }
        Ok(())
    }

    /// A part of a coded entry: kept where the standard's schemes vouch for it, replaced elsewhere.
    pub(super) fn coded_entry(&mut self, i: usize, element: &Element) -> Result<usize, Refusal> {
        let value = self.tape.value(element);
        if !value.is_empty() && !element.vr.is_text() && element.vr != Vr::UN {
            return Err(Refusal::quarantine(
                "invalid-code",
                "a part of a code is written under the VR of something else, which cannot hold a new one",
            ));
        }
        let hidden = self.frame().hides_codes && !trim(value).is_empty();
        if !hidden && coded::may_stay(self.tape, element, self.context.harvest) {
            self.decided.counts.kept += 1;
            return Ok(element.next as usize);
        }
        let code = self
            .context
            .ids
            .value(element.tag.0, value, self.context.charset);
        let surrogate = match element.tag {
            // A private scheme's designator begins with 99 (PS3.16 section 8.2).
            CODING_SCHEME_DESIGNATOR => format!("99{}", code.get(2..).unwrap_or_default()),
            CODE_MEANING => surrogate::NOTHING.to_owned(),
            _ => code,
        };
        self.decided.counts.dummied += 1;
        self.decided.edits.replace(i, surrogate.as_bytes());
        Ok(element.next as usize)
    }

    pub(super) fn pseudonym(&mut self, i: usize, element: &Element, action: RuleAction) {
        let value = trim(self.tape.value(element));
        if value.is_empty() {
            self.empty(i, element);
            return;
        }
        let ids = self.context.ids;
        let charset = self.context.charset;
        let pseudonym = match action {
            RuleAction::PseudonymAccession => ids.accession(value, charset),
            _ if self.is_this_patient(element, value) => self.context.patient.to_owned(),
            _ if element.vr == Vr::PN => ids.patient(PatientIdentity::Name(value), charset),
            _ => ids.patient(
                PatientIdentity::Id {
                    id: value,
                    issuer: b"",
                },
                charset,
            ),
        };
        self.decided.counts.pseudonyms += 1;
        self.decided.edits.replace(i, pseudonym.as_bytes());
    }

    /// Whether a name or ID is the one at the top level, wherever it stands.
    pub(super) fn is_this_patient(&self, element: &Element, value: &[u8]) -> bool {
        element.depth == 0 || self.tape.find_value(element.tag).map(trim) == Some(value)
    }
}
