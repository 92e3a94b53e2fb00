//! A run: inputs go through the engine on many threads, and come out in input order.
//!
//! Workers take inputs one after the other, de-identify them and stage the result. Whoever completes the input that is
//! next in order publishes it, writes its line, and goes on with those that wait behind it. So neither the number of
//! threads nor their luck reaches the output tree or the report.

pub mod cancel;
pub mod commit;
mod consistency;
pub mod ids;
pub mod process;
pub mod stream;
pub mod worker;

pub use cancel::{Cancel, Progress};
pub use ids::Ids;
pub use process::process;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::deid::Refusal;
use crate::dicom::{Scratch, Source};
use crate::error::Error;
use crate::exit::Exit;
use crate::input::Inputs;
use crate::profile::settings::SecondReader;
use crate::report::{Footer, Mapping, Outcome, Record, Report, Totals};
use crate::run::commit::{Committer, Done};
use crate::sink::{DirSink, Quarantine};
use crate::verify::Verified;

/// What turns one instance into a verified one: [`process()`], or a stand-in in tests.
pub type Engine<'a> = dyn Fn(&Source, &mut Scratch) -> Result<Verified, Refusal> + Sync + 'a;

/// What is called with every outcome, in input order: the opaque id and what the report says.
pub type Watch<'a> = dyn Fn(&str, &Record) + Sync + 'a;

/// Everything a run needs. Nothing has been written yet but empty folders and the report's header.
pub struct Plan<'a> {
    /// What to read.
    pub inputs: &'a Inputs,
    /// What de-identifies.
    pub engine: &'a Engine<'a>,
    /// Where verified instances go.
    pub sink: DirSink,
    /// Where quarantined originals go, if anywhere.
    pub quarantine: Option<Quarantine>,
    /// Where outcomes are told, if anywhere.
    pub report: Option<Report>,
    /// Where identifiers are matched, if anywhere.
    pub mapping: Option<Mapping>,
    /// Makes opaque ids.
    pub ids: Ids,
    /// Whether an independent parser must read every output before it is published, and how far.
    pub second_reader: Option<SecondReader>,
    /// Number of worker threads.
    pub jobs: usize,
    /// Ends the run early.
    pub cancel: &'a Cancel,
    /// How far the run is.
    pub progress: &'a Progress,
    /// Called with every outcome.
    pub watch: &'a Watch<'a>,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct Summary {
    /// The numbers.
    pub totals: Totals,
    /// Whether a signal ended the run before every input was taken.
    pub interrupted: bool,
    /// Whether trouble that every further input would have met ended the run.
    pub stopped: bool,
    /// What could not be completed besides inputs: `the report`, `the mapping`, `the output`.
    pub trouble: Vec<(&'static str, io::ErrorKind)>,
    /// Exit code of all that.
    pub exit: Exit,
}

/// Runs the plan to its end, or to the first signal or unsurmountable trouble.
pub fn execute(plan: Plan<'_>) -> Result<Summary, Error> {
    let jobs = plan.jobs.clamp(1, plan.inputs.entries.len().max(1));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .map_err(|_| Error::Threads)?;
    let Plan {
        inputs,
        sink,
        quarantine,
        report,
        mapping,
        cancel,
        ..
    } = plan;
    // The hash of the header is told in the report alone.
    let hash_header = report.is_some();
    let committer = Committer::new(commit::Targets {
        inputs,
        sink: &sink,
        quarantine: quarantine.as_ref(),
        ids: &plan.ids,
        cancel,
        progress: plan.progress,
        watch: plan.watch,
        report,
        mapping,
    });
    let worker = worker::Worker {
        inputs,
        engine: plan.engine,
        sink: &sink,
        second_reader: plan.second_reader,
        quarantine: quarantine.as_ref(),
        ids: &plan.ids,
        hash_header,
        keep_mapped: committer.wants_mapping(),
    };
    let next = AtomicUsize::new(0);
    pool.broadcast(|_| {
        let mut buffers = worker::Buffers::default();
        while !cancel.is_set() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(entry) = inputs.entries.get(index) else {
                break;
            };
            committer.wait_for_room(index);
            committer.submit(index, worker.work(entry, &mut buffers));
        }
    });
    // Inputs that nobody took get their line too: a report that ends early would look like a smaller input.
    let taken = next.into_inner().min(inputs.entries.len());
    for index in taken..inputs.entries.len() {
        let detail = "the run ended before this input was opened";
        committer.submit(
            index,
            Done::new(Record::refused(Outcome::Failed, "not-started", detail)),
        );
    }
    let interrupted = cancel.is_interrupted() && taken < inputs.entries.len();

    let (mut summary, report, mapping) = committer.into_parts();
    summary.interrupted = interrupted;
    summary.stopped = cancel.is_stopped();
    let synced = match sink.finish() {
        Ok(()) => true,
        Err(e) => {
            summary.trouble.push(("the output", e.kind()));
            false
        }
    };
    if let Some(Err(e)) = mapping.map(Mapping::finish) {
        summary.trouble.push(("the mapping", e.kind()));
    }
    summary.conclude();
    if let Some(report) = report {
        let footer = Footer {
            totals: &summary.totals,
            interrupted,
            synced,
            exit: summary.exit,
        };
        if let Err(e) = report.finish(&footer) {
            summary.trouble.push(("the report", e.kind()));
            summary.conclude();
        }
    }
    Ok(summary)
}

impl Summary {
    /// Works out the exit code.
    fn conclude(&mut self) {
        let mut exit = self.totals.exit();
        if !self.trouble.is_empty() || self.stopped {
            exit = exit.merge(Exit::Incomplete);
        }
        if self.interrupted {
            exit = exit.merge(Exit::Interrupted);
        }
        self.exit = exit;
    }
}

#[cfg(test)]
mod tests;
