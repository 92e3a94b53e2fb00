//! Reads a codestream.

use super::bit_reader::BitReader;
use super::header::{
    APP0, APP8, APP15, COM, DNL, DRI, EOI, Frame, LSE, RST0, SOF55, SOI, SOS, Scan, Segments,
    check_application_data, parse_extension, parse_restart_interval,
};
use super::model::Model;
use super::preset::{Coding, Preset};
use super::rows::Rows;
use super::scan_decoder::ScanDecoder;
use super::{Interleave, Parameters};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// Reads a codestream, lossless or near-lossless. `rows` and `columns` are those of the data set.
///
/// # Errors
/// `Malformed` where the codestream breaks T.87, ends early or has another size; `Unsupported` for mapping tables, point
/// transforms, colour transforms of HP, subsampled components, sizes outside the
/// frame header and scans that differ in more than NEAR.
pub fn decode(stream: &[u8], rows: u32, columns: u32) -> Result<(Picture, Parameters), CodecError> {
    let mut segments = Segments::new(stream);
    if segments.marker()? != SOI {
        return Err(CodecError::Malformed("no JPEG-LS image starts here"));
    }
    let mut frame = None;
    let mut preset = None;
    let mut restart_interval = 0;
    let mut image: Option<Image> = None;
    loop {
        match segments.marker()? {
            SOF55 if frame.is_some() => {
                return Err(CodecError::Malformed("two JPEG-LS frame headers"));
            }
            SOF55 => {
                let found = Frame::parse(segments.payload()?)?;
                if (found.rows, found.columns) != (rows, columns) {
                    return Err(CodecError::Malformed("JPEG-LS image of another size"));
                }
                frame = Some(found);
            }
            LSE => preset = Some(parse_extension(segments.payload()?)?),
            DRI => restart_interval = parse_restart_interval(segments.payload()?)?,
            SOS => {
                let frame = frame
                    .as_ref()
                    .ok_or(CodecError::Malformed("JPEG-LS scan before its frame"))?;
                let scan = Scan::parse(segments.payload()?, frame)?;
                let coding = Coding::new(frame.precision, scan.near, preset)?;
                let image = image.get_or_insert_with(|| Image::new(frame));
                image.claim(&scan, preset, restart_interval)?;
                image.read(&scan, coding, &mut segments)?;
            }
            EOI => break,
            APP8 => check_application_data(segments.payload()?)?,
            APP0..=APP15 | COM => {
                segments.payload()?;
            }
            DNL => {
                return Err(CodecError::Unsupported(
                    "JPEG-LS size outside of the frame header",
                ));
            }
            0xC0..=0xCF => return Err(CodecError::Unsupported("JPEG that is not JPEG-LS")),
            _ => return Err(CodecError::Malformed("unknown JPEG-LS marker")),
        }
    }
    // Encoders fill up with either.
    if segments.rest().iter().any(|byte| ![0, 0xFF].contains(byte)) {
        return Err(CodecError::Malformed("data after the JPEG-LS image"));
    }
    image
        .filter(|image| image.missing.is_empty())
        .map(|image| (image.picture, image.parameters))
        .ok_or(CodecError::Malformed("JPEG-LS image without all scans"))
}

/// What has been read.
struct Image {
    picture: Picture,
    parameters: Parameters,
    /// The components that no scan has held yet.
    missing: Vec<usize>,
}

impl Image {
    fn new(frame: &Frame) -> Image {
        let components = frame.component_ids.len();
        let size = frame.rows as usize * frame.columns as usize * components;
        Image {
            picture: Picture {
                rows: frame.rows,
                columns: frame.columns,
                components,
                precision: frame.precision,
                signed: false,
                samples: vec![0; size],
            },
            parameters: Parameters {
                near: 0,
                interleave: Interleave::None,
                preset: None,
                component_ids: frame.component_ids.clone(),
                restart_interval: 0,
            },
            missing: (0..components).collect(),
        }
    }

    /// Notes what a scan holds and how.
    fn claim(
        &mut self,
        scan: &Scan,
        preset: Option<Preset>,
        restart_interval: u32,
    ) -> Result<(), CodecError> {
        let earlier = &self.parameters;
        let parameters = Parameters {
            near: scan.near.max(earlier.near),
            interleave: scan.interleave,
            preset,
            component_ids: earlier.component_ids.clone(),
            restart_interval,
        };
        let first = self.missing.len() == self.picture.components;
        let near = parameters.near;
        if !first
            && (Parameters {
                near,
                ..earlier.clone()
            }) != parameters
        {
            return Err(CodecError::Unsupported("JPEG-LS scans of different kinds"));
        }
        self.parameters = parameters;
        for component in &scan.components {
            let Some(at) = self.missing.iter().position(|c| c == component) else {
                return Err(CodecError::Malformed("two JPEG-LS scans of a component"));
            };
            self.missing.remove(at);
        }
        Ok(())
    }

    /// Reads the rows of a scan.
    fn read(
        &mut self,
        scan: &Scan,
        coding: Coding,
        segments: &mut Segments,
    ) -> Result<(), CodecError> {
        let columns = self.picture.columns as usize;
        let components = self.picture.components;
        let interval = self.parameters.restart_interval as usize;
        let stride = match scan.interleave {
            Interleave::Sample => components,
            Interleave::None | Interleave::Line => 1,
        };
        let mut lanes: Vec<Rows> = scan
            .components
            .iter()
            .step_by(stride)
            .map(|_| Rows::new(columns, stride))
            .collect();
        let mut decoder = ScanDecoder {
            model: Model::new(coding),
            bits: BitReader::new(segments.rest()),
        };
        let picture_rows = self.picture.samples.chunks_exact_mut(columns * components);
        for (y, picture_row) in picture_rows.enumerate() {
            if interval > 0 && y > 0 && y % interval == 0 {
                leave(&decoder.bits, segments)?;
                if segments.marker()? != RST0 + ((y / interval - 1) % 8) as u8 {
                    return Err(CodecError::Malformed("no JPEG-LS restart marker"));
                }
                decoder.bits = BitReader::new(segments.rest());
                decoder.model.restart();
                lanes.iter_mut().for_each(Rows::restart);
            }
            for (rows, &component) in lanes.iter_mut().zip(&scan.components) {
                rows.advance();
                decoder.row(rows, stride);
                if stride == components {
                    picture_row.copy_from_slice(rows.inner());
                } else {
                    let samples = picture_row.iter_mut().skip(component).step_by(components);
                    samples
                        .zip(rows.inner())
                        .for_each(|(sample, read)| *sample = *read);
                }
            }
            if !decoder.bits.is_sound() {
                return Err(CodecError::Malformed("JPEG-LS scan data"));
            }
        }
        leave(&decoder.bits, segments)
    }
}

/// Goes on to the marker after the bits of a scan.
fn leave(bits: &BitReader, segments: &mut Segments) -> Result<(), CodecError> {
    let end = bits
        .end()
        .ok_or(CodecError::Malformed("JPEG-LS scan longer than its rows"))?;
    segments.skip(end);
    Ok(())
}
