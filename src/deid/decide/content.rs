//! Content items (PS3.3 section C.17.3): what a concept name says about the value beside it (PS3.15 Table E.3.4-1).

use super::Pass;
use crate::deid::action::{Action, by_type};
use crate::deid::concept;
use crate::deid::refusal::Refusal;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::{Tag, Vr};
use crate::profile::table::{Instead, Plan, Row};
use crate::standard::methods::ProfileOption;
use crate::standard::sr_concepts::SrDecision;

const CONCEPT_CODE_SEQUENCE: Tag = Tag(0x0040_A168);
const TEXT_VALUE: Tag = Tag(0x0040_A160);

/// Sequences whose items have a concept name and a value: Acquisition Context, Specimen Preparation Step Content Item,
/// Content, Waveform Annotation.
fn is_content_sequence(tag: Tag) -> bool {
    matches!(tag.0, 0x0040_0555 | 0x0040_0612 | 0x0040_A730 | 0x0040_B020)
}

/// What the concept name of an item asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemRule {
    /// Nothing: the value goes by its attribute.
    None,
    /// The item goes.
    Remove,
    /// The value goes.
    Replace,
    /// The value stays.
    Keep,
    /// The value is cleaned.
    Clean,
}

/// Whether the value of an attribute is what a content item says.
fn is_item_value(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0040_A120
            ..=0x0040_A124 | 0x0040_A13A | 0x0040_A160 | 0x0040_A168 | 0x0040_A30A | 0x0070_0006
    )
}

impl Pass<'_> {
    /// Whether an item of a sequence is a content item.
    pub(super) fn is_content(&self, sequence: Tag, item: usize) -> bool {
        is_content_sequence(sequence) || concept::is_named(self.tape, item)
    }

    /// What is done with a content item.
    pub(super) fn item_rule(&self, item: usize) -> ItemRule {
        let on = self.context.table.options();
        match concept::decide(self.tape, item, on) {
            None => ItemRule::None,
            Some(SrDecision::Remove) => ItemRule::Remove,
            Some(SrDecision::Replace | SrDecision::RemoveOrReplace) => ItemRule::Replace,
            Some(SrDecision::Keep) if self.is_too_old(item) => ItemRule::Remove,
            Some(SrDecision::Keep) => ItemRule::Keep,
            Some(SrDecision::Clean) => ItemRule::Clean,
        }
    }

    /// Whether a content item is an age above that up to which ages are told.
    fn is_too_old(&self, item: usize) -> bool {
        let Some(cap) = self.context.profile.dates.age_cap else {
            return false;
        };
        concept::is_older(self.tape, item, cap)
    }

    /// Whether every item of a sequence goes, so that it would be left empty.
    pub(super) fn would_be_empty(&self, sequence: usize) -> bool {
        let mut items = self.tape.children(sequence).peekable();
        items.peek().is_some() && items.all(|(item, _)| self.item_rule(item) == ItemRule::Remove)
    }

    /// Treats the value of a content item as its concept name asks; `None` when the concept leaves it to its attribute.
    pub(super) fn content_value(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        plan: Plan,
    ) -> Result<Option<usize>, Refusal> {
        let frame = self.frame();
        if element.flags.has(Flags::CONTAINER) && self.would_be_empty(i) {
            let action = by_type(self.kind(element.tag));
            let action = if action == Action::Dummy {
                Action::Remove
            } else {
                action
            };
            return self.act(i, element, row.vr, action).map(Some);
        }
        if !frame.is_content || !is_item_value(element.tag) || matches!(plan, Plan::Chosen(_)) {
            return Ok(None);
        }
        let instead = match plan {
            Plan::Instead(instead) | Plan::Retain(instead) | Plan::Clean(instead) => instead,
            _ => Instead::ByType,
        };
        let on = self.context.table.options();
        match frame.rule {
            ItemRule::None => {
                let cleans = on.contains(ProfileOption::CleanStructuredContent);
                if cleans && element.tag == TEXT_VALUE {
                    return self.clean(i, element, row, Instead::ByType).map(Some);
                }
                Ok(None)
            }
            ItemRule::Remove => self.act(i, element, row.vr, Action::Remove).map(Some),
            ItemRule::Replace if element.tag == CONCEPT_CODE_SEQUENCE => {
                let is_container = element.flags.has(Flags::CONTAINER);
                if !is_container {
                    return self.act(i, element, row.vr, Action::Remove).map(Some);
                }
                Ok(Some(self.enter(i, element, true)))
            }
            ItemRule::Replace if row.vr == Vr::UI => {
                self.act(i, element, row.vr, Action::Uid).map(Some)
            }
            ItemRule::Replace => self.act(i, element, row.vr, Action::Dummy).map(Some),
            ItemRule::Keep | ItemRule::Clean if matches!(row.vr, Vr::DS | Vr::SQ) => Ok(None),
            ItemRule::Keep => self.retain(i, element, row, instead).map(Some),
            ItemRule::Clean => self.clean(i, element, row, instead).map(Some),
        }
    }
}
