//! Where in a text the harvested values stand, for the cleaner to take out.

use std::ops::Range;

use super::Harvest;
use super::values::Values;
use crate::text::OwnValues;

impl OwnValues for Harvest {
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        for word in words(text) {
            let upper = text.get(word.clone()).unwrap_or_default().to_uppercase();
            if is_whole(&self.words, &upper) || is_whole(&self.halves, &upper) {
                add(&mut spans, word);
            }
        }
        let (mut phrases, mut numbers) = (Vec::new(), Vec::new());
        self.phrases_in(text, &mut phrases);
        self.numbers_in(text, &mut numbers);
        spans.append(&mut phrases);
        spans.append(&mut numbers);
        spans.sort_unstable_by_key(|span| span.start);
        spans
    }
}

impl Harvest {
    /// Phrases, and whatever else verification looks for in all bytes, at any place.
    fn phrases_in(&self, text: &str, spans: &mut Vec<Range<usize>>) {
        let bytes = text.as_bytes();
        for at in 0..bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let found = self.phrases.at(rest).chain(self.anywhere.at(rest));
            let longest = found.map(<[u8]>::len).max();
            if let Some(len) = longest {
                add(spans, at..at + len);
            }
        }
    }

    /// Numbers, whatever separates their digits.
    fn numbers_in(&self, text: &str, spans: &mut Vec<Range<usize>>) {
        let (mut compact, mut places) = (Vec::new(), Vec::new());
        for (at, byte) in text.bytes().enumerate() {
            if byte.is_ascii_alphanumeric() {
                compact.push(byte);
                places.push(at);
            }
        }
        for at in 0..compact.len() {
            let rest = compact.get(at..).unwrap_or_default();
            let longest = self.numbers.at(rest).map(<[u8]>::len).max();
            let end = longest.and_then(|len| places.get(at + len - 1));
            if let (Some(start), Some(end)) = (places.get(at), end) {
                add(spans, *start..*end + 1);
            }
        }
    }
}

/// Adds a span that begins behind the last one or within it; one that touches the last makes that longer, so that spans
/// are fewer than characters however often a value repeats.
fn add(spans: &mut Vec<Range<usize>>, span: Range<usize>) {
    match spans.last_mut() {
        Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
        _ => spans.push(span),
    }
}

/// Runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let start = rest + tail.find(char::is_alphanumeric)?;
        let tail = text.get(start..)?;
        let end = start
            + tail
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(tail.len());
        rest = end;
        Some(start..end)
    })
}

/// Whether a word is one of the values as a whole.
fn is_whole(values: &Values, word: &str) -> bool {
    let word = word.as_bytes();
    values.at(word).any(|value| value.len() == word.len())
}
