//! The progress bar: files, bytes, rate and time, never a name.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::cli::size;
use crate::cli::term::Term;
use crate::report::Record;
use crate::run::Progress;

/// How often the counters are looked at.
const TICK: Duration = Duration::from_millis(100);

/// The bar, and the lines that appear above it.
pub(super) struct Bar {
    term: Term,
    shown: ProgressBar,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    /// Shows the bar when it is wanted and standard error is a terminal.
    pub(super) fn new(term: Term, wanted: bool, files: usize, progress: &Arc<Progress>) -> Bar {
        if !wanted || term.is_quiet() || !io::stderr().is_terminal() {
            let shown = ProgressBar::hidden();
            return Bar {
                term,
                shown,
                ticker: None,
            };
        }
        let shown = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
        shown.set_style(style(Arc::clone(progress)));
        let (end, ended) = mpsc::channel();
        let (bar, progress) = (shown.clone(), Arc::clone(progress));
        // The workers only count; looking at the counters is this thread's business.
        let ticker = thread::spawn(move || {
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                bar.set_position(progress.files());
            }
        });
        let ticker = Some((end, ticker));
        Bar {
            term,
            shown,
            ticker,
        }
    }

    /// Shows one outcome above the bar, if the user wants to see it.
    pub(super) fn outcome(&self, id: &str, record: &Record) {
        if self.term.shows(record) {
            self.shown.suspend(|| self.term.outcome(id, record));
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        if let Some((end, ticker)) = self.ticker {
            drop(end);
            let _ = ticker.join();
        }
        self.shown.finish_and_clear();
    }
}

fn style(progress: Arc<Progress>) -> ProgressStyle {
    let rate = Arc::clone(&progress);
    let template = "{wide_bar} {human_pos}/{human_len} files  {volume}  {rate}  {elapsed}";
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key(
            "volume",
            move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let _ = out.write_str(&size::show(progress.bytes()));
            },
        )
        .with_key(
            "rate",
            move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let millis = u64::try_from(state.elapsed().as_millis())
                    .unwrap_or(u64::MAX)
                    .max(1);
                let per_second = u128::from(rate.bytes()) * 1000 / u128::from(millis);
                let _ = write!(
                    out,
                    "{}/s",
                    size::show(u64::try_from(per_second).unwrap_or(u64::MAX))
                );
            },
        )
}
