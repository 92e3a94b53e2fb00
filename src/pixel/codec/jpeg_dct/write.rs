//! Writes a stream again with blocks blanked.

use std::ops::Range;

use super::super::error::CodecError;
use super::bits::{BitReader, BitWriter};
use super::block::{self, Ac, END_OF_BLOCK, SIXTEEN_ZEROS};
use super::frame::Frame;
use super::huffman::Encoder;
use super::layout::Layout;
use super::segments::{Part, Scan, Step, Walker};
use crate::pixel::mask::Mask;

/// See [`super::blank`].
pub(super) fn blank(stream: &[u8], mask: &Mask, fill: [u16; 4]) -> Result<Vec<u8>, CodecError> {
    let mut walker = Walker::new(stream)?;
    let mut out = Vec::with_capacity(stream.len() + 256);
    out.extend_from_slice(&[0xFF, 0xD8]);
    loop {
        match walker.step()? {
            Step::Keep(segment) => out.extend_from_slice(segment),
            Step::Scan(scan) => write_scan(&mut walker, &scan, mask, fill, &mut out)?,
            Step::End => break,
        }
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    Ok(out)
}

/// Writes a scan with the Huffman tables it needs. They stay for the scans behind it, which either need them too, as
/// the mask meets every component, or can be read with them.
fn write_scan(
    walker: &mut Walker<'_>,
    scan: &Scan<'_>,
    mask: &Mask,
    fill: [u16; 4],
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    let frame = walker.frame();
    let frame = frame.ok_or(CodecError::Malformed("no frame header"))?;
    let mut layout = Layout::new(frame, scan, mask)?;
    let mut coder = Coder::new(frame, scan, mask, fill)?;
    let mut bits = BitReader::default();
    let mut data = Vec::new();
    let intervals = layout.intervals();
    let last = intervals.len() - 1;
    for (number, mcus) in intervals.enumerate() {
        let open = walker.interval(number, number == last, &mut bits)?;
        let (mut read, mut written) = ([0; 4], [0; 4]);
        for _ in 0..mcus {
            for (at, blanked) in layout.next_mcu() {
                let part = &scan.parts[at];
                let start = bits.position();
                let difference = block::read_dc(&mut bits, &part.dc)?;
                read[at] = block::next_dc(read[at], difference)?;
                let dc = if blanked { coder.fill[at] } else { read[at] };
                let change = dc - written[at];
                if !blanked && change == difference && !coder.dc(part)?.moved() {
                    coder.copy(start..bits.position(), &bits);
                } else {
                    coder.put_dc(part, change, &bits)?;
                }
                if blanked {
                    block::skip_ac(&mut bits, &part.ac)?;
                    coder.put_ac(part, END_OF_BLOCK, 0, &bits)?;
                } else {
                    coder.keep_ac(part, &mut bits)?;
                }
                written[at] = dc;
            }
        }
        bits.finish(open)?;
        coder.finish(&bits, &mut data);
        if number != last {
            data.extend_from_slice(&[0xFF, 0xD0 + (number % 8) as u8]);
        }
    }
    coder.write_tables(out);
    out.extend_from_slice(scan.segment);
    out.append(&mut data);
    Ok(())
}

/// Writes the entropy-coded data of a scan. What stays as it was is collected into long runs of bits.
struct Coder {
    /// The DC of a blanked block of each component of the scan.
    fill: [i32; 4],
    /// By the number of the table.
    dc: [Option<Encoder>; 4],
    ac: [Option<Encoder>; 4],
    out: BitWriter,
    /// Bits to copy before anything else is written.
    run: Range<usize>,
}

impl Coder {
    fn new(
        frame: &Frame,
        scan: &Scan<'_>,
        mask: &Mask,
        fill: [u16; 4],
    ) -> Result<Coder, CodecError> {
        let mut coder = Coder {
            fill: [0; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            out: BitWriter::default(),
            run: 0..0,
        };
        // Differences of DC have up to three bits more than samples, and a sign.
        let sizes = if mask.is_empty() {
            0
        } else {
            frame.precision + 4
        };
        let ends = u8::from(!mask.is_empty());
        for (at, part) in scan.parts.iter().enumerate() {
            let step = i32::from(part.quantisation[0]);
            coder.fill[at] = fill_dc(fill[part.component], frame.precision, step);
            if coder.dc[part.dc_place].is_none() {
                let encoder = Encoder::new(part.dc.code(), 0..sizes)?;
                coder.dc[part.dc_place] = Some(encoder);
            }
            if coder.ac[part.ac_place].is_none() {
                let encoder = Encoder::new(part.ac.code(), END_OF_BLOCK..ends)?;
                coder.ac[part.ac_place] = Some(encoder);
            }
        }
        Ok(coder)
    }

    fn dc(&mut self, part: &Part) -> Result<&mut Encoder, CodecError> {
        self.dc[part.dc_place].as_mut().ok_or(NO_WORD)
    }

    fn ac(&mut self, part: &Part) -> Result<&mut Encoder, CodecError> {
        self.ac[part.ac_place].as_mut().ok_or(NO_WORD)
    }

    /// Bits that stay as they were.
    #[inline]
    fn copy(&mut self, range: Range<usize>, bits: &BitReader) {
        if range.start != self.run.end {
            self.flush(bits);
            self.run.start = range.start;
        }
        self.run.end = range.end;
    }

    fn flush(&mut self, bits: &BitReader) {
        self.out.copy(bits, self.run.start, self.run.end);
        self.run = 0..0;
    }

    fn put_dc(&mut self, part: &Part, change: i32, bits: &BitReader) -> Result<(), CodecError> {
        let (size, value) = block::dc_bits(change);
        let (word, length) = self.dc(part)?.word(size).ok_or(NO_WORD)?;
        self.flush(bits);
        self.out.put(u32::from(word), usize::from(length));
        self.out.put(value, usize::from(size));
        Ok(())
    }

    /// Writes an AC word, and the low bits of `value` that it announces.
    fn put_ac(
        &mut self,
        part: &Part,
        symbol: u8,
        value: u16,
        bits: &BitReader,
    ) -> Result<(), CodecError> {
        let (word, length) = self.ac(part)?.word(symbol).ok_or(NO_WORD)?;
        self.flush(bits);
        self.out.put(u32::from(word), usize::from(length));
        self.out.put(u32::from(value), usize::from(symbol & 15));
        Ok(())
    }

    /// Takes over the AC coefficients of a block, as bits if the table allows it.
    #[inline]
    fn keep_ac(&mut self, part: &Part, bits: &mut BitReader) -> Result<(), CodecError> {
        if self.ac(part)?.moved() {
            return self.recode_ac(part, bits);
        }
        let start = bits.position();
        block::skip_ac(bits, &part.ac)?;
        self.copy(start..bits.position(), bits);
        Ok(())
    }

    fn recode_ac(&mut self, part: &Part, bits: &mut BitReader) -> Result<(), CodecError> {
        let mut kept = Vec::with_capacity(63);
        block::read_ac(bits, &part.ac, |ac: Ac| kept.push(ac))?;
        let mut place = 0;
        for ac in kept {
            let mut zeros = ac.place - place - 1;
            while zeros > 15 {
                self.put_ac(part, SIXTEEN_ZEROS, 0, bits)?;
                zeros -= 16;
            }
            self.put_ac(part, zeros << 4 | ac.size, ac.bits, bits)?;
            place = ac.place;
        }
        if place < 63 {
            self.put_ac(part, END_OF_BLOCK, 0, bits)?;
        }
        Ok(())
    }

    /// Ends a restart interval.
    fn finish(&mut self, bits: &BitReader, data: &mut Vec<u8>) {
        self.flush(bits);
        self.out.finish(data);
    }

    /// Writes the Huffman tables that are needed instead of those that were read.
    fn write_tables(&self, out: &mut Vec<u8>) {
        for (class, encoders) in [(0x00, &self.dc), (0x10, &self.ac)] {
            for (place, encoder) in (0..4u8).zip(encoders) {
                if let Some(code) = encoder.as_ref().and_then(Encoder::replacement) {
                    out.extend(code.segment(class | place));
                }
            }
        }
    }
}

const NO_WORD: CodecError = CodecError::Unsupported("a dc difference of too many bits");

/// The quantised DC of a block that is all `fill`. The extremes are passed rather than missed: decoders clamp.
fn fill_dc(fill: u16, precision: u8, step: i32) -> i32 {
    let max = (1 << precision) - 1;
    let half = 1 << (precision - 1);
    let fill = i32::from(fill);
    let dc = if fill == 0 {
        -(half * 8 + step - 1) / step
    } else if fill >= max {
        (half * 8 + step - 1) / step
    } else {
        ((fill - half) * 16 + step).div_euclid(step * 2)
    };
    dc.clamp(-half * 8, half * 8 - 1)
}
