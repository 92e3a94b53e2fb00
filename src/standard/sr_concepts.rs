//! PS3.15 Table E.3.4-1: concepts of structured content that identify, and what the options do to them.
//!
//! A concept is known by its code and coding scheme; the table speaks of it for one Value Type of the content item
//! (PS3.3 section C.17.3.2) or several. Schemes and codes are compared without spaces at the ends.

use std::sync::LazyLock;

use super::annex_e::OptionCode;
use super::coding_schemes;
use super::methods::{OptionSet, ProfileOption};

/// Rows of the embedded table.
pub const ROWS: usize = 214;

/// The options that have a column, in the order of the columns.
pub const COLUMNS: [ProfileOption; 7] = [
    ProfileOption::RetainUids,
    ProfileOption::RetainDeviceIdentity,
    ProfileOption::RetainInstitutionIdentity,
    ProfileOption::RetainPatientCharacteristics,
    ProfileOption::RetainFullDates,
    ProfileOption::RetainModifiedDates,
    ProfileOption::CleanDescriptors,
];

static DATA: &str = include_str!("data/ps3.15-e3.4-1.tsv");

/// Designators that SNOMED codes of letter and number have had, in this order.
const RETIRED_SNOMED: &[&str] = &["SRT", "SNM3", "99SDM"];

/// PS3.16 Annex O: the retired code of each SNOMED CT concept in the table.
const RETIRED_CODES: &[(&str, &str)] = &[
    ("DD-60002", "116224001"),
    ("DF-0068E", "398325003"),
    ("DF-0070B", "398164008"),
    ("F-00033", "271921002"),
    ("F-02455", "160476009"),
    ("G-C0E3", "363698007"),
    ("G-D320", "397898000"),
    ("G-D321", "398201009"),
    ("PA-30029", "440252007"),
    ("R-42B89", "371524004"),
];

/// Subject Age, Subject Sex and Subject Birth Date of the table.
const AGE: &str = "121033";
const SEX: &str = "121032";
const BIRTH_DATE: &str = "121031";

/// Other schemes' words for what the table lists under a code of DCM: scheme, code, code of DCM.
const SYNONYMS: &[(&str, &str, &str)] = &[
    ("LN", "21611-9", AGE),
    ("LN", "21612-7", AGE),
    ("LN", "29553-5", AGE),
    ("LN", "30525-0", AGE),
    ("LN", "63900-5", AGE),
    ("SCT", "397669002", AGE),
    ("SCT", "424144002", AGE),
    ("LN", "21840-4", SEX),
    ("LN", "46098-0", SEX),
    ("LN", "76689-9", SEX),
    ("SCT", "184100006", SEX),
    ("SCT", "248152002", SEX),
    ("SCT", "248153007", SEX),
    ("SCT", "263495000", SEX),
    ("LN", "21112-8", BIRTH_DATE),
    ("SCT", "184099003", BIRTH_DATE),
    // Retired and of uncertain use: one item too many costs little.
    ("SRT", "G-D709", AGE),
    ("SRT", "G-0225", SEX),
];

/// A code of fewer characters tells nothing without its scheme.
const SHORTEST_TELLING: usize = 5;

/// A code of the Basic Profile column, the stricter the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SrCode {
    /// Replace the value by a dummy.
    D,
    /// Remove the content item unless its template requires it, then D.
    XD,
    /// Remove the content item.
    X,
}

impl SrCode {
    /// Reads a code as the table writes it.
    pub fn parse(text: &str) -> Option<SrCode> {
        match text {
            "D" => Some(SrCode::D),
            "X/D" => Some(SrCode::XD),
            "X" => Some(SrCode::X),
            _ => None,
        }
    }

    /// The code as the table writes it.
    pub const fn text(self) -> &'static str {
        match self {
            SrCode::D => "D",
            SrCode::XD => "X/D",
            SrCode::X => "X",
        }
    }
}

/// What the table asks for under a set of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SrDecision {
    /// Remove the content item.
    Remove,
    /// Replace the value by a dummy.
    Replace,
    /// Remove the content item unless its template requires it, then replace the value.
    RemoveOrReplace,
    /// Keep the content item.
    Keep,
    /// Keep the content item with a value that does not identify.
    Clean,
}

impl From<SrCode> for SrDecision {
    fn from(code: SrCode) -> Self {
        match code {
            SrCode::D => SrDecision::Replace,
            SrCode::XD => SrDecision::RemoveOrReplace,
            SrCode::X => SrDecision::Remove,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct SrConcept {
    /// Code Value.
    pub code: &'static str,
    /// Coding Scheme Designator.
    pub scheme: &'static str,
    /// Code Meaning.
    pub meaning: &'static str,
    /// The Value Type (0040,A040) that the row is about, such as `TEXT`.
    pub value_type: &'static str,
    /// The Basic Profile's code.
    pub basic: SrCode,
    /// The options' codes, in the order of [`COLUMNS`].
    pub options: [Option<OptionCode>; COLUMNS.len()],
}

impl SrConcept {
    /// What an option says; `None` also for an option without a column.
    pub fn option(&self, option: ProfileOption) -> Option<OptionCode> {
        let column = COLUMNS.iter().position(|column| *column == option)?;
        self.options.get(column).copied().flatten()
    }

    /// What is to be done under a set of options. An option overrides the Basic Profile; where several that are on
    /// speak, the stricter wins.
    pub fn decide(&self, on: OptionSet) -> SrDecision {
        match on.iter().filter_map(|option| self.option(option)).max() {
            None => self.basic.into(),
            Some(OptionCode::Keep) => SrDecision::Keep,
            Some(OptionCode::Clean) => SrDecision::Clean,
        }
    }

    fn key(&self) -> (&'static str, &'static str) {
        (self.scheme, self.code)
    }
}

/// The rows by scheme and code; those of one code in the table's order.
static TABLE: LazyLock<Vec<SrConcept>> = LazyLock::new(|| {
    let mut rows: Vec<SrConcept> = DATA.lines().skip(1).filter_map(read).collect();
    rows.sort_by_key(SrConcept::key);
    rows
});

fn read(line: &'static str) -> Option<SrConcept> {
    let mut fields = line.split('\t');
    let code = fields.next()?;
    let scheme = fields.next()?;
    let meaning = fields.next()?;
    let value_type = fields.next()?;
    // Whether the concept is retired stands between.
    let basic = SrCode::parse(fields.nth(1)?)?;
    let mut options = [None; COLUMNS.len()];
    for option in &mut options {
        *option = OptionCode::parse(fields.next()?);
    }
    Some(SrConcept {
        code,
        scheme,
        meaning,
        value_type,
        basic,
        options,
    })
}

/// Every row, by scheme and code.
pub fn rows() -> &'static [SrConcept] {
    &TABLE
}

/// The rows of a concept, one for each Value Type that the table names; empty when it does not list the concept.
/// SNOMED CT concepts are found under retired designators and under their retired codes too.
pub fn find_all(scheme: &str, code: &str) -> &'static [SrConcept] {
    let (scheme, code) = (scheme.trim(), code.trim());
    if !RETIRED_SNOMED.contains(&scheme) {
        return exactly(scheme, code);
    }
    let renamed = RETIRED_CODES.iter().find(|(retired, _)| *retired == code);
    exactly("SCT", renamed.map_or(code, |(_, current)| current))
}

fn exactly(scheme: &str, code: &str) -> &'static [SrConcept] {
    let table = &*TABLE;
    let start = table.partition_point(|row| row.key() < (scheme, code));
    let end = table.partition_point(|row| row.key() <= (scheme, code));
    table.get(start..end).unwrap_or_default()
}

/// The first row of a concept, whatever its Value Type.
pub fn find(scheme: &str, code: &str) -> Option<&'static SrConcept> {
    find_all(scheme, code).first()
}

fn of_type(rows: &'static [SrConcept], value_type: &str) -> Option<&'static SrConcept> {
    rows.iter().find(|row| row.value_type == value_type.trim())
}

/// The table's rows that another scheme's code for age, sex or birth date stands for; the table itself does not list
/// these codes. Empty for all other codes.
pub fn stands_for(scheme: &str, code: &str) -> &'static [SrConcept] {
    let (scheme, code) = (scheme.trim(), code.trim());
    let scheme = if RETIRED_SNOMED.contains(&scheme) {
        "SRT"
    } else {
        scheme
    };
    SYNONYMS
        .iter()
        .find(|(other, synonym, _)| (*other, *synonym) == (scheme, code))
        .map_or(&[], |(_, _, listed)| exactly("DCM", listed))
}

/// What is to be done with a content item of this concept and Value Type; `None` when nothing here knows the concept.
///
/// An option speaks for the Value Type of its row only. A listed concept that comes with another one, such as a sex
/// as free text, is treated as the Basic Profile treats the concept, at its strictest. So is a code under a designator
/// that the standard does not know, be it missing, misspelt or local, when the code is one of those here.
pub fn decide(scheme: &str, code: &str, value_type: &str, on: OptionSet) -> Option<SrDecision> {
    let listed = find_all(scheme, code);
    let known = if listed.is_empty() {
        stands_for(scheme, code)
    } else {
        listed
    };
    if let Some(row) = of_type(known, value_type) {
        return Some(row.decide(on));
    }
    let strictest = known.iter().map(|row| row.basic).max();
    let strictest = strictest.or_else(|| under_any_scheme(scheme.trim(), code.trim()));
    strictest.map(SrDecision::from)
}

/// The strictest code of the Basic Profile for a code whose designator is not the standard's. Short codes are left
/// out: `52` says nothing without its scheme.
fn under_any_scheme(scheme: &str, code: &str) -> Option<SrCode> {
    if coding_schemes::is_standard(scheme) || code.len() < SHORTEST_TELLING {
        return None;
    }
    let listed = TABLE.iter().filter(|row| row.code == code);
    let renamed = RETIRED_CODES
        .iter()
        .filter(|(retired, _)| *retired == code)
        .flat_map(|(_, current)| exactly("SCT", current));
    let synonyms = SYNONYMS
        .iter()
        .filter(|(_, synonym, _)| *synonym == code)
        .flat_map(|(_, _, listed)| exactly("DCM", listed));
    let all = listed.chain(renamed).chain(synonyms);
    all.map(|row| row.basic).max()
}
