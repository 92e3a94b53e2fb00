//! The folder for originals that a person must look at, kept only when the user names one.
//!
//! It holds identified data: files are readable by their owner alone, and are named by the report's opaque ids.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::dicom::{ReadAt as _, Source};
use crate::error::Error;
use crate::sink::SinkError;
use crate::sink::copy::BUFFER;

/// A folder for originals.
#[derive(Debug)]
pub struct Quarantine {
    folder: PathBuf,
}

impl Quarantine {
    /// Opens the folder, creates it (mode 0700) if need be.
    pub fn open(folder: &Path) -> Result<Quarantine, Error> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        match made {
            Ok(()) => Ok(Quarantine {
                folder: folder.to_path_buf(),
            }),
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
                ) =>
            {
                Err(Error::NotAFolder {
                    what: "the quarantine",
                    path: folder.to_path_buf(),
                })
            }
            Err(source) => Err(Error::Io {
                doing: "create the quarantine",
                path: folder.to_path_buf(),
                source,
            }),
        }
    }

    /// Copies an original under its opaque id, whole or not at all. A copy from an earlier run is replaced.
    pub fn keep(&self, id: &str, source: &Source) -> Result<(), SinkError> {
        let part = self.folder.join(format!("{id}.part"));
        let kept = copy(&part, source)
            .and_then(|()| fs::rename(&part, self.folder.join(format!("{id}.dcm"))));
        kept.map_err(|e| {
            let _ = fs::remove_file(&part);
            SinkError::from_io("copy the original to the quarantine", &e)
        })
    }
}

fn copy(path: &Path, source: &Source) -> io::Result<()> {
    // A leftover of a killed run would keep its own mode: it goes first.
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    let mut buffer = vec![0; BUFFER];
    let mut offset = 0;
    loop {
        let n = source.read_at(&mut buffer, offset)?;
        file.write_all(buffer.get(..n).unwrap_or_default())?;
        offset += n as u64;
        if n < buffer.len() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn originals_are_private_and_whole() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a/q");
        let quarantine = Quarantine::open(&folder).unwrap();
        let bytes = vec![7; BUFFER + 3];
        for _ in 0..2 {
            quarantine
                .keep("0123", &Source::Memory(bytes.clone()))
                .unwrap();
        }
        assert_eq!(fs::read(folder.join("0123.dcm")).unwrap(), bytes);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.join("0123.dcm")), 0o600);
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(matches!(
            Quarantine::open(&folder.join("0123.dcm")),
            Err(Error::NotAFolder { .. })
        ));
    }
}
