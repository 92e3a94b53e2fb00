//! What Table E.1-1 asks for under a set of options, and whether a result is that.

use std::cell::RefCell;
use std::collections::BTreeMap;

use dicom_object::mem::InMemElement;
use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Scratch, Source, Tag, Vr};
use samar::standard::iod_types::{self, Path, Type};
use samar::standard::{dictionary, uids};

use crate::calendar;
use crate::golden::{
    COLUMNS, Given, KEPT_SEQUENCE, Presence, Row, both, bytes_of, fits, goes_with_its_group,
    instance, is_entered, is_entered_as_bytes, is_essential, join, sample, trimmed, wanted,
};
use crate::site;

/// A description with somebody in it, and its harmless words.
pub(crate) const SENTENCE: &str = "CT THORAX dengan kontras Canary Quill 3171234567890001";
pub(crate) const SHORT_SENTENCE: &str = "CT THORAX Quill";
const HARMLESS: [&str; 4] = ["CT", "THORAX", "DENGAN", "KONTRAS"];
const PATIENT_SEX: Tag = Tag(0x0010_0040);
const TIMEZONE_OFFSET: Tag = Tag(0x0008_0201);

/// What the columns ask for: the stricter where several speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asks {
    Basic,
    Keep,
    Clean,
}

pub(crate) fn is_free_text(vr: Vr) -> bool {
    matches!(vr, Vr::LO | Vr::LT | Vr::SH | Vr::ST | Vr::UC | Vr::UT)
}

/// Whether of a text only harmless words are left, and `CT` and `THORAX` in each value.
pub(crate) fn is_cleaned_sentence(text: &str, values: usize) -> bool {
    let upper = text.to_uppercase();
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    words(&upper).iter().all(|word| HARMLESS.contains(&&**word))
        && upper.matches("CT THORAX").count() == values
}

/// Options in force, and what is alike in all that they clean.
pub(crate) struct World {
    on: Vec<usize>,
    deidentifier: Deidentifier,
    /// Days by which the patient's dates move.
    days: RefCell<Option<i64>>,
    /// What stands for each AE title.
    titles: RefCell<BTreeMap<String, String>>,
    scratch: RefCell<Scratch>,
    pub(crate) cells: RefCell<usize>,
    pub(crate) wrong: RefCell<Vec<String>>,
}

impl World {
    /// The world of these columns.
    pub(crate) fn of(on: &[usize]) -> World {
        let names: Vec<&str> = on.iter().map(|column| COLUMNS[*column]).collect();
        World {
            on: on.to_vec(),
            deidentifier: site(&names, ""),
            days: RefCell::default(),
            titles: RefCell::default(),
            scratch: RefCell::default(),
            cells: RefCell::default(),
            wrong: RefCell::default(),
        }
    }

    pub(crate) fn asks(&self, row: &Row) -> Asks {
        let codes = self.on.iter().map(|column| match row.options[*column] {
            "" => Asks::Basic,
            "K" => Asks::Keep,
            "C" => Asks::Clean,
            other => panic!("{other} is no option's code"),
        });
        codes.max().unwrap_or(Asks::Basic)
    }

    fn given(&self, row: &Row, presence: Presence, names_only: bool) -> Vec<u8> {
        match (self.asks(row), row.vr) {
            (Asks::Keep | Asks::Clean, _) if row.tag == TIMEZONE_OFFSET => {
                join(row.vr, presence, b"+0700", b"-0330")
            }
            (Asks::Clean, Vr::SH) if !names_only => {
                let text = SHORT_SENTENCE.as_bytes();
                join(row.vr, presence, text, text)
            }
            (Asks::Clean, vr) if is_free_text(vr) && !names_only => {
                let text = SENTENCE.as_bytes();
                join(row.vr, presence, text, text)
            }
            // A time stamp is some bytes that cannot be read as text.
            (Asks::Keep, Vr::OB) => join(row.vr, presence, &[1, 2, 3, 4, 5, 6], &[7, 8, 9, 10]),
            (Asks::Keep, Vr::CS) if row.tag == PATIENT_SEX => join(row.vr, presence, b"M", b"F"),
            (Asks::Clean, Vr::AE) => join(row.vr, presence, b"QUILLSCU", b"CANARYSCU"),
            (_, vr) => sample(vr, presence),
        }
    }

    /// Cleans an instance with each row's attribute at two levels and judges all.
    pub(crate) fn judge(&self, sop: &str, encoding: Encoding, rows: &[&Row], presence: Presence) {
        self.judge_with(sop, encoding, rows, presence, false);
        let has_names = |row: &&&Row| self.asks(row) == Asks::Clean && is_free_text(row.vr);
        let rows: Vec<&Row> = rows.iter().filter(has_names).copied().collect();
        if !rows.is_empty() && matches!(presence, Presence::One | Presence::Many) {
            self.judge_with(sop, encoding, &rows, presence, true);
        }
    }

    fn judge_with(
        &self,
        sop: &str,
        encoding: Encoding,
        rows: &[&Row],
        presence: Presence,
        names_only: bool,
    ) {
        let types = uids::iod(sop).and_then(iod_types::of).expect("a known IOD");
        let values: Vec<Vec<u8>> = rows
            .iter()
            .map(|row| self.given(row, presence, names_only))
            .collect();
        let given: Vec<Given<'_>> = rows
            .iter()
            .zip(&values)
            .map(|(row, value)| Given {
                row,
                presence,
                value,
            })
            .collect();
        let source = Source::Memory(instance(sop, encoding, &given));
        let complain = |row: &Row, what: String| {
            let asks = self.asks(row);
            self.wrong.borrow_mut().push(format!(
                "{} {} {} {asks:?} {presence:?} names_only={names_only} {sop} explicit={}: {what}",
                row.tag, row.vr, row.code, encoding.explicit
            ));
        };
        let done = samar::run::process(
            &self.deidentifier,
            &source,
            &mut self.scratch.borrow_mut(),
            &samar::dicom::NoRoom,
        );
        let verified = match done {
            Ok(verified) => verified,
            Err(refusal) => {
                *self.cells.borrow_mut() += 2 * rows.len();
                complain(rows[0], format!("refused, {} rows: {refusal}", rows.len()));
                return;
            }
        };
        let object = dicom_object::from_reader(verified.memory()).expect("another reader reads it");
        let present = |tag| presence != Presence::Absent && rows.iter().any(|row| row.tag == tag);
        for (row, value) in rows.iter().zip(&values) {
            for (nested, found) in [false, true].into_iter().zip(both(&object, row)) {
                if is_essential(row) && !nested && presence != Presence::One {
                    continue;
                }
                *self.cells.borrow_mut() += 1;
                if row.tag == Tag(0x0002_0003) && !nested {
                    let uid = &object.meta().media_storage_sop_instance_uid;
                    if (self.asks(row) == Asks::Keep) == uid.starts_with("2.25.") {
                        complain(row, format!("the meta information says {uid}"));
                    }
                    continue;
                }
                let path = if nested {
                    Path::TOP.inside(KEPT_SEQUENCE)
                } else {
                    Path::TOP
                };
                let kind = types.resolve(path, row.tag, present);
                if !self.fits(row, kind, presence, value, found, names_only) {
                    let found = found.map(|e| String::from_utf8_lossy(&bytes_of(e)).into_owned());
                    complain(row, format!("nested={nested} found {found:?}"));
                }
            }
        }
    }

    fn fits(
        &self,
        row: &Row,
        kind: Type,
        presence: Presence,
        given: &[u8],
        found: Option<&InMemElement>,
        names_only: bool,
    ) -> bool {
        let basic = || fits(found, wanted(row, kind), presence, given);
        let asks = self.asks(row);
        if asks == Asks::Basic || goes_with_its_group(row.tag) || row.tag.is_private() {
            return basic();
        }
        let Some(element) = found else {
            // What cannot be kept or cleaned goes as the Basic Profile says.
            return presence == Presence::Absent
                || self.may_fall_back(row, presence, names_only) && basic();
        };
        if presence == Presence::Absent {
            return false;
        }
        if let Some(items) = element.items() {
            let count = match presence {
                Presence::Many => 2,
                Presence::One => 1,
                _ => 0,
            };
            return row.vr == Vr::SQ && items.len() == count && is_entered(items);
        }
        let value = bytes_of(element);
        if row.vr == Vr::SQ && presence != Presence::Empty {
            return is_entered_as_bytes(&value);
        }
        if presence == Presence::Empty {
            return value.is_empty() || asks == Asks::Clean && basic();
        }
        let now = String::from_utf8_lossy(trimmed(&value)).into_owned();
        let then = String::from_utf8_lossy(trimmed(given)).into_owned();
        let is = match asks {
            Asks::Keep => trimmed(&value) == trimmed(given),
            _ => self.is_clean(row, &then, &now, names_only),
        };
        is || self.may_fall_back(row, presence, names_only) && basic()
    }

    /// Whether nothing better than the Basic Profile's action could be done.
    fn may_fall_back(&self, row: &Row, presence: Presence, names_only: bool) -> bool {
        let one_only = dictionary::by_tag(row.tag).is_some_and(|entry| entry.max_values == 1);
        let too_many = presence == Presence::Many
            && one_only
            && (matches!(row.vr, Vr::CS | Vr::DS | Vr::IS | Vr::US) || row.tag == TIMEZONE_OFFSET);
        let opaque = matches!(row.vr, Vr::OB | Vr::OW | Vr::UN | Vr::CS);
        too_many || self.asks(row) == Asks::Clean && (names_only || opaque)
    }

    fn is_clean(&self, row: &Row, then: &str, now: &str, names_only: bool) -> bool {
        let pairs = || then.split('\\').zip(now.split('\\'));
        let as_many = then.split('\\').count() == now.split('\\').count();
        match row.vr {
            Vr::TM => now == then,
            Vr::DA | Vr::DT => as_many && pairs().all(|(then, now)| self.is_moved(then, now)),
            Vr::AE => as_many && pairs().all(|(then, now)| self.is_title(then, now)),
            _ if row.tag == TIMEZONE_OFFSET => now == then,
            vr if is_free_text(vr) && !names_only => {
                is_cleaned_sentence(now, then.matches("THORAX").count())
            }
            _ => false,
        }
    }

    /// Whether a date was moved by the patient's days, which the first one tells.
    fn is_moved(&self, then: &str, now: &str) -> bool {
        let Some(days) = calendar::moved(then, now) else {
            return false;
        };
        days != 0 && *self.days.borrow_mut().get_or_insert(days) == days
    }

    /// Whether a title is another one, and the same one as everywhere.
    fn is_title(&self, then: &str, now: &str) -> bool {
        let mut titles = self.titles.borrow_mut();
        let known = titles
            .entry(then.to_owned())
            .or_insert_with(|| now.to_owned());
        *known == now && now != then && !now.is_empty() && now.len() <= 16 && !now.contains("SCU")
    }
}
