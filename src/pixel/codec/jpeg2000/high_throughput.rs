//! Code-blocks by the high throughput coder (ITU-T T.814), one cleanup pass each.

use openjph_core::codestream::Codestream;
use openjph_core::file::MemOutfile;
use openjph_core::types::{Point, Size};

use super::block::Coded;
use crate::pixel::codec::error::CodecError;

const REFUSED: CodecError = CodecError::Unsupported("the high throughput coder refused a block");

/// Codes a block of `width` times `height` coefficients, each side 1 to 64, with all its bit planes.
///
/// The coder takes whole pictures only: the block is handed over as a picture without wavelet, and what comes back is one
/// packet with one block in it. Its bytes do not depend on the picture around it.
pub(super) fn encode(values: &[i32], width: usize, height: usize) -> Result<Coded, CodecError> {
    let all = values
        .iter()
        .fold(0, |all, value| all | value.unsigned_abs());
    if all == 0 {
        return Ok(Coded::default());
    }
    let precision = u32::BITS - all.leading_zeros() + 1;
    let (columns, rows) = (width as u32, height as u32);
    let mut coder = Codestream::new();
    let size = coder.access_siz_mut();
    size.set_image_extent(Point::new(columns, rows));
    size.set_tile_size(Size::new(columns, rows));
    size.set_num_components(1);
    size.set_comp_info(0, Point::new(1, 1), precision, true);
    let style = coder.access_cod_mut();
    style.set_num_decomposition(0);
    style.set_reversible(true);
    style.set_color_transform(false);
    style.set_block_dims(64, 64);
    coder.set_planar(0);
    let mut file = MemOutfile::new();
    coder.write_headers(&mut file, &[]).map_err(|_| REFUSED)?;
    for row in values.chunks_exact(width) {
        coder.exchange(row, 0).map_err(|_| REFUSED)?;
    }
    coder.flush(&mut file).map_err(|_| REFUSED)?;
    let planes = coder.access_qcd().get_kmax(0, 0, 0);
    only_block(packet(file.get_data()).ok_or(REFUSED)?, planes).ok_or(REFUSED)
}

/// What lies between the first start of data and the end of the codestream.
fn packet(codestream: &[u8]) -> Option<&[u8]> {
    let mut at = 2;
    while codestream.get(at..at + 2)? != [0xff, 0x93] {
        let length = codestream.get(at + 2..at + 4)?;
        at += 2 + usize::from(u16::from_be_bytes(length.try_into().ok()?));
    }
    codestream.get(at + 2..)?.strip_suffix(&[0xff, 0xd9])
}

/// Takes the block out of a packet that has no other.
fn only_block(packet: &[u8], planes: u32) -> Option<Coded> {
    let mut bits = Bits {
        packet,
        at: 0,
        rest: 0,
        count: 0,
    };
    let filled_and_included = bits.next()? && bits.next()?;
    let mut missing = 0;
    while !bits.next()? {
        missing += 1;
    }
    let more_than_one_pass = bits.next()?;
    let mut size = 3;
    while bits.next()? {
        size += 1;
    }
    let length =
        (0..size).try_fold(0, |length, _| Some(length << 1 | usize::from(bits.next()?)))?;
    let whole = filled_and_included && !more_than_one_pass && missing + 1 == planes;
    let body = packet.get(bits.end()..)?;
    // The coder leaves one zero byte too many after a header with a stuffed bit.
    let body = match body.strip_prefix(&[0]) {
        Some(rest) if rest.len() == length => rest,
        _ => body,
    };
    (whole && body.len() == length && length > 1).then(|| Coded {
        bytes: body.to_vec(),
        passes: 1,
        planes: 1,
    })
}

/// Bits of a packet header; a byte after 0xFF has only seven.
struct Bits<'a> {
    packet: &'a [u8],
    at: usize,
    rest: u8,
    count: u32,
}

impl Bits<'_> {
    fn next(&mut self) -> Option<bool> {
        if self.count == 0 {
            let stuffed = self.at > 0 && self.packet.get(self.at - 1) == Some(&0xff);
            self.rest = *self.packet.get(self.at)?;
            self.count = if stuffed { 7 } else { 8 };
            self.at += 1;
        }
        self.count -= 1;
        Some(self.rest >> self.count & 1 == 1)
    }

    /// Where the header ends.
    fn end(&self) -> usize {
        let stuffed = self.at > 0 && self.packet.get(self.at - 1) == Some(&0xff);
        self.at + usize::from(stuffed)
    }
}
