//! Checks of single fields: each takes what was written and where, and gives what is meant or notes the problem.

use rustc_hash::FxHashMap;

use super::condition::{self, Condition};
use super::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use super::places::Places;
use super::selector::{NotASelector, Selector};
use super::source::Source;
use super::syntax::{Field, Others, SelectorSyntax};
use super::tree::Node;
use super::words;

/// The longest name or id, so that several fit the 64 characters of an LO such as De-identification Method.
const LONGEST_NAME: usize = 40;

const SAY_WHY: &str = "say why in a few words; they stand in the report";

/// Checks the fields of one file.
pub(super) struct Checker<'a> {
    pub(super) source: &'a Source,
    pub(super) found: &'a mut Diagnostics,
    pub(super) places: &'a mut Places,
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
                let help = quoted(node, &why);
                self.error(node, format!("`{key}`: {}", plain(&why))).help = help;
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
                    let help = quoted(node, &why);
                    self.error(node, plain(&why)).help = help;
                }
                Field::Absent => {}
            }
        }
        given
    }

    /// Notes every key that is not of the language.
    pub(super) fn keys(&mut self, parent: &Node, others: &Others, known: &[&str]) {
        for (key, _) in parent.pairs() {
            let Some(text) = key.text().filter(|text| others.contains_key(*text)) else {
                continue;
            };
            if self.found.is_full() {
                return;
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

    /// The meaning of a word out of a fixed list; `what` is what the words are called.
    pub(super) fn word<T: Clone>(
        &mut self,
        parent: &Node,
        key: &str,
        field: Field<String>,
        known: &[(&'static str, T)],
        what: &str,
    ) -> Option<T> {
        let word = self.value(parent, key, field)?;
        let meaning = known.iter().find(|(name, _)| *name == word);
        if meaning.is_none() {
            let help = did_you_mean(&word, words::names(known))
                .unwrap_or_else(|| format!("`{key}` is one of {}", listed(&words::names(known))));
            self.error(parent.get(key)?, format!("unknown {what} `{word}`"))
                .help(help);
        }
        meaning.map(|(_, meaning)| meaning.clone())
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
                    self.error(node, "this list matches nothing")
                        .help("name what the rule is for, or take the rule out");
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

/// The deserialiser's words for numbers, in plain ones.
fn plain(why: &str) -> String {
    why.replace("expected f64", "expected a number")
        .replace("expected i64", "expected a whole number")
        .replace("expected u64", "expected a whole number")
}

/// What to do about a number or a truth value where text is wanted.
fn quoted(node: &Node, why: &str) -> Option<String> {
    let text = node.text().filter(|text| !text.is_empty())?;
    why.ends_with("expected a string")
        .then(|| format!("put it in quotes: '{text}'"))
}

pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
