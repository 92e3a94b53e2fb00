//! The frames of encapsulated Pixel Data: which fragments they lie in, and whether they hold more than an image.

use std::ops::Range;

use super::geometry;
use crate::deid::refusal::{Fate, Refusal};
use crate::dicom::tape::Fragment;
use crate::dicom::{Instance, Tag};
use crate::pixel::codestream::{self, Family, Finding};
use crate::pixel::frames;
use crate::pixel::geometry::Geometry;

/// Extended Offset Table.
pub(in crate::deid) const EXTENDED_OFFSET_TABLE: Tag = Tag(0x7FE0_0001);
/// Extended Offset Table Lengths.
pub(in crate::deid) const EXTENDED_OFFSET_TABLE_LENGTHS: Tag = Tag(0x7FE0_0002);

/// Where the frames of encapsulated Pixel Data are.
#[derive(Debug)]
pub(in crate::deid) struct Frames {
    /// The codestreams' family.
    pub(in crate::deid) family: Family,
    /// The image that the header describes.
    pub(in crate::deid) geometry: Geometry,
    /// Whether the Basic Offset Table has entries.
    pub(in crate::deid) has_table: bool,
    /// The fragments.
    ranges: Vec<Range<u64>>,
    /// The fragments of each frame.
    grouped: Vec<Range<usize>>,
}

impl Frames {
    /// Tells the frames of an instance apart; `None` when its Pixel Data is not encapsulated, or is video. Refuses
    /// offset tables that point elsewhere.
    pub(in crate::deid) fn of(instance: &Instance<'_>) -> Result<Option<Frames>, Refusal> {
        let family = codestream::family(&instance.syntax.uid);
        let Some((table, fragments)) = instance.fragments().split_first() else {
            return Ok(None);
        };
        if family == Family::Video {
            // One stream over all frames (PS3.5 section 8.2.5): there is one place to point to.
            let points_home = table.len == 0 || basic_offsets(instance, *table, 1)? == [0];
            return if points_home {
                Ok(None)
            } else {
                Err(stray_offsets())
            };
        }
        let ranges: Vec<Range<u64>> = fragments
            .iter()
            .map(|fragment| fragment.offset..fragment.offset + u64::from(fragment.len))
            .collect();
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
        Ok(Some(Frames {
            family,
            geometry,
            has_table: table.len > 0,
            ranges,
            grouped,
        }))
    }

    /// How many frames there are.
    pub(in crate::deid) fn count(&self) -> usize {
        self.grouped.len()
    }

    /// The fragments of a frame.
    fn pieces(&self, frame: usize) -> &[Range<u64>] {
        let range = self.grouped.get(frame).cloned().unwrap_or_default();
        self.ranges.get(range).unwrap_or_default()
    }

    /// The bytes of a frame, all its fragments together.
    pub(in crate::deid) fn read(
        &self,
        instance: &Instance<'_>,
        frame: usize,
    ) -> Result<Vec<u8>, Refusal> {
        let pieces = self.pieces(frame);
        let mut bytes = vec![0; frames::len(pieces) as usize];
        let mut rest = bytes.as_mut_slice();
        for piece in pieces {
            let (into, behind) = rest.split_at_mut((piece.end - piece.start) as usize);
            let n = instance
                .read_at(into, piece.start)
                .map_err(|e| unreadable(&e))?;
            if n < into.len() {
                return Err(unreadable(&std::io::ErrorKind::UnexpectedEof.into()));
            }
            rest = behind;
        }
        Ok(bytes)
    }

    /// Whether any frame's codestream holds anything that is not image. Refuses frames that do not follow their
    /// syntax: they cannot be vouched for.
    pub(in crate::deid) fn are_foreign(&self, instance: &Instance<'_>) -> Result<bool, Refusal> {
        let mut foreign = false;
        for frame in 0..self.count() {
            let pieces = self.pieces(frame);
            let mut read =
                frames::reader(|buffer, offset| instance.read_at(buffer, offset), pieces);
            let found =
                codestream::inspect(self.family, &self.geometry, frames::len(pieces), &mut read);
            match found.map_err(|e| unreadable(&e))? {
                Finding::Clean => {}
                Finding::Foreign(_) => foreign = true,
                Finding::Malformed(what) => {
                    return Err(Refusal::quarantine("broken-codestream", what));
                }
            }
        }
        Ok(foreign)
    }
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

pub(in crate::deid) fn unreadable(error: &std::io::Error) -> Refusal {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        return Refusal::quarantine("truncated", "a compressed frame ends early");
    }
    Refusal::new(Fate::Failed, "io", error.kind().to_string())
}
