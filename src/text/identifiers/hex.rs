//! Bytes in hexadecimal notation, which spell a name for who looks them up: `5a 75 6c`.

use crate::text::kinds::Kind;
use crate::text::page::{Class, Page};

/// Digits of one byte.
const DIGITS: usize = 2;
/// Fewest bytes in a row.
const FEWEST: usize = 3;

pub(super) fn take_out(page: &mut Page) {
    let mut at = 0;
    while at < page.len() {
        let start = at;
        while is_byte(page, at) && is_gap(page, at + 1) && is_byte(page, at + 2) {
            at += 2;
        }
        let row = start..at + 1;
        if row.len() >= 2 * FEWEST - 1 && is_spelled(page, start, at) {
            page.drop_atoms(row, Kind::Code);
        }
        at += 1;
    }
}

fn is_byte(page: &Page, at: usize) -> bool {
    let fold = page.fold(at);
    page.is_atom(at) && fold.len() == DIGITS && fold.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_gap(page: &Page, at: usize) -> bool {
    matches!(
        page.class(at),
        Some(Class::Space | Class::Mark('-' | '_' | '.' | ',' | '/' | ':'))
    )
}

/// Whether the row has letters and digits, and is more than levels of the spine in a row: `C3-C4-C5`.
fn is_spelled(page: &Page, start: usize, last: usize) -> bool {
    let bytes = || (start..=last).step_by(2).map(|at| page.fold(at).as_bytes());
    let has = |is: fn(&u8) -> bool| bytes().any(|byte| byte.iter().any(is));
    let is_level = |byte: &[u8]| matches!(byte, [b'b' | b'c' | b'd', b'0'..=b'9']);
    has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) && !bytes().all(is_level)
}
