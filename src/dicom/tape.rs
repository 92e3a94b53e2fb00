//! The tape: one instance's elements as a flat list, in the order of their bytes.

use super::syntax::Encoding;
use super::tag::Tag;
use super::vr::Vr;
use super::window::Hole;

/// No parent: the element stands at the top level.
pub const ROOT: u32 = u32::MAX;

/// One element, item or sequence. Positions are bytes in the tape's buffer.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// The tag; items have (FFFE,E000).
    pub tag: Tag,
    /// The VR as written, or as PS3.6 has it in implicit syntaxes.
    pub vr: Vr,
    /// What is particular about it.
    pub flags: Flags,
    /// Bytes of the header: tag, VR and length.
    pub head: u8,
    /// Nesting: 0 at the top level, 1 for items of a top-level sequence, 2 for what is in them.
    pub depth: u16,
    /// Position of the header.
    pub start: u32,
    /// Position behind the element, its delimiter included.
    pub end: u32,
    /// Index of the element that contains this one, or [`ROOT`].
    pub parent: u32,
    /// Index of the first element behind this one and all that it contains.
    pub next: u32,
}

/// Properties of an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// The length was given as undefined: a delimiter ends the value.
    pub const UNDEFINED: Flags = Flags(1);
    /// The value was left in the source.
    pub const BULK: Flags = Flags(2);
    /// Written without a VR.
    pub const IMPLICIT: Flags = Flags(4);
    /// A sequence or an item whose contents stand on the tape.
    pub const CONTAINER: Flags = Flags(8);
    /// Encapsulated Pixel Data: fragments, not one value.
    pub const FRAGMENTS: Flags = Flags(16);

    /// Whether all of `other` is set.
    pub const fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// This and `other`, when `on`.
    #[must_use]
    pub const fn with(self, other: Flags, on: bool) -> Flags {
        if on { Flags(self.0 | other.0) } else { self }
    }
}

/// One fragment of encapsulated Pixel Data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Offset of its bytes in the source.
    pub offset: u64,
    /// Length in bytes.
    pub len: u32,
}

/// The elements of one data set over the bytes that hold them.
#[derive(Default)]
pub struct Tape {
    /// Every element, in the order of its bytes.
    pub elements: Vec<Element>,
    /// Tag and index of the top-level elements.
    pub top: Vec<(Tag, u32)>,
    /// Whether the top level is in ascending order, as PS3.5 section 7.1 demands.
    pub is_sorted: bool,
    /// The bytes, bulk values left out.
    pub buf: Vec<u8>,
    /// Position at which the data set begins; file meta information stands before it.
    pub begin: u32,
    /// Position behind the last element.
    pub end: u32,
    /// Bulk values, in order.
    pub holes: Vec<Hole>,
    /// Fragments of the top-level Pixel Data, the Basic Offset Table first.
    pub fragments: Vec<Fragment>,
    /// Bytes behind the last element.
    pub trailing: u64,
}

impl std::fmt::Debug for Tape {
    /// The bytes are an original's: they are withheld.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tape").finish_non_exhaustive()
    }
}

impl Tape {
    /// The value's bytes; empty for bulk values, which are not in memory.
    pub fn value(&self, element: &Element) -> &[u8] {
        let start = element.start as usize + element.head as usize;
        self.buf
            .get(start..element.end as usize)
            .unwrap_or_default()
    }

    /// Length of the value in bytes, in memory or not. For fragments, the whole of them.
    pub fn value_len(&self, element: &Element) -> u64 {
        if element.flags.has(Flags::BULK) {
            let at = element.start + element.head as u32;
            return self
                .holes
                .binary_search_by_key(&at, |hole| hole.at)
                .map_or(0, |i| self.holes[i].len);
        }
        self.value(element).len() as u64
    }

    /// The first top-level element with this tag.
    pub fn find(&self, tag: Tag) -> Option<&Element> {
        let place = if self.is_sorted {
            self.top.partition_point(|(other, _)| *other < tag)
        } else {
            self.top.iter().position(|(other, _)| *other == tag)?
        };
        let (found, index) = self.top.get(place)?;
        self.elements.get(*index as usize).filter(|_| *found == tag)
    }

    /// The elements of the top level.
    pub fn top_level(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.top.iter().filter_map(|(_, index)| {
            let index = *index as usize;
            Some((index, self.elements.get(index)?))
        })
    }

    /// The value of the first top-level element with this tag.
    pub fn find_value(&self, tag: Tag) -> Option<&[u8]> {
        self.find(tag).map(|element| self.value(element))
    }

    /// The first top-level unsigned 16-bit number with this tag.
    pub fn find_u16(&self, tag: Tag, encoding: Encoding) -> Option<u16> {
        let value = self.find_value(tag)?;
        Some(encoding.u16(value.get(..2)?.try_into().ok()?))
    }

    /// Elements directly inside the container at `index`.
    pub fn children(&self, index: usize) -> impl Iterator<Item = (usize, &Element)> {
        let end = self.elements.get(index).map_or(0, |e| e.next as usize);
        let mut i = index + 1;
        std::iter::from_fn(move || {
            if i >= end {
                return None;
            }
            let element = self.elements.get(i)?;
            let at = i;
            i = element.next as usize;
            Some((at, element))
        })
    }
}
