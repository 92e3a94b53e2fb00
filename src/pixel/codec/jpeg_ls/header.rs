//! The marker segments (T.87 annex C).

use super::Interleave;
use super::preset::Preset;
use crate::pixel::codec::error::CodecError;

/// Start of image.
pub(super) const SOI: u8 = 0xD8;
/// End of image.
pub(super) const EOI: u8 = 0xD9;
/// Start of scan.
pub(super) const SOS: u8 = 0xDA;
/// Number of lines, which a frame header may leave open.
pub(super) const DNL: u8 = 0xDC;
/// Restart interval.
pub(super) const DRI: u8 = 0xDD;
/// The first of eight restart markers.
pub(super) const RST0: u8 = 0xD0;
/// Application data of other kinds.
pub(super) const APP0: u8 = 0xE0;
/// Application data, where the colour transforms of HP lie.
pub(super) const APP8: u8 = 0xE8;
/// Application data of other kinds.
pub(super) const APP15: u8 = 0xEF;
/// Start of a JPEG-LS frame.
pub(super) const SOF55: u8 = 0xF7;
/// JPEG-LS extension parameters.
pub(super) const LSE: u8 = 0xF8;
/// Comment.
pub(super) const COM: u8 = 0xFE;

const SHORT: CodecError = CodecError::Malformed("JPEG-LS marker segment is too short or too long");

/// Takes marker segments off a codestream.
pub(super) struct Segments<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Segments<'a> {
    /// The segments from the start of `stream`.
    pub(super) fn new(stream: &'a [u8]) -> Segments<'a> {
        Segments { stream, at: 0 }
    }

    /// The next marker. It may have any number of FF in front.
    pub(super) fn marker(&mut self) -> Result<u8, CodecError> {
        let rest = self.rest();
        let filling = rest.iter().take_while(|&&byte| byte == 0xFF).count();
        match rest.get(filling) {
            Some(&marker) if filling > 0 && marker > 0 => {
                self.at += filling + 1;
                Ok(marker)
            }
            _ => Err(CodecError::Malformed("no JPEG-LS marker where one must be")),
        }
    }

    /// What the segment of the last marker holds.
    pub(super) fn payload(&mut self) -> Result<&'a [u8], CodecError> {
        let rest = self.rest();
        let length = usize::from(
            rest.first_chunk()
                .map_or(0, |&bytes| u16::from_be_bytes(bytes)),
        );
        let payload = rest.get(2..length).ok_or(SHORT)?;
        self.at += length;
        Ok(payload)
    }

    /// What follows.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.stream.get(self.at..).unwrap_or_default()
    }

    /// Passes over bytes.
    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
    }
}

/// A frame header.
pub(super) struct Frame {
    pub(super) precision: u8,
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) component_ids: Vec<u8>,
}

impl Frame {
    /// Reads the segment of SOF55 (T.87 section C.2.2).
    pub(super) fn parse(payload: &[u8]) -> Result<Frame, CodecError> {
        let &[precision, y1, y0, x1, x0, count, ref components @ ..] = payload else {
            return Err(SHORT);
        };
        let (components, rest) = components.as_chunks::<3>();
        if components.len() != usize::from(count) || !rest.is_empty() {
            return Err(SHORT);
        }
        if !(1..=4).contains(&count) {
            return Err(CodecError::Unsupported(
                "JPEG-LS of more than four components",
            ));
        }
        let component_ids: Vec<u8> = components.iter().map(|&[id, _, _]| id).collect();
        let distinct = |(at, id): (usize, &u8)| !component_ids.iter().take(at).any(|i| i == id);
        if !component_ids.iter().enumerate().all(distinct) {
            return Err(CodecError::Malformed("two JPEG-LS components of one name"));
        }
        let sampling = |component: &[u8; 3]| component[1];
        if components
            .windows(2)
            .any(|pair| sampling(&pair[0]) != sampling(&pair[1]))
        {
            return Err(CodecError::Unsupported(
                "JPEG-LS components of different sizes",
            ));
        }
        let rows = u32::from(u16::from_be_bytes([y1, y0]));
        let columns = u32::from(u16::from_be_bytes([x1, x0]));
        if rows == 0 || columns == 0 {
            return Err(CodecError::Unsupported(
                "JPEG-LS size outside of the frame header",
            ));
        }
        Ok(Frame {
            precision,
            rows,
            columns,
            component_ids,
        })
    }
}

/// A scan header.
pub(super) struct Scan {
    /// The components, as indices into the frame header: one, or all of them.
    pub(super) components: Vec<usize>,
    pub(super) near: u8,
    pub(super) interleave: Interleave,
}

impl Scan {
    /// Reads the segment of SOS (T.87 section C.2.3).
    pub(super) fn parse(payload: &[u8], frame: &Frame) -> Result<Scan, CodecError> {
        let &[count, ref selectors @ .., near, interleave, transform] = payload else {
            return Err(SHORT);
        };
        let (selectors, rest) = selectors.as_chunks::<2>();
        if selectors.len() != usize::from(count) || !rest.is_empty() {
            return Err(SHORT);
        }
        if selectors.iter().any(|&[_, table]| table != 0) {
            return Err(CodecError::Unsupported("JPEG-LS mapping table"));
        }
        if transform != 0 {
            return Err(CodecError::Unsupported("JPEG-LS point transform"));
        }
        let index = |&[id, _]: &[u8; 2]| frame.component_ids.iter().position(|&i| i == id);
        let components: Option<Vec<usize>> = selectors.iter().map(index).collect();
        let components = components.ok_or(CodecError::Malformed(
            "JPEG-LS scan of an unknown component",
        ))?;
        let interleave = match (interleave, components.len()) {
            // Alone, a component has nothing to share a scan with, whatever is written.
            (0..=2, 1) => Interleave::None,
            (1, _) => Interleave::Line,
            (2, _) => Interleave::Sample,
            _ => return Err(CodecError::Malformed("interleave mode of JPEG-LS")),
        };
        if interleave != Interleave::None
            && !components.iter().copied().eq(0..frame.component_ids.len())
        {
            return Err(CodecError::Unsupported("JPEG-LS scan of some components"));
        }
        Ok(Scan {
            components,
            near,
            interleave,
        })
    }
}

/// Reads the segment of LSE (T.87 section C.2.4.1).
pub(super) fn parse_extension(payload: &[u8]) -> Result<Preset, CodecError> {
    match payload {
        &[1, m1, m0, a1, a0, b1, b0, c1, c0, r1, r0] => Ok(Preset {
            maximum: u16::from_be_bytes([m1, m0]),
            thresholds: [[a1, a0], [b1, b0], [c1, c0]].map(u16::from_be_bytes),
            reset: u16::from_be_bytes([r1, r0]),
        }),
        [2 | 3, ..] => Err(CodecError::Unsupported("JPEG-LS mapping table")),
        [4, ..] => Err(CodecError::Unsupported(
            "JPEG-LS size outside of the frame header",
        )),
        [kind, ..] if *kind > 4 => Err(CodecError::Unsupported("JPEG-LS extension of T.870")),
        _ => Err(SHORT),
    }
}

/// Reads the segment of DRI, a number of two to four bytes (T.87 section C.2.5).
pub(super) fn parse_restart_interval(payload: &[u8]) -> Result<u32, CodecError> {
    if !(2..=4).contains(&payload.len()) {
        return Err(SHORT);
    }
    let append = |number: u32, &byte: &u8| number << 8 | u32::from(byte);
    Ok(payload.iter().fold(0, append))
}

/// Whether the segment of APP8 leaves the samples as they are.
pub(super) fn check_application_data(payload: &[u8]) -> Result<(), CodecError> {
    match payload {
        [b'm', b'r', b'f', b'x', transform, ..] if *transform != 0 => {
            Err(CodecError::Unsupported("JPEG-LS colour transform of HP"))
        }
        _ => Ok(()),
    }
}
