//! The part of a source that is held in memory: all of its bytes but the bulk values cut out of it.

use super::limits::Limits;
use super::read_error::ReadError;
use super::source::ReadAt;

/// Files up to this many bytes are read in one go.
const SMALL_FILE: u64 = 256 << 10;
/// First read of a larger file, in bytes; doubled until the pixel data is reached.
const FIRST_READ: usize = 32 << 10;
/// Positions are 32-bit numbers; some room is left for delimiters that a file lacks.
const MAX_BUFFER: u64 = u32::MAX as u64 - (1 << 20);
/// First read behind a bulk value, in bytes.
const READ_AFTER_BULK: usize = 4 << 10;

/// A bulk value left in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Position in the memory buffer at which the value stands.
    pub at: u32,
    /// Offset of the value in the source, in bytes.
    pub offset: u64,
    /// Length of the value in bytes.
    pub len: u64,
}

/// A growing buffer over a source. Positions are buffer positions: bulk values take no room.
pub(crate) struct Window<'a> {
    source: &'a dyn ReadAt,
    /// The bytes in memory.
    pub(crate) buf: Vec<u8>,
    /// Source offset of the byte that would come next behind `buf`.
    next: u64,
    chunk: usize,
    max_bytes: u64,
    /// The bulk values cut out so far, in order.
    pub(crate) holes: Vec<Hole>,
}

impl<'a> Window<'a> {
    /// A window on `source`; `buf` is reused scratch space.
    pub(crate) fn new(source: &'a dyn ReadAt, mut buf: Vec<u8>, limits: &Limits) -> Window<'a> {
        buf.clear();
        let chunk = if source.len() <= SMALL_FILE {
            source.len() as usize
        } else {
            FIRST_READ
        };
        Window {
            source,
            buf,
            next: 0,
            chunk,
            max_bytes: limits.header_bytes.min(MAX_BUFFER),
            holes: Vec::new(),
        }
    }

    /// A window whose bytes are all there already.
    pub(crate) fn complete(buf: Vec<u8>) -> Window<'static> {
        const NOTHING: &&[u8] = &(&[] as &[u8]);
        Window {
            source: NOTHING,
            next: buf.len() as u64,
            buf,
            chunk: 0,
            max_bytes: u64::MAX,
            holes: Vec::new(),
        }
    }

    /// Bytes left in the source from `pos` on, in memory or not.
    pub(crate) fn remaining(&self, pos: usize) -> u64 {
        (self.buf.len().saturating_sub(pos)) as u64 + self.source.len().saturating_sub(self.next)
    }

    /// Source offset of buffer position `pos`, which must lie behind the last hole.
    pub(crate) fn source_offset(&self, pos: usize) -> u64 {
        self.next - (self.buf.len() - pos) as u64
    }

    /// Makes the bytes up to `end` available; `false` when the source ends before.
    pub(crate) fn ensure(&mut self, end: usize) -> Result<bool, ReadError> {
        while self.buf.len() < end {
            let left = self.source.len().saturating_sub(self.next);
            if left == 0 {
                return Ok(false);
            }
            let want = (end - self.buf.len()).max(self.chunk) as u64;
            let want = want.min(left) as usize;
            if self.buf.len() as u64 + want as u64 > self.max_bytes {
                return Err(ReadError::Limit {
                    flag: "--max-header-bytes",
                });
            }
            let start = self.buf.len();
            self.buf.resize(start + want, 0);
            let n = self.source.read_at(&mut self.buf[start..], self.next)?;
            self.buf.truncate(start + n);
            if n == 0 {
                return Ok(false);
            }
            self.next += n as u64;
            self.chunk = self.chunk.saturating_mul(2).min(64 << 20);
        }
        Ok(true)
    }

    /// Whether the value of `len` bytes at `pos` lies in memory as a whole.
    pub(crate) fn holds(&self, pos: usize, len: u64) -> bool {
        (self.buf.len().saturating_sub(pos)) as u64 >= len
    }

    /// Leaves the value of `len` bytes at `pos` in the source. The caller has checked `remaining`.
    pub(crate) fn cut(&mut self, pos: usize, len: u64) {
        let offset = self.source_offset(pos);
        self.buf.truncate(pos);
        self.next = offset + len;
        self.chunk = READ_AFTER_BULK;
        self.holes.push(Hole {
            at: pos as u32,
            offset,
            len,
        });
    }

    /// Reads bytes by source offset without moving the window.
    pub(crate) fn peek(&self, buffer: &mut [u8], offset: u64) -> Result<usize, ReadError> {
        let start = self.holes.last().map_or(0, |hole| hole.at as usize);
        let start_offset = self.source_offset(start);
        if let Some(skip) = offset.checked_sub(start_offset) {
            let held = &self.buf[start..];
            if skip + buffer.len() as u64 <= held.len() as u64 {
                let skip = skip as usize;
                buffer.copy_from_slice(&held[skip..skip + buffer.len()]);
                return Ok(buffer.len());
            }
        }
        Ok(self.source.read_at(buffer, offset)?)
    }
}
