//! The options of PS3.15 section E.3 against the standard's tables, read here anew: Table E.1-1 by column, Table
//! E.3.10-1 by private element, Table E.3.4-1 by concept. Results went through verification and are looked at through
//! another parser.

#![allow(clippy::unwrap_used)]
// The numbers of cells are what the tests report.
#![allow(clippy::print_stdout)]

#[path = "../build/mod.rs"]
mod build;
#[path = "../golden/mod.rs"]
mod golden;

mod calendar;
mod columns;
mod content;
mod judge;
mod markers;
mod private;

use samar::deid::Deidentifier;
use samar::dicom::Limits;
use samar::pseudonym::Key;

/// The Basic Profile with options, and what else a site writes.
fn site(options: &[&str], more: &str) -> Deidentifier {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("site.yaml");
    let options = options.join(", ");
    let text = format!("samar: 1\nname: site\nextends: basic\noptions: [{options}]\n{more}");
    std::fs::write(&path, text).unwrap();
    let profile = samar::profile::load(path.to_str().unwrap())
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap()
}

/// Prints what was wrong, and fails if anything was.
#[track_caller]
fn settle(name: &str, cells: usize, wrong: &[String]) {
    println!("{name}: {cells} cells, {} wrong", wrong.len());
    for line in wrong.iter().take(40) {
        println!("{line}");
    }
    assert!(
        wrong.is_empty(),
        "{} of {cells} cells are wrong",
        wrong.len()
    );
}
