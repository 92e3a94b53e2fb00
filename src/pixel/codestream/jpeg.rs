//! JPEG (ISO/IEC 10918-1) and JPEG-LS (ISO/IEC 14495-1): every marker segment of the frame up to EOI, those between
//! scans too. The entropy-coded data is searched to its end: an image with a second one behind it (as phones write
//! them, Exif included) also ends with EOI, so that a look at the tail alone would prove nothing.

use super::Dimensions;
use super::bytes::{Bytes, Stop, be16};
use super::entropy::{Stuffing, end_of_scan};
use crate::pixel::geometry::Geometry;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    JpegLs,
}

const MALFORMED_TABLE: Stop = Stop::Malformed("JPEG table of a wrong length");

/// Names by the low four bits of the marker.
const APP: [&str; 16] = [
    "JPEG APP0 segment that is not JFIF",
    "JPEG APP1 segment",
    "JPEG APP2 segment",
    "JPEG APP3 segment",
    "JPEG APP4 segment",
    "JPEG APP5 segment",
    "JPEG APP6 segment",
    "JPEG APP7 segment",
    "JPEG APP8 segment that is no SPIFF header",
    "JPEG APP9 segment",
    "JPEG APP10 segment",
    "JPEG APP11 segment",
    "JPEG APP12 segment",
    "JPEG APP13 segment",
    "JPEG APP14 segment that is not Adobe's",
    "JPEG APP15 segment",
];

pub(super) fn inspect(bytes: &mut Bytes, kind: Kind, geometry: &Geometry) -> Result<(), Stop> {
    let mut at = start_of_image(bytes)?;
    let (mut frames, mut scans) = (0u32, 0u32);
    loop {
        let marker = match bytes.get(at, 2)? {
            Some(&[0xFF, 0xFF]) => {
                at += 1; // fill byte (ISO/IEC 10918-1 B.1.1.2)
                continue;
            }
            Some(&[0xFF, marker]) => marker,
            Some(_) => return Err(Stop::Malformed("bytes between JPEG segments")),
            None => return Err(Stop::Malformed("no end of image")),
        };
        if marker == 0xD9 {
            if scans == 0 {
                return Err(Stop::Malformed("no scan before the end of image"));
            }
            return bytes.only_padding(at + 2);
        }
        let (end, body) = segment(bytes, at)?;
        match marker {
            0xDA => {
                scan(body, frames)?;
                scans += 1;
                let stuffing = match kind {
                    Kind::Jpeg => Stuffing::Byte,
                    Kind::JpegLs => Stuffing::Bit,
                };
                at = end_of_scan(bytes, end, stuffing)?;
                continue;
            }
            0xC4 | 0xC8 | 0xCC | 0xDB | 0xDC | 0xDD | 0xF8 => table(marker, body, kind)?,
            0xC0..=0xCF | 0xF7 => {
                frames += 1;
                if frames > 1 {
                    return Err(Stop::Malformed("two JPEG frames in one image"));
                }
                frame(marker, body, kind, geometry)?;
            }
            0xDE | 0xDF => return Err(Stop::Malformed("hierarchical JPEG is not inspected")),
            0xE0..=0xEF => {
                if let Some(kind) = application(marker, body) {
                    bytes.foreign(at..end, kind)?;
                }
            }
            0xFE => bytes.foreign(at..end, "JPEG COM segment")?,
            _ => return Err(Stop::Malformed("unknown JPEG segment")),
        }
        at = end;
    }
}

/// Returns where the segments begin.
fn start_of_image(bytes: &mut Bytes) -> Result<u64, Stop> {
    match bytes.get(0, 2)? {
        Some(&[0xFF, 0xD8]) => Ok(2),
        _ => Err(Stop::Malformed("no start of image")),
    }
}

/// The segment whose marker is at `at`: where it ends, and its parameters.
fn segment<'b>(bytes: &'b mut Bytes, at: u64) -> Result<(u64, &'b [u8]), Stop> {
    let truncated = Stop::Malformed("truncated JPEG segment");
    let len = bytes.get(at + 2, 2)?.and_then(be16);
    let Some(body) = len.and_then(|len| len.checked_sub(2)) else {
        return Err(truncated);
    };
    match bytes.get(at + 4, usize::from(body))? {
        Some(slice) => Ok((at + 4 + u64::from(body), slice)),
        None => Err(truncated),
    }
}

/// SOFn (ISO/IEC 10918-1 B.2.2), SOF55 of JPEG-LS.
fn frame(marker: u8, body: &[u8], kind: Kind, geometry: &Geometry) -> Result<(), Stop> {
    if (marker == 0xF7) != (kind == Kind::JpegLs) {
        return Err(Stop::Malformed("JPEG process of another transfer syntax"));
    }
    if matches!(marker, 0xC5..=0xC7 | 0xCD..=0xCF) {
        return Err(Stop::Malformed("hierarchical JPEG is not inspected"));
    }
    let &[bits, y1, y0, x1, x0, samples, ref components @ ..] = body else {
        return Err(Stop::Malformed("JPEG frame header of a wrong length"));
    };
    if components.len() != usize::from(samples) * 3 {
        return Err(Stop::Malformed("JPEG frame header of a wrong length"));
    }
    let dimensions = Dimensions {
        rows: u64::from(u16::from_be_bytes([y1, y0])),
        columns: u64::from(u16::from_be_bytes([x1, x0])),
        samples: Some(u16::from(samples)),
        bits: Some(u16::from(bits)),
    };
    dimensions.check(geometry)
}

/// SOS (ISO/IEC 10918-1 B.2.3).
fn scan(body: &[u8], frames: u32) -> Result<(), Stop> {
    if frames == 0 {
        return Err(Stop::Malformed("JPEG scan without a frame"));
    }
    match body.split_first() {
        Some((&n @ 1..=4, rest)) if rest.len() == usize::from(n) * 2 + 3 => Ok(()),
        _ => Err(Stop::Malformed("JPEG scan header of a wrong length")),
    }
}

/// Tables and miscellaneous parameters (ISO/IEC 10918-1 B.2.4, ISO/IEC 14495-1 C.2.4): exactly as long as they say.
fn table(marker: u8, body: &[u8], kind: Kind) -> Result<(), Stop> {
    let fits = match marker {
        0xDB if kind == Kind::Jpeg => quantization(body),
        0xC4 if kind == Kind::Jpeg => huffman(body),
        0xCC if kind == Kind::Jpeg => body.len().is_multiple_of(2) && body.len() <= 16,
        0xDC => body.len() == 2,
        0xDD if kind == Kind::Jpeg => body.len() == 2,
        0xDD => (2..=4).contains(&body.len()),
        0xF8 if kind == Kind::JpegLs => match (body.first(), body.len()) {
            (Some(1), 11) => true,
            // A table of colours: as long as it likes, and DICOM has its own palette.
            (Some(2 | 3), _) => return Err(Stop::Foreign("JPEG-LS mapping table")),
            _ => false,
        },
        _ => return Err(Stop::Malformed("JPEG segment of another transfer syntax")),
    };
    if fits { Ok(()) } else { Err(MALFORMED_TABLE) }
}

fn quantization(mut body: &[u8]) -> bool {
    while let Some((&head, rest)) = body.split_first() {
        let (precision, slot) = (head >> 4, head & 15);
        let Some(rest) = rest.get(64 << precision.min(2)..) else {
            return false;
        };
        if precision > 1 || slot > 3 {
            return false;
        }
        body = rest;
    }
    true
}

fn huffman(mut body: &[u8]) -> bool {
    while let Some((&head, rest)) = body.split_first() {
        let Some((counts, rest)) = rest.split_at_checked(16) else {
            return false;
        };
        let codes: usize = counts.iter().map(|&n| usize::from(n)).sum();
        let Some(rest) = rest.get(codes..) else {
            return false;
        };
        if head >> 4 > 1 || head & 15 > 3 || codes > 256 {
            return false;
        }
        body = rest;
    }
    true
}

/// The name of a foreign APPn. Only fixed fields of numbers pass: JFIF, Adobe's colour transform, a SPIFF header, the colour transform of
/// JPEG-LS. Everything that could hold text or a second image does not.
fn application(marker: u8, body: &[u8]) -> Option<&'static str> {
    let known = match marker {
        0xE0 if body.starts_with(b"JFIF\0") && !jfif(body) => {
            return Some("JFIF segment with a thumbnail");
        }
        0xE0 if body.starts_with(b"JFXX\0") => return Some("JFXX segment with a thumbnail"),
        0xE0 => jfif(body),
        0xE8 => spiff(body) || matches!(body, [b'm', b'r', b'f', b'x', 0..=5]),
        0xEE => adobe(body),
        _ => false,
    };
    if known {
        return None;
    }
    let name = APP.get(usize::from(marker & 15));
    Some(name.copied().unwrap_or("JPEG APP segment"))
}

/// JFIF (ISO/IEC 10918-5): version, units, two densities, no thumbnail.
fn jfif(body: &[u8]) -> bool {
    matches!(
        body,
        [b'J', b'F', b'I', b'F', 0, 1, 0..=2, 0..=2, _, _, _, _, 0, 0]
    )
}

/// Adobe (ISO/IEC 10918-6): version, two words of flags of which only the top bits are in use, colour transform.
/// A short form filled with zeros is known from the field.
fn adobe(body: &[u8]) -> bool {
    match body.strip_prefix(b"Adobe") {
        Some([0, 100 | 101, 0 | 0x40 | 0x80 | 0xC0, 0, 0, 0, 0..=2]) => true,
        Some(rest) => rest.len() <= 7 && rest.iter().all(|&b| b == 0),
        None => false,
    }
}

/// SPIFF (ISO/IEC 10918-3 Annex F): the header's fixed numbers, or the directory entry that ends the directory. Any
/// other directory entry is an author, a date, a comment, a thumbnail.
fn spiff(body: &[u8]) -> bool {
    matches!(body, [0, 0, 0, 1, 0xFF, 0xD8])
        || (body.len() == 30
            && body.starts_with(b"SPIFF\0")
            && body.get(6..8).is_some_and(|v| v[0] <= 2))
}
