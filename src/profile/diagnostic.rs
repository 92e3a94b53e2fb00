//! What is wrong with a profile, said so that its author can put it right: place, snippet, suggestion.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source::Source;

/// Problems collected before loading gives up. More would not be read, and a hostile file must not buy more work.
const MOST: usize = 100;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The profile can be used, and may not do what its author thinks.
    Warning,
    /// The profile cannot be used.
    #[default]
    Error,
}

/// One problem of a profile.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where; `None` when there is no text to point at, as for a file that does not exist.
    pub place: Option<Place>,
}

/// A place in the text of a profile.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file as the user named it, or `basic (built in)`.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    text: Arc<str>,
    /// The bytes of `text` that make up the line.
    on_line: Range<usize>,
    /// The bytes to underline, relative to the line.
    span: Range<usize>,
}

impl Diagnostic {
    /// A problem without a place.
    pub(super) fn nowhere(message: impl Into<String>, help: Option<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            help,
            place: None,
        }
    }

    /// Makes it less than an error.
    pub(super) fn severity(&mut self, severity: Severity) -> &mut Diagnostic {
        self.severity = severity;
        self
    }

    /// Adds what to do about it.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Diagnostic {
        self.help = Some(help.into());
        self
    }
}

impl Place {
    /// Finds line and column of a byte range; a range over several lines is cut at the end of its first.
    pub(super) fn new(source: &Source, span: Range<usize>) -> Place {
        let text: &str = &source.text;
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(span.start), floor(span.end));
        let (before, after) = text.split_at(start);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = memchr::memchr2(b'\n', b'\r', after.as_bytes()).unwrap_or(after.len());
        let line_end = start + rest;
        let end = end.clamp(start, line_end);
        Place {
            file: source.name.clone(),
            line: source.line(start),
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
            text: Arc::clone(&source.text),
            on_line: line_start..line_end,
            span: start - line_start..end - line_start,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snippet = self.place.as_ref().map(|place| {
            Snippet::source(place.text.get(place.on_line.clone()).unwrap_or(""))
                .path(place.file.as_str())
                .line_start(place.line)
                .fold(false)
                .annotation(AnnotationKind::Primary.span(place.span.clone()))
        });
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(self.message.as_str());
        let mut report = vec![Group::with_title(title).elements(snippet)];
        if let Some(help) = &self.help {
            report.push(Group::with_title(Level::HELP.primary_title(help.as_str())));
        }
        f.write_str(&Renderer::plain().render(&report))
    }
}

/// Every problem found in a profile and in what it extends. Never empty when it is an error.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Records a problem at a byte range of a source.
    pub(super) fn at(
        &mut self,
        source: &Source,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Some(Place::new(source, span)), message)
    }

    /// Records a problem.
    pub(super) fn add(
        &mut self,
        place: Option<Place>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let mut diagnostic = Diagnostic::nowhere(message, None);
        diagnostic.place = place;
        let index = self.0.len();
        self.0.push(diagnostic);
        &mut self.0[index]
    }

    /// Puts the problems of each file in the order of its lines.
    pub(super) fn sort(&mut self) {
        let key = |d: &Diagnostic| d.place.as_ref().map(|p| (p.file.clone(), p.line, p.column));
        self.0.sort_by_cached_key(key);
    }

    /// The problems for which the profile cannot be used.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether to stop looking. Remarks do not count: a profile with many is checked to its end all the same.
    pub(super) fn is_full(&self) -> bool {
        self.errors().count() >= MOST
    }

    /// Whether so many warnings and notes were recorded that no more would be read.
    pub(super) fn has_enough_remarks(&self) -> bool {
        self.0.len() - self.errors().count() >= MOST
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        if self.is_full() {
            f.write_str("\n\nerror: too many problems; the rest of the profile was not read")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

impl From<Box<Diagnostic>> for Diagnostics {
    fn from(diagnostic: Box<Diagnostic>) -> Diagnostics {
        Diagnostics(vec![*diagnostic])
    }
}

/// "did you mean" for a misspelt word, from the words that would have been right.
pub(super) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    // No name of the standard is longer; a longer word is not a slip of the finger.
    if word.len() > 80 {
        return None;
    }
    let folded = word.to_ascii_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 4)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&folded, &candidate.to_ascii_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= (candidate.chars().count().min(folded.chars().count()) / 3).min(4)
        })
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}
