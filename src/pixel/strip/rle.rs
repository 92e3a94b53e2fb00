//! RLE (PS3.5 Annex G): when a segment becomes shorter, those behind it move and the header's offsets with them.

use super::edit::Edit;
use super::{CONTRADICTORY, StripError};
use crate::pixel::codestream::Parts;

pub(super) fn edits(frame: &[u8], parts: &Parts) -> Result<Vec<Edit>, StripError> {
    let word = |n: usize| {
        let raw = frame.get(4 * n..).and_then(<[u8]>::first_chunk);
        raw.map(|raw| u64::from(u32::from_le_bytes(*raw)))
    };
    let count = word(0).filter(|n| *n <= 15).ok_or(CONTRADICTORY)? as usize;
    let offsets: Vec<u64> = (1..=count).filter_map(word).collect();

    let mut edits: Vec<Edit> = Vec::new();
    for part in &parts.foreign {
        let (start, end) = (part.range.start, part.range.end);
        let segment = offsets.iter().rfind(|&&offset| offset <= start);
        let with = match segment {
            None => vec![0; end.saturating_sub(start) as usize], // offsets not in use are 0 (G.5)
            // Each segment has an even length (G.3.1); that of the last is the caller's to pad.
            Some(segment) if end != frame.len() as u64 => vec![0; ((start - segment) % 2) as usize],
            Some(_) => Vec::new(),
        };
        edits.push(Edit {
            range: part.range.clone(),
            with,
        });
    }
    let moved: Vec<Edit> = (0u64..)
        .zip(&offsets)
        .filter_map(|(n, &offset)| {
            let before = edits.iter().filter(|edit| edit.range.end <= offset);
            let by: u64 = before.map(Edit::removed).sum();
            let field = 4 + 4 * n;
            (by > 0).then(|| Edit {
                range: field..field + 4,
                with: (offset.saturating_sub(by) as u32).to_le_bytes().to_vec(),
            })
        })
        .collect();
    edits.extend(moved);
    Ok(edits)
}
