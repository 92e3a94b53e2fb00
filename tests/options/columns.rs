//! Table E.1-1: every row by every option's column, and options together.

use samar::dicom::Encoding;

use crate::golden::{COLUMNS, CT, PRESENCES, PRESENTATION_STATE, Presence, RT_PLAN, Row, rows};
use crate::judge::{Asks, World};
use crate::settle;

const FULL_DATES: usize = 5;
const MODIFIED_DATES: usize = 6;

/// Rows that one instance holds.
const ROWS_AT_ONCE: usize = 8;
const SOPS: [&str; 3] = [CT, PRESENTATION_STATE, RT_PLAN];
const ENCODINGS: [Encoding; 2] = [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE];

/// Rows of which the options speak, alone in all IODs and encodings; all others, which go as the Basic Profile says,
/// several in an instance, in one IOD and encoding each.
fn judge_all(world: &World) {
    let rows = rows();
    let (spoken, silent): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| world.asks(row) != Asks::Basic);
    for row in spoken {
        thoroughly(world, row);
    }
    let apart = silent.len().div_ceil(ROWS_AT_ONCE);
    for first in 0..apart {
        let some: Vec<&Row> = silent.iter().skip(first).step_by(apart).copied().collect();
        let (sop, encoding) = (SOPS[first % 3], ENCODINGS[first / 3 % 2]);
        for presence in PRESENCES {
            world.judge(sop, encoding, &some, presence);
        }
    }
}

fn thoroughly(world: &World, row: &Row) {
    for sop in SOPS {
        for encoding in ENCODINGS {
            for presence in PRESENCES {
                world.judge(sop, encoding, &[row], presence);
            }
        }
    }
}

fn column(column: usize) {
    let world = World::of(&[column]);
    judge_all(&world);
    settle(
        COLUMNS[column],
        *world.cells.borrow(),
        &world.wrong.borrow(),
    );
}

macro_rules! columns {
    ($($name:ident = $column:literal)*) => {$(
        #[test]
        fn $name() {
            column($column);
        }
    )*};
}

columns! {
    retain_safe_private = 0
    retain_uids = 1
    retain_device_identity = 2
    retain_institution_identity = 3
    retain_patient_characteristics = 4
    retain_full_dates = 5
    retain_modified_dates = 6
    clean_descriptors = 7
    clean_structured_content = 8
    clean_graphics = 9
}

#[test]
fn all_options_but_full_dates() {
    let all: Vec<usize> = (0..COLUMNS.len()).filter(|c| *c != FULL_DATES).collect();
    let world = World::of(&all);
    judge_all(&world);
    settle(
        "all but full dates",
        *world.cells.borrow(),
        &world.wrong.borrow(),
    );
}

#[test]
fn where_options_disagree_the_stricter_wins() {
    let device = COLUMNS.iter().position(|c| *c == "retain-device-identity");
    let device = device.unwrap();
    let world = World::of(&[device, MODIFIED_DATES]);
    let rows = rows();
    let differ = |row: &&Row| row.options[device] == "K" && row.options[MODIFIED_DATES] == "C";
    let rows: Vec<&Row> = rows.iter().filter(differ).collect();
    assert_eq!(rows.len(), 11);
    for row in rows {
        assert_eq!(world.asks(row), Asks::Clean);
        thoroughly(&world, row);
    }
    settle("stricter", *world.cells.borrow(), &world.wrong.borrow());
}

#[test]
fn every_pair_of_options() {
    let rows = rows();
    let (mut cells, mut wrong) = (0, Vec::new());
    for (a, first) in COLUMNS.iter().enumerate() {
        for (b, second) in COLUMNS.iter().enumerate().skip(a + 1) {
            if (a, b) == (FULL_DATES, MODIFIED_DATES) {
                continue;
            }
            let world = World::of(&[a, b]);
            let spoken = |row: &&Row| world.asks(row) != Asks::Basic;
            // Primes, so that every pair has rows of its own.
            let sample = rows.iter().filter(spoken).skip(a).step_by(5);
            for row in sample.chain(rows.iter().skip(b).step_by(37)) {
                for presence in [Presence::One, Presence::Many] {
                    world.judge(CT, Encoding::EXPLICIT_LE, &[row], presence);
                }
            }
            cells += *world.cells.borrow();
            for line in world.wrong.take() {
                wrong.push(format!("{first} + {second}: {line}"));
            }
        }
    }
    settle("pairs", cells, &wrong);
}
