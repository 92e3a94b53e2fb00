//! What colour a frame is on the whole.

use super::super::error::CodecError;
use super::bits::BitReader;
use super::block;
use super::layout::Layout;
use super::segments::{Scan, Step, Walker};
use crate::pixel::mask::Mask;

/// The DCs of one component.
#[derive(Clone, Copy, Default)]
struct Sum {
    /// Their sum, in units of an eighth of a sample value, from the middle of the range.
    eighths: i64,
    blocks: i64,
}

/// See [`super::mean`].
pub(super) fn mean(stream: &[u8], mask: &Mask) -> Result<[u16; 4], CodecError> {
    let mut walker = Walker::new(stream)?;
    let mut sums = [Sum::default(); 4];
    loop {
        match walker.step()? {
            Step::Keep(_) => {}
            Step::Scan(scan) => add_scan(&mut walker, &scan, mask, &mut sums)?,
            Step::End => break,
        }
    }
    let frame = walker.frame();
    let frame = frame.ok_or(CodecError::Malformed("no frame header"))?;
    let (half, max) = (1i64 << (frame.precision - 1), (1i64 << frame.precision) - 1);
    let mut means = [0; 4];
    for ((mean, sum), _) in means.iter_mut().zip(sums).zip(&frame.components) {
        let eighths = sum.blocks * 8;
        let above = (2 * sum.eighths + eighths).checked_div_euclid(2 * eighths);
        let value = (half + above.unwrap_or(0)).clamp(0, max);
        *mean = u16::try_from(value).unwrap_or(u16::MAX);
    }
    Ok(means)
}

fn add_scan(
    walker: &mut Walker<'_>,
    scan: &Scan<'_>,
    mask: &Mask,
    sums: &mut [Sum; 4],
) -> Result<(), CodecError> {
    let frame = walker.frame();
    let frame = frame.ok_or(CodecError::Malformed("no frame header"))?;
    let mut layout = Layout::new(frame, scan, mask)?;
    let mut bits = BitReader::default();
    let intervals = layout.intervals();
    let last = intervals.len() - 1;
    for (number, mcus) in intervals.enumerate() {
        let open = walker.interval(number, number == last, &mut bits)?;
        let mut before = [0; 4];
        for _ in 0..mcus {
            for (at, blanked) in layout.next_mcu() {
                let part = &scan.parts[at];
                let difference = block::read_dc(&mut bits, &part.dc)?;
                before[at] = block::next_dc(before[at], difference)?;
                block::skip_ac(&mut bits, &part.ac)?;
                if !blanked {
                    let sum = &mut sums[part.component];
                    sum.eighths += i64::from(before[at]) * i64::from(part.quantisation[0]);
                    sum.blocks += 1;
                }
            }
        }
        bits.finish(open)?;
    }
    Ok(())
}
