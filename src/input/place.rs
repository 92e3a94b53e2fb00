//! Where the places of a run stand to each other: what is read, what leaves the building, what stays.
//!
//! Paths are compared after links are resolved, and folders by identity too, so that neither a link, nor a second mount,
//! nor a file system that ignores case can put the output into the input.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use crate::error::Error;
use crate::input::Inputs;

/// A path made absolute, the links of its existing part resolved. The rest need not exist.
pub fn resolve(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut existing = absolute.as_path();
    loop {
        match fs::canonicalize(existing) {
            Ok(mut resolved) => {
                let rest = absolute.strip_prefix(existing).unwrap_or(Path::new(""));
                let mut climbs = false;
                for part in rest.components() {
                    if part == Component::ParentDir {
                        climbs = true;
                        resolved.pop();
                    } else {
                        resolved.push(part);
                    }
                }
                // Having climbed out of what does not exist, the path may be back among links.
                return if climbs {
                    resolve(&resolved)
                } else {
                    Ok(resolved)
                };
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => match existing.parent() {
                // A dangling link would be created through: where it leads is not known.
                Some(_) if fs::symlink_metadata(existing).is_ok() => return Err(e),
                Some(parent) => existing = parent,
                None => return Err(e),
            },
            Err(e) => return Err(e),
        }
    }
}

/// A place that a run writes to.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// What it is called in an error: `the output`, `the report`.
    pub what: &'static str,
    /// What the user typed.
    pub path: &'a Path,
}

/// Refuses places inside an input, an input inside the output, and private places inside the output.
///
/// `private` are the places that may hold patient values or secrets: they must not leave with the output.
pub fn check(
    inputs: &Inputs,
    output: Option<Place<'_>>,
    private: &[Place<'_>],
) -> Result<(), Error> {
    let mut roots = Folders::default();
    for root in &inputs.roots {
        roots.insert(root);
    }
    let mut outputs = Folders::default();
    if let Some(output) = output {
        let resolved = resolved(output)?;
        if let Some(input) = roots.holder(&resolved) {
            return Err(overlap(output, "is inside the input", &input));
        }
        outputs.insert(&resolved);
        let mut seen = HashMap::new();
        for root in &inputs.roots {
            if outputs.holder_cached(root, &mut seen) {
                return Err(overlap(output, "contains the input", root));
            }
        }
    }
    for place in private {
        let resolved = resolved(*place)?;
        if outputs.holder(&resolved).is_some() {
            let output = output.map_or(Path::new(""), |o| o.path);
            return Err(overlap(*place, "is inside the output", output));
        }
        // A key may lie anywhere that does not leave the building.
        if place.what != KEY
            && let Some(input) = roots.holder(&resolved)
        {
            return Err(overlap(*place, "is inside the input", &input));
        }
    }
    Ok(())
}

/// What a key file is called.
pub const KEY: &str = "the key file";

fn resolved(place: Place<'_>) -> Result<PathBuf, Error> {
    resolve(place.path).map_err(|source| Error::Io {
        doing: "resolve",
        path: place.path.to_path_buf(),
        source,
    })
}

fn overlap(place: Place<'_>, relation: &'static str, other: &Path) -> Error {
    Error::Overlap {
        what: place.what,
        path: place.path.to_path_buf(),
        relation,
        other: other.to_path_buf(),
    }
}

/// A set of folders and files, known by path and by identity.
#[derive(Default)]
struct Folders {
    paths: HashSet<PathBuf>,
    identities: HashMap<(u64, u64), PathBuf>,
}

impl Folders {
    fn insert(&mut self, path: &Path) {
        if let Some(identity) = folder_identity(path) {
            self.identities.insert(identity, path.to_path_buf());
        }
        self.paths.insert(path.to_path_buf());
    }

    /// The member that is `path` or holds it.
    fn holder(&self, path: &Path) -> Option<PathBuf> {
        path.ancestors().find_map(|ancestor| {
            if self.paths.contains(ancestor) {
                return Some(ancestor.to_path_buf());
            }
            self.identities.get(&folder_identity(ancestor)?).cloned()
        })
    }

    /// Whether a member is `path` or holds it, remembering the answer for folders.
    fn holder_cached(&self, path: &Path, seen: &mut HashMap<PathBuf, bool>) -> bool {
        let Some(parent) = path.parent() else {
            return self.holder(path).is_some();
        };
        let held = seen.get(parent).copied().unwrap_or_else(|| {
            let held = self.holder(parent).is_some();
            seen.insert(parent.to_path_buf(), held);
            held
        });
        held || self.paths.contains(path)
            || folder_identity(path).is_some_and(|identity| self.identities.contains_key(&identity))
    }
}

/// Device and inode of a folder; nothing for a file, whose other names (hard links) do not matter here.
fn folder_identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = fs::metadata(path).ok()?;
    metadata.is_dir().then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// `in/1` and `other` exist; every path of the arguments is relative to a fresh folder.
    fn verdict(output: &str, private: &[(&'static str, &str)]) -> Result<(), String> {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("in/sub")).unwrap();
        fs::create_dir(at("other")).unwrap();
        fs::write(at("in/sub/1"), b"").unwrap();
        symlink("in/sub", at("link")).unwrap();
        symlink(".", at("here")).unwrap();
        let inputs = Inputs::find(&[at("in")]).unwrap();
        let output = at(output);
        let private: Vec<_> = private
            .iter()
            .map(|(what, path)| (*what, at(path)))
            .collect();
        let places: Vec<_> = private
            .iter()
            .map(|(what, path)| Place { what, path })
            .collect();
        let output = Place {
            what: "the output",
            path: &output,
        };
        check(&inputs, Some(output), &places).map_err(|e| match e {
            Error::Overlap { what, relation, .. } => format!("{what} {relation}"),
            e => panic!("{e}"),
        })
    }

    #[test]
    fn the_output_stands_apart_from_the_input() {
        assert_eq!(verdict("out", &[]), Ok(()));
        assert_eq!(verdict("out/deep/er", &[]), Ok(()));
        assert_eq!(verdict("in2", &[]), Ok(()));
        let inside = Err("the output is inside the input".to_owned());
        for output in [
            "in",
            "in/new",
            "in/new/er",
            "in/sub",
            "link/new",
            "here/in",
            "other/../in/x",
            "x/../in",
        ] {
            assert_eq!(verdict(output, &[]), inside, "{output}");
        }
        let contains = Err("the output contains the input".to_owned());
        for output in ["", "here", "other/.."] {
            assert_eq!(verdict(output, &[]), contains, "{output}");
        }
    }

    #[test]
    fn what_is_private_does_not_leave_with_the_output() {
        assert_eq!(
            verdict("out", &[("the report", "r.jsonl"), (KEY, "in/key")]),
            Ok(())
        );
        let inside = |what: &str, of: &str| Err(format!("{what} is inside the {of}"));
        assert_eq!(
            verdict("out", &[("the report", "out/r.jsonl")]),
            inside("the report", "output")
        );
        assert_eq!(
            verdict("out", &[("the quarantine", "out")]),
            inside("the quarantine", "output")
        );
        assert_eq!(
            verdict("other", &[(KEY, "other/key")]),
            inside(KEY, "output")
        );
        assert_eq!(
            verdict("out", &[("the quarantine", "link/q")]),
            inside("the quarantine", "input")
        );
    }
}
