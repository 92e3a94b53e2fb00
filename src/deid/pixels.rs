//! Pixel data as a carrier: is it all there, is nothing behind it, does a codestream hold more than an image?

use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::first_ascii;
use crate::dicom::{Edits, Instance, Limits, Tag};
use crate::pixel::codestream::{self, Family, Finding};
use crate::pixel::geometry::Geometry;

use super::refusal::Refusal;

const SAMPLES_PER_PIXEL: Tag = Tag(0x0028_0002);
const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028_0004);
const NUMBER_OF_FRAMES: Tag = Tag(0x0028_0008);
const ROWS: Tag = Tag(0x0028_0010);
const COLUMNS: Tag = Tag(0x0028_0011);
const BITS_ALLOCATED: Tag = Tag(0x0028_0100);
const FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0_0008);
const DOUBLE_FLOAT_PIXEL_DATA: Tag = Tag(0x7FE0_0009);

/// One frame: its fragments, and its length in bytes.
type Frame<'a> = &'a [crate::dicom::tape::Fragment];

/// Whether an overlay is said to lie in the unused bits of Pixel Data (PS3.3 section C.9.2, retired).
pub(super) fn has_embedded_overlay(instance: &Instance<'_>) -> bool {
    let tape = &instance.tape;
    let encoding = instance.syntax.encoding;
    (0x6000..=0x60FE).step_by(2).any(|group| {
        let rows = tape.find(Tag::new(group, 0x0010)).is_some();
        let data = tape.find(Tag::new(group, 0x3000)).is_some();
        let bit = tape.find_u16(Tag::new(group, 0x0102), encoding);
        rows && !data || bit.is_some_and(|bit| bit != 0)
    })
}

/// Whether a frame's codestream holds anything that is not image. Refuses one that cannot be vouched for.
pub(super) fn has_foreign_segments(instance: &Instance<'_>) -> Result<bool, Refusal> {
    let family = codestream::family(&instance.syntax.uid);
    if instance.fragments().is_empty() || matches!(family, Family::Native | Family::Video) {
        return Ok(false);
    }
    let geometry = geometry(instance, Tag::PIXEL_DATA)?;
    let frames = frames(instance, &geometry)?;
    for frame in frames {
        match inspect(instance, family, &geometry, frame)? {
            Finding::Clean => {}
            Finding::Foreign(_) => return Ok(true),
            Finding::Malformed(what) => {
                return Err(Refusal::quarantine("broken-codestream", what));
            }
        }
    }
    Ok(false)
}

fn inspect(
    instance: &Instance<'_>,
    family: Family,
    geometry: &Geometry,
    frame: Frame<'_>,
) -> Result<Finding, Refusal> {
    let len = frame.iter().map(|fragment| u64::from(fragment.len)).sum();
    let mut read = |mut offset: u64, buffer: &mut [u8]| {
        for fragment in frame {
            let size = u64::from(fragment.len);
            if offset < size {
                let n = buffer.len().min((size - offset) as usize);
                return instance.read_at(&mut buffer[..n], fragment.offset + offset);
            }
            offset -= size;
        }
        Ok(0)
    };
    codestream::inspect(family, geometry, len, &mut read).map_err(|e| match e.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            Refusal::quarantine("truncated", "a compressed frame ends early")
        }
        kind => Refusal::new(super::Fate::Failed, "io", kind.to_string()),
    })
}

/// Groups fragments into frames (PS3.5 section A.4): one each, or all in one, or by the Basic Offset Table, or by
/// the marker that begins a JPEG or JPEG 2000 codestream.
fn frames<'a>(instance: &'a Instance<'_>, geometry: &Geometry) -> Result<Vec<Frame<'a>>, Refusal> {
    let count = geometry.frames as usize;
    let Some((table, fragments)) = instance.fragments().split_first() else {
        return Ok(Vec::new());
    };
    if fragments.len() == count {
        return Ok(fragments.chunks(1).collect());
    }
    if count == 1 && !fragments.is_empty() {
        return Ok(vec![fragments]);
    }
    let mismatch = || {
        Refusal::quarantine(
            "frame-count",
            "the fragments of `PixelData` do not make `NumberOfFrames` frames",
        )
    };
    if fragments.len() < count {
        return Err(mismatch());
    }
    let unreadable =
        |e: std::io::Error| Refusal::new(super::Fate::Failed, "io", e.kind().to_string());
    let mut offsets = vec![0u8; table.len.min(count as u32 * 4) as usize];
    instance
        .read_at(&mut offsets, table.offset)
        .map_err(unreadable)?;
    let encoding = instance.syntax.encoding;
    let offsets: Vec<u64> = offsets
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| u64::from(encoding.u32(*b)))
        .collect();
    let first = fragments.first().map_or(0, |fragment| fragment.offset);
    let mut starts = Vec::with_capacity(count);
    for (i, fragment) in fragments.iter().enumerate() {
        let begins = if offsets.is_empty() {
            let mut marker = [0u8; 2];
            instance
                .read_at(&mut marker, fragment.offset)
                .map_err(unreadable)?;
            matches!(marker, [0xFF, 0xD8 | 0x4F])
        } else {
            offsets.contains(&(fragment.offset - first))
        };
        if begins {
            starts.push(i);
        }
    }
    if starts.len() != count || starts.first() != Some(&0) {
        return Err(mismatch());
    }
    let ends = starts.iter().skip(1).copied().chain([fragments.len()]);
    Ok(starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| fragments.get(*start..end))
        .collect())
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
    let mut i = 0;
    while let Some(element) = instance.tape.elements.get(i) {
        if matches!(
            element.tag,
            Tag::PIXEL_DATA | FLOAT_PIXEL_DATA | DOUBLE_FLOAT_PIXEL_DATA
        ) {
            cut += check_element(instance, limits, edits, i, element)?;
        }
        i = element.next as usize;
    }
    Ok(cut)
}

fn check_element(
    instance: &Instance<'_>,
    limits: &Limits,
    edits: &mut Edits,
    index: usize,
    element: &Element,
) -> Result<u64, Refusal> {
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
