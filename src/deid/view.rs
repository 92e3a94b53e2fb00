//! What a profile's conditions may ask of an instance.

use std::cell::{Cell, OnceCell};

use super::pixels;
use super::refusal::Refusal;
use crate::dicom::value::split;
use crate::dicom::{Encoding, Instance, Tag, Vr};
use crate::profile::pixel_rule::{Cover, PixelRule};
use crate::profile::{Attributes, Fact, Profile};
use crate::standard::dictionary;

const SOP_CLASS_UID: Tag = Tag(0x0008_0016);
const TRANSFER_SYNTAX_UID: Tag = Tag(0x0002_0010);

/// An instance as conditions see it. Facts are worked out when they are asked for, once.
pub(super) struct View<'a> {
    instance: &'a Instance<'a>,
    /// The SOP Class that the instance was found to be of, wherever it says so.
    sop_class: &'a str,
    profile: &'a Profile,
    /// Whether the pixel rules are being asked whether they match.
    asking: Cell<bool>,
    matched: OnceCell<bool>,
    blanked: OnceCell<bool>,
    /// What the search for text gave, or is supposed to give.
    text: Cell<Pending>,
    foreign: OnceCell<Result<bool, Refusal>>,
}

/// What a search for text gives, as far as conditions ask. Until it has run, each case can be supposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// Text was found that no rule blanks.
    pub(super) found: bool,
    /// It cannot be said that no text is left.
    pub(super) unsure: bool,
}

impl Pending {
    /// What holds of an image that was not searched.
    pub(super) const UNSEARCHED: Pending = Pending {
        found: false,
        unsure: true,
    };

    /// What a search may give.
    pub(super) const ALL: [Pending; 4] = [
        Pending {
            found: false,
            unsure: false,
        },
        Pending {
            found: true,
            unsure: false,
        },
        Pending {
            found: true,
            unsure: true,
        },
        Pending::UNSEARCHED,
    ];
}

impl<'a> View<'a> {
    pub(super) fn new(
        instance: &'a Instance<'a>,
        sop_class: &'a str,
        profile: &'a Profile,
    ) -> View<'a> {
        View {
            instance,
            sop_class,
            profile,
            asking: Cell::new(false),
            matched: OnceCell::new(),
            blanked: OnceCell::new(),
            text: Cell::new(Pending::UNSEARCHED),
            foreign: OnceCell::new(),
        }
    }

    /// Whether a frame holds anything that is not image. Refuses an instance whose frames cannot be vouched for,
    /// whether or not a condition has asked about them.
    pub(super) fn check_frames(&self) -> Result<bool, Refusal> {
        self.foreign().clone()
    }

    /// The pixel rules that speak of the instance.
    pub(super) fn pixel_rules(&self) -> impl Iterator<Item = &'a PixelRule> {
        let rules = self.profile.pixels.iter();
        rules.filter(|rule| rule.when.holds(self))
    }

    /// The SOP Class that the instance was found to be of.
    pub(super) fn sop_class(&self) -> &'a str {
        self.sop_class
    }

    /// Answers conditions as if the search for text had given this.
    pub(super) fn suppose(&self, text: Pending) {
        self.text.set(text);
    }

    /// Whether a pixel rule of this kind matches; `asking` is set.
    fn asked(&self, known: &OnceCell<bool>, kind: impl Fn(&PixelRule) -> bool) -> bool {
        let matched = *known.get_or_init(|| {
            let mut rules = self.profile.pixels.iter();
            rules.any(|rule| kind(rule) && rule.when.holds(self))
        });
        self.asking.set(false);
        matched
    }

    /// The refusal that a condition has met when it asked about the frames.
    pub(super) fn broken(&self) -> Option<Refusal> {
        self.foreign.get()?.as_ref().err().cloned()
    }

    fn foreign(&self) -> &Result<bool, Refusal> {
        self.foreign
            .get_or_init(|| super::frames_are_foreign(self.instance))
    }
}

impl Attributes for View<'_> {
    fn values(&self, tag: Tag, see: &mut dyn FnMut(&str)) -> bool {
        if tag == SOP_CLASS_UID {
            see(self.sop_class);
            return true;
        }
        if tag == TRANSFER_SYNTAX_UID {
            see(&self.instance.syntax.uid);
            return true;
        }
        let tape = &self.instance.tape;
        let Some(element) = tape.find(tag) else {
            return false;
        };
        let value = tape.value(element);
        let encoding = self.instance.syntax.encoding;
        let known = dictionary::by_tag(tag).map(|entry| entry.vr);
        // A text attribute is read as text whatever VR the file gives it: rules must not be led astray.
        match known.filter(|vr| vr.is_text()).unwrap_or(element.vr) {
            vr @ (Vr::US | Vr::UL | Vr::SS | Vr::SL) => numbers(value, vr, encoding, see),
            _ => {
                for one in split(value) {
                    see(&String::from_utf8_lossy(one));
                }
            }
        }
        true
    }

    fn fact(&self, fact: Fact) -> bool {
        match fact {
            Fact::EmbeddedOverlay => pixels::has_embedded_overlay(self.instance),
            // A pixel rule that asks for these asks for itself.
            Fact::PixelsMatched | Fact::PixelsBlanked if self.asking.replace(true) => false,
            Fact::PixelsMatched => self.asked(&self.matched, |_| true),
            Fact::PixelsBlanked => self.asked(&self.blanked, |rule| rule.cover != Cover::Nothing),
            Fact::PixelsFound => self.text.get().found,
            Fact::PixelsUnsure => self.text.get().unsure,
            Fact::ForeignSegments => self.foreign().as_ref().copied().unwrap_or(true),
        }
    }
}

fn numbers(value: &[u8], vr: Vr, encoding: Encoding, see: &mut dyn FnMut(&str)) {
    let size = if matches!(vr, Vr::US | Vr::SS) { 2 } else { 4 };
    for chunk in value.chunks_exact(size) {
        let number = match (vr, chunk) {
            (Vr::US, [a, b]) => i64::from(encoding.u16([*a, *b])),
            (Vr::SS, [a, b]) => i64::from(encoding.u16([*a, *b]).cast_signed()),
            (Vr::UL, [a, b, c, d]) => i64::from(encoding.u32([*a, *b, *c, *d])),
            (_, [a, b, c, d]) => i64::from(encoding.u32([*a, *b, *c, *d]).cast_signed()),
            _ => continue,
        };
        see(&number.to_string());
    }
}
