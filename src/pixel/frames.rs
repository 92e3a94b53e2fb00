//! Which fragments make which frame (PS3.5 A.4), and a frame that lies in pieces read as one.

use std::io;
use std::ops::Range;

use thiserror::Error;

/// Why fragments cannot be told apart into frames.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FramesError {
    /// More frames than fragments, or no fragment at all.
    #[error(
        "there are fewer fragments than frames\nhelp: compare `NumberOfFrames` with the pixel data"
    )]
    TooFew,
    /// The offset table does not fit the fragments.
    #[error(
        "the offset table does not point to fragments\nhelp: the pixel data is damaged or was edited"
    )]
    OffsetTable,
    /// Several fragments make a frame and nothing says which.
    #[error(
        "nothing says which fragments make which frame\nhelp: the pixel data needs an offset table"
    )]
    Ambiguous,
}

/// Groups fragments into frames so that each fragment belongs to exactly one: none can escape inspection.
///
/// `fragments` are the byte ranges of the fragments' contents in the file, in order, without the item that holds the
/// Basic Offset Table; `offsets` are the entries of the Basic (or Extended) Offset Table, relative to the first
/// fragment's item tag, empty when there are none (PS3.5 A.4; PS3.3 C.7.6.3.1.8). A table is checked even where the
/// number of fragments alone would tell: its bytes are kept, and one that holds anything but offsets is a hiding place.
pub fn group(
    fragments: &[Range<u64>],
    offsets: &[u64],
    frames: u32,
) -> Result<Vec<Range<usize>>, FramesError> {
    let frames = frames as usize;
    let count = fragments.len();
    if frames == 0 || count < frames {
        return Err(FramesError::TooFew);
    }
    if offsets.is_empty() {
        return match frames {
            1 => Ok(vec![0..count; 1]),
            _ if count == frames => Ok((0..count).map(|n| n..n + 1).collect()),
            _ => Err(FramesError::Ambiguous),
        };
    }
    if offsets.len() != frames || offsets.first() != Some(&0) {
        return Err(FramesError::OffsetTable);
    }
    let base = fragments.first().map_or(0, |first| first.start);
    let first_fragment = |&offset: &u64| {
        let start = base.checked_add(offset).ok_or(FramesError::OffsetTable)?;
        fragments
            .binary_search_by_key(&start, |fragment| fragment.start)
            .map_err(|_| FramesError::OffsetTable)
    };
    let starts: Vec<usize> = offsets
        .iter()
        .map(first_fragment)
        .collect::<Result<_, _>>()?;
    if !starts.is_sorted_by(|a, b| a < b) {
        return Err(FramesError::OffsetTable);
    }
    let ends = starts.iter().skip(1).copied().chain([count]);
    Ok(starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| start..end)
        .collect())
}

/// Bytes of a frame: all its fragments together.
pub fn len(fragments: &[Range<u64>]) -> u64 {
    fragments
        .iter()
        .map(|f| f.end.saturating_sub(f.start))
        .sum()
}

/// A reader of one frame's bytes, by offsets relative to the frame's start, for [`super::inspect`].
///
/// A frame may lie in as many fragments as its author likes, so the one that holds an offset is searched, not counted up to.
pub fn reader<'a>(
    read_at: impl Fn(&mut [u8], u64) -> io::Result<usize> + 'a,
    fragments: &'a [Range<u64>],
) -> impl FnMut(u64, &mut [u8]) -> io::Result<usize> + 'a {
    let ends: Vec<u64> = fragments
        .iter()
        .scan(0u64, |end, fragment| {
            *end = end.saturating_add(fragment.end.saturating_sub(fragment.start));
            Some(*end)
        })
        .collect();
    move |offset, buffer| {
        // The first fragment that ends behind the offset; an empty one never does.
        let index = ends.partition_point(|end| *end <= offset);
        let (Some(fragment), Some(end)) = (fragments.get(index), ends.get(index)) else {
            return Ok(0);
        };
        let left = end - offset;
        let n = left.min(buffer.len() as u64) as usize;
        let (here, _) = buffer.split_at_mut(n);
        read_at(here, fragment.end - left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::{ReadAt, Source};

    /// Fragments of 10 bytes, each behind an item header of 8.
    fn fragments(n: u64) -> Vec<Range<u64>> {
        (0..n).map(|i| 108 + i * 18..118 + i * 18).collect()
    }

    #[test]
    fn every_fragment_belongs_to_one_frame() {
        assert_eq!(group(&fragments(3), &[], 1), Ok(vec![0..3; 1]));
        assert_eq!(group(&fragments(3), &[], 3), Ok(vec![0..1, 1..2, 2..3]));
        assert_eq!(
            group(&fragments(3), &[0, 18, 36], 3),
            Ok(vec![0..1, 1..2, 2..3])
        );
        assert_eq!(group(&fragments(3), &[0], 1), Ok(vec![0..3; 1]));
        assert_eq!(group(&fragments(5), &[0, 36], 2), Ok(vec![0..2, 2..5]));
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        assert_eq!(group(&fragments(0), &[], 1), Err(FramesError::TooFew));
        assert_eq!(group(&fragments(2), &[], 3), Err(FramesError::TooFew));
        assert_eq!(group(&fragments(3), &[], 2), Err(FramesError::Ambiguous));
        // A table must be right even when it is not needed.
        for (n, offsets) in [(1, &[0, 36][..]), (1, &[0x4C4C_494D]), (3, &[0, 18, 37])] {
            assert_eq!(
                group(&fragments(3), offsets, n),
                Err(FramesError::OffsetTable)
            );
        }
        for offsets in [
            &[0][..],
            &[18, 36],
            &[0, 20],
            &[0, 0],
            &[0, u64::MAX],
            &[0, 18, 36],
        ] {
            assert_eq!(
                group(&fragments(3), offsets, 2),
                Err(FramesError::OffsetTable)
            );
        }
    }

    #[test]
    fn a_frame_in_pieces_reads_as_one() {
        let source = Source::Memory((0..=255).collect());
        let pieces = [10..13, 20..20, 30..33];
        assert_eq!(len(&pieces), 6);
        let mut read = reader(|buffer, offset| source.read_at(buffer, offset), &pieces);
        let mut all = Vec::new();
        let mut buffer = [0; 4];
        while let n @ 1.. = read(all.len() as u64, &mut buffer).expect("memory can be read") {
            all.extend_from_slice(&buffer[..n]);
        }
        assert_eq!(all, [10, 11, 12, 30, 31, 32]);
    }

    #[test]
    fn a_frame_in_very_many_pieces_is_read_piece_by_piece() {
        const COUNT: u64 = 500_000;
        let pieces: Vec<_> = (0..COUNT).map(|i| i * 10 + 8..i * 10 + 10).collect();
        let calls = std::cell::Cell::new(0u64);
        let mut read = reader(
            |buffer, offset| {
                calls.set(calls.get() + 1);
                let first = offset / 10;
                buffer.fill(first as u8);
                Ok(buffer.len())
            },
            &pieces,
        );
        let mut buffer = [0; 64];
        let mut at = 0;
        while let n @ 1.. = read(at, &mut buffer).expect("made up") {
            assert_eq!((n, buffer[0]), (2, (at / 2) as u8));
            at += n as u64;
        }
        assert_eq!((at, calls.get()), (2 * COUNT, COUNT));
        // Backwards too, and from the middle of a piece.
        assert_eq!(read(7, &mut buffer).expect("made up"), 1);
        assert_eq!(buffer[0], 3);
    }
}
