//! `test-data/` is exactly what its generator makes, and a reader other than samar's own reads the sound part of it.

#[path = "../examples/generate_test_data/tree/mod.rs"]
#[allow(dead_code)] // the bombs too big to commit are made elsewhere
mod tree;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-data")
}

fn found(folder: &Path, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("folder is readable") {
        let path = entry.expect("entry is readable").path();
        if path.is_dir() {
            found(&path, files);
        } else {
            let below = path.strip_prefix(root()).expect("below the root");
            files.insert(below.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn committed_files_are_what_the_generator_makes() {
    let help = "run `cargo run --example generate_test_data`";
    let files = tree::committed();
    let mut expected = BTreeSet::new();
    for file in &files {
        let committed = fs::read(root().join(&file.path)).unwrap_or_default();
        assert!(
            committed == file.bytes,
            "`{}` differs; help: {help}",
            file.path
        );
        assert!(
            expected.insert(file.path.clone()),
            "`{}` is made twice",
            file.path
        );
    }
    let table = fs::read_to_string(root().join("expected/outcomes.tsv")).unwrap_or_default();
    assert!(
        table == tree::outcomes(&files),
        "`expected/outcomes.tsv` differs; help: {help}"
    );

    let mut present = BTreeSet::new();
    for folder in ["studies", "odd", "bombs"] {
        found(&root().join(folder), &mut present);
    }
    assert_eq!(present, expected, "files that nothing makes, or none made");
}

#[test]
fn committed_files_stay_small() {
    let total: usize = tree::committed().iter().map(|file| file.bytes.len()).sum();
    assert!(total < 2_000_000, "{total} bytes");
}

#[test]
fn sound_studies_are_read_by_another_reader() {
    let mut read = 0;
    for file in tree::committed() {
        if !file.path.starts_with("studies/") || file.path == "studies/notes.txt" {
            continue;
        }
        let object = dicom_object::from_reader(file.bytes.as_slice());
        assert!(
            object.is_ok(),
            "`{}` is not read by dicom-object",
            file.path
        );
        read += 1;
    }
    assert!(read >= 17, "only {read} files were read");
}
