//! Attribute Types per IOD (PS3.3), for the attributes that de-identification may remove or empty.
//!
//! Where several modules of an IOD define an attribute, the strictest Type holds. 1C and 2C count as 1 and 2: the
//! question is only asked of attributes that are present. A conditional or optional module counts when one of its
//! Type 1 attributes is present in the instance.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::dicom::Tag;

static IOD_MODULES: &str = include_str!("data/ps3.3-iod-modules.tsv");
static TYPES: &str = include_str!("data/ps3.3-types.tsv");
static BINARY: &str = include_str!("data/ps3.3-binary.tsv");
static MARKERS: &str = include_str!("data/ps3.3-module-markers.tsv");

static TYPE_1: &str = include_str!("data/ps3.3-type-1.tsv");

/// How much an IOD insists on an attribute (PS3.5 section 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Type 3, or no part of the IOD: may be absent.
    Three,
    /// Type 2 or 2C: may be empty.
    Two,
    /// Type 1 or 1C: must have a value.
    One,
}

/// A place in the nesting of sequences, as one number: equal paths give equal keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    key: u64,
    last: Tag,
}

/// Content Sequence, which nests in itself without end.
const CONTENT_SEQUENCE: Tag = Tag(0x0040_A730);

impl Path {
    /// The top level.
    pub const TOP: Path = Path {
        key: 0x9E37_79B9_7F4A_7C15,
        last: Tag(0),
    };

    /// The path of what is in the items of this sequence.
    #[must_use]
    pub const fn inside(self, sequence: Tag) -> Path {
        // PS3.3 states the Types of content items once, for every level of the tree.
        if self.last.0 == CONTENT_SEQUENCE.0 && sequence.0 == CONTENT_SEQUENCE.0 {
            return self;
        }
        let mixed = (self.key ^ sequence.0 as u64).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
        Path {
            key: mixed ^ (mixed >> 32),
            last: sequence,
        }
    }
}

/// Types of one IOD.
#[derive(Debug, Default)]
pub struct IodTypes {
    mandatory: FxHashMap<(Path, Tag), Type>,
    optional: FxHashMap<(Path, Tag), Vec<(Type, &'static str)>>,
    /// Attributes of opaque bytes that the IOD has.
    binary: FxHashSet<Tag>,
}

struct Data {
    /// The lines of each module, without its name; read when an IOD asks for them.
    modules: FxHashMap<&'static str, Vec<&'static str>>,
    markers: FxHashMap<&'static str, Vec<Tag>>,
    iods: FxHashMap<&'static str, (&'static str, &'static str)>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let mut modules: FxHashMap<&'static str, Vec<&'static str>> = FxHashMap::default();
    for line in TYPES.lines().skip(1) {
        if let Some((module, rest)) = line.split_once('\t') {
            modules.entry(module).or_default().push(rest);
        }
    }
    let markers = MARKERS
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .map(|(module, tags)| (module, tags.split(',').filter_map(hex).collect()))
        .collect();
    let iods = IOD_MODULES
        .lines()
        .skip(1)
        .filter_map(|line| {
            let (iod, rest) = line.split_once('\t')?;
            Some((iod, rest.split_once('\t')?))
        })
        .collect();
    Data {
        modules,
        markers,
        iods,
    }
});

static IODS: LazyLock<FxHashMap<&'static str, OnceLock<IodTypes>>> = LazyLock::new(|| {
    DATA.iods
        .keys()
        .map(|iod| (*iod, OnceLock::new()))
        .collect()
});

/// Path, tag and Type of every attribute that a module places.
fn placed(module: &str) -> impl Iterator<Item = (Path, Tag, Type)> {
    let lines = DATA.modules.get(module).into_iter().flatten();
    lines
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(path, list)| {
            let path = path
                .split('>')
                .filter_map(hex)
                .fold(Path::TOP, Path::inside);
            let types = list.split(',').filter_map(typed);
            types.map(move |(tag, kind)| (path, tag, kind))
        })
}

fn hex(text: &str) -> Option<Tag> {
    u32::from_str_radix(text, 16).ok().map(Tag)
}

fn typed(text: &str) -> Option<(Tag, Type)> {
    let (tag, kind) = text.split_once(':')?;
    let kind = match kind {
        "1" | "1C" => Type::One,
        "2" | "2C" => Type::Two,
        _ => return None,
    };
    Some((hex(tag)?, kind))
}

fn binary(iod: &str) -> impl Iterator<Item = Tag> {
    BINARY.lines().skip(1).filter_map(move |line| {
        let (tag, iods) = line.split_once('\t')?;
        iods.split(',').any(|one| one == iod).then(|| hex(tag))?
    })
}

/// In how many IODs an attribute of the top level must have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mandatory {
    /// IODs in which it is Type 1.
    pub one: u16,
    /// IODs in which it is Type 1C.
    pub conditional: u16,
    /// IODs that have it, whatever its Type; 0 when it is Type 1 or 1C in none.
    pub all: u16,
}

static AT_TOP: LazyLock<FxHashMap<Tag, Mandatory>> = LazyLock::new(|| {
    let row = |line: &str| {
        let mut fields = line.split('\t');
        let tag = hex(fields.next()?)?;
        let mut count = || fields.next()?.parse().ok();
        let mandatory = Mandatory {
            one: count()?,
            conditional: count()?,
            all: count()?,
        };
        Some((tag, mandatory))
    };
    TYPE_1.lines().skip(1).filter_map(row).collect()
});

/// In how many IODs of PS3.3 an attribute must have a value at the top level.
pub fn at_top(tag: Tag) -> Mandatory {
    AT_TOP.get(&tag).copied().unwrap_or_default()
}

/// The Types of an IOD such as `ct-image`; `None` for an IOD that PS3.3 does not define.
pub fn of(iod: &str) -> Option<&'static IodTypes> {
    let slot = IODS.get(iod)?;
    Some(slot.get_or_init(|| {
        let mut types = IodTypes {
            binary: binary(iod).collect(),
            ..IodTypes::default()
        };
        let Some((mandatory, optional)) = DATA.iods.get(iod) else {
            return types;
        };
        for (path, tag, kind) in mandatory.split(',').flat_map(placed) {
            let known = types.mandatory.entry((path, tag)).or_insert(kind);
            *known = (*known).max(kind);
        }
        for module in optional.split(',') {
            for (path, tag, kind) in placed(module) {
                types
                    .optional
                    .entry((path, tag))
                    .or_default()
                    .push((kind, module));
            }
        }
        types
    }))
}

impl IodTypes {
    /// Whether opaque bytes (OB, OW, OF, ...) may stand under this tag. Pixels are no business of this, nor are lookup
    /// tables and ICC profiles, which go with any picture.
    pub fn has_binary(&self, tag: Tag) -> bool {
        let with_any_picture =
            matches!(tag.0, 0x0028_1200..=0x0028_12FF | 0x0028_2000 | 0x0028_3006);
        tag.group() == 0x7FE0 || with_any_picture || self.binary.contains(&tag)
    }

    /// The strictest Type of an attribute that is present, given which top-level attributes are.
    pub fn resolve(&self, path: Path, tag: Tag, present: impl Fn(Tag) -> bool) -> Type {
        let mut kind = self
            .mandatory
            .get(&(path, tag))
            .copied()
            .unwrap_or(Type::Three);
        for (stricter, module) in self.optional.get(&(path, tag)).into_iter().flatten() {
            if *stricter > kind
                && DATA
                    .markers
                    .get(module)
                    .is_some_and(|tags| tags.iter().any(|tag| present(*tag)))
            {
                kind = *stricter;
            }
        }
        kind
    }

    /// The strictest Type over the mandatory modules, and over all modules.
    pub fn both(&self, path: Path, tag: Tag) -> (Type, Type) {
        let mandatory = self
            .mandatory
            .get(&(path, tag))
            .copied()
            .unwrap_or(Type::Three);
        let all = self
            .optional
            .get(&(path, tag))
            .into_iter()
            .flatten()
            .map(|(kind, _)| *kind)
            .fold(mandatory, Type::max);
        (mandatory, all)
    }
}
