//! Regions blanked in the pixels of one instance: which ones, in every form that pixel data has, what the instance says
//! of it afterwards, and what is withheld instead. Samples are read back by the words of the standard or by decoders
//! that samar does not use, where there are any.

#![allow(clippy::unwrap_used)]

#[path = "../build/mod.rs"]
mod build;

mod bits;
mod codecs;
mod decoders;
mod fragments;
mod large;
mod marks;
mod mean;
mod native;
mod plan;
mod shape;
mod spool;
mod withheld;

use build::{Cleaned, blind, clean_with, open, value_bytes};
use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Limits};
use samar::pseudonym::Key;

const PIXEL_DATA: u32 = 0x7FE0_0010;

/// The encodings in which a data set may come.
const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];

/// The Basic Profile and what a site writes.
fn site(more: &str) -> Deidentifier {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("site.yaml");
    std::fs::write(
        &path,
        format!("samar: 1\nname: site\nextends: basic\n{more}"),
    )
    .unwrap();
    let profile = samar::profile::load(path.to_str().unwrap())
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    // Rules alone: what is found is another test's matter.
    Deidentifier::new(
        blind(profile),
        &Key::from_bytes([7; 32]),
        Limits::default(),
        None,
    )
    .unwrap()
}

/// A site whose CT images have text at `[x, y, width, height]`.
fn blanking(x: u32, y: u32, width: u32, height: u32) -> Deidentifier {
    site(&rule(
        "text",
        &format!("regions: [[{x}, {y}, {width}, {height}]]"),
    ))
}

/// A list of one rule for CT images.
fn rule(id: &str, cover: &str) -> String {
    format!("pixels:\n{}", entry(id, cover))
}

fn entry(id: &str, cover: &str) -> String {
    format!("  - {{id: {id}, when: Modality == \"CT\", {cover}, because: seen}}\n")
}

/// What becomes of a file that must be written.
#[track_caller]
fn written(deidentifier: &Deidentifier, file: &[u8]) -> Cleaned {
    match clean_with(deidentifier, file) {
        Ok(cleaned) => cleaned,
        Err(refusal) => panic!("{}: {}", refusal.reason, refusal.detail),
    }
}

/// The reason for which a file must be quarantined.
#[track_caller]
fn withheld(deidentifier: &Deidentifier, file: &[u8]) -> String {
    match clean_with(deidentifier, file) {
        Ok(_) => panic!("written"),
        Err(refusal) => {
            assert_eq!(refusal.fate, samar::deid::Fate::Quarantined);
            refusal.reason
        }
    }
}

/// Pixel Data as another reader finds it.
#[track_caller]
fn pixel_data(file: &[u8]) -> Vec<u8> {
    value_bytes(&open(file), PIXEL_DATA).unwrap()
}
