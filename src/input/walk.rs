//! The walk: every file under the named inputs, once, sorted by the bytes of its path.
//!
//! The order is global, not per input, so that neither the order of the arguments nor that of the file system reaches
//! the output. A tree may hold hundreds of thousands of files: types come from the directory itself, nothing is asked
//! about a single file, and what is kept per file is its path.

use std::collections::HashMap;
use std::fs::{self, FileType};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// What stands under a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file: the only kind that is opened.
    File,
    /// A symbolic link inside a named folder: reported, not followed.
    Link,
    /// A pipe, socket or device: reported, never opened.
    Special,
    /// A folder or entry that could not be read; whatever it holds is missing from the run.
    Unreadable(io::ErrorKind),
}

/// One thing found under the named inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Absolute path, the named part of it free of links.
    pub path: PathBuf,
    /// What stands there.
    pub kind: Kind,
}

/// Everything under the named inputs.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Sorted by the bytes of the path; no path twice.
    pub entries: Vec<Entry>,
    /// The deepest folder that holds every named input: reports name inputs relative to it.
    pub base: PathBuf,
    /// The named inputs themselves, absolute and free of links, sorted.
    pub roots: Vec<PathBuf>,
}

impl Inputs {
    /// Finds every file under the named inputs.
    ///
    /// A named link is followed, for the user has named it; a link met on the way is not. An input that does not exist
    /// or that holds no file at all is an error; a folder that cannot be read is an entry, and the walk goes on.
    pub fn find(named: &[PathBuf]) -> Result<Inputs, Error> {
        if named.is_empty() {
            return Err(Error::NoInput);
        }
        let mut entries = Vec::new();
        let mut roots = Vec::with_capacity(named.len());
        let mut base: Option<PathBuf> = None;
        for (root, typed) in resolve(named)? {
            let before = entries.len();
            let folder = match fs::symlink_metadata(&root) {
                Ok(metadata) if metadata.is_dir() => {
                    walk(root.clone(), &mut entries);
                    true
                }
                Ok(metadata) => {
                    let kind = kind_of(metadata.file_type());
                    entries.push(Entry {
                        path: root.clone(),
                        kind,
                    });
                    false
                }
                Err(e) => {
                    let kind = Kind::Unreadable(e.kind());
                    entries.push(Entry {
                        path: root.clone(),
                        kind,
                    });
                    false
                }
            };
            let found = entries.get(before..).unwrap_or_default();
            if !found
                .iter()
                .any(|e| matches!(e.kind, Kind::File | Kind::Unreadable(_)))
            {
                return Err(Error::InputEmpty { path: typed });
            }
            let holder = if folder {
                root.as_path()
            } else {
                root.parent().unwrap_or(&root)
            };
            base = Some(match base {
                None => holder.to_path_buf(),
                Some(base) => common(&base, holder),
            });
            roots.push(root);
        }
        entries.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        entries.dedup_by(|a, b| a.path == b.path);
        roots.sort_unstable();
        roots.dedup();
        Ok(Inputs {
            entries,
            base: base.unwrap_or_default(),
            roots,
        })
    }

    /// An entry's path relative to [`Self::base`].
    pub fn relative<'a>(&self, entry: &'a Entry) -> &'a Path {
        match entry.path.strip_prefix(&self.base) {
            Ok(path) if !path.as_os_str().is_empty() => path,
            // The named folder itself, when it cannot be read.
            _ => Path::new("."),
        }
    }
}

/// Makes the named inputs absolute and free of links, each with what the user typed.
fn resolve(named: &[PathBuf]) -> Result<Vec<(PathBuf, PathBuf)>, Error> {
    // Lists name many files of few folders: the folders are resolved once.
    let mut folders: HashMap<PathBuf, PathBuf> = HashMap::new();
    let mut roots = Vec::with_capacity(named.len());
    let mut missing: Option<PathBuf> = None;
    let mut more = 0;
    for typed in named {
        match resolve_one(typed, &mut folders) {
            Ok(root) => roots.push((root, typed.clone())),
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                if missing.is_none() {
                    missing = Some(typed.clone());
                } else {
                    more += 1;
                }
            }
            Err(source) => {
                return Err(Error::Io {
                    doing: "read the input",
                    path: typed.clone(),
                    source,
                });
            }
        }
    }
    match missing {
        Some(path) => Err(Error::InputMissing { path, more }),
        None => Ok(roots),
    }
}

fn resolve_one(typed: &Path, folders: &mut HashMap<PathBuf, PathBuf>) -> io::Result<PathBuf> {
    let (Some(parent), Some(name)) = (typed.parent(), typed.file_name()) else {
        return fs::canonicalize(typed);
    };
    if fs::symlink_metadata(typed)?.is_symlink() {
        return fs::canonicalize(typed);
    }
    if let Some(folder) = folders.get(parent) {
        return Ok(folder.join(name));
    }
    let here = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    let folder = fs::canonicalize(here)?;
    let root = folder.join(name);
    folders.insert(parent.to_path_buf(), folder);
    Ok(root)
}

/// Collects what is under a folder. A stack of its own instead of recursion: depth is the stranger's choice.
fn walk(root: PathBuf, entries: &mut Vec<Entry>) {
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        let unreadable = |e: &io::Error| Entry {
            path: folder.clone(),
            kind: Kind::Unreadable(e.kind()),
        };
        let listing = match fs::read_dir(&folder) {
            Ok(listing) => listing,
            Err(e) => {
                entries.push(unreadable(&e));
                continue;
            }
        };
        for item in listing {
            let item = match item {
                Ok(item) => item,
                Err(e) => {
                    entries.push(unreadable(&e));
                    break;
                }
            };
            let path = item.path();
            match item.file_type() {
                Ok(file_type) if file_type.is_dir() => folders.push(path),
                Ok(file_type) => entries.push(Entry {
                    path,
                    kind: kind_of(file_type),
                }),
                Err(e) => entries.push(Entry {
                    path,
                    kind: Kind::Unreadable(e.kind()),
                }),
            }
        }
    }
}

/// The kind of what is not a folder.
fn kind_of(file_type: FileType) -> Kind {
    if file_type.is_file() {
        Kind::File
    } else if file_type.is_symlink() {
        Kind::Link
    } else {
        debug_assert!(
            file_type.is_fifo()
                || file_type.is_socket()
                || file_type.is_char_device()
                || file_type.is_block_device()
        );
        Kind::Special
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// The deepest folder that holds both.
fn common(a: &Path, b: &Path) -> PathBuf {
    a.components()
        .zip(b.components())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::fs::symlink;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        dir
    }

    fn names(inputs: &Inputs) -> Vec<String> {
        inputs
            .entries
            .iter()
            .map(|e| inputs.relative(e).to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn the_order_of_arguments_does_not_matter_and_nothing_comes_twice() {
        let dir = tree(&["b/1", "b/.hidden", "a/2", "a-b", "a/sub/3"]);
        let root = |name: &str| dir.path().join(name);
        let whole = Inputs::find(&[dir.path().to_path_buf()]).unwrap();
        // By bytes: `-` sorts before `/`.
        assert_eq!(names(&whole), ["a-b", "a/2", "a/sub/3", "b/.hidden", "b/1"]);
        let parts = Inputs::find(&[
            root("b"),
            root("a/sub"),
            root("a"),
            root("a/2"),
            root("a-b"),
            root("b/"),
        ])
        .unwrap();
        assert_eq!(parts.entries, whole.entries);
        assert_eq!(names(&parts), names(&whole));
    }

    #[test]
    fn links_and_special_files_are_listed_and_not_followed() {
        let dir = tree(&["in/1", "elsewhere/2"]);
        let root = dir.path().join("in");
        symlink(dir.path().join("elsewhere"), root.join("folder")).unwrap();
        symlink(&root, root.join("loop")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        let pipe = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, root.join("pipe"), pipe, 0o600.into(), 0).unwrap();
        let inputs = Inputs::find(std::slice::from_ref(&root)).unwrap();
        let kinds: Vec<_> = inputs.entries.iter().map(|e| e.kind).collect();
        assert_eq!(names(&inputs), ["1", "dangling", "folder", "loop", "pipe"]);
        assert_eq!(
            kinds,
            [
                Kind::File,
                Kind::Link,
                Kind::Link,
                Kind::Link,
                Kind::Special
            ]
        );

        // A link that the user names is followed.
        let inputs = Inputs::find(&[root.join("folder")]).unwrap();
        assert_eq!(names(&inputs), ["2"]);
    }

    #[test]
    fn names_need_not_be_text() {
        let dir = tree(&["in/1"]);
        let name = OsStr::from_bytes(b"in/\xff\xfe");
        fs::write(dir.path().join(name), b"").unwrap();
        let inputs = Inputs::find(&[dir.path().join("in")]).unwrap();
        assert_eq!(inputs.entries.len(), 2);
        assert_eq!(
            inputs.relative(&inputs.entries[1]).as_os_str().as_bytes(),
            b"\xff\xfe"
        );
    }

    #[test]
    fn an_input_that_matches_nothing_is_an_error() {
        let dir = tree(&["in/1"]);
        fs::create_dir(dir.path().join("empty")).unwrap();
        fs::create_dir(dir.path().join("links")).unwrap();
        symlink("../in/1", dir.path().join("links/1")).unwrap();
        let find = |names: &[&str]| {
            Inputs::find(&names.iter().map(|n| dir.path().join(n)).collect::<Vec<_>>())
        };
        assert!(matches!(
            find(&["in", "x", "y", "z"]),
            Err(Error::InputMissing { more: 2, .. })
        ));
        assert!(matches!(
            find(&["in/1/x"]),
            Err(Error::InputMissing { more: 0, .. })
        ));
        assert!(matches!(
            find(&["in", "empty"]),
            Err(Error::InputEmpty { .. })
        ));
        assert!(matches!(find(&["links"]), Err(Error::InputEmpty { .. })));
        assert!(matches!(find(&[]), Err(Error::NoInput)));
        assert!(find(&["links/1"]).is_ok());
    }

    #[test]
    fn several_inputs_are_named_from_their_common_folder() {
        let dir = tree(&["2023/a/1", "2024/a/1", "x"]);
        let root = |name: &str| dir.path().join(name);
        assert_eq!(
            names(&Inputs::find(&[root("2023"), root("2024")]).unwrap()),
            ["2023/a/1", "2024/a/1"]
        );
        assert_eq!(names(&Inputs::find(&[root("2023/a/1")]).unwrap()), ["1"]);
        assert_eq!(
            names(&Inputs::find(&[root("2023"), root("2023/a")]).unwrap()),
            ["a/1"]
        );
    }
}
