//! The embedded tables are the ones that their README describes: a row that goes missing is noticed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

#[test]
fn tables_are_those_of_the_readme() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/standard/data");
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let mut told = BTreeSet::from(["README.md".to_owned()]);
    for line in readme.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, file, rows, sha256, ..] = cells[..] else {
            panic!("a row with too few cells: {line}")
        };
        let bytes = fs::read(folder.join(file)).unwrap();
        let digest = Sha256::digest(&bytes)
            .iter()
            .fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").unwrap();
                hex
            });
        assert_eq!(digest, sha256, "{file}");
        let header = usize::from(!file.ends_with(".txt"));
        let lines = String::from_utf8(bytes).unwrap().lines().count();
        assert_eq!(lines - header, rows.parse::<usize>().unwrap(), "{file}");
        told.insert(file.to_owned());
    }
    let there: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, told);
}
