//! What a profile makes different from the Basic Profile, row by row, and what its author should know about it.

mod pixels;
mod remarks;

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::diagnostic::Diagnostics;
use super::table::{Instead, Plan, Row, Table, column, speaking, standard};
use super::{Profile, Rule, RuleAction};
use crate::dicom::Tag;
use crate::standard::annex_e::{self, Code, Decision};
use crate::standard::dictionary::{self, Entry};
use crate::standard::methods::{Method, OptionSet, ProfileOption};

/// What linting a profile gives.
#[derive(Clone, Debug)]
pub struct Lint {
    /// The codes of CID 7050 that its outputs carry.
    pub methods: Vec<Method>,
    /// Every row of Table E.1-1, in the order of the table.
    pub rows: Vec<Line>,
    /// Attributes outside the table that it treats otherwise than the Basic Profile does.
    pub beyond: Vec<Line>,
    /// What its author should know.
    pub remarks: Diagnostics,
}

/// How one attribute is treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The tag as Table E.1-1 writes it, such as `(0010,0040)` or `(60xx,3000)`.
    pub tag: String,
    /// The keyword; the attribute's name where the standard gives none.
    pub name: String,
    /// The Basic Profile's code; `None` outside the table.
    pub basic: Option<Code>,
    /// What is done here: a code of PS3.15, or a rule's action.
    pub here: String,
    /// Who decides: options by their names, rules as `rule ID`; nobody where the Basic Profile's code stands.
    pub by: Vec<String>,
    /// Whether it is not what the Basic Profile does.
    pub differs: bool,
}

impl Lint {
    /// The rows of Table E.1-1 that are treated otherwise than the Basic Profile does.
    pub fn differing(&self) -> impl Iterator<Item = &Line> {
        self.rows.iter().filter(|line| line.differs)
    }
}

/// Compares a profile with the Basic Profile.
pub fn lint(profile: &Profile) -> Lint {
    let table = Table::compile(&profile.rules, profile.options);
    let comparison = Comparison {
        profile,
        table: &table,
        column: column(),
    };
    let methods = table.methods();
    let mut rows: Vec<Line> = annex_e::rows().map(|row| comparison.row(&row)).collect();
    rows.extend(annex_e::private_row().map(|row| comparison.private(&row)));
    Lint {
        rows,
        beyond: comparison.beyond(),
        remarks: remarks::of(profile, &table),
        methods,
    }
}

struct Comparison<'a> {
    profile: &'a Profile,
    table: &'a Table,
    column: FxHashMap<Tag, annex_e::Row>,
}

impl Comparison<'_> {
    fn row(&self, listed: &annex_e::Row) -> Line {
        let entry = dictionary::by_tag(listed.tag);
        let row = self.table.row(entry.map_or(listed.tag, |entry| entry.tag));
        let options = entry.map_or_else(Vec::new, |entry| self.speaking(entry));
        // Some rows of the table come without the keyword that PS3.6 has.
        let keyword = entry
            .filter(|_| listed.mask == u32::MAX)
            .map_or("", |entry| entry.keyword);
        let names = [listed.keyword, keyword, listed.name];
        let name = names
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        let (here, by) = match entry {
            Some(_) => self.told(&row, &options, Some(listed.basic)),
            // Curves: one row for many attributes, which go whole. A rule on one of them stands beyond the table.
            None => (listed.basic.to_string(), Vec::new()),
        };
        Line {
            tag: pattern(listed.mask, listed.tag),
            name: name.to_owned(),
            basic: Some(listed.basic),
            differs: !by.is_empty(),
            here,
            by,
        }
    }

    /// The row for private elements: options and rules let some of them stay, and the others go.
    fn private(&self, listed: &annex_e::Row) -> Line {
        let (mut here, mut by) = self.told_of_many(self.table.private_rules());
        if let Decision::Keep | Decision::Clean = listed.decide(self.profile.options) {
            here.push("C where known to be safe".to_owned());
            by.push(ProfileOption::RetainSafePrivate.name().to_owned());
        }
        here.push(listed.basic.to_string());
        Line {
            tag: "(gggg,eeee) odd".to_owned(),
            name: "private elements".to_owned(),
            basic: Some(listed.basic),
            here: here.join(", else "),
            differs: !by.is_empty(),
            by,
        }
    }

    /// Public elements that PS3.6 does not list, when a rule lets some of them stay.
    fn unlisted(&self) -> Option<Line> {
        let (mut here, by) = self.told_of_many(self.table.unlisted_rules());
        here.push("remove".to_owned());
        (!by.is_empty()).then(|| Line {
            tag: "(gggg,eeee) even".to_owned(),
            name: "what PS3.6 does not list".to_owned(),
            basic: None,
            here: here.join(", else "),
            by,
            differs: true,
        })
    }

    /// What rules do with elements that are removed without them.
    fn told_of_many(&self, rules: Vec<u32>) -> (Vec<String>, Vec<String>) {
        let rules = rules.into_iter().filter_map(|rule| self.table.rule(rule));
        let kept = rules.filter(|rule| rule.action != RuleAction::Remove);
        kept.map(|rule| {
            let mut told = format!("{} {}", self.action(rule), rule.selector);
            if let Some(when) = &rule.when {
                // Writing to a String cannot fail.
                let _ = write!(told, " when {when}");
            }
            (told, rule_name(rule))
        })
        .unzip()
    }

    /// Attributes that no row lists.
    fn beyond(&self) -> Vec<Line> {
        let masked: Vec<annex_e::Row> = annex_e::rows()
            .filter(|row| row.mask != u32::MAX && row.mask & 0xFFFF == 0xFFFF)
            .collect();
        let outside = dictionary::entries().iter().filter(|entry| {
            !self.column.contains_key(&entry.tag)
                && !masked.iter().any(|row| row.matches(entry.tag))
        });
        let mut found = Vec::new();
        for entry in outside {
            let row = self.table.row(entry.tag);
            // A repeating group is one row; its single attributes have their own.
            if row.entry.is_none_or(|known| known.keyword != entry.keyword) {
                continue;
            }
            // Command elements, file meta and the delimiters of items are no attributes of a data set.
            if matches!(entry.tag.group(), 0x0000 | 0x0002 | 0xFFFE) {
                continue;
            }
            let (here, by) = self.told(&row, &self.speaking(entry), None);
            if !by.is_empty() {
                let (mask, tag) = dictionary::pattern(entry);
                found.push(Line {
                    tag: pattern(mask, Tag(tag)),
                    name: entry.keyword.to_owned(),
                    basic: None,
                    here,
                    by,
                    differs: true,
                });
            }
        }
        found.extend(self.unlisted());
        found
    }

    fn speaking(&self, entry: &Entry) -> Vec<ProfileOption> {
        speaking(entry, &self.column, self.profile.options)
    }

    /// What is done, and by whom where it is not what the Basic Profile does.
    fn told(
        &self,
        row: &Row,
        options: &[ProfileOption],
        basic: Option<Code>,
    ) -> (String, Vec<String>) {
        let (mut here, mut by) = (Vec::new(), Vec::new());
        for (rule, somewhere) in self.table.asked(row) {
            here.push(format!("{} {somewhere}", self.action(rule)));
            by.push(rule_name(rule));
        }
        let chosen = match row.plan {
            Plan::Chosen(rule) => self.table.rule(rule),
            _ => None,
        };
        if let Some(rule) = chosen {
            here.push(self.action(rule));
            by.push(rule_name(rule));
        } else {
            let entry = row.entry;
            let plain = entry.map(|entry| standard(entry, &self.column, OptionSet::EMPTY));
            here.push(plan(row.plan, basic).to_owned());
            if plain != Some(row.plan) {
                by.extend(options.iter().map(|option| option.name().to_owned()));
            }
        }
        (here.join(", else "), by)
    }

    fn action(&self, rule: &Rule) -> String {
        rule.action.told(&self.profile.pseudonyms.named)
    }
}

/// A plan of the standard's in a word.
fn plan(plan: Plan, basic: Option<Code>) -> &'static str {
    match plan {
        Plan::Retain(_) => "K",
        Plan::Clean(_) => "C",
        Plan::Keep => "keep",
        Plan::CodedEntry => "keep codes of the standard",
        Plan::Instead(Instead::Table(code)) => code.text(),
        Plan::Instead(Instead::Uid) => "uid",
        Plan::Instead(Instead::ByType) => "remove by its Type",
        Plan::Remove | Plan::Chosen(_) => basic.map_or("remove", Code::text),
    }
}

fn rule_name(rule: &Rule) -> String {
    format!("rule {}", rule.id)
}

/// A tag as Table E.1-1 writes it, with `x` for digits that do not count.
fn pattern(mask: u32, tag: Tag) -> String {
    let digit = |at: u32| {
        let shift = at * 4;
        let counts = mask >> shift & 0xF == 0xF;
        let digit = char::from_digit(tag.0 >> shift & 0xF, 16).filter(|_| counts);
        digit.map_or('x', |digit| digit.to_ascii_uppercase())
    };
    let digits: String = (0..8).rev().map(digit).collect();
    let (group, element) = digits.split_at(4);
    format!("({group},{element})")
}
