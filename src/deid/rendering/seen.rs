//! A frame as the search for text is given it.

use std::ops::RangeInclusive;

use super::attributes::text;
use super::colour::{Colours, colours};
use super::grey;
use crate::deid::redact::StoredFrame;
use crate::dicom::{Instance, Tag};
use crate::pixel::detect::{Grey, Pixels, Samples, Seen};

const PIXEL_PADDING_VALUE: Tag = Tag(0x0028_0120);
const PIXEL_PADDING_RANGE_LIMIT: Tag = Tag(0x0028_0121);
const PRESENTATION_LUT_SHAPE: Tag = Tag(0x2050_0020);

/// A frame as the search for text is given it; `None` when nothing says what a sample stands for.
pub(in crate::deid) fn seen(
    instance: &Instance<'_>,
    frame: u32,
    stored: &StoredFrame,
) -> Option<Seen> {
    let pixels = match colours(instance, stored) {
        Colours::Rgb(pixels) => Pixels::Rgb(pixels),
        Colours::Grey => Pixels::Grey(Grey {
            samples: samples(stored),
            windows: grey::windows(instance, frame, stored),
            inverted: StoredFrame::photometric(instance) == "MONOCHROME1"
                || text(instance, frame, PRESENTATION_LUT_SHAPE) == Some("INVERSE"),
            padding: padding(instance, stored.is_signed),
        }),
        Colours::Unknown | Colours::NoPalette => return None,
    };
    Some(Seen {
        rows: stored.geometry.rows.into(),
        columns: stored.geometry.columns.into(),
        pixels,
    })
}

fn samples(stored: &StoredFrame) -> Samples {
    let bits = stored.bits_stored + u32::from(!stored.is_signed);
    if stored.is_float || bits > 32 {
        Samples::Floats(stored.values().map(|value| value as f32).collect())
    } else {
        Samples::Integers(stored.values().map(|value| value as i32).collect())
    }
}

/// Values that are no image (PS3.3 section C.7.5.1.1.2).
fn padding(instance: &Instance<'_>, is_signed: bool) -> Option<RangeInclusive<i32>> {
    let number = |tag| -> Option<i32> {
        let value = instance.tape.find_u16(tag, instance.syntax.encoding)?;
        Some(if is_signed {
            i32::from(value.cast_signed())
        } else {
            i32::from(value)
        })
    };
    let value = number(PIXEL_PADDING_VALUE)?;
    let limit = number(PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some(value.min(limit)..=value.max(limit))
}
