//! From a codestream to samples.

use super::huffman::Specification;
use super::marker::{APP0, APP14, Content, DHT, DNL, DRI, EOI, SOF3, SOI, SOS, Segments};
use super::scan::decode_scan;
use super::{MAX_COMPONENTS, Parameters, Scan, ScanComponent, TABLES};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// Decodes one frame of `rows` and `columns`, the size that the data set states.
///
/// # Errors
/// [`CodecError::Malformed`] if the codestream breaks T.81, ends before the last sample, or is of another size;
/// [`CodecError::Unsupported`] if it is of another process, subsampled, or states its height at its end (DNL).
pub fn decode(stream: &[u8], rows: u32, columns: u32) -> Result<(Picture, Parameters), CodecError> {
    let mut segments = Segments::new(stream);
    if segments.marker()? != Some(SOI) {
        return Err(CodecError::Malformed(
            "it does not start with an SOI marker",
        ));
    }
    let mut state = State::default();
    while let Some(marker) = segments.marker()? {
        if marker == EOI {
            break;
        }
        state.segment(marker, &mut segments, (rows, columns))?;
    }
    // Some writers leave out the EOI marker. All samples being there is what counts.
    let frame = state
        .frame
        .ok_or(CodecError::Malformed("it has no frame"))?;
    if frame.decoded.contains(&false) {
        return Err(CodecError::Malformed("a component has no scan"));
    }
    if Segments::new(padding_skipped(segments.rest())).marker() == Ok(Some(SOI)) {
        return Err(CodecError::Malformed("a second image follows the first"));
    }
    let parameters = Parameters {
        component_ids: frame.ids,
        scans: state.scans,
        jfif: state.jfif,
        adobe_transform: state.adobe_transform,
    };
    Ok((frame.picture, parameters))
}

fn padding_skipped(bytes: &[u8]) -> &[u8] {
    let padding = bytes.iter().take_while(|&&byte| byte == 0).count();
    bytes.get(padding..).unwrap_or_default()
}

/// What was read so far.
#[derive(Default)]
struct State {
    frame: Option<Frame>,
    tables: [Option<Specification>; TABLES],
    restart_interval: u32,
    scans: Vec<Scan>,
    jfif: bool,
    adobe_transform: Option<u8>,
}

/// The frame header, and the samples that came.
pub(super) struct Frame {
    ids: Vec<u8>,
    /// Which components were decoded.
    pub(super) decoded: Vec<bool>,
    pub(super) picture: Picture,
}

impl State {
    fn segment(
        &mut self,
        marker: u8,
        segments: &mut Segments<'_>,
        size: (u32, u32),
    ) -> Result<(), CodecError> {
        match marker {
            SOF3 => {
                let mut content = segments.content()?;
                if self.frame.is_some() {
                    return Err(CodecError::Malformed("it has more than one frame"));
                }
                self.frame = Some(Frame::read(&mut content, size, segments.rest().len())?);
            }
            DHT => self.tables(&mut segments.content()?)?,
            DRI => {
                let mut content = segments.content()?;
                self.restart_interval = content.u16()?.into();
                content.end()?;
            }
            SOS => {
                let scan = self.scan_header(&mut segments.content()?)?;
                let frame = self.frame.as_mut().ok_or(NO_FRAME)?;
                decode_scan(&scan, &self.tables, frame, segments)?;
                self.scans.push(scan);
            }
            APP0 => self.jfif |= segments.content()?.0.starts_with(b"JFIF\0"),
            APP14 => {
                let content = segments.content()?.0;
                if let (true, Some(&transform)) = (content.starts_with(b"Adobe"), content.get(11)) {
                    self.adobe_transform = Some(transform);
                }
            }
            DNL => return Err(CodecError::Unsupported("its height is stated at its end")),
            // The other application segments, comments, and tables of other processes.
            0xE0..=0xEF | 0xFE | 0xDB | 0xCC => {
                segments.content()?;
            }
            0xC0..=0xCF => return Err(CodecError::Unsupported("it is not of JPEG process 14")),
            0xDE | 0xDF => return Err(CodecError::Unsupported("it is hierarchical")),
            _ => return Err(CodecError::Malformed("a marker is out of place")),
        }
        Ok(())
    }

    fn tables(&mut self, content: &mut Content<'_>) -> Result<(), CodecError> {
        while !content.0.is_empty() {
            let class_and_id = content.u8()?;
            let table = Specification::read(content)?;
            match (
                class_and_id >> 4,
                self.tables.get_mut(usize::from(class_and_id & 15)),
            ) {
                (0, Some(slot)) => *slot = Some(table),
                (1, Some(_)) => {} // For AC coefficients: of no use here.
                _ => return Err(CodecError::Malformed("no such Huffman table")),
            }
        }
        Ok(())
    }

    fn scan_header(&self, content: &mut Content<'_>) -> Result<Scan, CodecError> {
        let frame = self.frame.as_ref().ok_or(NO_FRAME)?;
        let mut components = Vec::new();
        for _ in 0..content.u8()? {
            let [id, tables] = content.array()?;
            let index = frame.ids.iter().position(|&other| other == id);
            let index = index.ok_or(CodecError::Malformed(
                "a scan names no component of the frame",
            ))?;
            let table = tables >> 4;
            components.push(ScanComponent { index, table });
        }
        // The end of the spectral selection and the high half of the last byte mean nothing here.
        let [predictor, _, approximation] = content.array()?;
        content.end()?;
        let columns = frame.picture.columns;
        if !self.restart_interval.is_multiple_of(columns) {
            return Err(CodecError::Malformed(
                "a restart interval ends within a row",
            ));
        }
        let scan = Scan {
            components,
            predictor,
            point_transform: approximation & 15,
            restart_rows: self.restart_interval / columns,
        };
        scan.check(frame.picture.precision, frame.ids.len())?;
        Ok(scan)
    }
}

const NO_FRAME: CodecError = CodecError::Malformed("a scan comes before the frame");

impl Frame {
    /// Reads a frame header and takes memory for its samples; `bytes` is how much may hold them.
    fn read(
        content: &mut Content<'_>,
        size: (u32, u32),
        bytes: usize,
    ) -> Result<Frame, CodecError> {
        let precision = content.u8()?;
        let (rows, columns) = (u32::from(content.u16()?), u32::from(content.u16()?));
        let components = usize::from(content.u8()?);
        if !(2..=16).contains(&precision) {
            return Err(CodecError::Malformed("no such precision"));
        }
        if rows == 0 {
            return Err(CodecError::Unsupported("its height is stated at its end"));
        }
        if (rows, columns) != size || columns == 0 {
            return Err(CodecError::Malformed(
                "it is of another size than the data set states",
            ));
        }
        if components == 0 || components > MAX_COMPONENTS {
            return Err(CodecError::Unsupported("it has not 1 to 4 components"));
        }
        let mut ids = Vec::new();
        for _ in 0..components {
            let [id, sampling, _] = content.array()?;
            // The factors of a single component mean nothing (T.81 A.2.2).
            if components > 1 && sampling != 0x11 {
                return Err(CodecError::Unsupported("its components are subsampled"));
            }
            if ids.contains(&id) {
                return Err(CodecError::Malformed(
                    "two components have the same identifier",
                ));
            }
            ids.push(id);
        }
        content.end()?;
        let samples = u64::from(rows) * u64::from(columns) * components as u64;
        // A sample takes at least one bit.
        if samples / 8 > bytes as u64 {
            return Err(CodecError::Malformed("the entropy coded data ends early"));
        }
        let picture = Picture {
            rows,
            columns,
            components,
            precision,
            signed: false,
            samples: vec![0; samples as usize],
        };
        let decoded = vec![false; components];
        Ok(Frame {
            ids,
            decoded,
            picture,
        })
    }
}
