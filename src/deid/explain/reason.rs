//! Who decides about an element, and who would have.

use rustc_hash::FxHashMap;

use super::Fate;
use crate::deid::Deidentifier;
use crate::deid::claims::Claims;
use crate::deid::decide::Why;
use crate::deid::view::View;
use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::{Instance, Tag, Vr};
use crate::profile::RuleAction;
use crate::profile::selector::Place;
use crate::profile::table::{Instead, Plan, column, is_stamp, speaking, standard};
use crate::standard::annex_e::{Code, Row};
use crate::standard::dictionary;
use crate::standard::iod_types::{IodTypes, Path, Type};
use crate::standard::methods::{OptionSet, ProfileOption};
use crate::standard::safe_private;

/// Where an element stands and what became of it.
pub(super) struct Here<'h> {
    pub(super) element: &'h Element,
    pub(super) fate: Fate,
    pub(super) why: Option<Why>,
    pub(super) place: Place<'h>,
    pub(super) path: Path,
}

/// Who decided.
#[derive(Debug, Default)]
pub(super) struct Reason {
    pub(super) by: String,
    pub(super) is_chosen: bool,
    pub(super) shadowed: Vec<String>,
}

/// What the reasons of one instance are found with.
pub(super) struct Reasons<'a> {
    deidentifier: &'a Deidentifier,
    tape: &'a Tape,
    types: &'a IodTypes,
    column: FxHashMap<Tag, Row>,
    claims: Claims,
    /// The rules whose condition holds for the instance, in their order.
    live: Vec<u32>,
}

impl<'a> Reasons<'a> {
    pub(super) fn new(
        deidentifier: &'a Deidentifier,
        instance: &'a Instance<'_>,
        types: &'a IodTypes,
        view: &View<'_>,
    ) -> Reasons<'a> {
        let rules = (0u32..).zip(deidentifier.table.rules());
        let holds = |when: &crate::profile::Condition| when.holds(view);
        Reasons {
            deidentifier,
            tape: &instance.tape,
            types,
            column: column(),
            claims: Claims::read(&instance.tape, instance.syntax.encoding),
            live: rules
                .filter(|(_, rule)| rule.when.as_ref().is_none_or(holds))
                .map(|(index, _)| index)
                .collect(),
        }
    }

    pub(super) fn of(&self, here: &Here<'_>) -> Reason {
        let rule = match here.why {
            Some(Why::Plan(Plan::Chosen(rule)) | Why::PrivateRule(rule)) => Some(rule),
            _ => None,
        };
        let (by, is_chosen) = match here.why {
            _ if rule.is_some() => (self.by_rule(here, rule), true),
            Some(Why::Plan(plan)) => {
                let is_option = matches!(plan, Plan::Retain(_) | Plan::Clean(_));
                (self.by_plan(here, plan), is_option)
            }
            Some(Why::Concept) => ("Table E.3.4-1, by its concept name".to_owned(), true),
            Some(Why::PrivateListed) => {
                let by = "retain-safe-private, Table E.3.10-1";
                (self.unless_lost(here, by), true)
            }
            Some(Why::PrivateClaimed) => {
                let by = "retain-safe-private, (0008,0300)";
                (self.unless_lost(here, by), true)
            }
            // Rules and options speak of what a creator reserves, not of the creator.
            None if here.fate == Fate::Kept => ("creator of what stays".to_owned(), true),
            None | Some(Why::Private) => ("Table E.1-1 X, private".to_owned(), false),
            Some(_) => (String::new(), false),
        };
        let mut shadowed = self.shadowed(here, rule);
        // Where an option could not be followed, what stands behind it has decided after all.
        shadowed.retain(|other| !by.ends_with(other.as_str()));
        Reason {
            by,
            is_chosen,
            shadowed,
        }
    }

    /// Whether a rule decided that puts in a value of its own.
    pub(super) fn leaves_nothing(&self, why: Option<Why>) -> bool {
        let Some(Why::Plan(Plan::Chosen(rule)) | Why::PrivateRule(rule)) = why else {
            return false;
        };
        let rule = self.deidentifier.table.rule(rule);
        rule.is_some_and(|rule| rule.action.leaves_nothing())
    }

    fn by_rule(&self, here: &Here<'_>, rule: Option<u32>) -> String {
        let rule = rule.and_then(|rule| self.deidentifier.table.rule(rule));
        let Some(rule) = rule else {
            return String::new();
        };
        let by = format!("rule {}", rule.id);
        match rule.action {
            RuleAction::Remove | RuleAction::Empty | RuleAction::Dummy => {
                let asked = match rule.action {
                    RuleAction::Remove => Fate::Removed,
                    RuleAction::Empty => Fate::Emptied,
                    _ => Fate::Replaced,
                };
                if here.fate == asked {
                    by
                } else {
                    by + self.kind(here)
                }
            }
            _ => self.unless_lost(here, &by),
        }
    }

    /// Says so when what was to stay could not.
    fn unless_lost(&self, here: &Here<'_>, by: &str) -> String {
        let is_uid = here.place.vr == Vr::UI;
        let is_set = here.fate == Fate::Replaced && self.leaves_nothing(here.why);
        match here.fate {
            Fate::Removed | Fate::Emptied | Fate::Replaced if !is_uid && !is_set => {
                format!("{by}, of which nothing may stay{}", self.kind(here))
            }
            _ => by.to_owned(),
        }
    }

    /// The standard's own plan, and what became of it.
    fn by_plan(&self, here: &Here<'_>, plan: Plan) -> String {
        let told = self.plan(here, plan);
        let lost = matches!(here.fate, Fate::Removed | Fate::Emptied | Fate::Replaced);
        match plan {
            Plan::Retain(instead) | Plan::Clean(instead) if lost => {
                let instead = self.plan(here, Plan::Instead(instead));
                format!("{told}, of which nothing may stay: {instead}")
            }
            Plan::Keep if lost => "technical, but not of its VR or names somebody".to_owned(),
            Plan::CodedEntry if lost => "part of a code that no standard scheme has".to_owned(),
            _ => told,
        }
    }

    /// A plan in words.
    fn plan(&self, here: &Here<'_>, plan: Plan) -> String {
        let tag = here.element.tag;
        match plan {
            Plan::Retain(_) => self.options(tag, "K"),
            Plan::Clean(_) => self.options(tag, "C"),
            Plan::Instead(Instead::Table(Code::U)) => "Table E.1-1 U".to_owned(),
            Plan::Instead(Instead::Table(code)) => format!("Table E.1-1 {code}{}", self.kind(here)),
            Plan::Instead(Instead::ByType) => {
                format!("{}{}", by_type(here.place.vr), self.kind(here))
            }
            Plan::Instead(Instead::Uid) => "UID outside the table".to_owned(),
            Plan::CodedEntry => "part of a coded entry".to_owned(),
            Plan::Keep => "technical".to_owned(),
            Plan::Remove | Plan::Chosen(_) => removal(here).to_owned(),
        }
    }

    /// The options by which an attribute stays, with their code.
    fn options(&self, tag: Tag, code: &str) -> String {
        let on = self.deidentifier.table.options();
        let options = dictionary::by_tag(tag).map(|entry| speaking(entry, &self.column, on));
        let names: Vec<&str> = options
            .iter()
            .flatten()
            .map(|option| option.name())
            .collect();
        format!("{} {code}", names.join(", "))
    }

    /// The Type of the attribute where it stands, when it binds.
    fn kind(&self, here: &Here<'_>) -> &'static str {
        let present = |marker| self.tape.find(marker).is_some();
        match self.types.resolve(here.path, here.element.tag, present) {
            Type::One => ", Type 1 here",
            Type::Two => ", Type 2 here",
            Type::Three => "",
        }
    }

    /// Who else would have decided: the rules that match too, then the options, then the Basic Profile.
    fn shadowed(&self, here: &Here<'_>, decided: Option<u32>) -> Vec<String> {
        let table = &self.deidentifier.table;
        let others = self.live.iter().filter(|rule| Some(**rule) != decided);
        let rules = others
            .filter_map(|rule| table.rule(*rule))
            .filter(|rule| rule.selector.matches(&here.place));
        let mut shadowed: Vec<String> = rules.map(|rule| format!("rule {}", rule.id)).collect();
        let by_option = match here.why {
            Some(Why::Plan(plan)) => matches!(plan, Plan::Retain(_) | Plan::Clean(_)),
            Some(Why::PrivateListed | Why::PrivateClaimed) => true,
            _ => false,
        };
        let by_concept = here.why == Some(Why::Concept);
        if here.element.tag.is_private() {
            if decided.is_some() {
                shadowed.extend(self.private_option(here));
            }
            if decided.is_some() || by_option {
                shadowed.push("Table E.1-1 X".to_owned());
            }
        } else if let Some(entry) = dictionary::by_tag(here.element.tag) {
            let plain = standard(entry, &self.column, OptionSet::EMPTY);
            let plan = standard(entry, &self.column, table.options());
            if (decided.is_some() || by_concept) && plan != plain {
                shadowed.push(self.plan(here, plan));
            }
            if decided.is_some() || by_option || by_concept {
                shadowed.push(self.plan(here, plain));
            }
        } else if decided.is_some() {
            shadowed.push("not in PS3.6".to_owned());
        }
        shadowed
    }

    /// What Retain Safe Private says of a private element.
    fn private_option(&self, here: &Here<'_>) -> Option<String> {
        let on = self.deidentifier.table.options();
        let creator = here.place.creator?;
        let tag = here.element.tag;
        let byte = (tag.element() & 0xFF) as u8;
        if !on.contains(ProfileOption::RetainSafePrivate) {
            return None;
        }
        let is_listed = safe_private::find(creator, tag.group(), byte).is_some();
        let by = if self.claims.of(creator, tag.group(), byte).is_some() {
            "(0008,0300)"
        } else if is_listed {
            "Table E.3.10-1"
        } else {
            return None;
        };
        Some(format!("retain-safe-private, {by}"))
    }
}

/// Why an element is removed that no code of a table removes.
fn removal(here: &Here<'_>) -> &'static str {
    let tag = here.element.tag;
    match tag.group() >> 8 {
        0x50 => return "Table E.1-1 X, curves go whole",
        0x60 => return "Table E.1-1 X, overlays go whole",
        _ => {}
    }
    if is_stamp(tag) {
        "samar states its own"
    } else if tag.is_group_length() {
        "group lengths go"
    } else if dictionary::by_tag(tag).is_none() {
        "not in PS3.6"
    } else if tag.group() == 0x7FE0 {
        "an image inside a sequence"
    } else if here.element.flags.has(Flags::BULK) {
        "too long to be looked at"
    } else {
        "retired, or of no use in an instance"
    }
}

/// Why an attribute that no row lists identifies.
fn by_type(vr: Vr) -> String {
    if vr.is_free_text() && vr != Vr::PN {
        return "text that somebody typed".to_owned();
    }
    match vr {
        Vr::AE | Vr::AS | Vr::DA | Vr::DT | Vr::PN | Vr::TM | Vr::UN | Vr::UR => {
            format!("VR {vr} identifies")
        }
        _ => "identifies by its role".to_owned(),
    }
}
