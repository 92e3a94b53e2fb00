//! Rules in any number decide as if they were asked one by one.

use std::cell::Cell;

use super::{Answers, PrivateElement, Table};
use crate::dicom::{Tag, Vr};
use crate::profile::condition::{Attributes, Condition, Fact};
use crate::profile::rule::{Rule, RuleAction};
use crate::profile::selector::{Place, Selector, Step};
use crate::standard::methods::OptionSet;

const ROWS: Tag = Tag(0x0028_0010);

/// An instance of 512 rows, which counts what it is asked.
#[derive(Default)]
struct Instance {
    asked: Cell<usize>,
}

impl Attributes for Instance {
    fn values(&self, tag: Tag, see: &mut dyn FnMut(&str)) -> bool {
        self.asked.set(self.asked.get() + 1);
        if tag == ROWS {
            see("512");
        }
        tag == ROWS
    }

    fn fact(&self, _: Fact) -> bool {
        false
    }
}

fn rule(index: usize, selector: &str, when: Option<&str>) -> Rule {
    Rule {
        id: format!("r{index}"),
        selector: Selector::parse(selector).unwrap(),
        when: when.map(|text| Condition::parse(text).unwrap()),
        action: RuleAction::Keep,
        because: String::new(),
        examples: Vec::new(),
    }
}

/// Rules over many kinds of selectors and conditions, more than a short run holds.
fn rules(from: usize) -> Vec<Rule> {
    let selectors = [
        "StudyDescription",
        "(0018,xxxx) & vr:UN",
        "(0009,{ACME},01)",
        "[PatientName, (0009,{ACME},02), (0019,{OTHER},02)]",
        "(0009,1001)",
        "(0009,{ACME},0x) & !vr:LO",
        "**.ReferencedImageSequence[0].vr:LO",
        "(0009,{ACME},xx) & vr:LO",
        "!(0009,{ACME},xx) & private & !vr:LO",
        "(00#9,xxx3)",
        "ReferencedImageSequence[*].private",
        "vr:LO",
        "!private",
        "private",
    ];
    let whens = [Some("Rows == 1"), Some("Rows == 512"), None];
    let mut rules = Vec::new();
    for round in 0..whens.len() {
        for (index, selector) in selectors.iter().enumerate() {
            let when = whens[(index + round + from) % whens.len()];
            rules.push(rule(rules.len(), selector, when));
        }
    }
    rules.rotate_left(from % 14);
    rules
}

fn naive(rules: &[Rule], place: &Place<'_>) -> Option<u32> {
    let instance = Instance::default();
    let decides = |rule: &Rule| {
        rule.selector.matches(place) && rule.when.as_ref().is_none_or(|when| when.holds(&instance))
    };
    rules.iter().position(decides).map(|index| index as u32)
}

#[test]
fn private_elements_get_the_first_rule_that_matches() {
    let inside = [Step {
        tag: Tag(0x0008_1140),
        creator: None,
        item: 1,
    }];
    let mut seen = std::collections::BTreeSet::new();
    for from in 0..28 {
        let rules = rules(from);
        let table = Table::compile(&rules, OptionSet::EMPTY);
        let instance = Instance::default();
        let answers = Answers::of(table.conditions(), &instance);
        for path in [&[][..], &inside] {
            for creator in ["ACME", "OTHER", "THIRD"] {
                for tag in [
                    0x0009_1001,
                    0x0009_1101,
                    0x0009_1002,
                    0x0019_1103,
                    0x0029_1003,
                ] {
                    for vr in [Vr::LO, Vr::DS] {
                        let place = Place {
                            tag: Tag(tag),
                            vr,
                            creator: Some(creator),
                            path,
                        };
                        let element = PrivateElement {
                            tag: place.tag,
                            vr,
                            creator: place.creator,
                        };
                        let wanted = naive(&rules, &place);
                        let found = table.private_rule(element, path, &answers);
                        assert_eq!(found, wanted, "{from} {place:?}");
                        seen.insert(wanted);
                    }
                }
            }
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
}

#[test]
fn public_elements_that_nothing_lists_get_the_first_rule_that_matches() {
    for from in 0..28 {
        let mut rules = rules(from);
        rules.retain(|rule| rule.selector != Selector::parse("!private").unwrap());
        let table = Table::compile(&rules, OptionSet::EMPTY);
        let instance = Instance::default();
        let answers = Answers::of(table.conditions(), &instance);
        for tag in [0x0018_FFF0, 0x0010_FFF0] {
            let tag = Tag(tag);
            let row = table.row(tag);
            let place = Place {
                tag,
                vr: row.vr,
                creator: None,
                path: &[],
            };
            let found = match table.plan(&row, tag, Vec::new, &answers) {
                super::Plan::Chosen(rule) => Some(rule),
                _ => None,
            };
            assert_eq!(found, naive(&rules, &place), "{from} {tag:?}");
        }
    }
}

/// What is left to be asked of a second element like the first does not grow with the rules.
#[test]
fn many_general_rules_are_asked_once() {
    for (selector, when) in [
        ("vr:LO", true),
        ("private & !(0019,{ACME},01)", true),
        ("(0019,{OTHER},xx)", false),
        ("(xxxx,xx02)", false),
        ("PatientName", false),
        ("group:0018", false),
    ] {
        let rules: Vec<Rule> = (0..2_000)
            .map(|index| {
                let when = when.then(|| format!("Rows == {index} and Columns == 1"));
                rule(index, selector, when.as_deref())
            })
            .collect();
        let table = Table::compile(&rules, OptionSet::EMPTY);
        let instance = Instance::default();
        let answers = Answers::of(table.conditions(), &instance);
        let ask = |tag| {
            let element = PrivateElement {
                tag: Tag(tag),
                vr: Vr::LO,
                creator: Some("ACME"),
            };
            assert_eq!(table.private_rule(element, &[], &answers), None);
        };
        ask(0x0009_1001);
        let asked = instance.asked.get();
        for block in 0x11..0xFF {
            ask(0x0009_0001 | block << 8);
        }
        assert_eq!(instance.asked.get(), asked);
        let lists = answers.shortlists();
        assert!(lists.len() <= 1, "{selector}: {}", lists.len());
        let left: usize = lists.values().map(super::shortlist::Shortlist::len).sum();
        assert_eq!(left, 0, "{selector}");
    }
}
