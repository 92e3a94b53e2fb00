//! The mapping files, `uid_mapping.csv` and `patid_mapping.csv`: which identifier became which.
//!
//! They lead back to patients, so they exist only when a folder for them is named, are readable by their owner alone, and
//! never stand in the output. A folder may serve many runs: what earlier runs put there is kept.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::deid::Mapped;
use crate::error::Error;
use crate::phi::Phi;

/// The header of both files.
const COLUMNS: [&str; 2] = ["id_old", "id_new"];

/// Pairs of old and new, in order, each once.
type Pairs = BTreeSet<(Phi<String>, String)>;

/// The pairs of a run, and where they go.
#[derive(Debug)]
pub struct Mapping {
    uids: Table,
    patients: Table,
}

#[derive(Debug)]
struct Table {
    path: PathBuf,
    pairs: Pairs,
    /// Whether there is anything that the file does not say yet.
    changed: bool,
}

impl Mapping {
    /// Opens the folder, creates it (mode 0700) if need be, and reads what is there.
    pub fn open(folder: &Path) -> Result<Mapping, Error> {
        match DirBuilder::new().recursive(true).mode(0o700).create(folder) {
            Ok(()) => {}
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
                ) =>
            {
                return Err(Error::NotAFolder {
                    what: "the mapping folder",
                    path: folder.to_path_buf(),
                });
            }
            Err(source) => {
                return Err(Error::Io {
                    doing: "create the mapping folder",
                    path: folder.to_path_buf(),
                    source,
                });
            }
        }
        Ok(Mapping {
            uids: Table::open(folder.join("uid_mapping.csv"))?,
            patients: Table::open(folder.join("patid_mapping.csv"))?,
        })
    }

    /// Adds what one written instance has changed.
    pub fn add(&mut self, uids: Vec<Mapped>, patient: Option<Mapped>) {
        for pair in uids {
            self.uids.add(pair);
        }
        if let Some(pair) = patient {
            self.patients.add(pair);
        }
    }

    /// Writes both files, each whole or not at all.
    pub fn finish(self) -> io::Result<()> {
        self.uids.write()?;
        self.patients.write()
    }
}

impl Table {
    fn open(path: PathBuf) -> Result<Table, Error> {
        let pairs = match read(&path) {
            Ok(Some(pairs)) => Some(pairs),
            Ok(None) => {
                return Err(Error::Foreign {
                    what: "a samar mapping",
                    path,
                });
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(source) => {
                return Err(Error::Io {
                    doing: "read the mapping",
                    path,
                    source,
                });
            }
        };
        Ok(Table {
            path,
            changed: pairs.is_none(),
            pairs: pairs.unwrap_or_default(),
        })
    }

    fn add(&mut self, pair: Mapped) {
        self.changed |= self.pairs.insert((pair.old, pair.new));
    }

    fn write(&self) -> io::Result<()> {
        if !self.changed {
            return Ok(());
        }
        let part = self.path.with_extension("csv.part");
        match fs::remove_file(&part) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)?;
        let mut out = csv::Writer::from_writer(file);
        let written = (|| {
            out.write_record(COLUMNS)?;
            for (old, new) in &self.pairs {
                out.write_record([old.reveal(), new])?;
            }
            out.flush()?;
            out.get_ref().sync_all()
        })();
        written
            .and_then(|()| fs::rename(&part, &self.path))
            .inspect_err(|_| {
                let _ = fs::remove_file(&part);
            })
    }
}

/// The pairs of a file; nothing when it is not a mapping.
fn read(path: &Path) -> io::Result<Option<Pairs>> {
    let mut rows = csv::Reader::from_reader(File::open(path)?);
    match rows.headers() {
        Ok(headers) if *headers == COLUMNS[..] => {}
        Err(e) if e.is_io_error() => return Err(e.into()),
        _ => return Ok(None),
    }
    let mut pairs = Pairs::new();
    for row in rows.into_records() {
        match row {
            Ok(row) => match (row.get(0), row.get(1)) {
                (Some(old), Some(new)) => {
                    pairs.insert((Phi::new(old.to_owned()), new.to_owned()));
                }
                _ => return Ok(None),
            },
            Err(e) if e.is_io_error() => return Err(e.into()),
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;

    fn pair(old: &str, new: &str) -> Mapped {
        Mapped {
            old: Phi::new(old.to_owned()),
            new: new.to_owned(),
        }
    }

    #[test]
    fn pairs_are_sorted_quoted_kept_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("m");
        let mut mapping = Mapping::open(&folder).unwrap();
        mapping.add(
            vec![
                pair("1.9", "2.25.2"),
                pair("1.2", "2.25.1"),
                pair("1.9", "2.25.2"),
            ],
            None,
        );
        mapping.add(Vec::new(), Some(pair("A,\"1\"\n", "42")));
        mapping.finish().unwrap();
        let uids = folder.join("uid_mapping.csv");
        let patients = folder.join("patid_mapping.csv");
        assert_eq!(
            fs::read_to_string(&uids).unwrap(),
            "id_old,id_new\n1.2,2.25.1\n1.9,2.25.2\n"
        );
        assert_eq!(
            fs::read_to_string(&patients).unwrap(),
            "id_old,id_new\n\"A,\"\"1\"\"\n\",42\n"
        );
        assert_eq!(fs::metadata(&uids).unwrap().mode() & 0o777, 0o600);

        // A later run adds; one that has nothing new does not touch the file.
        let before = fs::metadata(&patients).unwrap().ino();
        let mut mapping = Mapping::open(&folder).unwrap();
        mapping.add(vec![pair("1.1", "2.25.0")], Some(pair("A,\"1\"\n", "42")));
        mapping.finish().unwrap();
        assert_eq!(
            fs::read_to_string(&uids).unwrap(),
            "id_old,id_new\n1.1,2.25.0\n1.2,2.25.1\n1.9,2.25.2\n"
        );
        assert_eq!(fs::metadata(&patients).unwrap().ino(), before);
    }

    #[test]
    fn a_file_of_someone_elses_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("uid_mapping.csv"), "old,new\n1,2\n").unwrap();
        assert!(matches!(
            Mapping::open(dir.path()),
            Err(Error::Foreign { .. })
        ));
    }
}
