//! The YAML text as a tree that remembers where each node stands.
//!
//! This reader gives places and refuses what a profile has no use for: anchors, aliases and tags (the usual
//! bombs), deep nesting, a second document, and duplicate keys. What the values mean is [`super::syntax`]'s.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::diagnostic::Diagnostics;
use super::source::Source;

/// The deepest nesting; the language itself needs five.
const DEEPEST: usize = 16;

/// A node and the bytes it stands on.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar { text: String, plain: bool },
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// The pairs of a mapping; nothing for other nodes.
    pub(super) fn pairs(&self) -> &[(Node, Node)] {
        match &self.kind {
            Kind::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a sequence; nothing for other nodes.
    pub(super) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let pair = self.pairs().iter().find(|(k, _)| k.text() == Some(key))?;
        Some(&pair.1)
    }

    /// Where a part of this scalar's text stands. Exact when the source spells the text out; else the whole scalar.
    pub(super) fn within(&self, source: &Source, part: Range<usize>) -> Range<usize> {
        let Some(text) = self.text() else {
            return self.span.clone();
        };
        let written = source.text.get(self.span.clone()).unwrap_or("");
        for quote in [0, 1] {
            if written.get(quote..).is_some_and(|w| w.starts_with(text)) {
                let start = self.span.start + quote;
                return start + part.start..start + part.end;
            }
        }
        self.span.clone()
    }
}

/// Reads the text. Every problem goes to `found`; the tree comes back unless the text cannot be read on.
pub(super) fn read(source: &Source, found: &mut Diagnostics) -> Option<Node> {
    let offsets = Offsets::new(&source.text);
    let mut open: Vec<Node> = Vec::new();
    let mut keys: Vec<Option<Node>> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(&source.text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = offsets.byte(error.marker().index());
                found.at(source, at..at, format!("not YAML: {}", error.info()));
                return None;
            }
        };
        let span = offsets.bytes(span);
        if let Some(what) = refused(&event) {
            found
                .at(source, span, format!("a profile cannot use {what}"))
                .help("write the value out");
            return None;
        }
        let done = match event {
            Event::DocumentStart(_) if root.is_some() => {
                found
                    .at(
                        source,
                        span,
                        "a profile is one YAML document, this is a second",
                    )
                    .help("put each profile into a file of its own");
                return None;
            }
            Event::Scalar(text, style, ..) => Node {
                span: trim(&source.text, span),
                kind: Kind::Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                },
            },
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() == DEEPEST {
                    found.at(source, span, format!("nested deeper than {DEEPEST} levels"));
                    return None;
                }
                let kind = match event {
                    Event::SequenceStart(..) => Kind::Sequence(Vec::new()),
                    _ => Kind::Mapping(Vec::new()),
                };
                open.push(Node { span, kind });
                keys.push(None);
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                keys.pop();
                match open.pop() {
                    Some(node) => node,
                    None => continue,
                }
            }
            _ => continue,
        };
        let (Some(parent), Some(key)) = (open.last_mut(), keys.last_mut()) else {
            root = Some(done);
            continue;
        };
        match &mut parent.kind {
            Kind::Sequence(items) => items.push(done),
            Kind::Mapping(pairs) => {
                if let Some(key) = key.take() {
                    pairs.push((key, done));
                } else {
                    check_key(source, pairs, &done, found);
                    *key = Some(done);
                }
            }
            Kind::Scalar { .. } => {}
        }
        if found.is_full() {
            return None;
        }
    }
    if root.is_none() {
        found.at(source, 0..0, "the profile is empty");
    }
    root
}

fn refused(event: &Event<'_>) -> Option<&'static str> {
    match event {
        Event::Alias(_) => Some("aliases"),
        Event::Scalar(_, _, anchor, _)
        | Event::SequenceStart(anchor, _)
        | Event::MappingStart(anchor, _)
            if *anchor != 0 =>
        {
            Some("anchors")
        }
        Event::Scalar(_, _, _, Some(_))
        | Event::SequenceStart(_, Some(_))
        | Event::MappingStart(_, Some(_)) => Some("tags"),
        _ => None,
    }
}

fn check_key(source: &Source, before: &[(Node, Node)], key: &Node, found: &mut Diagnostics) {
    let Some(text) = key.text() else {
        found.at(source, key.span.clone(), "a key must be a word");
        return;
    };
    // No mapping of the language has more keys, and looking at all of them must not take quadratic time.
    let known = before.iter().take(64);
    if let Some((first, _)) = known.into_iter().find(|(k, _)| k.text() == Some(text)) {
        let line = source.line(first.span.start);
        found
            .at(source, key.span.clone(), format!("duplicate key `{text}`"))
            .help(format!("it is first given on line {line}; keep one"));
    }
}

/// A plain scalar may be reported with the blanks behind it.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let written = text.get(span.clone()).unwrap_or("");
    span.start..span.start + written.trim_end().len()
}

/// The parser counts characters, everything else here counts bytes.
struct Offsets {
    /// The byte offset of each character; empty when the text is ASCII.
    bytes: Vec<usize>,
    length: usize,
}

impl Offsets {
    fn new(text: &str) -> Offsets {
        Offsets {
            bytes: if text.is_ascii() {
                Vec::new()
            } else {
                text.char_indices().map(|(at, _)| at).collect()
            },
            length: text.len(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            character.min(self.length)
        } else {
            self.bytes.get(character).copied().unwrap_or(self.length)
        }
    }

    fn bytes(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}
