//! PS3.6 data dictionary: tag, VR and keyword of every public element, retired ones included.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::dicom::{Tag, Vr};

static DATA: &str = include_str!("data/ps3.6-elements.tsv");

/// One row of PS3.6 chapter 6 to 9.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The tag; for a repeating group, its first member.
    pub tag: Tag,
    /// The VR; the first one where the standard allows several (`US or SS` is US).
    pub vr: Vr,
    /// The other VRs that the standard allows.
    pub also: [Option<Vr>; 2],
    /// The most values that the Value Multiplicity allows; 0 for no bound.
    pub max_values: u32,
    /// Whether PS3.6 calls it retired.
    pub is_retired: bool,
    /// The keyword, such as `PatientName`.
    pub keyword: &'static str,
}

impl Entry {
    /// Whether the standard allows this VR.
    pub fn allows(&self, vr: Vr) -> bool {
        self.vr == vr || self.also.contains(&Some(vr))
    }
}

struct Dictionary {
    entries: Vec<Entry>,
    by_tag: FxHashMap<u32, u16>,
    by_keyword: FxHashMap<&'static str, u16>,
    /// Repeating groups such as (60xx,3000): mask, value, index.
    repeating: Vec<(u32, u32, u16)>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(load);

fn load() -> Dictionary {
    let mut dictionary = Dictionary {
        entries: Vec::with_capacity(5300),
        by_tag: FxHashMap::default(),
        by_keyword: FxHashMap::default(),
        repeating: Vec::new(),
    };
    for line in DATA.lines().skip(1) {
        let mut fields = line.split('\t');
        let (Some(pattern), Some(vrs), Some(vm), Some(keyword)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let is_retired = fields.next() == Some("R");
        let Some((mask, value)) = tag_pattern(pattern) else {
            continue;
        };
        let mut vrs = vrs.split('/').map(|vr| {
            <[u8; 2]>::try_from(vr.as_bytes())
                .ok()
                .and_then(Vr::from_bytes)
        });
        let vr = vrs.next().flatten().unwrap_or(Vr::UN);
        let also = [vrs.next().flatten(), vrs.next().flatten()];
        let index = dictionary.entries.len() as u16;
        dictionary.entries.push(Entry {
            tag: Tag(value),
            vr,
            also,
            max_values: max_values(vm),
            is_retired,
            keyword,
        });
        dictionary.by_keyword.insert(keyword, index);
        if mask == u32::MAX {
            dictionary.by_tag.insert(value, index);
        } else {
            dictionary.repeating.push((mask, value, index));
        }
    }
    dictionary
}

/// The upper bound of a Value Multiplicity such as `1`, `2-3` or `1-n`.
fn max_values(vm: &str) -> u32 {
    let upper = vm.rsplit('-').next().unwrap_or(vm);
    upper.parse().unwrap_or(0)
}

/// Reads a tag with `x` for any digit into a mask and the value under it.
pub fn tag_pattern(pattern: &str) -> Option<(u32, u32)> {
    if pattern.len() != 8 {
        return None;
    }
    let (mut mask, mut value) = (0u32, 0u32);
    for c in pattern.chars() {
        mask <<= 4;
        value <<= 4;
        if !matches!(c, 'x' | 'X') {
            mask |= 0xF;
            value |= c.to_digit(16)?;
        }
    }
    Some((mask, value))
}

/// The row of a public tag; `None` when PS3.6 does not know it. Repeating groups match even groups only.
pub fn by_tag(tag: Tag) -> Option<&'static Entry> {
    let dictionary = &*DICTIONARY;
    let index = dictionary.by_tag.get(&tag.0).copied().or_else(|| {
        if tag.is_private() {
            return None;
        }
        dictionary
            .repeating
            .iter()
            .find(|(mask, value, _)| tag.0 & mask == *value)
            .map(|(_, _, index)| *index)
    })?;
    dictionary.entries.get(index as usize)
}

/// The tags of a row: the bits that count, and their value. All bits count but in repeating groups such as (60xx,3000),
/// whose members are even.
pub fn pattern(entry: &Entry) -> (u32, u32) {
    let dictionary = &*DICTIONARY;
    let repeating = dictionary.repeating.iter().find(|(_, value, index)| {
        let row = dictionary.entries.get(*index as usize);
        *value == entry.tag.0 && row.is_some_and(|row| row.keyword == entry.keyword)
    });
    match repeating {
        Some((mask, value, _)) => (mask | 0x1_0000, *value),
        None => (u32::MAX, entry.tag.0),
    }
}

/// The row that has exactly the tags of a pattern.
pub fn by_pattern(mask: u32, value: u32) -> Option<&'static Entry> {
    let dictionary = &*DICTIONARY;
    let index = if mask == u32::MAX {
        dictionary.by_tag.get(&value)
    } else {
        let mut repeating = dictionary.repeating.iter();
        repeating
            .find(|(m, v, _)| m | 0x1_0000 == mask && *v == value)
            .map(|(_, _, index)| index)
    };
    dictionary.entries.get(*index? as usize)
}

/// The row of a keyword such as `PatientName`, spelt exactly.
pub fn by_keyword(keyword: &str) -> Option<&'static Entry> {
    let dictionary = &*DICTIONARY;
    let index = *dictionary.by_keyword.get(keyword)?;
    dictionary.entries.get(index as usize)
}

/// Every row, in tag order, repeating groups last.
pub fn entries() -> &'static [Entry] {
    &DICTIONARY.entries
}

/// A name to print for a tag: its keyword, or the tag itself.
pub fn name(tag: Tag) -> String {
    by_tag(tag).map_or_else(|| tag.to_string(), |entry| entry.keyword.to_owned())
}
