//! The folder in which instances are made before they are published: `OUT/.samar-<random>/`.
//!
//! It lies in the output so that publishing is a rename within one file system. A lock on a file inside says that its
//! run is alive; what a killed run left behind is no longer locked and is removed by the next run.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

/// How the folder's name begins. No pseudonym begins so: they are digits.
const PREFIX: &str = ".samar-";
/// The file inside that is locked while the run lives.
const LOCK: &str = "lock";

/// The run's own folder inside the output. Removed when dropped.
#[derive(Debug)]
pub struct Staging {
    parent: OwnedFd,
    name: String,
    folder: OwnedFd,
    _lock: OwnedFd,
    next: AtomicU64,
}

impl Staging {
    /// Makes the folder in the given one and locks it.
    pub fn create(parent: BorrowedFd<'_>) -> io::Result<Staging> {
        let parent = parent.try_clone_to_owned()?;
        // Another run that is clearing up may take the folder in the moment before it is locked: then once more.
        for _ in 0..16 {
            let name = format!(
                "{PREFIX}{:016x}",
                getrandom::u64().map_err(|_| io::ErrorKind::Other)?
            );
            match rustix::fs::mkdirat(&parent, &name, Mode::RWXU) {
                Ok(()) => {}
                Err(Errno::EXIST) => continue,
                Err(e) => return Err(e.into()),
            }
            if let Some((folder, lock)) = lock_new(&parent, &name)? {
                let next = AtomicU64::new(0);
                return Ok(Staging {
                    parent,
                    name,
                    folder,
                    _lock: lock,
                    next,
                });
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// The folder itself.
    pub fn folder(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }

    /// A new, empty file and its number. Only this run can be its author, so it is readable like any output.
    pub fn new_file(&self) -> io::Result<(Temp, File)> {
        let temp = Temp::new(self.next.fetch_add(1, Ordering::Relaxed));
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let file =
            rustix::fs::openat(&self.folder, temp.name(), flags, Mode::from_raw_mode(0o644))?;
        Ok((temp, File::from(file)))
    }

    /// Opens a file made here for reading.
    pub fn open(&self, temp: &Temp) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        Ok(File::from(rustix::fs::openat(
            &self.folder,
            temp.name(),
            flags,
            Mode::empty(),
        )?))
    }

    /// A path to a file made here that holds whatever becomes of the folders above.
    pub fn path(&self, temp: &Temp) -> PathBuf {
        let folder = self.folder.as_raw_fd();
        PathBuf::from(format!("/proc/self/fd/{folder}/{}", temp.name()))
    }

    /// Removes a file made here. What cannot be removed now goes with the folder.
    pub fn discard(&self, temp: &Temp) {
        let _ = rustix::fs::unlinkat(&self.folder, temp.name(), AtFlags::empty());
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        clear(&self.parent, &self.name, &self.folder);
    }
}

/// The name of a staged file: a number, so that it says nothing about what is in it.
#[derive(Debug)]
pub struct Temp(String);

impl Temp {
    fn new(number: u64) -> Temp {
        Temp(number.to_string())
    }

    /// Name inside the staging folder.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Removes the staging folders of runs that are no longer alive. Trouble is left to the run that made them.
pub fn remove_stale(parent: BorrowedFd<'_>) {
    let Ok(listing) = rustix::fs::Dir::read_from(parent) else {
        return;
    };
    for item in listing.flatten() {
        let Ok(name) = item.file_name().to_str() else {
            continue;
        };
        if !is_ours(name) {
            continue;
        }
        let Ok(folder) = open_folder(parent, name) else {
            continue;
        };
        match rustix::fs::openat(
            &folder,
            LOCK,
            OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            Mode::empty(),
        ) {
            Ok(lock) => {
                if rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
                    clear(parent, name, &folder);
                }
            }
            // Killed, or not yet come, between making the folder and the lock: only an empty one goes.
            Err(Errno::NOENT) => {
                let _ = rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR);
            }
            Err(_) => {}
        }
    }
}

fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn open_folder(parent: impl AsFd, name: &str) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    rustix::fs::openat(parent, name, flags, Mode::empty())
}

/// Opens and locks a folder just made. Nothing when another run has removed it meanwhile.
fn lock_new(parent: &OwnedFd, name: &str) -> io::Result<Option<(OwnedFd, OwnedFd)>> {
    let folder = match open_folder(parent, name) {
        Ok(folder) => folder,
        Err(Errno::NOENT) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let lock = match rustix::fs::openat(&folder, LOCK, flags, Mode::RUSR | Mode::WUSR) {
        Ok(lock) => lock,
        Err(Errno::NOENT) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    // Any other error: without locks on this file system nobody clears up either, for clearing up takes the lock.
    let locked = rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive);
    if locked == Err(Errno::WOULDBLOCK) {
        return Ok(None);
    }
    let alive = rustix::fs::fstat(&lock)?.st_nlink > 0;
    Ok(alive.then_some((folder, lock)))
}

/// Removes what a run may have made in its folder, and the folder. The lock goes last.
fn clear(parent: impl AsFd, name: &str, folder: &OwnedFd) {
    if let Ok(listing) = rustix::fs::Dir::read_from(folder) {
        for item in listing.flatten() {
            let name = item.file_name();
            if name.to_bytes().iter().all(u8::is_ascii_digit) {
                let _ = rustix::fs::unlinkat(folder, name, AtFlags::empty());
            }
        }
    }
    let _ = rustix::fs::unlinkat(folder, LOCK, AtFlags::empty());
    let _ = rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write as _;

    fn open_parent(path: &std::path::Path) -> io::Result<OwnedFd> {
        File::open(path).map(OwnedFd::from)
    }

    fn names(dir: &std::path::Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_folder_goes_with_the_run() {
        let dir = tempfile::tempdir().unwrap();
        let parent = open_parent(dir.path()).unwrap();
        let staging = Staging::create(parent.as_fd()).unwrap();
        let (temp, mut file) = staging.new_file().unwrap();
        file.write_all(b"x").unwrap();
        assert_eq!(temp.name(), "0");
        assert_eq!(names(dir.path()).len(), 1);
        drop(staging);
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn only_the_folders_of_dead_runs_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let parent = open_parent(dir.path()).unwrap();
        let alive = Staging::create(parent.as_fd()).unwrap();
        alive.new_file().unwrap();
        // What a killed run leaves: its folder with files and a lock that nobody holds; or nothing but the folder.
        let dead = dir.path().join(".samar-00000000000000aa");
        fs::create_dir(&dead).unwrap();
        for file in ["0", "17", LOCK] {
            fs::write(dead.join(file), b"half").unwrap();
        }
        fs::create_dir(dir.path().join(".samar-00000000000000bb")).unwrap();
        // What is not ours, or holds what is not ours, stays.
        fs::create_dir(dir.path().join(".samar-notes")).unwrap();
        let foreign = dir.path().join(".samar-00000000000000cc");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("thesis.txt"), b"").unwrap();

        remove_stale(parent.as_fd());
        let mut expected = [".samar-00000000000000cc", &alive.name, ".samar-notes"];
        expected.sort_unstable();
        assert_eq!(names(dir.path()), expected);
        assert_eq!(names(&foreign), ["thesis.txt"]);
        assert!(alive.open(&Temp::new(0)).is_ok());
    }
}
