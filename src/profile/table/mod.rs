//! The table: a profile compiled into one row per attribute, so that its cost per element does not depend on the
//! number of rules.

mod answers;
mod option;
mod private;
mod shortlist;
mod standard;
mod strength;

use rustc_hash::FxHashMap;

use super::condition::Condition;
use super::rule::Rule;
use super::selector::{Ahead, Place, Selector, Step};
use crate::dicom::{Tag, Vr};
use crate::standard::annex_e::Code;
use crate::standard::dictionary::{self, Entry};
use crate::standard::methods::OptionSet;

pub use answers::{Answered, Answers};
pub use option::speaking;
pub use private::PrivateElement;
pub use standard::{column, standard};
pub use strength::{Departure, Reached};

/// What is to be done with an attribute, before its Type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plan {
    /// What identifies goes.
    Instead(Instead),
    /// Part of a coded entry.
    CodedEntry,
    /// Kept, when the value is what its VR says.
    Keep,
    /// Removed, whatever the IOD says.
    Remove,
    /// K: an option keeps it, when the value is what its VR says and does not name the patient.
    Retain(Instead),
    /// C: an option has it cleaned; what cannot be cleaned goes.
    Clean(Instead),
    /// The profile's own choice: the rule with this index.
    Chosen(u32),
}

/// How an attribute that may not stay as it is goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Instead {
    /// By a code of Table E.1-1.
    Table(Code),
    /// Identifies by role or VR: removed, emptied or given a dummy, as its Type demands.
    ByType,
    /// A UID outside the table.
    Uid,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is to be done where no rule that asks further decides.
    pub plan: Plan,
    /// The VR of PS3.6.
    pub vr: Vr,
    /// The row of PS3.6; `None` for what it does not know.
    pub entry: Option<&'static Entry>,
    ask: Ask,
}

impl Row {
    /// The row of a private element of this VR: nothing but a rule speaks of it.
    pub fn private(vr: Vr) -> Row {
        Row {
            plan: Plan::Remove,
            vr,
            entry: None,
            ask: Ask::default(),
        }
    }
}

/// Rules that depend on the place or the instance, in their order: a run of the table's pool.
#[derive(Clone, Copy, Debug, Default)]
struct Ask {
    first: u32,
    count: u32,
}

/// A rule that may decide.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    rule: u32,
    /// Whether its selector matches wherever the element stands.
    anywhere: bool,
    /// Its condition, by index.
    when: Option<u32>,
}

/// The compiled rules and options of a profile.
#[derive(Debug)]
pub struct Table {
    rows: FxHashMap<u32, Row>,
    pool: Vec<Candidate>,
    rules: Vec<Rule>,
    conditions: Vec<Condition>,
    options: OptionSet,
    /// Rules that may speak of public elements that PS3.6 does not list.
    unlisted: Ask,
    private: private::Index,
}

impl Table {
    /// Compiles rules over the standard's tables.
    pub fn compile(rules: &[Rule], options: OptionSet) -> Table {
        let mut table = Table {
            rows: FxHashMap::default(),
            pool: Vec::new(),
            rules: rules.to_vec(),
            conditions: Vec::new(),
            options,
            unlisted: Ask::default(),
            private: private::Index::default(),
        };
        let conditions = table.number_conditions();
        let by_tag = index(rules);
        let column = column();
        for entry in dictionary::entries() {
            let asked = by_tag.of(entry.tag).filter(|_| !is_stamp(entry.tag));
            let ahead = |selector: &Selector| selector.ahead(entry.tag, entry.vr);
            let (ask, sure) = table.candidates(asked, ahead, &conditions);
            let plan = sure.map_or_else(|| standard(entry, &column, options), Plan::Chosen);
            // Repeating groups come last and do not speak for the single attributes that their pattern covers.
            table.rows.entry(entry.tag.0).or_insert(Row {
                plan,
                vr: entry.vr,
                entry: Some(entry),
                ask,
            });
        }
        table.name_unlisted(&by_tag, &conditions);
        let general = by_tag.general.iter().copied();
        table.unlisted = table.gather(general, Selector::on_unlisted, &conditions);
        table.private = private::Index::compile(&mut table, &conditions);
        table
    }

    /// The rules, in the order in which they are asked.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A rule of this table.
    pub fn rule(&self, index: u32) -> Option<&Rule> {
        self.rules.get(index as usize)
    }

    /// The options in force.
    pub fn options(&self) -> OptionSet {
        self.options
    }

    /// The distinct conditions of the rules.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The row of a public tag. Whatever the standard does not know is removed, unless a rule decides otherwise.
    pub fn row(&self, tag: Tag) -> Row {
        // Curves and overlays: every group of the sixteen has the rows of the first (PS3.5 section 7.6).
        let tag = match tag.group() >> 8 {
            0x50 | 0x60 => tag.0 & 0xFF00_FFFF,
            _ => tag.0,
        };
        self.rows.get(&tag).copied().unwrap_or(Row {
            plan: Plan::Remove,
            vr: Vr::UN,
            entry: None,
            ask: self.unlisted,
        })
    }

    /// What is to be done with one element: the first rule that matches it here decides, else the row's plan.
    pub fn plan<'p>(
        &self,
        row: &Row,
        tag: Tag,
        path: impl FnOnce() -> Vec<Step<'p>>,
        answers: &Answers<'_>,
    ) -> Plan {
        if row.ask.count == 0 {
            return row.plan;
        }
        let path = path();
        let place = Place {
            tag,
            vr: row.vr,
            creator: None,
            path: &path,
        };
        self.first(row.ask, &place, answers)
            .map_or(row.plan, Plan::Chosen)
    }

    /// The rules that are asked about a row before its plan, with `when …` or `in some places` for those that depend
    /// on more than the tag.
    pub fn asked<'t>(&'t self, row: &Row) -> impl Iterator<Item = (&'t Rule, String)> {
        self.run(row.ask).iter().filter_map(|candidate| {
            let rule = self.rule(candidate.rule)?;
            let when = rule.when.as_ref().map(|when| format!("when {when}"));
            let place = (!candidate.anywhere).then(|| "in some places".to_owned());
            let told: Vec<String> = place.into_iter().chain(when).collect();
            Some((rule, told.join(" ")))
        })
    }

    fn run(&self, ask: Ask) -> &[Candidate] {
        let first = ask.first as usize;
        self.pool
            .get(first..first + ask.count as usize)
            .unwrap_or_default()
    }

    /// Gives a row to each public tag that a rule names and PS3.6 does not list.
    fn name_unlisted(&mut self, by_tag: &ByTag, conditions: &[Option<u32>]) {
        let mut tags: Vec<Tag> = by_tag.single.keys().copied().collect();
        tags.retain(|tag| !tag.is_private() && dictionary::by_tag(*tag).is_none());
        tags.sort_unstable();
        for tag in tags {
            let ahead = |selector: &Selector| selector.ahead(tag, Vr::UN);
            let (ask, sure) = self.candidates(by_tag.of(tag), ahead, conditions);
            self.rows.entry(tag.0).or_insert(Row {
                plan: sure.map_or(Plan::Remove, Plan::Chosen),
                vr: Vr::UN,
                entry: None,
                ask,
            });
        }
    }

    /// Numbers the conditions, equal ones alike; gives each rule's.
    fn number_conditions(&mut self) -> Vec<Option<u32>> {
        let mut seen: FxHashMap<String, u32> = FxHashMap::default();
        let mut numbers = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            numbers.push(rule.when.as_ref().map(|when| {
                *seen.entry(when.to_string()).or_insert_with(|| {
                    self.conditions.push(when.clone());
                    self.conditions.len() as u32 - 1
                })
            }));
        }
        numbers
    }

    /// Puts the rules that may decide into the pool, up to the first that surely does, which is given apart.
    fn candidates(
        &mut self,
        rules: impl Iterator<Item = u32>,
        ahead: impl Fn(&Selector) -> Ahead,
        conditions: &[Option<u32>],
    ) -> (Ask, Option<u32>) {
        let first = self.pool.len() as u32;
        let mut sure = None;
        for rule in rules {
            let Some(ahead) = self.rule(rule).map(|rule| ahead(&rule.selector)) else {
                continue;
            };
            let when = conditions.get(rule as usize).copied().flatten();
            match (ahead, when) {
                (Ahead::No, _) => {}
                (Ahead::Yes, None) => {
                    sure = Some(rule);
                    break;
                }
                (ahead, when) => self.pool.push(Candidate {
                    rule,
                    anywhere: ahead == Ahead::Yes,
                    when,
                }),
            }
        }
        let count = self.pool.len() as u32 - first;
        (Ask { first, count }, sure)
    }

    /// The same, with the rule that surely decides at the end of the run.
    fn gather(
        &mut self,
        rules: impl Iterator<Item = u32>,
        ahead: impl Fn(&Selector) -> Ahead,
        conditions: &[Option<u32>],
    ) -> Ask {
        let (mut ask, sure) = self.candidates(rules, ahead, conditions);
        if let Some(rule) = sure {
            self.pool.push(Candidate {
                rule,
                anywhere: true,
                when: None,
            });
            ask.count += 1;
        }
        ask
    }
}

/// Rules by the one public tag that they can match, and all others.
struct ByTag {
    single: FxHashMap<Tag, Vec<u32>>,
    general: Vec<u32>,
}

fn index(rules: &[Rule]) -> ByTag {
    let mut by_tag = ByTag {
        single: FxHashMap::default(),
        general: Vec::new(),
    };
    for (index, rule) in rules.iter().enumerate() {
        match rule.selector.only_tag() {
            Some(tag) => by_tag.single.entry(tag).or_default().push(index as u32),
            None => by_tag.general.push(index as u32),
        }
    }
    by_tag
}

impl ByTag {
    /// The rules that may match a tag, in their order.
    fn of(&self, tag: Tag) -> impl Iterator<Item = u32> {
        let single = self.single.get(&tag).map_or(&[][..], Vec::as_slice);
        merge(single, &self.general)
    }
}

/// Two ascending lists as one.
fn merge<'l>(a: &'l [u32], b: &'l [u32]) -> impl Iterator<Item = u32> + use<'l> {
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    std::iter::from_fn(move || match (a.peek(), b.peek()) {
        (Some(x), Some(y)) if x > y => b.next(),
        (Some(_), _) => a.next(),
        (None, _) => b.next(),
    })
}

/// Attributes that state what a de-identifier did: an input's claims do not outlive samar's own.
pub fn is_stamp(tag: Tag) -> bool {
    matches!(tag.0, 0x0012_0062..=0x0012_0064 | 0x0028_0303)
}

#[cfg(test)]
mod tests;
