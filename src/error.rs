//! What can go wrong around a run: in what the user asked for, or in the folders that a run writes to.
//!
//! Trouble with one input is not an error but an outcome, see [`crate::report::Outcome`].

use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Exit;

/// A run that cannot start or cannot finish. Paths in it are those that the user typed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A named input does not exist.
    #[error("no such file or folder: `{}`{}", printable(path), others(*more))]
    InputMissing {
        /// The first such input.
        path: PathBuf,
        /// How many more there are.
        more: usize,
    },
    /// A named input holds nothing that could be read.
    #[error("no file in `{}`", printable(path))]
    InputEmpty {
        /// The folder, link or special file.
        path: PathBuf,
    },
    /// No input was named at all.
    #[error("no input named")]
    NoInput,
    /// Something that samar writes stands inside something that it reads, or the other way round.
    #[error("{what} `{}` {relation} `{}`", printable(path), printable(other))]
    Overlap {
        /// `the output`, `the report` and the like.
        what: &'static str,
        /// Where it is.
        path: PathBuf,
        /// `is inside the input`, `contains the input`, `is inside the output`.
        relation: &'static str,
        /// What it collides with.
        other: PathBuf,
    },
    /// A folder was expected.
    #[error("{what} `{}` is not a folder", printable(path))]
    NotAFolder {
        /// `the output` and the like.
        what: &'static str,
        /// Where it is.
        path: PathBuf,
    },
    /// A file that samar would overwrite was not made by samar.
    #[error("`{}` exists and is not {what}", printable(path))]
    Foreign {
        /// `a samar report` and the like.
        what: &'static str,
        /// Where it is.
        path: PathBuf,
    },
    /// A file or folder could not be used.
    #[error("cannot {doing} `{}`: {source}", printable(path))]
    Io {
        /// `read the key file`, `create the output` and the like.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than the owner can read the key file.
    #[error(
        "the key file `{}` can be read by others (mode {mode:04o})",
        printable(path)
    )]
    KeyExposed {
        /// Where it is.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is not a key file.
    #[error("`{}` is not a samar key file", printable(path))]
    KeyMalformed {
        /// Where it is.
        path: PathBuf,
    },
    /// The key file's checksum does not hold.
    #[error("the key in `{}` does not match its checksum", printable(path))]
    KeyChecksum {
        /// Where it is.
        path: PathBuf,
    },
    /// The key file exists already.
    #[error("`{}` exists, and a key is never overwritten", printable(path))]
    KeyExists {
        /// Where it is.
        path: PathBuf,
    },
    /// Everyone can read or change the subject table.
    #[error(
        "the subject table `{}` can be used by everyone (mode {mode:04o})",
        printable(path)
    )]
    SubjectsExposed {
        /// Where it is.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The subject table is too large.
    #[error("the subject table `{}` is larger than 256 MiB", printable(path))]
    SubjectsTooLarge {
        /// Where it is.
        path: PathBuf,
    },
    /// The profile does not run without a key file.
    #[error("the profile asks for a key file, and none is named")]
    KeyRequired,
    /// The profile asks for another key.
    #[error("the key is not the one that the profile asks for")]
    KeyWrong,
    /// The profile does not run without a report.
    #[error("the profile asks for a report, and none is named")]
    ReportRequired,
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    NoRandom,
    /// Standard output is a terminal.
    #[error("standard output is a terminal, and an instance is not text")]
    StdoutIsTerminal,
    /// Standard output is the file that is read.
    #[error("standard output is the same file as standard input")]
    StdoutIsStdin,
    /// There is no standard output.
    #[error("standard output is closed")]
    StdoutClosed,
    /// Standard output cannot be used.
    #[error("cannot use standard output: {0}")]
    Stdout(io::Error),
    /// The worker threads could not be started.
    #[error("cannot start the worker threads")]
    Threads,
}

impl Error {
    /// The exit code that belongs to it.
    pub fn exit(&self) -> Exit {
        match self {
            Error::Threads | Error::NoRandom | Error::Stdout(_) => Exit::Incomplete,
            _ => Exit::Usage,
        }
    }

    /// What the user can do about it.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Error::InputMissing { .. } => "check the spelling; nothing was written",
            Error::InputEmpty { .. } => {
                "links are not followed and special files are never opened; nothing was written"
            }
            Error::NoInput => "name files or folders, or give a list with `--files0-from`",
            Error::Overlap { .. } => {
                "choose a place outside; what is read and what leaves the building are kept apart"
            }
            Error::NotAFolder { .. } => "name a folder; it is created when it does not exist",
            Error::Foreign { .. } => "name another file; samar replaces only what it wrote itself",
            Error::KeyExposed { .. } => {
                "run `chmod 600` on it, and consider whether the key is still a secret"
            }
            Error::KeyMalformed { .. } => "make one with `samar key new --out FILE`",
            Error::KeyChecksum { .. } => {
                "restore the file from a copy; a damaged key gives other pseudonyms"
            }
            Error::KeyExists { .. } => "name another file",
            Error::SubjectsExposed { .. } => {
                "run `chmod 640` or `chmod 600` on it; it names the patients behind the pseudonyms"
            }
            Error::SubjectsTooLarge { .. } => "leave out the patients that are not in this run",
            Error::KeyRequired => "name it with `--key-file`; `samar key new --out FILE` makes one",
            Error::KeyWrong => {
                "`samar key fingerprint FILE` tells keys apart; another key gives other pseudonyms"
            }
            Error::ReportRequired => "name it with `--report F.jsonl`",
            Error::StdoutIsTerminal => "redirect it: `samar deid - < in.dcm > out.dcm`",
            Error::StdoutIsStdin => {
                "write to another file; nothing was written, and the original is as it was"
            }
            Error::StdoutClosed => {
                "redirect it: `samar deid - < in.dcm > out.dcm`; `> /dev/null` discards the result"
            }
            Error::Io { .. } | Error::NoRandom | Error::Stdout(_) | Error::Threads => return None,
        })
    }
}

/// A path as text that cannot steer a terminal: control characters and invalid bytes are replaced.
pub fn printable(path: &Path) -> String {
    sanitise(&path.to_string_lossy())
}

/// Text that cannot steer a terminal: every control or format character is replaced by U+FFFD.
pub fn sanitise(text: &str) -> String {
    text.chars()
        .map(|c| if steers(c) { '\u{FFFD}' } else { c })
        .collect()
}

/// Control characters, and the marks that reorder what stands around them.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The tail of a message about several paths.
fn others(more: usize) -> String {
    if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_steer_the_terminal() {
        assert_eq!(
            printable(Path::new("a\x1b[2Jb\n\u{202E}c")),
            "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}c"
        );
    }

    #[test]
    fn a_message_names_the_first_and_counts_the_rest() {
        let error = Error::InputMissing {
            path: PathBuf::from("x"),
            more: 2,
        };
        assert_eq!(error.to_string(), "no such file or folder: `x` and 2 more");
        assert_eq!(error.exit(), Exit::Usage);
    }
}
