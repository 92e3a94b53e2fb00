//! The cleaner of free text (PS3.15 E.3.5, Clean Descriptors Option): keeps what is medically useful, drops what
//! identifies.
//!
//! Everything that is not known goes. The instance's own values go first, then numbers and addresses by their form, then
//! names by the words around them, and at last every word that is on no list of allowed words. What is left is a part of
//! the text that came in, in its order and its spelling.

mod accents;
mod degrees;
mod identifiers;
mod kinds;
mod lexicon;
mod names;
mod neighbours;
mod page;
mod terms;
mod tidy;

use std::ops::Range;
use std::sync::Arc;

pub use accents::without_accents;
pub use kinds::{Kind, Kinds};

use lexicon::Lexicon;
use page::{Class, Page};

/// Most passes over one text. Each but the last takes something out that only became visible when something else had
/// gone; plain texts need two.
const MOST_PASSES: usize = 12;

/// What must not stay, known from the instance itself.
pub trait OwnValues {
    /// Byte ranges of `text` that hold the patient's, staff's or site's own values in any form. A word or number that a
    /// range touches goes as a whole. Ranges beyond the text or within a character are allowed.
    fn spans(&self, text: &str) -> Vec<Range<usize>>;
}

/// No value of one's own.
impl OwnValues for () {
    fn spans(&self, _text: &str) -> Vec<Range<usize>> {
        Vec::new()
    }
}

/// A text after cleaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// What stays; empty if nothing does.
    pub text: String,
    /// How many words, numbers and odd characters were taken out.
    pub dropped: u32,
    /// The same by kind.
    pub kinds: Kinds,
}

/// Cleans texts. A clone is cheap and shares the words.
#[derive(Clone, Debug, Default)]
pub struct Cleaner {
    lexicon: Arc<Lexicon>,
}

impl Cleaner {
    /// A cleaner with the shipped words.
    pub fn new() -> Cleaner {
        Cleaner::default()
    }

    /// A cleaner that also lets a site's own words stay, in any case, even if they are names. The words of a phrase
    /// count one by one. Numbers cannot be allowed.
    pub fn with_words(extra: impl IntoIterator<Item = String>) -> Cleaner {
        Cleaner {
            lexicon: Arc::new(Lexicon::with_words(extra)),
        }
    }

    /// Cleans one value (PS3.15 E.3.5). A backslash does not separate values here.
    ///
    /// The words of the result are a subsequence of those of the text, and cleaning the result changes nothing.
    pub fn clean(&self, text: &str, own: &dyn OwnValues) -> Cleaned {
        let mut cleaned = Cleaned {
            text: text.to_owned(),
            ..Cleaned::default()
        };
        for _ in 0..MOST_PASSES {
            let next = self.pass(&cleaned.text, own, &mut cleaned.kinds);
            if next == cleaned.text {
                cleaned.dropped = cleaned.kinds.total();
                return cleaned;
            }
            cleaned.text = next;
        }
        // A text that was made to need this many passes is no descriptor.
        let page = Page::new(&cleaned.text);
        for _ in (0..page.len()).filter(|at| page.is_atom(*at)) {
            cleaned.kinds.add(Kind::Odd);
        }
        Cleaned {
            text: String::new(),
            dropped: cleaned.kinds.total(),
            kinds: cleaned.kinds,
        }
    }

    fn pass(&self, text: &str, own: &dyn OwnValues, kinds: &mut Kinds) -> String {
        let mut page = Page::new(text);
        if page.tokens.is_empty() {
            return String::new();
        }
        drop_own(&mut page, own.spans(text));
        identifiers::take_out(&mut page, &self.lexicon);
        names::take_out(&mut page, &self.lexicon);
        self.drop_unlisted(&mut page);
        neighbours::take_out(&mut page, &self.lexicon);
        for token in &page.tokens {
            if let Some(kind) = token.dropped {
                kinds.add(kind);
            }
        }
        tidy::tidy(&page)
    }

    /// Takes out every word, number and mix that no list or rule lets stay.
    fn drop_unlisted(&self, page: &mut Page) {
        for at in 0..page.len() {
            if page.is_dropped(at) {
                continue;
            }
            let low = page.low(at);
            match page.class(at) {
                Some(Class::Word) => {
                    let is_allowed = self.lexicon.look_up(low).is_allowed()
                        || self.lexicon.has_parts(page.raw(at))
                        || is_possessive(page, at);
                    if !is_allowed {
                        page.drop(at, Kind::Word);
                    }
                }
                Some(Class::Number) if !terms::is_small_number(low) => page.drop(at, Kind::Digits),
                Some(Class::Mixed) if !terms::is_term(low, &self.lexicon) => {
                    page.drop(at, Kind::Code);
                }
                _ => {}
            }
        }
    }
}

/// Whether this is the `s` of a kept word: `patient's`.
fn is_possessive(page: &Page, at: usize) -> bool {
    at >= 2
        && page.low(at) == "s"
        && page.class(at - 1) == Some(Class::Mark('\''))
        && page.class(at - 2) == Some(Class::Word)
        && !page.is_dropped(at - 2)
}

/// Takes out the tokens that a span touches: one walk over both, as either may be as long as the text.
fn drop_own(page: &mut Page, mut spans: Vec<Range<usize>>) {
    spans.retain(|span| span.start < span.end);
    spans.sort_unstable_by_key(|span| span.start);
    let mut spans = spans.into_iter().peekable();
    let mut end = 0;
    for at in 0..page.len() {
        let Some(place) = page.tokens.get(at).map(|token| token.at.clone()) else {
            return;
        };
        // Of the spans that begin before the token ends, the one that ends last tells.
        while let Some(span) = spans.next_if(|span| span.start < place.end) {
            end = end.max(span.end);
        }
        if place.start < end && page.is_atom(at) {
            page.drop(at, Kind::Own);
        }
    }
}
