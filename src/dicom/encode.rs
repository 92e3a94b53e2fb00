//! Writing single elements, for what samar adds or replaces.

use super::syntax::Encoding;
use super::tag::Tag;
use super::vr::Vr;

/// Appends the header of an element whose value has `len` bytes.
pub fn header(out: &mut Vec<u8>, encoding: Encoding, tag: Tag, vr: Vr, len: u32) {
    out.extend_from_slice(&encoding.put_u16(tag.group()));
    out.extend_from_slice(&encoding.put_u16(tag.element()));
    if !encoding.explicit {
        out.extend_from_slice(&encoding.put_u32(len));
    } else if vr.has_long_header() {
        out.extend_from_slice(&vr.code());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&encoding.put_u32(len));
    } else {
        // Values that samar writes under a short header are at most 64 characters long.
        out.extend_from_slice(&vr.code());
        out.extend_from_slice(&encoding.put_u16(len as u16));
    }
}

/// Appends an element, its value padded to even length.
pub fn element(out: &mut Vec<u8>, encoding: Encoding, tag: Tag, vr: Vr, value: &[u8]) {
    let odd = value.len() % 2;
    header(out, encoding, tag, vr, (value.len() + odd) as u32);
    out.extend_from_slice(value);
    if odd == 1 {
        out.push(vr.padding());
    }
}

/// Appends a sequence of items with these contents, all with defined lengths.
pub fn sequence(
    out: &mut Vec<u8>,
    encoding: Encoding,
    tag: Tag,
    items: impl Iterator<Item = Vec<u8>>,
) {
    let mut value = Vec::with_capacity(128);
    for content in items {
        value.extend_from_slice(&encoding.put_u16(Tag::ITEM.group()));
        value.extend_from_slice(&encoding.put_u16(Tag::ITEM.element()));
        value.extend_from_slice(&encoding.put_u32(content.len() as u32));
        value.extend_from_slice(&content);
    }
    header(out, encoding, tag, Vr::SQ, value.len() as u32);
    out.extend_from_slice(&value);
}
