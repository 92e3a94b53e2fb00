//! Nothing of the patient's, the staff's or the place's is left in the bytes of a finished file.

use super::finished::{is_stamp, refuse};
use crate::deid::{Deidentified, Refusal};
use crate::dicom::Tape;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::trim;

/// Nothing harvested stands in the bytes that came from the input. What samar itself wrote is passed over, and so are
/// pixels: in a million samples, six bytes occur by chance.
pub(super) fn propagation(made: &Deidentified, tape: &Tape) -> Result<(), Refusal> {
    if is_clean(made, tape, &tape.buf) || is_clean(made, tape, &without_made(made, tape)) {
        return Ok(());
    }
    Err(refuse(
        "propagation",
        "a value of the patient, staff or place, or an original UID, is still in the cleaned file",
    ))
}

fn is_clean(made: &Deidentified, tape: &Tape, bytes: &[u8]) -> bool {
    let mut from = tape.begin as usize;
    let apart = tape
        .top_level()
        .map(|(_, element)| element)
        .filter(|e| is_stamp(e.tag) || e.tag.group() == 0x7FE0);
    for (start, end) in apart
        .map(|element| (element.start as usize, element.end as usize))
        .chain([(tape.end as usize, 0)])
    {
        let run = bytes.get(from..start).unwrap_or_default();
        if made.harvest.is_in_bytes(run) {
            return false;
        }
        from = end;
    }
    true
}

/// The bytes with zeros for values that the profile wrote: a patient may be called as a pseudonym begins.
fn without_made(made: &Deidentified, tape: &Tape) -> Vec<u8> {
    let mut bytes = tape.buf.clone();
    let is_made = |element: &&Element| {
        !element.flags.has(Flags::CONTAINER)
            && made.vouched.made(element.tag, trim(tape.value(element)))
    };
    for element in tape.elements.iter().filter(is_made) {
        let end = element.end as usize;
        let start = end.saturating_sub(tape.value(element).len());
        if let Some(value) = bytes.get_mut(start..end) {
            value.fill(0);
        }
    }
    bytes
}
