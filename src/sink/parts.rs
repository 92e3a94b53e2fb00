//! The bytes of an output file in order, wherever they are: made by samar, or still in the source.

use std::io::{self, Read};

use crate::dicom::{ReadAt as _, Source};
use crate::verify::{Part, Verified};

/// Reads the output file from the beginning to the end. A source that has become shorter is an error.
pub struct PartsReader<'a> {
    source: &'a Source,
    memory: &'a [u8],
    parts: std::slice::Iter<'a, Part>,
    current: Current<'a>,
}

enum Current<'a> {
    Memory(&'a [u8]),
    Source { offset: u64, len: u64 },
}

impl<'a> PartsReader<'a> {
    /// Starts at the first byte.
    pub fn new(source: &'a Source, file: &'a Verified) -> PartsReader<'a> {
        PartsReader {
            source,
            memory: file.memory(),
            parts: file.parts().iter(),
            current: Current::Memory(&[]),
        }
    }
}

impl Read for PartsReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.current {
                Current::Memory(rest) if !rest.is_empty() => return rest.read(buffer),
                Current::Source { offset, len } if *len > 0 => {
                    let most =
                        usize::try_from(*len).map_or(buffer.len(), |len| len.min(buffer.len()));
                    let n = self
                        .source
                        .read_at(buffer.get_mut(..most).unwrap_or_default(), *offset)?;
                    if n == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    *offset += n as u64;
                    *len -= n as u64;
                    return Ok(n);
                }
                _ => match self.parts.next() {
                    None => return Ok(0),
                    Some(Part::Memory(range)) => {
                        self.current = Current::Memory(memory(self.memory, range)?);
                    }
                    Some(&Part::Source { offset, len }) => {
                        self.current = Current::Source { offset, len }
                    }
                },
            }
        }
    }
}

/// A run of the made bytes.
pub(super) fn memory<'a>(memory: &'a [u8], range: &std::ops::Range<usize>) -> io::Result<&'a [u8]> {
    memory
        .get(range.clone())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a part lies outside the memory"))
}

/// Fills the buffer as far as there are bytes.
pub(crate) fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..)
        && !rest.is_empty()
    {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}
