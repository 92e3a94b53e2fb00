//! The concept name of a content item (PS3.3 section C.17.3), and what PS3.15 Table E.3.4-1 asks for.

use super::coded::{CODE_VALUES, CODING_SCHEME_DESIGNATOR};
use crate::dicom::Tag;
use crate::dicom::tape::{Element, Tape};
use crate::dicom::value::trim;
use crate::standard::coding_schemes;
use crate::standard::methods::OptionSet;
use crate::standard::sr_concepts::{self, SrDecision};

const CONCEPT_NAME_CODE_SEQUENCE: Tag = Tag(0x0040_A043);
const MEASURED_VALUE_SEQUENCE: Tag = Tag(0x0040_A300);
const NUMERIC_VALUE: Tag = Tag(0x0040_A30A);
const MEASUREMENT_UNITS_CODE_SEQUENCE: Tag = Tag(0x0040_08EA);
const VALUE_TYPE: Tag = Tag(0x0040_A040);
/// Subject Age, of DCM.
const SUBJECT_AGE: &str = "121033";

/// A coded concept: scheme, code.
struct Concept<'t> {
    scheme: &'t str,
    code: &'t str,
}

pub(super) fn text<'t>(tape: &'t Tape, element: &Element) -> &'t str {
    std::str::from_utf8(trim(tape.value(element))).unwrap_or_default()
}

/// The concept name of a content item.
fn concept(tape: &Tape, item: usize) -> Option<Concept<'_>> {
    let (sequence, _) = tape
        .children(item)
        .find(|(_, e)| e.tag == CONCEPT_NAME_CODE_SEQUENCE)?;
    let (code_item, _) = tape.children(sequence).next()?;
    let find = |wanted: &[Tag]| {
        let mut parts = tape.children(code_item).map(|(_, e)| e);
        parts
            .find(|e| wanted.contains(&e.tag))
            .map(|e| text(tape, e))
    };
    let code = find(CODE_VALUES)?;
    let scheme = find(&[CODING_SCHEME_DESIGNATOR]).unwrap_or_default();
    // A code that its scheme cannot have is under a wrong designator, and goes by the code alone.
    let fits = coding_schemes::is_code(scheme, code.as_bytes());
    Some(Concept {
        scheme: if fits { scheme } else { "" },
        code,
    })
}

/// Whether an item has a concept name, and so a value that goes by it: many sequences hold such items (PS3.3 section
/// 10.2, Content Item Macro).
pub(super) fn is_named(tape: &Tape, item: usize) -> bool {
    tape.children(item)
        .any(|(_, e)| e.tag == CONCEPT_NAME_CODE_SEQUENCE)
}

/// Whether a content item is a subject's age, in whichever scheme.
fn is_subject_age(tape: &Tape, item: usize) -> bool {
    concept(tape, item).is_some_and(|Concept { scheme, code }| {
        let stands_for = sr_concepts::stands_for(scheme, code);
        code == SUBJECT_AGE || stands_for.iter().any(|row| row.code == SUBJECT_AGE)
    })
}

/// Whether a content item is an age above so many years, or one that cannot be read.
pub(super) fn is_older(tape: &Tape, item: usize, years: u16) -> bool {
    if !is_subject_age(tape, item) {
        return false;
    }
    let measured = tape
        .children(item)
        .filter(|(_, e)| e.tag == MEASURED_VALUE_SEQUENCE)
        .flat_map(|(sequence, _)| tape.children(sequence));
    measured
        .map(|(value, _)| age(tape, value))
        .any(|age| !age.is_some_and(|age| age <= f64::from(years)))
}

/// The age that an item of Measured Value Sequence states, in years; `None` where it is not plainly one number in a
/// unit of time.
fn age(tape: &Tape, item: usize) -> Option<f64> {
    let mut number = None;
    let mut years = None;
    for (at, element) in tape.children(item) {
        match element.tag {
            NUMERIC_VALUE => number = text(tape, element).parse::<f64>().ok(),
            // The same value again as binary numbers, which nothing compares with it.
            Tag(0x0040_A161..=0x0040_A163) => return None,
            MEASUREMENT_UNITS_CODE_SEQUENCE => {
                let (unit, _) = tape.children(at).next()?;
                let mut parts = tape.children(unit).map(|(_, e)| e);
                let code = parts.find(|e| CODE_VALUES.contains(&e.tag))?;
                years = match text(tape, code) {
                    "a" => Some(1.0),
                    "mo" => Some(1.0 / 12.0),
                    "wk" => Some(7.0 / 365.25),
                    "d" => Some(1.0 / 365.25),
                    _ => None,
                };
            }
            _ => {}
        }
    }
    Some(number? * years?)
}

/// What is to be done with a content item; `None` when the table does not know its concept.
pub(crate) fn decide(tape: &Tape, item: usize, on: OptionSet) -> Option<SrDecision> {
    let Concept { scheme, code } = concept(tape, item)?;
    let value_type = tape
        .children(item)
        .find(|(_, e)| e.tag == VALUE_TYPE)
        .map_or("", |(_, e)| text(tape, e));
    match sr_concepts::decide(scheme, code, value_type, on)? {
        // Nothing could stand in for a number.
        SrDecision::Replace | SrDecision::RemoveOrReplace if value_type == "NUM" => {
            Some(SrDecision::Remove)
        }
        decision => Some(decision),
    }
}
