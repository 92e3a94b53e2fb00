//! Settings: each key by itself replaces what an extended profile says.

use super::EDITION;
use super::check::{Checker, listed};
use super::diagnostic::did_you_mean;
use super::files::PathTemplate;
use super::places::Item;
use super::settings::{Dates, Settings, UnknownElement};
use super::syntax::{
    AcceptSyntax, AgeCapSyntax, DatesSyntax, DescriptorsSyntax, ExtendsSyntax, Field, FilesSyntax,
    KeysSyntax, RedactionSyntax, ReportSyntax, UnknownSyntax, VerifySyntax,
};
use super::tree::Node;
use super::words;
use crate::standard::methods::{OptionSet, ProfileOption};

/// The most days by which dates may move, either way: a hundred years.
const MOST_DAYS: i64 = 36_500;

/// The oldest age that a cap can name.
const OLDEST: i64 = 150;

/// The longest word of a site's own, in characters.
const LONGEST_WORD: usize = 64;

/// Why nothing of the unknown can be kept.
const NEVER_KEPT: &str =
    "what nobody knows can never be kept; write a rule for each element that you know";

impl Checker<'_> {
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

    /// What `extends` names is read before; here only its shape is checked.
    pub(super) fn extends(&mut self, top: &Node, field: Field<ExtendsSyntax>) {
        if let Some(ExtendsSyntax::Each(targets)) = self.value(top, "extends", field)
            && targets.is_empty()
        {
            let node = top.get("extends").unwrap_or(top);
            self.error(node, "`extends` names nothing")
                .help("name a profile, such as `basic`, or take `extends` out");
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

    pub(super) fn options(
        &mut self,
        top: &Node,
        field: Field<Vec<Field<String>>>,
        options: &mut OptionSet,
    ) {
        if !matches!(field, Field::Given(_)) {
            self.entries(top, "options", field);
            return;
        }
        for option in options.iter() {
            self.places.forget(Item::Option(option));
        }
        *options = OptionSet::EMPTY;
        for (name, node) in self.entries(top, "options", field) {
            if self.found.is_full() {
                return;
            }
            let Some(option) = ProfileOption::parse(&name) else {
                let names = words::options();
                let help = did_you_mean(&name, names.iter().copied())
                    .unwrap_or_else(|| format!("the options are {}", listed(&names)));
                self.error(node, format!("unknown option `{name}`"))
                    .help(help);
                continue;
            };
            if options.contains(option) {
                self.error(node, format!("duplicate option `{name}`"))
                    .help("take one of them out");
            }
            options.insert(option);
            self.places.note(Item::Option(option), node.span.clone());
        }
        let pair = [
            ProfileOption::RetainFullDates,
            ProfileOption::RetainModifiedDates,
        ];
        if pair.iter().all(|option| options.contains(*option)) {
            for (option, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                self.places
                    .error(
                        self.found,
                        Item::Option(option),
                        format!("`{option}` contradicts `{other}`"),
                    )
                    .help("dates stay as they are, or they move: keep one of the two");
            }
        }
    }

    pub(super) fn unknown(
        &mut self,
        top: &Node,
        field: Field<UnknownSyntax>,
        settings: &mut Settings,
    ) {
        let (Some(syntax), Some(node)) = (self.value(top, "unknown", field), top.get("unknown"))
        else {
            return;
        };
        let unknown = &mut settings.unknown;
        match syntax {
            UnknownSyntax::All(word) => {
                if let Some(both) = self.unknown_element(top, "unknown", Field::Given(word)) {
                    (unknown.public, unknown.private) = (both, both);
                }
            }
            UnknownSyntax::Each(each) => {
                self.keys(node, &each.others, words::UNKNOWN);
                let public = self.unknown_element(node, "public", each.public);
                unknown.public = public.unwrap_or(unknown.public);
                let private = self.unknown_element(node, "private", each.private);
                unknown.private = private.unwrap_or(unknown.private);
                let class = self.never_kept(node, "sop_class", each.sop_class);
                let class = self.word(node, "sop_class", class, words::UNKNOWN_CLASS, "word");
                unknown.sop_class = class.unwrap_or(unknown.sop_class);
            }
        }
    }

    fn unknown_element(
        &mut self,
        parent: &Node,
        key: &str,
        field: Field<String>,
    ) -> Option<UnknownElement> {
        let field = self.never_kept(parent, key, field);
        self.word(parent, key, field, words::UNKNOWN_ELEMENT, "word")
    }

    /// Says why `keep` is impossible, and takes it out so that it is not reported again.
    fn never_kept(&mut self, parent: &Node, key: &str, field: Field<String>) -> Field<String> {
        match field {
            Field::Given(word) if word == "keep" || word == "accept" => {
                let node = parent.get(key).unwrap_or(parent);
                self.error(node, format!("`{word}` is not possible here"))
                    .help(NEVER_KEPT);
                Field::Absent
            }
            field => field,
        }
    }

    pub(super) fn key_settings(
        &mut self,
        top: &Node,
        field: Field<KeysSyntax>,
        settings: &mut Settings,
    ) {
        let (Some(syntax), Some(node)) = (self.value(top, "keys", field), top.get("keys")) else {
            return;
        };
        self.keys(node, &syntax.others, words::KEYS);
        if let Some(required) = self.value(node, "required", syntax.required) {
            settings.keys.required = required;
        }
        let Some(fingerprint) = self.value(node, "fingerprint", syntax.fingerprint) else {
            return;
        };
        let digits = fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
        if !digits || fingerprint.bytes().any(|b| b.is_ascii_uppercase()) {
            let node = node.get("fingerprint").unwrap_or(node);
            self.error(node, "not a fingerprint of a key")
                .help("write the 16 digits that `samar key fingerprint` prints, in quotes");
            return;
        }
        settings.keys.fingerprint = Some(fingerprint);
    }

    pub(super) fn dates(&mut self, top: &Node, field: Field<DatesSyntax>, dates: &mut Dates) {
        let (Some(syntax), Some(node)) = (self.value(top, "dates", field), top.get("dates")) else {
            return;
        };
        self.keys(node, &syntax.others, words::DATES);
        if let Some(days) = self.shift_days(node, syntax.shift_days) {
            dates.shift_days = days;
        }
        if let Some(cap) = self.value(node, "age_cap", syntax.age_cap) {
            match cap {
                AgeCapSyntax::Years(years) if (1..=OLDEST).contains(&years) => {
                    dates.age_cap = u16::try_from(years).ok();
                }
                AgeCapSyntax::Word(word) if word == "none" => dates.age_cap = None,
                _ => {
                    let node = node.get("age_cap").unwrap_or(node);
                    self.error(node, "not an age cap")
                        .help(format!("write 1 to {OLDEST} years, such as 89, or `none`"));
                }
            }
        }
        let unparsable = self.never_kept(node, "unparsable", syntax.unparsable);
        if let Some(word) = self.word(node, "unparsable", unparsable, words::UNPARSABLE, "word") {
            dates.unparsable = word;
        }
    }

    fn shift_days(&mut self, node: &Node, field: Field<Vec<Field<i64>>>) -> Option<(i32, i32)> {
        let before = self.found.0.len();
        let days: Vec<i64> = self
            .entries(node, "shift_days", field)
            .into_iter()
            .map(|(days, _)| days)
            .collect();
        let at = node.get("shift_days")?;
        if self.found.0.len() > before {
            return None;
        }
        let (message, help) = match days[..] {
            [0, 0] => (
                "a shift by no day at all".to_owned(),
                "choose a span such as [-3650, -30]; `retain-full-dates` keeps dates as they are",
            ),
            [first, last] if first > last => (
                "the first number is the larger one".to_owned(),
                "write the fewest days first; negative is into the past, as in [-3650, -30]",
            ),
            [first, last] if first.abs() > MOST_DAYS || last.abs() > MOST_DAYS => (
                format!("more than {MOST_DAYS} days"),
                "dates would leave the years that DICOM can write",
            ),
            [first, last] => return Some((i32::try_from(first).ok()?, i32::try_from(last).ok()?)),
            _ => (
                "`shift_days` is two numbers of days".to_owned(),
                "write the fewest and the most, as in [-3650, -30]",
            ),
        };
        self.error(at, message).help(help);
        None
    }

    pub(super) fn descriptors(
        &mut self,
        top: &Node,
        field: Field<DescriptorsSyntax>,
        settings: &mut Settings,
    ) {
        let (Some(syntax), Some(node)) = (
            self.value(top, "descriptors", field),
            top.get("descriptors"),
        ) else {
            return;
        };
        self.keys(node, &syntax.others, words::DESCRIPTORS);
        if !matches!(syntax.words, Field::Given(_)) {
            self.entries(node, "words", syntax.words);
            return;
        }
        settings.words.clear();
        for (word, node) in self.entries(node, "words", syntax.words) {
            if self.found.is_full() {
                return;
            }
            let plain = word.chars().any(char::is_alphabetic)
                && word.chars().count() <= LONGEST_WORD
                && word.chars().all(|c| c.is_alphanumeric() || c == '-');
            if plain {
                settings.words.push(word);
            } else {
                self.error(node, "not a word")
                    .help("a word is letters, digits and `-`, with a letter in it; list each word by itself");
            }
        }
    }

    /// Gives the entries of `on_unmatched`: they are rules on instances.
    pub(super) fn redaction<'n>(
        &mut self,
        top: &'n Node,
        field: Field<RedactionSyntax>,
        settings: &mut Settings,
    ) -> Vec<(AcceptSyntax, &'n Node)> {
        let (Some(syntax), Some(node)) =
            (self.value(top, "redaction", field), top.get("redaction"))
        else {
            return Vec::new();
        };
        self.keys(node, &syntax.others, words::REDACTION);
        if let Some(fill) = self.word(node, "fill", syntax.fill, words::FILL, "fill") {
            settings.fill = fill;
        }
        self.entries(node, "on_unmatched", syntax.on_unmatched)
    }

    pub(super) fn files(&mut self, top: &Node, field: Field<FilesSyntax>, settings: &mut Settings) {
        let (Some(syntax), Some(node)) = (self.value(top, "files", field), top.get("files")) else {
            return;
        };
        self.keys(node, &syntax.others, words::FILES);
        let (Some(path), Some(node)) = (self.value(node, "path", syntax.path), node.get("path"))
        else {
            return;
        };
        match PathTemplate::parse(&path) {
            Ok(template) => settings.files = Some(template),
            Err(wrong) => {
                let at = node.within(self.source, wrong.at);
                self.found
                    .at(self.source, at, wrong.message)
                    .help(wrong.help);
            }
        }
    }

    pub(super) fn verify(
        &mut self,
        top: &Node,
        field: Field<VerifySyntax>,
        settings: &mut Settings,
    ) {
        let (Some(syntax), Some(node)) = (self.value(top, "verify", field), top.get("verify"))
        else {
            return;
        };
        self.keys(node, &syntax.others, words::VERIFY);
        let key = "second_reader";
        if let Some(reader) = self.word(
            node,
            key,
            syntax.second_reader,
            words::SECOND_READER,
            "word",
        ) {
            settings.verify.second_reader = reader;
        }
    }

    pub(super) fn report(
        &mut self,
        top: &Node,
        field: Field<ReportSyntax>,
        settings: &mut Settings,
    ) {
        let (Some(syntax), Some(node)) = (self.value(top, "report", field), top.get("report"))
        else {
            return;
        };
        self.keys(node, &syntax.others, words::REPORT);
        if let Some(required) = self.value(node, "required", syntax.required) {
            settings.report.required = required;
        }
        if let Some(hash) = self.value(node, "hash", syntax.hash) {
            settings.report.hash = hash;
        }
    }
}
