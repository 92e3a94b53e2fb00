//! The `accept` rules: which instances are cleaned, and which are withheld.

use super::condition::{Attributes, Condition, Fact};

/// What becomes of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is cleaned and written.
    Accept,
    /// It is not wanted.
    Reject,
    /// A person must look.
    Quarantine,
}

impl Verdict {
    /// Every verdict, with the word that profiles use.
    pub const ALL: &[(&str, Verdict)] = &[
        ("accept", Verdict::Accept),
        ("reject", Verdict::Reject),
        ("quarantine", Verdict::Quarantine),
    ];
}

/// One entry of `accept`.
#[derive(Clone, Debug)]
pub struct AcceptRule {
    /// Its name, unique in the profile.
    pub id: String,
    /// When it speaks.
    pub when: Condition,
    /// What it says.
    pub verdict: Verdict,
    /// Why, in the author's words.
    pub because: String,
    /// How far from the built-in profile it was first written: 0 there, 1 in a profile that extends it.
    pub(super) level: usize,
    /// Set when a rule that withheld was rewritten by an extending profile: its first condition.
    pub(super) withheld_when: Option<Condition>,
}

impl AcceptRule {
    /// Whether it asks about a fact, or did before a profile rewrote it.
    pub fn asks(&self, fact: Fact) -> bool {
        let before = self.withheld_when.as_ref();
        self.when.asks(fact) || before.is_some_and(|when| when.asks(fact))
    }
}

/// The decision on one instance.
#[derive(Clone, Debug)]
pub struct Judgement<'p> {
    /// What becomes of it.
    pub verdict: Verdict,
    /// The rule that decided; `None` when none matched and the instance is accepted.
    pub rule: Option<&'p AcceptRule>,
    /// When accepted: ids of rules of an extended profile that would have withheld the instance.
    pub overridden: Vec<&'p str>,
}

/// The first rule that matches decides. There is one exception, on the safe side: rewriting an inherited rule that
/// withholds into `accept` lifts that one reason, and the rules behind it still apply. So a site that takes
/// ultrasound does not thereby take ultrasound with comments in its codestream.
pub(super) fn judge<'p>(rules: &'p [AcceptRule], instance: &dyn Attributes) -> Judgement<'p> {
    let mut overridden = Vec::new();
    let mut lifted = None;
    let mut accepted: Option<&AcceptRule> = None;
    for rule in rules {
        let withheld = || {
            rule.withheld_when
                .as_ref()
                .is_some_and(|when| when.holds(instance))
        };
        if let Some(by) = accepted {
            let withholds = rule.verdict != Verdict::Accept;
            if rule.level < by.level && (withheld() || withholds && rule.when.holds(instance)) {
                overridden.push(rule.id.as_str());
            }
            continue;
        }
        if withheld() {
            overridden.push(rule.id.as_str());
        }
        if !rule.when.holds(instance) {
            continue;
        }
        match rule.verdict {
            Verdict::Accept if rule.withheld_when.is_some() => {
                lifted.get_or_insert(rule);
            }
            Verdict::Accept => accepted = Some(rule),
            verdict => {
                return Judgement {
                    verdict,
                    rule: Some(rule),
                    overridden: Vec::new(),
                };
            }
        }
    }
    Judgement {
        verdict: Verdict::Accept,
        rule: accepted.or(lifted),
        overridden,
    }
}
