//! Writing an output file with as few system calls and as little copying as the parts allow.
//!
//! Small parts are gathered and written at once; a long run of the source is handed to the kernel, which may share the
//! blocks instead of copying them. What the kernel will not do for two given file systems is tried once and remembered.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU8, Ordering};

use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

use crate::dicom::{Backing, ReadAt as _, Source};
use crate::sink::parts::{self, PartsReader};
use crate::verify::{Part, Verified};

/// Runs of the source shorter than this are read and gathered: a call into the kernel costs more than the bytes.
const GATHER: u64 = 64 << 10;
/// Size of the buffer that gathers.
pub const BUFFER: usize = 256 << 10;
/// Most bytes asked of the kernel at once, so that an interrupted run is noticed.
const STRIDE: u64 = 64 << 20;

/// Ways to copy within the kernel, best first; behind them, through memory.
const RANGE: u8 = 0;
const SENDFILE: u8 = 1;

/// Copies verified instances into files, and remembers what the kernel can do here.
#[derive(Debug, Default)]
pub struct Copier {
    method: AtomicU8,
}

impl Copier {
    /// Writes the whole instance into an empty file. Gives the SHA-256 of what was written if asked to.
    ///
    /// `scratch` is a buffer that the caller reuses. The file's length is exact or the call fails: a source that became
    /// shorter meanwhile is `UnexpectedEof`.
    pub fn write(
        &self,
        out: &mut File,
        source: &Source,
        file: &Verified,
        scratch: &mut Vec<u8>,
        hash: bool,
    ) -> io::Result<Option<[u8; 32]>> {
        if hash {
            return copy_hashed(out, source, file, scratch).map(Some);
        }
        // A small instance is often one piece of memory: nothing needs to be gathered.
        if let [Part::Memory(range)] = file.parts() {
            out.write_all(memory(file, range)?)?;
            return Ok(None);
        }
        scratch.clear();
        let mut straight = 0;
        for part in file.parts() {
            let len = part.len();
            // Whatever is small is gathered; a whole small file is one read and one write.
            if len < GATHER || !matches!(part, Part::Memory(_)) && fits(scratch, len) {
                if !fits(scratch, len) {
                    flush(out, scratch)?;
                }
                gather(&file.backing(source), part, 0, len as usize, scratch)?;
                continue;
            }
            flush(out, scratch)?;
            match part {
                Part::Memory(range) => out.write_all(memory(file, range)?)?,
                &Part::Source { offset, len } => {
                    self.bulk(out, source, offset, len, scratch)?;
                    straight += len;
                }
                &Part::Spool { offset, len } => {
                    let spool = file.backing(source).spool;
                    let spool = spool.ok_or(io::ErrorKind::InvalidData)?;
                    self.bulk(out, spool, offset, len, scratch)?;
                    straight += len;
                }
                Part::Rewritten { .. } => {
                    let mut at = 0;
                    while at < len {
                        let n = (len - at).min(BUFFER as u64);
                        gather(&file.backing(source), part, at, n as usize, scratch)?;
                        flush(out, scratch)?;
                        at += n;
                    }
                }
            }
        }
        flush(out, scratch)?;
        // What passed through our hands was counted there; what the kernel copied is asked for once.
        if straight > 0 && out.metadata()?.len() != file.len() {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the output has a wrong length",
            ));
        }
        Ok(None)
    }

    /// Copies a long run of the source to the end of the file.
    fn bulk(
        &self,
        out: &mut File,
        source: &Source,
        offset: u64,
        len: u64,
        scratch: &mut Vec<u8>,
    ) -> io::Result<()> {
        let (file, end) = match source {
            Source::File { file, .. } => (file, offset + len),
            Source::Memory(bytes) => {
                let run = usize::try_from(offset)
                    .ok()
                    .zip(usize::try_from(len).ok())
                    .and_then(|(start, len)| bytes.get(start..start.checked_add(len)?))
                    .ok_or(io::ErrorKind::UnexpectedEof)?;
                return out.write_all(run);
            }
        };
        let mut at = offset;
        while at < end {
            let stride = (end - at).min(STRIDE) as usize;
            let method = self.method.load(Ordering::Relaxed);
            let copied = match method {
                RANGE => rustix::fs::copy_file_range(file, Some(&mut at), &*out, None, stride),
                SENDFILE => rustix::fs::sendfile(&*out, file, Some(&mut at), stride),
                _ => return read_write(out, source, at, end - at, scratch),
            };
            match copied {
                // Either the source has become shorter, or this file system does not say how long its files are:
                // reading tells which.
                Ok(0) => return read_write(out, source, at, end - at, scratch),
                Ok(_) | Err(Errno::INTR) => {}
                Err(
                    Errno::XDEV
                    | Errno::INVAL
                    | Errno::OPNOTSUPP
                    | Errno::NOSYS
                    | Errno::PERM
                    | Errno::BADF,
                ) => {
                    self.method.fetch_max(method + 1, Ordering::Relaxed);
                }
                Err(e) => return Err(e.into()),
            }
        }
        Ok(())
    }
}

/// Copies through memory, a buffer at a time.
fn read_write(
    out: &mut File,
    source: &Source,
    mut at: u64,
    mut len: u64,
    scratch: &mut Vec<u8>,
) -> io::Result<()> {
    while len > 0 {
        let n = len.min(BUFFER as u64);
        scratch.clear();
        scratch.resize(n as usize, 0);
        if source.read_at(scratch, at)? < scratch.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        out.write_all(scratch)?;
        at += n;
        len -= n;
    }
    scratch.clear();
    Ok(())
}

/// Whether so many bytes more can be gathered.
fn fits(scratch: &[u8], len: u64) -> bool {
    scratch.len() as u64 + len <= BUFFER as u64
}

/// A run of the made bytes.
fn memory<'a>(file: &'a Verified, range: &std::ops::Range<usize>) -> io::Result<&'a [u8]> {
    let run = file.memory().get(range.clone());
    run.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a part lies outside the memory"))
}

/// Appends bytes of a part to the buffer.
fn gather(
    backing: &Backing<'_>,
    part: &Part,
    at: u64,
    len: usize,
    scratch: &mut Vec<u8>,
) -> io::Result<()> {
    let start = scratch.len();
    scratch.resize(start + len, 0);
    let n = backing.read_at(part, at, scratch.get_mut(start..).unwrap_or_default())?;
    if n < len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn flush(out: &mut File, scratch: &mut Vec<u8>) -> io::Result<()> {
    if !scratch.is_empty() {
        out.write_all(scratch)?;
        scratch.clear();
    }
    Ok(())
}

fn copy_hashed(
    out: &mut File,
    source: &Source,
    file: &Verified,
    scratch: &mut Vec<u8>,
) -> io::Result<[u8; 32]> {
    each_chunk(source, file, scratch, |chunk| out.write_all(chunk))
}

/// The SHA-256 of the whole instance, without writing it.
pub fn hash(source: &Source, file: &Verified, scratch: &mut Vec<u8>) -> io::Result<[u8; 32]> {
    each_chunk(source, file, scratch, |_| Ok(()))
}

fn each_chunk(
    source: &Source,
    file: &Verified,
    scratch: &mut Vec<u8>,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<[u8; 32]> {
    let mut reader = PartsReader::new(source, file);
    let mut digest = Sha256::new();
    scratch.resize(BUFFER, 0);
    loop {
        let n = parts::read_full(&mut reader, scratch)?;
        let chunk = scratch.get(..n).unwrap_or_default();
        digest.update(chunk);
        take(chunk)?;
        if n < BUFFER {
            return Ok(digest.finalize().into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::testing::{noise, verified};

    /// Small and large runs of both kinds, in an order that makes every branch flush, and one run twice.
    fn parts() -> Vec<Part> {
        let source = |offset, len| Part::Source { offset, len };
        vec![
            Part::Memory(0..4),
            source(10, 20),
            source(0, 70_000),
            Part::Memory(4..300_000),
            source(5, 900_000),
            Part::Memory(7..7),
            source(0, 0),
            Part::Memory(300_000..400_000),
            source(100_000, 200_000),
            source(5, 60_000),
            Part::Memory(0..4),
        ]
    }

    fn expected(parts: &[Part], memory: &[u8], source: &[u8]) -> Vec<u8> {
        parts
            .iter()
            .flat_map(|part| match part {
                Part::Memory(range) => &memory[range.clone()],
                Part::Source { offset, len } => &source[*offset as usize..(offset + len) as usize],
                _ => unreachable!("not in this test"),
            })
            .copied()
            .collect()
    }

    #[test]
    fn every_way_of_copying_gives_the_same_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("in");
        let (memory, bytes) = (noise(400_000), noise(1_000_000));
        std::fs::write(&path, &bytes).unwrap();
        let small = vec![
            Part::Memory(0..100),
            Part::Source {
                offset: 7,
                len: 100_000,
            },
        ];
        for parts in [parts(), small, vec![Part::Memory(3..9)]] {
            let file = verified("4", &memory, parts.clone());
            let expected = expected(&parts, &memory, &bytes);
            let sources = [
                Source::from_file(File::open(&path).unwrap()).unwrap(),
                Source::Memory(bytes.clone()),
            ];
            for source in &sources {
                for method in [RANGE, SENDFILE, SENDFILE + 1] {
                    for hash in [false, true] {
                        let copier = Copier {
                            method: AtomicU8::new(method),
                        };
                        let mut out = tempfile::tempfile_in(dir.path()).unwrap();
                        let digest = copier
                            .write(&mut out, source, &file, &mut Vec::new(), hash)
                            .unwrap();
                        let written = Source::from_file(out).unwrap();
                        let mut got = vec![0; written.len() as usize];
                        written.read_at(&mut got, 0).unwrap();
                        assert!(got == expected, "method {method}, hash {hash}");
                        assert_eq!(digest, hash.then(|| Sha256::digest(&expected).into()));
                    }
                }
                assert_eq!(
                    super::hash(source, &file, &mut Vec::new()).unwrap(),
                    *Sha256::digest(&expected)
                );
            }
        }
    }
}
