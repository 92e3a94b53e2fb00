//! E-mail addresses, addresses in the web, host names and addresses of the Internet Protocol (version 6).

use std::ops::Range;

use crate::text::kinds::Kind;
use crate::text::page::{Class, Page};

/// Last parts of host names that are common in mail and web addresses.
const ENDINGS: [&str; 15] = [
    "com", "net", "org", "id", "co", "edu", "gov", "info", "io", "int", "mil", "ac", "sch", "go",
    "local",
];
/// Fewest colons of an address of version 6.
const MIN_COLONS: usize = 3;

pub(super) fn take_out(page: &mut Page) {
    let mut start = 0;
    while start < page.len() {
        let end = (start..page.len())
            .find(|at| page.class(*at) == Some(Class::Space))
            .unwrap_or(page.len());
        if let Some(kind) = kind_of(page, start..end) {
            page.drop_atoms(start..end, kind);
        }
        version_6(page, start..end);
        start = end + 1;
    }
}

/// What the tokens between two spaces are, if an address.
fn kind_of(page: &Page, chunk: Range<usize>) -> Option<Kind> {
    if chunk.len() < 3 {
        return None;
    }
    let is = |at: usize, mark: char| page.class(at) == Some(Class::Mark(mark));
    for at in chunk.clone() {
        let fold = page.fold(at);
        if is(at, '@') && at > chunk.start && at + 1 < chunk.end {
            return Some(Kind::Email);
        }
        if is(at, ':') && is(at + 1, '/') && is(at + 2, '/') {
            return Some(Kind::Url);
        }

        if page.is_atom(at) {
            let is_www = fold == "www" && is(at + 1, '.');
            // A host's last part stands behind a name: `rsup.co`, not `5.com`.
            let is_host = at >= chunk.start + 2
                && is(at - 1, '.')
                && page.is_atom(at - 2)
                && !page.is_digits(at - 2)
                && ENDINGS.contains(&fold);
            if is_www || is_host {
                return Some(Kind::Url);
            }
        }
    }
    None
}

/// `fe80::1:2:3`: hexadecimal numbers with colons between.
fn version_6(page: &mut Page, chunk: Range<usize>) {
    let mut start = chunk.start;
    while start < chunk.end {
        let is_colon = |page: &Page, at: usize| page.class(at) == Some(Class::Mark(':'));
        let is_part = |at: &usize| {
            let fold = page.fold(*at);
            let is_hex = fold.len() <= 4 && fold.bytes().all(|b| b.is_ascii_hexdigit());
            is_colon(page, *at) || (page.is_atom(*at) && is_hex)
        };
        let end = start + (start..chunk.end).take_while(is_part).count();
        let colons = (start..end).filter(|at| is_colon(page, *at)).count();
        if colons >= MIN_COLONS {
            page.drop_atoms(start..end, Kind::Ip);
        }
        start = end.max(start) + 1;
    }
}
