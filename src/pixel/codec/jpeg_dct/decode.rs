//! From coefficients to samples, for showing: the inverse transform and upsampling (ITU-T T.81 section A.3.3).
//!
//! Written for any precision and not for speed. Nothing that is written depends on it.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "numbers here have 16 bits at most, and samples are clamped"
)]

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use super::super::error::CodecError;
use super::bits::BitReader;
use super::block;
use super::frame::Frame;
use super::layout::Layout;
use super::segments::{Part, Scan, Step, Walker};
use crate::pixel::mask::Mask;
use crate::pixel::picture::Picture;

/// The place in a block, row by row, of each place in zigzag order (ITU-T T.81 figure A.6).
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The samples of one component, filled up to whole MCUs.
struct Plane {
    width: usize,
    samples: Vec<u16>,
}

/// See [`super::decode`].
pub(super) fn decode(
    stream: &[u8],
    rows: u32,
    columns: u32,
) -> Result<(Picture, Option<bool>), CodecError> {
    let mut walker = Walker::new(stream)?;
    let mut planes: Vec<Plane> = Vec::new();
    let mut said = None;
    let basis = basis();
    loop {
        match walker.step()? {
            Step::Keep(segment) => said = transformed(segment).or(said),
            Step::Scan(scan) => {
                let frame = walker.frame().cloned().ok_or(NO_FRAME)?;
                if (frame.rows, frame.columns) != (rows, columns) {
                    return Err(CodecError::Malformed("the frame is of another size"));
                }
                if planes.is_empty() {
                    planes = self::planes(&frame);
                }
                read_scan(&mut walker, &frame, &scan, &basis, &mut planes)?;
            }
            Step::End => break,
        }
    }
    let frame = walker.frame().ok_or(NO_FRAME)?;
    let named = |id: u8| frame.components.iter().any(|c| c.id == id);
    let said = said.or((named(b'R') && named(b'G') && named(b'B')).then_some(false));
    Ok((picture(frame, &planes), said))
}

const NO_FRAME: CodecError = CodecError::Malformed("no frame header");

/// Whether a JFIF or Adobe segment says that colours are `YCbCr`.
fn transformed(segment: &[u8]) -> Option<bool> {
    match segment {
        [0xFF, 0xE0, ..] => Some(true),
        [
            0xFF,
            0xEE,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            transform,
            ..,
        ] => Some(*transform != 0),
        _ => None,
    }
}

/// Room for every component.
fn planes(frame: &Frame) -> Vec<Plane> {
    let (scale_x, scale_y) = frame.largest_factors();
    let components = frame.components.iter();
    components
        .map(|component| {
            let blocks = |size: u32, scale: u32, factor: u8| {
                size.div_ceil(8 * scale) as usize * usize::from(factor)
            };
            let width = blocks(frame.columns, scale_x, component.horizontal) * 8;
            let height = blocks(frame.rows, scale_y, component.vertical) * 8;
            Plane {
                width,
                samples: vec![0; width * height],
            }
        })
        .collect()
}

fn read_scan(
    walker: &mut Walker<'_>,
    frame: &Frame,
    scan: &Scan<'_>,
    basis: &[[f32; 8]; 8],
    planes: &mut [Plane],
) -> Result<(), CodecError> {
    let nothing = Mask::new(frame.rows, frame.columns, &[]);
    let mut layout = Layout::new(frame, scan, &nothing)?;
    let places = places(frame, scan);
    let mut bits = BitReader::default();
    let intervals = layout.intervals();
    let last = intervals.len() - 1;
    let mut mcu = 0;
    for (number, mcus) in intervals.enumerate() {
        let open = walker.interval(number, number == last, &mut bits)?;
        let mut before = [0; 4];
        for _ in 0..mcus {
            for ((at, _), place) in layout.next_mcu().zip(&places.units) {
                let part = &scan.parts[at];
                let coefficients = read_block(&mut bits, part, &mut before[at])?;
                let x = mcu % places.across * place.step_x + place.x;
                let y = mcu / places.across * place.step_y + place.y;
                if let Some(plane) = planes.get_mut(part.component) {
                    plane.put(x * 8, y * 8, &coefficients, basis, frame.precision);
                }
            }
            mcu += 1;
        }
        bits.finish(open)?;
    }
    Ok(())
}

/// Where the blocks of an MCU lie.
struct Places {
    /// MCUs in a row.
    across: usize,
    units: Vec<Place>,
}

struct Place {
    step_x: usize,
    step_y: usize,
    x: usize,
    y: usize,
}

/// In the order of [`Layout::next_mcu`].
fn places(frame: &Frame, scan: &Scan<'_>) -> Places {
    let (scale_x, _) = frame.largest_factors();
    let mut across = frame.columns.div_ceil(8 * scale_x) as usize;
    let mut units = Vec::new();
    for part in &scan.parts {
        let component = &frame.components[part.component];
        let (mut step_x, mut step_y) = (
            usize::from(component.horizontal),
            usize::from(component.vertical),
        );
        if scan.parts.len() == 1 {
            let samples = (frame.columns * u32::from(component.horizontal)).div_ceil(scale_x);
            across = samples.div_ceil(8) as usize;
            (step_x, step_y) = (1, 1);
        }
        for y in 0..step_y {
            units.extend((0..step_x).map(|x| Place {
                step_x,
                step_y,
                x,
                y,
            }));
        }
    }
    Places { across, units }
}

/// The coefficients of the next block, scaled, row by row.
fn read_block(
    bits: &mut BitReader,
    part: &Part,
    before: &mut i32,
) -> Result<[f32; 64], CodecError> {
    let mut block = [0.0; 64];
    let scaled = |value: i32, place: usize| value as f32 * f32::from(part.quantisation[place]);
    *before = block::next_dc(*before, block::read_dc(bits, &part.dc)?)?;
    block[0] = scaled(*before, 0);
    block::read_ac(bits, &part.ac, |ac| {
        let (size, coded) = (u32::from(ac.size), i32::from(ac.bits));
        let is_negative = coded >> (size - 1) == 0;
        let value = if is_negative {
            coded - (1 << size) + 1
        } else {
            coded
        };
        let place = usize::from(ac.place);
        if let Some(slot) = ZIGZAG.get(place).and_then(|at| block.get_mut(*at)) {
            *slot = scaled(value, place);
        }
    })?;
    Ok(block)
}

/// By frequency and place: the cosines of the transform.
fn basis() -> [[f32; 8]; 8] {
    let mut basis = [[0.0; 8]; 8];
    for (u, row) in basis.iter_mut().enumerate() {
        let scale = if u == 0 { FRAC_1_SQRT_2 } else { 1.0 } / 2.0;
        for (x, value) in row.iter_mut().enumerate() {
            *value = scale * ((2 * x + 1) as f32 * u as f32 * PI / 16.0).cos();
        }
    }
    basis
}

impl Plane {
    /// Puts the block whose first sample is at `x` and `y`.
    fn put(&mut self, x: usize, y: usize, block: &[f32; 64], basis: &[[f32; 8]; 8], bits: u8) {
        // Rows of coefficients first, columns then.
        let mut rows = [[0.0f32; 8]; 8];
        for (row, line) in rows.iter_mut().zip(block.as_chunks::<8>().0) {
            for (value, cosines) in line.iter().zip(basis).filter(|(value, _)| **value != 0.0) {
                for (sum, cosine) in row.iter_mut().zip(cosines) {
                    *sum += value * cosine;
                }
            }
        }
        let (middle, max) = ((1u32 << (bits - 1)) as f32, ((1u32 << bits) - 1) as f32);
        for down in 0..8 {
            let mut sums = [middle; 8];
            for (row, cosines) in rows.iter().zip(basis) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += value * cosines[down];
                }
            }
            let start = (y + down) * self.width + x;
            let line = self.samples.get_mut(start..start + 8).unwrap_or_default();
            for (slot, sum) in line.iter_mut().zip(sums) {
                *slot = sum.round().clamp(0.0, max) as u16;
            }
        }
    }
}

/// All components at full size, each sample repeated over the pixels that it stands for.
fn picture(frame: &Frame, planes: &[Plane]) -> Picture {
    let (scale_x, scale_y) = frame.largest_factors();
    let components = frame.components.len();
    let pixels = frame.rows as usize * frame.columns as usize;
    let mut samples = vec![0; pixels * components];
    for (at, (component, plane)) in frame.components.iter().zip(planes).enumerate() {
        let mut slots = samples.iter_mut().skip(at).step_by(components);
        for row in 0..frame.rows {
            let y = (row * u32::from(component.vertical) / scale_y) as usize;
            for (column, slot) in (0..frame.columns).zip(&mut slots) {
                let x = (column * u32::from(component.horizontal) / scale_x) as usize;
                *slot = plane
                    .samples
                    .get(y * plane.width + x)
                    .copied()
                    .unwrap_or_default();
            }
        }
    }
    Picture {
        rows: frame.rows,
        columns: frame.columns,
        components,
        precision: frame.precision,
        signed: false,
        samples,
    }
}
