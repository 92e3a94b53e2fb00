//! PS3.15 Table E.1-1: the Application Level Confidentiality Profile attributes, edition 2026d.

use crate::dicom::Tag;

use super::dictionary::tag_pattern;

/// Edition of the embedded table.
pub const EDITION: &str = "2026d";
/// Rows of the embedded table.
pub const ROWS: usize = 657;

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
    /// Reads a code as the table writes it.
    pub fn parse(text: &str) -> Option<Code> {
        Some(match text {
            "X" => Code::X,
            "Z" => Code::Z,
            "D" => Code::D,
            "U" => Code::U,
            "Z/D" => Code::ZD,
            "X/Z" => Code::XZ,
            "X/D" => Code::XD,
            "X/Z/D" => Code::XZD,
            "X/Z/U*" => Code::XZU,
            _ => return None,
        })
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Bits of the tag that count; all of them but for repeating groups.
    pub mask: u32,
    /// The tag under the mask.
    pub tag: Tag,
    /// The Basic Profile's code.
    pub basic: Code,
}

/// Every row but the one for private elements, `(gggg,eeee) where gggg is odd`, which is a rule of its own.
pub fn rows() -> impl Iterator<Item = Row> {
    DATA.lines().skip(1).filter_map(|line| {
        let mut fields = line.split('\t');
        let (mask, value) = tag_pattern(fields.next()?)?;
        let basic = Code::parse(fields.nth(5)?)?;
        Some(Row {
            mask,
            tag: Tag(value),
            basic,
        })
    })
}
