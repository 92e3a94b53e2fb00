//! `profiles/schema.json` is what the program says, and what editors are told is what the loader takes.

use std::fs;
use std::path::Path;

use samar::profile::{self, BUILT_IN};

const STORED: &str = include_str!("../profiles/schema.json");

#[test]
fn the_stored_schema_is_that_of_the_program() {
    assert_eq!(
        STORED,
        profile::schema(),
        "write it anew with `samar profile schema > profiles/schema.json`"
    );
}

#[test]
fn every_shipped_profile_tells_editors_of_it() {
    let profiles = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let mut count = 0;
    for (folder, up) in [(profiles.clone(), "./"), (profiles.join("devices"), "../")] {
        for entry in fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(&path).expect("text");
                let first = format!("# yaml-language-server: $schema={up}schema.json\n");
                assert!(text.starts_with(&first), "{}", path.display());
                count += 1;
            }
        }
    }
    assert_eq!(count, BUILT_IN.len());
}
