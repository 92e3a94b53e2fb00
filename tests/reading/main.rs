//! Every way in which files are written, well or badly: read the same, or refused for the right reason. The same
//! means that another parser lists the same elements in the result as in that of the well-written file.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../build/mod.rs"]
mod build;

mod charsets;
mod corpus;
mod damage;
mod files;
mod sequences;
mod values;

use build::{clean, ct, listing, open};
use samar::dicom::Encoding;

/// What the well-written CT says after cleaning.
fn expected() -> Vec<String> {
    said(&ct().file(Encoding::EXPLICIT_LE))
}

/// What a file says after cleaning.
#[track_caller]
fn said(file: &[u8]) -> Vec<String> {
    match clean(file) {
        Ok(cleaned) => listing(&open(&cleaned.bytes)),
        Err(refusal) => panic!("not written: {refusal}"),
    }
}
