//! What is done to which attribute, from the compiled table.

use std::collections::BTreeMap;

use super::Statement;
use super::markdown::Page;
use crate::dicom::Vr;
use crate::profile::lint::Line;
use crate::profile::settings::UnknownElement;
use crate::profile::table::{Instead, Plan};
use crate::standard::annex_e::Code;
use crate::standard::dictionary::{self, Entry};

/// What a code of the Basic Profile does to an attribute of Type 3, 2 and 1 in the IOD at hand.
const BY_TYPE: &[[&str; 4]] = &[
    ["X", "removed", "emptied", "dummy"],
    ["Z, Z/D", "emptied", "emptied", "dummy"],
    ["D", "dummy", "dummy", "dummy"],
    ["X/Z", "removed", "emptied", "dummy"],
    ["X/D", "removed", "dummy", "dummy"],
    ["X/Z/D", "removed", "emptied", "dummy"],
    ["U", "UID replaced", "UID replaced", "UID replaced"],
    ["X/Z/U*", "removed", "emptied", "UIDs inside replaced"],
];

impl Statement<'_> {
    pub(super) fn attributes(&self, page: &mut Page) {
        page.section("Attributes");
        page.paragraph(
            "Every row of Table E.1-1 applies at the top level and in every item of every sequence, at any depth. A code is \
             resolved by the attribute's Type at its place in the IOD of the instance's SOP Class; an attribute that the IOD does not \
             have counts as Type 3.",
        );
        let rows: Vec<_> = BY_TYPE.iter().map(|row| row.map(str::to_owned)).collect();
        page.table(["code", "Type 3", "Type 2", "Type 1"], &rows);
        page.paragraph(
            "X/Z/U* replaces UIDs whatever the Type where the instance has a Common Instance Reference Module. A sequence that needs a dummy \
             keeps its items, whose attributes are treated one by one. A sequence that is kept or cleaned is entered, and what is in it is treated by \
             its own row. Groups 50xx (curves) and 60xx (overlays) are removed whole.",
        );
        if !self.profile.rules.is_empty() {
            page.subsection("Rules of the profile");
            page.paragraph(
                "The first rule that matches an element decides, before options and table.",
            );
            self.rule_table(page, &self.rules(|_| true));
        }
        self.by_action(page);
        self.beyond(page);
    }

    /// The rows of Table E.1-1, by what is done.
    fn by_action(&self, page: &mut Page) {
        let mut by_action: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
        for line in &self.lint.rows {
            by_action.entry(&line.here).or_default().push(line);
        }
        let count = self.lint.rows.len();
        page.subsection(&format!("The {count} rows of Table E.1-1 by action"));
        let rows: Vec<_> = by_action
            .iter()
            .map(|(action, lines)| {
                [
                    format!("`{action}`"),
                    meaning(action).to_owned(),
                    lines.len().to_string(),
                ]
            })
            .collect();
        page.table(["action", "meaning", "rows"], &rows);
        for (action, lines) in &by_action {
            page.paragraph(format!("**`{action}`**"));
            let rows: Vec<_> = lines
                .iter()
                .map(|line| {
                    let basic = line.basic.map_or("", Code::text);
                    [
                        line.tag.clone(),
                        line.name.clone(),
                        basic.to_owned(),
                        line.by.join(", "),
                    ]
                })
                .collect();
            page.table(["tag", "attribute", "Basic Profile", "decided by"], &rows);
        }
    }

    /// What no row lists.
    fn beyond(&self, page: &mut Page) {
        page.subsection("Attributes beyond the table");
        let mut counts = [0usize; 5];
        let outside = |entry: &&Entry| !self.column.contains_key(&entry.tag);
        for entry in dictionary::entries().iter().filter(outside) {
            let slot = match self.standard(entry.tag) {
                Plan::Instead(Instead::Uid) => 1,
                Plan::CodedEntry => 2,
                Plan::Keep | Plan::Retain(_) | Plan::Clean(_) => 3,
                Plan::Remove => 4,
                Plan::Instead(_) | Plan::Chosen(_) => 0,
            };
            if let Some(count) = counts.get_mut(slot) {
                *count += 1;
            }
        }
        let [by_type, uids, coded, kept, removed] = counts;
        let rows = [
            (
                "names, dates, ages, addresses, typed text, issuers and other roles that identify",
                by_type,
                "removed, emptied or dummy by Type, as X/Z/D",
            ),
            ("UIDs", uids, "replaced, unless they are the standard's own"),
            (
                "parts of coded entries",
                coded,
                "kept where a coding scheme of PS3.16 has such codes and the meaning names nobody; else dummies",
            ),
            (
                "measurements, defined terms, technical text, and what the table below lists as kept or cleaned",
                kept,
                "kept if the value is what its VR and PS3.6 allow and names nobody whom the instance names; else by Type",
            ),
            (
                "retired attributes, file meta information, commands, printing, work lists, media, curves, overlays, group lengths",
                removed,
                "removed",
            ),
        ];
        let rows =
            rows.map(|(what, count, done)| [what.to_owned(), count.to_string(), done.to_owned()]);
        page.table(
            [
                "attributes of PS3.6",
                "count",
                "treatment before the rules of the profile",
            ],
            &rows,
        );
        let unlisted = match self.profile.unknown.public {
            UnknownElement::Remove => "are removed",
            UnknownElement::Quarantine => "make the instance quarantined",
        };
        page.paragraph(format!(
            "Elements that PS3.6 does not list {unlisted}, unless a rule names them."
        ));
        if self.lint.beyond.is_empty() {
            return;
        }
        page.paragraph("Options and rules treat these otherwise:");
        let row = |line: &Line| {
            [
                line.tag.clone(),
                line.name.clone(),
                format!("`{}`", line.here),
                line.by.join(", "),
            ]
        };
        let rows: Vec<_> = self.lint.beyond.iter().map(row).collect();
        page.table(["tag", "attribute", "action", "decided by"], &rows);
    }

    /// Whether a VR is treated in one of the ways that an option lets stay.
    pub(super) fn lets_stay(&self, vr: Vr) -> bool {
        let mut rows = self.lint.rows.iter().chain(&self.lint.beyond);
        rows.any(|line| {
            let word = line.here.as_str();
            let entry = dictionary::by_keyword(&line.name);
            (word == "K" || word == "C") && entry.is_some_and(|entry| entry.vr == vr)
        })
    }
}

fn meaning(action: &str) -> &'static str {
    match action {
        "K" => "kept, if the value is what its VR allows and names nobody",
        "C" => "cleaned: what is known to be harmless stays, or a consistent substitute",
        "U" => "UID replaced",
        _ if action.starts_with("C where known to be safe") => "see private elements",
        _ if Code::parse(action).is_some() => "by Type, see above",
        _ => "rule of the profile",
    }
}
