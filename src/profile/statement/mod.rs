//! The conformance statement of one profile (PS3.15 Annex E): what its files are, made from the table that runs.

mod attributes;
mod content;
mod dates;
mod identification;
mod instances;
mod markdown;
mod pixels;
mod values;

use rustc_hash::FxHashMap;

use super::lint::{Lint, lint};
use super::table::{Plan, Table, column, standard};
use super::{Cover, Profile, Rule};
use crate::dicom::Tag;
use crate::standard::annex_e::Row;
use crate::standard::dictionary;
use crate::standard::methods::ProfileOption;
use markdown::Page;

/// Writes the statement of a profile as Markdown. It says what this profile does and nothing of what others would.
pub fn of(profile: &Profile) -> String {
    let statement = Statement {
        profile,
        table: Table::compile(&profile.rules, profile.options),
        lint: lint(profile),
        column: column(),
    };
    let mut page = Page::default();
    statement.identification(&mut page);
    statement.options(&mut page);
    statement.instances(&mut page);
    statement.attributes(&mut page);
    statement.replacements(&mut page);
    statement.dates(&mut page);
    statement.descriptors(&mut page);
    statement.structured(&mut page);
    statement.graphics(&mut page);
    statement.private(&mut page);
    statement.added(&mut page);
    statement.pixels(&mut page);
    statement.verification(&mut page);
    page.finish()
}

struct Statement<'a> {
    profile: &'a Profile,
    table: Table,
    lint: Lint,
    column: FxHashMap<Tag, Row>,
}

impl Statement<'_> {
    fn has(&self, option: ProfileOption) -> bool {
        self.profile.options.contains(option)
    }

    /// Whether anything may be blanked.
    fn blanks(&self) -> bool {
        self.blanks_by_rules() || self.profile.detect.blanks()
    }

    /// Whether a rule of `pixels` blanks anything.
    fn blanks_by_rules(&self) -> bool {
        let mut rules = self.profile.pixels.iter();
        rules.any(|rule| rule.cover != Cover::Nothing)
    }

    /// The rules whose action fits, in their order.
    fn rules(&self, fits: impl Fn(&Rule) -> bool) -> Vec<&Rule> {
        self.profile
            .rules
            .iter()
            .filter(|rule| fits(rule))
            .collect()
    }

    /// What a rule does, as the profile writes it.
    fn action(&self, rule: &Rule) -> String {
        rule.action.told(&self.profile.pseudonyms.named)
    }

    /// What the base and the options ask for, rules left aside.
    fn standard(&self, tag: Tag) -> Plan {
        let entry = dictionary::by_tag(tag);
        entry.map_or(Plan::Remove, |entry| {
            standard(entry, &self.column, self.profile.options)
        })
    }

    /// A table of rules: what they match, when, what they do and why.
    fn rule_table(&self, page: &mut Page, rules: &[&Rule]) {
        let row = |rule: &&Rule| {
            [
                format!("`{}`", rule.id),
                format!("`{}`", rule.selector),
                rule.when
                    .as_ref()
                    .map_or_else(String::new, |when| format!("`{when}`")),
                format!("`{}`", self.action(rule)),
                rule.because.clone(),
            ]
        };
        let rows: Vec<_> = rules.iter().map(row).collect();
        page.table(["rule", "attributes", "when", "action", "because"], &rows);
    }
}
