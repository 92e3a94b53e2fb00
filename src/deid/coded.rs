//! Coded entries (PS3.3 section 8.8): which codes and meanings may stay.
//!
//! A code of one of the standard's schemes says something about a body, a device or a measurement. Its value must look
//! like a code of that scheme, and its meaning like a term: people also type names, numbers and addresses there.

use super::harvest::Harvest;
use crate::dicom::tape::{Element, ROOT, Tape};
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::standard::coding_schemes;

pub(super) const CODING_SCHEME_DESIGNATOR: Tag = Tag(0x0008_0102);
/// Code Value, Long Code Value, URN Code Value.
pub(super) const CODE_VALUES: &[Tag] = &[Tag(0x0008_0100), Tag(0x0008_0119), Tag(0x0008_0120)];
pub(super) const CODE_MEANING: Tag = Tag(0x0008_0104);
/// Longest meaning, in bytes: 64 characters of up to four.
const MAX_MEANING: usize = 256;
/// Shortest run of digits that reads as a number of somebody's.
const LONG_NUMBER: usize = 5;
/// Digits that no term has, however they are spread.
const MANY_DIGITS: usize = 6;

/// Whether a part of a coded entry may stay.
pub fn may_stay(tape: &Tape, element: &Element, harvest: &Harvest) -> bool {
    let value = trim(tape.value(element));
    if value.is_empty() {
        return true;
    }
    let Some(designator) = designator(tape, element) else {
        // Long and URN codes may do without a scheme; they then vouch for nothing.
        return false;
    };
    let text = matches!(
        element.vr,
        Vr::LO | Vr::SH | Vr::UC | Vr::UR | Vr::UN | Vr::ST | Vr::UT
    );
    text && coding_schemes::is_standard(designator)
        && match element.tag {
            CODING_SCHEME_DESIGNATOR => true,
            CODE_MEANING => is_term(value) && !harvest.is_in_any_script(value),
            _ => coding_schemes::is_code(designator, value),
        }
}

/// The Coding Scheme Designator beside an element.
fn designator<'t>(tape: &'t Tape, element: &Element) -> Option<&'t str> {
    let value = if element.parent == ROOT {
        tape.find_value(CODING_SCHEME_DESIGNATOR)?
    } else {
        let mut siblings = tape.children(element.parent as usize);
        let (_, found) = siblings.find(|(_, e)| e.tag == CODING_SCHEME_DESIGNATOR)?;
        tape.value(found)
    };
    std::str::from_utf8(trim(value)).ok()
}

/// Whether a meaning could be a term of a code list: no control characters but ISO 2022 escapes, no long numbers.
fn is_term(value: &[u8]) -> bool {
    let long_number = value
        .split(|b| !b.is_ascii_digit())
        .any(|run| run.len() >= LONG_NUMBER);
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    value.len() <= MAX_MEANING
        && digits < MANY_DIGITS
        && !long_number
        && !value.iter().any(|b| b.is_ascii_control() && *b != 0x1B)
}
