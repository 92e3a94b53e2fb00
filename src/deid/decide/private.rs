//! Private elements (PS3.5 section 7.8): all go but those that the profile keeps, and what is in those is looked at.

use super::retain::{is_uids, written_as_text};
use super::{Pass, Why, text_vr};
use rustc_hash::FxHashMap;

use crate::deid::action::Action;
use crate::deid::claims::Claims;
use crate::deid::kept::{is_plain_text, is_private_value, shows_text};
use crate::deid::refusal::Refusal;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::profile::RuleAction;
use crate::profile::selector::fold_creator;
use crate::profile::table::{Instead, PrivateElement, Row};
use crate::pseudonym::date;
use crate::standard::methods::ProfileOption;
use crate::standard::safe_private;

/// The Private Creators that were passed.
#[derive(Default)]
pub(super) struct Creators {
    /// Their names, folded.
    names: Vec<String>,
    /// Which one reserves a block, by the data set's parent, group and block.
    blocks: FxHashMap<(u32, u16, u8), usize>,
}

/// What is done with a private element.
#[derive(Clone, Copy)]
enum Fate {
    Remove,
    /// Kept, with what is inside treated as this VR.
    Keep(Vr),
    /// By the rule with this index, as a value of this VR.
    Rule(u32, Vr),
}

/// The block that a Private Creator element reserves.
fn reserved(tag: Tag) -> Option<u8> {
    let element = tag.element();
    (0x10..=0xFF).contains(&element).then_some(element as u8)
}

impl Pass<'_> {
    pub(super) fn private(&mut self, i: usize, element: &Element) -> Result<usize, Refusal> {
        let table = self.context.table;
        let keeps =
            table.keeps_private() || table.options().contains(ProfileOption::RetainSafePrivate);
        if !keeps {
            return self.drop_private(i, element);
        }
        if let Some(block) = reserved(element.tag) {
            return self.creator(i, element, block);
        }
        let creator = self.creator_of(element);
        let (fate, why) = self.private_fate(element, creator);
        self.tell(i, why);
        match fate {
            Fate::Remove => self.drop_private(i, element),
            Fate::Keep(vr) => self.private_value(i, element, vr),
            Fate::Rule(rule, vr) => self.chosen(i, element, &Row::private(vr), rule),
        }
    }

    fn drop_private(&mut self, i: usize, element: &Element) -> Result<usize, Refusal> {
        // The standard knows group lengths, of odd groups too.
        if !element.tag.is_group_length() {
            Self::unknown(self.context.profile.unknown.private)?;
        }
        self.decided.counts.private += 1;
        self.decided.edits.remove(i);
        Ok(element.next as usize)
    }

    /// A Private Creator stays with the first of its elements that stays.
    fn creator(&mut self, i: usize, element: &Element, block: u8) -> Result<usize, Refusal> {
        let value = self.tape.value(element);
        let is_name = written_as_text(element)
            && is_plain_text(Vr::LO, value)
            && !self.context.harvest.is_in_any_script(value);
        if !is_name {
            return self.drop_private(i, element);
        }
        let name = fold_creator(&String::from_utf8_lossy(value));
        let index = self.creators.names.len();
        self.creators.names.push(name);
        let place = (element.parent, element.tag.group(), block);
        self.creators.blocks.insert(place, index);
        let mut at = element.next as usize;
        while let Some(other) = self.tape.elements.get(at) {
            let same_set = other.parent == element.parent && other.depth == element.depth;
            if !same_set || other.tag.group() != element.tag.group() {
                break;
            }
            let in_block = (other.tag.element() >> 8) as u8 == block;
            if in_block && !matches!(self.private_fate(other, Some(index)).0, Fate::Remove) {
                return Ok(self.stays(element));
            }
            at = other.next as usize;
        }
        // Nothing of the block stays, and each of its elements is asked about by itself.
        self.decided.counts.private += 1;
        self.decided.edits.remove(i);
        Ok(element.next as usize)
    }

    /// The creator in whose block an element stands.
    pub(super) fn creator_of(&self, element: &Element) -> Option<usize> {
        let block = (element.tag.element() >> 8) as u8;
        let place = (element.parent, element.tag.group(), block);
        self.creators.blocks.get(&place).copied()
    }

    /// The name of a creator, folded.
    pub(super) fn creator_name(&self, index: usize) -> Option<&str> {
        self.creators.names.get(index).map(String::as_str)
    }

    fn private_fate(&self, element: &Element, creator: Option<usize>) -> (Fate, Why) {
        let Some(creator) = creator.and_then(|index| self.creator_name(index)) else {
            return (Fate::Remove, Why::Private);
        };
        if element.flags.has(Flags::BULK) || element.flags.has(Flags::FRAGMENTS) {
            return (Fate::Remove, Why::Private);
        }
        let table = self.context.table;
        let rule = table.private_rule(
            PrivateElement {
                tag: element.tag,
                vr: element.vr,
                creator: Some(creator),
            },
            &self.path(),
            self.context.answers,
        );
        let group = element.tag.group();
        let byte = (element.tag.element() & 0xFF) as u8;
        let listed = safe_private::find(creator, group, byte);
        let vr = match listed {
            Some(row) => text_vr(element.vr, row.vr),
            // Items under UN are a sequence that somebody did not know (PS3.5 section 6.2.2).
            None if element.flags.has(Flags::CONTAINER) => text_vr(element.vr, Vr::SQ),
            None => element.vr,
        };
        let on = table.options().contains(ProfileOption::RetainSafePrivate);
        let (fate, why) = match rule.and_then(|rule| Some((rule, &table.rule(rule)?.action))) {
            Some((rule, RuleAction::Remove)) => (Fate::Remove, Why::PrivateRule(rule)),
            Some((rule, RuleAction::Keep)) => (Fate::Keep(vr), Why::PrivateRule(rule)),
            Some((rule, _)) => (Fate::Rule(rule, vr), Why::PrivateRule(rule)),
            None if !on => (Fate::Remove, Why::Private),
            None => match self.claims().of(creator, group, byte) {
                Some(true) => (Fate::Keep(vr), Why::PrivateClaimed),
                Some(false) => (Fate::Remove, Why::PrivateClaimed),
                None if listed.is_some() => (Fate::Keep(vr), Why::PrivateListed),
                None => (Fate::Remove, Why::Private),
            },
        };
        // What could not stay in the end must not keep its creator.
        let may_stay = |vr| {
            self.may_stay_private(element, vr)
                && match why {
                    Why::PrivateClaimed => self.is_as_claimed(element, vr),
                    Why::PrivateListed => listed.is_some_and(|row| is_as_listed(element, row.vr)),
                    _ => true,
                }
        };
        match fate {
            Fate::Keep(vr) if !may_stay(vr) => (Fate::Remove, why),
            fate => (fate, why),
        }
    }

    fn claims(&self) -> &Claims {
        self.claims
            .get_or_init(|| Claims::read(self.tape, self.context.encoding))
    }

    /// Whether a value bears out the claim of its maker that it is harmless: nobody else has looked at it.
    fn is_as_claimed(&self, element: &Element, vr: Vr) -> bool {
        let value = self.tape.value(element);
        let on = self.context.table.options();
        match vr {
            // Text is cleaned as any other.
            vr if vr.is_free_text() && on.contains(ProfileOption::CleanDescriptors) => true,
            vr if vr.is_opaque() && !is_text_with_letters(value) => true,
            vr if vr.is_opaque() || vr.is_free_text() || vr == Vr::CS => {
                let cleaned = self.cleaned(value, Vr::LO);
                trim(value).is_empty() || cleaned.is_some_and(|text| text == trim(value))
            }
            Vr::DS | Vr::IS => !shows_text(value),
            _ => true,
        }
    }

    /// Whether a kept private element can leave anything behind.
    fn may_stay_private(&self, element: &Element, vr: Vr) -> bool {
        let on = self.context.table.options();
        let value = self.tape.value(element);
        let is_container = element.flags.has(Flags::CONTAINER);
        let harvest = self.context.harvest;
        match vr {
            Vr::SQ => is_container,
            _ if is_container => false,
            Vr::PN => false,
            Vr::UI => written_as_text(element) && is_uids(value),
            Vr::AE => written_as_text(element) && on.contains(ProfileOption::RetainDeviceIdentity),
            Vr::AS => {
                on.contains(ProfileOption::RetainPatientCharacteristics)
                    && date::is_well_formed(vr, value)
            }
            Vr::DA | Vr::DT | Vr::TM if on.contains(ProfileOption::RetainModifiedDates) => {
                date::shift(vr, value, self.context.who.days).is_ok()
            }
            Vr::DA | Vr::DT | Vr::TM => {
                on.contains(ProfileOption::RetainFullDates) && date::is_well_formed(vr, value)
            }
            vr if vr.is_free_text() && on.contains(ProfileOption::CleanDescriptors) => {
                trim(value).is_empty() || self.cleaned(value, vr).is_some()
            }
            vr => {
                is_private_value(vr, value)
                    && match vr {
                        Vr::DS | Vr::IS => !harvest.is_number(value),
                        vr if vr.is_text() => !harvest.is_in_any_script(value),
                        vr if vr.is_opaque() => !harvest.is_in_opaque(value),
                        _ => true,
                    }
            }
        }
    }

    /// Treats what is inside a private element that stays.
    fn private_value(&mut self, i: usize, element: &Element, vr: Vr) -> Result<usize, Refusal> {
        let on = self.context.table.options();
        let row = Row::private(vr);
        let value = self.tape.value(element);
        match vr {
            Vr::SQ => Ok(self.enter(i, element, false)),
            Vr::UI
                if on.contains(ProfileOption::RetainUids)
                    && !self.context.harvest.is_in_uid(value) =>
            {
                Ok(self.stays(element))
            }
            Vr::UI => self.act(i, element, vr, Action::Uid),
            Vr::AS => self.age(i, element, &row, Instead::ByType),
            Vr::DA | Vr::DT | Vr::TM if on.contains(ProfileOption::RetainModifiedDates) => {
                self.shift(i, element, &row, Instead::ByType)
            }
            Vr::DA | Vr::DT | Vr::TM => {
                self.decided.counts.dates_kept += 1;
                Ok(self.stays(element))
            }
            Vr::AE => self.clean(i, element, &row, Instead::ByType),
            vr if vr.is_free_text()
                && on.contains(ProfileOption::CleanDescriptors)
                && !trim(value).is_empty() =>
            {
                self.clean(i, element, &row, Instead::ByType)
            }
            _ => Ok(self.stays(element)),
        }
    }
}

/// Whether an element is written under the VR that Table E.3.10-1 has for it, or under one that says as much.
fn is_as_listed(element: &Element, listed: Vr) -> bool {
    let alike = |vr: Vr| match vr {
        Vr::SS => Vr::US,
        Vr::SL => Vr::UL,
        Vr::OW => Vr::OB,
        vr if vr.is_free_text() => Vr::LO,
        vr => vr,
    };
    matches!(element.vr, Vr::UN) || listed == Vr::UN || alike(element.vr) == alike(listed)
}

/// Whether bytes are text with a letter in it.
fn is_text_with_letters(value: &[u8]) -> bool {
    let value = trim(value);
    value.iter().all(|b| matches!(b, b' '..=b'~')) && value.iter().any(u8::is_ascii_alphabetic)
}
