//! What the standard asks for, without the profile's rules: Table E.1-1 under the options that are on, and the role
//! rules for what no row lists.

use rustc_hash::FxHashMap;

use super::{Instead, Plan, is_stamp};
use crate::dicom::{Tag, Vr};
use crate::standard::annex_e::{self, Decision, Row};
use crate::standard::dictionary::Entry;
use crate::standard::methods::{OptionSet, ProfileOption};
use crate::standard::roles::{self, Role};

/// The rows of Table E.1-1 for single attributes, by tag.
pub fn column() -> FxHashMap<Tag, Row> {
    annex_e::rows()
        .filter(|row| row.mask == u32::MAX)
        .map(|row| (row.tag, row))
        .collect()
}

/// The plan for an attribute under a set of options.
#[expect(clippy::implicit_hasher, reason = "there is one kind of column")]
pub fn standard(entry: &Entry, column: &FxHashMap<Tag, Row>, on: OptionSet) -> Plan {
    // Curves and overlays go as whole groups: what is left of one would contradict the rest. A bitmap cannot be
    // searched for text, so that Clean Graphics takes them too.
    if matches!(entry.tag.group() >> 8, 0x50 | 0x60) || entry.tag.is_group_length() {
        return Plan::Remove;
    }
    if let Some(row) = column.get(&entry.tag) {
        let basic = Instead::Table(row.basic);
        return match row.decide(on) {
            Decision::Basic(_) => Plan::Instead(basic),
            Decision::Keep => Plan::Retain(basic),
            Decision::Clean => Plan::Clean(basic),
        };
    }
    if is_stamp(entry.tag) {
        return Plan::Remove;
    }
    match roles::role(entry) {
        Role::Identifying => by_vr(entry, on),
        Role::Uid if on.contains(ProfileOption::RetainUids) => Plan::Retain(Instead::Uid),
        Role::Uid => Plan::Instead(Instead::Uid),
        Role::CodedEntry => Plan::CodedEntry,
        Role::Technical => Plan::Keep,
        Role::Foreign => Plan::Remove,
    }
}

/// An attribute that identifies by its VR, under the option that speaks of its like in Table E.1-1.
fn by_vr(entry: &Entry, on: OptionSet) -> Plan {
    let rest = Instead::ByType;
    match entry.vr {
        Vr::DA | Vr::DT | Vr::TM if on.contains(ProfileOption::RetainModifiedDates) => {
            Plan::Clean(rest)
        }
        Vr::DA | Vr::DT | Vr::TM if on.contains(ProfileOption::RetainFullDates) => {
            Plan::Retain(rest)
        }
        Vr::AE if on.contains(ProfileOption::RetainDeviceIdentity) => Plan::Clean(rest),
        vr if vr.is_free_text()
            && is_descriptor(entry.keyword)
            && on.contains(ProfileOption::CleanDescriptors) =>
        {
            Plan::Clean(rest)
        }
        _ => Plan::Instead(rest),
    }
}

/// Whether an attribute says what something is, and not whose it is or who answers for it.
fn is_descriptor(keyword: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "Description",
        "Descriptions",
        "Comment",
        "Comments",
        "Label",
    ];
    ENDINGS.iter().any(|ending| keyword.ends_with(ending))
}
