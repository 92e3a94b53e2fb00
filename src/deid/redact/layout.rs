//! Whether a header that names the place of every pixel can be believed. Where regions are to be found in pixel data, a
//! header that contradicts itself or the length of the data would put them in the wrong place.

use super::{Image, look};
use crate::deid::refusal::Refusal;
use crate::dicom::edit::Change;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::{Edits, Instance};

/// Refuses contradictions.
pub(super) fn check(
    instance: &Instance<'_>,
    image: &Image,
    (index, element): (usize, &Element),
    edits: &Edits,
) -> Result<(), Refusal> {
    let geometry = &image.geometry;
    let samples = match look::photometric(instance) {
        "MONOCHROME1" | "MONOCHROME2" | "PALETTE COLOR" => 1,
        "RGB" | "YBR_FULL" | "YBR_FULL_422" | "YBR_PARTIAL_422" | "YBR_PARTIAL_420" | "YBR_ICT"
        | "YBR_RCT" => 3,
        // What is black in any other is not known, and so it is withheld.
        _ => geometry.samples,
    };
    if samples != geometry.samples {
        return contradicts(
            "`SamplesPerPixel` and `PhotometricInterpretation` contradict each other",
        );
    }
    if element.flags.has(Flags::FRAGMENTS) {
        // Codestreams state their own size, and were compared with the header.
        return Ok(());
    }
    if geometry.subsampled && image.is_planar {
        return contradicts("pixels that share their chrominance cannot be planar");
    }
    let len = instance.tape.value_len(element);
    let exact = geometry.expected_bytes();
    if geometry.subsampled && Some(len) != exact {
        return contradicts(
            "the length of the pixel data is not that of pixels that share their chrominance",
        );
    }
    let is_cut = edits
        .list
        .iter()
        .any(|edit| edit.element as usize == index && matches!(edit.change, Change::Cut(_)));
    // What lies behind the image may be padding, but not rows of pixels: then the image is larger than the header says.
    let row = u64::from(geometry.columns) * u64::from(geometry.bits_allocated.div_ceil(8));
    if is_cut && exact.is_none_or(|exact| len - exact.min(len) >= row) {
        return contradicts("the pixel data is longer than the image that the header describes");
    }
    Ok(())
}

/// Refuses frames that hold more than their image, which the header may then describe wrongly.
pub(super) fn check_frame(image: &Image, whole: usize, image_only: usize) -> Result<(), Refusal> {
    let row = usize::from(image.geometry.columns);
    if whole >= image_only + row.max(2) {
        return contradicts("a frame is longer than the image that the header describes");
    }
    Ok(())
}

fn contradicts(what: &str) -> Result<(), Refusal> {
    Err(Refusal::quarantine("pixel-geometry", what))
}
