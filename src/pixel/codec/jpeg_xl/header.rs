//! The bit depth in the image header of a codestream (ISO/IEC 18181-1, image header and image metadata).

/// Bits of a dimension, by its selector.
const DIMENSION: [usize; 4] = [9, 13, 18, 30];
/// The selector of a bit depth that six bits spell out.
const SPELT_OUT: u8 = 3;

/// Sets the bit depth of a codestream that spells out 16 bits; `None` when its header is not of that kind.
pub(super) fn declare(stream: &mut [u8], precision: u8) -> Option<()> {
    let mut at = 0;
    let is = |at: &mut usize, count: usize, wanted: u8| -> Option<()> {
        let found = bits(stream, *at, count)?;
        *at += count;
        (found == wanted).then_some(())
    };
    // The signature, and a size that is not of the short form.
    is(&mut at, 8, 0xFF)?;
    is(&mut at, 8, 0x0A)?;
    is(&mut at, 1, 0)?;
    for ratio in [true, false] {
        let selector = bits(stream, at, 2)?;
        at += 2 + DIMENSION.get(usize::from(selector))?;
        if ratio {
            // The width is spelt out too.
            is(&mut at, 3, 0)?;
        }
    }
    // Not all defaults, no extra fields, integers.
    is(&mut at, 3, 0)?;
    is(&mut at, 2, SPELT_OUT)?;
    let value = at;
    is(&mut at, 6, 15)?;
    for n in 0..6 {
        let place = value + n;
        let byte = stream.get_mut(place / 8)?;
        let bit = precision.checked_sub(1)? >> n & 1;
        *byte = *byte & !(1 << (place % 8)) | bit << (place % 8);
    }
    Some(())
}

/// Up to eight bits from bit `at` on, the least significant one first.
fn bits(stream: &[u8], at: usize, count: usize) -> Option<u8> {
    (0..count).try_fold(0, |value, n| {
        let place = at + n;
        let bit = stream.get(place / 8)? >> (place % 8) & 1;
        Some(value | bit << n)
    })
}
