//! Lists of inputs: paths separated by NUL, as `find -print0` writes them, so that any name can stand in them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Reads the list in a file, or on standard input when it is `-`.
pub fn read(list: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut bytes = Vec::new();
    let read = if list == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        File::open(list).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|source| Error::Io {
        doing: "read the list of inputs",
        path: list.to_path_buf(),
        source,
    })?;
    Ok(split(&bytes))
}

/// The paths of a list. Empty ones, such as the one behind the last NUL, are left out.
fn split(bytes: &[u8]) -> Vec<PathBuf> {
    bytes
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .map(|path| PathBuf::from(OsStr::from_bytes(path)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_separated_by_nul_alone() {
        let names = |bytes: &[u8]| -> Vec<Vec<u8>> {
            split(bytes)
                .into_iter()
                .map(|p| p.as_os_str().as_bytes().to_vec())
                .collect()
        };
        assert_eq!(names(b"a b\n\0c\xff\0\0d"), [&b"a b\n"[..], b"c\xff", b"d"]);
        assert!(names(b"").is_empty());
        assert!(names(b"\0").is_empty());
    }
}
