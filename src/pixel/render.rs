//! The independent decoder of the second reader: none of samar's own code is in it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dicom_dictionary_std::tags;
use dicom_object::DefaultDicomObject;
use dicom_pixeldata::{DecodedPixelData, PixelDecoder};

use super::codestream::Family;

/// Whether this build can decode the object's pixel data and gets it right.
///
/// The decoders expand 8 and 16 bits; JPEG with loss only up to 8 bits (no 12-bit Process 4); one-bit frames come out
/// in two forms and native `YBR_FULL_422` is not unpacked, so that neither is trusted.
pub(crate) fn can_decode(object: &DefaultDicomObject, family: Family) -> bool {
    let number = |tag| {
        object
            .element(tag)
            .ok()
            .and_then(|e| e.to_int::<u16>().ok())
    };
    let bits = number(tags::BITS_ALLOCATED);
    let lossless = ["1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"];
    if !matches!(bits, Some(8 | 16)) {
        return false;
    }
    match family {
        Family::Native => !text(object, tags::PHOTOMETRIC_INTERPRETATION).ends_with("_422"),
        Family::Jpeg => {
            let eight = number(tags::BITS_STORED).is_some_and(|bits| bits <= 8);
            eight || lossless.contains(&object.meta().transfer_syntax())
        }
        Family::Rle | Family::DeflatedFrame | Family::EncapsulatedUncompressed => true,
        _ => false,
    }
}

/// Decodes frame `frame`.
pub(crate) fn decode(object: &DefaultDicomObject, frame: u32) -> Option<DecodedPixelData<'_>> {
    guarded(|| object.decode_pixel_data_frame(frame).ok())
}

/// A panic of the decoder, which damaged frames have been seen to cause, is a failure like any other.
fn guarded<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

/// Number of Frames (0028,0008); `None` when it is more than there are fragments: the decoder takes one for each.
pub(crate) fn frames(object: &DefaultDicomObject) -> Option<u32> {
    let pixels = object.element(tags::PIXEL_DATA).ok()?;
    let frames = match text(object, tags::NUMBER_OF_FRAMES).trim() {
        "" => 1,
        digits => digits.parse().ok()?,
    };
    match pixels.value().fragments() {
        Some(fragments) if (fragments.len() as u64) < u64::from(frames) => None,
        _ => Some(frames),
    }
}

fn text(object: &DefaultDicomObject, tag: dicom_object::Tag) -> String {
    let element = object.element_opt(tag).ok().flatten();
    let value = element.and_then(|e| {
        e.to_str()
            .ok()
            .map(|s| s.trim_end_matches([' ', '\0']).to_owned())
    });
    value.unwrap_or_default()
}
