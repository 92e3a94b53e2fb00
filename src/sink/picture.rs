//! Pictures that a person asked for, outside any output folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// How every PNG file begins (ISO/IEC 15948, 5.2).
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What stands behind the preamble of a DICOM file, and where (PS3.10 section 7.1).
const DICM: (usize, &[u8]) = (128, b"DICM");

/// Writes a picture, whole or not at all, readable by its owner only: it may show a patient. Replaces a PNG file, but
/// no other; what is no regular file, such as a pipe, is written to.
pub fn save(png: &[u8], path: &Path) -> Result<(), Error> {
    let is_replaced = may_replace(path)?;
    let written = if is_replaced {
        replace(png, path)
    } else {
        let open = OpenOptions::new().write(true).open(path);
        open.and_then(|mut file| file.write_all(png))
    };
    written.map_err(|source| failed(path, source))
}

/// The folder in which a picture stands.
pub fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Whether a picture may take the place of what is there: nothing, or a PNG file. Not one that hides an instance
/// behind its signature.
fn may_replace(path: &Path) -> Result<bool, Error> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(e) => return Err(failed(path, e)),
    };
    if !metadata.is_file() {
        return Ok(false);
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(132).read_to_end(&mut start))
        .map_err(|e| failed(path, e))?;
    let is_instance = start.get(DICM.0..) == Some(DICM.1);
    if start.is_empty() || start.starts_with(SIGNATURE) && !is_instance {
        return Ok(true);
    }
    Err(Error::Foreign {
        what: "a PNG picture",
        path: path.to_path_buf(),
    })
}

fn replace(png: &[u8], path: &Path) -> io::Result<()> {
    // Made for its owner alone.
    let mut file = tempfile::Builder::new()
        .prefix(".samar-")
        .suffix(".part")
        .tempfile_in(folder(path))
        // It names the temporary file, which nobody knows.
        .map_err(|e| io::Error::from(e.kind()))?;
    file.write_all(png)?;
    file.persist(path)?;
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::Io {
        doing: "write the picture",
        path: path.to_path_buf(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn replaces_pictures_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let png = [SIGNATURE, b"a picture"].concat();
        save(&png, &at("new.png")).unwrap();
        fs::set_permissions(at("new.png"), fs::Permissions::from_mode(0o644)).unwrap();
        save(&png, &at("new.png")).unwrap();
        let mode = fs::metadata(at("new.png")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let mut instance = png.clone();
        instance.resize(128, 0);
        instance.extend_from_slice(b"DICM");
        for (name, bytes) in [("text", &b"note"[..]), ("instance", &instance)] {
            fs::write(at(name), bytes).unwrap();
            assert!(matches!(save(&png, &at(name)), Err(Error::Foreign { .. })));
            assert_eq!(fs::read(at(name)).unwrap(), bytes);
        }
        assert!(matches!(save(&png, folder.path()), Err(Error::Io { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
