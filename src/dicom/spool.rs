//! Bytes made by samar that may be too many for memory.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::source::Source;

/// Bytes that are held in memory before a file is asked for.
const IN_MEMORY: usize = 8 << 20;

/// Where files without a name can be had.
pub trait Room: Sync {
    /// A new, empty file that nobody else sees and that goes away by itself; `None` where memory must do.
    fn file(&self) -> Option<File>;
}

/// A room without files: everything stays in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRoom;

impl Room for NoRoom {
    fn file(&self) -> Option<File> {
        None
    }
}

/// Bytes that are appended, and read once they are complete.
#[derive(Default)]
pub struct Spool {
    file: Option<File>,
    /// Bytes in the file.
    written: u64,
    /// Bytes behind them.
    tail: Vec<u8>,
}

impl std::fmt::Debug for Spool {
    /// How much there is, but not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spool({} bytes)", self.len())
    }
}

impl Spool {
    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        self.written + self.tail.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8], room: &dyn Room) -> io::Result<()> {
        self.tail.extend_from_slice(bytes);
        if self.tail.len() < IN_MEMORY {
            return Ok(());
        }
        if self.file.is_none() {
            self.file = room.file();
        }
        if let Some(file) = &self.file {
            file.write_all_at(&self.tail, self.written)?;
            self.written += self.tail.len() as u64;
            self.tail.clear();
        }
        Ok(())
    }

    /// Overwrites bytes that were appended before.
    pub fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        // Either side of the border between file and memory.
        let in_file = self.written.saturating_sub(at).min(bytes.len() as u64) as usize;
        let (low, high) = bytes.split_at(in_file);
        if let Some(file) = &self.file {
            file.write_all_at(low, at)?;
        }
        let start = (at + in_file as u64).saturating_sub(self.written) as usize;
        let end = start + high.len();
        let slot = self.tail.get_mut(start..end);
        slot.ok_or(io::ErrorKind::InvalidInput)?
            .copy_from_slice(high);
        Ok(())
    }

    /// The bytes as a source that the kernel can copy from.
    pub fn finish(self) -> io::Result<Source> {
        match self.file {
            None => Ok(Source::Memory(self.tail)),
            Some(file) => {
                file.write_all_at(&self.tail, self.written)?;
                Source::from_file(file)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::ReadAt as _;

    struct Files;

    impl Room for Files {
        fn file(&self) -> Option<File> {
            tempfile::tempfile().ok()
        }
    }

    #[test]
    fn what_was_pushed_and_patched_is_what_is_read() {
        let rooms: [&dyn Room; 2] = [&NoRoom, &Files];
        for room in rooms {
            let mut spool = Spool::default();
            let mut expected = Vec::new();
            for n in 0..41u8 {
                let bytes = vec![n; 500_000];
                spool.push(&bytes, room).unwrap();
                expected.extend_from_slice(&bytes);
            }
            for at in [0, 8_000_000, IN_MEMORY as u64 - 2, 16_999_998, 20_499_996] {
                spool.patch(at, b"mark").unwrap();
                expected[at as usize..at as usize + 4].copy_from_slice(b"mark");
            }
            assert!(spool.patch(20_499_997, b"mark").is_err());
            let source = spool.finish().unwrap();
            let mut read = vec![0; expected.len() + 1];
            assert_eq!(source.read_at(&mut read, 0).unwrap(), expected.len());
            assert!(read[..expected.len()] == expected);
        }
    }
}
