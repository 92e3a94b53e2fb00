//! PS3.15 Table E.3.10-1: private elements that are known to hold nothing that identifies.
//!
//! A private element is known by its group, its creator and the last two digits of its number; the block that a file
//! reserves for the creator (PS3.5 section 7.8.1) says nothing.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::dicom::Vr;

/// Rows of the embedded table.
pub const ROWS: usize = 479;

static DATA: &str = include_str!("data/ps3.15-e3.10-1.tsv");

/// One row of the table.
#[derive(Clone, Debug)]
pub struct SafePrivate {
    /// The private creator as the table writes it.
    pub creator: &'static str,
    /// The group number, odd.
    pub group: u16,
    /// The last two digits of the element number.
    pub element: u8,
    /// The VR; the first one where the table allows several, and UN where it gives none.
    pub vr: Vr,
    /// What the element holds, in the table's words.
    pub meaning: &'static str,
    folded: Cow<'static, str>,
}

/// The rows, in the order of what [`find`] looks for.
static TABLE: LazyLock<Vec<SafePrivate>> = LazyLock::new(|| {
    let mut rows: Vec<SafePrivate> = DATA.lines().skip(1).filter_map(read).collect();
    rows.sort_by(|a, b| a.key().cmp(&b.key()));
    rows
});

impl SafePrivate {
    fn key(&self) -> (u16, u8, &str) {
        (self.group, self.element, &self.folded)
    }
}

fn read(line: &'static str) -> Option<SafePrivate> {
    let mut fields = line.split('\t');
    let group = u16::from_str_radix(fields.next()?, 16).ok()?;
    let element = u8::from_str_radix(fields.next()?.strip_prefix("xx")?, 16).ok()?;
    let creator = fields.next()?;
    let vr = fields.next()?.split('/').next()?;
    let meaning = fields.nth(1)?;
    let vr = <[u8; 2]>::try_from(vr.as_bytes())
        .ok()
        .and_then(Vr::from_bytes);
    Some(SafePrivate {
        creator,
        group,
        element,
        vr: vr.unwrap_or(Vr::UN),
        meaning,
        folded: fold(creator),
    })
}

/// The row of a private element: its creator as [`fold`] gives it, its group, the last two digits of its number.
pub fn find(creator_folded: &str, group: u16, element: u8) -> Option<&'static SafePrivate> {
    let table = &*TABLE;
    let wanted = (group, element, creator_folded);
    let index = table.binary_search_by(|row| row.key().cmp(&wanted)).ok()?;
    table.get(index)
}

/// Every row, by group, element and creator.
pub fn rows() -> &'static [SafePrivate] {
    &TABLE
}

/// The form in which creators are compared: without spaces at the ends, inner runs of spaces as one, ASCII letters in
/// upper case. Borrows what has this form already.
pub fn fold(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(' ');
    if !trimmed.contains("  ") && !trimmed.bytes().any(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(trimmed);
    }
    let mut folded = String::with_capacity(trimmed.len());
    for word in trimmed.split(' ').filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().map(|c| c.to_ascii_uppercase()));
    }
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_hides_case_and_spaces_and_nothing_else() {
        for (text, folded) in [
            ("", ""),
            ("   ", ""),
            ("GEMS_PARM_01", "GEMS_PARM_01"),
            ("  gems_parm_01 ", "GEMS_PARM_01"),
            ("Philips  Imaging   DD 001 ", "PHILIPS IMAGING DD 001"),
            ("HOLOGIC, Inc.", "HOLOGIC, INC."),
            ("SIEMENS MR\tHEADER", "SIEMENS MR\tHEADER"),
            ("Größe", "GRößE"),
        ] {
            assert_eq!(fold(text), folded);
            assert_eq!(fold(&fold(text)), folded);
        }
        assert!(matches!(fold(" GEMS_PARM_01 "), Cow::Borrowed(_)));
    }
}
