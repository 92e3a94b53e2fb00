//! A window over one frame: reads forward in blocks, never holds more than one block.

use std::io;
use std::ops::Range;

use super::parts::{Part, Parts};

/// Bytes read at once when walking on, and most frames as a whole; the first block after a jump is shorter.
const BLOCK: usize = 128 << 10;
const FIRST: usize = 4 << 10;
/// Longest run of pad bytes accepted behind the end of an image.
const MAX_PADDING: u64 = 4 << 10;
pub(super) const BEHIND: &str = "bytes behind the end of the image";

/// Why an inspection ended before the frame did.
#[derive(Debug)]
pub(super) enum Stop {
    Foreign(&'static str),
    Malformed(&'static str),
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Io(error)
    }
}

pub(super) struct Bytes<'a> {
    read: &'a mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>,
    len: u64,
    block: Vec<u8>,
    /// Offset in the frame of the block's first byte.
    start: u64,
    next_read: usize,
    /// Where foreign parts are noted; None ends the walk at the first.
    parts: Option<Parts>,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(
        len: u64,
        read: &'a mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>,
    ) -> Bytes<'a> {
        Bytes {
            read,
            len,
            block: Vec::new(),
            start: 0,
            // The first load makes four times as much of it.
            next_read: if len <= BLOCK as u64 { BLOCK } else { FIRST } / 4,
            parts: None,
        }
    }

    /// Notes all foreign parts in place of ending at the first.
    pub(super) fn noting(self) -> Bytes<'a> {
        let parts = Parts {
            image: 0..self.len,
            ..Parts::default()
        };
        Bytes {
            parts: Some(parts),
            ..self
        }
    }

    pub(super) fn into_parts(self) -> Parts {
        self.parts.unwrap_or_default()
    }

    /// Something that is not image, and without which the image would be as it is.
    pub(super) fn foreign(&mut self, range: Range<u64>, kind: &'static str) -> Result<(), Stop> {
        match &mut self.parts {
            Some(parts) => parts.foreign.push(Part { range, kind }),
            None => return Err(Stop::Foreign(kind)),
        }
        Ok(())
    }

    /// Tells what was seen to the one who takes parts out, if there is one.
    pub(super) fn note(&mut self, note: impl FnOnce(&mut Parts)) {
        if let Some(parts) = &mut self.parts {
            note(parts);
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    fn buffered_from(&self, at: u64) -> &[u8] {
        at.checked_sub(self.start)
            .and_then(|skip| usize::try_from(skip).ok())
            .and_then(|skip| self.block.get(skip..))
            .unwrap_or(&[])
    }

    /// All bytes at hand from `at` on, at least `n` of them; None when the frame ends before.
    pub(super) fn at_least(&mut self, at: u64, n: usize) -> Result<Option<&[u8]>, Stop> {
        if self.len.checked_sub(at).is_none_or(|left| left < n as u64) {
            return Ok(None);
        }
        if self.buffered_from(at).len() < n {
            self.load(at, n)?;
        }
        Ok(Some(self.buffered_from(at)))
    }

    /// Exactly `n` bytes at `at`; None when the frame ends before.
    pub(super) fn get(&mut self, at: u64, n: usize) -> Result<Option<&[u8]>, Stop> {
        Ok(self.at_least(at, n)?.and_then(|bytes| bytes.get(..n)))
    }

    fn load(&mut self, at: u64, n: usize) -> Result<(), Stop> {
        let end = self.start + self.block.len() as u64;
        let walking_on = at >= self.start && at <= end;
        self.next_read = if walking_on {
            (self.next_read * 4).min(BLOCK)
        } else {
            FIRST
        };
        let want = (n.max(self.next_read) as u64).min(self.len - at) as usize;
        // What is already here is kept, so that a structure that straddles two blocks is not read twice.
        let kept = self.buffered_from(at).len();
        let from = self.block.len() - kept;
        self.block.copy_within(from.., 0);
        self.block.resize(want.max(kept), 0);
        self.start = at;
        let mut filled = kept;
        while filled < self.block.len() {
            let got = (self.read)(at + filled as u64, &mut self.block[filled..])?;
            if got == 0 {
                self.block.truncate(filled);
                return Err(Stop::Io(io::ErrorKind::UnexpectedEof.into()));
            }
            filled += got.min(self.block.len() - filled);
        }
        Ok(())
    }

    /// Accepts nothing behind `at` but a run of one pad byte, 00 or FF. Fragments have even lengths and writers align
    /// further; a run of equal bytes says nothing.
    pub(super) fn only_padding(&mut self, at: u64) -> Result<(), Stop> {
        self.note(|parts| parts.image.end = at);
        let rest = self.len.saturating_sub(at);
        if rest == 0 || self.parts.is_some() {
            return Ok(());
        }
        let behind = Stop::Foreign(BEHIND);
        if rest > MAX_PADDING {
            return Err(behind);
        }
        match self.get(at, rest as usize)? {
            Some(pad) if pad.iter().all(|&b| b == 0) || pad.iter().all(|&b| b == 0xFF) => Ok(()),
            _ => Err(behind),
        }
    }
}

pub(super) fn be16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.first_chunk()?))
}

pub(super) fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}
