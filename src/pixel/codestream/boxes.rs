//! Boxes of the ISO base media kind, as JP2 (ISO/IEC 15444-1 I.4) and JPEG XL (ISO/IEC 18181-2) use them.

use std::ops::Range;

use super::bytes::{Bytes, Stop, be32};

/// One box: its type, where it begins and where its contents lie in the frame.
#[derive(Clone, Copy, Debug)]
pub(in crate::pixel) struct Atom {
    pub(in crate::pixel) kind: [u8; 4],
    pub(super) at: u64,
    pub(in crate::pixel) start: u64,
    pub(in crate::pixel) end: u64,
    /// The box claims all that is left, pad bytes included.
    pub(super) open: bool,
}

const TRUNCATED: Stop = Stop::Malformed("truncated box");

/// The box at `at`, which must end by `limit`.
pub(super) fn atom(bytes: &mut Bytes, at: u64, limit: u64) -> Result<Atom, Stop> {
    let Some(head) = bytes.get(at, 8)? else {
        return Err(TRUNCATED);
    };
    let (Some(len), Some(&kind)) = (be32(head), head.last_chunk::<4>()) else {
        return Err(TRUNCATED);
    };
    let (header, len) = match len {
        0 => (8, limit.checked_sub(at)),
        1 => {
            let large = bytes.get(at + 8, 8)?.and_then(|b| b.first_chunk().copied());
            (16, large.map(u64::from_be_bytes))
        }
        n => (8, Some(u64::from(n))),
    };
    let start = at + header;
    let end = len.and_then(|len| at.checked_add(len));
    match end.filter(|&end| start <= end && end <= limit) {
        Some(end) => {
            let found = Atom {
                kind,
                at,
                start,
                end,
                open: header == 8 && len == limit.checked_sub(at),
            };
            bytes.note(|parts| parts.boxes.push(found));
            Ok(found)
        }
        None => Err(TRUNCATED),
    }
}

impl Atom {
    /// The box as a whole.
    pub(super) fn range(&self) -> Range<u64> {
        self.at..self.end
    }

    pub(super) fn len(&self) -> u64 {
        self.end - self.start
    }
}

/// The file type box of both formats: a brand, a version and brands it is compatible with, all from a known set.
pub(super) fn file_type(bytes: &mut Bytes, atom: Atom, brands: &[&[u8; 4]]) -> Result<(), Stop> {
    let wrong = Stop::Malformed("file type box of an unknown brand");
    if !(8..=64).contains(&atom.len()) || !atom.len().is_multiple_of(4) {
        return Err(wrong);
    }
    let Some(body) = bytes.get(atom.start, atom.len() as usize)? else {
        return Err(TRUNCATED);
    };
    let version = body.get(4..8) == Some(&[0; 4]);
    let known = body
        .chunks(4)
        .enumerate()
        .all(|(n, brand)| n == 1 || brands.iter().any(|&known| known == brand));
    if version && known { Ok(()) } else { Err(wrong) }
}
