//! One instance through the engine: what goes, what stays, what is put in its place and what is withheld. Results are
//! looked at through another parser, or as bytes.

#![allow(clippy::unwrap_used)]

#[path = "../build/mod.rs"]
mod build;

mod carriers;
mod depth;
mod markers;
mod patients;
mod pixels;
mod uids;
mod withheld;

use samar::dicom::Encoding;

/// The encodings in which a data set may come.
const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];
/// Planted where nothing may stay; searched for whatever the case.
const TOKEN: &str = "ZYXQUILL";

/// Whether the token stands in the bytes, in any case.
fn has_token(bytes: &[u8]) -> bool {
    build::holds(&bytes.to_ascii_uppercase(), TOKEN.as_bytes())
}
