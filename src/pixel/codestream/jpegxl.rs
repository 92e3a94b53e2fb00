//! JPEG XL: the boxes of the container (ISO/IEC 18181-2) and the image header of the codestream (ISO/IEC 18181-1).
//!
//! The codestream does not tell its own length without being decoded: names of frames and bytes behind the last
//! frame stay unseen. Whatever the image header and the boxes can carry besides the image is foreign, and so is
//! `jbrd`, which keeps the APP and COM segments of the JPEG file that was recompressed.

use super::Dimensions;
use super::boxes::{atom, file_type};
use super::bytes::{Bytes, Stop};
use crate::pixel::geometry::Geometry;

const SIGNATURE: &[u8; 12] = b"\0\0\0\x0CJXL \r\n\x87\n";
/// More than the longest image header up to the colour space.
const HEADER: u64 = 64;

pub(super) fn inspect(bytes: &mut Bytes, geometry: &Geometry) -> Result<(), Stop> {
    if bytes.get(0, 12)?.is_some_and(|head| head == SIGNATURE) {
        return container(bytes, geometry);
    }
    let len = bytes.len();
    codestream(bytes, 0, len, geometry)
}

fn container(bytes: &mut Bytes, geometry: &Geometry) -> Result<(), Stop> {
    let limit = bytes.len();
    let mut at = SIGNATURE.len() as u64;
    let (mut whole, mut parts) = (0u32, 0u32);
    while at < limit {
        if whole + parts > 0 && limit - at < 8 {
            break;
        }
        let found = atom(bytes, at, limit)?;
        match &found.kind {
            b"ftyp" => file_type(bytes, found, &[b"jxl "])?,
            b"jxll" if found.len() == 1 => {}
            b"jxlc" => {
                whole += 1;
                codestream(bytes, found.start, found.end, geometry)?;
            }
            b"jxlp" if parts == 0 => {
                parts += 1;
                codestream(bytes, found.start + 4, found.end, geometry)?;
            }
            b"jxlp" => parts += 1,
            b"Exif" => bytes.foreign(found.range(), "JPEG XL Exif box")?,
            b"xml " => bytes.foreign(found.range(), "JPEG XL xml box")?,
            b"jumb" => bytes.foreign(found.range(), "JPEG XL jumb box")?,
            b"brob" => bytes.foreign(found.range(), "JPEG XL brob box")?,
            b"jbrd" => bytes.foreign(found.range(), "JPEG XL jbrd box")?,
            [0, 0, 0, 0] if whole + parts > 0 => break,
            _ => bytes.foreign(found.range(), "JPEG XL box that is not image")?,
        }
        at = found.end;
    }
    match (whole, parts) {
        (0, 0) => Err(Stop::Malformed("no image in a JPEG XL container")),
        (1, 0) | (0, _) => bytes.only_padding(at),
        _ => Err(Stop::Foreign("second image in a JPEG XL container")),
    }
}

fn codestream(bytes: &mut Bytes, at: u64, end: u64, geometry: &Geometry) -> Result<(), Stop> {
    let truncated = Stop::Malformed("truncated JPEG XL codestream");
    let len = end.saturating_sub(at).min(HEADER) as usize;
    match bytes.get(at, len)? {
        Some([0xFF, 0x0A, header @ ..]) => match image_header(&mut Bits {
            bytes: header,
            at: 0,
        }) {
            Some(Ok(dimensions)) => dimensions.check(geometry),
            Some(Err(stop)) => Err(stop),
            None => Err(truncated),
        },
        _ => Err(Stop::Malformed("no start of codestream")),
    }
}

/// SizeHeader and ImageMetadata up to the colour space (ISO/IEC 18181-1 Annex D). None when the bits run out.
fn image_header(bits: &mut Bits) -> Option<Result<Dimensions, Stop>> {
    let (rows, columns) = size(bits)?;
    let mut dimensions = Dimensions {
        rows,
        columns,
        samples: Some(3),
        bits: Some(8),
    };
    if bits.flag()? {
        return Some(Ok(dimensions)); // all defaults: eight bits, RGB, nothing else
    }
    if bits.flag()? {
        bits.take(3)?; // orientation
        if bits.flag()? {
            size(bits)?; // intended size
        }
        if bits.flag()? {
            return Some(Err(Stop::Foreign("JPEG XL preview image")));
        }
        if bits.flag()? {
            return Some(Err(Stop::Foreign("JPEG XL animation")));
        }
    }
    let float = bits.flag()?;
    let depth = if float {
        bits.choice([(32, 0), (16, 0), (24, 0), (1, 6)])?
    } else {
        bits.choice([(8, 0), (10, 0), (12, 0), (1, 6)])?
    };
    if float {
        bits.take(4)?; // bits of the exponent
    }
    dimensions.bits = u16::try_from(depth).ok();
    bits.flag()?; // sixteen bits suffice while decoding
    if bits.choice([(0, 0), (1, 0), (2, 4), (1, 12)])? > 0 {
        return Some(Err(Stop::Foreign("JPEG XL extra channel")));
    }
    bits.flag()?; // XYB
    if !bits.flag()? {
        if bits.flag()? {
            return Some(Err(Stop::Foreign("JPEG XL colour profile")));
        }
        if bits.choice([(0, 0), (1, 0), (2, 4), (18, 6)])? == 1 {
            dimensions.samples = Some(1);
        }
    }
    Some(Ok(dimensions))
}

fn size(bits: &mut Bits) -> Option<(u64, u64)> {
    const SIDE: [(u64, u32); 4] = [(1, 9), (1, 13), (1, 18), (1, 30)];
    let small = bits.flag()?;
    let side = |bits: &mut Bits| {
        if small {
            bits.take(5).map(|n| (n + 1) * 8)
        } else {
            bits.choice(SIDE)
        }
    };
    let rows = side(bits)?;
    let columns = match bits.take(3)? {
        0 => side(bits)?,
        1 => rows,
        2 => rows * 12 / 10,
        3 => rows * 4 / 3,
        4 => rows * 3 / 2,
        5 => rows * 16 / 9,
        6 => rows * 5 / 4,
        _ => rows * 2,
    };
    Some((rows, columns))
}

/// Bits, least significant first (ISO/IEC 18181-1 Annex B).
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    fn take(&mut self, n: u32) -> Option<u64> {
        (0..n).try_fold(0, |value, i| Some(value | u64::from(self.flag()?) << i))
    }

    /// U32: two bits choose an offset and how many bits are added to it.
    fn choice(&mut self, of: [(u64, u32); 4]) -> Option<u64> {
        let &(offset, n) = of.get(self.take(2)? as usize)?;
        Some(offset + self.take(n)?)
    }
}
