//! Private elements: found by creator, group and element byte, never by block (PS3.5 section 7.8).

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{Answers, Ask, Table, merge};
use crate::dicom::{Tag, Vr};
use crate::profile::rule::RuleAction;
use crate::profile::selector::{Place, PrivateKind, Selector, Step};
use crate::standard::methods::ProfileOption;

/// A private element as rules see it.
#[derive(Clone, Copy, Debug)]
pub struct PrivateElement<'a> {
    /// The tag as written, block included.
    pub tag: Tag,
    /// The VR as written.
    pub vr: Vr,
    /// Its Private Creator, folded; `None` when its block has none.
    pub creator: Option<&'a str>,
}

/// Rules on private elements.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By group, element byte and creator: rules that can match one private element alone, and all others between.
    single: FxHashMap<(u16, u8), Vec<(String, Ask)>>,
    /// Rules that may match any.
    general: Ask,
    /// Whether a rule may do something else than remove.
    keeps: bool,
}

impl Index {
    pub(super) fn compile(table: &mut Table, conditions: &[Option<u32>]) -> Index {
        let mut single: FxHashMap<(u16, u8, String), Vec<u32>> = FxHashMap::default();
        let mut general: Vec<u32> = Vec::new();
        let mut keeps = false;
        for (index, rule) in table.rules.iter().enumerate() {
            match rule.selector.private_names() {
                Some(names) => {
                    for (creator, group, byte) in names {
                        let key = (group, byte, creator.to_owned());
                        single.entry(key).or_default().push(index as u32);
                    }
                }
                None => general.push(index as u32),
            }
            keeps |= rule.action != RuleAction::Remove && rule.selector.is_private();
        }
        let mut index = Index {
            general: table.gather(general.iter().copied(), Selector::on_private, conditions),
            keeps,
            ..Index::default()
        };
        let mut keys: Vec<_> = single.into_iter().collect();
        keys.sort_unstable();
        for ((group, byte, creator), rules) in keys {
            let kind = PrivateKind {
                creator: &creator,
                group,
                byte,
                vr: None,
            };
            let ahead = |selector: &Selector| selector.on_kind(&kind);
            let ask = table.gather(merge(&rules, &general), ahead, conditions);
            let list = index.single.entry((group, byte)).or_default();
            list.push((creator, ask));
        }
        index
    }
}

impl Table {
    /// Whether a rule may keep private elements, or change them.
    pub fn keeps_private(&self) -> bool {
        self.private.keeps
    }

    /// The rules that may decide about private elements, in their order; none where no element is looked at.
    pub fn private_rules(&self) -> Vec<u32> {
        let looks = self.keeps_private() || self.options.contains(ProfileOption::RetainSafePrivate);
        if !looks {
            return Vec::new();
        }
        let single = self.private.single.values().flatten().map(|(_, ask)| *ask);
        let runs = single.chain([self.private.general]);
        let rules: BTreeSet<u32> = runs
            .flat_map(|ask| self.run(ask).iter().map(|candidate| candidate.rule))
            .collect();
        rules.into_iter().collect()
    }

    /// Whether some rule decides about every private element, whatever the instance.
    pub(super) fn takes_all_private(&self) -> bool {
        let last = self.run(self.private.general).last();
        last.is_some_and(|candidate| candidate.anywhere && candidate.when.is_none())
    }

    /// The rule that decides about a private element.
    pub fn private_rule(
        &self,
        element: PrivateElement<'_>,
        path: &[Step<'_>],
        answers: &Answers<'_>,
    ) -> Option<u32> {
        let place = Place {
            tag: element.tag,
            vr: element.vr,
            creator: element.creator,
            path,
        };
        self.first(self.private_run(element), &place, answers)
    }

    fn private_run(&self, element: PrivateElement<'_>) -> Ask {
        let byte = (element.tag.element() & 0xFF) as u8;
        let exact = self.private.single.get(&(element.tag.group(), byte));
        exact
            .zip(element.creator)
            .and_then(|(list, creator)| {
                let at = list.binary_search_by(|(known, _)| known.as_str().cmp(creator));
                at.ok().and_then(|at| list.get(at))
            })
            .map_or(self.private.general, |(_, ask)| *ask)
    }
}
