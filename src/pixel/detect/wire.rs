//! Whether bytes are a Protocol Buffers message at all.
//!
//! The library trusts the lengths of an ONNX file's outermost fields: a wrong one sends it back in the file, for ever,
//! or makes it ask for memory that is not there. Within a field it minds the bounds itself.

/// Whether the outermost fields follow one another without gap up to the end.
pub(super) fn is_message(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let Some(rest) = field(bytes) else {
            return false;
        };
        bytes = rest;
    }
    true
}

/// What follows the first field.
fn field(bytes: &[u8]) -> Option<&[u8]> {
    let (key, bytes) = varint(bytes)?;
    match key & 7 {
        0 => Some(varint(bytes)?.1),
        1 => bytes.get(8..),
        2 => {
            let (len, bytes) = varint(bytes)?;
            bytes.get(usize::try_from(len).ok()?..)
        }
        5 => bytes.get(4..),
        _ => None,
    }
}

/// A number of up to ten bytes, seven bits in each, and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        let bits = u64::from(byte & 0x7F);
        value |= bits.checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(at + 1..)?));
        }
    }
    None
}
