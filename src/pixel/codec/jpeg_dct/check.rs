//! Compares two streams block by block.

use super::super::error::CodecError;
use super::bits::BitReader;
use super::block::{self, Ac};
use super::layout::Layout;
use super::segments::{Part, Scan, Step, Walker};
use crate::pixel::mask::Mask;

/// See [`super::check`].
pub(super) fn check(
    original: &[u8],
    written: &[u8],
    mask: &Mask,
    fill: [u16; 4],
) -> Result<(), CodecError> {
    let mut original = Walker::new(original)?;
    let mut written = Walker::new(written)?;
    loop {
        match (next(&mut original)?, next(&mut written)?) {
            ((before, Step::Scan(ours)), (after, Step::Scan(theirs))) if before == after => {
                Pair::new(&ours, &theirs)?.compare(&mut original, &mut written, mask, fill)?;
            }
            ((before, Step::End), (after, Step::End)) if before == after => break,
            _ => return Err(CodecError::Differs("other segments")),
        }
    }
    if !written.tidy() {
        return Err(CodecError::Differs("bytes that do not belong to the image"));
    }
    Ok(())
}

/// The segments up to the next scan or the end, and what comes then. Huffman tables may differ.
fn next<'a>(walker: &mut Walker<'a>) -> Result<(Vec<&'a [u8]>, Step<'a>), CodecError> {
    let mut segments = Vec::new();
    loop {
        match walker.step()? {
            Step::Keep(segment) if segment.get(1) == Some(&0xC4) => {}
            Step::Keep(segment) => segments.push(segment),
            other => return Ok((segments, other)),
        }
    }
}

/// The coefficients of a block that are not zero, but for the DC.
struct Coefficients {
    list: [Ac; 63],
    count: usize,
}

impl Coefficients {
    fn new() -> Coefficients {
        let list = [Ac::default(); 63];
        Coefficients { list, count: 0 }
    }

    fn read(&mut self, bits: &mut BitReader, part: &Part) -> Result<(), CodecError> {
        self.count = 0;
        block::read_ac(bits, &part.ac, |ac| {
            if let Some(slot) = self.list.get_mut(self.count) {
                *slot = ac;
                self.count += 1;
            }
        })
    }

    fn list(&self) -> &[Ac] {
        self.list.get(..self.count).unwrap_or_default()
    }
}

/// One of the two streams, within a scan.
struct Side<'s> {
    scan: &'s Scan<'s>,
    bits: BitReader,
    /// The last DC of each component of the scan.
    dc: [i32; 4],
    ac: Coefficients,
}

impl<'s> Side<'s> {
    fn new(scan: &'s Scan<'_>) -> Side<'s> {
        Side {
            scan,
            bits: BitReader::default(),
            dc: [0; 4],
            ac: Coefficients::new(),
        }
    }

    /// Loads the next restart interval; says whether no marker ended it.
    fn enter(
        &mut self,
        walker: &mut Walker<'_>,
        number: usize,
        last: bool,
    ) -> Result<bool, CodecError> {
        self.dc = [0; 4];
        walker.interval(number, last, &mut self.bits)
    }

    #[inline]
    fn read_dc(&mut self, at: usize) -> Result<i32, CodecError> {
        let difference = block::read_dc(&mut self.bits, &self.scan.parts[at].dc)?;
        self.dc[at] = block::next_dc(self.dc[at], difference)?;
        Ok(self.dc[at])
    }

    fn read_ac(&mut self, at: usize) -> Result<&[Ac], CodecError> {
        self.ac.read(&mut self.bits, &self.scan.parts[at])?;
        Ok(self.ac.list())
    }

    /// Takes the AC without keeping them. Not by the shortcut that writing takes, so that a fault there is found here.
    #[inline]
    fn pass_ac(&mut self, at: usize) -> Result<(), CodecError> {
        block::read_ac(&mut self.bits, &self.scan.parts[at].ac, |_| {})
    }
}

/// The same scan in both streams.
struct Pair<'s> {
    original: Side<'s>,
    written: Side<'s>,
    /// Whether the Huffman table of the AC of each component has the same words, so that the same bits are the same
    /// coefficients.
    same_words: [bool; 4],
    /// The DC of the blanked blocks of each component.
    blank: [Option<i32>; 4],
}

impl<'s> Pair<'s> {
    /// Fails if the scans have other components or restart intervals.
    fn new(original: &'s Scan<'_>, written: &'s Scan<'_>) -> Result<Pair<'s>, CodecError> {
        if original.segment != written.segment || original.restart != written.restart {
            return Err(CodecError::Differs("another scan"));
        }
        let mut same_words = [false; 4];
        let parts = original.parts.iter().zip(&written.parts);
        for (same, (ours, theirs)) in same_words.iter_mut().zip(parts) {
            *same = theirs.ac.code().contains(ours.ac.code());
        }
        Ok(Pair {
            original: Side::new(original),
            written: Side::new(written),
            same_words,
            blank: [None; 4],
        })
    }

    fn compare(
        mut self,
        original: &mut Walker<'_>,
        written: &mut Walker<'_>,
        mask: &Mask,
        fill: [u16; 4],
    ) -> Result<(), CodecError> {
        let frame = original.frame();
        let frame = frame.ok_or(CodecError::Malformed("no frame header"))?;
        let precision = frame.precision;
        let mut layout = Layout::new(frame, self.original.scan, mask)?;
        let intervals = layout.intervals();
        let last = intervals.len() - 1;
        for (number, mcus) in intervals.enumerate() {
            let open = self.original.enter(original, number, number == last)?;
            self.written.enter(written, number, number == last)?;
            for _ in 0..mcus {
                for (at, blanked) in layout.next_mcu() {
                    self.compare_block(at, blanked)?;
                }
            }
            self.original.bits.finish(open)?;
            if !self.written.bits.finish(false)? {
                return Err(CodecError::Differs("bits that do not belong to the image"));
            }
        }
        for (part, dc) in self.original.scan.parts.iter().zip(self.blank) {
            let step = i64::from(part.quantisation[0]);
            if dc.is_some_and(|dc| !shows(dc, step, fill[part.component], precision)) {
                return Err(CodecError::Differs("a block blank with another value"));
            }
        }
        Ok(())
    }

    /// Compares the next block, which is one of the component at this place in the scan.
    #[inline]
    fn compare_block(&mut self, at: usize, blanked: bool) -> Result<(), CodecError> {
        let (ours, theirs) = (&mut self.original, &mut self.written);
        let (dc, their_dc) = (ours.read_dc(at)?, theirs.read_dc(at)?);
        let start = ours.bits.position();
        if blanked {
            ours.pass_ac(at)?;
            let no_ac = theirs.read_ac(at)?.is_empty();
            if !no_ac || *self.blank[at].get_or_insert(their_dc) != their_dc {
                return Err(CodecError::Differs("a block that is not blank"));
            }
            return Ok(());
        }
        let mut same_ac = false;
        if self.same_words[at] {
            ours.pass_ac(at)?;
            same_ac = theirs.bits.take_same(&ours.bits, start);
        }
        if !same_ac {
            ours.bits.seek(start);
            same_ac = ours.read_ac(at)? == theirs.read_ac(at)?;
        }
        if dc != their_dc || !same_ac {
            return Err(CodecError::Differs("a block outside the mask"));
        }
        Ok(())
    }
}

/// Whether a block of this DC shows as `fill`, or as near as the quantisation allows.
fn shows(dc: i32, step: i64, fill: u16, precision: u8) -> bool {
    let max = (1i64 << precision) - 1;
    let fill = i64::from(fill).min(max);
    let half = 1i64 << (precision - 1);
    let eighths = i64::from(dc) * step + half * 8;
    let sample = (eighths + 4).div_euclid(8).clamp(0, max);
    if fill == 0 || fill == max {
        return sample == fill;
    }
    (eighths - fill * 8).abs() * 2 <= step
}
