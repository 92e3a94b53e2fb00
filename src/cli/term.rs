//! The only module that prints. What people read goes to standard error, what programs read to standard output.
//!
//! Nothing that comes from an input is printed: no path, no value. Inputs are called by their opaque ids.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::panic;

use clap::builder::styling::{AnsiColor, Style};

use crate::cli::args::When;
use crate::cli::summary::{self, Closing};
use crate::error::{Error, sanitise};
use crate::exit::Exit;
use crate::profile::Diagnostics;
use crate::report::{Outcome, Record};
use crate::sink::stdout;

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

    pub(super) fn is_quiet(self) -> bool {
        self.quiet
    }

    pub(super) fn is_verbose(self) -> bool {
        self.verbose > 0
    }

    /// Says that a file cannot be read, without its name.
    pub(super) fn unreadable(self, why: &str) -> Exit {
        self.problem(&format!("error: cannot read the file: {}", sanitise(why)));
        Exit::Incomplete
    }

    /// Prints a remark, unless told to be quiet.
    pub(super) fn note(self, text: &str) {
        if !self.quiet {
            say(format_args!("{}", text.trim_end()));
        }
    }

    /// Prints what a person must see, quiet or not.
    pub(super) fn warn(self, text: &str) {
        self.problem(&format!("warning: {text}"));
    }

    /// Prints an error and what to do about it; gives its exit code.
    pub(super) fn error(self, error: &anyhow::Error) -> Exit {
        if let Some(problems) = error.downcast_ref::<Diagnostics>() {
            self.problems(problems);
            return Exit::Usage;
        }
        if let Some(known) = error.downcast_ref::<Error>() {
            let help = known.help().map(|help| format!("\nhelp: {help}"));
            self.problem(&format!("error: {known}{}", help.unwrap_or_default()));
            return known.exit();
        }
        self.problem(&format!("error: {error:#}"));
        // Trouble with standard output or a report is not the user's.
        let io = error.chain().any(<dyn std::error::Error>::is::<io::Error>);
        if io { Exit::Incomplete } else { Exit::Usage }
    }

    /// Prints what there is to know of a profile that can be used; when quiet, nothing.
    pub(super) fn remarks(self, remarks: &Diagnostics) {
        for remark in remarks.0.iter().filter(|_| !self.quiet) {
            self.problem(&format!("{remark}\n\n"));
        }
    }

    /// Prints what is wrong with a profile.
    pub(super) fn problems(self, problems: &Diagnostics) {
        self.problem(&problems.to_string());
    }

    /// Prints lines, those that begin with `error:` or `help:` so that they catch the eye.
    fn problem(self, text: &str) {
        let words = [
            ("error:", self.style(AnsiColor::Red)),
            ("warning:", self.style(AnsiColor::Yellow)),
            ("note:", self.style(AnsiColor::Cyan)),
            ("help:", self.style(AnsiColor::Green)),
        ];
        for line in text.lines() {
            let begun = words
                .iter()
                .find_map(|(word, style)| Some((word, style, line.strip_prefix(word)?)));
            match begun {
                Some((word, style, rest)) => say(format_args!("{style}{word}{style:#}{rest}")),
                None => say(format_args!("{line}")),
            }
        }
    }

    /// Says that no other run will give the same pseudonyms.
    pub(super) fn fresh_key(self, fingerprint: &str) {
        self.note(&summary::fresh_key(fingerprint));
    }

    /// Sums a run up. Trouble is told even when quiet.
    pub(super) fn closing(self, closing: &Closing<'_>) {
        self.note(&closing.text(self));
        if self.quiet {
            for (what, kind) in &closing.summary.trouble {
                say(format_args!("error: cannot complete {what}: {kind}"));
            }
        }
    }

    /// Whether this verbosity tells of such an outcome.
    pub(super) fn shows(self, record: &Record) -> bool {
        let from = match record.outcome {
            Outcome::Quarantined | Outcome::Rejected | Outcome::Failed => 1,
            Outcome::NotDicom => 2,
            Outcome::Written => 3,
        };
        !self.quiet && self.verbose >= from
    }

    /// Prints what became of one input.
    pub(super) fn outcome(self, id: &str, record: &Record) {
        let style = self.outcome_style(record.outcome);
        let mut line = format!("{style}{}{style:#} {id}", record.outcome.name());
        if let Some(reason) = &record.reason {
            line.push(' ');
            line.push_str(&sanitise(reason));
        }
        if self.verbose >= 2
            && let Some(detail) = &record.detail
        {
            line.push_str(": ");
            line.push_str(&sanitise(detail));
        }
        let Some(written) = &record.written else {
            return say(format_args!("{line}"));
        };
        let same = if written.same { ", same" } else { "" };
        let class = sanitise(record.sop_class.unwrap_or_default());
        say(format_args!(
            "{line} {class}, {} bytes{same}",
            written.bytes_out
        ));
    }

    /// The colour of an outcome.
    pub(super) fn outcome_style(self, outcome: Outcome) -> Style {
        match outcome {
            Outcome::Written => self.style(AnsiColor::Green),
            Outcome::NotDicom => Style::new(),
            Outcome::Rejected | Outcome::Quarantined => self.style(AnsiColor::Yellow),
            Outcome::Failed => self.style(AnsiColor::Red),
        }
    }

    fn style(self, color: AnsiColor) -> Style {
        if self.color {
            color.on_default()
        } else {
            Style::new()
        }
    }
}

/// Prints a result: a line on standard output.
pub(super) fn print(line: &str) -> io::Result<()> {
    // The standard library's own stream says nothing about some errors.
    writeln!(stdout::open(io::stdout())?, "{line}")
}

/// Says why the one instance on standard input gave none on standard output.
pub(super) fn refused(record: &Record) {
    let reason = sanitise(record.reason.as_deref().unwrap_or_default());
    let detail = sanitise(record.detail.as_deref().unwrap_or_default());
    say(format_args!(
        "{}: {reason}: {detail}",
        record.outcome.name()
    ));
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
        Some(place) => say(format_args!(
            "internal error at {}:{}",
            place.file(),
            place.line()
        )),
        None => say(format_args!("internal error")),
    }));
}

/// Prints a line on standard error. Nobody listening is no reason to stop: `eprintln` would panic.
fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
