//! `samar explain`: what would be done with one file, and who decides it.

mod imaging;

use std::fmt::Write as _;
use std::io;

use anyhow::bail;

use crate::cli::args::ExplainArgs;
use crate::cli::table::aligned;
use crate::cli::term::{self, Term};
use crate::cli::{size, subjects};
use crate::deid::explain::{AskedRule, Explained, Explanation, Fate};
use crate::deid::{Deidentifier, Refusal};
use crate::dicom::{Instance, Limits, NoRoom, Scratch};
use crate::error::sanitise;
use crate::exit::Exit;
use crate::input::open::open_regular;
use crate::pseudonym::Key;
use crate::run;

/// Characters of a value that are shown.
const SHOWN: usize = 64;

pub(super) fn run(args: &ExplainArgs, term: Term) -> anyhow::Result<Exit> {
    let profile = crate::profile::load(&args.profile)?;
    let (key, fresh) = match &args.key_file {
        Some(path) => (Key::read(path)?, false),
        None => (Key::generate()?, true),
    };
    let limits = Limits::from(args.limits);
    let subjects = subjects::of(&profile)?;
    let deidentifier = Deidentifier::new(profile, &key, limits, subjects)?;
    let deidentifier = args.text_model.give(deidentifier)?;
    // Not even the path is told: it may name the patient.
    let input = match open_regular(&args.file) {
        Ok(input) => input,
        Err(e) if e.kind() == io::ErrorKind::NotFound => bail!("there is no such file"),
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => {
            bail!("one regular file is explained at a time")
        }
        Err(e) => return Ok(term.unreadable(&e.kind().to_string())),
    };
    let instance = match Instance::read(&input.source, &limits, Scratch::default()) {
        Ok(instance) => instance,
        Err(e) => return Ok(term.unreadable(&e.to_string())),
    };
    if fresh {
        term.note("key: fresh for this explanation; another run gives other pseudonyms");
    }
    let explained = deidentifier.explain(&instance);
    // Verification has the last word in a run, and so it has here.
    let outcome = run::process(
        &deidentifier,
        &input.source,
        &mut Scratch::default(),
        &NoRoom,
    );
    let refusal = outcome.err();
    let text = match &explained {
        Ok(explanation) => Page {
            explanation,
            profile: &deidentifier.profile().name,
            refusal: refusal.as_ref(),
            all: args.all || term.is_verbose(),
            show_phi: args.show_phi,
            every: args.all,
        }
        .text(),
        Err(refusal) => withheld(refusal),
    };
    term::print(&text)?;
    let is_written = explained.is_ok() && refusal.is_none();
    Ok(if is_written {
        Exit::Clean
    } else {
        Exit::Attention
    })
}

fn withheld(refusal: &Refusal) -> String {
    let detail = sanitise(&refusal.detail);
    format!(
        "would be withheld by {}: {detail}",
        sanitise(&refusal.reason)
    )
}

/// What is printed of one explanation.
struct Page<'a> {
    explanation: &'a Explanation,
    profile: &'a str,
    /// Why it would not be written.
    refusal: Option<&'a Refusal>,
    /// Whether to print the rules on instances that do not match.
    all: bool,
    /// Whether to print every element.
    every: bool,
    show_phi: bool,
}

impl Page<'_> {
    fn text(&self) -> String {
        let syntax = self
            .explanation
            .transfer_syntax
            .unwrap_or("unlisted transfer syntax");
        let class = self.explanation.sop_class;
        let verdict = self.refusal.map_or_else(|| self.accepted(), withheld);
        let mut parts = vec![format!(
            "{class}, {syntax}, profile {}\n{verdict}",
            self.profile
        )];
        parts.extend(self.rules("rules on instances", &self.explanation.accept));
        parts.extend(self.rules_on_pixels());
        if self.refusal.is_none() || self.every {
            if self.refusal.is_some() && !self.explanation.elements.is_empty() {
                parts.push("if it were accepted".to_owned());
            }
            let pixels = &self.explanation.pixels;
            let image = self.explanation.image.as_ref();
            let text = self.explanation.text.as_ref();
            parts.extend(image.map(|image| imaging::text(image, pixels, text)));
            parts.extend(self.elements());
            parts.push(self.sum());
        }
        parts.join("\n\n")
    }

    fn accepted(&self) -> String {
        let codes: Vec<&str> = self.explanation.methods.iter().map(|m| m.code).collect();
        let codes = if codes.is_empty() {
            "no method code".to_owned()
        } else {
            codes.join(", ")
        };
        let mut text = format!("would be written, with {codes}");
        for id in &self.explanation.overridden {
            let _ = write!(
                text,
                "\nwould be withheld by {id}, which the profile overrides"
            );
        }
        text
    }

    /// Rules on pixels, and how many others there are.
    fn rules_on_pixels(&self) -> Option<String> {
        let rules = &self.explanation.pixels;
        let others = rules.iter().filter(|rule| !rule.holds).count();
        let told = self.rules("rules on pixels", rules);
        match (others, told) {
            (0, told) => told,
            (_, Some(told)) if self.all => Some(told),
            (_, Some(told)) => Some(format!(
                "{told}\n  others that do not match: {others}, see `-v`"
            )),
            (_, None) => Some(format!(
                "rules on pixels\n  none of {others} matches: see `-v`"
            )),
        }
    }

    /// Rules on instances: those that match, or all.
    fn rules(&self, title: &str, rules: &[AskedRule]) -> Option<String> {
        let told: Vec<&AskedRule> = rules.iter().filter(|rule| self.all || rule.holds).collect();
        if told.is_empty() {
            return None;
        }
        let mut text = title.to_owned();
        for rule in told {
            let because = sanitise(&rule.because);
            let _ = write!(
                text,
                "\n  {} {} {}: {because}",
                yes(rule.holds),
                rule.says,
                rule.id
            );
            for (predicate, holds) in &rule.predicates {
                let _ = write!(text, "\n        {} {}", yes(*holds), sanitise(predicate));
            }
        }
        Some(text)
    }

    fn elements(&self) -> Option<String> {
        let elements = &self.explanation.elements;
        let mut told = vec![false; elements.len()];
        // Backwards, so that what is told brings along the items and sequences around it: the nearest lines before
        // it that stand less deep. An item is deeper than its sequence, and less deep than what is in it.
        let mut deepest = 0;
        for (told, element) in told.iter_mut().zip(elements).rev() {
            let depth = element.level * 2 + usize::from(!element.is_item());
            if self.every || is_notable(element) || depth < deepest {
                *told = true;
                deepest = depth;
            }
        }
        let lines: Vec<&Explained> = elements
            .iter()
            .zip(&told)
            .filter(|(_, told)| **told)
            .map(|(e, _)| e)
            .collect();
        if lines.is_empty() {
            return None;
        }
        let rows: Vec<[String; 5]> = lines.iter().map(|element| Self::row(element)).collect();
        let text = aligned("", &rows);
        if !self.show_phi {
            return Some(text);
        }
        let both = text
            .lines()
            .zip(&lines)
            .map(|(line, element)| match values(element) {
                Some(values) => format!("{line}\n{}      {values}", "  ".repeat(element.level)),
                None => line.to_owned(),
            });
        Some(both.collect::<Vec<_>>().join("\n"))
    }

    fn row(element: &Explained) -> [String; 5] {
        let indent = "  ".repeat(element.level);
        let tag = if element.is_item() {
            format!("{indent}{}", element.name)
        } else {
            format!("{indent}{} {}", element.tag, element.vr)
        };
        let name = if element.is_item() {
            String::new()
        } else {
            element.name.clone()
        };
        let mut by = element.by.clone();
        if !element.shadowed.is_empty() {
            let _ = write!(by, " (before {})", element.shadowed.join("; "));
        }
        let size = match element.inside {
            0 if element.name.is_empty() && element.bytes == 0 => String::new(),
            0 if element.is_item() => String::new(),
            0 => format!("<{} bytes>", size::grouped(element.bytes)),
            inside => format!("<{inside} inside>"),
        };
        [tag, name, size, element.fate.word().to_owned(), by]
    }

    fn sum(&self) -> String {
        let elements = self
            .explanation
            .elements
            .iter()
            .filter(|element| !element.is_item());
        let mut counts: Vec<String> = Vec::new();
        for fate in Fate::ALL {
            let count = elements
                .clone()
                .filter(|element| element.fate == *fate)
                .count();
            if count > 0 {
                counts.push(format!("{count} {}", fate.word()));
            }
        }
        let inside: usize = self
            .explanation
            .elements
            .iter()
            .map(|element| element.inside)
            .sum();
        let also = if inside > 0 {
            format!("; {inside} more go with what is around them")
        } else {
            String::new()
        };
        format!("{} elements: {}{also}", elements.count(), counts.join(", "))
    }
}

fn is_notable(element: &Explained) -> bool {
    element.fate != Fate::Kept || element.is_chosen
}

fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "no " }
}

/// The values before and after. This is where `--show-phi` shows what identifies.
fn values(element: &Explained) -> Option<String> {
    let before = element.before.reveal();
    if element.is_item() || before.is_empty() {
        return None;
    }
    let before = shown(before);
    Some(match &element.after {
        Some(after) => format!("{before} -> {}", shown(after.reveal())),
        None => before,
    })
}

/// A value that cannot steer the terminal, cut where it is long.
fn shown(text: &str) -> String {
    let text = sanitise(text);
    let mut cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("`{cut}`")
}
