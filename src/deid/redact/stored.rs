//! The stored samples of one frame, for showing what is burned in and what became of it.

use super::native::{Value, layout};
use super::{Image, geometry, is_pixel_data, look};
use crate::deid::pixels::frames::Frames;
use crate::deid::refusal::Refusal;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::{Instance, Tag};
use crate::pixel::codec::error::CodecError;
use crate::pixel::codec::{Unpacked, unpack};
use crate::pixel::geometry::Geometry;

/// Most pixels of a frame that is unpacked.
const MOST_PIXELS: u64 = 1 << 28;

/// The frames of an instance, to be unpacked one by one.
pub(in crate::deid) struct StoredFrames<'a> {
    instance: &'a Instance<'a>,
    image: Image,
    element: &'a Element,
    /// Where encapsulated ones are.
    encapsulated: Option<Frames>,
    /// The lowest bit of a sample's value.
    lowest: u32,
}

impl<'a> StoredFrames<'a> {
    /// The frames of an instance; `None` when there is no pixel data.
    ///
    /// # Errors
    /// Pixel data that is not there, or of a kind for which there is no decoder.
    pub(in crate::deid) fn of(
        instance: &'a Instance<'a>,
    ) -> Result<Option<StoredFrames<'a>>, Refusal> {
        let mut found = instance.tape.top_level();
        let Some((_, element)) = found.find(|(_, element)| is_pixel_data(element.tag)) else {
            return Ok(None);
        };
        let image = Image::of(instance, element)?;
        if image.geometry.pixels() > MOST_PIXELS {
            return Err(Refusal::quarantine(
                "frame-size",
                "a frame has more pixels than a picture can show",
            ));
        }
        let encapsulated = if element.flags.has(Flags::FRAGMENTS) {
            let none =
                || Refusal::quarantine("codec", "no frame of this transfer syntax can be decoded");
            Some(Frames::of(instance)?.ok_or_else(none)?)
        } else {
            None
        };
        let bits_stored = u32::from(image.bits_stored).clamp(1, 64);
        let high = instance
            .tape
            .find_u16(super::HIGH_BIT, instance.syntax.encoding)
            .filter(|_| element.tag == Tag::PIXEL_DATA);
        let lowest = high.map_or(0, |high| (u32::from(high) + 1).saturating_sub(bits_stored));
        Ok(Some(StoredFrames {
            instance,
            image,
            element,
            encapsulated,
            lowest: lowest.min(63),
        }))
    }

    /// The image that the header describes.
    pub(in crate::deid) fn geometry(&self) -> &Geometry {
        &self.image.geometry
    }

    /// Unpacks one frame, counted from 0; `None` when there is no such frame.
    ///
    /// # Errors
    /// A damaged frame, or one for which there is no decoder.
    pub(in crate::deid) fn frame(&self, frame: u32) -> Result<Option<StoredFrame>, Refusal> {
        let image = &self.image;
        let geometry = image.geometry;
        if frame >= geometry.frames {
            return Ok(None);
        }
        let unpacked = match &self.encapsulated {
            Some(frames) => {
                let bytes = frames.read(self.instance, frame as usize)?;
                unpack(frames.family, &geometry, image.is_planar, bytes).map_err(not_decoded)?
            }
            None => native(self.instance, image, self.element, frame)?,
        };
        Ok(Some(StoredFrame {
            geometry,
            bits_stored: u32::from(image.bits_stored).clamp(1, 64),
            is_signed: image.is_signed,
            is_float: image.is_float,
            unpacked,
            lowest: self.lowest,
        }))
    }
}

/// The stored samples of one frame.
#[derive(Debug)]
pub struct StoredFrame {
    /// What the header says of the image.
    pub geometry: Geometry,
    /// Bits Stored (0028,0101), 1 to 64.
    pub bits_stored: u32,
    /// Pixel Representation (0028,0103) says two's complement.
    pub is_signed: bool,
    /// Whether samples are of floating point: Float or Double Float Pixel Data.
    pub is_float: bool,
    unpacked: Unpacked,
    /// The lowest bit of a sample's value.
    lowest: u32,
}

impl StoredFrame {
    /// Unpacks one frame, counted from 0. `None` when there is no pixel data, or no such frame.
    ///
    /// # Errors
    /// Pixel data that is not there, damaged, or of a kind for which there is no decoder.
    pub fn of(instance: &Instance<'_>, frame: u32) -> Result<Option<StoredFrame>, Refusal> {
        match StoredFrames::of(instance)? {
            Some(frames) => frames.frame(frame),
            None => Ok(None),
        }
    }

    /// Number of Frames (0028,0008); `None` when there is no pixel data.
    pub fn count(instance: &Instance<'_>) -> Result<Option<u32>, Refusal> {
        let mut found = instance.tape.top_level();
        match found.find(|(_, element)| is_pixel_data(element.tag)) {
            Some((_, element)) => Ok(Some(geometry(instance, element.tag)?.frames)),
            None => Ok(None),
        }
    }

    /// The values of the first component, row by row.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        let columns = u32::from(self.geometry.columns);
        (0..u32::from(self.geometry.rows))
            .flat_map(move |row| (0..columns).map(move |column| self.value(row, column, 0)))
    }

    /// The value of a sample; zero outside the frame.
    #[allow(
        clippy::cast_precision_loss,
        reason = "shades of more than 53 bits cannot be told apart"
    )]
    pub fn value(&self, row: u32, column: u32, component: u32) -> f64 {
        let pattern = self.unpacked.sample(row, column, component);
        match (self.is_float, self.geometry.bits_allocated) {
            (true, 32) => f64::from(f32::from_bits(pattern as u32)),
            (true, _) => f64::from_bits(pattern),
            (false, _) => {
                // The highest stored bit to the top; the shift back repeats the sign.
                let above = 64 - self.bits_stored;
                let top = pattern >> self.lowest << above;
                if self.is_signed {
                    (top.cast_signed() >> above) as f64
                } else {
                    (top >> above) as f64
                }
            }
        }
    }

    /// Whether colours are `YCbCr` by what the codestream itself says, if it says anything.
    pub fn is_ycbcr(&self) -> Option<bool> {
        self.unpacked.is_ycbcr
    }

    /// Photometric Interpretation (0028,0004) of the instance; empty when absent.
    pub fn photometric<'a>(instance: &'a Instance<'_>) -> &'a str {
        look::photometric(instance)
    }
}

/// One frame of native pixel data, as if it stood alone.
fn native(
    instance: &Instance<'_>,
    image: &Image,
    element: &Element,
    frame: u32,
) -> Result<Unpacked, Refusal> {
    let value = Value::of(instance, element);
    let mut layout = layout(instance, image, element, value.len);
    let period = layout.period().map_err(|_| {
        Refusal::quarantine("pixel-encoding", "the pixel data is laid out unlawfully")
    })?;
    let unit = if layout.bits_allocated == 1 { 1 } else { 8 };
    // In bits: frames of one-bit samples begin anywhere in a byte (PS3.5 section 8.1.1).
    let start = u64::from(frame) * period * unit;
    let end = start + period * unit;
    let swapped = layout.big_endian && layout.is_words && layout.bits_allocated <= 8;
    let step = if swapped { 2 } else { 1 };
    let from = start / 8 / step * step;
    let to = end.div_ceil(8).next_multiple_of(step).min(value.len);
    let mut bytes = value.read(from, to.saturating_sub(from) as usize)?;
    if swapped {
        for word in bytes.as_chunks_mut::<2>().0 {
            word.swap(0, 1);
        }
        layout.is_words = false;
    }
    bytes.drain(..((start / 8 - from) as usize).min(bytes.len()));
    let shift = (start % 8) as u32;
    if shift > 0 {
        for at in 0..bytes.len() {
            let next = bytes.get(at + 1).copied().unwrap_or_default();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = *byte >> shift | next << (8 - shift);
            }
        }
    }
    Ok(Unpacked::native(bytes, layout))
}

fn not_decoded(error: CodecError) -> Refusal {
    match error {
        CodecError::Unsupported(_) => {
            Refusal::quarantine("codec", "there is no decoder for this kind of frame")
        }
        _ => Refusal::quarantine("broken-codestream", "the frame cannot be decoded"),
    }
}
