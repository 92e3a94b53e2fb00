//! The subject table: pseudonyms that a site assigned itself, one row per patient, as CSV.
//!
//! `patient_id,issuer,pseudonym,shift_days`, the second and the last column optional. The file holds identifiers of
//! patients: it is refused when everyone can read it, and no message repeats what stands in it.

mod row;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use row::{Columns, Row};

use super::id::canonical;
use crate::dicom::charset::Charset;
use crate::error::Error;

/// Largest table that is read, in bytes.
const LARGEST: u64 = 256 << 20;
/// What the first line has to be.
const HEADER: &str = "the first line is `patient_id,issuer,pseudonym,shift_days`";
/// After so many problems the rest of the table is not looked at.
const MOST_PROBLEMS: usize = 100;

/// What a site assigned to its patients.
#[derive(Default)]
pub struct Subjects {
    /// By canonical Patient ID and canonical issuer, the latter empty where the row names none.
    patients: BTreeMap<(String, String), Subject>,
    /// Every pseudonym, with the line on which it first stands and the shift that it has there.
    pseudonyms: BTreeMap<String, (u64, Option<i32>)>,
}

/// What a row of the table assigns.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// The pseudonym: 1 to 64 printable ASCII characters.
    pub pseudonym: String,
    /// Days by which the subject's dates move, where the table says so.
    pub shift_days: Option<i32>,
}

/// What is wrong with a table. No cell is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableProblem {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SubjectsError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] Error),
    /// What stands in it cannot, for every reason that was found.
    #[error("the subject table has {} problems", .0.len())]
    Table(Vec<TableProblem>),
}

impl Subjects {
    /// Reads a table from a file of at most 256 MiB, which others than its owner and group must not be able to read
    /// or write.
    pub fn read(path: &Path) -> Result<Subjects, SubjectsError> {
        let failed = |source| Error::Io {
            doing: "read the subject table",
            path: path.to_path_buf(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        // The mode of what was opened, not of what the name means a moment later.
        let mode = file.metadata().map_err(failed)?.mode() & 0o7777;
        if mode & 0o007 != 0 {
            return Err(SubjectsError::File(Error::SubjectsExposed {
                path: path.to_path_buf(),
                mode,
            }));
        }
        let mut bytes = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > LARGEST {
            return Err(SubjectsError::File(Error::SubjectsTooLarge {
                path: path.to_path_buf(),
            }));
        }
        Subjects::parse(&bytes).map_err(SubjectsError::Table)
    }

    /// Reads a table, with or without a byte order mark, and collects what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Subjects, Vec<TableProblem>> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        let mut record = ByteRecord::new();
        // Reading from memory cannot fail, and byte records need no particular text.
        if !reader.read_byte_record(&mut record).unwrap_or_default() {
            return Err(vec![TableProblem::new(1, "the table is empty", HEADER)]);
        }
        let columns = Columns::read(&record)?;
        let mut table = Subjects::default();
        let mut problems = Vec::new();
        while problems.len() < MOST_PROBLEMS
            && reader.read_byte_record(&mut record).unwrap_or_default()
        {
            let line = record.position().map_or(0, csv::Position::line);
            match columns.row(&record, line) {
                Ok(row) => table.add(row, line, &mut problems),
                Err(found) => problems.extend(found),
            }
        }
        table.check_against_ids(&mut problems);
        if problems.is_empty() {
            return Ok(table);
        }
        problems.sort_by_key(|problem| problem.line);
        Err(problems)
    }

    /// The subject of a patient, in any spelling of the identifiers. A row without an issuer is for every issuer that
    /// has no row of its own.
    pub fn find(&self, id: &[u8], issuer: &[u8], charset: Charset) -> Option<&Subject> {
        let mut patient = (canonical(id, charset), canonical(issuer, charset));
        self.patients.get(&patient).or_else(|| {
            patient.1.clear();
            self.patients.get(&patient)
        })
    }

    /// Every pseudonym once, in order.
    pub fn pseudonyms(&self) -> impl Iterator<Item = &str> {
        self.pseudonyms.keys().map(String::as_str)
    }

    /// How many patients have a row.
    pub fn len(&self) -> usize {
        self.patients.len()
    }

    /// Whether the table has no row.
    pub fn is_empty(&self) -> bool {
        self.patients.is_empty()
    }

    fn add(&mut self, row: Row, line: u64, problems: &mut Vec<TableProblem>) {
        let Row { patient, subject } = row;
        let name = subject.pseudonym.clone();
        let (first, days) = *self
            .pseudonyms
            .entry(name)
            .or_insert((line, subject.shift_days));
        if days != subject.shift_days {
            problems.push(TableProblem::new(
                line,
                format!("the pseudonym of line {first} with another `shift_days`"),
                "all dates of a subject move together: give its rows the same number of days",
            ));
        }
        if let Some(known) = self.patients.get(&patient) {
            if known.pseudonym != subject.pseudonym {
                problems.push(TableProblem::new(
                    line,
                    "a patient who has another pseudonym further up",
                    "keep one row for each patient; case and spaces do not tell IDs apart",
                ));
            }
            return;
        }
        self.patients.insert(patient, subject);
    }

    /// A pseudonym that is somebody's ID would tell it, or name the wrong patient.
    fn check_against_ids(&self, problems: &mut Vec<TableProblem>) {
        for (pseudonym, (line, _)) in &self.pseudonyms {
            let id = canonical(pseudonym.as_bytes(), utf_8());
            let first = (id, String::new());
            let next = self.patients.range(&first..).next();
            if next.is_some_and(|((other, _), _)| *other == first.0) {
                problems.push(TableProblem::new(
                    *line,
                    "a pseudonym that is a patient ID of this table",
                    "choose pseudonyms that say nothing about the patient",
                ));
            }
        }
    }
}

impl fmt::Debug for Subjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subjects(<withheld>)")
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(<withheld>)")
    }
}

impl TableProblem {
    pub(super) fn new(line: u64, message: impl Into<String>, help: &str) -> TableProblem {
        TableProblem {
            line,
            message: message.into(),
            help: Some(help.to_owned()),
        }
    }
}

fn utf_8() -> Charset {
    Charset::from_value(b"ISO_IR 192")
}

#[cfg(test)]
mod tests;
