//! One input, from opening to staging.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest as _, Sha256};

use crate::dicom::{ReadAt as _, Scratch};
use crate::input::{Entry, Input, Inputs, Kind, open_regular};
use crate::profile::settings::SecondReader;
use crate::report::outcome::Written;
use crate::report::{Outcome, Record};
use crate::run::commit::Done;
use crate::run::consistency::Seen;
use crate::run::{Engine, Ids};
use crate::sink::{DirSink, Quarantine, SinkError, Staged};
use crate::verify::second_reader::{Pixels, second_reader};
use crate::verify::{Part, Verified};

/// What one worker thread reuses from input to input.
#[derive(Default)]
pub(super) struct Buffers {
    read: Scratch,
    write: Vec<u8>,
}

/// What the worker threads share.
pub(super) struct Worker<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) engine: &'a Engine<'a>,
    pub(super) sink: &'a DirSink,
    pub(super) second_reader: Option<SecondReader>,
    pub(super) quarantine: Option<&'a Quarantine>,
    pub(super) ids: &'a Ids,
    pub(super) hash_header: bool,
    pub(super) keep_mapped: bool,
}

impl Worker<'_> {
    /// Brings one input as far as it comes without knowing about the others.
    pub(super) fn work(&self, entry: &Entry, buffers: &mut Buffers) -> Done {
        let input = match entry.kind {
            Kind::File => match open_regular(&entry.path) {
                Ok(input) => input,
                Err(e) => return Done::new(unreadable(e.kind())),
            },
            Kind::Link => return not_opened("link", "a symbolic link; links are not followed"),
            Kind::Special => {
                return not_opened("special-file", "a pipe, socket or device; never opened");
            }
            Kind::Unreadable(kind) => return Done::new(unreadable(kind)),
        };
        // A bug that one file uncovers must not take the others with it, nor let that file through.
        let done = catch_unwind(AssertUnwindSafe(|| self.deidentify(&input, buffers)));
        let mut done = done.unwrap_or_else(|_| Done::new(panicked()));
        if done.record.outcome == Outcome::Quarantined
            && let Some(quarantine) = self.quarantine
        {
            let id = self.ids.id(self.inputs.relative(entry));
            if let Err(e) = quarantine.keep(&id, &input.source) {
                done = Done::failed(e);
            }
        }
        done.record.bytes_in = Some(input.source.len());
        done
    }

    fn deidentify(&self, input: &Input, buffers: &mut Buffers) -> Done {
        let source = &input.source;
        let file = match (self.engine)(source, &mut buffers.read) {
            Ok(file) => file,
            Err(refusal) => return Done::new(refusal.into()),
        };
        let staged = match self.sink.stage(source, &file, &mut buffers.write) {
            Ok(staged) => staged,
            Err(e) => return Done::failed(e),
        };
        // What was copied must be what was verified. An instance that is in memory as a whole was.
        if is_read_in_parts(&file)
            && let Err(e) = unchanged(input)
        {
            self.sink.withdraw(&staged);
            return Done::failed(e);
        }
        if let Some(doubt) = self.second_opinion(&staged) {
            self.sink.withdraw(&staged);
            return Done::new(Record::refused(
                Outcome::Quarantined,
                "second-reader",
                doubt,
            ));
        }
        let record = Record::written(
            file.sop_class(),
            Written {
                output: staged.path.as_str().to_owned(),
                same: false,
                bytes_out: file.len(),
                header_sha256: self
                    .hash_header
                    .then(|| Sha256::digest(file.header()).into()),
                sha256: staged.sha256,
                counts: file.counts().clone(),
                redacted: file.redacted().clone(),
                overrides: file.overrides().to_vec(),
                remarks: Vec::new(),
            },
        );
        let mut done = Done::new(record.with_text(file.text().cloned()));
        done.staged = Some(staged);
        let identity = file.identity();
        done.seen = Some(Seen {
            patient: identity.patient.clone(),
            study: identity.study.clone(),
            name: file.name_digest(),
        });
        if self.keep_mapped {
            done.uids = file.mapped_uids().to_vec();
            done.patient = file.mapped_patient().cloned();
        }
        done
    }
}

impl Worker<'_> {
    /// Why an independent reader does not vouch for a staged file.
    fn second_opinion(&self, staged: &Staged) -> Option<String> {
        let decode = self.second_reader? == SecondReader::Decode;
        let path = self.sink.staged_path(staged)?;
        match second_reader(&path, decode) {
            Ok(reading) => match reading.pixels {
                Pixels::NoDecoder(_) => {
                    Some("a second reader has no decoder for these pixels".to_owned())
                }
                Pixels::Absent | Pixels::NotAsked | Pixels::Decoded(_) => None,
            },
            Err(e) => e.to_string().lines().next().map(str::to_owned),
        }
    }
}

impl Done {
    /// An input that is not written.
    pub(super) fn failed(error: SinkError) -> Done {
        let mut done = Done::new(Record::refused(Outcome::Failed, error.reason, error.detail));
        done.fatal = error.fatal;
        done
    }
}

/// Whether the input was read more than once: its bulk values are copied at the end, or were read after the header.
pub(super) fn is_read_in_parts(file: &Verified) -> bool {
    let in_memory = |part: &Part| matches!(part, Part::Memory(_));
    !file.parts().iter().all(in_memory)
}

/// Makes sure that nobody has written to the input since it was opened.
pub(super) fn unchanged(input: &Input) -> Result<(), SinkError> {
    match input.is_unchanged() {
        Ok(true) => Ok(()),
        Ok(false) => Err(SinkError {
            reason: "input-changed",
            detail: "the input was written to while it was read".to_owned(),
            fatal: false,
        }),
        Err(e) => Err(SinkError::from_io("read the input", &e)),
    }
}

/// A panic says nothing here: its message may quote what it was about.
pub(super) fn panicked() -> Record {
    Record::refused(
        Outcome::Quarantined,
        "panic",
        "an internal error; please report it with samar's version",
    )
}

fn not_opened(reason: &'static str, detail: &'static str) -> Done {
    Done::new(Record::refused(Outcome::NotDicom, reason, detail))
}

fn unreadable(kind: io::ErrorKind) -> Record {
    Record::refused(
        Outcome::Failed,
        "unreadable",
        format!("cannot read: {kind}"),
    )
}
