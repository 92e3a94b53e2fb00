//! The words that may stay, and the names among all words.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

const ALLOWED: [&str; 4] = [
    include_str!("data/dicom-meanings.txt"),
    include_str!("data/english.txt"),
    include_str!("data/indonesian.txt"),
    include_str!("data/technical.txt"),
];
const NAMES: &str = include_str!("data/names-excluded.txt");
const NAMES_TOO: &str = include_str!("data/names-medical.txt");

/// Longest word that is looked up, in bytes.
const LONGEST: usize = 40;
/// Shortest part of a word in camel case, in bytes.
const SHORTEST_PART: usize = 2;

/// What is known of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A word of medicine or technique, or a small word that joins them.
    Plain,
    /// Such a word that is a name as well: `head`, `long`.
    NameToo,
    /// A name or a place.
    Name,
    /// Nothing.
    Unknown,
}

impl Word {
    /// Whether it may stay where nothing speaks against it.
    pub(super) fn is_allowed(self) -> bool {
        matches!(self, Word::Plain | Word::NameToo)
    }
}

static WORDS: LazyLock<FxHashMap<&'static str, Word>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    words.extend(
        ALLOWED
            .iter()
            .flat_map(|list| entries(list))
            .map(|word| (word, Word::Plain)),
    );
    words.extend(entries(NAMES_TOO).map(|word| (word, Word::NameToo)));
    // Last, so that a name is on no list of allowed words whatever the other lists say.
    words.extend(entries(NAMES).map(|word| (word, Word::Name)));
    words
});

fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The shipped words with those that a site adds.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    extra: FxHashSet<String>,
}

impl Lexicon {
    /// Adds a site's words. A phrase adds each of its words.
    pub(super) fn with_words(extra: impl IntoIterator<Item = String>) -> Lexicon {
        let mut words = FxHashSet::default();
        for phrase in extra {
            for word in phrase.split(|c: char| !c.is_alphanumeric()) {
                if word.chars().any(char::is_alphabetic) {
                    words.insert(word.to_lowercase());
                }
            }
        }
        Lexicon { extra: words }
    }

    /// What is known of a word in lower case.
    pub(super) fn look_up(&self, low: &str) -> Word {
        if low.len() > LONGEST {
            return Word::Unknown;
        }
        if !self.extra.is_empty() && self.extra.contains(low) {
            return Word::Plain;
        }
        WORDS.get(low).copied().unwrap_or(Word::Unknown)
    }

    /// Whether a word in camel case consists of plain words: `HeadNeck`.
    pub(super) fn has_parts(&self, raw: &str) -> bool {
        if raw.len() > LONGEST || !raw.is_ascii() {
            return false;
        }
        let low = raw.to_ascii_lowercase();
        let mut parts = 0;
        let mut start = 0;
        for end in humps(raw.as_bytes()).chain([raw.len()]) {
            let part = low.get(start..end).unwrap_or("");
            if part.len() < SHORTEST_PART || self.look_up(part) != Word::Plain {
                return false;
            }
            parts += 1;
            start = end;
        }
        parts > 1
    }
}

/// Where a new part of a word in camel case begins.
fn humps(raw: &[u8]) -> impl Iterator<Item = usize> + '_ {
    (1..raw.len()).filter(|&at| {
        let is_upper = |at: usize| raw.get(at).is_some_and(u8::is_ascii_uppercase);
        let is_lower = |at: usize| raw.get(at).is_some_and(u8::is_ascii_lowercase);
        is_upper(at) && (is_lower(at - 1) || (is_upper(at - 1) && is_lower(at + 1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_allowed_word_is_a_name() {
        let names: FxHashSet<&str> = entries(NAMES).collect();
        assert!(names.len() > 1_500);
        for word in ALLOWED.iter().flat_map(|list| entries(list)) {
            assert!(!names.contains(word), "`{word}` is a name");
        }
        for word in entries(NAMES_TOO) {
            assert!(!names.contains(word), "`{word}` is on both lists of names");
        }
    }

    #[test]
    fn lists_are_sorted_lower_case_and_without_repetition() {
        for list in ALLOWED.into_iter().chain([NAMES, NAMES_TOO]) {
            let words: Vec<&str> = entries(list).collect();
            assert!(words.is_sorted(), "a list is not sorted");
            assert!(words.windows(2).all(|pair| pair[0] != pair[1]));
            for word in words {
                assert_eq!(word, word.to_lowercase());
                assert!(word.chars().all(char::is_alphanumeric), "`{word}`");
            }
        }
    }

    #[test]
    fn words_that_are_names_too_are_allowed_words() {
        let allowed: FxHashSet<&str> = ALLOWED.iter().flat_map(|list| entries(list)).collect();
        for word in entries(NAMES_TOO) {
            assert!(allowed.contains(word), "`{word}`");
        }
    }
}
