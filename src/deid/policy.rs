//! The policy: one row per public tag, compiled from Table E.1-1, the role rules and the profile's rules.

use rustc_hash::FxHashMap;

use crate::dicom::{Tag, Tape, Vr};
use crate::profile::{Profile, RuleAction};
use crate::standard::annex_e::{self, Code};
use crate::standard::dictionary::{self, Entry};
use crate::standard::iod_types::Type;
use crate::standard::roles::{self, Role};

/// What is to be done with an attribute, before its Type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// By a code of Table E.1-1.
    Table(Code),
    /// Identifies by role or VR: removed, emptied or given a dummy, as its Type demands.
    ByType,
    /// A UID outside the table.
    Uid,
    /// Part of a coded entry.
    CodedEntry,
    /// Kept, when the value is what its VR says.
    Keep,
    /// Removed, whatever the IOD says.
    Remove,
    /// The profile's own choice.
    Chosen(RuleAction),
}

/// What is done with an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// X.
    Remove,
    /// Z, with a zero-length value.
    Empty,
    /// D.
    Dummy,
    /// U.
    Uid,
}

/// Referenced Series Sequence and Studies Containing Other Referenced Instances Sequence.
const COMMON_INSTANCE_REFERENCE: [Tag; 2] = [Tag(0x0008_1115), Tag(0x0008_1200)];

impl Code {
    /// The action in this instance. X/Z/U* turns to U where the Common Instance Reference Module (PS3.3 section
    /// C.12.2) lists what the sequence refers to: without it, that list would have nothing to list.
    pub fn resolve_in(self, kind: Type, tape: &Tape) -> Action {
        let listed = || {
            COMMON_INSTANCE_REFERENCE
                .iter()
                .any(|tag| tape.find(*tag).is_some())
        };
        if self == Code::XZU && listed() {
            return Action::Uid;
        }
        self.resolve(kind)
    }

    /// The action that a code means for an attribute of this Type (PS3.15 Table E.1-1a).
    ///
    /// A plain X or Z gives way where the IOD would break: the attribute is emptied or gets a dummy instead.
    pub fn resolve(self, kind: Type) -> Action {
        match (self, kind) {
            (Code::X | Code::XZ | Code::XD | Code::XZD | Code::XZU, Type::Three) => Action::Remove,
            (Code::D, _)
            | (Code::XD, Type::Two)
            | (Code::X | Code::Z | Code::ZD | Code::XZ | Code::XD | Code::XZD, Type::One) => {
                Action::Dummy
            }
            (Code::U, _) | (Code::XZU, Type::One) => Action::Uid,
            (Code::X | Code::XZ | Code::XZD | Code::XZU, Type::Two) | (Code::Z | Code::ZD, _) => {
                Action::Empty
            }
        }
    }
}

/// A row of the policy.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is to be done.
    pub plan: Plan,
    /// The VR of PS3.6.
    pub vr: Vr,
    /// The row of PS3.6; `None` for what it does not know.
    pub entry: Option<&'static Entry>,
}

/// The compiled policy: its cost per element does not depend on the number of rules.
#[derive(Debug)]
pub struct Policy {
    rows: FxHashMap<u32, Row>,
}

impl Policy {
    /// Compiles a profile over the standard's tables.
    pub fn compile(profile: &Profile) -> Policy {
        let mut table = FxHashMap::default();
        for row in annex_e::rows().filter(|row| row.mask == u32::MAX) {
            table.insert(row.tag, row.basic);
        }
        let mut rows = FxHashMap::default();
        for entry in dictionary::entries() {
            let rules = || profile.rules.iter();
            let plan = rules()
                .filter(|_| !is_stamp(entry.tag))
                .find(|rule| rule.selector.matches_tag(entry.tag, entry.vr))
                .map_or_else(|| standard(entry, &table), |rule| Plan::Chosen(rule.action));
            // Repeating groups come last and do not speak for the single attributes that their pattern covers.
            rows.entry(entry.tag.0).or_insert(Row {
                plan,
                vr: entry.vr,
                entry: Some(entry),
            });
        }
        Policy { rows }
    }

    /// The row of a tag. Whatever the standard does not know is removed.
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
        })
    }
}

fn standard(entry: &Entry, table: &FxHashMap<Tag, Code>) -> Plan {
    // Curves and overlays go as whole groups: what is left of one would contradict the rest.
    if matches!(entry.tag.group() >> 8, 0x50 | 0x60) || entry.tag.is_group_length() {
        return Plan::Remove;
    }
    if let Some(code) = table.get(&entry.tag) {
        return Plan::Table(*code);
    }
    if is_stamp(entry.tag) {
        return Plan::Remove;
    }
    match roles::role(entry) {
        Role::Identifying => Plan::ByType,
        Role::Uid => Plan::Uid,
        Role::CodedEntry => Plan::CodedEntry,
        Role::Technical => Plan::Keep,
        Role::Foreign => Plan::Remove,
    }
}

/// Attributes that state what a de-identifier did: an input's claims do not outlive samar's own.
fn is_stamp(tag: Tag) -> bool {
    matches!(tag.0, 0x0012_0062..=0x0012_0064 | 0x0028_0303)
}
