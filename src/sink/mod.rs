//! The output folder: each verified instance appears in it whole or not at all.
//!
//! An instance is first [staged](DirSink::stage) under a name of no meaning in a folder of the run's own, inside the
//! output's file system, and then [published](DirSink::publish) by a rename that never replaces anything. Staging runs in
//! parallel; publishing is done by one thread at a time in input order, so that of two inputs that claim one path the
//! first always wins.

pub mod compare;
pub mod copy;
pub mod dir;
pub mod folders;
pub mod layout;
pub mod parts;
pub mod picture;
pub mod quarantine;
pub mod room;
pub mod staging;
pub mod stdout;

#[cfg(test)]
pub(crate) mod testing;

pub use dir::{DirSink, Options, Put, Staged};
pub use layout::OutputPath;
pub use quarantine::Quarantine;
pub use room::OutputRoom;

use std::io;

/// Why an instance could not be put into the output.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct SinkError {
    /// A stable, kebab-case code.
    pub reason: &'static str,
    /// One sentence for a person, without any path or value.
    pub detail: String,
    /// Whether every other instance would meet the same: a full disk, a read-only file system.
    pub fatal: bool,
}

impl SinkError {
    /// Names an I/O error by its kind; what it says about paths or values is not passed on.
    pub fn from_io(doing: &str, error: &io::Error) -> SinkError {
        use io::ErrorKind as Kind;
        let (reason, fatal) = match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded => ("disk-full", true),
            Kind::ReadOnlyFilesystem => ("read-only", true),
            Kind::UnexpectedEof => ("input-changed", false),
            Kind::FileTooLarge => ("file-too-large", false),
            _ => ("io-error", false),
        };
        SinkError {
            reason,
            detail: format!("cannot {doing}: {}", error.kind()),
            fatal,
        }
    }
}
