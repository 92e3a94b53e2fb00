//! The last words of a run, as text. Numbers, reasons and advice; nothing that comes from an input.

use std::fmt::{self, Write as _};
use std::time::Duration;

use crate::cli::size;
use crate::cli::term::Term;
use crate::error::sanitise;
use crate::report::{Outcome, PixelTotals, Remark, TextTotals};
use crate::run::Summary;

/// What there is to say at the end of a run.
pub(super) struct Closing<'a> {
    pub(super) summary: &'a Summary,
    pub(super) elapsed: Duration,
    /// Fingerprint of a key that was made for this run.
    pub(super) fresh_key: Option<&'a str>,
    pub(super) reported: bool,
    pub(super) dry_run: bool,
}

/// Advice about a key that is gone with its run.
pub(super) fn fresh_key(fingerprint: &str) -> String {
    format!(
        "key: fresh for this run (fingerprint {fingerprint}); no other run gives the same pseudonyms\n\
         help: for pseudonyms that last, make a key with `samar key new` and pass it by `--key-file`\n"
    )
}

/// What instances do not agree on, as a sentence.
fn remarked(remark: Remark, count: u64) -> String {
    let count = size::grouped(count);
    let told = match remark {
        Remark::StudyOfTwoPatients => "studies name two patients",
        Remark::PatientOfTwoNames => "patient IDs go with two names",
    };
    format!("note: {count} {told} (`{}` in the report)", remark.name())
}

/// What was done to pixels, as a sentence.
fn pixels(totals: PixelTotals) -> Option<String> {
    let told = [
        (totals.blanked, "regions blanked"),
        (totals.recoded, "frames coded anew without loss"),
        (totals.stripped, "frames stripped of what is not image"),
        (totals.cleared_bits, "unused bits cleared"),
    ];
    let told: Vec<String> = told
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{what} {}", size::grouped(*count)))
        .collect();
    (!told.is_empty()).then(|| format!("  instances with {}", told.join(", ")))
}

/// What the search for text gave, as a sentence.
fn text_of(totals: TextTotals) -> Option<String> {
    let told = [
        (totals.found, "found in"),
        (totals.unsure, "unsure in"),
        (totals.not_searched, "not searched in"),
    ];
    let told: Vec<String> = told
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{what} {}", size::grouped(*count)))
        .collect();
    (!told.is_empty()).then(|| format!("  text {}", told.join(", ")))
}

impl Closing<'_> {
    /// The text, ending in a newline.
    pub(super) fn text(&self, term: Term) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(term, &mut text);
        text
    }

    fn write(&self, term: Term, text: &mut String) -> fmt::Result {
        let Summary {
            totals, trouble, ..
        } = self.summary;
        let (inputs, bytes) = (size::grouped(totals.inputs()), size::show(totals.bytes_in));
        let dry = if self.dry_run {
            "; dry run, nothing was written"
        } else {
            ""
        };
        writeln!(
            text,
            "{inputs} inputs, {bytes} in {:.1} s{dry}",
            self.elapsed.as_secs_f64()
        )?;
        for outcome in Outcome::ALL {
            self.row(term, outcome, text)?;
        }
        if let Some(told) = pixels(totals.pixels) {
            writeln!(text, "{told}")?;
        }
        if let Some(told) = text_of(totals.text) {
            writeln!(text, "{told}")?;
        }
        if totals.text.look > 0 {
            let count = size::grouped(totals.text.look);
            writeln!(
                text,
                "note: {count} written with text that was found and left, or that could not be searched: look at them"
            )?;
        }
        for remark in Remark::ALL {
            let count = totals.remarked(remark);
            if count > 0 {
                writeln!(text, "{}", remarked(remark, count))?;
            }
        }
        for (what, kind) in trouble {
            writeln!(text, "error: cannot complete {what}: {kind}")?;
        }
        if self.summary.interrupted {
            text.push_str(
                "interrupted: what is in the output is whole and verified; run again to go on\n",
            );
        } else if self.summary.stopped {
            text.push_str("stopped: every further input would have failed alike; run again when this is solved\n");
        }
        let look = [Outcome::Rejected, Outcome::Quarantined, Outcome::Failed];
        if look.into_iter().any(|outcome| totals.count(outcome) > 0) {
            text.push_str(if self.reported {
                "help: the report says which inputs these are, and why\n"
            } else {
                "help: run again with `--report FILE` to learn which inputs these are\n"
            });
        }
        if let Some(fingerprint) = self.fresh_key {
            text.push_str(&fresh_key(fingerprint));
        }
        Ok(())
    }

    fn row(&self, term: Term, outcome: Outcome, text: &mut String) -> fmt::Result {
        let totals = &self.summary.totals;
        let count = totals.count(outcome);
        if count == 0 && outcome != Outcome::Written {
            return Ok(());
        }
        let style = term.outcome_style(outcome);
        let name = match outcome {
            Outcome::NotDicom => "not DICOM",
            Outcome::Written if self.dry_run => "would write",
            outcome => outcome.name(),
        };
        write!(
            text,
            "  {style}{name:<11}{style:#} {:>10}",
            size::grouped(count)
        )?;
        if outcome == Outcome::Written && totals.same > 0 {
            write!(
                text,
                "  {} of them were there already",
                size::grouped(totals.same)
            )?;
        }
        for (i, (reason, count)) in totals.reasons(outcome).enumerate() {
            let before = if i == 0 { "  " } else { ", " };
            write!(
                text,
                "{before}{} {}",
                sanitise(reason),
                size::grouped(count)
            )?;
        }
        text.push('\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::When;
    use crate::report::outcome::Written;
    use crate::report::{Record, Totals};

    fn text(summary: &Summary, reported: bool, dry_run: bool) -> String {
        let closing = Closing {
            summary,
            elapsed: Duration::from_millis(1234),
            fresh_key: dry_run.then_some("0123456789abcdef"),
            reported,
            dry_run,
        };
        closing.text(Term::new(When::Never, 0, false))
    }

    fn totals() -> Totals {
        let mut totals = Totals::default();
        let written = |same| {
            Record::written(
                "CTImageStorage",
                Written {
                    output: String::new(),
                    same,
                    bytes_out: 10,
                    header_sha256: None,
                    sha256: None,
                    counts: crate::deid::Counts::default(),
                    redacted: crate::deid::Redacted::default(),
                    overrides: Vec::new(),
                    remarks: Vec::new(),
                },
            )
            .with_bytes_in(1_000_000)
        };
        (0..1234).for_each(|_| totals.add(&written(false)));
        (0..6).for_each(|_| totals.add(&written(true)));
        totals.pixels = PixelTotals {
            blanked: 1001,
            stripped: 2,
            ..PixelTotals::default()
        };
        for reason in ["truncated", "second-reader", "truncated", "evil\x1b[2J"] {
            totals.add(&Record::refused(Outcome::Quarantined, reason, ""));
        }
        totals.add(&Record::refused(Outcome::NotDicom, "link", ""));
        totals
    }

    #[test]
    fn a_run_is_summed_up_for_people() {
        let summary = Summary {
            totals: totals(),
            ..Summary::default()
        };
        insta::assert_snapshot!(text(&summary, true, false), @r"
        1,245 inputs, 1.24 GB in 1.2 s
          written          1,240  6 of them were there already
          not DICOM            1  link 1
          quarantined          4  evil�[2J 1, second-reader 1, truncated 2
          instances with regions blanked 1,001, frames stripped of what is not image 2
        help: the report says which inputs these are, and why
        ");
        insta::assert_snapshot!(text(&Summary::default(), false, true), @r"
        0 inputs, 0 B in 1.2 s; dry run, nothing was written
          would write          0
        key: fresh for this run (fingerprint 0123456789abcdef); no other run gives the same pseudonyms
        help: for pseudonyms that last, make a key with `samar key new` and pass it by `--key-file`
        ");
    }

    #[test]
    fn what_went_wrong_is_said() {
        let mut totals = Totals::default();
        totals.add(&Record::refused(Outcome::Failed, "disk-full", ""));
        let summary = Summary {
            totals,
            stopped: true,
            trouble: vec![("the report", std::io::ErrorKind::StorageFull)],
            ..Summary::default()
        };
        insta::assert_snapshot!(text(&summary, false, false), @r"
        1 inputs, 0 B in 1.2 s
          written              0
          failed               1  disk-full 1
        error: cannot complete the report: no storage space
        stopped: every further input would have failed alike; run again when this is solved
        help: run again with `--report FILE` to learn which inputs these are
        ");
    }
}
