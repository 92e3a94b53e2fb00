//! Pixel data as a carrier: is it all there, is nothing behind it, does a codestream hold more than an image?

use std::ops::Range;

use crate::dicom::tape::{Element, Flags, Fragment};
use crate::dicom::value::first_ascii;
use crate::dicom::{Edits, Instance, Limits, Tag, Vr};
use crate::pixel::codestream::{self, Family, Finding};
use crate::pixel::frames;
use crate::pixel::geometry::Geometry;

use super::refusal::{Fate, Refusal};

const SAMPLES_PER_PIXEL: Tag = Tag(0x0028_0002);
const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028_0004);
const NUMBER_OF_FRAMES: Tag = Tag(0x0028_0008);
const ROWS: Tag = Tag(0x0028_0010);
const COLUMNS: Tag = Tag(0x0028_0011);
const BITS_ALLOCATED: Tag = Tag(0x0028_0100);
const EXTENDED_OFFSET_TABLE: Tag = Tag(0x7FE0_0001);
const EXTENDED_OFFSET_TABLE_LENGTHS: Tag = Tag(0x7FE0_0002);
/// Encapsulated Pixel Data Value Total Length.
const VALUE_TOTAL_LENGTH: Tag = Tag(0x7FE0_0003);
const FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0_0008);
const DOUBLE_FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0_0009);

/// Whether an overlay is said to lie in the unused bits of Pixel Data (PS3.3 section C.9.2, retired).
pub(super) fn has_embedded_overlay(instance: &Instance<'_>) -> bool {
    let tape = &instance.tape;
    let encoding = instance.syntax.encoding;
    tape.top_level().any(|(_, element)| {
        let (group, of_group) = (element.tag.group(), element.tag.element());
        if group >> 8 != 0x60 || group % 2 == 1 {
            return false;
        }
        // Rows without data, or a bit position that is not that of a plane of its own.
        of_group == 0x0010 && tape.find(Tag::new(group, 0x3000)).is_none()
            || of_group == 0x0102
                && tape
                    .find_u16(element.tag, encoding)
                    .is_some_and(|bit| bit != 0)
    })
}

/// Whether a frame's codestream holds anything that is not image. Refuses what cannot be vouched for: frames that do
/// not follow their syntax, offset tables that point elsewhere.
pub(super) fn has_foreign_segments(instance: &Instance<'_>) -> Result<bool, Refusal> {
    let family = codestream::family(&instance.syntax.uid);
    let Some((table, fragments)) = instance.fragments().split_first() else {
        return Ok(false);
    };
    let ranges: Vec<Range<u64>> = fragments
        .iter()
        .map(|fragment| fragment.offset..fragment.offset + u64::from(fragment.len))
        .collect();
    if family == Family::Video {
        // One stream over all frames (PS3.5 section 8.2.5): there is one place to point to.
        let points_home = table.len == 0 || basic_offsets(instance, *table, 1)? == [0];
        return if points_home {
            Ok(false)
        } else {
            Err(stray_offsets())
        };
    }
    let geometry = geometry(instance, Tag::PIXEL_DATA)?;
    let one_each = ranges.len() == geometry.frames as usize || geometry.frames == 1;
    let offsets = if table.len > 0 {
        basic_offsets(instance, *table, geometry.frames)?
    } else if one_each {
        Vec::new()
    } else {
        marked_offsets(instance, fragments)?
    };
    let grouped = frames::group(&ranges, &offsets, geometry.frames).map_err(|e| {
        let text = e.to_string();
        Refusal::quarantine("frame-count", text.lines().next().unwrap_or_default())
    })?;
    check_extended_offsets(instance, &ranges, &grouped)?;
    for frame in grouped {
        let pieces = ranges.get(frame).unwrap_or_default();
        let mut read = frames::reader(|buffer, offset| instance.read_at(buffer, offset), pieces);
        match codestream::inspect(family, &geometry, frames::len(pieces), &mut read)
            .map_err(|e| unreadable(&e))?
        {
            Finding::Clean => {}
            Finding::Foreign(_) => return Ok(true),
            Finding::Malformed(what) => {
                return Err(Refusal::quarantine("broken-codestream", what));
            }
        }
    }
    Ok(false)
}

fn stray_offsets() -> Refusal {
    Refusal::quarantine(
        "offset-table",
        "an offset table holds something that is no offset of a frame",
    )
}

/// The Basic Offset Table: one entry for each frame, nothing else (PS3.5 section A.4).
fn basic_offsets(
    instance: &Instance<'_>,
    table: Fragment,
    frames: u32,
) -> Result<Vec<u64>, Refusal> {
    if u64::from(table.len) != u64::from(frames) * 4 {
        return Err(stray_offsets());
    }
    let mut bytes = vec![0u8; table.len as usize];
    instance
        .read_at(&mut bytes, table.offset)
        .map_err(|e| unreadable(&e))?;
    let encoding = instance.syntax.encoding;
    let entries = bytes.as_chunks::<4>().0.iter();
    Ok(entries.map(|b| u64::from(encoding.u32(*b))).collect())
}

/// Offsets of the fragments that begin with the marker of a JPEG or JPEG 2000 codestream, for want of a table.
fn marked_offsets(instance: &Instance<'_>, fragments: &[Fragment]) -> Result<Vec<u64>, Refusal> {
    let base = fragments.first().map_or(0, |first| first.offset);
    let mut offsets = Vec::new();
    for fragment in fragments {
        let mut marker = [0u8; 2];
        instance
            .read_at(&mut marker, fragment.offset)
            .map_err(|e| unreadable(&e))?;
        if matches!(marker, [0xFF, 0xD8 | 0x4F]) {
            offsets.push(fragment.offset - base);
        }
    }
    Ok(offsets)
}

/// The Extended Offset Table and its lengths say where the frames are, or nothing (PS3.3 section C.7.6.3.1.8).
fn check_extended_offsets(
    instance: &Instance<'_>,
    ranges: &[Range<u64>],
    grouped: &[Range<usize>],
) -> Result<(), Refusal> {
    let base = ranges.first().map_or(0, |first| first.start);
    let frames = grouped
        .iter()
        .map(|frame| ranges.get(frame.clone()).unwrap_or_default());
    let offsets = frames
        .clone()
        .map(|pieces| pieces.first().map_or(0, |piece| piece.start - base));
    let lengths = frames.map(frames::len);
    let says = |tag, expected: &mut dyn Iterator<Item = u64>, slack: u64| {
        let Some(value) = instance.tape.find_value(tag) else {
            return true;
        };
        let (entries, rest) = value.as_chunks::<8>();
        rest.is_empty()
            && entries.len() == grouped.len()
            && entries.iter().zip(expected).all(|(entry, expected)| {
                // Lengths are those of the codestream, without the byte that pads its fragment.
                expected.wrapping_sub(u64::from_le_bytes(*entry)) <= slack
            })
    };
    if says(EXTENDED_OFFSET_TABLE, &mut offsets.into_iter(), 0)
        && says(EXTENDED_OFFSET_TABLE_LENGTHS, &mut lengths.into_iter(), 1)
    {
        return Ok(());
    }
    Err(stray_offsets())
}

fn unreadable(error: &std::io::Error) -> Refusal {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        return Refusal::quarantine("truncated", "a compressed frame ends early");
    }
    Refusal::new(Fate::Failed, "io", error.kind().to_string())
}

/// The image that the header describes.
fn geometry(instance: &Instance<'_>, pixels: Tag) -> Result<Geometry, Refusal> {
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
