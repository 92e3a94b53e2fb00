//! Cleaning descriptions: the files of a series say the same again and again, so what was cleaned once is remembered.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::harvest::Harvest;
use crate::text::{Cleaner, OwnValues as _};

/// Most texts that are remembered; more begin anew.
const MOST: usize = 4096;
/// Longest text that is remembered, in bytes: a description, not a report.
const LONGEST: usize = 256;

/// A cleaner with a memory. What it gives depends on the text and the instance's own values alone.
pub(super) struct Descriptors {
    cleaner: Cleaner,
    /// Texts that hold none of their instance's own values, and what is left of them.
    known: Mutex<FxHashMap<Box<str>, Box<str>>>,
}

impl fmt::Debug for Descriptors {
    /// The texts are originals: they are withheld.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Descriptors").finish_non_exhaustive()
    }
}

impl Descriptors {
    /// With a site's own words besides the shipped ones.
    pub(super) fn new(words: &[String]) -> Descriptors {
        Descriptors {
            cleaner: Cleaner::with_words(words.iter().cloned()),
            known: Mutex::default(),
        }
    }

    /// What may stay of one value.
    pub(super) fn clean(&self, text: &str, own: &Harvest) -> String {
        if !own.spans(text).is_empty() {
            return self.cleaner.clean(text, own).text;
        }
        if text.len() > LONGEST {
            return self.cleaner.clean(text, &()).text;
        }
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cleaned) = lock().get(text) {
            return cleaned.to_string();
        }
        let cleaned = self.cleaner.clean(text, &()).text;
        let mut known = lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(text.into(), cleaned.as_str().into());
        cleaned
    }
}
