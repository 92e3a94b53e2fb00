//! The values that an instance's output got from samar: verification finds every one of them again, and no other.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashSet, FxHasher};

use crate::dicom::Tag;
use crate::dicom::value::trim;

/// Values that deciding made or looked at and let stay, by attribute.
#[derive(Clone, Debug, Default)]
pub struct Vouched {
    known: FxHashSet<u64>,
    /// Those that hold nothing of the original: pseudonyms, and what the profile sets.
    made: FxHashSet<u64>,
}

impl Vouched {
    /// Notes a value, padding not counted.
    pub(super) fn add(&mut self, tag: Tag, value: &[u8]) {
        self.known.insert(fold(tag, value));
    }

    /// Notes a value that holds nothing of the original.
    pub(super) fn add_made(&mut self, tag: Tag, value: &[u8]) {
        self.add(tag, value);
        self.made.insert(fold(tag, value));
    }

    /// Whether deciding knows this value of this attribute.
    pub fn knows(&self, tag: Tag, value: &[u8]) -> bool {
        self.known.contains(&fold(tag, value))
    }

    /// Whether this value of this attribute holds nothing of the original.
    pub fn made(&self, tag: Tag, value: &[u8]) -> bool {
        self.made.contains(&fold(tag, value))
    }
}

fn fold(tag: Tag, value: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    (tag.0, trim(value)).hash(&mut hasher);
    hasher.finish()
}
