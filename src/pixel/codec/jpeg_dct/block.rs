//! One block of coefficients, as it is coded (ITU-T T.81 section F.2.2).

use super::super::error::CodecError;
use super::bits::BitReader;
use super::huffman::Decoder;

/// The word behind the last coefficient that is not zero.
pub(super) const END_OF_BLOCK: u8 = 0x00;
/// The word for sixteen zeros.
pub(super) const SIXTEEN_ZEROS: u8 = 0xF0;

/// The last place in a block.
const LAST: u8 = 63;

const OUT_OF_BLOCK: CodecError = CodecError::Malformed("a coefficient outside its block");

/// Reads how much the DC is above the one of the block before.
#[inline]
pub(super) fn read_dc(bits: &mut BitReader, table: &Decoder) -> Result<i32, CodecError> {
    bits.refill();
    let size = table.symbol(bits)?;
    if size > 15 {
        return Err(CodecError::Malformed("a dc difference of too many bits"));
    }
    let size = u32::from(size);
    let value = bits.take(size).cast_signed();
    let negative = size > 0 && value >> (size - 1) == 0;
    Ok(if negative {
        value - (1 << size) + 1
    } else {
        value
    })
}

/// The DC of a block, from the one of the block before. What does not fit in 16 bits no image can have.
#[inline]
pub(super) fn next_dc(before: i32, difference: i32) -> Result<i32, CodecError> {
    let dc = before + difference;
    if i16::try_from(dc).is_err() {
        return Err(CodecError::Malformed("a dc out of range"));
    }
    Ok(dc)
}

/// A coefficient that is not zero.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ac {
    /// Its place in zigzag order, 1 to 63.
    pub(super) place: u8,
    /// How many bits it has, 1 to 15.
    pub(super) size: u8,
    /// The bits that say which of those it is.
    pub(super) bits: u16,
}

/// Reads the AC coefficients of a block.
#[inline]
pub(super) fn read_ac(
    bits: &mut BitReader,
    table: &Decoder,
    mut each: impl FnMut(Ac),
) -> Result<(), CodecError> {
    let mut place = 0;
    while place < LAST {
        let Some(ac) = next_ac(bits, table, place)? else {
            break;
        };
        place = ac.place;
        each(ac);
    }
    bits.still_inside()
}

/// Takes the AC coefficients of a block without looking at them, several at once where the table knows them.
#[inline]
pub(super) fn skip_ac(bits: &mut BitReader, table: &Decoder) -> Result<(), CodecError> {
    let mut place = 0;
    while place < LAST {
        bits.refill();
        let stride = table.stride(bits);
        let reached = place + stride.places;
        // A block that is full has no word for its end: what looks like one belongs to the next.
        if stride.bits > 0 && reached + u8::from(stride.ends) <= LAST {
            bits.skip(u32::from(stride.bits));
            if stride.ends {
                break;
            }
            place = reached;
        } else if let Some(ac) = next_ac(bits, table, place)? {
            place = ac.place;
        } else {
            break;
        }
    }
    bits.still_inside()
}

/// Reads the next coefficient that is not zero, behind `place`, unless there is none.
#[inline]
fn next_ac(bits: &mut BitReader, table: &Decoder, mut place: u8) -> Result<Option<Ac>, CodecError> {
    loop {
        bits.refill();
        let symbol = table.symbol(bits)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        if size > 0 {
            place += run + 1;
            let bits = bits.take(u32::from(size)) as u16;
            if place > LAST {
                return Err(OUT_OF_BLOCK);
            }
            return Ok(Some(Ac { place, size, bits }));
        }
        match symbol {
            END_OF_BLOCK => return Ok(None),
            // No lawful stream ends a block with zeros: what decoders then read is not agreed on.
            SIXTEEN_ZEROS if place + 16 < LAST => place += 16,
            SIXTEEN_ZEROS => return Err(OUT_OF_BLOCK),
            _ => return Err(CodecError::Malformed("a huffman word without meaning")),
        }
    }
}

/// How many bits a DC difference has, and which of those it is.
#[inline]
pub(super) fn dc_bits(difference: i32) -> (u8, u32) {
    let size = 32 - difference.unsigned_abs().leading_zeros();
    let value = if difference < 0 {
        difference - 1
    } else {
        difference
    };
    (size as u8, value.cast_unsigned() & ((1 << size) - 1))
}
