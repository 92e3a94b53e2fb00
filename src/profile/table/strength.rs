//! How far the rules depart from the standard, and so which codes of CID 7050 may be claimed.

use std::collections::BTreeSet;

use super::{Instead, Plan, Table, column, is_stamp, speaking, standard};
use crate::dicom::{Tag, Vr};
use crate::profile::rule::{Rule, RuleAction};
use crate::standard::annex_e::{Code, OptionCode};
use crate::standard::dictionary::{self, Entry};
use crate::standard::methods::{self, Method, OptionSet, ProfileOption};
use crate::standard::safe_private;

const SOP_CLASS: Tag = Tag(0x0008_0016);

/// How much of an original value is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Nothing,
    /// What says something, but not who.
    Cleaned,
    Everything,
}

/// What a departure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// An attribute of PS3.6.
    Attribute(Tag),
    /// Public elements that PS3.6 does not list.
    Unlisted,
    /// Private elements.
    Private,
}

/// Where a rule departs from what the base and the options ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The rule, by its index.
    pub rule: u32,
    /// What it is about.
    pub of: Reached,
    /// Whether it leaves more than the standard (it weakens the base), or less than an option would.
    pub weakens: bool,
    /// The option that speaks of the attribute, when one that is on does.
    pub option: Option<ProfileOption>,
}

impl RuleAction {
    /// Whether nothing of the original value is left.
    pub fn leaves_nothing(&self) -> bool {
        self.leaves() == Left::Nothing
    }

    fn leaves(&self) -> Left {
        match self {
            RuleAction::Remove
            | RuleAction::Empty
            | RuleAction::Dummy
            | RuleAction::Uid
            | RuleAction::Set(_)
            | RuleAction::PseudonymPatient
            | RuleAction::PseudonymAccession
            | RuleAction::Pseudonym(_) => Left::Nothing,
            RuleAction::Mask(_)
            | RuleAction::Shift
            | RuleAction::Truncate(_)
            | RuleAction::Round(_)
            | RuleAction::Clean => Left::Cleaned,
            // Whatever the pattern does not find stays.
            RuleAction::Keep | RuleAction::Regex(_) => Left::Everything,
        }
    }
}

impl Plan {
    fn leaves(self) -> Left {
        match self {
            Plan::Instead(_) | Plan::Remove | Plan::Chosen(_) => Left::Nothing,
            Plan::CodedEntry | Plan::Clean(_) => Left::Cleaned,
            Plan::Keep | Plan::Retain(_) => Left::Everything,
        }
    }
}

impl Table {
    /// Every departure of a rule from the standard, by rule and tag.
    pub fn departures(&self) -> Vec<Departure> {
        let column = column();
        let mut found = Vec::new();
        // Command elements and the delimiters of items stand in no data set.
        let counts =
            |entry: &&Entry| !is_stamp(entry.tag) && !matches!(entry.tag.group(), 0x0000 | 0xFFFE);
        for entry in dictionary::entries().iter().filter(counts) {
            let Some(row) = self.rows.get(&entry.tag.0) else {
                continue;
            };
            let sure = match row.plan {
                Plan::Chosen(rule) => Some(rule),
                _ => None,
            };
            let asked = self.run(row.ask).iter().map(|candidate| candidate.rule);
            let asked: Vec<u32> = asked.chain(sure).collect();
            if asked.is_empty() {
                continue;
            }
            let plan = standard(entry, &column, self.options);
            let option = column.get(&entry.tag).and_then(|row| {
                let speaks = |code| {
                    let mut on = self.options.iter();
                    on.find(|option| row.option(*option) == Some(code))
                };
                speaks(OptionCode::Clean).or_else(|| speaks(OptionCode::Keep))
            });
            for rule in asked {
                let Some(action) = self.rule(rule).map(|rule| &rule.action) else {
                    continue;
                };
                let (left, allowed) = (action.leaves(), plan.leaves());
                // A sequence that is entered leaves nothing by itself. That its UIDs are replaced is what U* is.
                let enters = entry.vr == Vr::SQ
                    && *action == RuleAction::Keep
                    && matches!(plan, Plan::Instead(Instead::Table(Code::D | Code::XZU)));
                let weakens = left > allowed && !enters;
                if weakens || left < allowed && option.is_some() {
                    found.push(Departure {
                        rule,
                        of: Reached::Attribute(entry.tag),
                        weakens,
                        option,
                    });
                }
            }
        }
        found.extend(self.beyond_the_standard());
        found.sort_by_key(|departure| (departure.rule, departure.of));
        found
    }

    /// Departures where the standard has everything removed: what PS3.6 does not list, and private elements but those
    /// that are known to be safe.
    fn beyond_the_standard(&self) -> Vec<Departure> {
        let leaving = |rules: Vec<u32>| {
            let leaves = |index: &u32| {
                let rule = self.rule(*index);
                rule.is_some_and(|rule| rule.action.leaves() > Left::Nothing)
            };
            rules.into_iter().filter(leaves)
        };
        let safe = ProfileOption::RetainSafePrivate;
        let option = self.options.contains(safe).then_some(safe);
        let may_stay = |rule: &u32| option.is_some() && self.rule(*rule).is_some_and(is_safe);
        let unlisted = leaving(self.unlisted_rules()).map(|rule| (rule, Reached::Unlisted, None));
        let private = leaving(self.private_rules())
            .filter(|rule| !may_stay(rule))
            .map(|rule| (rule, Reached::Private, option));
        unlisted
            .chain(private)
            .map(|(rule, of, option)| Departure {
                rule,
                of,
                weakens: true,
                option,
            })
            .collect()
    }

    /// The rules that may decide about public elements that PS3.6 does not list, in their order.
    pub fn unlisted_rules(&self) -> Vec<u32> {
        let named = self.rows.values().filter(|row| row.entry.is_none());
        let chosen = named.clone().filter_map(|row| match row.plan {
            Plan::Chosen(rule) => Some(rule),
            _ => None,
        });
        let runs = named.map(|row| row.ask).chain([self.unlisted]);
        let asked = runs.flat_map(|ask| self.run(ask).iter().map(|candidate| candidate.rule));
        let rules: BTreeSet<u32> = asked.chain(chosen).collect();
        rules.into_iter().collect()
    }

    /// The attributes that an option decides about.
    pub fn spoken_of(&self, option: ProfileOption) -> Vec<&'static Entry> {
        let column = column();
        // Zones are nothing without the dates, and sequences of references nothing without the UIDs.
        // The SOP Class stays under every option.
        let counts = |entry: &Entry| match option {
            ProfileOption::RetainFullDates | ProfileOption::RetainModifiedDates => {
                matches!(entry.vr, Vr::DA | Vr::DT | Vr::TM)
            }
            ProfileOption::RetainUids => entry.vr == Vr::UI && entry.tag != SOP_CLASS,
            _ => true,
        };
        dictionary::entries()
            .iter()
            .filter(|entry| speaking(entry, &column, self.options).contains(&option))
            .filter(|entry| counts(entry))
            .collect()
    }

    /// The options of which the rules leave nothing: each attribute is taken in every instance, wherever it stands.
    pub fn undone(&self) -> OptionSet {
        let takes = |rule: u32| {
            let rule = self.rule(rule);
            rule.is_some_and(|rule| rule.action.leaves() == Left::Nothing)
        };
        let is_taken = |entry: &&Entry| {
            let row = self.row(entry.tag);
            matches!(row.plan, Plan::Chosen(rule) if takes(rule))
                && self.run(row.ask).iter().all(|asked| takes(asked.rule))
        };
        let is_undone = |option: &ProfileOption| {
            if *option == ProfileOption::RetainSafePrivate {
                return self.takes_all_private() && self.private_rules().into_iter().all(takes);
            }
            let spoken_of = self.spoken_of(*option);
            !spoken_of.is_empty() && spoken_of.iter().all(is_taken)
        };
        self.options.iter().filter(is_undone).collect()
    }

    /// The codes of CID 7050 that every instance cleaned by this table earns: the Basic Profile's and those of the
    /// options in force, without what a rule makes untrue or has nothing left of. Pixels are cleaned by nothing here.
    pub fn methods(&self) -> Vec<Method> {
        let departures = self.departures();
        let undone = self.undone();
        let weakened = || departures.iter().filter(|departure| departure.weakens);
        let mut codes = Vec::new();
        if weakened().next().is_none() {
            codes.push(methods::BASIC);
        }
        for option in self.options.iter() {
            let is_table = ProfileOption::TABLE.contains(&option);
            let broken = weakened().any(|departure| departure.option == Some(option));
            if is_table && !broken && !undone.contains(option) {
                codes.push(option.method());
            }
        }
        codes
    }
}

/// Whether a rule on private elements leaves no more than Retain Safe Private does (PS3.15 section E.3.10): elements of
/// Table E.3.10-1, or a list of the site's own by creator, whose values are looked at like those of the table.
fn is_safe(rule: &Rule) -> bool {
    let listed = || {
        let names = rule.selector.private_names();
        names.is_some_and(|names| {
            names
                .iter()
                .all(|(creator, group, byte)| safe_private::find(creator, *group, *byte).is_some())
        })
    };
    match rule.action {
        RuleAction::Keep | RuleAction::Clean | RuleAction::Shift => rule.selector.names_creators(),
        _ => rule.action.leaves() <= Left::Cleaned && listed(),
    }
}
