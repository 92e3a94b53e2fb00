//! Opening an input without being led astray between the walk and the opening.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

use crate::dicom::Source;

/// An open input, and what tells whether somebody writes to it meanwhile.
#[derive(Debug)]
pub struct Input {
    /// Its bytes.
    pub source: Source,
    /// How the file was when it was opened; nothing for bytes in memory.
    stamp: Option<Stamp>,
}

/// Length and times of a file. Whoever writes to a file changes one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp {
            len: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl Input {
    fn new(file: File, metadata: &Metadata) -> Input {
        let len = metadata.len();
        Input {
            source: Source::File { file, len },
            stamp: Some(metadata.into()),
        }
    }

    /// Whether the file is still as it was when it was opened: only then is what was read at different times one file.
    pub fn is_unchanged(&self) -> io::Result<bool> {
        match (&self.source, &self.stamp) {
            (Source::File { file, .. }, Some(stamp)) => {
                Ok(Stamp::from(&file.metadata()?) == *stamp)
            }
            _ => Ok(true),
        }
    }
}

/// Reads a file that the user named as a whole; links are followed. One of more than `most` bytes is refused.
pub fn read_whole(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    file.by_ref().take(most).read_to_end(&mut bytes)?;
    if file.read(&mut [0])? > 0 {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Opens a regular file for reading.
///
/// A name that has become a link or a pipe since the walk is an error: links are not followed, and a pipe is not
/// waited for.
pub fn open_regular(path: &Path) -> io::Result<Input> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    Ok(Input::new(file, &metadata))
}

/// Takes standard input: by position when it is a regular file read from its start, else into memory.
///
/// Gives nothing when more than `most` bytes would have to be held in memory.
pub fn open_stdin(most: u64) -> io::Result<Option<Input>> {
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let metadata = file.metadata()?;
    if metadata.is_file() && file.stream_position()? == 0 {
        return Ok(Some(Input::new(file, &metadata)));
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(Input {
        source: Source::Memory(bytes),
        stamp: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::ReadAt as _;

    #[test]
    fn a_link_or_a_pipe_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, b"abc").unwrap();
        assert_eq!(open_regular(&file).unwrap().source.len(), 3);

        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(open_regular(&link).is_err());

        // Without O_NONBLOCK this would wait for a writer for ever.
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            0o600.into(),
            0,
        )
        .unwrap();
        assert!(open_regular(&pipe).is_err());
        assert!(open_regular(dir.path()).is_err());
    }
}
