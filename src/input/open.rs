//! Opening an input without being led astray between the walk and the opening.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;

use crate::dicom::Source;

/// Opens a regular file for reading.
///
/// A name that has become a link or a pipe since the walk is an error: links are not followed, and a pipe is not
/// waited for.
pub fn open_regular(path: &Path) -> io::Result<Source> {
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
    let len = metadata.len();
    Ok(Source::File { file, len })
}

/// Takes standard input: by position when it is a regular file read from its start, else into memory.
///
/// Gives nothing when more than `most` bytes would have to be held in memory.
pub fn open_stdin(most: u64) -> io::Result<Option<Source>> {
    use std::io::{Read as _, Seek as _};
    use std::os::fd::AsFd as _;
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let metadata = file.metadata()?;
    if metadata.is_file() && file.stream_position()? == 0 {
        let len = metadata.len();
        return Ok(Some(Source::File { file, len }));
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(Source::Memory(bytes)))
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
        assert_eq!(open_regular(&file).unwrap().len(), 3);

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
