//! The only module that prints. What people read goes to standard error, what programs read to standard output.
//!
//! Nothing that comes from an input is printed: no path, no value. Inputs are called by their opaque ids.
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "this is the one place that prints"
)]

use std::io::{self, IsTerminal as _, Write as _};
use std::panic;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::cli::args::When;
use crate::cli::size;
use crate::error::{Error, sanitise};
use crate::exit::Exit;
use crate::report::{Outcome, Record, Totals};
use crate::run::{Progress, Summary};

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    color: bool,
    verbose: u8,
    quiet: bool,
}

impl Term {
    pub(super) fn new(when: When, verbose: u8, quiet: bool) -> Term {
        let color = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
                !unwanted && !dumb && io::stderr().is_terminal()
            }
        };
        Term {
            color,
            verbose,
            quiet,
        }
    }

    /// Prints a result: a line on standard output.
    pub(super) fn print(self, line: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{line}")
    }

    /// Prints a remark, unless told to be quiet.
    pub(super) fn note(self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }

    /// Prints an error and what to do about it; gives its exit code.
    pub(super) fn error(self, error: &anyhow::Error) -> Exit {
        let red = self.style(Style::new().fg_color(Some(AnsiColor::Red.into())).bold());
        let known = error.downcast_ref::<Error>();
        eprintln!("{red}error:{red:#} {error}");
        if let Some(help) = known.and_then(Error::help) {
            let green = self.style(Style::new().fg_color(Some(AnsiColor::Green.into())));
            eprintln!("{green}help:{green:#} {help}");
        }
        // Trouble with standard output or a report is not the user's.
        let is_io = error.chain().any(<dyn std::error::Error>::is::<io::Error>);
        known.map_or(
            if is_io { Exit::Incomplete } else { Exit::Usage },
            Error::exit,
        )
    }

    /// Says why the one instance on standard input gave none on standard output.
    pub(super) fn refused(self, record: &Record) {
        let detail = sanitise(record.detail.as_deref().unwrap_or_default());
        let name = record.outcome.name();
        eprintln!("{name}: {}: {detail}", sanitise(record.reason()));
    }

    /// Says that no other run will give the same pseudonyms.
    pub(super) fn fresh_key(self, fingerprint: &str) {
        self.note(&format!(
            "key: fresh for this run (fingerprint {fingerprint}); no other run gives the same pseudonyms\n\
             help: for pseudonyms that last, make a key with `samar key new` and pass it by `--key-file`"
        ));
    }

    /// Sums a run up.
    pub(super) fn closing(self, closing: &Closing<'_>) {
        if self.quiet {
            for (what, kind) in &closing.summary.trouble {
                eprintln!("error: cannot complete {what}: {kind}");
            }
            return;
        }
        eprint!("{}", closing.text(self));
        if let Some(fingerprint) = closing.fresh_key {
            self.fresh_key(fingerprint);
        }
    }

    fn style(self, style: Style) -> Style {
        if self.color { style } else { Style::new() }
    }

    fn outcome_style(self, outcome: Outcome) -> Style {
        let color = match outcome {
            Outcome::Written => AnsiColor::Green,
            Outcome::NotDicom => return Style::new(),
            Outcome::Rejected | Outcome::Quarantined => AnsiColor::Yellow,
            Outcome::Failed => AnsiColor::Red,
        };
        self.style(Style::new().fg_color(Some(color.into())))
    }

    /// What is said about one input at this verbosity, if anything.
    fn line(self, id: &str, record: &Record) -> Option<String> {
        let from = match record.outcome {
            Outcome::Quarantined | Outcome::Rejected | Outcome::Failed => 1,
            Outcome::NotDicom => 2,
            Outcome::Written => 3,
        };
        if self.quiet || self.verbose < from {
            return None;
        }
        let style = self.outcome_style(record.outcome);
        let mut line = format!("{style}{}{style:#} {id}", record.outcome.name());
        if let Some(reason) = &record.reason {
            line.push_str(&format!(" {}", sanitise(reason)));
        }
        if self.verbose >= 2
            && let Some(detail) = &record.detail
        {
            line.push_str(&format!(": {}", sanitise(detail)));
        }
        if let Some(written) = &record.written {
            let same = if written.same { " same" } else { "" };
            line.push_str(&format!(
                " {} {} B{same}",
                sanitise(&written.sop_class),
                written.bytes_out
            ));
        }
        Some(line)
    }
}

/// What there is to say at the end of a run.
pub(super) struct Closing<'a> {
    pub(super) summary: &'a Summary,
    pub(super) elapsed: Duration,
    /// Fingerprint of a key that was made for this run.
    pub(super) fresh_key: Option<&'a str>,
    pub(super) reported: bool,
    pub(super) dry_run: bool,
}

impl Closing<'_> {
    fn text(&self, term: Term) -> String {
        let totals = &self.summary.totals;
        let seconds = self.elapsed.as_secs_f64();
        let mut text = format!(
            "{} inputs, {} in {seconds:.1} s{}\n",
            size::grouped(totals.inputs()),
            size::show(totals.bytes_in),
            if self.dry_run {
                ", dry run: nothing was written"
            } else {
                ""
            },
        );
        for outcome in Outcome::ALL {
            self.row(term, outcome, &mut text);
        }
        for (what, kind) in &self.summary.trouble {
            text.push_str(&format!("error: cannot complete {what}: {kind}\n"));
        }
        if self.summary.interrupted {
            text.push_str(
                "interrupted: what is in the output is whole and verified; run again to go on\n",
            );
        } else if self.summary.stopped {
            text.push_str("stopped: every further input would have failed alike; run again when this is solved\n");
        }
        if let Some(hint) = self.hint(totals) {
            text.push_str(hint);
        }
        text
    }

    fn row(&self, term: Term, outcome: Outcome, text: &mut String) {
        let totals = &self.summary.totals;
        let count = totals.count(outcome);
        if count == 0 && outcome != Outcome::Written {
            return;
        }
        let style = term.outcome_style(outcome);
        let name = match outcome {
            Outcome::NotDicom => "not DICOM",
            Outcome::Written if self.dry_run => "would write",
            outcome => outcome.name(),
        };
        text.push_str(&format!(
            "  {style}{name:<11}{style:#} {:>10}",
            size::grouped(count)
        ));
        if outcome == Outcome::Written && totals.same > 0 {
            text.push_str(&format!(
                "  {} of them were there already",
                size::grouped(totals.same)
            ));
        }
        let reasons: Vec<_> = totals
            .reasons(outcome)
            .map(|(reason, count)| format!("{} {}", sanitise(reason), size::grouped(count)))
            .collect();
        if !reasons.is_empty() {
            text.push_str(&format!("  {}", reasons.join(", ")));
        }
        text.push('\n');
    }

    /// Where to look next.
    fn hint(&self, totals: &Totals) -> Option<&'static str> {
        let open = [Outcome::Rejected, Outcome::Quarantined, Outcome::Failed];
        if open.into_iter().all(|outcome| totals.count(outcome) == 0) {
            return None;
        }
        Some(if self.reported {
            "help: the report says which inputs these are, and why\n"
        } else {
            "help: run again with `--report FILE` to learn which inputs these are; only what is missing is written\n"
        })
    }
}

/// The progress bar, and the lines that appear above it.
pub(super) struct Bar {
    term: Term,
    bar: ProgressBar,
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    pub(super) fn new(term: &Term, wanted: bool, files: usize, progress: &Arc<Progress>) -> Bar {
        if !wanted || term.quiet || !io::stderr().is_terminal() {
            return Bar {
                term: *term,
                bar: ProgressBar::hidden(),
                ticker: None,
            };
        }
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
        bar.set_style(style(Arc::clone(progress)));
        let (end, ended) = mpsc::channel();
        let shown = bar.clone();
        let progress = Arc::clone(progress);
        // The workers only count; looking at the counters is this thread's business.
        let ticker = thread::spawn(move || {
            while ended.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
                shown.set_position(progress.files());
            }
        });
        Bar {
            term: *term,
            bar,
            ticker: Some((end, ticker)),
        }
    }

    /// Shows one outcome, if the user wants to see it.
    pub(super) fn outcome(&self, id: &str, record: &Record) {
        if let Some(line) = self.term.line(id, record) {
            self.bar.suspend(|| eprintln!("{line}"));
        }
    }

    pub(super) fn finish(self) {
        if let Some((end, ticker)) = self.ticker {
            drop(end);
            let _ = ticker.join();
        }
        self.bar.finish_and_clear();
    }
}

fn style(progress: Arc<Progress>) -> ProgressStyle {
    let rate = Arc::clone(&progress);
    ProgressStyle::with_template(
        "{wide_bar} {human_pos}/{human_len} files  {volume}  {rate}  {elapsed}",
    )
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
            let seconds = state.elapsed().as_secs_f64().max(0.001);
            let _ = write!(
                out,
                "{}/s",
                size::show((rate.bytes() as f64 / seconds) as u64)
            );
        },
    )
}

/// Lets the argument parser say what it has to say: an error, help, or the version.
pub(super) fn clap(error: &clap::Error) -> Exit {
    if error.print().is_err() {
        return Exit::Incomplete;
    }
    if error.exit_code() == 0 {
        Exit::Clean
    } else {
        Exit::Usage
    }
}

/// A panic's message may quote what the code was looking at: only the place is told.
pub(super) fn quiet_panics() {
    panic::set_hook(Box::new(|info| match info.location() {
        Some(place) => eprintln!("internal error at {}:{}", place.file(), place.line()),
        None => eprintln!("internal error"),
    }));
}
