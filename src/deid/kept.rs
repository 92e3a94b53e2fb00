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
/// Longest private value without a meaning that is kept, in bytes.
const MAX_OPAQUE: usize = 1024;
/// Letters in a row that are taken for text.
const READABLE: usize = 4;
/// Digits in a row that are taken for somebody's number.
const LONG_NUMBER: usize = 6;

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

/// Whether the values of a text attribute are as long as its VR allows and hold no control characters but those of
/// PS3.5 section 6.1.3. A character may take four bytes.
pub fn is_plain_text(vr: Vr, value: &[u8]) -> bool {
    let longest = vr.max_chars().map_or(usize::MAX, |chars| chars * 4);
    let paragraphs = matches!(vr, Vr::LT | Vr::ST | Vr::UT);
    let plain = |b: &u8| match b {
        b'\r' | b'\n' | 0x0C | b'\t' => paragraphs,
        0x1B => true,
        b => !b.is_ascii_control(),
    };
    let fits = |one: &[u8]| one.len() <= longest && one.iter().all(plain);
    if paragraphs {
        fits(trim(value))
    } else {
        value.split(|b| *b == b'\\').map(trim).all(fits)
    }
}

/// Whether a private value that is listed as safe is what its VR says. Bytes without a meaning must be few and show
/// no text.
pub fn is_private_value(vr: Vr, value: &[u8]) -> bool {
    let values = || value.split(|b| *b == b'\\').map(trim);
    if let Some(size) = number_size(vr) {
        // Numbers that read as words are no numbers.
        let printable = value.iter().all(|b| matches!(b, b' '..=b'~' | 0));
        let words = printable && shows_text(value);
        return value.len().is_multiple_of(size) && !words;
    }
    match vr {
        Vr::CS => values().all(|one| one.len() <= MAX_CODE && one.iter().all(|b| is_code(*b))),
        Vr::DS => {
            values().all(|one| one.is_empty() || one.len() <= MAX_DECIMAL && is_number::<f64>(one))
        }
        Vr::IS => {
            values().all(|one| one.is_empty() || one.len() <= MAX_INTEGER && is_number::<i64>(one))
        }
        vr if vr.is_text() => values().all(|one| {
            one.len() <= MAX_TECHNICAL && one.is_ascii() && !one.iter().any(u8::is_ascii_control)
        }),
        _ => value.len() <= MAX_OPAQUE && !shows_text(value),
    }
}

/// Whether bytes hold a run of letters or digits that could be read, in one byte each or in two.
pub fn shows_text(value: &[u8]) -> bool {
    let readable = |bytes: &[u8]| {
        let letters = bytes.split(|b| !b.is_ascii_alphabetic());
        let digits = bytes.split(|b| !b.is_ascii_digit());
        letters.map(<[u8]>::len).max() >= Some(READABLE)
            || digits.map(<[u8]>::len).max() >= Some(LONG_NUMBER)
    };
    let every_second = |from: usize| -> Vec<u8> {
        let pairs = value.get(from..).unwrap_or_default().chunks(2);
        pairs.filter_map(|pair| pair.first().copied()).collect()
    };
    readable(value) || readable(&every_second(0)) || readable(&every_second(1))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::dictionary;

    #[track_caller]
    fn stays(tag: u32, written: Vr, value: &[u8]) -> bool {
        is_well_formed(dictionary::by_tag(Tag(tag)).unwrap(), written, value)
    }

    const SLICE_THICKNESS: u32 = 0x0018_0050;
    const INSTANCE_NUMBER: u32 = 0x0020_0013;
    const MODALITY: u32 = 0x0008_0060;
    const KERNEL: u32 = 0x0018_1210;
    const ROWS: u32 = 0x0028_0010;

    #[test]
    fn decimal_strings_hold_numbers() {
        for good in [
            &b"2.5 "[..],
            b"-1e-05",
            b"+.5",
            b"",
            b"1.23456789012345678901234",
        ] {
            assert!(stays(SLICE_THICKNESS, Vr::DS, good));
        }
        for bad in [
            &b"2,5"[..],
            b"1.5\\2",
            b"NaN",
            b"inf",
            b"1.5mm",
            b"Anna",
            b"1 5",
            b"0x10",
        ] {
            assert!(!stays(SLICE_THICKNESS, Vr::DS, bad));
        }
    }

    #[test]
    fn integer_strings_hold_integers() {
        assert!(stays(INSTANCE_NUMBER, Vr::IS, b" 7 ") && stays(INSTANCE_NUMBER, Vr::IS, b"-7"));
        for bad in [&b"7.0"[..], b"1234567890123", b"7A", b"--7"] {
            assert!(!stays(INSTANCE_NUMBER, Vr::IS, bad));
        }
    }

    #[test]
    fn code_strings_hold_capitals() {
        assert!(stays(MODALITY, Vr::CS, b"CT"));
        for bad in [&b"Ct"[..], b"CT-1", b"QUILLFEATHER ANNA", b"C\xC4"] {
            assert!(!stays(MODALITY, Vr::CS, bad));
        }
    }

    #[test]
    fn technical_text_is_short_and_plain() {
        assert!(stays(KERNEL, Vr::SH, b"Br40d\\3"));
        assert!(stays(KERNEL, Vr::LO, &[b'a'; 64]));
        for bad in [&[b'a'; 65][..], b"M\xFCller", b"a\x1B$Bb", b"a\nb"] {
            assert!(!stays(KERNEL, Vr::SH, bad));
        }
    }

    #[test]
    fn numbers_have_their_size() {
        assert!(stays(ROWS, Vr::US, &[1, 0]) && stays(ROWS, Vr::UN, &[1, 0]));
        for bad in [&[1][..], &[1, 0, 0], b"Anna", b"AnnaBert"] {
            assert!(!stays(ROWS, Vr::US, bad));
        }
        assert!(!stays(ROWS, Vr::LO, b"16"), "text where a number belongs");
    }

    #[test]
    fn the_character_set_is_one_of_the_standard_s() {
        assert!(stays(0x0008_0005, Vr::CS, b"\\ISO 2022 IR 87"));
        assert!(!stays(0x0008_0005, Vr::CS, b"ISO_IR 999") && !stays(0x0008_0005, Vr::CS, b"ANNA"));
    }
}
