//! Values to search for, and the search: most places in a text are passed over by one look.

use crate::dicom::value::trim;

/// Shortest beginning of a value that counts at the end of a kept text, in bytes.
const MIN_CUT_OFF: usize = 5;
/// Most values of each kind. Nobody has so many names; what claims to is not searched for half of them.
pub(super) const MAX_VALUES: usize = 1024;
/// Longest run of a value that is compared, in bytes: what an LO or PN holds.
const MAX_COMPARED: usize = 64;

/// Values to search for, upper case, in lists by their first two bytes.
pub(super) struct Values {
    bytes: Vec<u8>,
    pub(super) entries: Vec<Entry>,
    /// First entry of each list.
    heads: [u16; SLOTS],
    /// Entries of the longest list.
    pub(super) longest: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    start: u32,
    end: u32,
    /// Next entry of the same list.
    next: u16,
}

/// Lists of values: most places in a text belong to an empty one and are passed over by one look.
const SLOTS: usize = 1024;
/// No entry.
const NONE: u16 = u16::MAX;

impl std::fmt::Debug for Values {
    /// They are what nobody may read.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Values").finish_non_exhaustive()
    }
}

impl Default for Values {
    fn default() -> Values {
        Values {
            bytes: Vec::new(),
            entries: Vec::new(),
            heads: [NONE; SLOTS],
            longest: 0,
        }
    }
}

impl Values {
    /// Adds a value that is not there yet. `false` when there is no room for more.
    pub(super) fn add(&mut self, value: &[u8]) -> bool {
        let Some(slot) = slot(value) else { return true };
        let value = value.get(..MAX_COMPARED).unwrap_or(value);
        let mut alike = 0;
        for known in self.list(slot) {
            if known.eq_ignore_ascii_case(value) {
                return true;
            }
            alike += 1;
        }
        if self.entries.len() >= MAX_VALUES {
            return false;
        }
        let start = self.bytes.len() as u32;
        self.bytes.extend(value.iter().map(u8::to_ascii_uppercase));
        let entry = Entry {
            start,
            end: self.bytes.len() as u32,
            next: self.heads[slot],
        };
        self.heads[slot] = self.entries.len() as u16;
        self.entries.push(entry);
        self.longest = self.longest.max(alike + 1);
        true
    }

    pub(super) fn list(&self, slot: usize) -> impl Iterator<Item = &[u8]> {
        let mut at = self.heads[slot];
        std::iter::from_fn(move || {
            let entry = self.entries.get(usize::from(at))?;
            at = entry.next;
            self.bytes.get(entry.start as usize..entry.end as usize)
        })
    }

    /// The values that stand at the start of `rest`.
    pub(super) fn at<'v>(&'v self, rest: &'v [u8]) -> impl Iterator<Item = &'v [u8]> {
        slot(rest)
            .into_iter()
            .flat_map(|slot| self.list(slot))
            .filter(|value| {
                rest.get(..value.len())
                    .is_some_and(|run| run.eq_ignore_ascii_case(value))
            })
    }

    /// Whether a value stands at this start of a word and ends where the word ends.
    pub(super) fn has_word(&self, text: &[u8], at: usize) -> bool {
        self.at(&text[at..]).any(|word| {
            let behind = text.get(at + word.len());
            !behind.is_some_and(u8::is_ascii_alphanumeric)
        })
    }

    /// Whether a value begins with the whole of `rest`: text that a short VR cut off.
    pub(super) fn begins_with(&self, rest: &[u8]) -> bool {
        let rest = trim(rest);
        rest.len() >= MIN_CUT_OFF
            && slot(rest).is_some_and(|slot| {
                self.list(slot).any(|value| {
                    value
                        .get(..rest.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(rest))
                })
            })
    }

    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        bytes.windows(2).enumerate().any(|(at, pair)| {
            slot(pair).is_some_and(|slot| self.heads[slot] != NONE)
                && self.at(&bytes[at..]).next().is_some()
        })
    }
}

/// The list of a value. The low five bits tell letters apart whatever their case.
fn slot(value: &[u8]) -> Option<usize> {
    match value {
        [first, second, ..] => Some(usize::from(first & 31) << 5 | usize::from(second & 31)),
        _ => None,
    }
}
