//! Deflated data sets (PS3.5 section A.5), within limits on size and ratio.

use std::io::{self, Read, Write};

use super::limits::Limits;
use super::read_error::ReadError;
use super::source::ReadAt;

/// Inflated bytes below which the ratio is not tested.
const RATIO_TESTED_FROM: u64 = 16 << 20;

/// Appends the deflated data set, padded to even length.
pub fn deflate(mut out: Vec<u8>, data_set: &[u8]) -> io::Result<Vec<u8>> {
    let start = out.len();
    let mut encoder = flate2::write::DeflateEncoder::new(out, flate2::Compression::default());
    encoder.write_all(data_set)?;
    out = encoder.finish()?;
    if (out.len() - start) % 2 == 1 {
        out.push(0);
    }
    Ok(out)
}

/// Inflates from `offset` to the end of the stream.
pub fn inflate(source: &dyn ReadAt, offset: u64, limits: &Limits) -> Result<Vec<u8>, ReadError> {
    let deflated = source.len().saturating_sub(offset);
    let cap = limits.inflated_bytes.min(u64::from(u32::MAX) - (1 << 20));
    let mut inflater = flate2::read::DeflateDecoder::new(Section { source, offset });
    let mut out = Vec::new();
    let mut chunk = vec![0u8; 256 << 10];
    loop {
        let n = inflater.read(&mut chunk).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => ReadError::Truncated {
                at: out.len() as u64,
            },
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => ReadError::Malformed {
                what: "a broken deflate stream",
                at: out.len() as u64,
            },
            kind => ReadError::Io(kind),
        })?;
        if n == 0 {
            return Ok(out);
        }
        out.extend_from_slice(&chunk[..n]);
        let size = out.len() as u64;
        if size > cap {
            return Err(ReadError::Limit {
                flag: "--max-inflated-bytes",
            });
        }
        if size > RATIO_TESTED_FROM && size / deflated.max(1) > u64::from(limits.inflate_ratio) {
            return Err(ReadError::Limit {
                flag: "--max-inflate-ratio",
            });
        }
    }
}

/// A source from an offset on, as a reader.
struct Section<'a> {
    source: &'a dyn ReadAt,
    offset: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read_at(buf, self.offset)?;
        self.offset += n as u64;
        Ok(n)
    }
}
