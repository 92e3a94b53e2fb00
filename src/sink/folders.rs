//! The folders below the output, opened so that no link leads out of it.
//!
//! A folder is reached component by component, and none may be a link. What is done in a folder is done through its
//! open handle: whatever happens to names above it meanwhile, the file lands where it was decided to land, and the
//! kernel does not resolve four names for every file.

use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::sink::OutputPath;

/// Most folders kept open. Inputs come sorted, so few folders are in use at a time; handles are a scarce resource.
const OPEN: usize = 64;

/// A folder of the output.
#[derive(Debug)]
pub struct Folder {
    handle: OwnedFd,
    /// Whether this run has made it: then nobody else's file can be in it.
    pub ours: bool,
}

impl Folder {
    /// The open folder.
    pub fn handle(&self) -> BorrowedFd<'_> {
        self.handle.as_fd()
    }
}

/// The output folder and those below it.
#[derive(Debug)]
pub struct Folders {
    root: OwnedFd,
    /// Whether a new folder is to be brought to the disk at once.
    fsync: bool,
    open: Mutex<FxHashMap<String, Arc<Folder>>>,
}

impl Folders {
    /// Takes the open output folder.
    pub fn new(root: OwnedFd, fsync: bool) -> Folders {
        Folders {
            root,
            fsync,
            open: Mutex::default(),
        }
    }

    /// The output folder itself.
    pub fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// The folder of an instance, made if need be.
    ///
    /// `NOTDIR` when a link or a file stands in its place or in that of a folder above it.
    pub fn make(&self, path: &OutputPath) -> rustix::io::Result<Arc<Folder>> {
        self.reach(path, true)
    }

    /// The folder of an instance. `NOENT` when there is none, else as [`Self::make`].
    pub fn find(&self, path: &OutputPath) -> rustix::io::Result<Arc<Folder>> {
        self.reach(path, false)
    }

    fn reach(&self, path: &OutputPath, make: bool) -> rustix::io::Result<Arc<Folder>> {
        // Held while folders are made, so that of two workers one makes them and both know whose they are.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = open.get(path.folder()) {
            return Ok(Arc::clone(folder));
        }
        if open.len() >= OPEN {
            open.clear();
        }
        let mut above: Option<Arc<Folder>> = None;
        for (folder, name) in path.folders() {
            above = Some(if let Some(known) = open.get(folder) {
                Arc::clone(known)
            } else {
                let parent = above.as_ref().map_or(self.root(), |above| above.handle());
                let found = Arc::new(self.enter(parent, name, make)?);
                open.insert(folder.to_owned(), Arc::clone(&found));
                found
            });
        }
        // Without a folder of its own, an instance stands in the output folder.
        above.map_or_else(|| self.whole(), Ok)
    }

    /// The output folder itself.
    fn whole(&self) -> rustix::io::Result<Arc<Folder>> {
        let handle = self.root().try_clone_to_owned().map_err(|_| Errno::MFILE)?;
        Ok(Arc::new(Folder {
            handle,
            ours: false,
        }))
    }

    fn enter(&self, parent: BorrowedFd<'_>, name: &str, make: bool) -> rustix::io::Result<Folder> {
        let ours = make
            && match rustix::fs::mkdirat(parent, name, Mode::from_raw_mode(0o755)) {
                Ok(()) => true,
                Err(Errno::EXIST) => false,
                Err(e) => return Err(e),
            };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = match rustix::fs::openat(parent, name, flags, Mode::empty()) {
            // Some file systems speak of the link, most of its not being a folder.
            Err(Errno::LOOP) => return Err(Errno::NOTDIR),
            opened => opened?,
        };
        if ours && self.fsync {
            rustix::fs::fsync(parent)?;
        }
        Ok(Folder { handle, ours })
    }
}
