//! Standard output as the place of one instance.
//!
//! The standard library keeps silent about a standard output that cannot be written to, and puts `/dev/null` in the
//! place of a closed one. Neither may pass for success.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use rustix::fs::{FileType, OFlags, Stat};

use crate::error::Error;

/// Device number of `/dev/null` on Linux.
const NULL: (u32, u32) = (1, 3);

/// Takes standard output for an instance that is read from standard input.
///
/// Refuses the very file that is read, and a standard output that was closed.
pub fn take(stdout: BorrowedFd<'_>, stdin: BorrowedFd<'_>) -> Result<File, Error> {
    if is_same_file(stdout, stdin).map_err(Error::Stdout)? {
        return Err(Error::StdoutIsStdin);
    }
    if was_closed(stdout).map_err(Error::Stdout)? {
        return Err(Error::StdoutClosed);
    }
    open(stdout).map_err(Error::Stdout)
}

/// A handle that reports every error.
pub fn open(stdout: impl AsFd) -> io::Result<File> {
    Ok(File::from(stdout.as_fd().try_clone_to_owned()?))
}

fn is_same_file(a: BorrowedFd<'_>, b: BorrowedFd<'_>) -> io::Result<bool> {
    let (a, b) = (rustix::fs::fstat(a)?, rustix::fs::fstat(b)?);
    // A terminal or a socket is often both, and nothing is overwritten in it.
    let is_regular = |stat: &Stat| FileType::from_raw_mode(stat.st_mode).is_file();
    Ok(is_regular(&a) && (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino))
}

/// Whether this is what the standard library opens in the place of a closed stream: `/dev/null` for reading and
/// writing. A shell's redirection opens it for writing alone.
fn was_closed(stdout: BorrowedFd<'_>) -> io::Result<bool> {
    let stat = rustix::fs::fstat(stdout)?;
    let device = (
        rustix::fs::major(stat.st_rdev),
        rustix::fs::minor(stat.st_rdev),
    );
    let is_null =
        FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice && device == NULL;
    Ok(is_null && rustix::fs::fcntl_getfl(stdout)? & OFlags::RWMODE == OFlags::RDWR)
}
