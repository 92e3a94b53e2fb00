//! Long runs of rules, made short for one instance: what can never decide about an element of some kind is asked once.

use rustc_hash::FxHashMap;

use super::{Answers, Ask, Candidate, Table};
use crate::dicom::Vr;
use crate::profile::selector::{Ahead, Place, PrivateKind};

/// Runs of so many rules are asked one by one.
const SHORT: u32 = 8;

/// The shortlists of an instance.
pub(super) type Shortlists = FxHashMap<Kind, Shortlist>;

/// Elements that the same rules can match.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    /// Where the run begins.
    run: u32,
    /// Creator, group, element byte and VR of private elements; a run of public ones is for a tag.
    private: Option<(String, u16, u8, Vr)>,
}

/// The rules of a run that may decide, as far as the run was asked.
#[derive(Debug, Default)]
pub(super) struct Shortlist {
    left: Vec<Candidate>,
    /// How much of the run was looked at.
    looked: usize,
}

#[cfg(test)]
impl Shortlist {
    /// How many rules are asked for each element.
    pub(super) fn len(&self) -> usize {
        self.left.len()
    }
}

impl Table {
    /// The first rule of a run that decides about an element.
    pub(super) fn first(&self, ask: Ask, place: &Place<'_>, answers: &Answers<'_>) -> Option<u32> {
        let run = self.run(ask);
        let kind = PrivateKind {
            creator: place.creator.unwrap_or_default(),
            group: place.tag.group(),
            byte: (place.tag.element() & 0xFF) as u8,
            vr: Some(place.vr),
        };
        let is_private = place.tag.is_private();
        if ask.count <= SHORT || is_private && place.creator.is_none() {
            let mut run = run.iter();
            let decides = run.find(|candidate| self.decides(candidate, place, answers));
            return decides.map(|candidate| candidate.rule);
        }
        let key = Kind {
            run: ask.first,
            private: is_private.then(|| (kind.creator.to_owned(), kind.group, kind.byte, place.vr)),
        };
        let mut lists = answers.shortlists();
        let list = lists.entry(key).or_default();
        let mut known = list.left.iter();
        if let Some(first) = known.find(|candidate| self.decides(candidate, place, answers)) {
            return Some(first.rule);
        }
        while let Some(candidate) = run.get(list.looked) {
            list.looked += 1;
            let ahead = match self.rule(candidate.rule) {
                _ if candidate.anywhere => Ahead::Yes,
                Some(rule) if is_private => rule.selector.on_kind(&kind),
                Some(_) => Ahead::Depends,
                None => Ahead::No,
            };
            let (anywhere, when) = match (ahead, candidate.when) {
                (Ahead::No, _) => continue,
                // The answer is the same for the whole instance.
                (Ahead::Yes, Some(when)) if !answers.holds(when) => continue,
                (Ahead::Yes, _) => (true, None),
                (Ahead::Depends, when) => (false, when),
            };
            let candidate = Candidate {
                rule: candidate.rule,
                anywhere,
                when,
            };
            list.left.push(candidate);
            if self.decides(&candidate, place, answers) {
                return Some(candidate.rule);
            }
        }
        None
    }

    fn decides(&self, candidate: &Candidate, place: &Place<'_>, answers: &Answers<'_>) -> bool {
        let here = candidate.anywhere
            || self
                .rule(candidate.rule)
                .is_some_and(|rule| rule.selector.matches(place));
        here && candidate.when.is_none_or(|when| answers.holds(when))
    }
}
