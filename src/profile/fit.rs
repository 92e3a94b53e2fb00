//! Checks of a rule as it ends up when all files are laid over one another: can what it does be done to what it matches.

use super::compile::Layers;
use super::diagnostic::{Diagnostic, Diagnostics, Severity, did_you_mean};
use super::misfit::misfit;
use super::places::{Item, Part};
use super::prove;
use super::rule::{Rule, RuleAction};
use super::selector::{Ahead, Selector};
use super::words;
use crate::dicom::{Tag, Vr};
use crate::standard::dictionary::{self, Entry};
use crate::standard::iod_types;
use crate::standard::methods::ProfileOption;
use crate::text::Cleaner;

const TRANSFER_SYNTAX: Tag = Tag(0x0002_0010);

/// Transfer Syntax, SOP Class, SOP Instance, Study Instance and Series Instance UID.
const IDENTITY: &[Tag] = &[
    TRANSFER_SYNTAX,
    Tag(0x0008_0016),
    Tag(0x0008_0018),
    Tag(0x0020_000D),
    Tag(0x0020_000E),
];

/// Attributes that a message names before it says how many more there are.
const NAMED: usize = 3;

/// Checks every rule, and that every form of a pseudonym is there for one.
pub(super) fn check(layers: &Layers, found: &mut Diagnostics) {
    unused_forms(layers, found);
    let cleaner = Cleaner::with_words(layers.settings.words.iter().cloned());
    for rule in &layers.rules {
        if found.is_full() {
            return;
        }
        let mut fitting = Fitting {
            layers,
            rule,
            cleaner: &cleaner,
            found,
        };
        fitting.form();
        if !fitting.structure() && !fitting.vr() {
            fitting.types();
        }
        fitting.examples();
    }
}

/// A form that no rule uses is a slip, or kept for a profile that extends this one.
fn unused_forms(layers: &Layers, found: &mut Diagnostics) {
    for (index, form) in layers.lookup.forms.all() {
        let uses = |rule: &Rule| rule.action == RuleAction::Pseudonym(index);
        if found.has_enough_remarks() {
            return;
        }
        // AE titles take the form of devices without a rule.
        let by_option = form.name == "device"
            && layers
                .settings
                .options
                .contains(ProfileOption::RetainDeviceIdentity);
        if form.format.is_none() || by_option || layers.rules.iter().any(uses) {
            continue;
        }
        let setting = format!("pseudonyms.{}.format", form.name);
        let help = did_you_mean(&form.name, words::PSEUDONYMS.iter().copied())
            .unwrap_or_else(|| format!("write a rule with `do: pseudonym.{}`", form.name));
        let message = format!("no rule uses the form `{}`", form.name);
        layers
            .places
            .error(found, Item::Setting(&setting), message)
            .severity(Severity::Warning)
            .help(help);
    }
}

struct Fitting<'a> {
    layers: &'a Layers,
    rule: &'a Rule,
    cleaner: &'a Cleaner,
    found: &'a mut Diagnostics,
}

impl Fitting<'_> {
    fn error(&mut self, part: Part, message: impl Into<String>) -> &mut Diagnostic {
        let item = Item::Rule(&self.rule.id, part);
        self.layers.places.error(self.found, item, message)
    }

    /// `pseudonym.NAME` names a form that there is.
    fn form(&mut self) {
        let RuleAction::Pseudonym(index) = self.rule.action else {
            return;
        };
        let forms = &self.layers.lookup.forms;
        let Some(form) = forms.get(index) else { return };
        // What is below may have it, if it could be read.
        if form.is_written || !self.layers.all_read {
            return;
        }
        let message = format!("`pseudonyms` has no form `{}`", form.name);
        let help = forms.suggest(&form.name);
        self.error(Part::Do, message).help(help);
    }

    /// What describes the pixels, or says which instance this is, cannot be taken away. Tells whether it was.
    fn structure(&mut self) -> bool {
        if self.rule.action == RuleAction::Keep {
            return false;
        }
        let uid = self.rule.action == RuleAction::Uid;
        // Retired texts that stand between the others describe nothing.
        let taken = |entry: &Entry| {
            let tag = entry.tag;
            matches!(tag.0, 0x0028_0002..=0x0028_0103) && !entry.vr.is_free_text()
                || tag.group() == 0x7FE0
                || IDENTITY.contains(&tag) && !(uid && tag != TRANSFER_SYNTAX)
        };
        let entries: Vec<&Entry> = reached(&self.rule.selector)
            .filter(|entry| taken(entry))
            .collect();
        let Some(entry) = entries.first() else {
            return false;
        };
        let why = if IDENTITY.contains(&entry.tag) {
            "says which instance this is"
        } else {
            "describes the pixels"
        };
        let message = format!(
            "`{}` {why}: no reader understands the file without it",
            entry.keyword
        );
        let help = if named(&self.rule.selector).any(|tag| tag == entry.tag) {
            match entry.vr {
                Vr::UI if entry.tag != TRANSFER_SYNTAX => {
                    "`keep` and `uid` are possible".to_owned()
                }
                _ => "only `keep` is possible".to_owned(),
            }
        } else {
            let mut rest = String::new();
            for entry in entries {
                let not = if IDENTITY.contains(&entry.tag) {
                    format!(" & !{}", entry.keyword)
                } else {
                    format!(" & !group:{:04X}", entry.tag.group())
                };
                if !rest.contains(&not) {
                    rest.push_str(&not);
                }
            }
            format!("leave out what must stay: `{}{rest}`", self.rule.selector)
        };
        self.error(Part::Match, message).help(help);
        true
    }

    /// What the action gives is a value of the VR. Tells whether it is not.
    fn vr(&mut self) -> bool {
        let settings = &self.layers.settings;
        let forms = &self.layers.lookup.forms;
        let format = match self.rule.action {
            RuleAction::Pseudonym(index) => forms.get(index).and_then(|form| form.format.clone()),
            _ => None,
        };
        for vr in self.rule.selector.vrs() {
            let entry = named(&self.rule.selector)
                .filter_map(dictionary::by_tag)
                .find(|entry| entry.vr == vr);
            let name = entry.map_or_else(
                || format!("VR {vr}"),
                |entry| format!("`{}` (VR {vr})", entry.keyword),
            );
            let max_values = entry.map_or(0, |entry| entry.max_values);
            let wrong = misfit(&self.rule.action, vr, max_values, settings, format.as_ref());
            if let Some((message, help)) = wrong {
                self.error(Part::Do, format!("{name} {message}")).help(help);
                return true;
            }
        }
        false
    }

    /// An attribute of Type 1 is not removed or emptied.
    fn types(&mut self) {
        if !matches!(self.rule.action, RuleAction::Remove | RuleAction::Empty) {
            return;
        }
        let word = self.rule.action.word();
        let mut some: Vec<(&str, u16, u16)> = Vec::new();
        for entry in reached(&self.rule.selector) {
            let count = iod_types::at_top(entry.tag);
            let by_name = named(&self.rule.selector).any(|tag| tag == entry.tag);
            if by_name && count.one > 0 && count.one == count.all {
                let message = format!(
                    "`{}` must have a value in every IOD that has it (Type 1)",
                    entry.keyword
                );
                self.error(Part::Do, message)
                    .help(format!("write `do: dummy` instead of `{word}`"));
                return;
            }
            if count.one > 0 || count.conditional > 0 {
                some.push((entry.keyword, count.one + count.conditional, count.all));
            }
        }
        if self.found.has_enough_remarks() {
            return;
        }
        let by_name = named(&self.rule.selector).next().is_some();
        let (message, severity) = match some[..] {
            [] => return,
            [(keyword, count, all)] if by_name => (
                format!(
                    "`{keyword}` must have a value in {count} of {all} IODs (Type 1): it gets a dummy there"
                ),
                Severity::Warning,
            ),
            _ => {
                let names: Vec<String> = some
                    .iter()
                    .take(NAMED)
                    .map(|(keyword, ..)| format!("`{keyword}`"))
                    .collect();
                let more = match some.len() - names.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let message = format!(
                    "{}{more} must have a value in some IODs (Type 1): they get a dummy there",
                    names.join(", ")
                );
                let severity = if by_name {
                    Severity::Warning
                } else {
                    Severity::Note
                };
                (message, severity)
            }
        };
        self.error(Part::Do, message)
            .severity(severity)
            .help("`do: dummy` says so openly");
    }

    /// Every example gives what it says.
    fn examples(&mut self) {
        let rule = self.rule;
        let vr = rule.selector.vrs().first().copied().unwrap_or(Vr::LO);
        for (index, example) in rule.examples.iter().enumerate() {
            if self.found.is_full() {
                return;
            }
            let part = Part::Example(index);
            if let Some((message, help)) = prove::check(&rule.action, vr, example, self.cleaner) {
                self.error(part, message).help(help);
            }
        }
    }
}

/// The tags that a selector speaks of by name, wherever they stand at the top level.
fn named(selector: &Selector) -> impl Iterator<Item = Tag> {
    let parts = match selector {
        Selector::Any(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    parts.iter().filter_map(Selector::only_tag)
}

/// The attributes of PS3.6 that a selector matches at the top level, whatever the instance. One that is named by its
/// tag alone is found without looking at all others.
fn reached(selector: &Selector) -> Box<dyn Iterator<Item = &'static Entry> + '_> {
    let is_reached = move |entry: &&Entry| selector.ahead(entry.tag, entry.vr) == Ahead::Yes;
    let parts = match selector {
        Selector::Any(parts) => parts.len(),
        _ => 1,
    };
    if named(selector).count() == parts {
        return Box::new(
            named(selector)
                .filter_map(dictionary::by_tag)
                .filter(is_reached),
        );
    }
    Box::new(dictionary::entries().iter().filter(is_reached))
}
