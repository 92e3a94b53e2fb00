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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_composite_reads_like_its_runs_in_a_row(
            memory in proptest::collection::vec(any::<u8>(), 0..60),
            source in proptest::collection::vec(any::<u8>(), 0..60),
            runs in proptest::collection::vec((any::<bool>(), 0usize..60, 0usize..60), 0..8),
            reads in proptest::collection::vec((0u64..300, 0usize..300), 1..20),
        ) {
            let mut parts = Vec::new();
            let mut whole = Vec::new();
            for (from_memory, a, b) in runs {
                let bytes = if from_memory { &memory } else { &source };
                let start = a.min(b).min(bytes.len());
                let end = a.max(b).min(bytes.len());
                whole.extend_from_slice(&bytes[start..end]);
                parts.push(if from_memory {
                    Part::Memory(start..end)
                } else {
                    Part::Source { offset: start as u64, len: (end - start) as u64 }
                });
            }
            let composite = Composite { memory: &memory, parts: &parts, source: &source.as_slice() };
            prop_assert_eq!(ReadAt::len(&composite), whole.len() as u64);
            for (offset, len) in reads {
                let mut got = vec![0xAA; len];
                let mut wanted = got.clone();
                let n = composite.read_at(&mut got, offset).unwrap();
                prop_assert_eq!(n, whole.as_slice().read_at(&mut wanted, offset).unwrap());
                prop_assert_eq!(got, wanted);
            }
        }
    }
}
