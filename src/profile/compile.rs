//! From what was written to what is meant: checks one file and lays it over those that it extends.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::accept::{AcceptRule, Verdict};
use super::action::Lookup;
use super::check::Checker;
use super::condition::Condition;
use super::diagnostic::{Diagnostics, did_you_mean};
use super::pixel_rule::PixelRule;
use super::places::{Item, Part, Places};
use super::rule::Rule;
use super::settings::Settings;
use super::source::Source;
use super::syntax::{self, AcceptSyntax, ExtendsSyntax, Field, ProfileSyntax, RuleSyntax};
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

    /// What it extends, each with the place where it says so.
    pub(super) fn extends(&self) -> Vec<(String, Range<usize>)> {
        let Some(node) = self.tree.get("extends") else {
            return Vec::new();
        };
        match &self.syntax.extends {
            Field::Given(ExtendsSyntax::One(target)) => vec![(target.clone(), node.span.clone())],
            Field::Given(ExtendsSyntax::Each(targets)) => {
                let spans = node.items().iter().map(|item| item.span.clone());
                targets.iter().cloned().zip(spans).collect()
            }
            Field::Wrong(_) | Field::Absent => Vec::new(),
        }
    }
}

/// A profile while its files are laid over one another, the most basic first.
pub(super) struct Layers {
    pub(super) accept: Vec<AcceptRule>,
    pub(super) rules: Vec<Rule>,
    pub(super) pixels: Vec<PixelRule>,
    pub(super) settings: Settings,
    pub(super) lookup: Lookup,
    pub(super) places: Places,
    /// How many files lie below.
    level: usize,
    /// Whether all below is as it was written; when not, a missing field may well be inherited.
    pub(super) whole: bool,
    /// Whether every file could be read as far as its list of keys.
    pub(super) all_read: bool,
}

impl Layers {
    pub(super) fn new(whole: bool) -> Layers {
        Layers {
            accept: Vec::new(),
            rules: Vec::new(),
            pixels: Vec::new(),
            settings: Settings::default(),
            lookup: Lookup::default(),
            places: Places::default(),
            level: 0,
            whole,
            all_read: whole,
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
        let mut places = std::mem::take(&mut self.places);
        places.begin(&source);
        let mut checker = Checker {
            source: &source,
            found,
            places: &mut places,
        };
        checker.keys(&tree, &syntax.others, words::TOP);
        checker.version(&tree, &syntax.samar);
        let name = checker.name(&tree, "name", syntax.name);
        let extends = tree.get("extends").is_some();
        checker.extends(&tree, syntax.extends);
        checker.base(&tree, syntax.base, extends);
        let settings = &mut self.settings;
        checker.options(&tree, syntax.options, &mut settings.options);
        checker.unknown(&tree, syntax.unknown, settings);
        checker.key_settings(&tree, syntax.keys, settings);
        checker.pseudonyms(&tree, syntax.pseudonyms, settings, &mut self.lookup.forms);
        checker.dates(&tree, syntax.dates, &mut settings.dates);
        checker.descriptors(&tree, syntax.descriptors, settings);
        let unmatched = checker.redaction(&tree, syntax.redaction, settings);
        checker.files(&tree, syntax.files, settings);
        checker.verify(&tree, syntax.verify, settings);
        checker.report(&tree, syntax.report, settings);
        let accept = checker.entries(&tree, "accept", syntax.accept);
        self.add_accept(&mut checker, accept, unmatched);
        let rules = checker.entries(&tree, "rules", syntax.rules);
        self.add_rules(&mut checker, rules);
        let pixels = checker.pixels(&tree, syntax.pixels, &mut self.settings.detect);
        self.add_pixels(&mut checker, pixels);
        self.places = places;
        self.level += 1;
        self.whole &= found.0.len() == before;
        name.unwrap_or_default()
    }

    /// An entry with the id of an inherited rule changes it in place; the others come before all inherited ones. Those of
    /// `on_unmatched` speak of images that no pixel rule speaks of.
    fn add_accept(
        &mut self,
        checker: &mut Checker<'_>,
        entries: Vec<(AcceptSyntax, &Node)>,
        unmatched: Vec<(AcceptSyntax, &Node)>,
    ) {
        let inherited = index(self.accept.iter().map(|rule| &rule.id));
        let (mut seen, mut fresh) = (FxHashMap::default(), Vec::new());
        let entries = entries.into_iter().map(|entry| (entry, false));
        let unmatched = unmatched.into_iter().map(|entry| (entry, true));
        for ((entry, node), is_unmatched) in entries.chain(unmatched) {
            if checker.found.is_full() {
                return;
            }
            checker.keys(node, &entry.others, words::ACCEPT);
            let id = checker.id(node, entry.id, &mut seen);
            let mut when = checker.condition(node, entry.when);
            if is_unmatched {
                when = when.map(Condition::where_unmatched);
            }
            let verdict = checker.word(node, "do", entry.verdict, Verdict::ALL, "action");
            let because = checker.because(node, entry.because);
            if let Some(id) = &id {
                checker.places.note(Item::Accept(id), of(node, "id"));
            }
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
            checker.keys(node, &entry.others, words::RULE);
            let id = checker.id(node, entry.id, &mut seen);
            let name = id.clone().unwrap_or_default();
            let selector = checker.selector(node, entry.selector);
            let when = checker.condition(node, entry.when);
            let action = checker.action(node, entry.action, &mut self.lookup);
            let because = checker.because(node, entry.because);
            let examples = checker.examples(node, &name, entry.examples);
            for (part, key) in [
                (Part::Whole, "id"),
                (Part::Match, "match"),
                (Part::When, "when"),
                (Part::Do, "do"),
            ] {
                if node.get(key).is_some() {
                    let item = Item::Rule(&name, part);
                    checker.places.note(item, of(node, key));
                }
            }
            let old = id.as_ref().and_then(|id| inherited.get(id));
            if let Some(rule) = old.and_then(|index| self.rules.get_mut(*index)) {
                // Examples prove what an action does, and say nothing of another.
                let stay = action.is_none().then(|| std::mem::take(&mut rule.examples));
                rule.examples = examples.or(stay).unwrap_or_default();
                rule.selector = selector.unwrap_or_else(|| rule.selector.clone());
                rule.when = when.or_else(|| rule.when.take());
                rule.action = action.unwrap_or_else(|| rule.action.clone());
                rule.because = because.unwrap_or_default();
                continue;
            }
            if self.whole {
                let help = similar(id.as_deref(), &inherited);
                checker.require(node, &["match", "do"], help.as_deref());
            }
            // A rule whose `when` cannot be read would speak of every instance.
            let when = match (when, node.get("when")) {
                (None, Some(_)) => continue,
                (when, _) => when,
            };
            if let (Some(id), Some(selector), Some(action)) = (id, selector, action) {
                fresh.push(Rule {
                    id,
                    selector,
                    when,
                    action,
                    because: because.unwrap_or_default(),
                    examples: examples.unwrap_or_default(),
                });
            }
        }
        self.rules.splice(0..0, fresh);
    }
}

/// Where the value of a key stands, or else the whole entry.
pub(super) fn of(entry: &Node, key: &str) -> Range<usize> {
    entry.get(key).unwrap_or(entry).span.clone()
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

pub(super) fn index<'r>(ids: impl Iterator<Item = &'r String>) -> FxHashMap<String, usize> {
    ids.enumerate()
        .map(|(index, id)| (id.clone(), index))
        .collect()
}

/// The inherited rule that a new one may have been meant for.
pub(super) fn similar(id: Option<&str>, inherited: &FxHashMap<String, usize>) -> Option<String> {
    did_you_mean(id?, inherited.keys().map(String::as_str))
}
