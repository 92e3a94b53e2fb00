//! JPEG and JPEG-LS: marker segments go, but a decoder takes the colour transform from JFIF (ISO/IEC 10918-5) and
//! Adobe segments (ISO/IEC 10918-6), and JPEG-LS from HP's `mrfx`.

use super::edit::{Edit, slice};
use super::{CONTRADICTORY, StripError};
use crate::pixel::codestream::{Part, Parts};

pub(super) fn edits(frame: &[u8], parts: &Parts) -> Result<Vec<Edit>, StripError> {
    let edit = |part: &Part| {
        let segment = slice(frame, &part.range).ok_or(CONTRADICTORY)?;
        Ok(Edit {
            range: part.range.clone(),
            with: reduced(segment, part.kind)?,
        })
    };
    parts.foreign.iter().map(edit).collect()
}

/// What is left of a foreign segment: mostly nothing.
fn reduced(segment: &[u8], kind: &'static str) -> Result<Vec<u8>, StripError> {
    match segment {
        [0xFF, 0xE0, _, _, b'J', b'F', b'I', b'F', 0, fields @ ..] => Ok(jfif(fields)),
        [0xFF, 0xEE, _, _, b'A', b'd', b'o', b'b', b'e', fields @ ..] => match fields {
            [_, _, _, _, _, _, transform @ 0..=2, ..] => {
                let mut plain = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0".to_vec();
                plain.push(*transform);
                Ok(plain)
            }
            [_, _, _, _, _, _, _, ..] => Err(StripError::Bound(kind)),
            // Too short to hold a transform: decoders pass over it.
            _ => Ok(Vec::new()),
        },
        [0xFF, 0xE8, _, _, b'm', b'r', b'f', b'x', ..] => Err(StripError::Bound(kind)),
        _ => Ok(Vec::new()),
    }
}

/// A JFIF segment without its thumbnail. One too short for its fields is passed over by decoders and goes.
fn jfif(fields: &[u8]) -> Vec<u8> {
    let numbers = match fields {
        &[1, minor @ 0..=2, units @ 0..=2, x1, x0, y1, y0, _, _, ..] => {
            [1, minor, units, x1, x0, y1, y0]
        }
        // Version 1.2, square pixels.
        [_, _, _, _, _, _, _, _, _, ..] => [1, 2, 0, 0, 1, 0, 1],
        _ => return Vec::new(),
    };
    [&b"\xFF\xE0\0\x10JFIF\0"[..], &numbers, &[0, 0]].concat()
}
