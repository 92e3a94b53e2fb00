//! What de-identifying one instance yields, before anybody has verified it.

use std::fmt;

use super::redact::Redacted;
use super::stamp::{Ran, Temporal};
use super::{Counts, Harvest, TextSearch, Vouched};
#[cfg(test)]
use crate::dicom::Encoding;
use crate::dicom::syntax::TransferSyntax;
use crate::dicom::{Backing, Part, ReadAt, Rewrite, Source};
use crate::phi::Phi;
use crate::pixel::mask::Mask;
use crate::profile::table::Answered;
#[cfg(test)]
use crate::standard::iod_types;
use crate::standard::iod_types::IodTypes;
use crate::standard::uids as registry;

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

/// One old identifier and its replacement, for `--mapping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// What the input said.
    pub old: Phi<String>,
    /// What the output says.
    pub new: String,
}

/// An edited instance that nothing has verified yet. No sink accepts it.
pub struct Deidentified {
    /// Everything but the bulk values, file meta information first.
    pub(crate) memory: Vec<u8>,
    /// The output file as runs of `memory` and of the source.
    pub(crate) parts: Vec<Part>,
    /// Compressed pixel data that was made anew.
    pub(crate) spool: Option<Source>,
    /// What becomes of native pixel data as it is copied.
    pub(crate) rewrite: Option<Box<dyn Rewrite>>,
    pub(crate) identity: Identity,
    pub(crate) counts: Counts,
    pub(crate) sop_class: registry::Registered,
    pub(crate) types: &'static IodTypes,
    pub(crate) syntax: TransferSyntax,
    pub(crate) mapped_uids: Vec<Mapped>,
    pub(crate) mapped_patient: Option<Mapped>,
    pub(crate) overrides: Vec<String>,
    /// What must not be found in it.
    pub(crate) harvest: Harvest,
    /// The values that were looked at or made.
    pub(crate) vouched: Vouched,
    /// What the instance answered to the rules' conditions.
    pub(crate) answered: Answered,
    /// What became of its dates.
    pub(crate) temporal: Temporal,
    /// A keyed digest of the patient's name.
    pub(crate) name_digest: Option<u64>,
    /// What was done to its pixels.
    pub(crate) redacted: Redacted,
    /// The pixels that were blanked.
    pub(crate) blanked: Mask,
    /// What the search for text gave.
    pub(crate) text: Option<TextSearch>,
}

impl fmt::Debug for Deidentified {
    /// Pseudonyms and numbers: neither the bytes nor what was harvested.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deidentified")
            .field("identity", &self.identity)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

impl Deidentified {
    /// What its markers tell.
    pub(crate) fn ran(&self) -> Ran {
        Ran {
            temporal: self.temporal,
            cleaned: self.redacted.is_cleaned(),
        }
    }

    /// Where the bytes of the parts are, given the source.
    pub(crate) fn backing<'a>(&'a self, source: &'a dyn ReadAt) -> Backing<'a> {
        Backing {
            memory: &self.memory,
            source,
            spool: self.spool.as_ref(),
            rewrite: self.rewrite.as_deref(),
        }
    }
}

#[cfg(test)]
impl Deidentified {
    pub(crate) fn for_tests(memory: Vec<u8>, parts: Vec<Part>, identity: Identity) -> Deidentified {
        let sop_class = registry::by_keyword("CTImageStorage").expect("a registered SOP Class");
        Deidentified {
            memory,
            parts,
            spool: None,
            rewrite: None,
            mapped_uids: vec![Mapped {
                old: Phi::new(format!("9.{}", identity.instance)),
                new: identity.instance.clone(),
            }],
            identity,
            counts: Counts::default(),
            sop_class,
            types: iod_types::of("ct-image").expect("a known IOD"),
            syntax: TransferSyntax::of_encoding(Encoding::EXPLICIT_LE),
            mapped_patient: None,
            overrides: Vec::new(),
            harvest: Harvest::default(),
            vouched: Vouched::default(),
            answered: Answered::default(),
            temporal: Temporal::Removed,
            name_digest: None,
            redacted: Redacted::default(),
            blanked: Mask::default(),
            text: None,
        }
    }
}
