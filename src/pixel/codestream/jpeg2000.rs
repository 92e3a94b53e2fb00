//! JPEG 2000 (ISO/IEC 15444-1, Part 2's extensions, Part 15's high throughput): the main header, every tile-part's
//! header, what lies behind EOC, and the boxes of a JP2 file where one stands in place of a codestream (which PS3.5
//! 8.2.4 forbids and which is found all the same).
//!
//! Tile-parts state their length, so that their packets are jumped over.

use std::ops::Range;

use super::Dimensions;
use super::boxes::{Atom, atom, file_type};
use super::bytes::{BEHIND, Bytes, Stop, be16, be32};
use super::comment::is_encoder_signature;
use super::parts::TilePart;
use crate::pixel::geometry::Geometry;

const SIGNATURE: &[u8; 12] = b"\0\0\0\x0CjP  \r\n\x87\n";
const TRUNCATED: Stop = Stop::Malformed("truncated JPEG 2000 codestream");

pub(super) fn inspect(bytes: &mut Bytes, geometry: &Geometry) -> Result<(), Stop> {
    let end = bytes.len();
    match bytes.get(0, 12)? {
        Some(head) if head == SIGNATURE => {
            let image = jp2(bytes, geometry)?;
            bytes.note(|parts| parts.image = image);
            Ok(())
        }
        Some(_) => {
            let behind = codestream(bytes, 0, end, geometry)?;
            bytes.only_padding(behind)
        }
        None => Err(TRUNCATED),
    }
}

/// Walks the boxes and returns where the codestream lies.
fn jp2(bytes: &mut Bytes, geometry: &Geometry) -> Result<Range<u64>, Stop> {
    let limit = bytes.len();
    let mut at = SIGNATURE.len() as u64;
    let mut image: Option<Range<u64>> = None;
    while at < limit {
        if image.is_some() && limit - at < 8 {
            break;
        }
        let found = atom(bytes, at, limit)?;
        match &found.kind {
            b"ftyp" => file_type(bytes, found, &[b"jp2 ", b"jpx ", b"jph ", b"jpxb"])?,
            b"jp2h" => jp2_header(bytes, found)?,
            b"jp2c" if image.is_some() => return Err(Stop::Foreign("second image in a JP2 file")),
            b"jp2c" => {
                let behind = codestream(bytes, found.start, found.end, geometry)?;
                if found.open {
                    bytes.only_padding(behind)?;
                    return Ok(found.start..behind);
                }
                if behind != found.end {
                    bytes.foreign(behind..found.end, BEHIND)?;
                }
                image = Some(found.start..behind);
            }
            b"xml " => bytes.foreign(found.range(), "JP2 xml box")?,
            b"uuid" => bytes.foreign(found.range(), "JP2 uuid box")?,
            b"uinf" => bytes.foreign(found.range(), "JP2 uinf box")?,
            b"asoc" => bytes.foreign(found.range(), "JP2 asoc box")?,
            b"lbl " => bytes.foreign(found.range(), "JP2 lbl box")?,
            b"jp2i" => bytes.foreign(found.range(), "JP2 intellectual property box")?,
            [0, 0, 0, 0] if image.is_some() => break,
            _ => bytes.foreign(found.range(), "JP2 box that is not image")?,
        }
        at = found.end;
    }
    bytes.only_padding(at)?;
    image.ok_or(Stop::Malformed("no image in a JP2 file"))
}

/// The boxes that say how to show the image: numbers only, each of the length its kind has (I.5.3).
fn jp2_header(bytes: &mut Bytes, header: Atom) -> Result<(), Stop> {
    let mut at = header.start;
    while at < header.end {
        let found = atom(bytes, at, header.end)?;
        let len = found.len();
        let fits = match &found.kind {
            b"ihdr" => len == 14,
            b"bpcc" => len <= 4,
            b"colr" if len == 7 => bytes.get(found.start, 1)? == Some(&[1]),
            b"colr" => {
                bytes.foreign(found.range(), "JP2 colour profile")?;
                true
            }
            b"cdef" => len <= 2 + 6 * 4,
            b"res " => len == 18 || len == 36,
            // Samples that are looked up: without it the image would be another.
            b"pclr" | b"cmap" => return Err(Stop::Foreign("JP2 palette")),
            _ => {
                bytes.foreign(found.range(), "JP2 box that is not image")?;
                true
            }
        };
        if !fits {
            return Err(Stop::Malformed("JP2 box of a wrong length"));
        }
        at = found.end;
    }
    Ok(())
}

/// Walks the codestream that lies in `at..limit` and returns the offset behind its EOC.
fn codestream(bytes: &mut Bytes, at: u64, limit: u64, geometry: &Geometry) -> Result<u64, Stop> {
    if bytes.get(at, 2)? != Some(&[0xFF, 0x4F]) {
        return Err(Stop::Malformed("no start of codestream"));
    }
    let (mut at, tiles) = main_header(bytes, at + 2, geometry)?;
    let mut parts = 0u32;
    loop {
        let marker = bytes.get(at, 2)?.and_then(be16);
        match marker {
            Some(0xFF90) => {
                parts += 1;
                at = tile_part(bytes, at, limit, tiles)?;
            }
            Some(0xFFD9) if parts == 0 => {
                return Err(Stop::Malformed("no tile in a JPEG 2000 codestream"));
            }
            Some(0xFFD9) if at + 2 <= limit => return Ok(at + 2),
            Some(_) => return Err(Stop::Malformed("bytes between JPEG 2000 tile-parts")),
            None => return Err(Stop::Malformed("no end of codestream")),
        }
    }
}

/// The main header up to the first SOT: where that is, and how many tiles SIZ announces.
fn main_header(bytes: &mut Bytes, at: u64, geometry: &Geometry) -> Result<(u64, u64), Stop> {
    if bytes.get(at, 2)? != Some(&[0xFF, 0x51]) {
        return Err(Stop::Malformed("codestream without a size"));
    }
    let (mut at, body) = segment(bytes, at)?;
    let tiles = size(body, geometry)?;
    loop {
        let Some(marker) = bytes.get(at, 2)?.and_then(be16) else {
            return Err(TRUNCATED);
        };
        if marker == 0xFF90 {
            return Ok((at, tiles));
        }
        let (end, body) = segment(bytes, at)?;
        match marker {
            0xFF55 => bytes.note(|parts| parts.tile_lengths.push(at + 4..end)), // TLM
            // COD COC PLM QCD QCC RGN POC PPM CRG; CAP PRF CPF; Part 2: DCO VMS DFS ADS MCT MCC NLT MCO CBD ATK.
            0xFF50
            | 0xFF52
            | 0xFF53
            | 0xFF56
            | 0xFF57
            | 0xFF59
            | 0xFF5C
            | 0xFF5D
            | 0xFF5E
            | 0xFF5F
            | 0xFF60
            | 0xFF63
            | 0xFF70..=0xFF79 => {}
            0xFF64 => {
                if let Some(kind) = comment(body) {
                    bytes.foreign(at..end, kind)?;
                }
            }
            _ => return Err(Stop::Foreign("unknown JPEG 2000 segment")),
        }
        at = end;
    }
}

/// One tile-part from its SOT on; returns where the next begins.
fn tile_part(bytes: &mut Bytes, sot: u64, limit: u64, tiles: u64) -> Result<u64, Stop> {
    let (mut at, body) = segment(bytes, sot)?;
    let &[i1, i0, p3, p2, p1, p0, _part, _parts] = body else {
        return Err(Stop::Malformed(
            "JPEG 2000 tile-part header of a wrong length",
        ));
    };
    let tile = u16::from_be_bytes([i1, i0]);
    if u64::from(tile) >= tiles {
        return Err(Stop::Malformed("JPEG 2000 tile outside the image"));
    }
    let len = u64::from(u32::from_be_bytes([p3, p2, p1, p0]));
    loop {
        let Some(marker) = bytes.get(at, 2)?.and_then(be16) else {
            return Err(TRUNCATED);
        };
        if marker == 0xFF93 {
            at += 2;
            break;
        }
        let (end, body) = segment(bytes, at)?;
        match marker {
            // COD COC PLT QCD QCC RGN POC PPT; Part 2 as in the main header.
            0xFF52
            | 0xFF53
            | 0xFF58
            | 0xFF5C
            | 0xFF5D
            | 0xFF5E
            | 0xFF5F
            | 0xFF61
            | 0xFF70..=0xFF79 => {}
            0xFF64 => {
                if let Some(kind) = comment(body) {
                    bytes.foreign(at..end, kind)?;
                }
            }
            _ => return Err(Stop::Foreign("unknown JPEG 2000 segment")),
        }
        at = end;
    }
    // Length 0: the last tile-part, up to EOC (A.4.2).
    let open = len == 0;
    let end = if open {
        end_of_codestream(bytes, at, limit)?
    } else {
        sot + len
    };
    if end < at || end > limit {
        return Err(Stop::Malformed("JPEG 2000 tile-part of a wrong length"));
    }
    bytes.note(|parts| {
        parts.tiles.push(TilePart {
            range: sot..end,
            tile,
            open,
        });
    });
    Ok(end)
}

/// Packets hold no FF above FF8F except the in-bit-stream markers, so that the first FFD9 is EOC (A.1).
fn end_of_codestream(bytes: &mut Bytes, mut at: u64, limit: u64) -> Result<u64, Stop> {
    while let Some(block) = bytes.at_least(at, 2)? {
        match memchr::memmem::find(block, &[0xFF, 0xD9]) {
            Some(i) if at + i as u64 + 2 <= limit => return Ok(at + i as u64),
            Some(_) => break,
            None => at += block.len() as u64 - 1,
        }
    }
    Err(Stop::Malformed("no end of codestream"))
}

/// The segment whose marker is at `at`: where it ends, and its parameters.
fn segment<'b>(bytes: &'b mut Bytes, at: u64) -> Result<(u64, &'b [u8]), Stop> {
    let len = bytes.get(at + 2, 2)?.and_then(be16);
    let Some(body) = len.and_then(|len| len.checked_sub(2)) else {
        return Err(TRUNCATED);
    };
    match bytes.get(at + 4, usize::from(body))? {
        Some(slice) => Ok((at + 4 + u64::from(body), slice)),
        None => Err(TRUNCATED),
    }
}

/// SIZ (A.5.1): compares the image with the header and returns the number of tiles.
fn size(body: &[u8], geometry: &Geometry) -> Result<u64, Stop> {
    let wrong = || Stop::Malformed("JPEG 2000 size segment of a wrong length");
    let word = |n: usize| {
        body.get(2 + 4 * n..)
            .and_then(be32)
            .map(u64::from)
            .ok_or_else(wrong)
    };
    let (x1, y1, x0, y0) = (word(0)?, word(1)?, word(2)?, word(3)?);
    let (tile_x, tile_y, tile_x0, tile_y0) = (word(4)?, word(5)?, word(6)?, word(7)?);
    let samples = body.get(34..).and_then(be16).ok_or_else(wrong)?;
    let components = body.get(36..).unwrap_or(&[]);
    if components.len() != usize::from(samples) * 3 {
        return Err(wrong());
    }
    // Depth is one less than the bits; the top bit says signed.
    let bits = components
        .iter()
        .step_by(3)
        .map(|&depth| u16::from(depth & 0x7F) + 1)
        .max();
    let (Some(rows), Some(columns)) = (y1.checked_sub(y0), x1.checked_sub(x0)) else {
        return Err(Stop::Malformed("size differs from Rows and Columns"));
    };
    Dimensions {
        rows,
        columns,
        samples: Some(samples),
        bits,
    }
    .check(geometry)?;
    let count = |end: u64, start: u64, step: u64| {
        let span = end.checked_sub(start)?;
        (step > 0).then(|| span.div_ceil(step))
    };
    match (count(x1, tile_x0, tile_x), count(y1, tile_y0, tile_y)) {
        (Some(x), Some(y)) => x.checked_mul(y).ok_or_else(wrong),
        _ => Err(Stop::Malformed("JPEG 2000 tiles of an impossible size")),
    }
}

/// The name of a foreign COM (A.9.2): a registration word and text or data. Only an encoder's signature passes.
fn comment(body: &[u8]) -> Option<&'static str> {
    match body {
        [0, 1, text @ ..] if is_encoder_signature(text) => None,
        [0, 1, ..] => Some("JPEG 2000 COM segment with text"),
        _ => Some("JPEG 2000 COM segment with data"),
    }
}
