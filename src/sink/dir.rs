//! The output folder as a sink: stage, publish, finish.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::dicom::Source;
use crate::error::Error;
use crate::profile::files::PathTemplate;
use crate::sink::copy::{self, Copier};
use crate::sink::folders::{Folder, Folders};
use crate::sink::parts::PartsReader;
use crate::sink::staging::{self, Staging, Temp};
use crate::sink::{OutputPath, SinkError, compare};
use crate::verify::Verified;

/// What a sink is asked to do beyond writing.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Write nothing, but say what would become of every instance.
    pub dry_run: bool,
    /// Bring every file and folder to the disk before the next one, instead of once at the end.
    pub fsync: bool,
    /// Compute the SHA-256 of every output file.
    pub hash: bool,
    /// Where instances go.
    pub layout: PathTemplate,
}

/// What publishing has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The file is new.
    New,
    /// The same bytes were there already; nothing was touched.
    Same,
    /// Other bytes were there already; nothing was touched.
    Conflict,
}

/// An instance that is ready to be published, or known not to need it.
#[derive(Debug)]
pub struct Staged {
    /// Where it goes.
    pub path: OutputPath,
    /// SHA-256 of the whole file, when asked for.
    pub sha256: Option<[u8; 32]>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Made, under this name in the staging folder.
    Made(Temp),
    /// Compared with what the output held already.
    Known(Put),
    /// A dry run: nothing was made, this is what would have been.
    Imagined([u8; 32]),
}

/// A folder that verified instances are published in. See the module's description for the order of calls.
#[derive(Debug)]
pub struct DirSink {
    options: Options,
    /// Absent in a dry run into a folder that does not exist.
    folders: Option<Folders>,
    staging: OnceLock<Staging>,
    creating: Mutex<()>,
    /// What a dry run would have written.
    imagined: Mutex<HashMap<OutputPath, [u8; 32]>>,
    copier: Copier,
}

impl DirSink {
    /// Opens the output folder, creates it if need be, and removes what killed runs left in it.
    pub fn open(out: &Path, options: Options) -> Result<DirSink, Error> {
        let failed = |doing| {
            move |source: io::Error| match source.kind() {
                io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => Error::NotAFolder {
                    what: "the output",
                    path: out.to_path_buf(),
                },
                _ => Error::Io {
                    doing,
                    path: out.to_path_buf(),
                    source,
                },
            }
        };
        if !options.dry_run {
            fs::create_dir_all(out).map_err(failed("create the output"))?;
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = match rustix::fs::openat(rustix::fs::CWD, out, flags, Mode::empty()) {
            Ok(root) => Some(root),
            Err(Errno::NOENT) if options.dry_run => None,
            Err(e) => return Err(failed("open the output")(e.into())),
        };
        if let Some(root) = &root
            && !options.dry_run
        {
            staging::remove_stale(root.as_fd());
        }
        Ok(DirSink {
            folders: root.map(|root| Folders::new(root, options.fsync)),
            options,
            staging: OnceLock::new(),
            creating: Mutex::default(),
            imagined: Mutex::default(),
            copier: Copier::default(),
        })
    }

    /// Makes the output file under a temporary name, or finds that the output holds it already.
    ///
    /// Called by many threads at once. `scratch` is a buffer of the calling thread's.
    pub fn stage(
        &self,
        source: &Source,
        file: &Verified,
        scratch: &mut Vec<u8>,
    ) -> Result<Staged, SinkError> {
        let path = OutputPath::new(file.identity(), &self.options.layout)?;
        if let Some(put) = self.known(&path, source, file)? {
            let sha256 = self
                .options
                .hash
                .then(|| copy::hash(source, file, scratch))
                .transpose();
            let sha256 = sha256.map_err(|e| SinkError::from_io("read the input", &e))?;
            return Ok(Staged {
                path,
                sha256,
                state: State::Known(put),
            });
        }
        if self.options.dry_run {
            let digest = copy::hash(source, file, scratch)
                .map_err(|e| SinkError::from_io("read the input", &e))?;
            let sha256 = self.options.hash.then_some(digest);
            return Ok(Staged {
                path,
                sha256,
                state: State::Imagined(digest),
            });
        }
        let staging = self
            .staging()
            .map_err(|e| SinkError::from_io("create the staging folder", &e))?;
        let (temp, mut out) = staging
            .new_file()
            .map_err(|e| SinkError::from_io("create a file", &e))?;
        let written = self
            .copier
            .write(&mut out, source, file, scratch, self.options.hash)
            .and_then(|sha256| {
                if self.options.fsync {
                    out.sync_all()?;
                }
                Ok(sha256)
            });
        match written {
            Ok(sha256) => Ok(Staged {
                path,
                sha256,
                state: State::Made(temp),
            }),
            Err(e) => {
                staging.discard(&temp);
                Err(SinkError::from_io("write the output", &e))
            }
        }
    }

    /// A path to the staged file, for another reader; `None` when nothing was made.
    pub fn staged_path(&self, staged: &Staged) -> Option<PathBuf> {
        match &staged.state {
            State::Made(temp) => Some(self.staging.get()?.path(temp)),
            State::Known(_) | State::Imagined(_) => None,
        }
    }

    /// Gives up a staged instance: it is not published.
    pub fn withdraw(&self, staged: &Staged) {
        if let (State::Made(temp), Some(staging)) = (&staged.state, self.staging.get()) {
            staging.discard(temp);
        }
    }

    /// Gives a staged instance its name. The caller calls this for one instance at a time, in input order.
    pub fn publish(&self, staged: &Staged) -> Result<Put, SinkError> {
        match &staged.state {
            State::Known(put) => Ok(*put),
            State::Imagined(digest) => {
                let mut imagined = self.imagined.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(match imagined.get(&staged.path) {
                    None => {
                        imagined.insert(staged.path.clone(), *digest);
                        Put::New
                    }
                    Some(first) if first == digest => Put::Same,
                    Some(_) => Put::Conflict,
                })
            }
            State::Made(temp) => {
                let put = self.publish_made(temp, &staged.path);
                if !matches!(put, Ok(Put::New))
                    && let Some(staging) = self.staging.get()
                {
                    staging.discard(temp);
                }
                put
            }
        }
    }

    /// Brings everything to the disk and removes the staging folder. Only after this may a run claim success.
    pub fn finish(self) -> io::Result<()> {
        let wrote = self.staging.get().is_some();
        let DirSink {
            folders, staging, ..
        } = self;
        drop(staging);
        match folders {
            Some(folders) if wrote => Ok(rustix::fs::syncfs(folders.root())?),
            _ => Ok(()),
        }
    }

    /// Compares with a file that was there before this run, if there is one.
    fn known(
        &self,
        path: &OutputPath,
        source: &Source,
        file: &Verified,
    ) -> Result<Option<Put>, SinkError> {
        let Some(folders) = &self.folders else {
            return Ok(None);
        };
        let folder = if self.options.dry_run {
            folders.find(path)
        } else {
            folders.make(path)
        };
        let folder = match folder {
            Ok(folder) if folder.ours => return Ok(None),
            Ok(folder) => folder,
            Err(Errno::NOENT) if self.options.dry_run => return Ok(None),
            Err(e) => return Err(no_folder(e)),
        };
        let target = match open_target(&folder, path) {
            Ok(target) => target,
            Err(Errno::NOENT) => return Ok(None),
            // A link, a folder in its place, no permission: whatever it is, it is not our file, and it stays.
            Err(_) => return Ok(Some(Put::Conflict)),
        };
        let same = (|| {
            Ok(target.metadata()?.len() == file.len()
                && compare::same(&mut PartsReader::new(source, file), &mut &target)?)
        })();
        let same =
            same.map_err(|e: io::Error| SinkError::from_io("compare with the output", &e))?;
        Ok(Some(if same { Put::Same } else { Put::Conflict }))
    }

    /// The staging folder, made when the first instance needs it: a run that writes nothing touches nothing.
    fn staging(&self) -> io::Result<&Staging> {
        if let Some(staging) = self.staging.get() {
            return Ok(staging);
        }
        let _one = self.creating.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(staging) = self.staging.get() {
            return Ok(staging);
        }
        let folders = self.folders.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let staging = Staging::create(folders.root())?;
        Ok(self.staging.get_or_init(|| staging))
    }

    fn publish_made(&self, temp: &Temp, path: &OutputPath) -> Result<Put, SinkError> {
        let (Some(folders), Some(staging)) = (&self.folders, self.staging.get()) else {
            return Err(failed(io::ErrorKind::NotFound));
        };
        let folder = folders.make(path).map_err(no_folder)?;
        match rename_new(staging, temp, &folder, path.name()) {
            Ok(()) => {
                if self.options.fsync {
                    rustix::fs::fsync(folder.handle()).map_err(failed)?;
                }
                Ok(Put::New)
            }
            Err(Errno::EXIST) => {
                let Ok(target) = open_target(&folder, path) else {
                    return Ok(Put::Conflict);
                };
                same_as_made(staging, temp, &target).map_err(failed)
            }
            Err(e) => Err(failed(e)),
        }
    }
}

/// Compares a staged file with what stands in its place.
fn same_as_made(staging: &Staging, temp: &Temp, mut target: &File) -> io::Result<Put> {
    let made = staging.open(temp)?;
    let same = made.metadata()?.len() == target.metadata()?.len()
        && compare::same(&mut &made, &mut target)?;
    Ok(if same { Put::Same } else { Put::Conflict })
}

/// Renames without ever replacing; where the file system cannot do that, links and unlinks.
fn rename_new(
    staging: &Staging,
    temp: &Temp,
    folder: &Folder,
    name: &str,
) -> rustix::io::Result<()> {
    let (from, to) = (staging.folder(), folder.handle());
    match rustix::fs::renameat_with(from, temp.name(), to, name, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            rustix::fs::linkat(from, temp.name(), to, name, AtFlags::empty())?;
            staging.discard(temp);
            Ok(())
        }
        result => result,
    }
}

/// Opens a regular file of the output for reading.
fn open_target(folder: &Folder, path: &OutputPath) -> rustix::io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    rustix::fs::openat(folder.handle(), path.name(), flags, Mode::empty()).map(File::from)
}

/// Why there is no folder to publish in.
fn no_folder(error: Errno) -> SinkError {
    if error == Errno::NOTDIR {
        return SinkError {
            reason: "output-folder",
            detail: "a link or a file stands in the output where a folder belongs".to_owned(),
            fatal: false,
        };
    }
    SinkError::from_io("create a folder", &error.into())
}

fn failed(error: impl Into<io::Error>) -> SinkError {
    SinkError::from_io("publish the output", &error.into())
}

#[cfg(test)]
mod tests;
