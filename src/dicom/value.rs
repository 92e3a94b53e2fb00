//! Values as text: trimming and splitting without copying.

/// Takes padding (spaces and NULs, PS3.5 section 6.2) off both ends.
pub fn trim(bytes: &[u8]) -> &[u8] {
    let padding = |b: &u8| matches!(b, b' ' | 0 | b'\t' | b'\r' | b'\n');
    let start = bytes
        .iter()
        .position(|b| !padding(b))
        .unwrap_or(bytes.len());
    let end = bytes
        .iter()
        .rposition(|b| !padding(b))
        .map_or(start, |i| i + 1);
    &bytes[start..end]
}

/// Splits at backslashes. In multi-byte character sets the second byte of a character may look like one;
/// what is split here is only compared or mapped, never written back in part.
pub fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| *b == b'\\').map(trim)
}

/// The first value, trimmed, as ASCII text; `None` when it is empty or not ASCII.
pub fn first_ascii(bytes: &[u8]) -> Option<&str> {
    let first = split(bytes).next()?;
    if first.is_empty() || !first.is_ascii() {
        return None;
    }
    std::str::from_utf8(first).ok()
}
