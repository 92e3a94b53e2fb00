//! Texts as large as a file can hold. The work per character must not grow with the text: these never end if it does.

use std::ops::Range;

use samar::text::{Cleaner, OwnValues};

/// As many characters as these tests clean.
const LARGE: usize = 1_000_000;

/// Every place of the text, more than once and in no order.
struct Everywhere;

impl OwnValues for Everywhere {
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let places = (0..text.len()).rev();
        places
            .flat_map(|at| [at..at + 3, at..at, at..at + 1])
            .collect()
    }
}

fn repeat(part: &str, length: usize) -> String {
    part.repeat(length / part.len())
}

#[test]
fn rows_of_letters_titles_and_marks_end() {
    let cleaner = Cleaner::new();
    assert_eq!(cleaner.clean(&repeat("a.", LARGE), &()).text, "");
    for part in [
        "a.", "a ", "Tn ", "Sp.", "12:", "1-", "1 ", "a@", "jl ", "(", "a/n ", "1/2/", "md, ",
        "5a ", "no 1234 ", "1234 CT ", "MD ", "long ", "-", "a", "Ny. dr ", "Mei 12 ", "0:",
    ] {
        let cleaned = cleaner.clean(&repeat(part, LARGE / 10), &());
        assert!(cleaned.text.len() <= LARGE / 10);
    }
}

#[test]
fn own_values_everywhere_end() {
    let cleaned = Cleaner::new().clean(&repeat("thorax 12 ", LARGE), &Everywhere);
    assert_eq!(cleaned.text, "");
    assert_eq!(cleaned.dropped as usize, 2 * (LARGE / 10));
}

#[test]
fn a_large_report_is_cleaned_as_a_small_one() {
    let cleaned = Cleaner::new().clean(&repeat("CT thorax Tn. Budi; ", LARGE), &());
    assert!(cleaned.text.starts_with("CT thorax"));
    assert_eq!(cleaned.text.matches("thorax").count(), LARGE / 20);
    assert!(!cleaned.text.contains("Budi"));
}
