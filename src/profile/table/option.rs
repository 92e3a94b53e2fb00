//! Which options decide about an attribute.

use rustc_hash::FxHashMap;

use super::standard;
use crate::dicom::Tag;
use crate::standard::annex_e::Row;
use crate::standard::dictionary::Entry;
use crate::standard::methods::{OptionSet, ProfileOption};

/// The options that would each by itself have the attribute treated as all of them together do; none where the Basic
/// Profile is not changed. `column` is what [`super::column`] gives.
#[expect(clippy::implicit_hasher, reason = "there is one kind of column")]
pub fn speaking(entry: &Entry, column: &FxHashMap<Tag, Row>, on: OptionSet) -> Vec<ProfileOption> {
    let plan = standard(entry, column, on);
    if plan == standard(entry, column, OptionSet::EMPTY) {
        return Vec::new();
    }
    let alone = |option: &ProfileOption| standard(entry, column, OptionSet::from_iter([*option]));
    on.iter().filter(|option| alone(option) == plan).collect()
}
