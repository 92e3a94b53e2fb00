//! Checks of single fields: each takes what was written and where, and gives what is meant or notes the problem.

use rustc_hash::FxHashMap;

use super::condition::{self, Condition};
use super::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use super::selector::{NotASelector, Selector};
use super::source::Source;
use super::syntax::{Field, Others, SelectorSyntax, UnknownSyntax};
use super::tree::Node;
use super::{EDITION, words};

/// The longest name or id, so that several fit the 64 characters of an LO such as De-identification Method.
const LONGEST_NAME: usize = 40;

const SAY_WHY: &str = "say why in a few words; they stand in the report";

/// Checks the fields of one file.
pub(super) struct Checker<'a> {
    pub(super) source: &'a Source,
    pub(super) found: &'a mut Diagnostics,
}

impl Checker<'_> {
    /// Notes a problem at a node.
    pub(super) fn error(&mut self, node: &Node, message: impl Into<String>) -> &mut Diagnostic {
        self.found.at(self.source, node.span.clone(), message)
    }

    /// The value of a field that is there and has the right type.
    pub(super) fn value<T>(&mut self, parent: &Node, key: &str, field: Field<T>) -> Option<T> {
        match field {
            Field::Given(value) => Some(value),
            Field::Absent => None,
            Field::Wrong(why) => {
                let node = parent.get(key).unwrap_or(parent);
                self.error(node, format!("`{key}`: {why}"));
                None
            }
        }
    }

    /// The entries of a list, with the node of each.
    pub(super) fn entries<'n, T>(
        &mut self,
        parent: &'n Node,
        key: &str,
        field: Field<Vec<Field<T>>>,
    ) -> Vec<(T, &'n Node)> {
        let entries = self.value(parent, key, field).unwrap_or_default();
        let nodes = parent.get(key).map_or(&[][..], Node::items);
        let mut given = Vec::new();
        for (entry, node) in entries.into_iter().zip(nodes) {
            match entry {
                Field::Given(entry) => given.push((entry, node)),
                Field::Wrong(why) => {
                    self.error(node, why);
                }
                Field::Absent => {}
            }
        }
        given
    }

    /// Notes every key that is not of the language.
    pub(super) fn keys(&mut self, parent: &Node, others: &Others, known: &[&str], later: &[&str]) {
        for (key, _) in parent.pairs() {
            let Some(text) = key.text().filter(|text| others.contains_key(*text)) else {
                continue;
            };
            if self.found.is_full() {
                return;
            }
            if later.contains(&text) {
                self.error(key, not_yet(text));
                continue;
            }
            let help = if text.ends_with(')') {
                // `{match: (0010,0010)}` is two entries of a flow mapping.
                "put a tag in quotes: '(0010,0010)'".to_owned()
            } else {
                did_you_mean(text, known.iter().copied())
                    .unwrap_or_else(|| format!("the keys are {}", listed(known)))
            };
            self.error(key, format!("unknown key `{text}`")).help(help);
        }
    }

    /// Notes every key that must be there and is not.
    pub(super) fn require(&mut self, parent: &Node, keys: &[&str], help: Option<&str>) {
        for key in keys {
            if parent.get(key).is_none() {
                let message = format!("`{key}` is missing");
                self.error(parent, message).help = help.map(str::to_owned);
            }
        }
    }

    pub(super) fn version(&mut self, top: &Node, field: &Field<u64>) {
        let right = matches!(field, Field::Given(1));
        match top.get("samar") {
            None => {
                self.error(top, "`samar` is missing")
                    .help("begin the profile with `samar: 1`, the version of the language");
            }
            Some(node) if !right => {
                self.error(node, "not a version of the profile language")
                    .help("write `samar: 1`");
            }
            Some(_) => {}
        }
    }

    pub(super) fn base(&mut self, top: &Node, field: Field<String>, extends: bool) {
        let right = format!("basic@{EDITION}");
        let Some(base) = self.value(top, "base", field) else {
            if top.get("base").is_none() && !extends {
                self.error(top, "`base` is missing")
                    .help(format!("add `base: {right}`, or `extends: basic`"));
            }
            return;
        };
        if base == right {
            return;
        }
        let (message, help) = match base.split_once('@') {
            Some(("basic", edition)) => (
                format!("edition `{edition}` of PS3.15 is not built in"),
                format!("this version has `{right}`"),
            ),
            _ => (
                format!("unknown base `{base}`"),
                format!("the base is `{right}`"),
            ),
        };
        self.error(top.get("base").unwrap_or(top), message)
            .help(help);
    }

    pub(super) fn options(&mut self, top: &Node, field: Field<Vec<Field<String>>>) {
        for (option, node) in self.entries(top, "options", field) {
            if self.found.is_full() {
                return;
            }
            if words::OPTION_LATER.contains(&option.as_str()) {
                self.error(node, not_yet(&option));
            } else {
                let help = did_you_mean(&option, words::OPTION_LATER.iter().copied());
                self.error(node, format!("unknown option `{option}`")).help = help;
            }
        }
    }

    pub(super) fn unknown(&mut self, top: &Node, field: Field<UnknownSyntax>) {
        let (Some(syntax), Some(node)) = (self.value(top, "unknown", field), top.get("unknown"))
        else {
            return;
        };
        match syntax {
            UnknownSyntax::All(word) => self.only(node, &word, "remove"),
            UnknownSyntax::Each(each) => {
                self.keys(node, &each.others, words::UNKNOWN, &[]);
                for (key, field, right) in [
                    ("public", each.public, "remove"),
                    ("private", each.private, "remove"),
                    ("sop_class", each.sop_class, "quarantine"),
                ] {
                    if let (Some(word), Some(node)) = (self.value(node, key, field), node.get(key))
                    {
                        self.only(node, &word, right);
                    }
                }
            }
        }
    }

    fn only(&mut self, node: &Node, word: &str, right: &str) {
        if word != right {
            self.error(node, format!("`{word}` is not possible here"))
                .help(format!("this version can only `{right}`"));
        }
    }

    /// A name or id: letters, digits, `-`, `_` and `.`.
    pub(super) fn name(
        &mut self,
        parent: &Node,
        key: &str,
        field: Field<String>,
    ) -> Option<String> {
        self.require(parent, &[key], None);
        let name = self.value(parent, key, field)?;
        let fits = (1..=LONGEST_NAME).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if !fits {
            self.error(parent.get(key)?, format!("`{key}` is not a name")).help(format!(
                "use up to {LONGEST_NAME} letters, digits, `-`, `_` and `.`, as in `chest-share`"
            ));
        }
        Some(name)
    }

    /// The id of an entry, which no other entry of the list in this file has.
    pub(super) fn id(
        &mut self,
        entry: &Node,
        field: Field<String>,
        seen: &mut FxHashMap<String, usize>,
    ) -> Option<String> {
        let id = self.name(entry, "id", field)?;
        let node = entry.get("id")?;
        if let Some(start) = seen.get(&id) {
            let line = self.source.line(*start);
            self.error(node, format!("duplicate id `{id}`"))
                .help(format!("line {line} has the same id; rename one"));
            return None;
        }
        seen.insert(id.clone(), node.span.start);
        Some(id)
    }

    pub(super) fn because(&mut self, entry: &Node, field: Field<String>) -> Option<String> {
        self.require(entry, &["because"], Some(SAY_WHY));
        let because = self.value(entry, "because", field)?;
        let trimmed = because.trim();
        if trimmed.is_empty() {
            self.error(entry.get("because")?, "`because` says nothing")
                .help(SAY_WHY);
        }
        Some(trimmed.to_owned())
    }

    /// The meaning of a word out of a fixed list.
    pub(super) fn word<T: Copy>(
        &mut self,
        entry: &Node,
        key: &str,
        field: Field<String>,
        known: &[(&str, T)],
        later: impl Fn(&str) -> bool,
    ) -> Option<T> {
        let word = self.value(entry, key, field)?;
        if let Some((_, meaning)) = known.iter().find(|(name, _)| *name == word) {
            return Some(*meaning);
        }
        let node = entry.get(key)?;
        if later(&word) {
            self.error(node, not_yet(&word));
        } else {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let help = did_you_mean(&word, names.iter().copied())
                .unwrap_or_else(|| format!("`{key}` is one of {}", listed(&names)));
            self.error(node, format!("unknown action `{word}`"))
                .help(help);
        }
        None
    }

    pub(super) fn condition(&mut self, entry: &Node, field: Field<String>) -> Option<Condition> {
        let text = self.value(entry, "when", field)?;
        let node = entry.get("when")?;
        match condition::parse(&text) {
            Ok(condition) => Some(condition),
            Err(problems) => {
                for problem in problems {
                    let at = node.within(self.source, problem.at);
                    self.found.at(self.source, at, problem.message).help = problem.help;
                }
                None
            }
        }
    }

    pub(super) fn selector(
        &mut self,
        entry: &Node,
        field: Field<SelectorSyntax>,
    ) -> Option<Selector> {
        let syntax = self.value(entry, "match", field)?;
        let node = entry.get("match")?;
        match syntax {
            SelectorSyntax::One(text) => self.one_selector(node, &text),
            SelectorSyntax::Any(items) => {
                if items.is_empty() {
                    self.error(node, "this list matches nothing");
                    return None;
                }
                let count = items.len();
                let mut selectors = Vec::new();
                for (text, node) in self.entries(entry, "match", Field::Given(items)) {
                    if self.found.is_full() {
                        return None;
                    }
                    selectors.extend(self.one_selector(node, &text));
                }
                (selectors.len() == count).then_some(Selector::any(selectors))
            }
        }
    }

    fn one_selector(&mut self, node: &Node, text: &str) -> Option<Selector> {
        match Selector::parse(text) {
            Ok(selector) => Some(selector),
            Err(NotASelector { message, help }) => {
                self.error(node, message).help = help;
                None
            }
        }
    }
}

fn not_yet(word: &str) -> String {
    format!("`{word}` is not available in this version")
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
