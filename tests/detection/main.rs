//! Text that is searched for: what becomes of it by the profile's words, in every form that pixel data has.
//!
//! The detector of these tests marks fine strokes, the stronger their contrast the higher, so that what is found and how
//! sure it is does not hang on what samar's own was trained with.

#![allow(clippy::unwrap_used)]

#[path = "../build/mod.rs"]
mod build;

mod cli;
mod forms;
mod picture;
mod policies;
mod rules;
mod unsure;

use std::sync::{Arc, LazyLock};

use build::{Cleaned, clean_with};
use samar::deid::{Deidentifier, Refusal, TextSearch};
use samar::dicom::Limits;
use samar::pixel::detect::Detector;
use samar::profile::Profile;
use samar::pseudonym::Key;

const MODEL: &[u8] = include_bytes!("../models/strokes.onnx");

static STROKES: LazyLock<Arc<Detector>> =
    LazyLock::new(|| Arc::new(Detector::from_onnx(MODEL).unwrap()));

fn profile(yaml: &str) -> Profile {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("site.yaml");
    std::fs::write(
        &path,
        format!("samar: 1\nname: site\nextends: basic\n{yaml}"),
    )
    .unwrap();
    samar::profile::load(path.to_str().unwrap()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The Basic Profile and what a site writes.
fn site(yaml: &str) -> Deidentifier {
    let key = Key::from_bytes([7; 32]);
    Deidentifier::new(profile(yaml), &key, Limits::default(), None)
        .unwrap()
        .with_text_detector(Arc::clone(&STROKES))
}

/// The Basic Profile under other limits.
fn with_limits(limits: Limits) -> Deidentifier {
    let key = Key::from_bytes([7; 32]);
    Deidentifier::new(profile(""), &key, limits, None)
        .unwrap()
        .with_text_detector(Arc::clone(&STROKES))
}

/// The Basic Profile with these words in `detect`.
fn detecting(words: &str) -> Deidentifier {
    site(&format!("pixels: {{detect: {{{words}}}}}\n"))
}

#[track_caller]
fn written(deidentifier: &Deidentifier, file: &[u8]) -> Cleaned {
    match clean_with(deidentifier, file) {
        Ok(cleaned) => cleaned,
        Err(refusal) => panic!("{refusal}"),
    }
}

#[track_caller]
fn withheld(deidentifier: &Deidentifier, file: &[u8]) -> Refusal {
    match clean_with(deidentifier, file) {
        Ok(cleaned) => panic!("written, with {:?}", cleaned.verified.text()),
        Err(refusal) => refusal,
    }
}

#[track_caller]
fn told(cleaned: &Cleaned) -> &TextSearch {
    cleaned.verified.text().unwrap()
}
