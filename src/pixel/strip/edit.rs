//! Changes of a frame, collected first and made in one pass.

use std::ops::Range;

use crate::pixel::codestream::Part;

/// What stands in place of a range of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<u64>,
    pub(super) with: Vec<u8>,
}

impl Edit {
    pub(super) fn cut(part: &Part) -> Edit {
        Edit {
            range: part.range.clone(),
            with: Vec::new(),
        }
    }

    /// Bytes by which the frame becomes shorter; no edit makes it longer.
    pub(super) fn removed(&self) -> u64 {
        (self.range.end.saturating_sub(self.range.start)).saturating_sub(self.with.len() as u64)
    }
}

pub(super) fn slice<'a>(frame: &'a [u8], range: &Range<u64>) -> Option<&'a [u8]> {
    let (start, end) = (range.start.try_into().ok()?, range.end.try_into().ok()?);
    frame.get::<Range<usize>>(start..end)
}

/// The bytes in `image` with all edits made. None when edits overlap or leave the image.
pub(super) fn apply(frame: &[u8], image: &Range<u64>, mut edits: Vec<Edit>) -> Option<Vec<u8>> {
    edits.sort_by_key(|edit| edit.range.start);
    let mut out = Vec::with_capacity(slice(frame, image)?.len());
    let mut at = image.start;
    for edit in &edits {
        out.extend_from_slice(slice(frame, &(at..edit.range.start))?);
        out.extend_from_slice(&edit.with);
        at = edit.range.end;
    }
    out.extend_from_slice(slice(frame, &(at..image.end))?);
    Some(out)
}
