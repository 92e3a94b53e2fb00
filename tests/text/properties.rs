//! What holds for every text.

use proptest::prelude::*;
use samar::text::Cleaner;

use samar::text::OwnValues;

use super::{Own, atoms};

/// Parts of texts: those that stay, those that go, and those that join them.
const PARTS: &[&str] = &[
    "CT", "thorax", "Long", "dr.", "Tn.", "Budi", "MR", "T2", "tse", "b1000", "1999", "12", "05",
    "0812", "3456", "2.5", "mm", "L4-L5", "patient", "by", "Jl.", "RT", "RW", "a.n.", "Sp.Rad",
    "No.", "RM", "92", "tahun", "Mei", "14:35", "@", "id", "HeadNeck", "R", "l", "s", "a", "'",
    "é", "Ｃ", "\u{200B}", "Т", "字", "٣", "²", "😀", "\u{0301}", "\n", "  ", " ", " ", " ", "-",
    "/", "_", ".", ",", "(", ")", "[", "]", ":", "#", "+", "^", "=", "x", "%", "°", "\u{1B}", "\\",
    "|", "5", "31",
];

fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        12 => prop::sample::select(PARTS).prop_map(str::to_owned),
        2 => (0_u32..2_000_000).prop_map(|number| number.to_string()),
        1 => any::<char>().prop_map(String::from),
        1 => any::<[char; 3]>().prop_map(String::from_iter),
    ];
    prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

fn longest_digit_run(text: &str) -> usize {
    let mut runs = text
        .split(|c: char| !c.is_numeric())
        .map(|run| run.chars().count());
    runs.by_ref().max().unwrap_or(0)
}

fn is_subsequence(part: &[&str], whole: &[&str]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|word| rest.any(|other| other == word))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60_000))]

    #[test]
    fn cleaning_twice_is_cleaning_once_and_adds_nothing(text in texts()) {
        let cleaner = Cleaner::new();
        let once = cleaner.clean(&text, &());
        let twice = cleaner.clean(&once.text, &());
        prop_assert_eq!(&once.text, &twice.text);
        prop_assert_eq!(twice.dropped, 0);
        prop_assert!(is_subsequence(&atoms(&once.text), &atoms(&text)));
        prop_assert!(longest_digit_run(&once.text) < 5);
        prop_assert!(once.text.len() <= text.len());
        prop_assert_eq!(once.dropped == 0, once.text == text);
    }

    #[test]
    fn nothing_of_the_own_values_stays(text in texts(), words in prop::collection::vec(prop::sample::select(PARTS), 1..3)) {
        let words = words.into_iter().map(str::to_ascii_lowercase).filter(|word| !atoms(word).is_empty());
        let own = Own(words.collect());
        let cleaner = Cleaner::new();
        let once = cleaner.clean(&text, &own);
        for span in own.spans(&once.text) {
            prop_assert!(atoms(&once.text[span]).is_empty(), "{} -> {}", text, once.text);
        }
        prop_assert_eq!(&cleaner.clean(&once.text, &own).text, &once.text);
    }
}
