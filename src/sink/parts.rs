//! The bytes of an output file in order, wherever they are.

use std::io::{self, Read};

use crate::dicom::{Backing, Source};
use crate::verify::{Part, Verified};

/// Reads the output file from the beginning to the end. A source that has become shorter is an error.
pub struct PartsReader<'a> {
    backing: Backing<'a>,
    parts: &'a [Part],
    /// Position in the first of `parts`.
    at: u64,
}

impl<'a> PartsReader<'a> {
    /// Starts at the first byte.
    pub fn new(source: &'a Source, file: &'a Verified) -> PartsReader<'a> {
        PartsReader {
            backing: file.backing(source),
            parts: file.parts(),
            at: 0,
        }
    }
}

impl Read for PartsReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some((part, rest)) = self.parts.split_first() {
            if self.at < part.len() {
                let n = self.backing.read_at(part, self.at, buffer)?;
                if n == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.at += n as u64;
                return Ok(n);
            }
            self.parts = rest;
            self.at = 0;
        }
        Ok(0)
    }
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
