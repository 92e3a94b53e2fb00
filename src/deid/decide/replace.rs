//! Replacements that keep what tells things apart: UIDs, codes of local schemes, patients and accessions.

use super::{MAX_SHORT_VALUE, Pass};
use crate::deid::coded::{self, CODE_MEANING, CODING_SCHEME_DESIGNATOR};
use crate::deid::refusal::Refusal;
use crate::deid::{Mapped, surrogate};
use crate::dicom::Vr;
use crate::dicom::tape::Element;
use crate::dicom::value::{split, trim};
use crate::phi::Phi;
use crate::standard::dictionary;
use crate::standard::methods::ProfileOption;
use crate::standard::uids as registry;

impl Pass<'_> {
    /// Writes a value. Text is padded with a space even where the file says UN, which by itself is padded with zeros.
    pub(super) fn write(&mut self, i: usize, element: &Element, value: &[u8]) {
        let is_text = |vr: Vr| vr.is_text() && vr != Vr::UI;
        let hidden_text = element.vr == Vr::UN
            && dictionary::by_tag(element.tag).is_some_and(|entry| is_text(entry.vr));
        if hidden_text && value.len() % 2 == 1 {
            self.decided.edits.replace(i, &[value, b" "].concat());
        } else {
            self.decided.edits.replace(i, value);
        }
    }

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
            let new = self.context.names.uids.map(old);
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
            self.put(i, element, &mapped);
        } else {
            self.stays(element);
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
        if !hidden
            && coded::may_stay(self.tape, element, self.context.harvest)
            && !self.is_meaning_to_clean(element)
        {
            self.decided.counts.kept += 1;
            return Ok(element.next as usize);
        }
        let code = self
            .context
            .names
            .ids
            .value(element.tag.0, value, self.context.charset);
        let surrogate = match element.tag {
            // A private scheme's designator begins with 99 (PS3.16 section 8.2).
            CODING_SCHEME_DESIGNATOR => format!("99{}", code.get(2..).unwrap_or_default()),
            CODE_MEANING => match self.cleaned_meaning(element, hidden) {
                Some(cleaned) => return Ok(self.becomes(i, element, &cleaned)),
                None => surrogate::NOTHING.to_owned(),
            },
            _ => code,
        };
        self.decided.counts.dummied += 1;
        self.write(i, element, surrogate.as_bytes());
        Ok(element.next as usize)
    }

    /// Whether an element is a meaning that says more than words that are known to be harmless. Nobody compares a
    /// meaning with its code.
    fn is_meaning_to_clean(&self, element: &Element) -> bool {
        let on = self.context.table.options();
        element.tag == CODE_MEANING && on.contains(ProfileOption::CleanDescriptors) && {
            let value = self.tape.value(element);
            let cleaned = self.cleaned(value, Vr::LO);
            !trim(value).is_empty() && cleaned.as_deref() != Some(trim(value))
        }
    }

    /// The meaning of a code, as far as its words are known to be harmless.
    fn cleaned_meaning(&self, element: &Element, hidden: bool) -> Option<Vec<u8>> {
        let on = self.context.table.options();
        if hidden || !on.contains(ProfileOption::CleanDescriptors) {
            return None;
        }
        self.cleaned(self.tape.value(element), Vr::LO)
    }
}
