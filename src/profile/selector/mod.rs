//! Selectors: which elements a rule speaks of. Anchored; never a substring.
//!
//! A selector without a path speaks of the top level and of every item; one with a path says in which items.

mod display;
mod element;
mod name;
mod parser;
mod reach;

use crate::dicom::{Tag, Vr};

pub use element::{Element, fold_creator};
pub(super) use name::unknown_attribute;
pub use parser::NotASelector;
pub use reach::PrivateKind;

/// Which elements a rule matches.
///
/// Read from text with [`Selector::parse`]; printed, it is canonical text that parses back to an equal selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Elements at the top level and in every item.
    Element(Element),
    /// Elements in the items of named sequences.
    Path(Path),
    /// Every element that another selector does not match: `!a`.
    Not(Box<Selector>),
    /// What all of them match: `a & b`.
    All(Vec<Selector>),
    /// What any of them matches: `[a, b]`.
    Any(Vec<Selector>),
}

/// Elements in the items of named sequences, such as `A[*].B[0].C` or `**.A[*].B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Whether the first sequence may stand at any depth (`**.`), or only at the top level.
    anywhere: bool,
    /// The enclosing sequences, outermost first; never empty.
    steps: Vec<PathStep>,
    last: Element,
}

/// One sequence of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PathStep {
    sequence: Element,
    /// Which of its items, counted from 0; `None` for every one.
    item: Option<usize>,
}

/// Where an element stands, as a selector sees it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its tag.
    pub tag: Tag,
    /// Its VR.
    pub vr: Vr,
    /// Its private creator, folded with [`fold_creator`]; `None` for public elements, and for private ones of a
    /// block that no creator reserves (PS3.5 section 7.8.1).
    pub creator: Option<&'a str>,
    /// The sequences it stands in, outermost first; empty at the top level.
    pub path: &'a [Step<'a>],
}

/// One sequence that an element stands in.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Tag of the sequence.
    pub tag: Tag,
    /// Private creator of the sequence, folded with [`fold_creator`].
    pub creator: Option<&'a str>,
    /// The item of the sequence, counted from 0.
    pub item: usize,
}

/// What is known of a match before a file is read, when paths and private creators are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// It matches nowhere.
    No,
    /// It matches everywhere.
    Yes,
    /// It depends on where the element stands, or on its private creator.
    Depends,
}

impl Selector {
    /// Reads a selector: `Keyword`, `(gggg,eeee)`, `(gggg,{CREATOR},ee)`, `vr:XX`, `group:gggg`, `private`, a path
    /// such as `A[*].B` or `**.A[0].B`, `a & b`, `!a`, brackets, and `[a, b]` for any of several.
    ///
    /// # Errors
    /// When the text is none of these, names what PS3.6 does not have, or goes through what is not a sequence.
    pub fn parse(text: &str) -> Result<Selector, NotASelector> {
        parser::parse(text)
    }

    /// What any of several selectors matches.
    pub fn any(selectors: Vec<Selector>) -> Selector {
        let split = |selector| match selector {
            Selector::Any(parts) => parts,
            other => vec![other],
        };
        let several = selectors.into_iter().flat_map(split).collect();
        only_or(several, Selector::Any)
    }

    /// What all of several selectors match.
    fn all(selectors: Vec<Selector>) -> Selector {
        let split = |selector| match selector {
            Selector::All(parts) => parts,
            other => vec![other],
        };
        let several = selectors.into_iter().flat_map(split).collect();
        only_or(several, Selector::All)
    }

    /// Whether an element is meant.
    pub fn matches(&self, place: &Place<'_>) -> bool {
        match self {
            Selector::Element(element) => element.matches(place.tag, place.vr, place.creator),
            Selector::Path(path) => path.matches(place),
            Selector::Not(inner) => !inner.matches(place),
            Selector::All(parts) => parts.iter().all(|part| part.matches(place)),
            Selector::Any(parts) => parts.iter().any(|part| part.matches(place)),
        }
    }

    /// What tag and VR alone tell. `Yes` and `No` hold for every place with this tag and VR.
    pub fn ahead(&self, tag: Tag, vr: Vr) -> Ahead {
        self.judge(&|element| element.ahead(tag, vr))
    }

    /// What is known when each element is judged ahead, but not the path.
    pub(super) fn judge(&self, of: &impl Fn(&Element) -> Ahead) -> Ahead {
        let parts = |parts: &[Selector], decides, otherwise| {
            let mut result = otherwise;
            for part in parts {
                match part.judge(of) {
                    known if known == decides => return decides,
                    Ahead::Depends => result = Ahead::Depends,
                    _ => {}
                }
            }
            result
        };
        match self {
            Selector::Element(element) => of(element),
            Selector::Path(path) => match of(&path.last) {
                Ahead::No => Ahead::No,
                Ahead::Yes | Ahead::Depends => Ahead::Depends,
            },
            Selector::Not(inner) => match inner.judge(of) {
                Ahead::No => Ahead::Yes,
                Ahead::Yes => Ahead::No,
                Ahead::Depends => Ahead::Depends,
            },
            Selector::All(all) => parts(all, Ahead::No, Ahead::Yes),
            Selector::Any(any) => parts(any, Ahead::Yes, Ahead::No),
        }
    }

    /// Whether tag and VR alone tell that an element is meant.
    pub fn matches_tag(&self, tag: Tag, vr: Vr) -> bool {
        self.ahead(tag, vr) == Ahead::Yes
    }

    /// The one tag that it can match, when there is no more than one.
    pub fn only_tag(&self) -> Option<Tag> {
        self.only(&Element::only_tag)
    }

    fn only<'s, T: PartialEq>(&'s self, of: &impl Fn(&'s Element) -> Option<T>) -> Option<T> {
        match self {
            Selector::Element(element) => of(element),
            Selector::Path(path) => of(&path.last),
            Selector::Not(_) => None,
            Selector::All(parts) => parts.iter().find_map(|part| part.only(of)),
            Selector::Any(parts) => {
                let mut parts = parts.iter().map(|part| part.only(of));
                let first = parts.next()??;
                parts
                    .all(|part| part.as_ref() == Some(&first))
                    .then_some(first)
            }
        }
    }

    /// Whether it, or one of the alternatives of a list, speaks of private elements alone.
    pub fn is_private(&self) -> bool {
        match self {
            Selector::Element(element) => element.is_private(),
            Selector::Path(path) => path.last.is_private(),
            Selector::Not(_) => false,
            Selector::All(parts) | Selector::Any(parts) => parts.iter().any(Selector::is_private),
        }
    }

    /// VRs that are sure to be among the selected elements, as far as they are known before a file is read.
    pub(super) fn vrs(&self) -> Vec<Vr> {
        match self {
            Selector::Element(element) => element.vr().into_iter().collect(),
            Selector::Path(path) => path.last.vr().into_iter().collect(),
            Selector::Not(_) => Vec::new(),
            // Each part narrows the others: what is left has the VR of any part that has just one.
            Selector::All(parts) => {
                let mut vrs = parts.iter().map(Selector::vrs);
                vrs.find(|vrs| vrs.len() == 1).unwrap_or_default()
            }
            Selector::Any(parts) => parts.iter().flat_map(Selector::vrs).collect(),
        }
    }
}

impl Path {
    fn matches(&self, place: &Place<'_>) -> bool {
        let Some(above) = place.path.len().checked_sub(self.steps.len()) else {
            return false;
        };
        let inner = place.path.iter().skip(above);
        (self.anywhere || above == 0)
            && self.last.matches(place.tag, place.vr, place.creator)
            && self.steps.iter().zip(inner).all(|(a, b)| a.matches(b))
    }
}

impl PathStep {
    fn matches(&self, step: &Step<'_>) -> bool {
        self.item.is_none_or(|item| item == step.item)
            && self.sequence.matches(step.tag, Vr::SQ, step.creator)
    }
}

/// A list of one is that one.
fn only_or(mut parts: Vec<Selector>, several: fn(Vec<Selector>) -> Selector) -> Selector {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}
