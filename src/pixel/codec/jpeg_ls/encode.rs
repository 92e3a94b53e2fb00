//! Writes a codestream.

use super::bit_writer::BitWriter;
use super::header::{DRI, EOI, LSE, RST0, SOF55, SOI, SOS};
use super::model::Model;
use super::preset::Coding;
use super::rows::Rows;
use super::scan_encoder::ScanEncoder;
use super::{Interleave, Parameters};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// Writes a picture losslessly, whatever NEAR the parameters name.
///
/// # Errors
/// `Malformed` where the picture and the parameters do not go together, or a sample is above MAXVAL.
pub fn encode(picture: &Picture, parameters: &Parameters) -> Result<Vec<u8>, CodecError> {
    let coding = check(picture, parameters)?;
    let mut out = Vec::with_capacity(picture.samples.len());
    write_headers(picture, parameters, &mut out);
    let components: Vec<usize> = (0..picture.components).collect();
    let in_scan = match parameters.interleave {
        Interleave::None => 1,
        Interleave::Line | Interleave::Sample => picture.components,
    };
    for components in components.chunks(in_scan) {
        out = write_scan(picture, parameters, coding, components, out);
    }
    out.extend([0xFF, EOI]);
    Ok(out)
}

/// Whether the picture can be written so, and what each scan is coded with.
fn check(picture: &Picture, parameters: &Parameters) -> Result<Coding, CodecError> {
    let coding = Coding::new(picture.precision, 0, parameters.preset)?;
    let sides = [picture.rows, picture.columns];
    let pixels = u64::from(picture.rows) * u64::from(picture.columns);
    let fits = sides.iter().all(|side| (1..=0xFFFF).contains(side))
        && (1..=4).contains(&picture.components)
        && parameters.component_ids.len() == picture.components
        && picture.samples.len() as u64 == pixels * picture.components as u64;
    if !fits {
        return Err(CodecError::Malformed("picture that JPEG-LS cannot hold"));
    }
    let largest = picture.samples.iter().copied().max().unwrap_or(0);
    if i32::from(largest) > coding.maximum {
        return Err(CodecError::Malformed("sample above MAXVAL of JPEG-LS"));
    }
    Ok(coding)
}

/// Writes what stands before the first scan.
fn write_headers(picture: &Picture, parameters: &Parameters, out: &mut Vec<u8>) {
    let number = |number: u32| (number as u16).to_be_bytes();
    out.extend([0xFF, SOI]);
    let mut frame = vec![picture.precision];
    frame.extend(number(picture.rows));
    frame.extend(number(picture.columns));
    frame.push(picture.components as u8);
    frame.extend(
        parameters
            .component_ids
            .iter()
            .flat_map(|&id| [id, 0x11, 0]),
    );
    write_segment(SOF55, &frame, out);
    if let Some(preset) = parameters.preset {
        let [t1, t2, t3] = preset.thresholds;
        let numbers = [preset.maximum, t1, t2, t3, preset.reset];
        let mut extension = vec![1];
        extension.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
        write_segment(LSE, &extension, out);
    }
    match parameters.restart_interval {
        0 => {}
        interval @ 1..=0xFFFF => write_segment(DRI, &number(interval), out),
        interval => write_segment(DRI, &interval.to_be_bytes(), out),
    }
}

/// Writes a scan of these components behind what `out` holds.
fn write_scan(
    picture: &Picture,
    parameters: &Parameters,
    coding: Coding,
    components: &[usize],
    mut out: Vec<u8>,
) -> Vec<u8> {
    let (interleave, stride) = match parameters.interleave {
        _ if components.len() == 1 => (0, 1),
        Interleave::None => (0, 1),
        Interleave::Line => (1, 1),
        Interleave::Sample => (2, components.len()),
    };
    let mut header = vec![components.len() as u8];
    let ids = components
        .iter()
        .filter_map(|&component| parameters.component_ids.get(component));
    header.extend(ids.flat_map(|&id| [id, 0]));
    header.extend([0, interleave, 0]);
    write_segment(SOS, &header, &mut out);

    let columns = picture.columns as usize;
    let interval = parameters.restart_interval as usize;
    let mut lanes: Vec<Rows> = components
        .iter()
        .step_by(stride)
        .map(|_| Rows::new(columns, stride))
        .collect();
    let mut encoder = ScanEncoder {
        model: Model::new(coding),
        bits: BitWriter::new(out),
    };
    let picture_rows = picture.samples.chunks_exact(columns * picture.components);
    for (y, picture_row) in picture_rows.enumerate() {
        if interval > 0 && y > 0 && y % interval == 0 {
            let mut out = encoder.bits.finish();
            out.extend([0xFF, RST0 + ((y / interval - 1) % 8) as u8]);
            encoder.bits = BitWriter::new(out);
            encoder.model.restart();
            lanes.iter_mut().for_each(Rows::restart);
        }
        for (rows, &component) in lanes.iter_mut().zip(components) {
            rows.advance();
            if stride == picture.components {
                rows.inner().copy_from_slice(picture_row);
            } else {
                let samples = picture_row
                    .iter()
                    .skip(component)
                    .step_by(picture.components);
                rows.inner()
                    .iter_mut()
                    .zip(samples)
                    .for_each(|(sample, given)| *sample = *given);
            }
            encoder.row(rows, stride);
        }
    }
    encoder.bits.finish()
}

/// Writes a marker segment.
fn write_segment(marker: u8, payload: &[u8], out: &mut Vec<u8>) {
    out.extend([0xFF, marker]);
    out.extend((payload.len() as u16 + 2).to_be_bytes());
    out.extend(payload);
}
