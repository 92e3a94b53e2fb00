//! The columns of a subject table, and what its cells may be.

use csv::ByteRecord;

use super::{HEADER, Subject, TableProblem, utf_8};
use crate::pseudonym::folder::is_device;
use crate::pseudonym::id::canonical;

/// Longest pseudonym: what an LO value holds.
const LONGEST: usize = 64;

/// Shortest Patient ID that is recognised inside a pseudonym, in characters; shorter ones occur by chance.
const TELLING: usize = 4;

/// Farthest that dates move, in days either way, like a profile's `shift_days`.
const MOST_DAYS: i32 = 36_500;

/// Where each column stands.
pub(super) struct Columns {
    patient_id: usize,
    issuer: Option<usize>,
    pseudonym: usize,
    shift_days: Option<usize>,
    count: usize,
}

/// A row whose cells are all as they should be.
pub(super) struct Row {
    /// Canonical Patient ID and issuer.
    pub(super) patient: (String, String),
    pub(super) subject: Subject,
}

impl Columns {
    /// Reads the first line. It may be a patient's where the header was left out, so nothing of it is repeated.
    pub(super) fn read(header: &ByteRecord) -> Result<Columns, Vec<TableProblem>> {
        let wrong = |message: String, help: &str| TableProblem::new(1, message, help);
        if header.len() == 1 {
            let line = header.get(0).unwrap_or_default();
            if line.starts_with(&[0xFF, 0xFE]) || line.starts_with(&[0xFE, 0xFF]) {
                let help = "save it as CSV in UTF-8";
                return Err(vec![wrong("the table is in UTF-16".to_owned(), help)]);
            }
            if line.iter().any(|b| matches!(b, b';' | b'\t')) {
                let help = "save it with commas between the columns";
                return Err(vec![wrong(
                    "columns that no comma separates".to_owned(),
                    help,
                )]);
            }
        }
        let mut problems = Vec::new();
        let mut find = |name: &str| {
            let mut named = header
                .iter()
                .enumerate()
                .filter(|(_, cell)| cell.trim_ascii() == name.as_bytes());
            let first = named.next();
            if named.next().is_some() {
                problems.push(wrong(format!("two columns `{name}`"), HEADER));
            }
            first.map(|(at, _)| at)
        };
        let [patient_id, issuer, pseudonym, shift_days] =
            ["patient_id", "issuer", "pseudonym", "shift_days"].map(&mut find);
        let known = [patient_id, issuer, pseudonym, shift_days];
        for (at, cell) in header.iter().enumerate() {
            let is_twice = known
                .into_iter()
                .flatten()
                .any(|known| header.get(known).map(<[u8]>::trim_ascii) == Some(cell.trim_ascii()));
            if !is_twice {
                problems.push(wrong(
                    format!("column {} has an unknown name", at + 1),
                    HEADER,
                ));
            }
        }
        for (column, name) in [(patient_id, "patient_id"), (pseudonym, "pseudonym")] {
            if column.is_none() {
                problems.push(wrong(format!("no column `{name}`"), HEADER));
            }
        }
        match (patient_id, pseudonym) {
            (Some(patient_id), Some(pseudonym)) if problems.is_empty() => Ok(Columns {
                patient_id,
                issuer,
                pseudonym,
                shift_days,
                count: header.len(),
            }),
            _ => Err(problems),
        }
    }

    /// Reads a row, or tells everything that is wrong with it.
    pub(super) fn row(&self, record: &ByteRecord, line: u64) -> Result<Row, Vec<TableProblem>> {
        let wrong = |message: &str, help: &str| TableProblem::new(line, message, help);
        if record.len() != self.count {
            let help = "write every comma, and quote cells that hold one";
            return Err(vec![wrong("not as many columns as the header has", help)]);
        }
        let Ok(cells) = record
            .iter()
            .map(std::str::from_utf8)
            .collect::<Result<Vec<_>, _>>()
        else {
            return Err(vec![wrong(
                "text that is not UTF-8",
                "save it as CSV in UTF-8",
            )]);
        };
        // A quote that is never closed would swallow the rows that follow.
        if cells.iter().any(|cell| cell.contains(char::is_control)) {
            let help = "look for a quote that is not closed, and for line breaks in cells";
            return Err(vec![wrong("a control character in a cell", help)]);
        }
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let optional = |at: Option<usize>| at.map_or("", cell);
        let patient = [cell(self.patient_id), optional(self.issuer)]
            .map(|cell| canonical(cell.as_bytes(), utf_8()));
        let [id, issuer] = patient;
        let mut problems = Vec::new();
        if id.is_empty() {
            problems.push(wrong(
                "an empty `patient_id`",
                "name a patient, or delete the row",
            ));
        }
        let pseudonym = cell(self.pseudonym);
        if pseudonym.is_empty() {
            problems.push(wrong(
                "an empty `pseudonym`",
                "assign one, or delete the row",
            ));
        } else if !is_pseudonym(pseudonym) {
            problems.push(wrong(
                "a `pseudonym` that no attribute can hold",
                "use up to 64 characters of printable ASCII, without backslash",
            ));
        }
        if let Some((message, help)) = no_folder(pseudonym) {
            problems.push(wrong(message, help));
        }
        let hidden = canonical(pseudonym.as_bytes(), utf_8());
        if id.chars().count() >= TELLING && hidden.contains(&id) {
            problems.push(wrong(
                "a `pseudonym` that holds its `patient_id`",
                "a pseudonym must not tell the ID: assign another",
            ));
        }
        let days = optional(self.shift_days);
        let shift_days = Some(days).filter(|days| !days.is_empty());
        let shift_days = shift_days.map(str::parse::<i32>);
        match shift_days {
            Some(Err(_)) => problems.push(wrong(
                "`shift_days` is not a number of days",
                "write a whole number such as `-120`, or nothing",
            )),
            Some(Ok(0)) => problems.push(wrong(
                "`shift_days` of 0 would keep the patient's dates",
                "write another number, or nothing for a shift by the key",
            )),
            Some(Ok(days)) if !(-MOST_DAYS..=MOST_DAYS).contains(&days) => problems.push(wrong(
                "`shift_days` of more than 36500 days",
                "write a number from -36500 to 36500, or nothing for a shift by the key",
            )),
            _ => {}
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Row {
            patient: (id, issuer),
            subject: Subject {
                pseudonym: pseudonym.to_owned(),
                shift_days: shift_days.and_then(Result::ok),
            },
        })
    }
}

fn is_pseudonym(text: &str) -> bool {
    text.len() <= LONGEST && text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'\\')
}

/// Why a pseudonym cannot name a folder, and what to do.
fn no_folder(pseudonym: &str) -> Option<(&'static str, &'static str)> {
    if pseudonym.starts_with('.') {
        Some((
            "a `pseudonym` that begins with a dot",
            "pseudonyms name folders: begin with a letter or a digit",
        ))
    } else if pseudonym.contains('/') {
        Some((
            "a `pseudonym` with a slash",
            "pseudonyms name folders: use another character, such as `-` or `_`",
        ))
    } else if is_device(pseudonym) {
        Some((
            "a `pseudonym` that Windows keeps for a device",
            "pseudonyms name folders: assign another",
        ))
    } else {
        None
    }
}
