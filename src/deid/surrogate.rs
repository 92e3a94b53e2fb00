//! Dummy values (action D): valid for their VR, and without a letter of the original.

use crate::dicom::charset::Charset;
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::pseudonym::Ids;

/// Timezone Offset From UTC has a format of its own (PS3.3 section C.12.1.1.8).
const TIMEZONE_OFFSET: Tag = Tag(0x0008_0201);
/// A DA that is no examination's.
pub(super) const DATE: &str = "19000101";
/// A TM that is no examination's.
pub(super) const TIME: &str = "000000";
/// A DT that is no examination's.
pub(super) const DATE_TIME: &str = "19000101000000";
/// Nothing to say, as text.
pub(super) const NOTHING: &str = "0";

/// The dummy for a value. Equal text values of one attribute get equal dummies.
pub(super) fn dummy(ids: &Ids, tag: Tag, vr: Vr, value: &[u8], charset: Charset) -> Vec<u8> {
    if tag == TIMEZONE_OFFSET {
        return b"+0000".to_vec();
    }
    let text = match vr {
        Vr::DA => DATE.to_owned(),
        Vr::TM => TIME.to_owned(),
        Vr::DT => DATE_TIME.to_owned(),
        Vr::AS => "000Y".to_owned(),
        Vr::CS | Vr::DS | Vr::IS | Vr::UR => NOTHING.to_owned(),
        Vr::AE | Vr::LO | Vr::LT | Vr::PN | Vr::SH | Vr::ST | Vr::UC | Vr::UT => {
            if trim(value).is_empty() {
                NOTHING.to_owned()
            } else {
                ids.value(tag.0, value, charset)
            }
        }
        Vr::OB | Vr::OW | Vr::SS | Vr::UN | Vr::US => return vec![0; 2],
        Vr::AT | Vr::FL | Vr::OF | Vr::OL | Vr::SL | Vr::UL => return vec![0; 4],
        Vr::FD | Vr::OD | Vr::OV | Vr::SV | Vr::UV => return vec![0; 8],
        // Sequences are entered and UIDs mapped before anyone asks for a dummy.
        Vr::SQ | Vr::UI => return Vec::new(),
    };
    text.into_bytes()
}

/// Whether a value could have come from [`dummy`], a pseudonym or a remapped UID: the test that verification
/// puts to every attribute that had to change.
pub fn is_surrogate(vr: Vr, value: &[u8]) -> bool {
    let text = trim(value);
    match vr {
        _ if text.is_empty() && vr.is_text() => true,
        Vr::UI => text.starts_with(b"2.25."),
        Vr::AS => text == b"000Y",
        Vr::DA => text == DATE.as_bytes(),
        Vr::TM => text == TIME.as_bytes(),
        Vr::DT => text == DATE_TIME.as_bytes(),
        Vr::SH if text == b"+0000" => true,
        _ if vr.is_text() => {
            text == NOTHING.as_bytes()
                || text.iter().all(u8::is_ascii_digit) && Ids::LENGTHS.contains(&text.len())
        }
        _ => value.len() <= 8 && value.iter().all(|b| *b == 0),
    }
}
