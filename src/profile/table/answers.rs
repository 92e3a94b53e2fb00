//! The answers of one instance to the conditions of the rules, each worked out once and only when it is asked for.

use std::cell::{RefCell, RefMut};

use super::shortlist::Shortlists;
use crate::profile::condition::{Attributes, Condition};

/// What the conditions gave for one instance.
pub struct Answers<'a> {
    conditions: &'a [Condition],
    /// Whom to ask; nobody when only what was asked before may be repeated.
    instance: Option<&'a dyn Attributes>,
    memo: RefCell<Answered>,
    shortlists: RefCell<Shortlists>,
}

/// Answers given, by condition; `None` for what was not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    answers: Vec<Option<bool>>,
    /// Whether something was asked that had no answer.
    is_short: bool,
}

impl<'a> Answers<'a> {
    /// Answers to be asked of an instance.
    pub fn of(conditions: &'a [Condition], instance: &'a dyn Attributes) -> Answers<'a> {
        Answers {
            conditions,
            instance: Some(instance),
            memo: RefCell::default(),
            shortlists: RefCell::default(),
        }
    }

    /// Answers given before, for one who has no longer the instance that gave them.
    pub fn repeated(answered: &Answered) -> Answers<'static> {
        Answers {
            conditions: &[],
            instance: None,
            memo: RefCell::new(answered.clone()),
            shortlists: RefCell::default(),
        }
    }

    /// Whether a condition holds. What cannot be answered does not hold, and is remembered: see [`Self::is_short`].
    pub fn holds(&self, condition: u32) -> bool {
        let index = condition as usize;
        let known = self.memo.borrow().answers.get(index).copied().flatten();
        if let Some(known) = known {
            return known;
        }
        let asked = self
            .conditions
            .get(index)
            .zip(self.instance)
            .map(|(condition, instance)| condition.holds(instance));
        let mut memo = self.memo.borrow_mut();
        let Some(answer) = asked else {
            memo.is_short = true;
            return false;
        };
        if memo.answers.len() <= index {
            memo.answers.resize(index + 1, None);
        }
        if let Some(slot) = memo.answers.get_mut(index) {
            *slot = Some(answer);
        }
        answer
    }

    pub(super) fn shortlists(&self) -> RefMut<'_, Shortlists> {
        self.shortlists.borrow_mut()
    }

    /// Whether something was asked that nobody could answer.
    pub fn is_short(&self) -> bool {
        self.memo.borrow().is_short
    }

    /// What was answered.
    pub fn answered(self) -> Answered {
        self.memo.into_inner()
    }
}
