//! What a profile's conditions may ask of an instance.

use std::cell::OnceCell;

use super::pixels;
use super::refusal::Refusal;
use crate::dicom::value::split;
use crate::dicom::{Encoding, Instance, Tag, Vr};
use crate::profile::{Attributes, Fact};

const TRANSFER_SYNTAX_UID: Tag = Tag(0x0002_0010);

/// An instance as conditions see it. Facts are worked out when they are asked for, once.
pub(super) struct View<'a> {
    instance: &'a Instance<'a>,
    foreign: OnceCell<Result<bool, Refusal>>,
}

impl<'a> View<'a> {
    pub(super) fn new(instance: &'a Instance<'a>) -> View<'a> {
        View {
            instance,
            foreign: OnceCell::new(),
        }
    }

    /// The refusal of an instance about which a fact could not be established.
    pub(super) fn broken(&self) -> Option<Refusal> {
        self.foreign.get()?.as_ref().err().cloned()
    }
}

impl Attributes for View<'_> {
    fn values(&self, tag: Tag, see: &mut dyn FnMut(&str)) -> bool {
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
        match element.vr {
            Vr::US | Vr::UL | Vr::SS | Vr::SL => numbers(value, element.vr, encoding, see),
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
            Fact::ForeignSegments => self
                .foreign
                .get_or_init(|| pixels::has_foreign_segments(self.instance))
                .as_ref()
                .copied()
                .unwrap_or(true),
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
