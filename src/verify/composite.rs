//! The finished file before it is written: runs of memory and of the source, readable as one.

use std::io;

use crate::dicom::{Part, ReadAt};

/// A file that does not exist yet.
pub(super) struct Composite<'a> {
    pub(super) memory: &'a [u8],
    pub(super) parts: &'a [Part],
    pub(super) source: &'a dyn ReadAt,
}

/// Total length of the runs in bytes.
pub(super) fn len(parts: &[Part]) -> u64 {
    parts.iter().map(part_len).sum()
}

fn part_len(part: &Part) -> u64 {
    match part {
        Part::Memory(range) => range.len() as u64,
        Part::Source { len, .. } => *len,
    }
}

impl ReadAt for Composite<'_> {
    fn len(&self) -> u64 {
        len(self.parts)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        let mut start = 0;
        for part in self.parts {
            let size = part_len(part);
            let at = offset + filled as u64;
            if at < start + size && filled < buffer.len() {
                let skip = at - start;
                let want = (buffer.len() - filled).min((size - skip) as usize);
                let into = &mut buffer[filled..filled + want];
                let n = match part {
                    Part::Memory(range) => self
                        .memory
                        .get(range.clone())
                        .unwrap_or_default()
                        .read_at(into, skip)?,
                    Part::Source { offset, .. } => self.source.read_at(into, offset + skip)?,
                };
                filled += n;
                if n < want {
                    break;
                }
            }
            start += size;
        }
        Ok(filled)
    }
}
