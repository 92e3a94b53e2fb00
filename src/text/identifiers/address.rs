//! Postal addresses: Indonesian streets and quarters with RT and RW, English streets with house numbers.

use crate::text::kinds::Kind;
use crate::text::lexicon::{Lexicon, Word};
use crate::text::page::{Class, Page};

/// Words that begin an address or a part of one.
const STREETS: [&str; 44] = [
    "jl",
    "jln",
    "jalan",
    "gg",
    "gang",
    "blok",
    "kav",
    "kavling",
    "komplek",
    "komp",
    "perum",
    "perumahan",
    "perumnas",
    "kel",
    "kelurahan",
    "kec",
    "kecamatan",
    "kab",
    "kabupaten",
    "kota",
    "kotamadya",
    "desa",
    "ds",
    "dusun",
    "dsn",
    "kampung",
    "kp",
    "lingkungan",
    "prov",
    "provinsi",
    "propinsi",
    "kodepos",
    "alamat",
    "address",
    "addr",
    "apartemen",
    "apt",
    "apartment",
    "tower",
    "lorong",
    "rukun",
    "kelurahan",
    "dukuh",
    "jorong",
];
/// Words that end an English street, behind its number and name.
const ENGLISH: [&str; 20] = [
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "lane",
    "ln",
    "drive",
    "blvd",
    "boulevard",
    "court",
    "way",
    "place",
    "plaza",
    "close",
    "terrace",
    "highway",
    "hwy",
    "crescent",
];
/// Those of them that say so whatever the street is called.
const SURE: [&str; 6] = ["street", "avenue", "ave", "road", "boulevard", "blvd"];
/// Words that a street's cue is not one behind: outpatient care, and the airway's Indonesian name.
const BEFORE_OTHER: [&str; 3] = ["rawat", "berjalan", "berobat"];
const BEHIND_OTHER: [&str; 3] = ["nafas", "napas", "lahir"];
/// Most tokens of an address behind its cue, spaces and marks included.
const REACH: usize = 14;
/// Digits of a postal code, here and in the United States.
const ZIP: usize = 5;
/// Most words of a street's name.
const MOST_WORDS: usize = 4;

pub(super) fn take_out(page: &mut Page, lexicon: &Lexicon) {
    for at in 0..page.len() {
        if page.class(at) != Some(Class::Word) {
            continue;
        }
        let fold = page.fold(at);
        if STREETS.contains(&fold) {
            street(page, lexicon, at);
        } else if ENGLISH.contains(&fold) {
            english(page, lexicon, at);
        } else if is_state(page, at) {
            page.drop(at, Kind::Address);
        } else if fold == "rw" || fold == "rt" {
            quarter(page, at);
        }
    }
}

/// Takes out the cue, the word behind it and the numbers near it. Names in between are unknown words and go with those.
fn street(page: &mut Page, lexicon: &Lexicon, cue: usize) {
    let before = page.previous_atom(cue, 1).map(|at| page.fold(at));
    let first = page.next_atom(cue, 2);
    let is_other = before.is_some_and(|word| BEFORE_OTHER.contains(&word))
        || first.is_some_and(|at| BEHIND_OTHER.contains(&page.fold(at)));
    if is_other {
        return;
    }
    page.drop(cue, Kind::Address);
    let Some(first) = first else {
        return;
    };
    page.drop(first, Kind::Address);
    let mut words = 1;
    for at in first + 1..page.len().min(cue + REACH) {
        if page.is_digits(at) || page.class(at) == Some(Class::Mixed) {
            page.drop(at, Kind::Address);
        } else if page.is_atom(at) {
            words += 1;
            let is_number_cue = matches!(page.fold(at), "no" | "nomor" | "rt" | "rw");
            if is_number_cue {
                page.drop(at, Kind::Address);
            } else if words > MOST_WORDS || lexicon.look_up(page.low(at)) == Word::Plain {
                break;
            }
        }
    }
}

/// `123 Old Mill Road`.
fn english(page: &mut Page, lexicon: &Lexicon, last: usize) {
    let mut at = last;
    let mut is_name = SURE.contains(&page.fold(last));
    for words in 0..=MOST_WORDS {
        let Some(before) = page.previous_atom(at, 2) else {
            return;
        };
        at = before;
        if page.is_digits(at) {
            // `12 st` is no address, `1 Low Road` is.
            if words > 0 && is_name {
                page.drop_atoms(at..last + 1, Kind::Address);
            }
            return;
        }
        is_name |= lexicon.look_up(page.low(at)) != Word::Plain;
    }
}

/// The `TX` of `Houston, TX 77001`.
fn is_state(page: &Page, at: usize) -> bool {
    let raw = page.raw(at);
    let behind = page.next_atom(at, 1).filter(|next| page.is_digits(*next));
    let before = page.previous_atom(at, 2);
    raw.len() == 2
        && raw.bytes().all(|b| b.is_ascii_uppercase())
        && behind.is_some_and(|next| page.fold(next).len() == ZIP)
        && before.is_some_and(|before| page.class(before + 1) == Some(Class::Mark(',')))
}

/// `RT 03 RW 05`, `RT.03/05`. RT is radiotherapy and the right side as well, so its number has to look like one.
fn quarter(page: &mut Page, cue: usize) {
    let Some(number) = page.next_atom(cue, 2).filter(|at| page.is_digits(*at)) else {
        return;
    };
    let next = page.next_atom(number, 3);
    let is_sure = page.fold(cue) == "rw"
        || page.fold(number).starts_with('0')
        || next.is_some_and(|at| page.fold(at) == "rw")
        || (page.class(number + 1) == Some(Class::Mark('/')) && page.is_digits(number + 2));
    if is_sure {
        page.drop(cue, Kind::Address);
        page.drop(number, Kind::Address);
        if page.class(number + 1) == Some(Class::Mark('/')) && page.is_digits(number + 2) {
            page.drop(number + 2, Kind::Address);
        }
    }
}
