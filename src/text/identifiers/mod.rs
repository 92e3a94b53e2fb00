//! Numbers and addresses that identify, one file per kind. Each marks what it finds; none keeps anything.
//!
//! The order matters only for the kind that is reported: the first finder to take a token names it.

mod address;
mod age;
mod date;
mod digits;
mod hex;
mod national;
mod net;
mod phone;
mod record;
mod time;

use super::lexicon::Lexicon;
use super::page::Page;

/// Takes out every identifier that is known by its form or by the words around it.
pub(super) fn take_out(page: &mut Page, lexicon: &Lexicon) {
    net::take_out(page);
    date::take_out(page);
    time::take_out(page);
    hex::take_out(page);
    digits::take_out(page);
    age::take_out(page);
    record::take_out(page);
    address::take_out(page, lexicon);
}
