//! The attributes by which an image says that text was blanked in it (PS3.3 section C.7.6.1, PS3.15 section E.3.1).

use super::Redacted;
use super::look;
use crate::dicom::edit::Change;
use crate::dicom::encode::element;
use crate::dicom::tape::{Element, ROOT};
use crate::dicom::value::split;
use crate::dicom::{Edits, Instance, Tag, Tape, Vr};

/// Image Type.
pub(crate) const IMAGE_TYPE: Tag = Tag(0x0008_0008);
/// Derivation Description.
pub(crate) const DERIVATION_DESCRIPTION: Tag = Tag(0x0008_2111);
/// Burned In Annotation.
pub(crate) const BURNED_IN_ANNOTATION: Tag = Tag(0x0028_0301);
/// Photometric Interpretation.
pub(crate) const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028_0004);
/// Frame Type, in functional groups: its first value goes with that of Image Type (PS3.3 section C.8.16.1).
const FRAME_TYPE: Tag = Tag(0x0008_9007);

/// The value of Derivation Description. Pixels are not computed from those of another image, so that no code of
/// CID 7203 is right.
pub(crate) const fn derivation(recoded: bool) -> &'static str {
    if recoded {
        "Regions with burned-in text were blanked; the rest is what the lossy original decodes to, coded without loss"
    } else {
        "Regions with burned-in text were blanked"
    }
}

/// States that text was blanked.
pub(super) fn blanked(instance: &Instance<'_>, done: &Redacted, edits: &mut Edits) {
    if done.is_cleaned() {
        put(instance, edits, BURNED_IN_ANNOTATION, Vr::CS, b"NO");
    }
    let text = derivation(done.recoded);
    put(
        instance,
        edits,
        DERIVATION_DESCRIPTION,
        Vr::ST,
        text.as_bytes(),
    );
    derived(instance, edits);
}

/// States that the image, and each of its frames, was derived from another.
fn derived(instance: &Instance<'_>, edits: &mut Edits) {
    let tape = &instance.tape;
    let mut values = Vec::new();
    for (index, element) in tape.elements.iter().enumerate() {
        let is_of_image = element.tag == IMAGE_TYPE && element.parent == ROOT;
        if !is_of_image && element.tag != FRAME_TYPE || is_gone(tape, element, edits) {
            continue;
        }
        let value = match change_of(edits, index as u32) {
            None => tape.value(element),
            Some(Change::Replace(range)) => edits.arena.get(range.clone()).unwrap_or_default(),
            Some(_) => continue,
        };
        if split(value).next() != Some(b"DERIVED") {
            values.push((index, look::with_first(value, b"DERIVED")));
        }
    }
    let is_new = |index: u32| {
        let place = |(at, _): &(usize, Vec<u8>)| (*at as u32).cmp(&index);
        values.binary_search_by(place).is_ok()
    };
    edits.list.retain(|edit| !is_new(edit.element));
    for (index, value) in values {
        edits.replace(index, &value);
    }
    edits.sort();
}

/// Whether anything around an element is removed or replaced.
fn is_gone(tape: &Tape, element: &Element, edits: &Edits) -> bool {
    let mut around = element.parent;
    while let Some(parent) = tape.elements.get(around as usize) {
        if change_of(edits, around).is_some() {
            return true;
        }
        around = parent.parent;
    }
    false
}

/// What becomes of the element with this index, among sorted edits.
fn change_of(edits: &Edits, index: u32) -> Option<&Change> {
    let list = &edits.list;
    let place = list
        .binary_search_by_key(&index, |edit| edit.element)
        .ok()?;
    list.get(place).map(|edit| &edit.change)
}

/// States how the components are transformed now.
pub(super) fn photometric(instance: &Instance<'_>, term: &str, edits: &mut Edits) {
    let tape = &instance.tape;
    let found = tape
        .top_level()
        .find(|(_, e)| e.tag == PHOTOMETRIC_INTERPRETATION);
    if let Some((index, _)) = found {
        change(edits, index, term.as_bytes());
    }
}

fn change(edits: &mut Edits, index: usize, value: &[u8]) {
    edits.list.retain(|edit| edit.element as usize != index);
    edits.replace(index, value);
    edits.sort();
}

/// Sets an attribute of the top level, whether it is there or not.
fn put(instance: &Instance<'_>, edits: &mut Edits, tag: Tag, vr: Vr, value: &[u8]) {
    let indices: Vec<usize> = instance
        .tape
        .top_level()
        .filter(|(_, e)| e.tag == tag)
        .map(|(index, _)| index)
        .collect();
    for index in indices {
        edits.list.retain(|edit| edit.element as usize != index);
        edits.remove(index);
    }
    edits.sort();
    let mut bytes = Vec::with_capacity(value.len() + 12);
    element(&mut bytes, instance.syntax.encoding, tag, vr, value);
    edits.added.push((tag, bytes));
}
