//! The tape with the edits beside it: one line of an explanation for each element.

use rustc_hash::FxHashMap;

use super::reason::{Here, Reasons};
use super::{Explained, ExplainedImage, Fate};
use crate::deid::Deidentifier;
use crate::deid::decide::{Decided, Why};
use crate::deid::identity::Subject;
use crate::deid::redact::is_pixel_data;
use crate::deid::view::View;
use crate::dicom::charset::Charset;
use crate::dicom::edit::{Change, Edit};
use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::value::trim;
use crate::dicom::{Instance, Tag, Vr};
use crate::phi::Phi;
use crate::profile::selector::{Place, Step, fold_creator};
use crate::standard::dictionary;
use crate::standard::iod_types::Path;

/// Explains every element that an edit does not take along with a sequence around it.
pub(super) fn elements(
    deidentifier: &Deidentifier,
    instance: &Instance<'_>,
    subject: &Subject,
    decided: &Decided,
    view: &View<'_>,
    image: &ExplainedImage,
) -> Vec<Explained> {
    let mut walk = Walk {
        tape: &instance.tape,
        decided,
        image,
        charset: subject.charset,
        reasons: Reasons::new(deidentifier, instance, subject.types, view),
        open: Vec::new(),
        creators: FxHashMap::default(),
    };
    walk.all()
}

struct Walk<'a> {
    tape: &'a Tape,
    decided: &'a Decided,
    image: &'a ExplainedImage,
    charset: Charset,
    reasons: Reasons<'a>,
    /// The sequences around the element at hand, outermost first.
    open: Vec<Open>,
    /// Private Creators, folded, by the item in which they reserve a block, group and block.
    creators: FxHashMap<(u32, u16, u16), String>,
}

/// A sequence around the element at hand.
struct Open {
    end: usize,
    tag: Tag,
    creator: Option<String>,
    /// The item at hand, counted from 1; 0 before the first.
    item: usize,
    path: Path,
}

impl Walk<'_> {
    fn all(&mut self) -> Vec<Explained> {
        let mut found = Vec::new();
        let (tape, decided) = (self.tape, self.decided);
        let mut edits = decided.edits.list.iter().peekable();
        let mut log = decided.log.iter().flatten().peekable();
        let mut i = 0;
        while let Some(element) = tape.elements.get(i) {
            while self.open.last().is_some_and(|open| open.end <= i) {
                self.open.pop();
            }
            while edits.next_if(|edit| (edit.element as usize) < i).is_some() {}
            while log.next_if(|(at, _)| (*at as usize) < i).is_some() {}
            let edit = edits.next_if(|edit| edit.element as usize == i);
            let why = log.next_if(|(at, _)| *at as usize == i);
            let explained = self.one(i, element, edit, why.map(|(_, why)| *why));
            let next = element.next as usize;
            let enters =
                explained.inside == 0 && !matches!(explained.fate, Fate::Removed | Fate::Emptied);
            found.push(explained);
            if !enters {
                i = next;
                continue;
            }
            if element.flags.has(Flags::CONTAINER) && element.tag != Tag::ITEM {
                self.open.push(Open {
                    end: next,
                    tag: element.tag,
                    creator: self.creator(element).map(str::to_owned),
                    item: 0,
                    path: self.path().inside(element.tag),
                });
            }
            i += 1;
        }
        found
    }

    fn one(
        &mut self,
        i: usize,
        element: &Element,
        edit: Option<&Edit>,
        why: Option<Why>,
    ) -> Explained {
        let is_item = element.tag == Tag::ITEM;
        if is_item && let Some(open) = self.open.last_mut() {
            open.item += 1;
        }
        self.note_creator(element);
        let after = match edit.map(|edit| &edit.change) {
            Some(Change::Replace(range)) => self.decided.edits.arena.get(range.clone()),
            _ => None,
        };
        // What is said of the image is said at the top level.
        let of_image = edit.filter(|_| self.open.is_empty()).map(|_| element.tag);
        let stated = of_image.and_then(|tag| self.image.states(tag));
        let after = stated.map_or(after, |stated| Some(stated.as_bytes()));
        let by_image = of_image.and_then(|tag| self.image.by(tag));
        let fate = match (&by_image, stated) {
            (Some(_), _) if is_pixel_data(element.tag) => Fate::Redacted,
            (Some(_), Some(stated)) if trim(self.tape.value(element)) == stated.as_bytes() => {
                Fate::Kept
            }
            (Some(_), _) => Fate::Replaced,
            (None, _) => self.fate(element, edit, after, why),
        };
        let after = after.filter(|_| fate != Fate::Redacted);
        let goes = edit.is_some() && !matches!(fate, Fate::Cut | Fate::Redacted);
        let inside = tape_slice(self.tape, i + 1, element.next as usize).filter(|_| goes);
        let inside = inside.map_or(0, |inside| {
            inside.iter().filter(|e| e.tag != Tag::ITEM).count()
        });
        let steps: Vec<Step<'_>> = self.open.iter().map(step).collect();
        // Rules ask about the VR that PS3.6 gives a public element.
        let vr = match dictionary::by_tag(element.tag) {
            Some(entry) if !element.tag.is_private() => entry.vr,
            None if !element.tag.is_private() => Vr::UN,
            _ => element.vr,
        };
        let here = Here {
            element,
            fate,
            why,
            place: Place {
                tag: element.tag,
                vr,
                creator: self.creator(element),
                path: &steps,
            },
            path: self.path(),
        };
        let reason = if let Some(by) = by_image {
            super::reason::Reason {
                by,
                is_chosen: true,
                shadowed: Vec::new(),
            }
        } else if is_item && edit.is_none() {
            super::reason::Reason::default()
        } else {
            self.reasons.of(&here)
        };
        Explained {
            level: self.open.len(),
            tag: element.tag,
            vr: element.vr,
            name: self.name(element),
            fate,
            by: reason.by,
            is_chosen: reason.is_chosen,
            shadowed: reason.shadowed,
            inside,
            bytes: self.tape.value_len(element),
            before: self.shown(element, self.tape.value(element)),
            after: after.map(|value| self.shown(element, value)),
        }
    }

    fn fate(
        &self,
        element: &Element,
        edit: Option<&Edit>,
        after: Option<&[u8]>,
        why: Option<Why>,
    ) -> Fate {
        match edit.map(|edit| &edit.change) {
            None | Some(Change::Rewrite(_) | Change::SpoolNative(_) | Change::Spool { .. }) => {
                Fate::Kept
            }
            Some(Change::Remove) => Fate::Removed,
            Some(Change::Cut(_)) => Fate::Cut,
            Some(Change::Replace(range)) if range.is_empty() => Fate::Emptied,
            Some(Change::Replace(_)) => {
                let knows = |value| self.decided.vouched.knows(element.tag, value);
                // Pseudonyms are vouched for too, and say nothing of the old value.
                if after.is_some_and(knows) && !self.reasons.leaves_nothing(why) {
                    Fate::Cleaned
                } else {
                    Fate::Replaced
                }
            }
        }
    }

    fn name(&self, element: &Element) -> String {
        if element.tag == Tag::ITEM {
            return format!("item {}", self.open.last().map_or(0, |open| open.item));
        }
        if element.tag.is_private() {
            let is_creator = (0x10..=0xFF).contains(&element.tag.element());
            return if is_creator {
                "private creator"
            } else {
                "private"
            }
            .to_owned();
        }
        dictionary::by_tag(element.tag).map_or_else(String::new, |entry| entry.keyword.to_owned())
    }

    fn path(&self) -> Path {
        self.open.last().map_or(Path::TOP, |open| open.path)
    }

    fn note_creator(&mut self, element: &Element) {
        let tag = element.tag;
        if tag.is_private() && (0x10..=0xFF).contains(&tag.element()) {
            let name = fold_creator(&String::from_utf8_lossy(self.tape.value(element)));
            let key = (element.parent, tag.group(), tag.element());
            self.creators.insert(key, name);
        }
    }

    /// The Private Creator of an element.
    fn creator(&self, element: &Element) -> Option<&str> {
        let tag = element.tag;
        let key = (element.parent, tag.group(), tag.element() >> 8);
        self.creators
            .get(&key)
            .filter(|_| tag.is_private())
            .map(String::as_str)
    }

    /// A value as text: binary ones by their size.
    fn shown(&self, element: &Element, value: &[u8]) -> Phi<String> {
        let is_text =
            element.vr.is_text() || element.vr == Vr::UN && !value.iter().any(u8::is_ascii_control);
        Phi::new(if element.flags.has(Flags::CONTAINER) {
            String::new()
        } else if is_text {
            let text = self.charset.decode(value);
            text.trim_end_matches([' ', '\0']).to_owned()
        } else {
            format!("<{} bytes>", value.len())
        })
    }
}

fn tape_slice(tape: &Tape, from: usize, to: usize) -> Option<&[Element]> {
    tape.elements.get(from..to)
}

fn step(open: &Open) -> Step<'_> {
    Step {
        tag: open.tag,
        creator: open.creator.as_deref(),
        item: open.item.saturating_sub(1),
    }
}
