//! Whether a value that may stay is what its VR says: text has no business in a number or a code string.

use crate::dicom::Vr;
use crate::dicom::value::trim;

/// Longest technical text that is kept, in bytes per value: the most an LO value holds.
const MAX_TECHNICAL: usize = 64;

/// Whether a value of a technical attribute may stay. `dictionary` is the VR of PS3.6, `written` the file's.
pub(super) fn is_well_formed(dictionary: Vr, written: Vr, value: &[u8]) -> bool {
    let plain = |vr: Vr| vr.is_free_text() || vr == Vr::CS;
    let fits = match (dictionary.is_text(), written.is_text()) {
        _ if written == Vr::UN || written == dictionary => true,
        (true, true) => plain(dictionary) && plain(written),
        (one, other) => one == other,
    };
    if !fits {
        return false;
    }
    match dictionary {
        Vr::CS => value
            .iter()
            .all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'_' | b'\\' | 0)),
        Vr::DS | Vr::IS => value.iter().all(|b| {
            matches!(
                b,
                b'0'..=b'9' | b'+' | b'-' | b'.' | b'E' | b'e' | b' ' | b'\\' | 0
            )
        }),
        Vr::LO | Vr::SH | Vr::ST | Vr::LT | Vr::UC | Vr::UT => {
            value.split(|b| *b == b'\\').all(|one| {
                one.len() <= MAX_TECHNICAL
                    && one.is_ascii()
                    && !trim(one).iter().any(u8::is_ascii_control)
            })
        }
        _ => true,
    }
}
