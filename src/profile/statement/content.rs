//! Text, structured content, graphics and private elements.

use std::collections::BTreeMap;

use super::Statement;
use super::markdown::Page;
use crate::dicom::Tag;
use crate::profile::table::Plan;
use crate::profile::{Rule, RuleAction};
use crate::standard::methods::ProfileOption;
use crate::standard::safe_private;
use crate::standard::sr_concepts::{self, SrConcept, SrDecision};

/// Unformatted Text Value, which holds what is written on a picture.
const UNFORMATTED_TEXT: Tag = Tag(0x0070_0006);

impl Statement<'_> {
    pub(super) fn descriptors(&self, page: &mut Page) {
        page.section("Descriptions and other text");
        let on = self.has(ProfileOption::CleanDescriptors);
        let rules = self.rules(|rule| rule.action == RuleAction::Clean);
        if !on && rules.is_empty() && !self.has(ProfileOption::CleanStructuredContent) {
            page.paragraph("Text that somebody typed is removed, emptied or made a dummy; no word of it is kept, unless a rule above says so.");
            return;
        }
        page.paragraph("Text is cleaned; everything that is not known goes, in this order:");
        page.list(&[
            "the instance's own names, numbers, institutions and places, in any case and with any separators;".to_owned(),
            "numbers and addresses by their form: national identity, insurance and tax numbers, telephones, mail and web addresses, dates, times, postal addresses, long digits;".to_owned(),
            "names, by the titles and words around them;".to_owned(),
            "every word that is on no list of medical, technical and everyday words in English and Indonesian, made from the standard's own terms among others.".to_owned(),
        ]);
        page.paragraph(
            "What is left is a part of the text that came in. Where nothing is left, the attribute is treated as the Basic Profile says. \
             Text in other scripts and languages is lost.",
        );
        if !self.profile.words.is_empty() {
            let words: Vec<String> = self
                .profile
                .words
                .iter()
                .map(|word| format!("`{word}`"))
                .collect();
            page.paragraph(format!("The profile also lets stay: {}.", words.join(", ")));
        }
        if !on {
            page.paragraph("Clean Descriptors is not in force: only what a rule or Clean Structured Content names is cleaned so.");
        }
        if !rules.is_empty() {
            self.rule_table(page, &rules);
        }
    }

    pub(super) fn structured(&self, page: &mut Page) {
        page.section("Structured content");
        let on = self.profile.options;
        page.paragraph(if self.has(ProfileOption::CleanStructuredContent) {
            "Content sequences are entered (E.3.4). Text of content items is cleaned as above; numbers and codes are treated by their attribute."
        } else {
            "Clean Structured Content is not in force: sequences that Table E.1-1 lists for it go by the Basic Profile's code, and text of content items becomes a dummy."
        });
        page.paragraph(format!(
            "Where a content item stays, its concept name decides first, by the {} rows of Table E.3.4-1 under these options. Concepts are also found under retired SNOMED designators.",
            sr_concepts::ROWS
        ));
        let mut by: BTreeMap<&str, Vec<&SrConcept>> = BTreeMap::new();
        for row in sr_concepts::rows() {
            by.entry(decision(row.decide(on))).or_default().push(row);
        }
        let rows: Vec<_> = by
            .iter()
            .map(|(decision, rows)| {
                let named: Vec<String> = rows
                    .iter()
                    .map(|row| format!("{} ({}, {})", row.meaning, row.scheme, row.code))
                    .collect();
                [
                    (*decision).to_owned(),
                    rows.len().to_string(),
                    named.join("; "),
                ]
            })
            .collect();
        page.table(["content item", "rows", "concepts"], &rows);
    }

    pub(super) fn graphics(&self, page: &mut Page) {
        page.section("Graphics, overlays and curves");
        page.paragraph("Overlays (60xx) and curves (50xx) are removed whole: a bitmap cannot be searched for text.");
        if !self.has(ProfileOption::CleanGraphics) {
            page.paragraph("Clean Graphics is not in force: graphic annotations go by their rows of Table E.1-1.");
            return;
        }
        let text = match self.standard(UNFORMATTED_TEXT) {
            Plan::Clean(_) => "cleaned as above",
            Plan::Keep | Plan::Retain(_) => "kept",
            _ => "made a dummy or removed by its Type",
        };
        page.paragraph(format!(
            "Graphic annotations are entered (E.3.3): points, lines and outlines stay, text objects are {text}, and names of layers and authors go by their rows."
        ));
    }

    pub(super) fn private(&self, page: &mut Page) {
        page.section("Private elements");
        let rules = self.table.private_rules();
        let rules: Vec<&Rule> = rules
            .into_iter()
            .filter_map(|rule| self.table.rule(rule))
            .collect();
        let safe = self.has(ProfileOption::RetainSafePrivate);
        let keeps = rules.iter().any(|rule| rule.action != RuleAction::Remove);
        if !safe && !keeps {
            page.paragraph("All private elements are removed.");
            return;
        }
        if safe {
            page.paragraph(format!(
                "The {} elements of Table E.3.10-1 stay, found by Private Creator in any block, case and repeated spaces aside. So do those that (0008,0300) Private Data Element \
                 Characteristics Sequence declares safe; what it declares identifying goes even if the table lists it. The sequence itself is not kept.",
                safe_private::ROWS
            ));
        }
        if !rules.is_empty() {
            page.paragraph("Rules of the profile decide first:");
            self.rule_table(page, &rules);
        }
        page.paragraph(
            "What is in a private element that stays is treated by its VR: UIDs as UIDs, dates and text as the options say and removed where none does, names removed, sequences \
             entered, bytes without a meaning kept only if they are few and no word can be read in them. A Private Creator stays with the first of its elements that stays. All others are removed.",
        );
    }
}

fn decision(decision: SrDecision) -> &'static str {
    match decision {
        SrDecision::Remove => "removed",
        // Nothing could stand in for a number.
        SrDecision::Replace | SrDecision::RemoveOrReplace => {
            "value replaced by a dummy; removed if it is a number"
        }
        SrDecision::Keep => "kept",
        SrDecision::Clean => "cleaned",
    }
}
