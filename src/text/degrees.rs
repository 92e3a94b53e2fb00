//! Degrees that follow a name: `Sp.Rad`, `S.Kep`, `MD`, and `dr` behind it.

use super::kinds::Kind;
use super::lexicon::{Lexicon, Word};
use super::page::{Class, Page};

/// Degrees that stand behind a name and a comma.
const DEGREES: [&str; 18] = [
    "md", "phd", "frcr", "mbbs", "mbchb", "facr", "msc", "bsc", "mkes", "sked", "skep", "skm",
    "mars", "dds", "rn", "do", "dr", "drg",
];
/// Those that need no comma.
const SURE: [&str; 9] = [
    "md", "phd", "frcr", "mbbs", "mbchb", "facr", "mkes", "sked", "skep",
];
/// What degrees with a stop begin with, and what they end with: `S.Kep`, `Amd.Rad`.
const FIRST: [&str; 4] = ["s", "m", "a", "amd"];
const SECOND: [&str; 16] = [
    "kep", "ked", "kes", "pd", "si", "st", "km", "kom", "farm", "psi", "tr", "md", "rad", "biomed",
    "ak", "epid",
];
/// Most parts of one degree: `Sp.PD-KGH`.
const MOST_PARTS: usize = 8;
/// Longest name with a stroke or abbreviation that is no name before a degree without a comma, in bytes: `FA MD`.
const ABBREVIATION: usize = 3;
/// Most words of a name that are no words otherwise, and that may be anything.
const LONGEST_NAME: usize = 4;
const MOST_PLAIN: usize = 2;

/// Whether a degree begins at this token.
pub(super) fn is_degree(page: &Page, at: usize) -> bool {
    let fold = page.fold(at);
    if matches!(fold, "dr" | "drg") {
        return is_doctor(page, at);
    }
    let has_comma = has_comma_before(page, at);
    let is_named = has_comma || (SURE.contains(&fold) && is_behind_word(page, at));
    is_specialist(page, at)
        || is_academic(page, at, has_comma)
        || (DEGREES.contains(&fold) && is_named)
}

/// `RING, dr` and `RING dr.`: a doctor's title behind the name, with no name behind it. In capitals it is a modality.
fn is_doctor(page: &Page, at: usize) -> bool {
    let has_stop = page.class(at + 1) == Some(Class::Mark('.'));
    let is_capital = page.raw(at).bytes().all(|b| b.is_ascii_uppercase());
    let behind = at + 1 + usize::from(has_stop);
    let is_last = page.next_atom(behind - 1, 2).is_none()
        || matches!(page.class(behind), Some(Class::Mark(',' | ';' | ')')));
    is_last && !is_capital && (has_stop || has_comma_before(page, at))
}

fn has_comma_before(page: &Page, at: usize) -> bool {
    page.previous_atom(at, 2)
        .is_some_and(|before| page.class(before + 1) == Some(Class::Mark(',')))
}

/// Whether a word that is no abbreviation in capitals stands right before this one.
fn is_behind_word(page: &Page, at: usize) -> bool {
    page.previous_atom(at, 1).is_some_and(|before| {
        page.class(before) == Some(Class::Word) && page.raw(before).len() > ABBREVIATION
    })
}

/// `Sp.Rad`, `Sp. PD-KGH`, `SpOG`: Indonesian specialists.
fn is_specialist(page: &Page, at: usize) -> bool {
    let raw = page.raw(at);
    let is_joined = raw.len() <= 8
        && raw.starts_with("Sp")
        && raw.chars().nth(2).is_some_and(char::is_uppercase);
    let is_dotted = page.fold(at) == "sp" && page.class(at + 1) == Some(Class::Mark('.'));
    is_joined || (is_dotted && field(page, at).is_some())
}

/// The field of a specialist, behind the stop.
fn field(page: &Page, at: usize) -> Option<usize> {
    let has_space = page.class(at + 2) == Some(Class::Space);
    Some(at + 2 + usize::from(has_space)).filter(|field| page.is_atom(*field))
}

/// `S.Kep`, `Amd.Rad`; behind a comma whatever stands behind the stop.
fn is_academic(page: &Page, at: usize, has_comma: bool) -> bool {
    FIRST.contains(&page.fold(at))
        && page.class(at + 1) == Some(Class::Mark('.'))
        && page.is_atom(at + 2)
        && (has_comma || SECOND.contains(&page.fold(at + 2)))
}

/// Takes out a degree with what is joined to it, and the words before it: as many as may be a name; and if the
/// nearest means something else and the degree is surely one, that and the one beside it.
pub(super) fn take_out(page: &mut Page, lexicon: &Lexicon, at: usize) {
    page.drop(at, Kind::Name);
    let mut last = at;
    if is_specialist(page, at)
        && page.fold(at) == "sp"
        && let Some(field) = field(page, at)
    {
        page.drop(field, Kind::Name);
        last = field;
    }
    for _ in 0..MOST_PARTS {
        let is_joined = matches!(page.class(last + 1), Some(Class::Mark('.' | '-' | '(')));
        if !is_joined || page.class(last + 2) != Some(Class::Word) {
            break;
        }
        last += 2;
        page.drop(last, Kind::Name);
    }
    let is_sure = is_specialist(page, at)
        || is_academic(page, at, false)
        || SURE.contains(&page.fold(at))
        || matches!(page.fold(at), "dr" | "drg");
    name_before(page, lexicon, at, is_sure);
}

fn name_before(page: &mut Page, lexicon: &Lexicon, degree: usize, is_sure: bool) {
    let is_plain = |page: &Page, at: usize| lexicon.look_up(page.low(at)) == Word::Plain;
    let mut first = degree;
    let mut most = LONGEST_NAME;
    for words in 0..LONGEST_NAME {
        // Between the words of a name stands no comma but the one before the degree.
        let between = if words == 0 { 2 } else { 1 };
        let Some(before) = page.previous_atom(first, between) else {
            return;
        };
        if page.class(before) != Some(Class::Word) {
            return;
        }
        if is_sure && words == 0 && is_plain(page, before) {
            most = MOST_PLAIN;
        }
        let is_over = words >= most || (most == LONGEST_NAME && is_plain(page, before));
        if is_over {
            return;
        }
        page.drop(before, Kind::Name);
        first = before;
    }
}
