//! Carrying out an action: what is removed, emptied, or given another value.

use super::Pass;
use crate::deid::action::{Action, by_type};
use crate::deid::refusal::Refusal;
use crate::deid::surrogate::dummy;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::profile::table::{Instead, Row};

const PATIENT_BIRTH_DATE: Tag = Tag(0x0010_0030);

impl Pass<'_> {
    /// Does away with an attribute that may not stay as it is.
    pub(super) fn instead(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<usize, Refusal> {
        let action = match instead {
            Instead::Table(code) => code.resolve_in(self.kind(element.tag), self.tape),
            Instead::ByType => by_type(self.kind(element.tag)),
            Instead::Uid => Action::Uid,
        };
        self.act(i, element, row.vr, action)
    }

    pub(super) fn act(
        &mut self,
        i: usize,
        element: &Element,
        vr: Vr,
        action: Action,
    ) -> Result<usize, Refusal> {
        let next = element.next as usize;
        let is_container = element.flags.has(Flags::CONTAINER);
        // Written as a sequence what PS3.6 knows as a value: nothing in it has a meaning.
        let action = if is_container && vr != Vr::SQ {
            Action::Remove
        } else {
            action
        };
        let is_date = matches!(vr, Vr::DA | Vr::DT) && element.tag != PATIENT_BIRTH_DATE;
        if is_date && !trim(self.tape.value(element)).is_empty() {
            self.decided.counts.dates_removed += 1;
        }
        match action {
            Action::Remove => {
                self.decided.counts.removed += 1;
                self.decided.edits.remove(i);
            }
            Action::Empty => self.empty(i, element),
            Action::Dummy | Action::Uid if is_container => {
                return Ok(self.enter(i, element, action == Action::Dummy));
            }
            // What the dictionary calls a sequence and the file does not: nothing to put in its place.
            Action::Dummy | Action::Uid if vr == Vr::SQ => {
                self.decided.counts.removed += 1;
                self.decided.edits.remove(i);
            }
            Action::Dummy if vr == Vr::UI && !trim(self.tape.value(element)).is_empty() => {
                self.uid(i, element)?;
            }
            Action::Dummy => self.dummy(i, element, vr),
            Action::Uid => self.uid(i, element)?,
        }
        Ok(next)
    }

    fn dummy(&mut self, i: usize, element: &Element, vr: Vr) {
        let written = text_vr(element.vr, vr);
        let value = self.tape.value(element);
        let surrogate = if vr == Vr::UI {
            self.context.names.uids.map(value).into_bytes()
        } else {
            dummy(
                &self.context.names.ids,
                element.tag,
                written,
                value,
                self.context.charset,
            )
        };
        self.decided.counts.dummied += 1;
        self.put(i, element, &surrogate);
    }

    /// Writes another value. No table tells verification what a private element may hold, or the value of a content
    /// item, so it is told.
    pub(super) fn put(&mut self, i: usize, element: &Element, value: &[u8]) {
        if element.tag.is_private() || self.frame().is_content {
            self.decided.vouched.add(element.tag, value);
        }
        self.write(i, element, value);
    }

    pub(super) fn empty(&mut self, i: usize, element: &Element) {
        if self.tape.value_len(element) > 0 {
            self.decided.counts.emptied += 1;
            self.put(i, element, b"");
        } else if element.tag.is_private() {
            self.decided.vouched.add(element.tag, b"");
        }
    }
}

/// A UN value takes the dummy of the VR that PS3.6 gives it.
pub(super) fn text_vr(written: Vr, dictionary: Vr) -> Vr {
    if written == Vr::UN {
        dictionary
    } else {
        written
    }
}
