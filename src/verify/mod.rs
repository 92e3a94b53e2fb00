//! Verification: re-walks the bytes that were made and refuses to hand on what does not hold.
//!
//! It shares the walker and the policy's rows with the de-identifier, but not its decisions: each element of the
//! finished file is asked anew whether it may be there and whether its value may be what it is.

mod composite;
mod finished;
mod pixels;
mod propagation;
pub mod second_reader;

pub use composite::Composite;

use crate::deid::{
    Counts, Deidentified, Deidentifier, Identity, Mapped, Redacted, Refusal, TextSearch,
};
pub use crate::dicom::Part;
use crate::dicom::{Backing, Limits, ReadAt, Scratch};

/// A de-identified instance that verification has passed: the only thing a sink accepts.
#[derive(Debug)]
pub struct Verified {
    made: Deidentified,
    /// Bytes in front of the pixel data.
    header_len: usize,
}

/// Verifies, or refuses. `source` is where the bulk values still stand,
/// `scratch` is reused from file to file.
pub fn verify(
    deidentifier: &Deidentifier,
    made: Deidentified,
    source: &dyn ReadAt,
    scratch: &mut Scratch,
) -> Result<Verified, Refusal> {
    let header_len = finished::check(deidentifier, &made, source, scratch)
        .map_err(|refusal| refusal.of_class(made.sop_class.keyword))?;
    Ok(Verified { made, header_len })
}

/// Limits under which a finished file is read back: it passed the user's already, and its text only shrank but for
/// the markers.
pub fn read_back_limits(limits: &Limits) -> Limits {
    Limits {
        header_bytes: limits.header_bytes.saturating_add(1 << 20),
        inflated_bytes: limits.inflated_bytes.saturating_add(1 << 20),
        elements: limits.elements.saturating_add(64),
        inflate_ratio: u32::MAX,
        ..*limits
    }
}

impl Verified {
    /// The bytes made by samar: everything but the bulk values.
    pub fn memory(&self) -> &[u8] {
        &self.made.memory
    }

    /// The bytes in front of the pixel data, or all of [`Self::memory`] where there is none.
    pub fn header(&self) -> &[u8] {
        self.made.memory.get(..self.header_len).unwrap_or_default()
    }

    /// The output file as runs of [`Self::memory`] and of the source.
    pub fn parts(&self) -> &[Part] {
        &self.made.parts
    }

    /// Where the bytes of the parts are, given the source.
    pub fn backing<'a>(&'a self, source: &'a dyn ReadAt) -> Backing<'a> {
        self.made.backing(source)
    }

    /// The output file as it would be read back, given the source.
    pub fn file<'a>(&'a self, source: &'a dyn ReadAt) -> Composite<'a> {
        Composite {
            parts: &self.made.parts,
            backing: self.made.backing(source),
        }
    }

    /// Length of the output file in bytes.
    pub fn len(&self) -> u64 {
        composite::len(&self.made.parts)
    }

    /// Whether the output file would be empty; it never is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pseudonyms that name the output file.
    pub fn identity(&self) -> &Identity {
        &self.made.identity
    }

    /// What was done, in numbers.
    pub fn counts(&self) -> &Counts {
        &self.made.counts
    }

    /// What was done to the pixels.
    pub fn redacted(&self) -> &Redacted {
        &self.made.redacted
    }

    /// What the search for text gave; `None` for an instance without pixels.
    pub fn text(&self) -> Option<&TextSearch> {
        self.made.text.as_ref()
    }

    /// Keyword of the SOP Class, such as `CTImageStorage`.
    pub fn sop_class(&self) -> &'static str {
        self.made.sop_class.keyword
    }

    /// Every UID that changed, when identifiers are listed.
    pub fn mapped_uids(&self) -> &[Mapped] {
        &self.made.mapped_uids
    }

    /// The patient identifier and its pseudonym, when identifiers are listed.
    pub fn mapped_patient(&self) -> Option<&Mapped> {
        self.made.mapped_patient.as_ref()
    }

    /// A keyed digest of the patient's name, equal for equal names; `None` without one.
    pub fn name_digest(&self) -> Option<u64> {
        self.made.name_digest
    }

    /// Ids of `accept` rules by which the site let through what the profile that it extends withholds.
    pub fn overrides(&self) -> &[String] {
        &self.made.overrides
    }

    /// The same with frames that were put aside.
    #[cfg(test)]
    pub(crate) fn with_spool(mut self, spool: crate::dicom::Source) -> Verified {
        self.made.spool = Some(spool);
        self
    }

    /// An instance that nothing has verified, for tests of what comes after verification.
    #[cfg(test)]
    pub(crate) fn unchecked(memory: Vec<u8>, parts: Vec<Part>, identity: Identity) -> Verified {
        Verified {
            header_len: memory.len(),
            made: Deidentified::for_tests(memory, parts, identity),
        }
    }
}
