//! Real files of pydicom's test set that most readers stumble over.

use std::path::{Path, PathBuf};

use samar::dicom::{Edits, edit};

use crate::build::{join, read, reason};

const READABLE: [&str; 8] = [
    "ExplVR_BigEndNoMeta.dcm",
    "ExplVR_LitEndNoMeta.dcm",
    "SC_rgb_jpeg.dcm",
    "UN_sequence.dcm",
    "meta_missing_tsyntax.dcm",
    "no_meta.dcm",
    "no_meta_group_length.dcm",
    "rtstruct.dcm",
];
const TRUNCATED: [&str; 2] = ["MR_truncated.dcm", "rtplan_truncated.dcm"];

/// pydicom's own folder when `SAMAR_PYDICOM` names it, and the part of it that the corpus has.
fn folders() -> Vec<PathBuf> {
    let whole = std::env::var_os("SAMAR_PYDICOM").map(PathBuf::from);
    let named = std::env::var_os("SAMAR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let below = "corpus/files/pydicom+pydicom/src/pydicom/data/test_files";
    let corpus = named.unwrap_or(beside).join(below);
    let found: Vec<PathBuf> = whole
        .into_iter()
        .chain([corpus])
        .filter(|f| f.is_dir())
        .collect();
    if found.is_empty() {
        println!("skipped: no corpus (set SAMAR_SHARED or SAMAR_PYDICOM)");
    }
    found
}

/// The bytes of those of the named files that are here.
fn present(names: &[&'static str]) -> Vec<(&'static str, Vec<u8>)> {
    let folders = folders();
    let mut found = Vec::new();
    for name in names {
        match folders
            .iter()
            .find_map(|folder| std::fs::read(folder.join(name)).ok())
        {
            Some(bytes) => found.push((*name, bytes)),
            None => println!("skipped: {name} is not here"),
        }
    }
    assert!(
        folders.is_empty() || !found.is_empty(),
        "a corpus that has none of them"
    );
    found
}

#[test]
fn what_others_cannot_read_is_read() {
    for (name, bytes) in present(&READABLE) {
        match read(&bytes) {
            Ok(instance) => assert!(!instance.tape.elements.is_empty(), "{name}"),
            Err(e) => panic!("{name}: {e}"),
        }
    }
}

#[test]
fn what_is_truncated_is_called_truncated() {
    for (name, bytes) in present(&TRUNCATED) {
        assert_eq!(reason(&bytes), "truncated", "{name}");
    }
}

#[test]
fn what_is_written_without_edits_is_what_was_read() {
    for folder in folders() {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        let mut same = 0;
        for path in &files {
            let bytes = std::fs::read(path).unwrap();
            let Ok(instance) = read(&bytes) else { continue };
            if instance.syntax.deflated {
                continue;
            }
            let (memory, parts) = edit::write(
                &instance.tape,
                instance.syntax.encoding,
                &Edits::default(),
                Vec::new(),
                Vec::new(),
            );
            let written = join(&memory, &parts, &bytes.as_slice());
            // Delimiters that were missing stand behind the end.
            let begin = instance.tape.begin as usize;
            let end = (begin + written.len()).min(bytes.len());
            assert!(
                written[..end - begin] == bytes[begin..end],
                "{}",
                path.display()
            );
            same += 1;
        }
        println!("{same} of {} written as they were read", files.len());
        assert!(same * 10 > files.len() * 7);
    }
}
