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
        // `element` never lets a longer value come here.
        out.extend_from_slice(&vr.code());
        out.extend_from_slice(&encoding.put_u16(len as u16));
    }
}

/// Appends an element, its value padded to even length. A value too long for the VR's short header becomes UN
/// (PS3.5 section 6.2.2): a list of UIDs grows when each gets a longer one.
pub fn element(out: &mut Vec<u8>, encoding: Encoding, tag: Tag, vr: Vr, value: &[u8]) {
    let odd = value.len() % 2;
    let len = (value.len() + odd) as u32;
    let too_long = encoding.explicit && !vr.has_long_header() && len > u32::from(u16::MAX);
    header(out, encoding, tag, if too_long { Vr::UN } else { vr }, len);
    out.extend_from_slice(value);
    if odd == 1 {
        out.push(vr.padding());
    }
}

/// Appends a sequence of one item that holds `content`, both with defined lengths.
pub fn sequence_of_one(out: &mut Vec<u8>, encoding: Encoding, tag: Tag, content: &[u8]) {
    header(out, encoding, tag, Vr::SQ, content.len() as u32 + 8);
    out.extend_from_slice(&encoding.put_u16(Tag::ITEM.group()));
    out.extend_from_slice(&encoding.put_u16(Tag::ITEM.element()));
    out.extend_from_slice(&encoding.put_u32(content.len() as u32));
    out.extend_from_slice(content);
}
