//! Markers and marker segments (T.81 annex B).

use crate::pixel::codec::error::CodecError;

pub(super) const SOF3: u8 = 0xC3;
pub(super) const DHT: u8 = 0xC4;
pub(super) const RST0: u8 = 0xD0;
pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DRI: u8 = 0xDD;
pub(super) const APP0: u8 = 0xE0;
pub(super) const APP14: u8 = 0xEE;

const TRUNCATED: CodecError = CodecError::Malformed("it ends early");

/// Reads markers and segments one after the other.
pub(super) struct Segments<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Segments<'a> {
    /// Reads from the start of a codestream.
    pub(super) fn new(stream: &'a [u8]) -> Segments<'a> {
        Segments { stream, at: 0 }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.stream.get(self.at..).unwrap_or_default()
    }

    /// Steps over `bytes` bytes.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// The next marker, after any fill bytes; nothing at the end of the stream.
    ///
    /// What is no marker is refused, save a zero that pads the end to an even length (PS3.5 A.4).
    pub(super) fn marker(&mut self) -> Result<Option<u8>, CodecError> {
        let rest = self.rest();
        let fill = rest.iter().take_while(|&&byte| byte == 0xFF).count();
        match rest.get(fill) {
            None => {
                self.skip(fill);
                Ok(None)
            }
            Some(0) if fill == 0 && rest.len() == 1 => {
                self.skip(1);
                Ok(None)
            }
            Some(&code) if fill > 0 && code != 0 => {
                self.skip(fill + 1);
                Ok(Some(code))
            }
            Some(_) => Err(CodecError::Malformed("a marker is missing")),
        }
    }

    /// The content of the segment whose marker was just read.
    pub(super) fn content(&mut self) -> Result<Content<'a>, CodecError> {
        let mut head = Content(self.rest());
        let length = usize::from(head.u16()?);
        let size = length.checked_sub(2).ok_or(CodecError::Malformed(
            "a segment is shorter than its length",
        ))?;
        let content = head.0.get(..size).ok_or(TRUNCATED)?;
        self.skip(length);
        Ok(Content(content))
    }
}

/// The content of one segment, read from the front.
pub(super) struct Content<'a>(pub(super) &'a [u8]);

impl<'a> Content<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], CodecError> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(*array)
    }

    pub(super) fn u8(&mut self) -> Result<u8, CodecError> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, CodecError> {
        self.array().map(u16::from_be_bytes)
    }

    /// Refuses bytes that no field accounts for.
    pub(super) fn end(&self) -> Result<(), CodecError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(CodecError::Malformed(
            "a segment is longer than its content",
        ))
    }
}

/// Writes a segment whose content is short enough for its length field.
pub(super) fn write_segment(
    out: &mut Vec<u8>,
    marker: u8,
    content: &[u8],
) -> Result<(), CodecError> {
    let length = u16::try_from(content.len() + 2)
        .map_err(|_| CodecError::Unsupported("a segment is too long"))?;
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(content);
    Ok(())
}
