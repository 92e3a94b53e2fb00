//! Tape and edits to bytes: unedited runs are copied verbatim, lengths around edits are repaired.

use std::ops::Range;

use super::encode;
use super::part::Part;
use super::syntax::Encoding;
use super::tag::Tag;
use super::tape::{Element, Flags, ROOT, Tape};
use super::window::Hole;

/// What happens to one element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The element goes, with all that it contains.
    Remove,
    /// The value becomes these bytes of the arena, padded to even length; a sequence becomes empty.
    Replace(Range<usize>),
    /// The value keeps its first bytes only. For Pixel Data longer than its image.
    Cut(u64),
    /// A bulk value keeps its first bytes and is rewritten as it is copied. For native Pixel Data.
    Rewrite(u64),
    /// The value becomes the first bytes of the spool. For native Pixel Data.
    SpoolNative(u64),
    /// The value becomes this run of the spool. For encapsulated Pixel Data.
    Spool {
        /// Offset in the spool, in bytes.
        offset: u64,
        /// Length in bytes, up to and with the sequence delimiter.
        len: u64,
    },
}

/// A change of the element with this index on the tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Index on the tape.
    pub element: u32,
    /// What happens to it.
    pub change: Change,
}

/// Edits in tape order, and the bytes that they put in.
#[derive(Debug, Default)]
pub struct Edits {
    /// The edits; none lies inside an element that an earlier one removes or replaces.
    pub list: Vec<Edit>,
    /// Replacement values.
    pub arena: Vec<u8>,
    /// Whole top-level elements to add, encoded, by tag.
    pub added: Vec<(Tag, Vec<u8>)>,
}

impl Edits {
    /// Removes an element.
    pub fn remove(&mut self, element: usize) {
        self.push(element, Change::Remove);
    }

    /// Replaces a value.
    pub fn replace(&mut self, element: usize, value: &[u8]) {
        let start = self.arena.len();
        self.arena.extend_from_slice(value);
        self.push(element, Change::Replace(start..self.arena.len()));
    }

    /// Cuts a value after `len` bytes.
    pub fn cut(&mut self, element: usize, len: u64) {
        self.push(element, Change::Cut(len));
    }

    /// Does anything else to an element.
    pub fn change(&mut self, element: usize, change: Change) {
        self.push(element, change);
    }

    /// Puts the edits in tape order, the first one of each element only.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|edit| edit.element);
        self.list.dedup_by_key(|edit| edit.element);
    }

    fn push(&mut self, element: usize, change: Change) {
        self.list.push(Edit {
            element: element as u32,
            change,
        });
    }
}

/// Appends the edited data set to `memory` and its runs to `parts`.
pub fn write(
    tape: &Tape,
    encoding: Encoding,
    edits: &Edits,
    mut memory: Vec<u8>,
    parts: Vec<Part>,
) -> (Vec<u8>, Vec<Part>) {
    let begun = memory.len();
    let added_bytes: usize = edits.added.iter().map(|(_, bytes)| bytes.len()).sum();
    memory.reserve((tape.end - tape.begin) as usize + edits.arena.len() + added_bytes);
    let mut writer = Writer {
        tape,
        encoding,
        part_start: if parts.is_empty() { 0 } else { begun },
        memory,
        parts,
        pos: tape.begin as usize,
        holes: &tape.holes,
        open: Vec::new(),
    };
    let mut added = edits.added.iter().peekable();
    for edit in &edits.list {
        let Some(element) = tape.elements.get(edit.element as usize) else {
            continue;
        };
        while let Some((tag, bytes)) =
            added.next_if(|(tag, _)| top_level_tag(tape, element) >= *tag)
        {
            writer.add(*tag, bytes);
        }
        writer.apply(edit, element, &edits.arena);
    }
    for (tag, bytes) in added {
        writer.add(*tag, bytes);
    }
    writer.finish()
}

/// The tag of the top-level element that holds `element`.
fn top_level_tag(tape: &Tape, element: &Element) -> Tag {
    let mut element = element;
    while let Some(parent) = tape.elements.get(element.parent as usize) {
        element = parent;
    }
    element.tag
}

/// A container whose contents are being edited.
struct Open {
    index: u32,
    /// Where its length stands in the output and where its value begins; `None` for undefined length.
    length_at: Option<(usize, usize)>,
}

struct Writer<'t> {
    tape: &'t Tape,
    encoding: Encoding,
    memory: Vec<u8>,
    parts: Vec<Part>,
    /// Start of the memory run that is not yet a part.
    part_start: usize,
    /// Position on the tape's buffer up to which everything is written or dropped.
    pos: usize,
    holes: &'t [Hole],
    open: Vec<Open>,
}

impl Writer<'_> {
    /// Copies the buffer verbatim up to `end`, bulk values included.
    fn copy_to(&mut self, end: usize) {
        while let Some((hole, rest)) = self.holes.split_first() {
            if hole.at as usize > end {
                break;
            }
            self.copy_run(hole.at as usize);
            self.bulk(hole.offset, hole.len);
            self.holes = rest;
        }
        self.copy_run(end);
    }

    fn copy_run(&mut self, end: usize) {
        if let Some(run) = self.tape.buf.get(self.pos..end) {
            self.memory.extend_from_slice(run);
            self.pos = end;
        }
    }

    fn bulk(&mut self, offset: u64, len: u64) {
        self.end_run();
        if len > 0 {
            self.parts.push(Part::Source { offset, len });
        }
    }

    fn end_run(&mut self) {
        if self.memory.len() > self.part_start {
            self.parts
                .push(Part::Memory(self.part_start..self.memory.len()));
        }
        self.part_start = self.memory.len();
    }

    /// Drops the buffer up to `end`, bulk values included.
    fn skip_to(&mut self, end: usize) {
        while let Some((hole, rest)) = self.holes.split_first() {
            if hole.at as usize > end {
                break;
            }
            self.holes = rest;
        }
        self.pos = end;
    }

    fn encoding_of(&self, element: &Element) -> Encoding {
        if element.flags.has(Flags::IMPLICIT) {
            Encoding {
                explicit: false,
                // Only a big endian data set itself is big endian: UN sequences never are.
                big_endian: self.encoding.big_endian && !self.encoding.explicit,
            }
        } else {
            self.encoding
        }
    }

    fn apply(&mut self, edit: &Edit, element: &Element, arena: &[u8]) {
        self.close_before(edit.element);
        self.open_down_to(element);
        self.copy_to(element.start as usize);
        let encoding = self.encoding_of(element);
        match &edit.change {
            Change::Remove => self.skip_to(element.end as usize),
            Change::Replace(range) => {
                let value = arena.get(range.clone()).unwrap_or_default();
                encode::element(&mut self.memory, encoding, element.tag, element.vr, value);
                self.skip_to(element.end as usize);
            }
            Change::Cut(len) => self.cut(element, encoding, *len, false),
            Change::Rewrite(len) => self.cut(element, encoding, *len, true),
            &Change::SpoolNative(len) => {
                encode::header(
                    &mut self.memory,
                    encoding,
                    element.tag,
                    element.vr,
                    len as u32,
                );
                self.end_run();
                self.parts.push(Part::Spool { offset: 0, len });
                self.skip_to(element.end as usize);
            }
            &Change::Spool { offset, len } => {
                encode::header(
                    &mut self.memory,
                    encoding,
                    element.tag,
                    element.vr,
                    u32::MAX,
                );
                self.end_run();
                self.parts.push(Part::Spool { offset, len });
                self.skip_to(element.end as usize);
            }
        }
    }

    fn cut(&mut self, element: &Element, encoding: Encoding, len: u64, rewrite: bool) {
        encode::header(
            &mut self.memory,
            encoding,
            element.tag,
            element.vr,
            len as u32,
        );
        let value = element.start as usize + element.head as usize;
        if element.flags.has(Flags::BULK) {
            let hole = self.holes.iter().find(|hole| hole.at as usize == value);
            if let Some(offset) = hole.map(|hole| hole.offset) {
                if rewrite {
                    self.end_run();
                    self.parts.push(Part::Rewritten { offset, len });
                } else {
                    self.bulk(offset, len);
                }
            }
        } else {
            self.pos = value;
            self.copy_run(value + len as usize);
        }
        self.skip_to(element.end as usize);
    }

    /// Opens the containers around `element` that are not open yet, outermost first.
    fn open_down_to(&mut self, element: &Element) {
        let known = self.open.last().map_or(ROOT, |open| open.index);
        let mut chain = Vec::new();
        let mut parent = element.parent;
        while parent != known && parent != ROOT {
            chain.push(parent);
            parent = self
                .tape
                .elements
                .get(parent as usize)
                .map_or(ROOT, |e| e.parent);
        }
        while let Some(index) = chain.pop() {
            let Some(container) = self.tape.elements.get(index as usize) else {
                continue;
            };
            self.copy_to(container.start as usize + container.head as usize);
            let value = self.memory.len();
            self.open.push(Open {
                index,
                length_at: (!container.flags.has(Flags::UNDEFINED)).then(|| (value - 4, value)),
            });
        }
    }

    /// Closes the open containers that end before the element with this index.
    fn close_before(&mut self, index: u32) {
        while let Some(open) = self.open.last() {
            let Some(container) = self.tape.elements.get(open.index as usize) else {
                break;
            };
            if container.next > index {
                break;
            }
            self.copy_to(container.end as usize);
            self.repair_length();
        }
    }

    /// Closes the innermost container: its length becomes what was really written.
    fn repair_length(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let Some((at, value)) = open.length_at else {
            return;
        };
        let Some(container) = self.tape.elements.get(open.index as usize) else {
            return;
        };
        let len = (self.memory.len() - value) as u32;
        let bytes = self.encoding_of(container).put_u32(len);
        if let Some(slot) = self.memory.get_mut(at..value) {
            slot.copy_from_slice(&bytes);
        }
    }

    /// Adds a whole top-level element in tag order.
    fn add(&mut self, tag: Tag, bytes: &[u8]) {
        self.close_before(u32::MAX);
        let before = self.top_level_position(tag);
        if before > self.pos {
            self.copy_to(before);
        }
        self.memory.extend_from_slice(bytes);
    }

    fn top_level_position(&self, tag: Tag) -> usize {
        self.tape
            .top_level()
            .find(|(_, element)| element.tag >= tag)
            .map_or(self.tape.end as usize, |(_, element)| {
                element.start as usize
            })
    }

    fn finish(mut self) -> (Vec<u8>, Vec<Part>) {
        self.close_before(u32::MAX);
        self.copy_to(self.tape.end as usize);
        self.end_run();
        (self.memory, self.parts)
    }
}
