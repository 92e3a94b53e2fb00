//! Where the parts of a profile stand in its files, kept so that what is found later can be pointed at.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::standard::methods::ProfileOption;

use super::diagnostic::{Diagnostic, Diagnostics, Place};
use super::source::Source;

/// A part of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item<'a> {
    /// An option.
    Option(ProfileOption),
    /// A part of the rule with this id.
    Rule(&'a str, Part),
    /// The `accept` rule with this id.
    Accept(&'a str),
    /// The `pixels` rule with this id.
    Pixel(&'a str),
    /// A setting by its keys, such as `pseudonyms.patient.format`.
    Setting(&'a str),
}

/// A part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it: its id.
    Whole,
    /// Its `match`.
    Match,
    /// Its `do`.
    Do,
    /// Its `when`.
    When,
    /// One of its `examples`, counted from 0.
    Example(usize),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Option(ProfileOption),
    Rule(String, Part),
    Accept(String),
    Pixel(String),
    Setting(String),
}

impl From<Item<'_>> for Key {
    fn from(item: Item<'_>) -> Key {
        match item {
            Item::Option(option) => Key::Option(option),
            Item::Rule(id, part) => Key::Rule(id.to_owned(), part),
            Item::Accept(id) => Key::Accept(id.to_owned()),
            Item::Pixel(id) => Key::Pixel(id.to_owned()),
            Item::Setting(keys) => Key::Setting(keys.to_owned()),
        }
    }
}

/// A file, counted from the most basic, and the bytes there.
#[derive(Clone, Debug)]
struct Spot {
    file: usize,
    span: Range<usize>,
}

/// Where every part was written last.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    files: Vec<Source>,
    spots: FxHashMap<Key, Spot>,
}

impl Places {
    /// Begins with the next file.
    pub(super) fn begin(&mut self, source: &Source) {
        self.files.push(source.clone());
    }

    /// Notes that a part stands here in the file at hand.
    pub(super) fn note(&mut self, item: Item<'_>, span: Range<usize>) {
        let file = self.files.len().saturating_sub(1);
        self.spots.insert(item.into(), Spot { file, span });
    }

    /// Forgets a part that a later file took back.
    pub(super) fn forget(&mut self, item: Item<'_>) {
        self.spots.remove(&item.into());
    }

    /// Which file wrote a part last, counted from the most basic.
    pub(super) fn file(&self, item: Item<'_>) -> Option<usize> {
        Some(self.spots.get(&item.into())?.file)
    }

    /// Where a part stands.
    pub(super) fn of(&self, item: Item<'_>) -> Option<Place> {
        let (source, span) = self.find(item)?;
        Some(Place::new(source, span))
    }

    /// The line of a part.
    pub(super) fn line(&self, item: Item<'_>) -> Option<usize> {
        let (source, span) = self.find(item)?;
        Some(source.line(span.start))
    }

    /// Notes a problem of a part.
    pub(super) fn error<'d>(
        &self,
        found: &'d mut Diagnostics,
        item: Item<'_>,
        message: impl Into<String>,
    ) -> &'d mut Diagnostic {
        found.add(self.of(item), message)
    }

    fn find(&self, item: Item<'_>) -> Option<(&Source, Range<usize>)> {
        let spot = self.spots.get(&item.into())?;
        Some((self.files.get(spot.file)?, spot.span.clone()))
    }
}
