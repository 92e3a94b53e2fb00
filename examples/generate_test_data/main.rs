//! Writes `test-data/`: small synthetic studies, odd files and bombs, each with the outcome that samar owes it.
//!
//! `cargo run --example generate_test_data [-- OUT]` writes the committed tree (default `test-data`).
//! `cargo run --example generate_test_data -- --large OUT` writes the bombs that are too big to commit.
//! No clock and no randomness: the same source makes the same bytes.

mod tree;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let mut large = false;
    let mut out = PathBuf::from("test-data");
    for argument in std::env::args().skip(1) {
        if argument == "--large" {
            large = true;
        } else {
            out = PathBuf::from(argument);
        }
    }
    let files = if large {
        tree::large()
    } else {
        tree::committed()
    };
    let mut bytes = 0;
    for file in &files {
        write(&out.join(&file.path), &file.bytes)?;
        bytes += file.bytes.len();
    }
    write(
        &out.join("expected/outcomes.tsv"),
        tree::outcomes(&files).as_bytes(),
    )?;
    writeln!(io::stdout(), "{} files, {bytes} bytes", files.len())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)
}
