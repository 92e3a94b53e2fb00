//! Binary values whose length other attributes state: what lies behind it is no sample and no table entry.

use crate::dicom::tape::{Element, ROOT, Tape};
use crate::dicom::{Encoding, Tag};

const NUMBER_OF_WAVEFORM_CHANNELS: Tag = Tag(0x003A_0005);
const NUMBER_OF_WAVEFORM_SAMPLES: Tag = Tag(0x003A_0010);
const WAVEFORM_BITS_ALLOCATED: Tag = Tag(0x5400_1004);
const WAVEFORM_DATA: Tag = Tag(0x5400_1010);
/// Longest Waveform Padding Value, in bytes: one sample.
const MAX_SAMPLE: usize = 8;

/// The most bytes that a value may have, padding included; `None` when nothing states it.
pub fn max_len(tape: &Tape, element: &Element, encoding: Encoding) -> Option<usize> {
    let u16_of = |tag| {
        let value = tape.value(sibling(tape, element, tag)?);
        Some(usize::from(encoding.u16(*value.first_chunk()?)))
    };
    let u32_of = |tag| {
        let value = tape.value(sibling(tape, element, tag)?);
        Some(encoding.u32(*value.first_chunk()?) as usize)
    };
    let table = |descriptor| {
        // No entries stand for 65,536 (PS3.3 section C.11.1.1.1); an entry has two bytes at the most.
        let entries = u16_of(descriptor)?;
        Some(if entries == 0 { 1 << 16 } else { entries } * 2)
    };
    let len = match element.tag {
        WAVEFORM_DATA => {
            let channels = u16_of(NUMBER_OF_WAVEFORM_CHANNELS)?;
            let samples = u32_of(NUMBER_OF_WAVEFORM_SAMPLES)?;
            let bytes = u16_of(WAVEFORM_BITS_ALLOCATED)?.div_ceil(8);
            channels.checked_mul(samples)?.checked_mul(bytes)?
        }
        // Channel Minimum, Channel Maximum, Waveform Padding Value.
        Tag(0x5400_0110 | 0x5400_0112 | 0x5400_100A) => MAX_SAMPLE,
        Tag(tag @ 0x0028_1201..=0x0028_1204) => table(Tag(tag - 0x100))?,
        Tag(0x0028_3006) => table(Tag(0x0028_3002))?,
        _ => return None,
    };
    Some(len.next_multiple_of(2))
}

fn sibling<'t>(tape: &'t Tape, element: &Element, tag: Tag) -> Option<&'t Element> {
    if element.parent == ROOT {
        return tape.find(tag);
    }
    let mut siblings = tape.children(element.parent as usize);
    siblings.find(|(_, e)| e.tag == tag).map(|(_, e)| e)
}
