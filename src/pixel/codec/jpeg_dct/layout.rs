//! Which block comes when in a scan, and which of them touch the mask (ITU-T T.81 section A.2).

use std::ops::Range;

use super::super::error::CodecError;
use super::frame::Frame;
use super::segments::Scan;
use crate::pixel::mask::Mask;

/// The order of the blocks of a scan.
pub(super) struct Layout<'m> {
    mask: &'m Mask,
    /// The blocks of one MCU.
    units: Vec<Unit>,
    /// MCUs in a row of them, and rows.
    across: u32,
    down: u32,
    /// MCUs in a restart interval.
    interval: usize,
    /// For each MCU of the row being read, for each of its blocks, whether it is blanked.
    flags: Vec<bool>,
    /// The next row of MCUs, and the next MCU in the row before that.
    next_row: u32,
    next: usize,
}

/// A place for a block in an MCU.
struct Unit {
    /// The place of its component in the scan.
    part: usize,
    x: Axis,
    y: Axis,
}

/// Blocks and pixels in one direction.
struct Axis {
    /// How many blocks an MCU has of this component, and which of them this is.
    step: u32,
    offset: u32,
    /// The last block that has pixels in it. Those behind only fill the MCU.
    last: u32,
    /// Pixels of the frame.
    size: u32,
    /// Pixels that a sample covers: `scale` / `factor` of them.
    scale: u32,
    factor: u32,
}

impl Axis {
    /// How many samples a component has.
    fn samples(size: u32, factor: u8, scale: u32) -> u32 {
        (size * u32::from(factor)).div_ceil(scale)
    }

    /// The pixels that the block shows in this MCU. Filling repeats what stands at the edge, so it counts as the last
    /// block that has pixels.
    fn pixels(&self, mcu: u32) -> Range<u32> {
        let block = (mcu * self.step + self.offset).min(self.last);
        let start = block * 8 * self.scale / self.factor;
        let end = ((block + 1) * 8 * self.scale).div_ceil(self.factor);
        start..end.min(self.size)
    }
}

impl<'m> Layout<'m> {
    /// The blocks of this scan. The mask must have the size of the frame.
    pub(super) fn new(
        frame: &Frame,
        scan: &Scan<'_>,
        mask: &'m Mask,
    ) -> Result<Layout<'m>, CodecError> {
        if (frame.rows, frame.columns) != (mask.rows(), mask.columns()) {
            return Err(CodecError::Malformed("the frame is of another size"));
        }
        let (scale_x, scale_y) = frame.largest_factors();
        let interleaved = scan.parts.len() > 1;
        let (mut across, mut down) = (
            frame.columns.div_ceil(8 * scale_x),
            frame.rows.div_ceil(8 * scale_y),
        );
        let mut units = Vec::new();
        for (part, of) in scan.parts.iter().enumerate() {
            let component = &frame.components[of.component];
            let axis = |size, factor, scale, offset| Axis {
                step: if interleaved { u32::from(factor) } else { 1 },
                offset,
                last: Axis::samples(size, factor, scale).div_ceil(8) - 1,
                size,
                scale,
                factor: u32::from(factor),
            };
            let x = |offset| axis(frame.columns, component.horizontal, scale_x, offset);
            let y = |offset| axis(frame.rows, component.vertical, scale_y, offset);
            if !interleaved {
                (across, down) = (x(0).last + 1, y(0).last + 1);
            }
            for v in 0..y(0).step {
                units.extend((0..x(0).step).map(|h| Unit {
                    part,
                    x: x(h),
                    y: y(v),
                }));
            }
        }
        Ok(Layout {
            mask,
            units,
            across,
            down,
            interval: scan.restart,
            flags: Vec::new(),
            next_row: 0,
            next: 0,
        })
    }

    /// How many MCUs each restart interval has.
    pub(super) fn intervals(&self) -> impl ExactSizeIterator<Item = usize> + use<> {
        let total = self.across as usize * self.down as usize;
        let interval = if self.interval == 0 {
            total
        } else {
            self.interval
        };
        (0..total.div_ceil(interval)).map(move |at| interval.min(total - at * interval))
    }

    /// The blocks of the next MCU: the place of its component in the scan, and whether it is blanked.
    #[inline]
    pub(super) fn next_mcu(&mut self) -> impl Iterator<Item = (usize, bool)> {
        if self.next == self.flags.len() {
            self.enter_row();
        }
        let start = self.next;
        self.next += self.units.len();
        let flags = self.flags.get(start..self.next).unwrap_or_default();
        let parts = self.units.iter().map(|unit| unit.part);
        parts.zip(flags.iter().copied())
    }

    fn enter_row(&mut self) {
        let count = self.units.len();
        self.flags.clear();
        self.flags.resize(self.across as usize * count, false);
        for (at, unit) in self.units.iter().enumerate() {
            let rows = unit.y.pixels(self.next_row);
            if !self.mask.touches(rows.clone(), 0..self.mask.columns()) {
                continue;
            }
            let flags = self.flags.iter_mut().skip(at).step_by(count);
            for (mcu, flag) in (0..self.across).zip(flags) {
                *flag = self.mask.touches(rows.clone(), unit.x.pixels(mcu));
            }
        }
        self.next_row += 1;
        self.next = 0;
    }
}
