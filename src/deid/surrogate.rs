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

/// Whether a value could have come from `dummy`, a pseudonym or a remapped UID: the test that verification
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pseudonym::Key;

    #[test]
    fn every_dummy_is_valid_for_its_vr_and_known_for_a_dummy() {
        let ids = Ids::new(&Key::from_bytes([7; 32]));
        for vr in Vr::ALL
            .iter()
            .copied()
            .filter(|vr| !matches!(vr, Vr::SQ | Vr::UI))
        {
            let value = dummy(
                &ids,
                Tag(0x0008_1030),
                vr,
                b"Quillfeather^Anna",
                Charset::default(),
            );
            assert!(!value.is_empty(), "{vr}");
            assert!(is_surrogate(vr, &value), "{vr}");
            assert!(
                value
                    .iter()
                    .all(|b| *b != b'^' && !(b.is_ascii_lowercase())),
                "{vr}"
            );
            let longest = vr.max_chars().unwrap_or(usize::MAX);
            assert!(value.len() <= longest, "{vr} holds {longest} characters");
        }
    }

    #[test]
    fn a_dummy_depends_on_the_value_only_where_it_is_text() {
        let ids = Ids::new(&Key::from_bytes([7; 32]));
        let of = |vr, value: &[u8]| dummy(&ids, Tag(0x0008_1030), vr, value, Charset::default());
        assert_ne!(of(Vr::LO, b"one"), of(Vr::LO, b"two"));
        assert_eq!(of(Vr::LO, b"one"), of(Vr::LO, b"ONE "));
        assert_eq!(of(Vr::DA, b"20190301"), of(Vr::DA, b"20190302"));
        assert_eq!(of(Vr::LO, b"  "), b"0");
    }

    #[test]
    fn an_offset_from_utc_stays_an_offset() {
        let ids = Ids::new(&Key::from_bytes([7; 32]));
        let value = dummy(&ids, TIMEZONE_OFFSET, Vr::SH, b"-0730", Charset::default());
        assert_eq!(value, b"+0000");
        assert!(is_surrogate(Vr::SH, &value));
    }

    #[test]
    fn originals_are_not_taken_for_dummies() {
        for (vr, value) in [
            (Vr::PN, &b"Anna"[..]),
            (Vr::LO, b"+0000"),
            (Vr::UI, b"1.2.3"),
            (Vr::AS, b"045Y"),
            (Vr::DA, b"2019-3-1"),
            (Vr::SH, b"-0730"),
            (Vr::US, &[1, 0]),
            (Vr::OB, &[0; 16]),
            (Vr::UR, b"http://a"),
        ] {
            assert!(!is_surrogate(vr, value), "{vr}");
        }
    }
}
