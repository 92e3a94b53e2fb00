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
        start = end + 1;
    }
}

/// What the tokens between two spaces are, if an address.
fn kind_of(page: &Page, chunk: Range<usize>) -> Option<Kind> {
    if chunk.len() < 3 {
        return None;
    }
    let is = |at: usize, mark: char| page.class(at) == Some(Class::Mark(mark));
    let mut colons = 0;
    let mut is_hex = true;
    for at in chunk.clone() {
        let fold = page.fold(at);
        if is(at, '@') && at > chunk.start && at + 1 < chunk.end {
            return Some(Kind::Email);
        }
        if is(at, ':') {
            colons += 1;
            if is(at + 1, '/') && is(at + 2, '/') {
                return Some(Kind::Url);
            }
        }
        if page.is_atom(at) {
            is_hex &= fold.bytes().all(|b| b.is_ascii_hexdigit());
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
    (colons >= MIN_COLONS && is_hex).then_some(Kind::Ip)
}
