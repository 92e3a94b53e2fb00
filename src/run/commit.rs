//! Publishing and telling in input order, whatever the order in which the workers get there.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::deid::Mapped;
use crate::input::{Entry, Inputs, open_regular};
use crate::report::{Mapping, Outcome, Record, Report, Totals};
use crate::run::{Cancel, Ids, Progress, Summary, Watch};
use crate::sink::{DirSink, Put, Quarantine, SinkError, Staged};

/// How far ahead of the oldest unfinished input a worker may be: bounds what waits in memory and in staging behind a
/// large file.
const WINDOW: usize = 4096;

/// One input, as far as a worker could bring it.
pub(super) struct Done {
    /// What is known so far; the outcome is final once it is published.
    pub(super) record: Record,
    /// The instance to be published.
    pub(super) staged: Option<Staged>,
    /// UIDs that changed, when they are asked for.
    pub(super) uids: Vec<Mapped>,
    /// The patient's identifier, when asked for.
    pub(super) patient: Option<Mapped>,
    /// Whether every other input would meet the same trouble.
    pub(super) fatal: bool,
}

impl Done {
    pub(super) fn new(record: Record) -> Done {
        Done {
            record,
            staged: None,
            uids: Vec::new(),
            patient: None,
            fatal: false,
        }
    }
}

/// Where outcomes go.
pub(super) struct Targets<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) sink: &'a DirSink,
    pub(super) quarantine: Option<&'a Quarantine>,
    pub(super) ids: &'a Ids,
    pub(super) cancel: &'a Cancel,
    pub(super) progress: &'a Progress,
    pub(super) watch: &'a Watch<'a>,
    pub(super) report: Option<Report>,
    pub(super) mapping: Option<Mapping>,
}

/// Takes outcomes in any order and commits them in input order.
pub(super) struct Committer<'a> {
    inputs: &'a Inputs,
    sink: &'a DirSink,
    quarantine: Option<&'a Quarantine>,
    ids: &'a Ids,
    cancel: &'a Cancel,
    progress: &'a Progress,
    watch: &'a Watch<'a>,
    wants_mapping: bool,
    state: Mutex<State>,
    /// A copy of `State::next` that can be read without the lock.
    next: AtomicUsize,
    moved: Condvar,
}

struct State {
    /// Index of the next input in order.
    next: usize,
    waiting: BTreeMap<usize, Done>,
    /// Workers in [`Committer::wait_for_room`].
    waiters: usize,
    totals: Totals,
    report: Option<Report>,
    mapping: Option<Mapping>,
    trouble: Vec<(&'static str, io::ErrorKind)>,
}

impl<'a> Committer<'a> {
    pub(super) fn new(targets: Targets<'a>) -> Committer<'a> {
        let Targets {
            inputs,
            sink,
            quarantine,
            ids,
            cancel,
            progress,
            watch,
            report,
            mapping,
        } = targets;
        Committer {
            inputs,
            sink,
            quarantine,
            ids,
            cancel,
            progress,
            watch,
            wants_mapping: mapping.is_some(),
            state: Mutex::new(State {
                next: 0,
                waiting: BTreeMap::new(),
                waiters: 0,
                totals: Totals::default(),
                report,
                mapping,
                trouble: Vec::new(),
            }),
            next: AtomicUsize::new(0),
            moved: Condvar::new(),
        }
    }

    /// Whether pairs of identifiers are to be handed in.
    pub(super) fn wants_mapping(&self) -> bool {
        self.wants_mapping
    }

    /// Waits until the input is near enough to the oldest unfinished one. That one is in a worker's hands, so this ends.
    pub(super) fn wait_for_room(&self, index: usize) {
        if index < self.next.load(Ordering::Relaxed).saturating_add(WINDOW) {
            return;
        }
        let mut state = self.lock();
        state.waiters += 1;
        while index >= state.next.saturating_add(WINDOW) {
            state = self
                .moved
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.waiters -= 1;
    }

    /// Takes one outcome and commits every one whose turn has come.
    pub(super) fn submit(&self, index: usize, done: Done) {
        let mut state = self.lock();
        state.waiting.insert(index, done);
        let before = state.next;
        while let Some(done) = {
            let next = state.next;
            state.waiting.remove(&next)
        } {
            if let Some(entry) = self.inputs.entries.get(state.next) {
                self.commit(&mut state, entry, done);
            }
            state.next += 1;
        }
        if state.next > before {
            self.next.store(state.next, Ordering::Relaxed);
            // Waking nobody would still be a system call for every input.
            if state.waiters > 0 {
                self.moved.notify_all();
            }
        }
    }

    /// What is left when every input is committed.
    pub(super) fn into_parts(self) -> (Summary, Option<Report>, Option<Mapping>) {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let summary = Summary {
            totals: state.totals,
            trouble: state.trouble,
            ..Summary::default()
        };
        (summary, state.report, state.mapping)
    }

    fn commit(&self, state: &mut State, entry: &Entry, done: Done) {
        let relative = self.inputs.relative(entry);
        let id = self.ids.id(relative);
        let Done {
            mut record,
            staged,
            uids,
            patient,
            mut fatal,
        } = done;
        if let Some(staged) = staged {
            match self.sink.publish(&staged) {
                Ok(put) if put != Put::Conflict => {
                    if let Some(written) = &mut record.written {
                        written.same = put == Put::Same;
                    }
                    if let Some(mapping) = &mut state.mapping {
                        mapping.add(uids, patient);
                    }
                }
                Ok(_) => {
                    let bytes_in = record.bytes_in;
                    record = self.conflict(entry, &id).unwrap_or_else(|e| {
                        fatal |= e.fatal;
                        Record::refused(Outcome::Failed, e.reason, e.detail)
                    });
                    record.bytes_in = bytes_in;
                }
                Err(e) => {
                    fatal |= e.fatal;
                    let bytes_in = record.bytes_in;
                    record = Record::refused(Outcome::Failed, e.reason, e.detail);
                    record.bytes_in = bytes_in;
                }
            }
        }
        if fatal {
            self.cancel.stop();
        }
        state.totals.add(&record);
        self.progress.add(record.bytes_in.unwrap_or_default());
        (self.watch)(&id, &record);
        if let Some(report) = &mut state.report
            && let Err(e) = report.input(relative, &id, &record)
        {
            // What cannot be told must not go on happening.
            state.trouble.push(("the report", e.kind()));
            state.report = None;
            self.cancel.stop();
        }
    }

    /// The output holds other bytes under this instance's name: a person must say which are right.
    fn conflict(&self, entry: &Entry, id: &str) -> Result<Record, SinkError> {
        if let Some(quarantine) = self.quarantine {
            let input =
                open_regular(&entry.path).map_err(|e| SinkError::from_io("read the input", &e))?;
            quarantine.keep(id, &input.source)?;
        }
        Ok(Record::refused(
            Outcome::Quarantined,
            "conflict",
            "the output holds an instance of the same identity with other contents",
        ))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
