//! JPEG 2000 (ISO/IEC 15444-1): comments go. Nothing in a codestream points by absolute position, but a tile-part
//! counts its own header (Psot, A.4.2), and TLM repeats that count (A.7.1).

use std::collections::BTreeMap;
use std::ops::Range;

use super::edit::{Edit, slice};
use super::{CONTRADICTORY, StripError};
use crate::pixel::codestream::{Parts, TilePart};

const LENGTHS: StripError = StripError::Bound("JPEG 2000 TLM that does not match the tile-parts");

pub(super) fn edits(frame: &[u8], parts: &Parts) -> Result<Vec<Edit>, StripError> {
    wrapper(frame, parts)?;
    let image = &parts.image;
    let inside = |r: &Range<u64>| image.start <= r.start && r.end <= image.end;
    let mut edits: Vec<Edit> = parts
        .foreign
        .iter()
        .filter(|part| inside(&part.range))
        .map(Edit::cut)
        .collect();

    let lost: Vec<u64> = parts
        .tiles
        .iter()
        .map(|part| removed_in(&edits, &part.range))
        .collect();
    if lost.iter().all(|&n| n == 0) {
        return Ok(edits);
    }
    for (part, &lost) in parts.tiles.iter().zip(&lost) {
        if lost > 0 && !part.open {
            // Behind SOT, Lsot and Isot.
            let field = part.range.start + 6..part.range.start + 10;
            edits.push(shortened(frame, &field, lost)?);
        }
    }
    if !parts.tile_lengths.is_empty() {
        let fields = length_fields(frame, parts)?;
        if fields.len() != parts.tiles.len() {
            return Err(LENGTHS);
        }
        for ((field, part), lost) in fields.iter().zip(&parts.tiles).zip(lost) {
            field.check(frame, part)?;
            if lost > 0 {
                edits.push(shortened(frame, &field.length, lost)?);
            }
        }
    }
    Ok(edits)
}

/// Bytes that the cuts, which stand in order, take out of a range.
fn removed_in(cuts: &[Edit], range: &Range<u64>) -> u64 {
    let first = cuts.partition_point(|cut| cut.range.start < range.start);
    let rest = cuts.get(first..).unwrap_or(&[]).iter();
    rest.take_while(|cut| cut.range.end <= range.end)
        .map(Edit::removed)
        .sum()
}

/// A length in two or four bytes, made smaller.
fn shortened(frame: &[u8], field: &Range<u64>, by: u64) -> Result<Edit, StripError> {
    let value = number(frame, field).and_then(|old| old.checked_sub(by));
    let bytes = value.ok_or(LENGTHS)?.to_be_bytes();
    let width = (field.end - field.start) as usize;
    let with = bytes.get(8usize.saturating_sub(width)..);
    Ok(Edit {
        range: field.clone(),
        with: with.ok_or(CONTRADICTORY)?.to_vec(),
    })
}

fn number(frame: &[u8], field: &Range<u64>) -> Option<u64> {
    let bytes = slice(frame, field)?;
    Some(bytes.iter().fold(0, |n, &byte| n << 8 | u64::from(byte)))
}

/// One entry of TLM: a tile-part's tile, which may be left out, and its length.
struct Field {
    tile: Range<u64>,
    length: Range<u64>,
}

impl Field {
    /// Only what is right before can be right after.
    fn check(&self, frame: &[u8], part: &TilePart) -> Result<(), StripError> {
        let tile = self.tile.is_empty() || number(frame, &self.tile) == Some(part.tile.into());
        let length = number(frame, &self.length) == Some(part.range.end - part.range.start);
        if tile && length { Ok(()) } else { Err(LENGTHS) }
    }
}

/// The entries of all TLM segments, in the order of the tile-parts.
fn length_fields(frame: &[u8], parts: &Parts) -> Result<Vec<Field>, StripError> {
    let mut segments = BTreeMap::new();
    for range in &parts.tile_lengths {
        let Some(&[index, sizes, ..]) = slice(frame, range) else {
            return Err(LENGTHS);
        };
        if segments.insert(index, (sizes, range)).is_some() {
            return Err(LENGTHS);
        }
    }
    let mut fields = Vec::new();
    for (sizes, range) in segments.into_values() {
        let tile = u64::from(sizes >> 4 & 3);
        let length = if sizes & 0x40 == 0 { 2 } else { 4 };
        let mut at = range.start + 2;
        if tile == 3 || !(range.end - at).is_multiple_of(tile + length) {
            return Err(LENGTHS);
        }
        while at < range.end {
            let middle = at + tile;
            fields.push(Field {
                tile: at..middle,
                length: middle..middle + length,
            });
            at = middle + length;
        }
    }
    Ok(fields)
}

/// The boxes around a codestream go, unless they say that its samples are not what is shown: a palette, channels in
/// another order, a colour space that DICOM's header would not tell, an image put together of several.
fn wrapper(frame: &[u8], parts: &Parts) -> Result<(), StripError> {
    for found in &parts.boxes {
        let body = slice(frame, &(found.start..found.end)).ok_or(CONTRADICTORY)?;
        let kind = match &found.kind {
            b"cdef" if !in_order(body) => "JP2 channels in another order",
            // Method 1 names a colour space: sRGB or grey. Profiles go, as DICOM has its own.
            b"colr" if body.first() == Some(&1) && !matches!(body, [_, _, _, 0, 0, 0, 16 | 17]) => {
                "JP2 colour space"
            }
            b"jpch" | b"jplh" | b"comp" | b"ftbl" | b"pclr" | b"cmap" | b"cgrp" | b"opct" => {
                "JPX box that decides what is shown"
            }
            _ => continue,
        };
        return Err(StripError::Bound(kind));
    }
    Ok(())
}

/// Channel definitions (I.5.3.6): every channel is colour and stands where it belongs.
fn in_order(body: &[u8]) -> bool {
    let Some((_, channels)) = body.split_at_checked(2) else {
        return false;
    };
    let (channels, rest) = channels.as_chunks::<6>();
    let in_place = |&[n1, n0, t1, t0, a1, a0]: &[u8; 6]| {
        let channel = u16::from_be_bytes([n1, n0]);
        let place = u16::from_be_bytes([a1, a0]);
        (t1, t0) == (0, 0) && channel.checked_add(1) == Some(place)
    };
    rest.is_empty() && channels.iter().all(in_place)
}
