//! One instance from its bytes to a verified result.

use crate::deid::{Deidentifier, Fate, Refusal};
use crate::dicom::{Instance, ReadAt, ReadError, Room, Scratch};
use crate::verify::{Verified, verify};

/// How often an image is blanked anew because text is still found in it.
const MOST_AGAIN: usize = 2;

/// Reads, cleans and verifies one instance. The bulk parts of the result refer to `source`;
/// frames that were written anew and are too many for memory are in `room`.
pub fn process(
    deidentifier: &Deidentifier,
    source: &dyn ReadAt,
    scratch: &mut Scratch,
    room: &dyn Room,
) -> Result<Verified, Refusal> {
    let mut also = Vec::new();
    let mut again = 0;
    loop {
        let instance = Instance::read(source, deidentifier.limits(), std::mem::take(scratch))
            .map_err(|e| unreadable(&e))?;
        let made = deidentifier.apply_also(&instance, room, &also);
        *scratch = instance.into_scratch();
        match verify(deidentifier, made?, source, scratch) {
            // A line of which a part was blanked may show the rest only then.
            Err(refusal) if !refusal.remains().is_empty() && again < MOST_AGAIN => {
                also.extend_from_slice(refusal.remains());
                again += 1;
            }
            verified => return verified,
        }
    }
}

/// What becomes of an input that cannot be read as DICOM.
pub fn unreadable(error: &ReadError) -> Refusal {
    let detail = error.to_string();
    match error {
        ReadError::NotDicom => Refusal::new(Fate::NotDicom, "not-dicom", detail),
        ReadError::Dicomdir => Refusal::new(Fate::NotDicom, "dicomdir", detail),
        ReadError::Truncated { .. } => Refusal::quarantine("truncated", detail),
        ReadError::Malformed { .. } => Refusal::quarantine("malformed", detail),
        ReadError::Limit { .. } => Refusal::quarantine("limit", detail),
        ReadError::UnknownTransferSyntax => Refusal::quarantine("unknown-transfer-syntax", detail),
        ReadError::Io(_) => Refusal::new(Fate::Failed, "io", detail),
    }
}
