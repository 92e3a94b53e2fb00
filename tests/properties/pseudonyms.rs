//! Pseudonyms: stable, valid, and the same for every spelling.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use samar::dicom::charset::Charset;
use samar::pseudonym::{Ids, Key, PatientIdentity, Uids};

use super::cases;

fn key() -> impl Strategy<Value = Key> {
    any::<[u8; 32]>().prop_map(Key::from_bytes)
}

fn uid() -> impl Strategy<Value = String> {
    vec(0u64..1_000_000_000_000, 2..6).prop_map(|arcs| {
        let arcs: Vec<String> = arcs.iter().map(u64::to_string).collect();
        format!("1.2.{}", arcs.join("."))
    })
}

/// A word of what IDs and names are made of.
fn word() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_.-]{1,12}"
}

fn charset(term: &str) -> Charset {
    Charset::from_value(term.as_bytes())
}

fn by_id(ids: &Ids, id: &str, issuer: &str) -> String {
    let identity = PatientIdentity::Id {
        id: id.as_bytes(),
        issuer: issuer.as_bytes(),
    };
    ids.patient(identity, charset("ISO_IR 192"))
}

fn by_name(ids: &Ids, name: &[u8], term: &str) -> String {
    ids.patient(PatientIdentity::Name(name), charset(term))
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn new_uids_are_valid_stable_and_their_own(key in key(), old in vec(uid(), 1..20)) {
        let uids = Uids::new(&key);
        let again = Uids::new(&key);
        let mut seen = BTreeMap::new();
        for old in old {
            let new = uids.map(old.as_bytes());
            prop_assert!(new.len() <= 64);
            let number = new.strip_prefix("2.25.").unwrap();
            prop_assert!(!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
            prop_assert!(number == "0" || !number.starts_with('0'));
            prop_assert!(number.parse::<u128>().is_ok());
            prop_assert_eq!(&new, &again.map(old.as_bytes()));
            prop_assert_eq!(&new, &uids.map(format!(" {old}\0").as_bytes()));
            if let Some(other) = seen.insert(new, old.clone()) {
                prop_assert_eq!(other, old);
            }
        }
    }

    #[test]
    fn any_bytes_give_a_valid_uid(key in key(), old in vec(any::<u8>(), 0..80)) {
        let new = Uids::new(&key).map(&old);
        prop_assert!(new.len() <= 64 && new["2.25.".len()..].parse::<u128>().is_ok());
    }

    #[test]
    fn another_key_gives_other_pseudonyms(one in key(), other in key(), old in uid()) {
        prop_assume!(Uids::new(&one).map(b"1") != Uids::new(&other).map(b"1"));
        prop_assert_ne!(Uids::new(&one).map(old.as_bytes()), Uids::new(&other).map(old.as_bytes()));
        prop_assert_ne!(by_id(&Ids::new(&one), &old, ""), by_id(&Ids::new(&other), &old, ""));
    }

    #[test]
    fn pseudonyms_are_digits_of_one_length(
        key in key(), value in vec(any::<u8>(), 0..80), issuer in vec(any::<u8>(), 0..20), tag in any::<u32>(),
        term in proptest::sample::select(vec!["", "ISO_IR 100", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87"]),
    ) {
        let ids = Ids::new(&key);
        let charset = charset(term);
        let digits = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        let patient = ids.patient(PatientIdentity::Id { id: &value, issuer: &issuer }, charset);
        prop_assert!(digits(&patient, 20));
        prop_assert!(digits(&ids.patient(PatientIdentity::Name(&value), charset), 20));
        prop_assert!(digits(&ids.patient(PatientIdentity::Study(&value), charset), 20));
        prop_assert!(digits(&ids.accession(&value, charset), 16));
        prop_assert!(digits(&ids.value(tag, &value, charset), 16));
    }

    #[test]
    fn padding_case_and_empty_components_do_not_matter(
        key in key(), words in vec(word(), 1..4), left in 0usize..3, right in 0usize..3, carets in 0usize..4,
    ) {
        let ids = Ids::new(&key);
        let plain = words.join("^");
        let spelled = format!(
            "{}{}{}{}",
            " ".repeat(left),
            plain,
            "^".repeat(carets),
            [" ", "\0", " \0"][right].repeat(right),
        );
        for same in [&spelled, &spelled.to_lowercase(), &spelled.to_uppercase()] {
            prop_assert_eq!(by_id(&ids, same, ""), by_id(&ids, &plain, ""));
            prop_assert_eq!(by_id(&ids, "1", same), by_id(&ids, "1", &plain));
            prop_assert_eq!(by_name(&ids, same.as_bytes(), ""), by_name(&ids, plain.as_bytes(), ""));
            let charset = charset("");
            prop_assert_eq!(ids.accession(same.as_bytes(), charset), ids.accession(plain.as_bytes(), charset));
        }
    }

    #[test]
    fn different_identities_do_not_meet(
        key in key(), one in (word(), word()), other in (word(), word()),
    ) {
        let ids = Ids::new(&key);
        let fold = |(id, issuer): &(String, String)| (id.to_uppercase(), issuer.to_uppercase());
        let same = fold(&one) == fold(&other);
        prop_assert_eq!(by_id(&ids, &one.0, &one.1) == by_id(&ids, &other.0, &other.1), same);
        prop_assert_ne!(by_id(&ids, &one.0, ""), by_name(&ids, one.0.as_bytes(), ""));
        // The line between ID and issuer cannot be moved.
        let joined = by_id(&ids, &format!("{}{}", one.0, one.1), "");
        prop_assert_ne!(by_id(&ids, &one.0, &one.1), joined);
    }

    #[test]
    fn the_character_set_of_a_name_does_not_matter(key in key(), name in "[a-zäöüßéèåøñ]{1,12}(\\^[A-ZÄÖÜÉÅ][a-zäöüé]{1,8}){0,2}") {
        let ids = Ids::new(&key);
        let latin: Vec<u8> = name.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let wanted = by_name(&ids, name.as_bytes(), "ISO_IR 192");
        prop_assert_eq!(by_name(&ids, &latin, "ISO_IR 100"), wanted.clone());
        prop_assert_eq!(by_name(&ids, &latin, ""), wanted.clone());
        prop_assert_eq!(by_name(&ids, &latin, "\\ISO 2022 IR 100"), wanted);
    }

    #[test]
    fn an_attribute_s_dummy_depends_on_its_value_and_its_tag(key in key(), one in word(), other in word(), tag in any::<u32>()) {
        let ids = Ids::new(&key);
        let charset = charset("");
        let of = |tag, text: &str| ids.value(tag, text.as_bytes(), charset);
        prop_assert_eq!(of(tag, &one) == of(tag, &other), one.to_uppercase() == other.to_uppercase());
        prop_assert_ne!(of(tag, &one), of(tag ^ 1, &one));
    }

    #[test]
    fn decoding_never_fails(bytes in vec(any::<u8>(), 0..60), term in vec(any::<u8>(), 0..20)) {
        let terms = ["ISO 2022 IR 87", "\\ISO 2022 IR 149", "GB18030", "ISO_IR 13", "ISO_IR 192"];
        for charset in terms.iter().map(|t| charset(t)).chain([Charset::from_value(&term)]) {
            let mut escaped = bytes.clone();
            escaped.insert(bytes.len() / 2, 0x1B);
            prop_assert!(charset.decode(&bytes).len() <= bytes.len() * 3 + 3);
            prop_assert!(charset.decode(&escaped).len() <= escaped.len() * 3 + 3);
        }
    }
}
