//! The files of `test-data/` and what samar owes each of them.

mod bombs;
mod bytes;
mod letters;
mod odd;
mod pixels;
mod studies;

use std::fmt::Write;

/// One file of the tree.
pub(crate) struct File {
    /// Path below the root, with `/`.
    pub(crate) path: String,
    /// The whole file.
    pub(crate) bytes: Vec<u8>,
    /// Outcomes that are right, separated by `|`: `written`, `quarantined`, `not-dicom`.
    pub(crate) outcome: &'static str,
    /// Words of which one must stand in the reason or its detail, separated by `|`; empty where none is demanded.
    pub(crate) reason: &'static str,
}

impl File {
    fn new(path: &str, bytes: Vec<u8>, outcome: &'static str, reason: &'static str) -> File {
        File {
            path: path.to_owned(),
            bytes,
            outcome,
            reason,
        }
    }

    fn written(path: &str, bytes: Vec<u8>) -> File {
        File::new(path, bytes, "written", "")
    }

    fn quarantined(path: &str, bytes: Vec<u8>, reason: &'static str) -> File {
        File::new(path, bytes, "quarantined", reason)
    }
}

/// The committed files: `studies/`, `odd/` and `bombs/`.
pub(crate) fn committed() -> Vec<File> {
    let mut files = studies::files();
    files.extend(odd::files());
    files.extend(bombs::small());
    files
}

/// Bombs too big to commit, made when a test needs them.
pub(crate) fn large() -> Vec<File> {
    bombs::large()
}

/// The table `expected/outcomes.tsv`.
pub(crate) fn outcomes(files: &[File]) -> String {
    let mut table = String::from("file\toutcome\treason\n");
    for file in files {
        let _ = writeln!(table, "{}\t{}\t{}", file.path, file.outcome, file.reason);
    }
    table
}
