//! Verification: re-walks the bytes that were made and refuses to hand on what does not hold.

pub mod second_reader;

use std::ops::Range;

use crate::deid::{Counts, Identity, Mapped};

/// A run of the output file, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Bytes of [`Verified::memory`].
    Memory(Range<usize>),
    /// Bytes of the source, copied verbatim.
    Source {
        /// Offset in bytes from the start of the source.
        offset: u64,
        /// Length in bytes.
        len: u64,
    },
}

/// A de-identified instance that verification has passed: the only thing a sink accepts.
#[derive(Debug)]
pub struct Verified {
    pub(crate) memory: Vec<u8>,
    pub(crate) parts: Vec<Part>,
    pub(crate) identity: Identity,
    pub(crate) counts: Counts,
    pub(crate) sop_class: String,
    pub(crate) mapped_uids: Vec<Mapped>,
    pub(crate) mapped_patient: Option<Mapped>,
    pub(crate) overrides: Vec<String>,
}

impl Verified {
    /// The bytes made by samar: everything but the bulk values.
    pub fn memory(&self) -> &[u8] {
        &self.memory
    }

    /// The output file as runs of [`Self::memory`] and of the source.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Length of the output file in bytes.
    pub fn len(&self) -> u64 {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Memory(range) => range.len() as u64,
                Part::Source { len, .. } => *len,
            })
            .sum()
    }

    /// Whether the output file would be empty; it never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pseudonyms that name the output file.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What was done, in numbers.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Keyword of the SOP Class, such as `CTImageStorage`.
    pub fn sop_class(&self) -> &str {
        &self.sop_class
    }

    /// Every UID that changed, each once.
    pub fn mapped_uids(&self) -> &[Mapped] {
        &self.mapped_uids
    }

    /// The patient identifier and its pseudonym.
    pub fn mapped_patient(&self) -> Option<&Mapped> {
        self.mapped_patient.as_ref()
    }

    /// Ids of `accept` rules by which the site let through what the built-in profile withholds.
    pub fn overrides(&self) -> &[String] {
        &self.overrides
    }
}
