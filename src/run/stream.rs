//! One instance from standard input to standard output.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest as _, Sha256};

use crate::deid::Mapped;
use crate::dicom::{ReadAt as _, Scratch, Source};
use crate::input::Input;
use crate::report::outcome::Written;
use crate::report::{Outcome, Record};
use crate::run::{Engine, worker};
use crate::sink::SinkError;
use crate::sink::copy::BUFFER;
use crate::sink::parts::PartsReader;
use crate::verify::Verified;

/// What became of the instance, and the identifiers that changed.
#[derive(Debug)]
pub struct Streamed {
    /// What the report says.
    pub record: Record,
    /// UIDs that changed.
    pub uids: Vec<Mapped>,
    /// The patient's identifier.
    pub patient: Option<Mapped>,
}

/// De-identifies one instance. Nothing is written to `out` before the whole result has been verified.
pub fn stream(engine: &Engine<'_>, input: &Input, out: &mut dyn Write, hash: bool) -> Streamed {
    let source = &input.source;
    let refused = |record: Record| refused(record.with_bytes_in(source.len()));
    let file = match catch_unwind(AssertUnwindSafe(|| engine(source, &mut Scratch::default()))) {
        Ok(Ok(file)) => file,
        Ok(Err(refusal)) => return refused(refusal.into()),
        Err(_) => return refused(worker::panicked()),
    };
    let written = write(source, &file, out)
        .map_err(|e| SinkError::from_io("write to standard output", &e))
        .and_then(|digest| {
            if worker::is_read_in_parts(&file) {
                worker::unchanged(input)?;
            }
            Ok(digest)
        });
    match written {
        Ok(digest) => Streamed {
            record: Record::written(
                file.sop_class(),
                Written {
                    output: "-".to_owned(),
                    same: false,
                    bytes_out: file.len(),
                    header_sha256: Some(Sha256::digest(file.header()).into()),
                    sha256: hash.then_some(digest),
                    counts: file.counts().clone(),
                    redacted: file.redacted().clone(),
                    overrides: file.overrides().to_vec(),
                    remarks: Vec::new(),
                },
            )
            .with_bytes_in(source.len())
            .with_text(file.text().cloned()),
            uids: file.mapped_uids().to_vec(),
            patient: file.mapped_patient().cloned(),
        },
        Err(e) => refused(Record::refused(Outcome::Failed, e.reason, e.detail)),
    }
}

/// An instance that is not written.
pub fn refused(record: Record) -> Streamed {
    Streamed {
        record,
        uids: Vec::new(),
        patient: None,
    }
}

fn write(source: &Source, file: &Verified, out: &mut dyn Write) -> io::Result<[u8; 32]> {
    let mut reader = PartsReader::new(source, file);
    let mut digest = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = crate::sink::parts::read_full(&mut reader, &mut buffer)?;
        let chunk = buffer.get(..n).unwrap_or_default();
        digest.update(chunk);
        out.write_all(chunk)?;
        if n < BUFFER {
            out.flush()?;
            return Ok(digest.finalize().into());
        }
    }
}
