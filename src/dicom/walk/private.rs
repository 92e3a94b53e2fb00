//! Private sequences: looked into where they have a length, and passed over as bytes where that does not work out.
//! Nobody vouches for the structure of private data, and none of it is worth refusing a file.

use super::header::Header;
use super::{UNDEFINED, Walker};
use crate::dicom::read_error::ReadError;
use crate::dicom::syntax::Encoding;
use crate::dicom::tag::Tag;
use crate::dicom::vr::Vr;

/// Longest private sequence that is looked into, in bytes.
const LONGEST: u32 = 1 << 20;

/// A private element that is being walked as a sequence, and how things stood in front of it.
pub(super) struct Attempt {
    header: Header,
    encoding: Encoding,
    pos: usize,
    open: usize,
    elements: usize,
    top: usize,
    fragments: usize,
    /// The value as it was.
    value: Vec<u8>,
}

impl Walker<'_, '_> {
    /// How the items of a private element with a length are encoded, if it seems to have some.
    pub(super) fn private_items(
        &mut self,
        header: &Header,
        encoding: Encoding,
    ) -> Result<Option<Encoding>, ReadError> {
        let inside = match header.vr {
            // In Implicit VR, every private element is UN; elsewhere that may hide a sequence (PS3.5 section 6.2.2).
            Vr::UN if encoding.explicit => Encoding::IMPLICIT_LE,
            Vr::SQ | Vr::UN => encoding,
            _ => return Ok(None),
        };
        let fits = header.tag.is_private() && header.len != UNDEFINED && header.len <= LONGEST;
        let value = self.pos + header.head as usize;
        if !fits || !self.window.ensure(value + header.len as usize)? {
            return Ok(None);
        }
        if header.len == 0 {
            return Ok((header.vr == Vr::SQ).then_some(inside));
        }
        let item = [
            inside.put_u16(Tag::ITEM.group()),
            inside.put_u16(Tag::ITEM.element()),
        ];
        let begins = self.bytes::<4>(value).is_ok_and(|b| b == *item.concat());
        Ok((header.len >= 8 && begins).then_some(inside))
    }

    /// Walks a private element as a sequence, for as long as it is one. What is inside another one stands or falls
    /// with that.
    pub(super) fn attempt(
        &mut self,
        header: Header,
        encoding: Encoding,
        inside: Encoding,
    ) -> Result<(), ReadError> {
        if self.attempt.is_none() {
            let value = self.pos + header.head as usize;
            let bytes = self.window.buf.get(value..value + header.len as usize);
            self.attempt = Some(Attempt {
                header,
                encoding,
                pos: self.pos,
                open: self.open.len(),
                elements: self.elements.len(),
                top: self.top.len(),
                fragments: self.fragments.len(),
                value: bytes.unwrap_or_default().to_vec(),
            });
        }
        self.push_container(&header, encoding, inside)
    }

    /// Forgets an attempt that came to its end.
    pub(super) fn settle_attempt(&mut self) {
        if self
            .attempt
            .as_ref()
            .is_some_and(|attempt| self.open.len() <= attempt.open)
        {
            self.attempt = None;
        }
    }

    /// Takes what turned out not to be a sequence as bytes. `false` when nothing was being attempted.
    pub(super) fn give_up(&mut self) -> Result<bool, ReadError> {
        let Some(attempt) = self.attempt.take() else {
            return Ok(false);
        };
        self.open.truncate(attempt.open);
        self.elements.truncate(attempt.elements);
        self.top.truncate(attempt.top);
        self.fragments.truncate(attempt.fragments);
        self.pos = attempt.pos;
        let value = self.pos + attempt.header.head as usize;
        if let Some(bytes) = self.window.buf.get_mut(value..value + attempt.value.len()) {
            bytes.copy_from_slice(&attempt.value);
        }
        self.push_value(&attempt.header, attempt.encoding)?;
        Ok(true)
    }
}
