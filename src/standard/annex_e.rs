//! PS3.15 Table E.1-1: the Application Level Confidentiality Profile attributes, edition 2026d.

use std::fmt;

use crate::dicom::Tag;

use super::dictionary::tag_pattern;
use super::methods::{OptionSet, ProfileOption};

/// Edition of the embedded table.
pub const EDITION: &str = "2026d";
/// Rows of the embedded table, the one for private elements included.
pub const ROWS: usize = 657;
/// Option columns of the embedded table.
pub const COLUMNS: usize = ProfileOption::TABLE.len();

/// How the table writes the tag of private elements: `(gggg,eeee) where gggg is odd`.
const PRIVATE: &str = "gggg(odd)eeee";
/// The bit that makes a group odd.
const ODD_GROUP: u32 = 0x0001_0000;

static DATA: &str = include_str!("data/ps3.15-e1-1.tsv");

/// A code of the Basic Profile column. The slashed ones depend on the attribute's Type in its IOD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// Remove.
    X,
    /// Replace by a zero-length value, or a dummy.
    Z,
    /// Replace by a dummy value.
    D,
    /// Replace a UID consistently.
    U,
    /// Z unless D is required.
    ZD,
    /// X unless Z is required.
    XZ,
    /// X unless D is required.
    XD,
    /// X unless Z or D is required.
    XZD,
    /// X unless Z, or replacement of contained instance UIDs, is required.
    XZU,
}

impl Code {
    /// Every code.
    pub const ALL: &[Code] = &[
        Code::X,
        Code::Z,
        Code::D,
        Code::U,
        Code::ZD,
        Code::XZ,
        Code::XD,
        Code::XZD,
        Code::XZU,
    ];

    /// Reads a code as the table writes it.
    pub fn parse(text: &str) -> Option<Code> {
        Self::ALL.iter().copied().find(|code| code.text() == text)
    }

    /// The code as the table writes it.
    pub const fn text(self) -> &'static str {
        match self {
            Code::X => "X",
            Code::Z => "Z",
            Code::D => "D",
            Code::U => "U",
            Code::ZD => "Z/D",
            Code::XZ => "X/Z",
            Code::XD => "X/D",
            Code::XZD => "X/Z/D",
            Code::XZU => "X/Z/U*",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// A code of an option's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OptionCode {
    /// K: keep; in a sequence, go on with the items.
    Keep,
    /// C: clean, that is replace by values of similar meaning that do not identify.
    Clean,
}

impl OptionCode {
    /// Reads a code as the table writes it; an option that says nothing has none.
    pub fn parse(text: &str) -> Option<OptionCode> {
        match text {
            "K" => Some(OptionCode::Keep),
            "C" => Some(OptionCode::Clean),
            _ => None,
        }
    }

    /// The code as the table writes it.
    pub const fn text(self) -> &'static str {
        match self {
            OptionCode::Keep => "K",
            OptionCode::Clean => "C",
        }
    }
}

impl fmt::Display for OptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// What the table asks for under a set of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// No option that is on speaks: the Basic Profile's code.
    Basic(Code),
    /// Keep; in a sequence, go on with the items.
    Keep,
    /// Clean.
    Clean,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Bits of the tag that count; all of them but for repeating groups and private elements.
    pub mask: u32,
    /// The tag under the mask.
    pub tag: Tag,
    /// The attribute's name, such as `Patient's Name`.
    pub name: &'static str,
    /// The attribute's keyword; empty where the standard gives none.
    pub keyword: &'static str,
    /// The Basic Profile's code.
    pub basic: Code,
    /// The options' codes, in the order of [`ProfileOption::TABLE`].
    pub options: [Option<OptionCode>; COLUMNS],
}

impl Row {
    /// Whether the row is about this attribute.
    pub const fn matches(&self, tag: Tag) -> bool {
        tag.0 & self.mask == self.tag.0
    }

    /// What an option says; `None` also for the two options without a column.
    pub fn option(&self, option: ProfileOption) -> Option<OptionCode> {
        self.options.get(option as usize).copied().flatten()
    }

    /// What is to be done under a set of options. An option overrides the Basic Profile; where several that are on
    /// speak, the stricter wins.
    pub fn decide(&self, on: OptionSet) -> Decision {
        match on.iter().filter_map(|option| self.option(option)).max() {
            None => Decision::Basic(self.basic),
            Some(OptionCode::Keep) => Decision::Keep,
            Some(OptionCode::Clean) => Decision::Clean,
        }
    }
}

/// Every row but the one for private elements, which is a rule of its own: see [`private_row`].
pub fn rows() -> impl Iterator<Item = Row> {
    DATA.lines().skip(1).filter_map(|line| {
        let (pattern, rest) = line.split_once('\t')?;
        let (mask, tag) = tag_pattern(pattern)?;
        read(mask, Tag(tag), rest)
    })
}

/// The row for private elements: any attribute of an odd group.
pub fn private_row() -> Option<Row> {
    DATA.lines().find_map(|line| {
        let rest = line.strip_prefix(PRIVATE)?.strip_prefix('\t')?;
        read(ODD_GROUP, Tag(ODD_GROUP), rest)
    })
}

/// Reads a row from the name on.
fn read(mask: u32, tag: Tag, rest: &'static str) -> Option<Row> {
    let mut fields = rest.split('\t');
    let name = fields.next()?;
    let keyword = fields.next()?;
    // VR, whether retired, and whether in a standard composite IOD stand between.
    let basic = Code::parse(fields.nth(3)?)?;
    let mut options = [None; COLUMNS];
    for option in &mut options {
        *option = OptionCode::parse(fields.next()?);
    }
    Some(Row {
        mask,
        tag,
        name,
        keyword,
        basic,
        options,
    })
}
