//! The pixels of a finished file: blanked as the file says, and otherwise the input's.

use super::finished::refuse;
use crate::deid::redact::{BURNED_IN_ANNOTATION, DERIVATION_DESCRIPTION, IMAGE_TYPE, derivation};
use crate::deid::{Deidentified, Deidentifier, Refusal, TextSearch, frames_are_foreign};
use crate::dicom::value::{split, trim};
use crate::dicom::{Instance, Part, ReadAt, Tag, Tape};
use crate::profile::TextPolicy;

/// Bytes that are compared in one go.
const CHUNK: u64 = 256 << 10;

/// Whether an attribute at the top level is one by which samar states that text was blanked.
pub(super) fn is_mark(made: &Deidentified, tag: Tag) -> bool {
    match tag {
        BURNED_IN_ANNOTATION => made.redacted.is_cleaned(),
        DERIVATION_DESCRIPTION => made.redacted.is_blanked(),
        _ => false,
    }
}

/// Whether an instance whose pixels were blanked says so.
pub(super) fn says_so(made: &Deidentified, tape: &Tape) -> bool {
    if !made.redacted.is_blanked() {
        return true;
    }
    let is = |tag, wanted: &str| tape.find_value(tag).map(trim) == Some(wanted.as_bytes());
    let is_derived = tape
        .find_value(IMAGE_TYPE)
        .is_none_or(|value| split(value).next() == Some(b"DERIVED"));
    (is(BURNED_IN_ANNOTATION, "NO") || made.redacted.may_leave_text)
        && is(DERIVATION_DESCRIPTION, derivation(made.redacted.recoded))
        && is_derived
}

/// Checks pixel data that was made anew. Each compressed frame was compared with its original as it was written; what
/// remains is that the fragments are these frames, found where the offset tables say, and hold nothing else.
pub(super) fn check(
    made: &Deidentified,
    instance: &Instance<'_>,
    source: &dyn ReadAt,
) -> Result<(), Refusal> {
    if made.spool.is_some() && frames_are_foreign(instance)? {
        return Err(refuse(
            "pixels",
            "a frame holds something that is not image",
        ));
    }
    for part in &made.parts {
        if let Part::Rewritten { offset, len } = part {
            rewritten(made, source, *offset, *len)?;
        }
    }
    Ok(())
}

/// Looks again at an image in which text was found and blanked: nothing that could be read may be left.
pub(super) fn text(
    deidentifier: &Deidentifier,
    made: &Deidentified,
    instance: &Instance<'_>,
) -> Result<(), Refusal> {
    let is_blanked =
        |text: &TextSearch| text.policy == TextPolicy::Redact && !text.found.is_empty();
    if !made.text.as_ref().is_some_and(is_blanked) {
        return Ok(());
    }
    let remains = deidentifier.text_that_remains(instance, &made.blanked)?;
    if remains.is_empty() {
        Ok(())
    } else {
        Err(Refusal::text_remains(remains))
    }
}

/// Compares native pixel data with its original, region by region.
fn rewritten(
    made: &Deidentified,
    source: &dyn ReadAt,
    offset: u64,
    len: u64,
) -> Result<(), Refusal> {
    let failed =
        |e: std::io::Error| Refusal::new(crate::deid::Fate::Failed, "io", e.kind().to_string());
    let Some(rewrite) = &made.rewrite else {
        return Err(refuse(
            "pixels",
            "nothing says how the pixels are rewritten",
        ));
    };
    // Whole units: a sample cut in two would be taken for another.
    let chunk = CHUNK - CHUNK % rewrite.unit().max(1);
    let size = chunk.min(len) as usize;
    let (mut before, mut after) = (vec![0; size], vec![0; size]);
    let mut at = 0;
    while at < len {
        let n = chunk.min(len - at) as usize;
        let (old, new) = (before.get_mut(..n), after.get_mut(..n));
        let (Some(old), Some(new)) = (old, new) else {
            break;
        };
        let read = source.read_at(old, offset + at).map_err(failed)?;
        if read < n {
            return Err(failed(std::io::ErrorKind::UnexpectedEof.into()));
        }
        // As a sink will do it.
        new.copy_from_slice(old);
        rewrite.apply(at, new);
        rewrite
            .check(at, old, new)
            .map_err(|what| refuse("pixels", what))?;
        at += n as u64;
    }
    Ok(())
}
