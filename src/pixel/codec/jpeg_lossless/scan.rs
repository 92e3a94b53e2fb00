//! Decoding the samples of one scan.

use super::decode::Frame;
use super::entropy_reader::{Reader, unstuff};
use super::huffman::{Decoder, Specification};
use super::marker::{RST0, Segments};
use super::plane::{Plane, gather, scatter};
use super::{Scan, TABLES};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// Decodes the scan whose header was just read into the samples of the frame.
pub(super) fn decode_scan(
    scan: &Scan,
    tables: &[Option<Specification>; TABLES],
    frame: &mut Frame,
    segments: &mut Segments<'_>,
) -> Result<(), CodecError> {
    let mut decoders = Vec::new();
    for component in &scan.components {
        let table = tables
            .get(usize::from(component.table))
            .and_then(Option::as_ref);
        let table = table.ok_or(CodecError::Malformed("a Huffman table is missing"))?;
        decoders.push(Decoder::new(table)?);
        match frame.decoded.get_mut(component.index) {
            Some(decoded) if !*decoded => *decoded = true,
            _ => return Err(CodecError::Malformed("a component is coded twice")),
        }
    }
    let mut rows = Rows::new(scan, &frame.picture, &decoders);
    let row_samples = frame.picture.columns as usize * frame.picture.components;
    let interval = match scan.restart_rows {
        0 => frame.picture.rows,
        rows => rows,
    };
    let samples = frame
        .picture
        .samples
        .chunks_mut(row_samples * interval as usize);
    let last = samples.len().saturating_sub(1);
    let mut bytes = Vec::new();
    for (number, samples) in samples.enumerate() {
        bytes.clear();
        segments.skip(unstuff(segments.rest(), &mut bytes));
        rows.decode(
            &bytes,
            samples.chunks_mut(row_samples),
            number == last && at_end(segments),
        )?;
        if number < last && segments.marker()? != Some(RST0 + (number % 8) as u8) {
            return Err(CodecError::Malformed("a restart marker is missing"));
        }
    }
    Ok(())
}

/// Whether nothing follows, not even a marker.
fn at_end(segments: &Segments<'_>) -> bool {
    Segments::new(segments.rest()).marker() == Ok(None)
}

/// What decodes the rows of a scan.
struct Rows<'a> {
    scan: &'a Scan,
    tables: Vec<&'a Decoder>,
    planes: Vec<Plane>,
    /// A row of differences, those of one pixel together.
    differences: Vec<u16>,
    components: usize,
    precision: u8,
}

impl<'a> Rows<'a> {
    fn new(scan: &'a Scan, picture: &Picture, decoders: &'a [Decoder]) -> Rows<'a> {
        let columns = picture.columns as usize;
        Rows {
            scan,
            tables: decoders.iter().collect(),
            planes: decoders.iter().map(|_| Plane::new(columns)).collect(),
            differences: vec![0; columns * decoders.len()],
            components: picture.components,
            precision: picture.precision,
        }
    }

    /// Decodes the rows of one restart interval from its bytes; `at_end` if the stream ends with them.
    fn decode<'s>(
        &mut self,
        bytes: &[u8],
        rows: impl Iterator<Item = &'s mut [u16]>,
        at_end: bool,
    ) -> Result<(), CodecError> {
        let mut reader = Reader::new(bytes);
        let mut start = Some(self.scan.start(self.precision));
        for row in rows {
            reader.row(&self.tables, &mut self.differences)?;
            self.reconstruct(start.take(), row)?;
        }
        match reader.rest() {
            (_, []) if !at_end => Ok(()),
            // Without a marker, ones in the last byte tell that the zero after it is padding and nothing is cut off.
            (true, [] | [0]) if at_end => Ok(()),
            (_, []) => Err(CodecError::Malformed("the entropy coded data ends early")),
            _ => Err(CodecError::Malformed("more is coded than the samples")),
        }
    }

    fn reconstruct(&mut self, start: Option<i32>, row: &mut [u16]) -> Result<(), CodecError> {
        let (scan, group) = (self.scan, self.planes.len());
        for (turn, (plane, component)) in self.planes.iter_mut().zip(&scan.components).enumerate() {
            gather(&self.differences, group, turn, 0, &mut plane.differences);
            plane.add(scan.predictor, start);
            let all = plane.current.iter().fold(0, |all, sample| all | sample);
            if u32::from(all) >> self.precision.saturating_sub(scan.point_transform) != 0 {
                return Err(CodecError::Malformed("a sample exceeds the precision"));
            }
            scatter(
                &plane.current,
                self.components,
                component.index,
                scan.point_transform,
                row,
            );
            plane.next_row();
        }
        Ok(())
    }
}
