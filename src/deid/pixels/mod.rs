//! Pixel data as a carrier: is it all there, is nothing behind it, does a codestream hold more than an image?

pub(super) mod frames;

use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::first_ascii;
use crate::dicom::{Edits, Instance, Limits, Tag, Vr};
use crate::pixel::geometry::Geometry;

use super::refusal::Refusal;

const SAMPLES_PER_PIXEL: Tag = Tag(0x0028_0002);
const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028_0004);
const NUMBER_OF_FRAMES: Tag = Tag(0x0028_0008);
const ROWS: Tag = Tag(0x0028_0010);
const COLUMNS: Tag = Tag(0x0028_0011);
const BITS_ALLOCATED: Tag = Tag(0x0028_0100);
/// Encapsulated Pixel Data Value Total Length.
const VALUE_TOTAL_LENGTH: Tag = Tag(0x7FE0_0003);
pub(super) const FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0_0008);
pub(super) const DOUBLE_FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0_0009);

/// Whether an overlay is said to lie in bits of Pixel Data (PS3.3 section C.9.2, retired).
pub(super) fn has_embedded_overlay(instance: &Instance<'_>) -> bool {
    embedded_overlays(instance).next().is_some()
}

/// The bits of Pixel Data in which overlays are said to lie.
pub(super) fn embedded_overlays(instance: &Instance<'_>) -> impl Iterator<Item = u16> {
    let tape = &instance.tape;
    let encoding = instance.syntax.encoding;
    tape.top_level().filter_map(move |(_, element)| {
        let (group, of_group) = (element.tag.group(), element.tag.element());
        if group >> 8 != 0x60 || group % 2 == 1 {
            return None;
        }
        let bit = |tag| tape.find_u16(tag, encoding).unwrap_or_default();
        match of_group {
            // Rows without data.
            0x0010 if tape.find(Tag::new(group, 0x3000)).is_none() => {
                Some(bit(Tag::new(group, 0x0102)))
            }
            // A bit position that is not that of a plane of its own.
            0x0102 => Some(bit(element.tag)).filter(|bit| *bit != 0),
            _ => None,
        }
    })
}

/// The image that the header describes.
pub(super) fn geometry(instance: &Instance<'_>, pixels: Tag) -> Result<Geometry, Refusal> {
    let tape = &instance.tape;
    let number = |tag| tape.find_u16(tag, instance.syntax.encoding);
    let (Some(rows), Some(columns)) = (number(ROWS), number(COLUMNS)) else {
        return Err(Refusal::quarantine(
            "pixel-geometry",
            "pixel data without `Rows` and `Columns`",
        ));
    };
    let bits_allocated = match pixels {
        FLOAT_PIXEL_DATA => 32,
        DOUBLE_FLOAT_PIXEL_DATA => 64,
        _ => number(BITS_ALLOCATED).unwrap_or_default(),
    };
    let frames = match tape.find_value(NUMBER_OF_FRAMES).and_then(first_ascii) {
        None => 1,
        Some(text) => text.parse().unwrap_or_default(),
    };
    let photometric = tape
        .find_value(PHOTOMETRIC_INTERPRETATION)
        .and_then(first_ascii)
        .unwrap_or_default();
    Ok(Geometry {
        rows,
        columns,
        samples: number(SAMPLES_PER_PIXEL).unwrap_or(1),
        bits_allocated,
        frames,
        subsampled: matches!(photometric, "YBR_FULL_422" | "YBR_PARTIAL_422"),
    })
}

/// Checks that the pixel data is all there and cuts off what lies behind its image. Gives the bytes cut off.
pub(super) fn check(
    instance: &Instance<'_>,
    limits: &Limits,
    edits: &mut Edits,
) -> Result<u64, Refusal> {
    let mut cut = 0;
    for (i, element) in instance.tape.top_level() {
        if matches!(
            element.tag,
            Tag::PIXEL_DATA | FLOAT_PIXEL_DATA | DOUBLE_FLOAT_PIXEL_DATA
        ) {
            cut += check_element(instance, limits, edits, i, element)?;
        } else if element.tag.group() == 0x7FE0
            && (instance.fragments().is_empty() || element.tag == VALUE_TOTAL_LENGTH)
        {
            // Offset tables without frames, and a total that the fragments tell themselves.
            edits.remove(i);
        }
    }
    edits.sort();
    Ok(cut)
}

fn check_element(
    instance: &Instance<'_>,
    limits: &Limits,
    edits: &mut Edits,
    index: usize,
    element: &Element,
) -> Result<u64, Refusal> {
    if !matches!(element.vr, Vr::OB | Vr::OW | Vr::OF | Vr::OD | Vr::UN) {
        return Err(Refusal::quarantine(
            "pixel-encoding",
            "`PixelData` has a VR that no pixel data may have",
        ));
    }
    let geometry = geometry(instance, element.tag)?;
    let refuse = |e: crate::pixel::geometry::GeometryError| {
        let text = e.to_string();
        Refusal::quarantine("pixel-geometry", text.lines().next().unwrap_or_default())
    };
    geometry.within(limits.pixel_bytes).map_err(refuse)?;
    let encapsulated = element.flags.has(Flags::FRAGMENTS);
    if encapsulated == instance.syntax.is_native() {
        return Err(Refusal::quarantine(
            "pixel-encoding",
            "`PixelData` is not written as the transfer syntax says",
        ));
    }
    if encapsulated {
        // The offset table comes first and is no frame.
        if instance.fragments().len() < 2 {
            return Err(Refusal::quarantine(
                "truncated",
                "`PixelData` holds no frame",
            ));
        }
        return Ok(0);
    }
    let expected = geometry.native_bytes().map_err(refuse)?;
    let full = Geometry {
        subsampled: false,
        ..geometry
    };
    let len = instance.tape.value_len(element);
    if len < expected {
        return Err(Refusal::quarantine(
            "truncated",
            "`PixelData` is shorter than the image that the header describes",
        ));
    }
    let even = expected.next_multiple_of(2);
    // Some writers call full colour YBR_FULL_422: then the longer form is the image.
    let is_full = full
        .native_bytes()
        .is_ok_and(|bytes| len == bytes.next_multiple_of(2));
    if len <= even || is_full {
        return Ok(0);
    }
    edits.cut(index, even);
    Ok(len - even)
}
