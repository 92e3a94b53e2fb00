//! Whether a value that may stay is what PS3.6 says: text has no business in a number or a code string.

use crate::dicom::charset;
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::standard::dictionary::Entry;

const SPECIFIC_CHARACTER_SET: Tag = Tag(0x0008_0005);
const ICC_PROFILE: Tag = Tag(0x0028_2000);
/// Longest technical text that is kept, in bytes per value: the most an LO value holds.
const MAX_TECHNICAL: usize = 64;
/// Longest code string, in bytes per value (PS3.5 section 6.2).
const MAX_CODE: usize = 16;
/// Longest decimal string that is kept, in bytes per value. The standard has 16; many devices write more digits.
const MAX_DECIMAL: usize = 26;
/// Longest integer string, in bytes per value (PS3.5 section 6.2).
const MAX_INTEGER: usize = 12;

/// Whether a value of a technical attribute may stay. `written` is the file's VR.
pub fn is_well_formed(entry: &Entry, written: Vr, value: &[u8]) -> bool {
    let plain = |vr: Vr| vr.is_free_text() || vr == Vr::CS;
    // Signed for unsigned is a common slip, and says the same in as many bytes.
    let signed = |vr: Vr| match vr {
        Vr::SS => Vr::US,
        Vr::SL => Vr::UL,
        vr => vr,
    };
    let fits = written == Vr::UN
        || entry.allows(written)
        || signed(entry.vr) == signed(written)
        || plain(entry.vr) && plain(written);
    if !fits {
        return false;
    }
    if entry.tag == SPECIFIC_CHARACTER_SET {
        return charset::is_defined(value);
    }
    if entry.tag == ICC_PROFILE {
        return is_icc_profile(value);
    }
    let vr = if entry.vr.is_text() || written == Vr::UN {
        entry.vr
    } else {
        written
    };
    let few = |count: usize| entry.max_values == 0 || count <= entry.max_values as usize;
    let values = || value.split(|b| *b == b'\\').map(trim);
    if let Some(size) = number_size(vr) {
        return value.len().is_multiple_of(size) && few(value.len() / size);
    }
    if !vr.is_text() {
        return true;
    }
    few(values().count())
        && values().all(|one| match vr {
            Vr::CS => one.len() <= MAX_CODE && one.iter().all(|b| is_code(*b)),
            Vr::DS => one.is_empty() || one.len() <= MAX_DECIMAL && is_number::<f64>(one),
            Vr::IS => one.is_empty() || one.len() <= MAX_INTEGER && is_number::<i64>(one),
            _ => {
                one.len() <= MAX_TECHNICAL
                    && one.is_ascii()
                    && !one.iter().any(u8::is_ascii_control)
            }
        })
}

/// Whether bytes begin as an ICC profile does (ICC.1 section 7.2): their own size, and the signature.
fn is_icc_profile(value: &[u8]) -> bool {
    let size = value.first_chunk().map(|b| u32::from_be_bytes(*b) as usize);
    size.is_some_and(|size| size.next_multiple_of(2) == value.len().next_multiple_of(2))
        && value.get(36..40) == Some(b"acsp")
}

fn is_code(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'_')
}

fn is_number<N: std::str::FromStr>(text: &[u8]) -> bool {
    // Rust also reads `inf` and `nan`, which no decimal string may hold.
    text.iter()
        .all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'E' | b'e'))
        && std::str::from_utf8(text).is_ok_and(|text| text.parse::<N>().is_ok())
}

/// Bytes of one binary number of this VR.
fn number_size(vr: Vr) -> Option<usize> {
    match vr {
        Vr::SS | Vr::US => Some(2),
        Vr::AT | Vr::FL | Vr::SL | Vr::UL => Some(4),
        Vr::FD | Vr::SV | Vr::UV => Some(8),
        _ => None,
    }
}
