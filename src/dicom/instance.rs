//! One DICOM instance: its file meta information, its transfer syntax and its tape.

use super::deflate::inflate;
use super::limits::Limits;
use super::read_error::ReadError;
use super::source::ReadAt;
use super::syntax::{Encoding, TransferSyntax};
use super::tag::Tag;
use super::tape::{Fragment, Tape};
use super::vr::Vr;
use super::walk::{Lists, walk};
use super::window::Window;
use crate::standard::dictionary;

/// Length of the preamble, in bytes (PS3.10 section 7.1).
pub const PREAMBLE: usize = 128;

/// Stray bytes that are passed over in front of a file that has no preamble.
const MAX_STRAY: usize = 1;
/// Media Storage Directory Storage (PS3.10 section 8.6).
const MEDIA_STORAGE_DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Buffers that one worker reuses from file to file.
#[derive(Default)]
pub struct Scratch {
    buf: Vec<u8>,
    lists: Lists,
}

/// What the file meta information said (PS3.10 section 7.1). Nothing else of it survives.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FileMeta {
    /// Transfer Syntax UID (0002,0010).
    pub transfer_syntax: Option<String>,
    /// Media Storage SOP Class UID (0002,0002).
    pub sop_class: Option<String>,
    /// Media Storage SOP Instance UID (0002,0003).
    pub sop_instance: Option<String>,
}

/// A parsed instance over its source.
pub struct Instance<'a> {
    source: &'a dyn ReadAt,
    /// What the file meta information said.
    pub meta: FileMeta,
    /// The syntax in which the data set is really written.
    pub syntax: TransferSyntax,
    /// The data set. For a deflated one, over the inflated bytes.
    pub tape: Tape,
}

impl std::fmt::Debug for Scratch {
    /// The last original may still be in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for FileMeta {
    /// It names an original.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileMeta").finish_non_exhaustive()
    }
}

impl<'a> Instance<'a> {
    /// Reads the header of `source` within `limits`.
    pub fn read(
        source: &'a dyn ReadAt,
        limits: &Limits,
        scratch: Scratch,
    ) -> Result<Instance<'a>, ReadError> {
        let mut window = Window::new(source, scratch.buf, limits);
        let start = find_start(&mut window)?;
        let (meta, begin) = read_meta(&mut window, start)?;
        if meta.sop_class.as_deref() == Some(MEDIA_STORAGE_DIRECTORY) {
            return Err(ReadError::Dicomdir);
        }
        let declared = match meta.transfer_syntax.as_deref() {
            Some(uid) => {
                Some(TransferSyntax::from_uid(uid).ok_or(ReadError::UnknownTransferSyntax)?)
            }
            None => None,
        };
        if let Some(syntax) = &declared
            && syntax.deflated
        {
            let bytes = inflate(source, window.source_offset(begin), limits)?;
            let tape = walk(
                Window::complete(bytes),
                0,
                syntax.encoding,
                limits,
                scratch.lists,
            )?;
            return Ok(Instance {
                source,
                meta,
                syntax: syntax.clone(),
                tape,
            });
        }
        let found = match &declared {
            Some(declared) if agrees(&mut window, begin, declared.encoding)? => {
                Some(declared.encoding)
            }
            _ => sniff(&mut window, begin)?,
        };
        let syntax = match (declared, found) {
            // The bytes are the truth. A native declaration is corrected; a compressed one still says how the
            // pixels are coded, and the instance shows that its header contradicts it.
            (Some(declared), Some(found)) if declared.is_native() && found != declared.encoding => {
                TransferSyntax::of_encoding(found)
            }
            (Some(declared), Some(found)) => TransferSyntax {
                encoding: found,
                ..declared
            },
            (Some(declared), None) => declared,
            (None, Some(found)) => TransferSyntax::of_encoding(found),
            // PS3.5 section 10.1: the default transfer syntax.
            (None, None) => TransferSyntax::of_encoding(Encoding::IMPLICIT_LE),
        };
        let tape = walk(window, begin, syntax.encoding, limits, scratch.lists)?;
        Ok(Instance {
            source,
            meta,
            syntax,
            tape,
        })
    }

    /// Gives the buffers back for the next file.
    pub fn into_scratch(self) -> Scratch {
        Scratch {
            buf: self.tape.buf,
            lists: Lists {
                elements: self.tape.elements,
                top: self.tape.top,
            },
        }
    }

    /// Reads bytes of a fragment or bulk value by its offset.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        if self.syntax.deflated {
            self.tape.buf.as_slice().read_at(buffer, offset)
        } else {
            self.source.read_at(buffer, offset)
        }
    }

    /// Fragments of the top-level Pixel Data, the Basic Offset Table first.
    pub fn fragments(&self) -> &[Fragment] {
        &self.tape.fragments
    }
}

/// Position at which file meta information, or failing that the data set, begins.
fn find_start(window: &mut Window<'_>) -> Result<usize, ReadError> {
    window.ensure(PREAMBLE + 4 + 8)?;
    if window.buf.get(PREAMBLE..PREAMBLE + 4) == Some(b"DICM") {
        return Ok(PREAMBLE + 4);
    }
    if window.buf.starts_with(b"DICM") {
        return Ok(4);
    }
    for start in 0..=MAX_STRAY {
        if sniff(window, start)?.is_some() {
            return Ok(start);
        }
    }
    Err(ReadError::NotDicom)
}

/// Reads group 0002, whatever its group length says. Gives what it said and where the data set begins.
fn read_meta(window: &mut Window<'_>, start: usize) -> Result<(FileMeta, usize), ReadError> {
    let mut meta = FileMeta::default();
    let mut pos = start;
    let mut declared_end = None;
    loop {
        if !window.ensure(pos + 8)? || window.buf[pos..pos + 2] != [2, 0] {
            break;
        }
        if declared_end == Some(pos)
            && meta.transfer_syntax.as_deref().is_some_and(|uid| {
                TransferSyntax::from_uid(uid).is_some_and(|syntax| syntax.deflated)
            })
        {
            break; // what follows is a deflate stream that may begin with any bytes
        }
        let (len, head) = meta_header(window, pos)?;
        let value = pos + head;
        if len > window.remaining(value) {
            return Err(ReadError::Truncated { at: pos as u64 });
        }
        window.ensure(value + len as usize)?;
        let bytes = window
            .buf
            .get(value..value + len as usize)
            .unwrap_or_default();
        match u16::from_le_bytes([window.buf[pos + 2], window.buf[pos + 3]]) {
            0x0000 => {
                declared_end = bytes
                    .first_chunk::<4>()
                    .map(|b| value + 4 + u32::from_le_bytes(*b) as usize);
            }
            0x0002 => meta.sop_class = Some(uid_text(bytes)),
            0x0003 => meta.sop_instance = Some(uid_text(bytes)),
            0x0010 => meta.transfer_syntax = Some(uid_text(bytes)).filter(|uid| !uid.is_empty()),
            _ => {}
        }
        pos = value + len as usize;
    }
    Ok((meta, pos))
}

/// Length and header size of a meta element; some writers leave out the VR.
fn meta_header(window: &mut Window<'_>, pos: usize) -> Result<(u64, usize), ReadError> {
    let truncated = ReadError::Truncated { at: pos as u64 };
    let b = &window.buf[pos..pos + 8];
    match Vr::from_bytes([b[4], b[5]]) {
        Some(vr) if vr.has_long_header() => {
            if !window.ensure(pos + 12)? {
                return Err(truncated);
            }
            let b = &window.buf[pos + 8..pos + 12];
            Ok((u64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])), 12))
        }
        Some(_) => Ok((u64::from(u16::from_le_bytes([b[6], b[7]])), 8)),
        None => Ok((u64::from(u32::from_le_bytes([b[4], b[5], b[6], b[7]])), 8)),
    }
}

fn uid_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .trim_matches(|c: char| c == '\0' || c.is_whitespace())
        .to_owned()
}

/// Whether the first element could be written in this encoding.
fn agrees(window: &mut Window<'_>, pos: usize, encoding: Encoding) -> Result<bool, ReadError> {
    if !window.ensure(pos + 8)? {
        return Ok(true);
    }
    let b = &window.buf[pos..pos + 8];
    let tag = Tag::new(encoding.u16([b[0], b[1]]), encoding.u16([b[2], b[3]]));
    // Data sets begin with a low group: a high one is a low one in the other byte order.
    if tag.group() > 0x00FF && dictionary::by_tag(tag).is_none() {
        return Ok(false);
    }
    if encoding.explicit {
        return Ok([b[4], b[5]].iter().all(u8::is_ascii_uppercase));
    }
    // A VR is no length: in a large file there would be room for it.
    if Vr::from_bytes([b[4], b[5]]).is_some() {
        return Ok(false);
    }
    let len = encoding.u32([b[4], b[5], b[6], b[7]]);
    Ok(len == u32::MAX || u64::from(len) <= window.remaining(pos + 8))
}

/// Tells the encoding of the data set at `pos` from its first elements; `None` when nothing fits.
fn sniff(window: &mut Window<'_>, pos: usize) -> Result<Option<Encoding>, ReadError> {
    for encoding in [
        Encoding::EXPLICIT_LE,
        Encoding::IMPLICIT_LE,
        Encoding::EXPLICIT_BE,
        Encoding {
            explicit: false,
            big_endian: true,
        },
    ] {
        if plausible(window, pos, encoding)? {
            return Ok(Some(encoding));
        }
    }
    Ok(None)
}

/// Whether up to three elements at `pos` are public, known, ascending and fit into the file.
fn plausible(
    window: &mut Window<'_>,
    mut pos: usize,
    encoding: Encoding,
) -> Result<bool, ReadError> {
    let mut last = None;
    for seen in 0..3 {
        if !window.ensure(pos + 12)? {
            // A very short data set, or its end.
            let rest = window.remaining(pos);
            return Ok(rest == 0 && seen > 0);
        }
        let b = &window.buf[pos..pos + 12];
        let tag = Tag::new(encoding.u16([b[0], b[1]]), encoding.u16([b[2], b[3]]));
        if last.is_some_and(|last| tag <= last) {
            return Ok(false);
        }
        last = Some(tag);
        let known = dictionary::by_tag(tag).is_some() || tag.is_group_length();
        if !(known || seen > 0 && tag.is_private()) || tag.group() > 0x7FE0 {
            return Ok(false);
        }
        let (len, head) = if encoding.explicit {
            match Vr::from_bytes([b[4], b[5]]) {
                Some(vr) if vr.has_long_header() => (encoding.u32([b[8], b[9], b[10], b[11]]), 12),
                Some(_) => (u32::from(encoding.u16([b[6], b[7]])), 8),
                None => return Ok(false),
            }
        } else {
            (encoding.u32([b[4], b[5], b[6], b[7]]), 8)
        };
        let value = pos + head;
        if len == u32::MAX || u64::from(len) > (16 << 10) {
            // A sequence or a large value: what was seen before has to do.
            return Ok(len == u32::MAX || seen > 0 || u64::from(len) <= window.remaining(value));
        }
        if u64::from(len) > window.remaining(value) {
            return Ok(seen > 0);
        }
        pos = value + len as usize;
    }
    Ok(true)
}
