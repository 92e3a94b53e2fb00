//! What the cleaner of free text keeps and what it drops, at its public face.

mod descriptors;
mod identities;
mod large;
mod properties;

use std::ops::Range;

use samar::text::{Cleaner, OwnValues};

/// Own values that are found whatever their case.
struct Own(Vec<String>);

impl OwnValues for Own {
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        // Lower case of the same length only, so that places agree.
        let low: String = text.chars().map(|c| c.to_ascii_lowercase()).collect();
        self.0
            .iter()
            .flat_map(|value| {
                let found = low.match_indices(value.as_str());
                found.map(|(at, found)| at..at + found.len())
            })
            .collect()
    }
}

/// The words and numbers of a text.
fn atoms(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|atom| !atom.is_empty())
        .collect()
}

#[test]
fn own_values_go_even_if_they_are_medical_words() {
    let own = Own(vec!["thorax".to_owned(), "head".to_owned()]);
    let cleaned = Cleaner::new().clean("CT Thorax dan kepala, HEADER", &own);
    assert_eq!(cleaned.text, "CT dan kepala");
    assert_eq!(cleaned.kinds.get(samar::text::Kind::Own), 2);
}

#[test]
fn spans_need_not_be_sensible() {
    struct Wild;
    impl OwnValues for Wild {
        fn spans(&self, text: &str) -> Vec<Range<usize>> {
            if text == "CT" {
                return Vec::new();
            }
            vec![1..2, 900..1000, Range { start: 5, end: 3 }, 0..0]
        }
    }
    assert_eq!(Cleaner::new().clean("é CT", &Wild).text, "CT");
}

#[test]
fn a_site_may_allow_its_own_words() {
    let words = ["Kirana CT-7".to_owned(), "12345".to_owned()];
    let cleaner = Cleaner::with_words(words);
    assert_eq!(
        cleaner.clean("thorax KIRANA 12345", &()).text,
        "thorax KIRANA"
    );
    assert_eq!(
        Cleaner::new().clean("thorax KIRANA 12345", &()).text,
        "thorax"
    );
    let own = Own(vec!["kirana".to_owned()]);
    assert_eq!(cleaner.clean("thorax KIRANA", &own).text, "thorax");
}

#[test]
fn what_goes_is_counted_by_kind_without_values() {
    let text = "CT THORAX Tn. Budi 3171234511990001 budi@contoh.co.id 0812-3456-7890 12/05/1999 usia 95 tahun";
    let cleaned = Cleaner::new().clean(text, &());
    let kinds: Vec<String> = cleaned
        .kinds
        .iter()
        .map(|(kind, count)| format!("{} {count}", kind.label()))
        .collect();
    insta::assert_snapshot!(kinds.join(", "), @"nik 1, phone 3, email 4, date 3, age 3, name 2");
    assert_eq!(cleaned.text, "CT THORAX");
    assert_eq!(cleaned.dropped, cleaned.kinds.total());
    assert!(!format!("{cleaned:?}").contains("Budi"));
}

#[test]
fn a_text_of_known_words_comes_back_byte_for_byte() {
    let text = "  CT  Thorax\r\n (without contrast) ";
    assert_eq!(Cleaner::new().clean(text, &()).text, text);
}
