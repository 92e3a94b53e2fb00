//! Pseudonyms of a site's own form: stable, legal in their VR, the same for every spelling.

use proptest::collection::vec;
use proptest::prelude::*;
use samar::dicom::charset::Charset;
use samar::dicom::vr::Vr;
use samar::pseudonym::{Format, Ids, Key, Named, PatientIdentity, Subjects, Uids};

use super::cases;

const CASES: u32 = 100_000;

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u8..8).prop_map(|n| format!("{{hmac:{n}}}")),
        (1u8..8).prop_map(|n| format!("{{digits:{n}}}")),
        (1u8..8).prop_map(|n| format!("{{hex:{n}}}")),
        "[A-Za-z0-9_.-]{1,4}",
        Just("{{".to_owned()),
        Just("}}".to_owned()),
    ]
}

fn format() -> impl Strategy<Value = Format> {
    // A pseudonym names a folder, which a leading dot would hide.
    vec(part(), 0..5).prop_map(|parts| {
        let text = parts.concat() + "{hmac:5}";
        Format::parse(text.trim_start_matches('.')).unwrap()
    })
}

fn charset(term: &str) -> Charset {
    Charset::from_value(term.as_bytes())
}

/// Whether a text is a legal value, said here once more and in other words than the product's.
fn is_legal(vr: Vr, text: &str) -> bool {
    let chars = text.chars().count();
    let longest = match vr {
        Vr::AE | Vr::CS | Vr::DS | Vr::SH => 16,
        Vr::IS => 12,
        Vr::LO | Vr::PN => 64,
        Vr::ST => 1024,
        Vr::LT => 10240,
        Vr::UC | Vr::UT => usize::MAX,
        _ => return false,
    };
    let is_plain = text.chars().all(|c| (' '..='~').contains(&c) && c != '\\');
    chars <= longest
        && is_plain
        && text.trim() == text
        && match vr {
            Vr::CS => text
                .chars()
                .all(|c| "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _".contains(c)),
            Vr::IS => text.parse::<i32>().is_ok(),
            Vr::DS => text.parse::<f64>().is_ok(),
            Vr::PN => !text.contains(['^', '=']),
            _ => true,
        }
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn a_format_reads_back_and_what_it_makes_fits(
        format in format(), key in any::<[u8; 32]>(), value in vec(any::<u8>(), 0..40),
        term in proptest::sample::select(vec!["", "ISO_IR 100", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87"]),
        vr in proptest::sample::select(Vr::ALL),
    ) {
        prop_assert_eq!(&Format::parse(&format.to_string()).unwrap(), &format);
        let key = Key::from_bytes(key);
        let named = Named::new(&key, "device");
        let pseudonym = format.render(named.digest(&value, charset(term)));
        prop_assert_eq!(&pseudonym, &format.render(Named::new(&key, "device").digest(&value, charset(term))));
        prop_assert_eq!(pseudonym.len(), format.len());
        prop_assert!(format.could_be(&pseudonym));
        if format.fits(vr) {
            prop_assert!(is_legal(vr, &pseudonym), "{} {}", vr, pseudonym);
        }
    }

    #[test]
    fn spellings_share_a_pseudonym_and_names_do_not(
        key in any::<[u8; 32]>(), value in "[A-Za-z0-9]{1,8}( [a-zäöüÄÖÜ]{1,6}){0,2}", left in 0usize..3, right in 0usize..3,
    ) {
        let key = Key::from_bytes(key);
        let (ids, named, other) = (Ids::new(&key), Named::new(&key, "device"), Named::new(&key, "room"));
        let utf_8 = charset("ISO_IR 192");
        let latin: Vec<u8> = value.to_uppercase().chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let latin = [" ".repeat(left).as_bytes(), &latin, "\0".repeat(right).as_bytes()].concat();
        let plain = value.as_bytes();
        let id = |id| PatientIdentity::Id { id, issuer: b"" };
        prop_assert_eq!(named.digest(plain, utf_8), named.digest(&latin, charset("")));
        prop_assert_eq!(ids.accession_digest(plain, utf_8), ids.accession_digest(&latin, charset("")));
        prop_assert_eq!(ids.patient_digest(id(plain), utf_8), ids.patient_digest(id(&latin), charset("")));
        prop_assert_ne!(named.digest(plain, utf_8), other.digest(plain, utf_8));
        prop_assert_ne!(named.digest(plain, utf_8), ids.accession_digest(plain, utf_8));
        prop_assert_ne!(named.digest(plain, utf_8), named.digest(&[plain, b"x"].concat(), utf_8));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,12}", braced in "[{}a-z0-9:]{0,16}") {
        for text in [text, braced] {
            match Format::parse(&text) {
                Ok(format) => prop_assert!(format.could_be(&format.render([0xFF; 32]))),
                Err(error) => prop_assert!(text.get(error.at).is_some()),
            }
        }
    }

    #[test]
    fn uids_under_a_root_are_valid_and_stable(
        key in any::<[u8; 32]>(), old in vec(any::<u8>(), 0..64), arcs in vec(0u32..100_000, 1..5),
    ) {
        let root = arcs.iter().fold("1.2.826".to_owned(), |root, arc| format!("{root}.{arc}"));
        let key = Key::from_bytes(key);
        let uids = Uids::with_root(&key, Some(&root)).unwrap();
        let new = uids.map(&old);
        let number = new.strip_prefix(uids.prefix()).unwrap();
        prop_assert_eq!(uids.prefix(), root + ".");
        prop_assert!(new.len() <= 64 && (30..=39).contains(&number.len()));
        prop_assert!(number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0'));
        prop_assert_eq!(&new, &Uids::with_root(&key, Some(uids.prefix().trim_end_matches('.'))).unwrap().map(&old));
    }

    #[test]
    fn any_root_is_refused_or_gives_uids(root in "[0-9.]{0,40}") {
        if let Ok(uids) = Uids::with_root(&Key::from_bytes([7; 32]), Some(&root)) {
            let new = uids.map(b"1.2.3");
            prop_assert!(new.len() <= 64);
            prop_assert!(new.split('.').all(|arc| arc == "0" || !(arc.is_empty() || arc.starts_with('0'))));
        }
    }

    #[test]
    fn a_table_of_any_bytes_is_read_or_refused(
        text in prop_oneof![
            vec(any::<u8>(), 0..60),
            vec(proptest::sample::select(&b"AB1,,\n\"\r; -\xC3"[..]), 0..60)
                .prop_map(|rows| [b"patient_id,pseudonym,shift_days\n", rows.as_slice()].concat()),
        ],
    ) {
        match Subjects::parse(&text) {
            Ok(table) => {
                prop_assert!(table.pseudonyms().all(|p| is_legal(Vr::LO, p) && !p.is_empty()));
                prop_assert!(table.pseudonyms().all(|p| table.find(p.as_bytes(), b"", Charset::default()).is_none()));
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
