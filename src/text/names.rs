//! Names: titles and other words that a name follows, degrees that follow a name, and what stands next to a name.
//!
//! Unknown words go in any case. What is decided here is which *allowed* words go too, because they stand where a name
//! stands: the `Long` of `dr. Long`, the `AS` of `Ny. AS`.

use super::degrees;
use super::kinds::Kind;
use super::lexicon::{Lexicon, Word};
use super::page::{Class, Page};

/// Titles. A name follows, even if it looks like an abbreviation.
const TITLES: [&str; 51] = [
    "tn",
    "tuan",
    "ny",
    "nyonya",
    "nn",
    "nona",
    "sdr",
    "sdri",
    "saudara",
    "saudari",
    "bpk",
    "bapak",
    "bp",
    "pak",
    "ibu",
    "bu",
    "by",
    "bayi",
    "an",
    "dr",
    "drg",
    "drs",
    "dra",
    "dokter",
    "prof",
    "profesor",
    "professor",
    "doctor",
    "ir",
    "hj",
    "kh",
    "ust",
    "ustadz",
    "ustaz",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mister",
    "mx",
    "herr",
    "frau",
    "mme",
    "madame",
    "monsieur",
    "señor",
    "sra",
    "sir",
    "zr",
    "bidan",
    "suster",
];
/// Titles that mean nothing else.
const SURE_TITLES: [&str; 20] = [
    "tn", "tuan", "ny", "nyonya", "nn", "nona", "sdr", "sdri", "bpk", "bapak", "pak", "drg", "hj",
    "mrs", "mister", "herr", "frau", "mme", "madame", "monsieur",
];
/// Words that a name may follow.
const CUES: [&str; 34] = [
    "nama",
    "name",
    "pasien",
    "patient",
    "pt",
    "px",
    "oleh",
    "by",
    "ref",
    "refer",
    "referring",
    "referrer",
    "pengirim",
    "anak",
    "istri",
    "suami",
    "ayah",
    "operator",
    "tech",
    "technologist",
    "radiographer",
    "radiografer",
    "radiologist",
    "radiolog",
    "physician",
    "nurse",
    "perawat",
    "petugas",
    "dpjp",
    "konsulen",
    "alias",
    "kepada",
    "attn",
    "cc",
];
/// Letters that with a stroke, `a/n` or `a.n.`, mean "in the name of".
const IN_NAME_OF: [(&str, &str); 4] = [("a", "n"), ("u", "p"), ("d", "a"), ("c", "o")];
/// Most words of a name.
const LONGEST_NAME: usize = 4;
/// Most titles in a row before one name: `Prof. Dr. dr.`.
const MOST_TITLES: usize = 4;
/// Longest word behind a title that is taken for initials, in bytes.
const INITIALS: usize = 2;
/// Most tokens between two words of a name: `Budi, S.`.
const MOST_BETWEEN: usize = 3;
/// Fewest letters in a row that are a spelled name.
const SPELLED: usize = 3;

/// Takes out names with their cues, and names of the list.
pub(super) fn take_out(page: &mut Page, lexicon: &Lexicon) {
    let mut seen = 0;
    for at in 0..page.len() {
        if page.class(at) != Some(Class::Word) {
            // Letters of another script among Latin ones hide something; a name is the likeliest.
            if page.is_atom(at) && page.is_dropped(at) && TITLES.contains(&page.fold(at)) {
                follow(page, lexicon, at, true);
            }
            continue;
        }
        if at >= seen {
            seen = spelled(page, at);
        }
        let fold = page.fold(at);
        if degrees::is_degree(page, at) {
            degrees::take_out(page, lexicon, at);
        } else if TITLES.contains(&fold) {
            follow(page, lexicon, at, true);
        } else if CUES.contains(&fold) {
            follow(page, lexicon, at, false);
        } else if let Some(last) = in_name_of(page, at) {
            page.drop(at, Kind::Name);
            page.drop(last, Kind::Name);
            follow(page, lexicon, last, true);
        } else if fold == "h" && page.class(at + 1) == Some(Class::Mark('.')) {
            follow(page, lexicon, at, true);
        }
        if lexicon.look_up(page.low(at)) == Word::Name {
            page.drop(at, Kind::Name);
        }
    }
}

/// Takes out letters in a row that begin at this token: `B u d i`, `J-O-H-N`. Returns the token behind the row.
fn spelled(page: &mut Page, first: usize) -> usize {
    let is_letter = |at: usize| page.class(at) == Some(Class::Word) && page.raw(at).len() == 1;
    let is_gap = |at: usize| {
        matches!(
            page.class(at),
            Some(Class::Space | Class::Mark('.' | '-' | '_'))
        )
    };
    let mut last = first;
    while is_letter(last) && is_gap(last + 1) && is_letter(last + 2) {
        last += 2;
    }
    if last >= first + 2 * (SPELLED - 1) {
        page.drop_atoms(first..last + 1, Kind::Name);
    }
    last + 1
}

/// Takes out what follows a title or cue as far as it can be a name, and the cue with it.
fn follow(page: &mut Page, lexicon: &Lexicon, cue: usize, is_title: bool) {
    // After a number these are units: `20 ms`, `5 cc`, `1 an`.
    let is_unit = page
        .previous_atom(cue, 1)
        .is_some_and(|before| page.is_digits(before));
    if is_unit && matches!(page.fold(cue), "ms" | "cc" | "an" | "bp" | "dr") {
        return;
    }
    if is_title && !is_written_title(page, cue) && is_modality(page.fold(cue)) {
        return;
    }
    let mut at = cue;
    let mut found = 0;
    // Each title in a row of them is looked behind by itself.
    for _ in 0..LONGEST_NAME + MOST_TITLES {
        if found == LONGEST_NAME {
            break;
        }
        let Some(next) = page
            .next_atom(at, MOST_BETWEEN)
            .filter(|next| is_joined(page, at, *next))
        else {
            break;
        };
        if page.class(next) != Some(Class::Word) {
            break;
        }
        let is_cue = TITLES.contains(&page.fold(next)) || CUES.contains(&page.fold(next));
        let behind = page.next_atom(next, MOST_BETWEEN);
        let is_last = behind.is_none_or(|behind| !lexicon.look_up(page.low(behind)).is_allowed());
        let goes = match lexicon.look_up(page.low(next)) {
            Word::Name | Word::Unknown => !lexicon.has_parts(page.raw(next)),
            Word::NameToo => is_title || is_last || found > 0,
            Word::Plain => {
                // `Ny. AS`, but `MR CT` and `dr di` are none: initials stand in capitals behind a title in small ones.
                let raw = page.raw(next);
                let is_capital = raw.bytes().all(|b| b.is_ascii_uppercase());
                is_cue
                    || (found == 0 && is_title && is_sure_title(page, cue, next))
                    || (is_title
                        && found == 0
                        && is_capital
                        && raw.len() <= INITIALS
                        && is_written_title(page, cue))
            }
        };
        if !goes {
            break;
        }
        if !is_cue {
            found += 1;
            page.drop(next, Kind::Name);
        }
        at = next;
    }
    let is_bare_title =
        is_title && page.next_atom(cue, MOST_BETWEEN).is_none() && is_written_title(page, cue);
    if found > 0 || is_bare_title {
        page.drop(cue, Kind::Name);
    }
}

/// Titles in capitals that are modalities (MR, DR) or a disease (MS).
fn is_modality(fold: &str) -> bool {
    matches!(fold, "mr" | "dr" | "ms")
}

/// Whether a title is written as one: with a stop and a space, or with a capital and small letters. Titles that mean
/// nothing else need neither.
fn is_written_title(page: &Page, cue: usize) -> bool {
    let is_other =
        is_modality(page.fold(cue)) || matches!(page.fold(cue), "an" | "by" | "ir" | "bp");
    let is_capital = page.raw(cue).bytes().all(|b| b.is_ascii_uppercase());
    let has_stop =
        page.class(cue + 1) == Some(Class::Mark('.')) && page.class(cue + 2) == Some(Class::Space);
    !is_other || has_stop || (!is_capital && page.raw(cue).starts_with(|c: char| c.is_uppercase()))
}

/// Whether what stands right behind a title is a name whatever it means: `Tn. PALM`. Titles that are words as well need
/// a stop.
fn is_sure_title(page: &Page, cue: usize, next: usize) -> bool {
    let fold = page.fold(cue);
    let is_close = (cue + 1..next).all(|at| {
        matches!(
            page.class(at),
            Some(Class::Space | Class::Odd | Class::Mark('.'))
        )
    });
    let is_capital = page.raw(cue).bytes().all(|b| b.is_ascii_uppercase());
    let has_stop = page.class(cue + 1) == Some(Class::Mark('.'));
    let is_modality_too = is_modality(fold) && is_capital;
    is_close && (SURE_TITLES.contains(&fold) || (has_stop && fold.len() > 1 && !is_modality_too))
}

/// Whether only spaces and marks that stand within names are between.
fn is_joined(page: &Page, from: usize, to: usize) -> bool {
    (from + 1..to).all(|at| {
        matches!(
            page.class(at),
            Some(
                Class::Space
                    | Class::Odd
                    | Class::Mark('.' | ',' | ':' | '=' | '-' | '^' | '\'' | '_' | '/' | '(' | '"')
            )
        )
    })
}

/// The second letter of `a/n` or `a.n`.
fn in_name_of(page: &Page, at: usize) -> Option<usize> {
    let last = at + 2;
    let is_marked = matches!(page.class(at + 1), Some(Class::Mark('/' | '.')));
    let found = IN_NAME_OF.contains(&(page.fold(at), page.fold(last)));
    // A longer chain of letters is something else: `C/A/P`.
    let is_whole = page.class(last + 1) != Some(Class::Mark('/'));
    (is_marked && found && is_whole).then_some(last)
}
