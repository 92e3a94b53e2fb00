//! RLE (PS3.5 Annex G): the header, and every segment walked run by run. A segment holds one byte plane of one
//! sample, so that its length when expanded is known and what lies behind shows.

use super::bytes::{Bytes, Stop};
use crate::pixel::geometry::Geometry;

const HEADER: u64 = 64;

pub(super) fn inspect(bytes: &mut Bytes, geometry: &Geometry) -> Result<(), Stop> {
    let truncated = Stop::Malformed("truncated RLE header");
    let mut words = [0u64; 16];
    let Some(header) = bytes.get(0, HEADER as usize)? else {
        return Err(truncated);
    };
    for (word, raw) in words.iter_mut().zip(header.as_chunks::<4>().0) {
        *word = u64::from(u32::from_le_bytes(*raw));
    }
    let [count, offsets @ ..] = words;

    let planes = match geometry.bits_allocated {
        1 => u64::from(geometry.samples),
        bits => u64::from(geometry.samples) * u64::from(bits / 8),
    };
    if count != planes || !(1..=15).contains(&count) {
        return Err(Stop::Malformed("RLE segments differ from the header"));
    }
    let plane_bytes = match geometry.bits_allocated {
        1 => geometry.pixels().div_ceil(8),
        _ => geometry.pixels(),
    };
    let (used, unused) = offsets.split_at(count as usize);
    if unused.iter().any(|&offset| offset != 0) {
        bytes.foreign(4 + 4 * count..HEADER, "bytes in unused RLE offsets")?;
    }
    if used.first() != Some(&HEADER) || !used.is_sorted_by(|a, b| a < b) {
        return Err(Stop::Malformed("RLE offsets out of order"));
    }
    let ends = used.iter().skip(1).copied().chain([bytes.len()]);
    for (&start, end) in used.iter().zip(ends) {
        if end > bytes.len() {
            return Err(Stop::Malformed("RLE offset behind the end of the frame"));
        }
        segment(bytes, start, end, plane_bytes)?;
    }
    Ok(())
}

/// Walks `at..end` run by run until `expected` bytes have come out; behind them only pad bytes may stand.
fn segment(bytes: &mut Bytes, mut at: u64, end: u64, expected: u64) -> Result<(), Stop> {
    let short = Stop::Malformed("RLE segment ends before the image does");
    let mut left = expected;
    while left > 0 && at < end {
        let available = end - at;
        let Some(block) = bytes.at_least(at, 1)? else {
            return Err(short);
        };
        let mut i = 0usize;
        let block_len = (block.len() as u64).min(available);
        while left > 0
            && let Some(&control) = block.get(i).filter(|_| (i as u64) < block_len)
        {
            // PS3.5 G.3.2: 0..=127 literal bytes, 129..=255 one byte repeated, 128 nothing.
            let (out, step) = match control {
                n @ 0..=127 => (u64::from(n) + 1, usize::from(n) + 2),
                128 => (0, 1),
                n => (257 - u64::from(n), 2),
            };
            i += step;
            if out > left {
                return Err(Stop::Malformed("RLE run goes beyond the image"));
            }
            left -= out;
        }
        at += i as u64;
    }
    if left > 0 || at > end {
        return Err(short);
    }
    padding(bytes, at, end)
}

/// Behind a segment: pad bytes to an even length, and runs of none.
fn padding(bytes: &mut Bytes, at: u64, end: u64) -> Result<(), Stop> {
    let rest = end - at;
    let pads = rest <= 64
        && bytes
            .get(at, rest as usize)?
            .is_some_and(|pad| pad.iter().all(|&b| b == 0) || pad.iter().all(|&b| b == 0x80));
    if pads {
        return Ok(());
    }
    bytes.foreign(at..end, "bytes behind an RLE segment")
}
