//! From samples to a codestream.

use super::entropy_writer::{Counter, Encoder, Writer};
use super::huffman::Specification;
use super::marker::{APP0, APP14, DHT, DRI, EOI, RST0, SOF3, SOI, SOS, write_segment};
use super::optimal;
use super::plane::{Plane, gather, scatter};
use super::{MAX_COMPONENTS, Parameters, Scan, TABLES};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// Encodes one frame in the way that `parameters` tell.
///
/// What a point transform drops is lost: with one, samples should be multiples of 2 to its power, as the decoded
/// ones are.
///
/// # Errors
/// [`CodecError::Unsupported`] if the picture and the parameters do not fit together or into a codestream.
pub fn encode(picture: &Picture, parameters: &Parameters) -> Result<Vec<u8>, CodecError> {
    check(picture, parameters)?;
    let mut out = vec![0xFF, SOI];
    if parameters.jfif {
        // Version 1.01, a pixel aspect ratio of 1:1, no thumbnail.
        write_segment(&mut out, APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")?;
    }
    if let Some(transform) = parameters.adobe_transform {
        // Version 100, no flags.
        let content = [b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat();
        write_segment(&mut out, APP14, &content)?;
    }
    write_frame_header(&mut out, picture, parameters)?;
    let mut restart_rows = 0;
    for scan in &parameters.scans {
        if scan.restart_rows != restart_rows {
            restart_rows = scan.restart_rows;
            write_restart_interval(&mut out, picture.columns, restart_rows)?;
        }
        write_scan(&mut out, picture, parameters, scan)?;
    }
    out.extend([0xFF, EOI]);
    Ok(out)
}

/// Checks what decoding guarantees, but a caller may have changed.
fn check(picture: &Picture, parameters: &Parameters) -> Result<(), CodecError> {
    let unfit = |what| Err(CodecError::Unsupported(what));
    let components = picture.components;
    if !(2..=16).contains(&picture.precision) || !(1..=MAX_COMPONENTS).contains(&components) {
        return unfit("JPEG Lossless has no such precision or number of components");
    }
    let samples = u64::from(picture.rows) * u64::from(picture.columns) * components as u64;
    if samples == 0 || samples != picture.samples.len() as u64 {
        return unfit("the picture has not as many samples as its size says");
    }
    let all = picture.samples.iter().fold(0, |all, sample| all | sample);
    if u32::from(all) >> picture.precision != 0 {
        return unfit("a sample exceeds the precision");
    }
    let mut coded: Vec<usize> = Vec::new();
    for scan in &parameters.scans {
        scan.check(picture.precision, components)?;
        coded.extend(scan.components.iter().map(|component| component.index));
    }
    coded.sort_unstable();
    if parameters.component_ids.len() != components || !coded.into_iter().eq(0..components) {
        return unfit("the parameters are of other components than the picture");
    }
    Ok(())
}

fn write_frame_header(
    out: &mut Vec<u8>,
    picture: &Picture,
    parameters: &Parameters,
) -> Result<(), CodecError> {
    let mut content = vec![picture.precision];
    for size in [picture.rows, picture.columns] {
        let size = u16::try_from(size).map_err(|_| {
            CodecError::Unsupported("the picture is larger than 65535 rows or columns")
        })?;
        content.extend(size.to_be_bytes());
    }
    content.push(parameters.component_ids.len() as u8);
    for &id in &parameters.component_ids {
        content.extend([id, 0x11, 0]);
    }
    write_segment(out, SOF3, &content)
}

fn write_restart_interval(out: &mut Vec<u8>, columns: u32, rows: u32) -> Result<(), CodecError> {
    let interval = u16::try_from(u64::from(columns) * u64::from(rows))
        .map_err(|_| CodecError::Unsupported("a restart interval is longer than 65535 pixels"))?;
    write_segment(out, DRI, &interval.to_be_bytes())
}

/// Writes the Huffman tables, the header and the samples of a scan.
fn write_scan(
    out: &mut Vec<u8>,
    picture: &Picture,
    parameters: &Parameters,
    scan: &Scan,
) -> Result<(), CodecError> {
    let turns: Vec<u8> = scan
        .components
        .iter()
        .map(|component| component.table)
        .collect();
    let mut counter = Counter::new();
    each_row(picture, scan, |_, differences| counter.row(differences));

    let mut tables = Vec::new();
    let mut bits = 0;
    for id in 0..TABLES as u8 {
        let counts = counter.counts(&turns, id);
        let specification = optimal::specification(&counts);
        let table = Encoder::new(&specification)?;
        bits += table.bits(&counts);
        tables.push(table);
        if turns.contains(&id) {
            write_table(out, id, &specification)?;
        }
    }
    let mut header = vec![scan.components.len() as u8];
    for component in &scan.components {
        let id = parameters.component_ids.get(component.index).copied();
        header.extend([id.unwrap_or_default(), component.table << 4]);
    }
    header.extend([scan.predictor, 0, scan.point_transform]);
    write_segment(out, SOS, &header)?;

    // One byte in 256 is stuffed, and room is left for restart markers.
    let bytes = bits / 8;
    out.reserve((bytes + bytes / 128 + u64::from(picture.rows) * 4 + 16) as usize);
    let turns: Vec<&Encoder> = turns
        .iter()
        .filter_map(|&id| tables.get(usize::from(id)))
        .collect();
    let mut writer = Writer::new(picture.columns as usize * turns.len());
    each_row(picture, scan, |restarts, differences| {
        if let Some(number) = restarts {
            writer.finish(out);
            out.extend([0xFF, RST0 + number]);
        }
        writer.row(&turns, differences, out);
    });
    writer.finish(out);
    Ok(())
}

fn write_table(out: &mut Vec<u8>, id: u8, table: &Specification) -> Result<(), CodecError> {
    let mut content = vec![id];
    content.extend(table.counts);
    content.extend(&table.values);
    write_segment(out, DHT, &content)
}

/// Gives each row of differences of a scan, those of one pixel together, and before it the number of the restart
/// marker that it needs.
fn each_row(picture: &Picture, scan: &Scan, mut give: impl FnMut(Option<u8>, &[u16])) {
    let columns = picture.columns as usize;
    let group = scan.components.len();
    let mut planes: Vec<Plane> = scan
        .components
        .iter()
        .map(|_| Plane::new(columns))
        .collect();
    let mut differences = vec![0; columns * group];
    let rows = picture.samples.chunks_exact(columns * picture.components);
    for (number, row) in (0u32..).zip(rows) {
        let restarts = match number.checked_rem(scan.restart_rows) {
            Some(0) if number > 0 => Some(((number / scan.restart_rows - 1) % 8) as u8),
            _ => None,
        };
        let start = (number == 0 || restarts.is_some()).then(|| scan.start(picture.precision));
        for (turn, (plane, component)) in planes.iter_mut().zip(&scan.components).enumerate() {
            let shift = scan.point_transform;
            gather(
                row,
                picture.components,
                component.index,
                shift,
                &mut plane.current,
            );
            plane.subtract(scan.predictor, start);
            scatter(&plane.differences, group, turn, 0, &mut differences);
            plane.next_row();
        }
        give(restarts, &differences);
    }
}
