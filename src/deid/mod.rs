//! The de-identifier: reads one instance, decides by the profile's table, edits, stamps and hands on to verify.

pub mod refusal;

pub use refusal::{Fate, Refusal};

use crate::dicom::{Limits, Source};
use crate::profile::Profile;
use crate::pseudonym::Key;
use crate::verify::Verified;

/// The pseudonyms that name an output file. Digits and dots only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Pseudonym of the patient.
    pub patient: String,
    /// New Study Instance UID.
    pub study: String,
    /// New Series Instance UID.
    pub series: String,
    /// New SOP Instance UID.
    pub instance: String,
}

/// What was done to one instance, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Elements removed, those inside removed sequences not counted again.
    pub removed: u32,
    /// Elements emptied.
    pub emptied: u32,
    /// Elements given a dummy value.
    pub dummied: u32,
    /// UIDs replaced.
    pub uids: u32,
    /// Identifiers replaced by keyed pseudonyms.
    pub pseudonyms: u32,
    /// Private elements removed.
    pub private: u32,
    /// Elements kept byte for byte.
    pub kept: u32,
    /// Bytes dropped behind the last element or behind the pixel data's declared size.
    pub trailing_bytes: u64,
}

/// One old identifier and its replacement, for `--mapping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// What the input said.
    pub old: crate::phi::Phi<String>,
    /// What the output says.
    pub new: String,
}

/// Decides and edits by one profile and one key. Pure: same bytes, same profile, same key, same output.
pub struct Deidentifier {
    profile: Profile,
}

impl Deidentifier {
    /// Compiles the profile into its per-tag table.
    pub fn new(profile: Profile, _key: &Key, _limits: Limits) -> Deidentifier {
        Deidentifier { profile }
    }

    /// The profile in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Reads, cleans and verifies one instance. The bulk parts of the result refer to `source`.
    pub fn process(&self, _source: &Source) -> Result<Verified, Refusal> {
        Err(Refusal::quarantine("not-built", "not built"))
    }
}
