//! The runs that make up a finished file, and where their bytes are.

use std::io;
use std::ops::Range;

use super::source::{ReadAt, Source};

/// A run of a finished file, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Bytes made by samar or copied from the header.
    Memory(Range<usize>),
    /// Bytes of the source, copied verbatim.
    Source {
        /// Offset in bytes from the start of the source.
        offset: u64,
        /// Length in bytes.
        len: u64,
    },
    /// Bytes of the source of which some are replaced as they are copied: native pixel data with blanked regions.
    Rewritten {
        /// Offset in bytes from the start of the source.
        offset: u64,
        /// Length in bytes.
        len: u64,
    },
    /// Bytes made by samar that may be too many for memory: compressed pixel data.
    Spool {
        /// Offset in bytes from the start of the spool.
        offset: u64,
        /// Length in bytes.
        len: u64,
    },
}

impl Part {
    /// Length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Part::Memory(range) => range.len() as u64,
            Part::Source { len, .. } | Part::Rewritten { len, .. } | Part::Spool { len, .. } => {
                *len
            }
        }
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Replaces bytes of a run while it is copied.
pub trait Rewrite: Send + Sync {
    /// Bytes that belong together: what is changed begins and ends at a multiple of it, or at the end of the run.
    fn unit(&self) -> u64;

    /// Changes `buffer`, which holds the bytes from position `at` of the run on.
    fn apply(&self, at: u64, buffer: &mut [u8]);

    /// Proves that `after` is what must become of `before`, the bytes from position `at` on; both hold whole units.
    /// Says what differs.
    fn check(&self, at: u64, before: &[u8], after: &[u8]) -> Result<(), &'static str>;
}

/// Where the bytes of parts are.
#[derive(Clone, Copy)]
pub struct Backing<'a> {
    /// What samar made, but for the spool.
    pub memory: &'a [u8],
    /// The input.
    pub source: &'a dyn ReadAt,
    /// Compressed pixel data that samar made.
    pub spool: Option<&'a Source>,
    /// What becomes of [`Part::Rewritten`] runs.
    pub rewrite: Option<&'a dyn Rewrite>,
}

impl Backing<'_> {
    /// Reads bytes of a part from position `skip` of it on; fewer than asked for only at its end.
    pub fn read_at(&self, part: &Part, skip: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = part.len().saturating_sub(skip);
        let want = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let Some(buffer) = buffer.get_mut(..want) else {
            return Ok(0);
        };
        let outside =
            || io::Error::new(io::ErrorKind::InvalidData, "a part lies outside its bytes");
        match part {
            Part::Memory(range) => {
                let run = self.memory.get(range.clone()).ok_or_else(outside)?;
                run.read_at(buffer, skip)
            }
            Part::Source { offset, .. } => self.source.read_at(buffer, offset + skip),
            Part::Rewritten { offset, .. } => {
                let rewrite = self.rewrite.ok_or_else(outside)?;
                self.rewritten(rewrite, *offset..*offset + part.len(), skip, buffer)
            }
            Part::Spool { offset, .. } => {
                let spool = self.spool.ok_or_else(outside)?;
                spool.read_at(buffer, offset + skip)
            }
        }
    }

    /// Reads bytes of the rewritten run that lies at `run` in the source.
    fn rewritten(
        &self,
        rewrite: &dyn Rewrite,
        run: Range<u64>,
        skip: u64,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        let unit = rewrite.unit();
        let end = skip + buffer.len() as u64;
        let whole = skip - skip % unit..end.next_multiple_of(unit).min(run.end - run.start);
        if whole == (skip..end) {
            let n = self.source.read_at(buffer, run.start + skip)?;
            rewrite.apply(skip, buffer.get_mut(..n).unwrap_or_default());
            return Ok(n);
        }
        let mut bytes = vec![0; (whole.end - whole.start) as usize];
        let n = self.source.read_at(&mut bytes, run.start + whole.start)?;
        if n < bytes.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        rewrite.apply(whole.start, &mut bytes);
        let from = (skip - whole.start) as usize;
        bytes.get(from..).unwrap_or_default().read_at(buffer, 0)
    }
}
