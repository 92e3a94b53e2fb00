//! Rules that can never decide, because earlier ones take all that they match.

use rustc_hash::FxHashMap;

use super::compile::Layers;
use super::condition::Condition;
use super::diagnostic::Diagnostics;
use super::places::{Item, Part};
use super::rule::Rule;
use super::selector::{Element, Selector};
use crate::dicom::{Tag, Vr};
use crate::standard::dictionary;

/// Selectors that are compared with all that follow. A profile that has more is not searched to the end.
const MOST_COMPARED: usize = 500;

/// What earlier rules take.
#[derive(Default)]
struct Taken<'r> {
    /// By the tag that is named, in every instance.
    tags: FxHashMap<Tag, &'r Rule>,
    /// By other selectors, or in some instances only.
    others: Vec<(&'r Selector, &'r Rule)>,
}

/// Notes every rule that can never decide. That a file's rules stand before those that it extends is what extending
/// is for, and nothing is said of it.
pub(super) fn check(layers: &Layers, found: &mut Diagnostics) {
    let mut taken = Taken::default();
    let file = |rule: &Rule| layers.places.file(Item::Rule(&rule.id, Part::Whole));
    for rule in &layers.rules {
        if found.is_full() {
            return;
        }
        let by: Option<Vec<&Rule>> = parts(&rule.selector)
            .iter()
            .map(|part| taken.by(part, rule.when.as_ref()))
            .collect();
        let first = by.as_deref().and_then(|by| by.first());
        let written_together = by.iter().flatten().all(|by| file(by) <= file(rule));
        match first {
            Some(first) if written_together => {
                let item = Item::Rule(&first.id, Part::Whole);
                let line = layers.places.line(item).unwrap_or(0);
                let others = match by.as_ref().map_or(0, Vec::len) {
                    _ if by.iter().flatten().all(|rule| rule.id == first.id) => "takes",
                    _ => "and other rules take",
                };
                let message = format!(
                    "rule `{}` can never decide: `{}` in line {line} {others} all it matches",
                    rule.id, first.id
                );
                let item = Item::Rule(&rule.id, Part::Match);
                layers
                    .places
                    .error(found, item, message)
                    .help("the first rule that matches decides: put the narrower one first, or take one out");
            }
            _ => taken.add(rule),
        }
    }
}

impl<'r> Taken<'r> {
    fn add(&mut self, rule: &'r Rule) {
        for part in parts(&rule.selector) {
            match (part.only_tag(), &rule.when) {
                (Some(tag), None) if reaches_all(part, tag) => {
                    self.tags.entry(tag).or_insert(rule);
                }
                _ if self.others.len() < MOST_COMPARED => self.others.push((part, rule)),
                _ => {}
            }
        }
    }

    /// The rule that takes all of a selector, in all instances of a condition.
    fn by(&self, part: &Selector, when: Option<&Condition>) -> Option<&'r Rule> {
        let tag = part.only_tag();
        if let Some(rule) = tag.and_then(|tag| self.tags.get(&tag)) {
            return Some(rule);
        }
        self.others
            .iter()
            .filter(|(_, rule)| rule.when.is_none() || rule.when.as_ref() == when)
            .find(|(selector, _)| covers(selector, part))
            .map(|(_, rule)| *rule)
    }
}

/// The alternatives of a list.
fn parts(selector: &Selector) -> &[Selector] {
    match selector {
        Selector::Any(parts) => parts,
        other => std::slice::from_ref(other),
    }
}

/// Whether a selector that can match one tag only matches it wherever it stands.
fn reaches_all(selector: &Selector, tag: Tag) -> bool {
    selector.matches_tag(tag, vr(tag))
}

fn vr(tag: Tag) -> Vr {
    dictionary::by_tag(tag).map_or(Vr::UN, |entry| entry.vr)
}

/// Whether all that one selector matches is matched by another, as far as it can be told.
fn covers(wide: &Selector, narrow: &Selector) -> bool {
    if wide == narrow {
        return true;
    }
    if let Some(tag) = narrow.only_tag() {
        return dictionary::by_tag(tag).is_some() && reaches_all(wide, tag);
    }
    match (wide, narrow) {
        (_, Selector::All(parts)) => parts.iter().any(|part| covers(wide, part)),
        (
            Selector::Element(Element::Tags { mask, value }),
            Selector::Element(Element::Tags {
                mask: narrower,
                value: within,
            }),
        ) => mask & !narrower == 0 && within & mask == *value,
        (
            Selector::Element(Element::Tags {
                mask: 0x1_0000,
                value: 0x1_0000,
            }),
            Selector::Element(Element::Private { .. }),
        ) => true,
        _ => false,
    }
}
