//! The walk: one iterative pass over a data set's bytes that makes the tape.
//!
//! Every claimed length is checked against what is there before anything is read or allocated, so the walk is
//! also the guard against bombs. It never recurses and copies no values.

mod fragments;
mod header;
mod order;
mod private;
mod push;

use crate::dicom::limits::Limits;
use crate::dicom::read_error::ReadError;
use crate::dicom::syntax::Encoding;
use crate::dicom::tag::Tag;
use crate::dicom::tape::{Element, Fragment, Tape};
use crate::dicom::vr::Vr;
use crate::dicom::window::Window;
use crate::standard::dictionary;
use header::Header;
use private::Attempt;

const UNDEFINED: u32 = u32::MAX;
/// Longest run of zero bytes that is taken for padding behind a data set without pixel data.
const MAX_PADDING: u64 = 1 << 20;

/// A container that is being walked.
#[derive(Clone, Copy)]
struct Open {
    index: u32,
    /// Position at which it must end; `None` for undefined length.
    end: Option<usize>,
    is_item: bool,
    /// Encoding of what it contains.
    encoding: Encoding,
    /// The last tag read in it, and whether all came in ascending order.
    last: Tag,
    is_ascending: bool,
}

/// The tape's lists, reused from file to file.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub(crate) elements: Vec<Element>,
    pub(crate) top: Vec<(Tag, u32)>,
}

/// Walks the data set that begins at `begin` in the window.
pub(crate) fn walk(
    mut window: Window<'_>,
    begin: usize,
    encoding: Encoding,
    limits: &Limits,
    mut lists: Lists,
) -> Result<Tape, ReadError> {
    lists.elements.clear();
    lists.top.clear();
    let mut walker = Walker {
        window: &mut window,
        limits,
        elements: lists.elements,
        top: lists.top,
        open: Vec::new(),
        fragments: Vec::new(),
        pos: begin,
        last: Tag(0),
        pixels_seen: false,
        attempt: None,
    };
    let trailing = walker.run(encoding)?;
    if !walker.top.is_sorted_by_key(|(tag, _)| *tag) {
        let mut tags: Vec<Tag> = walker.top.iter().map(|(tag, _)| *tag).collect();
        walker.check_unique(&mut tags)?;
    }
    let (elements, top) = (walker.elements, walker.top);
    let (fragments, end) = (walker.fragments, walker.pos);
    Ok(Tape {
        is_sorted: top.is_sorted_by_key(|(tag, _)| *tag),
        elements,
        top,
        buf: window.buf,
        begin: begin as u32,
        end: end as u32,
        holes: window.holes,
        fragments,
        trailing,
    })
}

struct Walker<'w, 'a> {
    window: &'w mut Window<'a>,
    limits: &'w Limits,
    elements: Vec<Element>,
    top: Vec<(Tag, u32)>,
    open: Vec<Open>,
    fragments: Vec<Fragment>,
    pos: usize,
    /// The last tag of the top level.
    last: Tag,
    pixels_seen: bool,
    /// The private sequence that is being looked into.
    attempt: Option<Attempt>,
}

impl Walker<'_, '_> {
    /// Walks to the end; gives the number of trailing bytes.
    fn run(&mut self, root: Encoding) -> Result<u64, ReadError> {
        loop {
            match self.step(root) {
                Ok(None) => {}
                Ok(Some(trailing)) => return Ok(trailing),
                Err(e @ ReadError::Io(_)) => return Err(e),
                Err(_) if self.give_up()? => {}
                Err(e @ (ReadError::Truncated { .. } | ReadError::Malformed { .. })) => {
                    return self.trailing().ok_or(e);
                }
                Err(e) => return Err(e),
            }
        }
    }

    /// Reads one header; at the end, gives the number of trailing bytes.
    fn step(&mut self, root: Encoding) -> Result<Option<u64>, ReadError> {
        self.close_reached()?;
        self.settle_attempt();
        if !self.window.ensure(self.pos + 8)? {
            return self.finish().map(Some);
        }
        match self.open.last().copied() {
            Some(sequence) if !sequence.is_item => self.item(sequence),
            Some(item) => self.element(item.encoding),
            None => self.element(root),
        }?;
        Ok(None)
    }

    fn malformed(&self, what: &'static str) -> ReadError {
        ReadError::Malformed {
            what,
            at: self.pos as u64,
        }
    }

    /// Closes every container whose defined length is used up.
    fn close_reached(&mut self) -> Result<(), ReadError> {
        while let Some(open) = self.open.last().copied() {
            match open.end {
                Some(end) if self.pos == end => self.close(open)?,
                Some(end) if self.pos > end => {
                    return Err(self.malformed("an element overruns its sequence"));
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn close(&mut self, open: Open) -> Result<(), ReadError> {
        let next = self.elements.len() as u32;
        if let Some(element) = self.elements.get_mut(open.index as usize) {
            element.end = self.pos as u32;
            element.next = next;
        }
        self.open.pop();
        self.check_order(&open)
    }

    /// Fewer than eight bytes are left.
    fn finish(&mut self) -> Result<u64, ReadError> {
        let rest = self.window.remaining(self.pos);
        if self.open.is_empty() {
            if rest == 0 || self.pixels_seen || self.rest_is_zero() {
                return Ok(rest);
            }
            return Err(ReadError::Truncated {
                at: self.pos as u64,
            });
        }
        if rest != 0 || self.open.iter().any(|open| open.end.is_some()) {
            return Err(ReadError::Truncated {
                at: self.pos as u64,
            });
        }
        // Only delimiters are missing: supply them, as the writer of the file should have.
        while let Some(open) = self.open.last().copied() {
            let tag = if open.is_item {
                Tag::ITEM_END
            } else {
                Tag::SEQUENCE_END
            };
            let encoding = open.encoding;
            self.window
                .buf
                .extend_from_slice(&encoding.put_u16(tag.group()));
            self.window
                .buf
                .extend_from_slice(&encoding.put_u16(tag.element()));
            self.window.buf.extend_from_slice(&[0; 4]);
            self.pos += 8;
            self.close(open)?;
        }
        Ok(0)
    }

    /// Bytes that are no element, at the top level: dropped when they stand behind the pixel data or are zero.
    fn trailing(&mut self) -> Option<u64> {
        (self.open.is_empty() && (self.pixels_seen || self.rest_is_zero()))
            .then(|| self.window.remaining(self.pos))
    }

    fn rest_is_zero(&mut self) -> bool {
        let rest = self.window.remaining(self.pos);
        rest <= MAX_PADDING
            && self
                .window
                .ensure(self.pos + rest as usize)
                .unwrap_or(false)
            && self.window.buf[self.pos..].iter().all(|b| *b == 0)
    }

    fn bytes<const N: usize>(&self, at: usize) -> Result<[u8; N], ReadError> {
        self.window
            .buf
            .get(at..at + N)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(ReadError::Truncated { at: at as u64 })
    }

    fn tag(&self, encoding: Encoding) -> Result<Tag, ReadError> {
        let group = encoding.u16(self.bytes(self.pos)?);
        let element = encoding.u16(self.bytes(self.pos + 2)?);
        Ok(Tag::new(group, element))
    }

    /// Expects an item or the end of the sequence.
    fn item(&mut self, sequence: Open) -> Result<(), ReadError> {
        let tag = self.tag(sequence.encoding)?;
        let len = sequence.encoding.u32(self.bytes(self.pos + 4)?);
        match tag {
            Tag::ITEM => self.push_container(
                &Header {
                    tag,
                    vr: Vr::UN,
                    len,
                    head: 8,
                },
                sequence.encoding,
                sequence.encoding,
            ),
            Tag::SEQUENCE_END if sequence.end.is_none() => self.delimiter(sequence),
            _ => Err(self.malformed("a sequence holds something that is not an item")),
        }
    }

    /// Passes a delimiter. Its length field says nothing, so it shall hold nothing (PS3.5 section 7.5).
    fn delimiter(&mut self, open: Open) -> Result<(), ReadError> {
        self.blank(self.pos + 4, 4);
        self.pos += 8;
        self.close(open)
    }

    /// Zeroes bytes that carry no information, so that they carry none.
    fn blank(&mut self, at: usize, len: usize) {
        if let Some(bytes) = self.window.buf.get_mut(at..at + len) {
            bytes.fill(0);
        }
    }

    /// Expects an element of a data set, or the end of the item it is in.
    fn element(&mut self, encoding: Encoding) -> Result<(), ReadError> {
        let tag = self.tag(encoding)?;
        if tag.group() == 0xFFFE {
            return match self.open.last().copied() {
                Some(item) if tag == Tag::ITEM_END && item.end.is_none() => self.delimiter(item),
                _ => Err(self.malformed("a delimiter stands where an element should")),
            };
        }
        if tag.0 == 0 && self.open.is_empty() && self.bytes::<8>(self.pos)? == [0; 8] {
            return Err(self.malformed("padding where an element should stand"));
        }
        let header = self.header(tag, encoding)?;
        self.note(tag)?;
        if header.len == UNDEFINED {
            return self.undefined(&header, encoding);
        }
        self.check_room(&header)?;
        if header.vr == Vr::SQ && !tag.is_private() {
            return self.push_container(&header, encoding, encoding);
        }
        if let Some(inside) = self.private_items(&header, encoding)? {
            return self.attempt(header, encoding, inside);
        }
        if header.vr == Vr::UN
            && header.len >= 8
            && dictionary::by_tag(tag).is_some_and(|entry| entry.vr == Vr::SQ)
        {
            return self.push_container(&header, encoding, Encoding::IMPLICIT_LE);
        }
        self.push_value(&header, encoding)
    }

    fn undefined(&mut self, header: &Header, encoding: Encoding) -> Result<(), ReadError> {
        let pixel_data = header.tag == Tag::PIXEL_DATA;
        match header.vr {
            Vr::SQ => self.push_container(header, encoding, encoding),
            // Implicit syntaxes cannot encapsulate, so this can only be a sequence.
            _ if !encoding.explicit && !pixel_data => {
                self.push_container(header, encoding, encoding)
            }
            Vr::UN => self.push_container(header, encoding, Encoding::IMPLICIT_LE),
            Vr::OB | Vr::OW | Vr::OL | Vr::OV if pixel_data => self.fragments(header, encoding),
            _ => Err(self.malformed("an undefined length where none is allowed")),
        }
    }
}
