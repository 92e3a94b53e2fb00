//! Numbers behind a word that says what they number: `No. RM 1234`, `MRN: A12`, `Telp 555`.

use crate::text::kinds::Kind;
use crate::text::page::{Class, Page};

/// Words before an identifier. Their numbers go however short they are.
const CUES: [&str; 76] = [
    "rm",
    "mrn",
    "norm",
    "nomr",
    "norek",
    "noreg",
    "nokartu",
    "nik",
    "ktp",
    "kk",
    "bpjs",
    "jkn",
    "kis",
    "npwp",
    "sim",
    "paspor",
    "passport",
    "pasport",
    "id",
    "pid",
    "ptid",
    "uid",
    "nip",
    "nrp",
    "nidn",
    "nuptk",
    "sip",
    "str",
    "sep",
    "acc",
    "accession",
    "acsn",
    "reg",
    "register",
    "registrasi",
    "registration",
    "no",
    "nomor",
    "nomer",
    "nr",
    "telp",
    "tlp",
    "telepon",
    "telpon",
    "tel",
    "telephone",
    "hp",
    "phone",
    "ph",
    "mobile",
    "cell",
    "fax",
    "wa",
    "whatsapp",
    "ssn",
    "nhs",
    "kamar",
    "bed",
    "room",
    "ruang",
    "bangsal",
    "case",
    "folder",
    "record",
    "rekam",
    "polis",
    "kartu",
    "peserta",
    "account",
    "acct",
    "subject",
    "subj",
    "suite",
    "ste",
    "patient",
    "pasien",
];
/// Words before a number that are common words as well. Only a number of three digits or more is one.
const WEAK: [&str; 5] = ["foto", "film", "films", "ext", "extension"];
/// Fewest digits behind such a word.
const WEAK_DIGITS: usize = 3;
/// Words before a date.
const DATES: [&str; 9] = [
    "dob",
    "born",
    "lahir",
    "ttl",
    "tgl",
    "tanggal",
    "tg",
    "birthdate",
    "birthday",
];
/// Most tokens between the word and its number: `No. : 12`.
const MOST_BETWEEN: usize = 3;
/// Most groups of one number.
const MOST_GROUPS: usize = 6;

pub(super) fn take_out(page: &mut Page) {
    for at in 0..page.len() {
        if page.is_atom(at) {
            let fold = page.fold(at);
            if CUES.contains(&fold) {
                behind(page, at, Kind::RecordNumber);
            } else if WEAK.contains(&fold) {
                behind_weak(page, at);
            } else if DATES.contains(&fold) {
                behind(page, at, Kind::Date);
            }
        } else if page.class(at) == Some(Class::Mark('#')) && page.is_digits(at + 1) {
            page.drop(at + 1, Kind::RecordNumber);
        }
    }
}

fn behind(page: &mut Page, cue: usize, kind: Kind) {
    let Some(first) = page
        .next_atom(cue, MOST_BETWEEN)
        .filter(|at| is_number(page, *at))
    else {
        return;
    };
    page.drop(cue, kind);
    // `No. RM 12`: a word before the word.
    if let Some(before) = page
        .previous_atom(cue, 2)
        .filter(|at| CUES.contains(&page.fold(*at)))
    {
        page.drop(before, kind);
    }
    page.drop(first, kind);
    let mut last = first;
    for _ in 1..MOST_GROUPS {
        match page.next_atom(last, 1).filter(|at| is_number(page, *at)) {
            Some(next) => {
                page.drop(next, kind);
                last = next;
            }
            None => break,
        }
    }
}

/// `ext 1234`, and `no foto 12`, where the word before makes the number a person's however short it is.
fn behind_weak(page: &mut Page, word: usize) {
    let cue = page
        .previous_atom(word, 2)
        .filter(|at| CUES.contains(&page.fold(*at)));
    let is_long = page
        .next_atom(word, MOST_BETWEEN)
        .is_some_and(|at| page.fold(at).len() >= WEAK_DIGITS);
    if cue.is_some() || is_long {
        behind(page, word, Kind::RecordNumber);
    }
}

/// Whether a token is a number, or a code with two digits or more in it.
fn is_number(page: &Page, at: usize) -> bool {
    let fold = page.fold(at);
    let digits = fold.bytes().filter(u8::is_ascii_digit).count();
    page.is_digits(at) || (page.class(at) == Some(Class::Mixed) && digits >= 2)
}
