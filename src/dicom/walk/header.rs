//! Element headers: tag, VR and length in every syntax, and whether the length can be true.

use super::Walker;
use crate::dicom::read_error::ReadError;
use crate::dicom::syntax::Encoding;
use crate::dicom::tag::Tag;
use crate::dicom::vr::Vr;
use crate::standard::dictionary;

/// The header of an element.
#[derive(Clone, Copy)]
pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) vr: Vr,
    pub(super) len: u32,
    pub(super) head: u8,
}

impl Walker<'_, '_> {
    pub(super) fn header(&mut self, tag: Tag, encoding: Encoding) -> Result<Header, ReadError> {
        if !encoding.explicit {
            let vr = match dictionary::by_tag(tag) {
                Some(entry) => entry.vr,
                None if tag.is_group_length() => Vr::UL,
                None if tag.is_private() && (0x10..=0xFF).contains(&tag.element()) => Vr::LO,
                None => Vr::UN,
            };
            return Ok(Header {
                tag,
                vr,
                len: encoding.u32(self.bytes(self.pos + 4)?),
                head: 8,
            });
        }
        let letters: [u8; 2] = self.bytes(self.pos + 4)?;
        let vr = match Vr::from_bytes(letters) {
            Some(vr) => vr,
            // PS3.5 section 6.2: a VR that a reader does not know has the header of UN.
            None if letters.iter().all(u8::is_ascii_uppercase) => {
                if let Some(bytes) = self.window.buf.get_mut(self.pos + 4..self.pos + 6) {
                    bytes.copy_from_slice(&Vr::UN.code());
                }
                Vr::UN
            }
            None => return Err(self.malformed("no VR where the transfer syntax demands one")),
        };
        if !vr.has_long_header() {
            let len = u32::from(encoding.u16(self.bytes(self.pos + 6)?));
            return Ok(Header {
                tag,
                vr,
                len,
                head: 8,
            });
        }
        if !self.window.ensure(self.pos + 12)? {
            return Err(ReadError::Truncated {
                at: self.pos as u64,
            });
        }
        self.blank(self.pos + 6, 2); // reserved
        Ok(Header {
            tag,
            vr,
            len: encoding.u32(self.bytes(self.pos + 8)?),
            head: 12,
        })
    }

    /// The claimed length must fit into the file and into every container around it.
    pub(super) fn check_room(&self, header: &Header) -> Result<(), ReadError> {
        let value = self.pos + header.head as usize;
        if u64::from(header.len) > self.window.remaining(value) {
            return Err(ReadError::Truncated {
                at: self.pos as u64,
            });
        }
        let end = value + header.len as usize;
        // Containers nest, so the innermost defined end is the smallest one.
        let bound = self.open.iter().rev().find_map(|open| open.end);
        if bound.is_some_and(|bound| end > bound) {
            return Err(self.malformed("an element overruns its sequence"));
        }
        Ok(())
    }
}
