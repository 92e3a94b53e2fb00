//! The `do` of a rule, its parameters and its examples.

use regex::RegexBuilder;

use super::check::{Checker, listed};
use super::diagnostic::did_you_mean;
use super::forms::Forms;
use super::places::{Item, Part};
use super::replace::groups;
use super::rule::{Example, Mask, Replacement, RuleAction};
use super::syntax::{
    ActionSyntax, ActionWithSyntax, ExampleSyntax, Field, MaskSyntax, RegexSyntax,
};
use super::tree::Node;
use super::words;

/// The largest compiled pattern, in bytes, and the longest that is read: a stranger's profile buys no more work.
const LARGEST_PATTERN: usize = 256 << 10;
const LONGEST_PATTERN: usize = 1000;

/// The longest text that takes the place of what a pattern finds, in characters.
const LONGEST_REPLACEMENT: usize = 1024;
/// Patterns in one profile.
const MOST_PATTERNS: usize = 200;

/// Characters of a value that a mask can leave.
const MOST_SHOWN: i64 = 64;

/// What a rule's `do` needs besides the text: the forms that it may name, and how many patterns there were.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    pub(super) forms: Forms,
    patterns: usize,
}

impl Checker<'_> {
    pub(super) fn action(
        &mut self,
        rule: &Node,
        field: Field<ActionSyntax>,
        lookup: &mut Lookup,
    ) -> Option<RuleAction> {
        let syntax = self.value(rule, "do", field)?;
        let node = rule.get("do")?;
        match syntax {
            ActionSyntax::Word(word) => self.plain(node, &word, lookup),
            ActionSyntax::With(with) => self.with(node, *with, lookup),
        }
    }

    fn plain(&mut self, node: &Node, word: &str, lookup: &mut Lookup) -> Option<RuleAction> {
        if let Some((_, action)) = words::PLAIN_ACTION.iter().find(|(name, _)| *name == word) {
            return Some(action.clone());
        }
        if let Some(name) = word.strip_prefix("pseudonym.") {
            return Some(RuleAction::Pseudonym(lookup.forms.index(name)));
        }
        if let Some((name, example)) = words::ACTION_WITH.iter().find(|(name, _)| *name == word) {
            self.error(node, format!("`{name}` needs to be told more"))
                .help(format!("write it as in `do: {example}`"));
            return None;
        }
        let names: Vec<&str> = words::names(words::PLAIN_ACTION)
            .into_iter()
            .chain(["pseudonym.NAME"])
            .chain(words::names(words::ACTION_WITH))
            .collect();
        let help = did_you_mean(word, names.iter().copied())
            .unwrap_or_else(|| format!("`do` is one of {}", listed(&names)));
        self.error(node, format!("unknown action `{word}`"))
            .help(help);
        None
    }

    fn with(
        &mut self,
        node: &Node,
        with: ActionWithSyntax,
        lookup: &mut Lookup,
    ) -> Option<RuleAction> {
        let names = words::names(words::ACTION_WITH);
        for (key, _) in node.pairs() {
            let Some(word) = key.text().filter(|word| with.others.contains_key(*word)) else {
                continue;
            };
            if words::PLAIN_ACTION.iter().any(|(name, _)| *name == word)
                || word.starts_with("pseudonym.")
            {
                self.error(key, format!("`{word}` has no parameters"))
                    .help(format!("write `do: {word}`"));
            } else {
                let help = did_you_mean(word, names.iter().copied())
                    .unwrap_or_else(|| format!("actions with parameters are {}", listed(&names)));
                self.error(key, format!("unknown action `{word}`"))
                    .help(help);
            }
        }
        if !with.others.is_empty() {
            return None;
        }
        if node.pairs().is_empty() {
            self.error(node, "`do` says nothing")
                .help("write what is to be done, such as `do: remove`");
            return None;
        }
        if node.pairs().len() > 1 {
            self.error(node, "`do` is one action")
                .help("write one rule for each action; the first that matches decides");
            return None;
        }
        if let Some(text) = self.value(node, "set", with.set) {
            return self.set(node, text);
        }
        if let Some(mask) = self.value(node, "mask", with.mask) {
            return self.mask(node.get("mask")?, mask);
        }
        if let Some(regex) = self.value(node, "regex", with.regex) {
            return self.regex(node.get("regex")?, regex, lookup);
        }
        if let Some(multiple) = self.value(node, "round", with.round) {
            if multiple.is_finite() && multiple > 0.0 {
                return Some(RuleAction::Round(multiple));
            }
            self.error(node.get("round")?, "not a number to round to")
                .help("write a number above 0, as in `{round: 5}`");
            return None;
        }
        self.word(
            node,
            "truncate-date",
            with.truncate,
            words::PRECISION,
            "precision",
        )
        .map(RuleAction::Truncate)
    }

    fn set(&mut self, node: &Node, text: String) -> Option<RuleAction> {
        if text.is_empty() {
            self.error(node.get("set")?, "`set` to nothing")
                .help("write `do: empty`");
            return None;
        }
        Some(RuleAction::Set(text))
    }

    fn mask(&mut self, node: &Node, syntax: MaskSyntax) -> Option<RuleAction> {
        self.keys(node, &syntax.others, words::MASK);
        let first = self.shown(node, "first", syntax.first);
        let last = self.shown(node, "last", syntax.last);
        let with = self.value(node, "with", syntax.with);
        let with = with.unwrap_or_else(|| "*".to_owned());
        let mut characters = with.chars();
        match (characters.next(), characters.next()) {
            (Some(c @ '!'..='~'), None) if !matches!(c, '\\' | '^' | '=') => {
                Some(RuleAction::Mask(Mask {
                    first: first?,
                    last: last?,
                    with: c,
                }))
            }
            _ => {
                self.error(node.get("with")?, "not a character to cover others with")
                    .help("write one printable ASCII character other than `\\`, `^` and `=`");
                None
            }
        }
    }

    fn shown(&mut self, node: &Node, key: &str, field: Field<i64>) -> Option<usize> {
        if matches!(field, Field::Absent) {
            return Some(0);
        }
        let count = self.value(node, key, field)?;
        if (0..=MOST_SHOWN).contains(&count) {
            return usize::try_from(count).ok();
        }
        self.error(
            node.get(key)?,
            format!("`{key}` is not a number of characters"),
        )
        .help(format!("write a number from 0 to {MOST_SHOWN}"));
        None
    }

    fn regex(
        &mut self,
        node: &Node,
        syntax: RegexSyntax,
        lookup: &mut Lookup,
    ) -> Option<RuleAction> {
        self.keys(node, &syntax.others, words::REGEX);
        self.require(node, words::REGEX, None);
        let replace = self.value(node, "replace", syntax.replace);
        let pattern = self.value(node, "find", syntax.find)?;
        let at = node.get("find")?;
        lookup.patterns += 1;
        let (message, help) = if pattern.is_empty() {
            (
                "the pattern finds the empty text".to_owned(),
                "write what is to be replaced",
            )
        } else if lookup.patterns > MOST_PATTERNS {
            (
                format!("more than {MOST_PATTERNS} patterns"),
                "join some with `|`",
            )
        } else if pattern.len() > LONGEST_PATTERN {
            (
                format!("the pattern is longer than {LONGEST_PATTERN} bytes"),
                "spread it over several rules",
            )
        } else {
            let built = RegexBuilder::new(&pattern)
                .size_limit(LARGEST_PATTERN)
                .dfa_size_limit(LARGEST_PATTERN)
                .nest_limit(50)
                .build();
            match built {
                Ok(find) => return self.replacement(node, find, replace?),
                Err(regex::Error::CompiledTooBig(_)) => (
                    "the pattern is too large when it is compiled".to_owned(),
                    "ask for fewer repetitions; `(?-u:\\w)` is smaller than `\\w`",
                ),
                Err(error) => (
                    format!("not a regular expression: {}", reason(&error)),
                    "put patterns in single quotes, and a backslash before signs that stand for themselves",
                ),
            }
        };
        self.error(at, message).help(help);
        None
    }

    fn replacement(
        &mut self,
        node: &Node,
        find: regex::Regex,
        replace: String,
    ) -> Option<RuleAction> {
        let at = node.get("replace")?;
        if replace.contains('\\') {
            self.error(
                at,
                "a replacement cannot hold a backslash, which separates values",
            )
            .help("write `$1` for what the first group found");
            return None;
        }
        if !replace.bytes().all(|b| matches!(b, b' '..=b'~')) {
            self.error(
                at,
                "a character outside printable ASCII, which not every character set can hold",
            )
            .help("use letters, digits and signs of ASCII");
            return None;
        }
        if replace.len() > LONGEST_REPLACEMENT {
            self.error(
                at,
                format!("a replacement of more than {LONGEST_REPLACEMENT} characters"),
            )
            .help("`set` gives an attribute a text of its own");
            return None;
        }
        for group in groups(&replace) {
            let known = group.parse::<usize>().map_or_else(
                |_| find.capture_names().flatten().any(|name| name == group),
                |number| number < find.captures_len(),
            );
            if !known {
                let digits = group.bytes().take_while(u8::is_ascii_digit).count();
                let help = match group.split_at_checked(digits) {
                    Some((number, rest)) if digits > 0 && !rest.is_empty() => {
                        format!("write `${{{number}}}{rest}` when `{rest}` is text")
                    }
                    _ => format!(
                        "the pattern has {} groups; write `$$` for a `$`",
                        find.captures_len() - 1
                    ),
                };
                self.error(at, format!("the pattern has no group `{group}`"))
                    .help(help);
                return None;
            }
        }
        Some(RuleAction::Regex(Replacement { find, replace }))
    }

    pub(super) fn examples(
        &mut self,
        rule: &Node,
        id: &str,
        field: Field<Vec<Field<ExampleSyntax>>>,
    ) -> Option<Vec<Example>> {
        if !matches!(field, Field::Given(_)) {
            self.entries(rule, "examples", field);
            return None;
        }
        let mut examples = Vec::new();
        for (syntax, node) in self.entries(rule, "examples", field) {
            if self.found.is_full() {
                break;
            }
            self.keys(node, &syntax.others, words::EXAMPLE);
            self.require(node, words::EXAMPLE, None);
            let value = self.value(node, "value", syntax.value);
            let gives = self.value(node, "gives", syntax.gives);
            if let (Some(value), Some(gives)) = (value, gives) {
                let at = node.get("gives").unwrap_or(node).span.clone();
                let part = Part::Example(examples.len());
                self.places.note(Item::Rule(id, part), at);
                examples.push(Example { value, gives });
            }
        }
        Some(examples)
    }
}

/// Why a pattern cannot be read: the last line of what the library says, without its heading.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}
