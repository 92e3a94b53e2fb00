//! Elements onto the tape: containers that are opened, and values that are passed over.

use super::header::Header;
use super::{Open, UNDEFINED, Walker};
use crate::dicom::read_error::ReadError;
use crate::dicom::syntax::Encoding;
use crate::dicom::tag::Tag;
use crate::dicom::tape::{Element, Flags, ROOT};
use crate::dicom::vr::Vr;

/// Top-level pixels and private values of more bytes than this are left in the source.
const BULK: u32 = 64 << 10;

impl Walker<'_, '_> {
    pub(super) fn push(&mut self, element: Element) -> Result<(), ReadError> {
        if self.elements.len() >= self.limits.elements as usize {
            return Err(ReadError::Limit {
                flag: "--max-elements",
            });
        }
        if element.parent == ROOT {
            self.top.push((element.tag, self.elements.len() as u32));
        }
        self.elements.push(element);
        Ok(())
    }

    pub(super) fn describe(&self, header: &Header, encoding: Encoding) -> Element {
        Element {
            tag: header.tag,
            vr: header.vr,
            flags: Flags::default()
                .with(Flags::UNDEFINED, header.len == UNDEFINED)
                .with(Flags::IMPLICIT, !encoding.explicit),
            head: header.head,
            depth: self.open.len() as u16,
            start: self.pos as u32,
            end: 0,
            parent: self.open.last().map_or(ROOT, |open| open.index),
            next: self.elements.len() as u32 + 1,
        }
    }

    pub(super) fn push_container(
        &mut self,
        header: &Header,
        encoding: Encoding,
        inside: Encoding,
    ) -> Result<(), ReadError> {
        let is_item = header.tag == Tag::ITEM;
        // An item belongs to the level of its sequence: depth counts sequences.
        if self.open.len() / 2 >= self.limits.depth as usize {
            return Err(ReadError::Limit {
                flag: "--max-depth",
            });
        }
        let value = self.pos + header.head as usize;
        let end = if header.len == UNDEFINED {
            None
        } else {
            self.check_room(header)?;
            Some(value + header.len as usize)
        };
        let mut element = self.describe(header, encoding);
        element.flags = element.flags.with(Flags::CONTAINER, true);
        let index = self.elements.len() as u32;
        self.push(element)?;
        self.open.push(Open {
            index,
            end,
            is_item,
            encoding: inside,
            last: Tag(0),
            is_ascending: true,
        });
        self.pos = value;
        Ok(())
    }

    pub(super) fn push_value(
        &mut self,
        header: &Header,
        encoding: Encoding,
    ) -> Result<(), ReadError> {
        let mut element = self.describe(header, encoding);
        let value = self.pos + header.head as usize;
        let len = header.len;
        // All that may be kept but pixels is looked at, so it is read. Offset tables (OV) are, too.
        let unread = header.tag.is_private() || header.tag.group() == 0x7FE0;
        let may_stay = self.open.is_empty() && unread && len > BULK && header.vr != Vr::OV;
        if may_stay && !self.window.holds(value, u64::from(len)) {
            self.window.ensure(value)?;
            self.window.cut(value, u64::from(len));
            element.flags = element.flags.with(Flags::BULK, true);
            self.pos = value;
        } else {
            if !self.window.ensure(value + len as usize)? {
                return Err(ReadError::Truncated {
                    at: self.pos as u64,
                });
            }
            self.pos = value + len as usize;
        }
        element.end = self.pos as u32;
        self.pixels_seen |= self.open.is_empty() && header.tag.group() == 0x7FE0;
        self.push(element)
    }
}
