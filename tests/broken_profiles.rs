//! Profiles with mistakes that people make, and the whole of what samar says to each.
//!
//! Beside every `tests/broken/*.yaml` stands a `.txt` with the messages. `SAMAR_UPDATE=1 cargo test --test
//! broken_profiles` writes them anew; read the difference before it is committed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use samar::profile::{Severity, load};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn profiles() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    paths.sort();
    paths
}

/// What loading says: errors, or the remarks on a profile that loads.
fn said(path: &Path) -> (bool, String) {
    let (loads, problems) = match load(path.to_str().expect("UTF-8")) {
        Ok(profile) => (true, profile.remarks),
        Err(problems) => (false, problems),
    };
    let root = format!("{}/", folder().display());
    (loads, format!("{problems}\n").replace(&root, ""))
}

#[test]
fn every_mistake_is_told_as_it_was() {
    let update = std::env::var_os("SAMAR_UPDATE").is_some();
    let mut changed = Vec::new();
    let profiles = profiles();
    for path in &profiles {
        let (loads, said) = said(path);
        let name = path.file_stem().expect("a name").to_string_lossy();
        assert_eq!(loads, name.starts_with("remark-"), "{name}: {said}");
        let expected = path.with_extension("txt");
        if update {
            fs::write(&expected, &said).expect("a file");
        } else if fs::read_to_string(&expected).ok().as_ref() != Some(&said) {
            changed.push(format!("{}:\n{said}", path.display()));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
    assert!(profiles.len() >= 40, "{} profiles", profiles.len());
}

#[test]
fn every_error_stands_somewhere_and_says_what_to_do() {
    let mut without = BTreeSet::new();
    for path in profiles() {
        let Err(problems) = load(path.to_str().expect("UTF-8")) else {
            continue;
        };
        assert!(problems.errors().next().is_some());
        for problem in &problems.0 {
            assert!(problem.place.is_some(), "{}", problem.message);
            assert_eq!(problem.severity == Severity::Error, {
                let said = problem.to_string();
                said.starts_with("error: ")
            });
            if problem.help.is_none() {
                without.insert(problem.message.clone());
            }
        }
    }
    // A wrong type, text that is no YAML, and a key that is missing say it themselves.
    without.retain(|message| {
        !message.contains("expected")
            && !message.starts_with("not YAML")
            && !message.ends_with("is missing")
            && !message.contains("there is no value")
    });
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn a_file_that_claims_a_gigabyte_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.yaml");
    let file = File::create(&path).expect("a file");
    file.set_len(1 << 30).expect("a sparse file");
    let problems = load(path.to_str().expect("UTF-8")).expect_err("too large");
    assert!(problems.0[0].message.ends_with("it is larger than 1 MiB"));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("image.yaml");
    for bytes in [
        &b"\x00\x01\x02DICM\xff"[..],
        b"samar: 1\nname: a\x00b\n",
        b"\x89PNG\r\n\x1a\n",
    ] {
        fs::write(&path, bytes).expect("a file");
        load(path.to_str().expect("UTF-8")).expect_err("no text");
    }
}
