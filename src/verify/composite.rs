//! The finished file before it is written: its runs, readable as one.

use std::io;

use crate::dicom::{Backing, Part, ReadAt};

/// A file that does not exist yet.
pub struct Composite<'a> {
    pub(super) parts: &'a [Part],
    pub(super) backing: Backing<'a>,
}

/// Total length of the runs in bytes.
pub(super) fn len(parts: &[Part]) -> u64 {
    parts.iter().map(Part::len).sum()
}

impl ReadAt for Composite<'_> {
    fn len(&self) -> u64 {
        len(self.parts)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        let mut start = 0;
        for part in self.parts {
            let size = part.len();
            let at = offset + filled as u64;
            if at < start + size && filled < buffer.len() {
                let skip = at - start;
                let want = (buffer.len() - filled).min((size - skip) as usize);
                let into = buffer.get_mut(filled..).unwrap_or_default();
                let n = self.backing.read_at(part, skip, into)?;
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
            let backing = Backing { memory: &memory, source: &source.as_slice(), spool: None, rewrite: None };
            let composite = Composite { parts: &parts, backing };
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
