//! Publishing and telling in input order, whatever the order in which the workers get there.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::deid::Mapped;
use crate::input::{Entry, Inputs, open_regular};
use crate::report::{Mapping, Outcome, Record, Remark, Report, Totals};
use crate::run::consistency::{Consistency, Seen};
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
    /// What it says of its patient.
    pub(super) seen: Option<Seen>,
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
            seen: None,
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
    queue: Mutex<Queue>,
    /// A copy of `Queue::next` that can be read without the lock.
    next: AtomicUsize,
    moved: Condvar,
    /// Only whoever has set `Queue::busy` takes this lock.
    books: Mutex<Books>,
}

/// Outcomes that wait for their turn.
#[derive(Default)]
struct Queue {
    /// Index of the next input in order.
    next: usize,
    waiting: BTreeMap<usize, Done>,
    /// Whether a worker is committing. It also takes what comes meanwhile, so that the others need not wait for it.
    busy: bool,
    /// Workers in [`Committer::wait_for_room`].
    waiters: usize,
}

/// What is told.
struct Books {
    totals: Totals,
    consistency: Consistency,
    report: Option<Report>,
    mapping: Option<Mapping>,
    trouble: Vec<(&'static str, io::ErrorKind)>,
}

impl Books {
    /// What an instance that is in the output says against those before it.
    fn remarks(&mut self, seen: Option<&Seen>) -> Vec<Remark> {
        let Some(seen) = seen else {
            return Vec::new();
        };
        let mut remarks = Vec::new();
        for (remark, is_first) in self.consistency.add(seen) {
            if is_first {
                self.totals.remark(remark);
            }
            remarks.push(remark);
        }
        remarks
    }
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
            queue: Mutex::default(),
            next: AtomicUsize::new(0),
            moved: Condvar::new(),
            books: Mutex::new(Books {
                totals: Totals::default(),
                consistency: Consistency::default(),
                report,
                mapping,
                trouble: Vec::new(),
            }),
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
        let mut queue = self.lock();
        queue.waiters += 1;
        while index >= queue.next.saturating_add(WINDOW) {
            queue = self
                .moved
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        queue.waiters -= 1;
    }

    /// Takes one outcome and commits every one whose turn has come, unless another worker is doing so.
    pub(super) fn submit(&self, index: usize, done: Done) {
        let mut queue = self.lock();
        queue.waiting.insert(index, done);
        if queue.busy {
            return;
        }
        queue.busy = true;
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(done) = {
            let next = queue.next;
            queue.waiting.remove(&next)
        } {
            let next = queue.next;
            drop(queue);
            if let Some(entry) = self.inputs.entries.get(next) {
                self.commit(&mut books, entry, done);
            }
            queue = self.lock();
            queue.next = next + 1;
            self.next.store(queue.next, Ordering::Relaxed);
            // Waking nobody would still be a system call for every input.
            if queue.waiters > 0 {
                self.moved.notify_all();
            }
        }
        queue.busy = false;
    }

    /// What is left when every input is committed.
    pub(super) fn into_parts(self) -> (Summary, Option<Report>, Option<Mapping>) {
        let books = self
            .books
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let summary = Summary {
            totals: books.totals,
            trouble: books.trouble,
            ..Summary::default()
        };
        (summary, books.report, books.mapping)
    }

    fn commit(&self, books: &mut Books, entry: &Entry, done: Done) {
        let relative = self.inputs.relative(entry);
        let id = self.ids.id(relative);
        let Done {
            mut record,
            staged,
            uids,
            patient,
            seen,
            mut fatal,
        } = done;
        if let Some(staged) = staged {
            match self.sink.publish(&staged) {
                Ok(put) if put != Put::Conflict => {
                    if let Some(written) = &mut record.written {
                        written.same = put == Put::Same;
                        written.remarks = books.remarks(seen.as_ref());
                    }
                    if let Some(mapping) = &mut books.mapping {
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
        books.totals.add(&record);
        self.progress.add(record.bytes_in.unwrap_or_default());
        (self.watch)(&id, &record);
        if let Some(report) = &mut books.report
            && let Err(e) = report.input(relative, &id, &record)
        {
            // What cannot be told must not go on happening.
            books.trouble.push(("the report", e.kind()));
            books.report = None;
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

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
