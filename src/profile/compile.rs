//! From what was written to what is meant: checks one file and lays it over those that it extends.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::accept::{AcceptRule, Verdict};
use super::check::Checker;
use super::condition::Condition;
use super::diagnostic::{Diagnostics, did_you_mean};
use super::rule::{Rule, RuleAction, misfit};
use super::source::Source;
use super::syntax::{self, AcceptSyntax, Field, ProfileSyntax, RuleSyntax};
use super::tree::{self, Node};
use super::words;

/// One file as it was written.
pub(super) struct Written {
    pub(super) source: Source,
    tree: Node,
    syntax: ProfileSyntax,
}

impl Written {
    /// Reads a file; `None` when it cannot be read as a whole, and then the reason stands in `found`.
    pub(super) fn read(source: Source, found: &mut Diagnostics) -> Option<Written> {
        let before = found.0.len();
        let tree = tree::read(&source, found)?;
        match syntax::read(&source.text, &tree) {
            Ok(syntax) => Some(Written {
                source,
                tree,
                syntax,
            }),
            Err(why) => {
                // The typed reader stumbles over a duplicate key too, but that was reported with its place already.
                if found.0.len() == before {
                    found.at(&source, tree.span.clone(), format!("not a profile: {why}"));
                }
                None
            }
        }
    }

    /// What it extends, and where it says so.
    pub(super) fn extends(&self) -> Option<(String, Range<usize>)> {
        match &self.syntax.extends {
            Field::Given(target) => Some((target.clone(), self.tree.get("extends")?.span.clone())),
            _ => None,
        }
    }
}

/// The rules of a profile while its files are laid over one another, the most basic first.
pub(super) struct Layers {
    pub(super) accept: Vec<AcceptRule>,
    pub(super) rules: Vec<Rule>,
    /// How many files lie below.
    level: usize,
    /// Whether all below is as it was written; when not, a missing field may well be inherited.
    whole: bool,
}

impl Layers {
    pub(super) fn new(whole: bool) -> Layers {
        Layers {
            accept: Vec::new(),
            rules: Vec::new(),
            level: 0,
            whole,
        }
    }

    /// Checks a file, lays it on top, and returns its name.
    pub(super) fn add(&mut self, written: Written, found: &mut Diagnostics) -> String {
        let Written {
            source,
            tree,
            syntax,
        } = written;
        let before = found.0.len();
        let mut checker = Checker {
            source: &source,
            found,
        };
        checker.keys(&tree, &syntax.others, words::TOP, words::TOP_LATER);
        checker.version(&tree, &syntax.samar);
        let name = checker.name(&tree, "name", syntax.name);
        let extends = tree.get("extends").is_some();
        checker.value(&tree, "extends", syntax.extends);
        checker.base(&tree, syntax.base, extends);
        checker.options(&tree, syntax.options);
        checker.unknown(&tree, syntax.unknown);
        let accept = checker.entries(&tree, "accept", syntax.accept);
        self.add_accept(&mut checker, accept);
        let rules = checker.entries(&tree, "rules", syntax.rules);
        self.add_rules(&mut checker, rules);
        self.level += 1;
        self.whole &= found.0.len() == before;
        name.unwrap_or_default()
    }

    /// An entry with the id of an inherited rule changes it in place; the others come before all inherited ones.
    fn add_accept(&mut self, checker: &mut Checker<'_>, entries: Vec<(AcceptSyntax, &Node)>) {
        let inherited = index(self.accept.iter().map(|rule| &rule.id));
        let (mut seen, mut fresh) = (FxHashMap::default(), Vec::new());
        for (entry, node) in entries {
            if checker.found.is_full() {
                return;
            }
            checker.keys(node, &entry.others, words::ACCEPT, &[]);
            let id = checker.id(node, entry.id, &mut seen);
            let when = checker.condition(node, entry.when);
            let verdict = checker.word(node, "do", entry.verdict, Verdict::ALL, |_| false);
            let because = checker.because(node, entry.because);
            let old = id.as_ref().and_then(|id| inherited.get(id));
            if let Some(rule) = old.and_then(|index| self.accept.get_mut(*index)) {
                rule.change(when, verdict, because);
                continue;
            }
            if self.whole {
                let help = similar(id.as_deref(), &inherited);
                checker.require(node, &["when", "do"], help.as_deref());
            }
            if let (Some(id), Some(when), Some(verdict)) = (id, when, verdict) {
                fresh.push(AcceptRule {
                    id,
                    when,
                    verdict,
                    because: because.unwrap_or_default(),
                    level: self.level,
                    withheld_when: None,
                });
            }
        }
        self.accept.splice(0..0, fresh);
    }

    /// As [`Self::add_accept`].
    fn add_rules(&mut self, checker: &mut Checker<'_>, entries: Vec<(RuleSyntax, &Node)>) {
        let inherited = index(self.rules.iter().map(|rule| &rule.id));
        let (mut seen, mut fresh) = (FxHashMap::default(), Vec::new());
        for (entry, node) in entries {
            if checker.found.is_full() {
                return;
            }
            checker.keys(node, &entry.others, words::RULE, words::RULE_LATER);
            let id = checker.id(node, entry.id, &mut seen);
            let selector = checker.selector(node, entry.selector);
            let action = checker.word(node, "do", entry.action, RuleAction::ALL, |word| {
                words::ACTION_LATER.contains(&word) || word.starts_with("pseudonym.")
            });
            let because = checker.because(node, entry.because);
            let old = id.as_ref().and_then(|id| inherited.get(id));
            let rule = if let Some(rule) = old.and_then(|index| self.rules.get_mut(*index)) {
                rule.selector = selector.unwrap_or_else(|| rule.selector.clone());
                rule.action = action.unwrap_or(rule.action);
                rule.because = because.unwrap_or_default();
                rule
            } else {
                if self.whole {
                    let help = similar(id.as_deref(), &inherited);
                    checker.require(node, &["match", "do"], help.as_deref());
                }
                let (Some(id), Some(selector), Some(action)) = (id, selector, action) else {
                    continue;
                };
                fresh.push(Rule {
                    id,
                    selector,
                    action,
                    because: because.unwrap_or_default(),
                });
                match fresh.last_mut() {
                    Some(rule) => rule,
                    None => continue,
                }
            };
            if rule.selector.is_private() && rule.action != RuleAction::Remove {
                let node = node.get("do").unwrap_or(node);
                checker
                    .error(node, "private elements can only be removed in this version")
                    .help("leave the rule out: they are removed by default");
            }
            if let Some(vr) = misfit(&rule.selector, rule.action) {
                let node = node.get("do").unwrap_or(node);
                let message = format!("this action cannot be applied to elements of VR {vr}");
                checker
                    .error(node, message)
                    .help("`empty`, `dummy` and `remove` can");
            }
        }
        self.rules.splice(0..0, fresh);
    }
}

impl AcceptRule {
    /// Changes an inherited rule in place, remembering when it withheld before anyone changed it.
    fn change(
        &mut self,
        when: Option<Condition>,
        verdict: Option<Verdict>,
        because: Option<String>,
    ) {
        let changes = when.is_some() || verdict.is_some();
        if changes && self.verdict != Verdict::Accept && self.withheld_when.is_none() {
            self.withheld_when = Some(self.when.clone());
        }
        if let Some(when) = when {
            self.when = when;
        }
        self.verdict = verdict.unwrap_or(self.verdict);
        self.because = because.unwrap_or_default();
    }
}

fn index<'r>(ids: impl Iterator<Item = &'r String>) -> FxHashMap<String, usize> {
    ids.enumerate()
        .map(|(index, id)| (id.clone(), index))
        .collect()
}

/// The inherited rule that a new one may have been meant for.
fn similar(id: Option<&str>, inherited: &FxHashMap<String, usize>) -> Option<String> {
    did_you_mean(id?, inherited.keys().map(String::as_str))
}
