//! What a codestream says of itself, read before any decoder sees it (ITU-T T.800 annexes A and I).

use super::{Parameters, Progression};
use crate::pixel::codec::error::CodecError;

const SHORT: CodecError = CodecError::Malformed("it ends within its header");

/// The header of a codestream.
pub(super) struct Header {
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) parameters: Parameters,
}

/// The codestream itself, taken out of its JP2 boxes when it has any, and whether it had.
pub(super) fn bare(stream: &[u8]) -> Result<(&[u8], bool), CodecError> {
    if stream.starts_with(&[0xff, 0x4f, 0xff, 0x51]) {
        return Ok((stream, false));
    }
    if stream.get(4..8) != Some(b"jP  ") {
        return Err(CodecError::Malformed("it does not start as JPEG 2000 does"));
    }
    let mut rest = stream;
    loop {
        let kind = rest.get(4..8).ok_or(SHORT)?;
        let (header, length) = match long(rest, 0)? {
            0 => (8, rest.len()),
            1 if long(rest, 8)? == 0 => (16, long(rest, 12)? as usize),
            1 => return Err(SHORT),
            length => (8, length as usize),
        };
        let content = rest.get(header..length).ok_or(SHORT)?;
        if kind == b"jp2c" {
            return Ok((content, true));
        }
        rest = rest.get(length..).ok_or(SHORT)?;
    }
}

/// Reads the main header and all tile-part headers of a bare codestream.
pub(super) fn read(codestream: &[u8], boxed: bool) -> Result<Header, CodecError> {
    let mut segments = Segments {
        codestream,
        at: 2,
        part_end: 0,
    };
    let Some((0x51, size)) = segments.next()? else {
        return Err(CodecError::Malformed("its size is not stated first"));
    };
    let mut header = of_size(size, boxed)?;
    let mut style_seen = false;
    while let Some((marker, body)) = segments.next()? {
        match marker {
            0x52 => {
                let parameters = &mut header.parameters;
                if !style_seen {
                    of_style(body, parameters)?;
                }
                style_seen = true;
                let sizes = if byte(body, 0)? & 1 == 1 {
                    body.get(10..).ok_or(SHORT)?
                } else {
                    &[]
                };
                check_precincts(&header, sizes)?;
            }
            0x53 if byte(body, 1)? & 1 == 1 => {
                check_precincts(&header, body.get(7..).ok_or(SHORT)?)?;
            }
            0x55 => header.parameters.tile_lengths = true,
            _ => {}
        }
    }
    if !style_seen {
        return Err(CodecError::Malformed("its coding style is missing"));
    }
    Ok(header)
}

/// The SIZ segment. T.800 A.5.1.
fn of_size(size: &[u8], boxed: bool) -> Result<Header, CodecError> {
    let extent = |end, start| {
        long(size, end)?
            .checked_sub(long(size, start)?)
            .ok_or(SHORT)
    };
    let (columns, rows) = (extent(2, 10)?, extent(6, 14)?);
    let (tile_columns, tile_rows) = (long(size, 18)?, long(size, 22)?);
    if tile_columns == 0 || tile_rows == 0 || columns == 0 || rows == 0 {
        return Err(CodecError::Malformed("it has no pixels"));
    }
    let tiles = u64::from(columns.div_ceil(tile_columns)) * u64::from(rows.div_ceil(tile_rows));
    if tiles > 65_535 {
        return Err(CodecError::Malformed(
            "it has more tiles than can be numbered",
        ));
    }
    let components = short(size, 34)? as usize;
    let each = size.get(36..).ok_or(SHORT)?;
    if components == 0 || each.len() != components * 3 {
        return Err(CodecError::Malformed(
            "its components are not all described",
        ));
    }
    if components > 4 {
        return Err(CodecError::Unsupported("more than 4 components"));
    }
    let [depth, across, down] = [byte(each, 0)?, byte(each, 1)?, byte(each, 2)?];
    if each
        .chunks_exact(3)
        .any(|other| other != [depth, across, down])
    {
        return Err(CodecError::Unsupported("components that differ"));
    }
    if (across, down) != (1, 1) {
        return Err(CodecError::Unsupported("subsampled components"));
    }
    let precision = (depth & 0x7f) + 1;
    if precision > 16 {
        return Err(CodecError::Unsupported("more than 16 bits a sample"));
    }
    Ok(Header {
        rows,
        columns,
        parameters: Parameters {
            components,
            precision,
            signed: depth & 0x80 != 0,
            reversible: false,
            colour_transform: false,
            levels: 0,
            progression: Progression::Lrcp,
            high_throughput: false,
            tile_lengths: false,
            boxed,
        },
    })
}

/// The COD segment. T.800 A.6.1.
fn of_style(body: &[u8], parameters: &mut Parameters) -> Result<(), CodecError> {
    parameters.progression = match byte(body, 1)? {
        0 => Progression::Lrcp,
        1 => Progression::Rlcp,
        2 => Progression::Rpcl,
        3 => Progression::Pcrl,
        4 => Progression::Cprl,
        _ => return Err(CodecError::Malformed("its progression order is unknown")),
    };
    parameters.colour_transform = match byte(body, 4)? {
        0 => false,
        1 if parameters.components >= 3 => true,
        1 => {
            return Err(CodecError::Malformed(
                "a colour transform of fewer than 3 components",
            ));
        }
        _ => return Err(CodecError::Unsupported("a colour transform of its own")),
    };
    parameters.levels = byte(body, 5)?;
    parameters.high_throughput = byte(body, 8)? & 0x40 != 0;
    parameters.reversible = match byte(body, 9)? {
        0 => false,
        1 => true,
        _ => return Err(CodecError::Unsupported("a wavelet of its own")),
    };
    if parameters.levels > 32 {
        return Err(CodecError::Malformed("it has more than 32 wavelet levels"));
    }
    Ok(())
}

/// Refuses precincts so small that a decoder's books on them outgrow the picture.
fn check_precincts(header: &Header, sizes: &[u8]) -> Result<(), CodecError> {
    let precincts: u64 = sizes
        .iter()
        .rev()
        .zip(0u32..)
        .map(|(size, level)| {
            let along = |extent: u32, exponent: u8| (u64::from(extent) >> level >> exponent) + 2;
            along(header.columns, size & 15) * along(header.rows, size >> 4)
        })
        .sum();
    let samples = u64::from(header.rows) * u64::from(header.columns);
    if precincts > 65_536 + samples / 64 {
        return Err(CodecError::Unsupported("precincts of a few samples"));
    }
    Ok(())
}

/// Marker segments of the main header and of each tile-part header.
struct Segments<'a> {
    codestream: &'a [u8],
    at: usize,
    /// Where the tile-part that is being read ends.
    part_end: usize,
}

impl<'a> Segments<'a> {
    /// The low byte of the next marker, and its segment without the length. Coded data is passed over.
    fn next(&mut self) -> Result<Option<(u8, &'a [u8])>, CodecError> {
        loop {
            let rest = self.codestream.get(self.at..).unwrap_or_default();
            let (Ok(0xff), Ok(marker)) = (byte(rest, 0), byte(rest, 1)) else {
                return Ok(None);
            };
            match marker {
                0xd9 => return Ok(None),
                0x93 if self.part_end <= self.at => return Err(SHORT),
                0x93 => {
                    self.at = self.part_end;
                    continue;
                }
                _ => {}
            }
            let length = usize::from(short(rest, 2)?) + 2;
            let body = rest.get(4..length).ok_or(SHORT)?;
            if marker == 0x90 {
                self.part_end = match long(body, 2)? as usize {
                    0 => self.codestream.len(),
                    part => self.at.saturating_add(part),
                };
            }
            self.at += length;
            if marker != 0x90 {
                return Ok(Some((marker, body)));
            }
        }
    }
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, CodecError> {
    bytes.get(at).copied().ok_or(SHORT)
}

fn short(bytes: &[u8], at: usize) -> Result<u16, CodecError> {
    Ok(u16::from_be_bytes([byte(bytes, at)?, byte(bytes, at + 1)?]))
}

fn long(bytes: &[u8], at: usize) -> Result<u32, CodecError> {
    Ok(u32::from(short(bytes, at)?) << 16 | u32::from(short(bytes, at + 2)?))
}
