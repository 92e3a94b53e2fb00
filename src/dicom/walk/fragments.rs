//! Encapsulated Pixel Data: a run of fragments that is walked by its item headers only.

use super::Walker;
use super::header::Header;
use crate::dicom::read_error::ReadError;
use crate::dicom::syntax::Encoding;
use crate::dicom::tag::Tag;
use crate::dicom::tape::{Flags, Fragment};

impl Walker<'_, '_> {
    /// Encapsulated Pixel Data (PS3.5 section A.4): fragments up to a sequence delimiter.
    pub(super) fn fragments(
        &mut self,
        header: &Header,
        encoding: Encoding,
    ) -> Result<(), ReadError> {
        let mut element = self.describe(header, encoding);
        element.flags = element.flags.with(Flags::FRAGMENTS, true);
        let value = self.pos + header.head as usize;
        let total = self.window.remaining(value);
        let first = self.window.source_offset(value);
        let top_level = self.open.is_empty();
        let mut used = 0u64;
        let mut delimited = false;
        while used < total {
            let mut head = [0u8; 8];
            if self.window.peek(&mut head, first + used)? < 8 {
                return Err(ReadError::Truncated {
                    at: self.pos as u64,
                });
            }
            let tag = Tag::new(
                encoding.u16([head[0], head[1]]),
                encoding.u16([head[2], head[3]]),
            );
            let len = encoding.u32([head[4], head[5], head[6], head[7]]);
            used += 8;
            match tag {
                Tag::SEQUENCE_END if len == 0 => {
                    delimited = true;
                    break;
                }
                Tag::ITEM if u64::from(len) <= total - used => {
                    if top_level {
                        if self.fragments.len() >= self.limits.elements as usize {
                            return Err(ReadError::Limit {
                                flag: "--max-elements",
                            });
                        }
                        self.fragments.push(Fragment {
                            offset: first + used,
                            len,
                        });
                    }
                    used += u64::from(len);
                }
                Tag::ITEM => {
                    return Err(ReadError::Truncated {
                        at: self.pos as u64,
                    });
                }
                _ => {
                    return Err(self.malformed("pixel data holds something that is not a fragment"));
                }
            }
        }
        let bound = self.open.iter().rev().find_map(|open| open.end);
        if bound.is_some_and(|bound| value as u64 + used > bound as u64) {
            return Err(self.malformed("an element overruns its sequence"));
        }
        if !delimited && !top_level {
            return Err(ReadError::Truncated {
                at: self.pos as u64,
            });
        }
        if top_level && delimited && !self.window.holds(value, used) {
            self.window.ensure(value)?;
            self.window.cut(value, used);
            element.flags = element.flags.with(Flags::BULK, true);
            self.pos = value;
        } else {
            self.window.ensure(value + used as usize)?;
            self.pos = value + used as usize;
            if !delimited {
                let tag = Tag::SEQUENCE_END;
                let buf = &mut self.window.buf;
                buf.truncate(self.pos);
                buf.extend_from_slice(&encoding.put_u16(tag.group()));
                buf.extend_from_slice(&encoding.put_u16(tag.element()));
                buf.extend_from_slice(&[0; 4]);
                self.pos += 8;
            }
        }
        element.end = self.pos as u32;
        self.pixels_seen |= top_level;
        self.push(element)
    }
}
