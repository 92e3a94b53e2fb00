//! The `rules`: what is done to single elements, over and above Table E.1-1.

use crate::dicom::Vr;

use super::selector::Selector;

/// One entry of `rules`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the profile.
    pub id: String,
    /// The elements it speaks of, at the top level and in every item.
    pub selector: Selector,
    /// What is done to them.
    pub action: RuleAction,
    /// Why, in the author's words.
    pub because: String,
}

/// What a rule does to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleAction {
    /// Keep the value byte for byte.
    Keep,
    /// Remove the element (X).
    Remove,
    /// Keep the element without a value (Z).
    Empty,
    /// Replace the value by a dummy that is valid for the VR (D).
    Dummy,
    /// Replace UIDs consistently (U).
    Uid,
    /// `pseudonym.patient`: replace by the keyed pseudonym of the patient.
    PseudonymPatient,
    /// `pseudonym.accession`: replace by the keyed pseudonym of this accession number.
    PseudonymAccession,
}

impl RuleAction {
    /// Every action, with the word that profiles use.
    pub const ALL: &[(&str, RuleAction)] = &[
        ("keep", RuleAction::Keep),
        ("remove", RuleAction::Remove),
        ("empty", RuleAction::Empty),
        ("dummy", RuleAction::Dummy),
        ("uid", RuleAction::Uid),
        ("pseudonym.patient", RuleAction::PseudonymPatient),
        ("pseudonym.accession", RuleAction::PseudonymAccession),
    ];

    /// Whether the result can stand in an element of this VR.
    pub fn fits(self, vr: Vr) -> bool {
        match self {
            RuleAction::Keep | RuleAction::Remove | RuleAction::Empty | RuleAction::Dummy => true,
            RuleAction::Uid => vr == Vr::UI,
            RuleAction::PseudonymPatient | RuleAction::PseudonymAccession => matches!(
                vr,
                Vr::CS | Vr::LO | Vr::LT | Vr::PN | Vr::SH | Vr::ST | Vr::UC | Vr::UT
            ),
        }
    }
}

/// A VR among the selected elements to which an action cannot be applied, as far as it is known before a file is read.
pub(super) fn misfit(selector: &Selector, action: RuleAction) -> Option<Vr> {
    selector.vrs().into_iter().find(|vr| !action.fits(*vr))
}
