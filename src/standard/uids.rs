//! PS3.6 Annex A: the UIDs that the standard itself registers. Such a UID identifies nobody.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static DATA: &str = include_str!("data/ps3.6-uids.tsv");
static SOP_IOD: &str = include_str!("data/ps3.4-sop-iod.tsv");

/// No context group of PS3.16 has a higher number.
const LAST_CONTEXT_GROUP: u16 = 1700;

/// One registered UID.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    /// The UID itself.
    pub uid: &'static str,
    /// What it names, in PS3.6's words: `SOP Class`, `Transfer Syntax`, ...
    pub kind: &'static str,
    /// The keyword, such as `CTImageStorage`.
    pub keyword: &'static str,
}

struct Registry {
    by_uid: FxHashMap<&'static str, Registered>,
    by_keyword: FxHashMap<&'static str, Registered>,
    iods: FxHashMap<&'static str, &'static str>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut by_uid = FxHashMap::default();
    let mut by_keyword = FxHashMap::default();
    for line in DATA.lines().skip(1) {
        let mut fields = line.split('\t');
        let (Some(uid), Some(kind), Some(keyword)) = (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let row = Registered { uid, kind, keyword };
        by_uid.insert(uid, row);
        if !keyword.is_empty() {
            by_keyword.insert(keyword, row);
        }
    }
    let iods = SOP_IOD
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .collect();
    Registry {
        by_uid,
        by_keyword,
        iods,
    }
});

/// The row of a registered UID.
pub fn by_uid(uid: &str) -> Option<Registered> {
    REGISTRY.by_uid.get(uid).copied()
}

/// The row of a keyword such as `CTImageStorage`.
pub fn by_keyword(keyword: &str) -> Option<Registered> {
    REGISTRY.by_keyword.get(keyword).copied()
}

/// Every registered keyword, for suggestions; unordered.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    REGISTRY.by_keyword.keys().copied()
}

/// Whether a UID is the standard's own: registered in Annex A, or a context group of PS3.16.
pub fn is_registered(uid: &str) -> bool {
    if !uid.starts_with("1.2.840.10008.") {
        return false;
    }
    let context_group = |uid: &str| {
        uid.strip_prefix("1.2.840.10008.6.1.").is_some_and(|n| {
            !n.starts_with('0') && n.parse().is_ok_and(|n: u16| n <= LAST_CONTEXT_GROUP)
        })
    };
    REGISTRY.by_uid.contains_key(uid) || context_group(uid)
}

/// The IOD of a storage SOP Class that PS3.4 Annex B defines, such as `ct-image`.
pub fn iod(sop_class: &str) -> Option<&'static str> {
    REGISTRY.iods.get(sop_class).copied()
}
