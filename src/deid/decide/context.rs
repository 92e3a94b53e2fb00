//! What deciding needs to know, and what it gives.

use crate::deid::descriptors::Descriptors;
use crate::deid::harvest::Harvest;
use crate::deid::pseudonymizer::{Pseudonymizer, Who};
use crate::deid::vouched::Vouched;
use crate::deid::{Counts, Mapped};
use crate::dicom::charset::Charset;
use crate::dicom::{Edits, Encoding};
use crate::profile::Profile;
use crate::profile::table::{Answers, Plan, Table};
use crate::standard::iod_types::IodTypes;

/// What deciding needs to know besides the tape.
pub(in crate::deid) struct Context<'a> {
    pub(in crate::deid) profile: &'a Profile,
    pub(in crate::deid) table: &'a Table,
    pub(in crate::deid) answers: &'a Answers<'a>,
    pub(in crate::deid) types: &'a IodTypes,
    pub(in crate::deid) names: &'a Pseudonymizer,
    pub(in crate::deid) cleaner: &'a Descriptors,
    pub(in crate::deid) charset: Charset,
    /// How numbers at the top level are written.
    pub(in crate::deid) encoding: Encoding,
    pub(in crate::deid) harvest: &'a Harvest,
    /// The instance's patient.
    pub(in crate::deid) who: &'a Who<'a>,
    /// Whether old and new UIDs are to be listed.
    pub(in crate::deid) list_uids: bool,
}

/// What deciding gives.
#[derive(Debug, Default)]
pub(in crate::deid) struct Decided {
    pub(in crate::deid) edits: Edits,
    pub(in crate::deid) counts: Counts,
    pub(in crate::deid) mapped_uids: Vec<Mapped>,
    pub(in crate::deid) vouched: Vouched,
    /// Who decided, by element, when somebody asks.
    pub(in crate::deid) log: Option<Vec<(u32, Why)>>,
}

/// Why an element is treated as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::deid) enum Why {
    /// By the profile's table.
    Plan(Plan),
    /// By the concept name of its content item.
    Concept,
    /// Private, by a rule.
    PrivateRule(u32),
    /// Private, by Table E.3.10-1.
    PrivateListed,
    /// Private, by (0008,0300).
    PrivateClaimed,
    /// Private, and nobody speaks for it.
    Private,
}
