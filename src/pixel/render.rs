//! One frame as a viewer would show it: modality LUT, then the first VOI window or LUT, MONOCHROME1 inverted, colour
//! as RGB, a palette looked up (PS3.3 C.7.6.3 and C.11; PS3.4 N.2).

use std::fs::OpenOptions;
use std::io::{self, Read, Seek as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use dicom_dictionary_std::tags;
use dicom_object::DefaultDicomObject;
use dicom_pixeldata::{DecodedPixelData, PixelDecoder};
use image::{DynamicImage, ImageFormat, RgbImage};
use thiserror::Error;

use super::codestream::{Family, family};

/// How every PNG file begins (ISO/IEC 15948, 5.2).
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Why a frame cannot be shown. What the decoder itself said is withheld: it may quote the file.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The file cannot be read as DICOM.
    #[error("the file cannot be read as DICOM\nhelp: `samar deid --dry-run` names the reason")]
    Unreadable,
    /// There is no Pixel Data (7FE0,0010).
    #[error("the file has no `PixelData`\nhelp: name a file that holds an image")]
    NoPixelData,
    /// There are fewer frames.
    #[error(
        "the file has {frames} frame(s), so that there is no frame {frame}\nhelp: frames count from 0"
    )]
    NoSuchFrame {
        /// The frame asked for, from 0.
        frame: u32,
        /// Frames there are.
        frames: u32,
    },
    /// No decoder for this family of transfer syntaxes, or for its depth, is built in.
    #[error(
        "no decoder for this kind of {0:?} data is built in\nhelp: convert a copy to an uncompressed transfer syntax"
    )]
    NoDecoder(Family),
    /// The decoder failed.
    #[error("the frame cannot be decoded\nhelp: check the file with another viewer")]
    Undecodable,
    /// The decoded samples do not make an image that samar can show.
    #[error("the frame has a photometric interpretation or depth that cannot be shown")]
    NotShowable,
    /// A file that is no picture is not replaced by one.
    #[error("the file to write exists and is not a PNG picture\nhelp: name another file")]
    Foreign,
    /// Writing the picture failed.
    #[error("the picture cannot be written\nhelp: check the folder and the space left")]
    Write(#[source] io::Error),
}

/// Renders frame `frame`, counted from 0.
///
/// The whole file is loaded; callers give only files that samar's own bounded reader has accepted.
#[expect(
    clippy::disallowed_methods,
    reason = "the file was accepted by the bounded reader"
)]
pub fn render_frame(path: &Path, frame: u32) -> Result<DynamicImage, RenderError> {
    let object = dicom_object::OpenFileOptions::new()
        .open_file(path)
        .map_err(|_| RenderError::Unreadable)?;
    if object.element(tags::PIXEL_DATA).is_err() {
        return Err(RenderError::NoPixelData);
    }
    let family = family(object.meta().transfer_syntax());
    if !can_decode(&object, family) {
        return Err(RenderError::NoDecoder(family));
    }
    let frames = frames(&object)?;
    if frame >= frames {
        return Err(RenderError::NoSuchFrame { frame, frames });
    }
    let decoded = decode(&object, frame).ok_or(RenderError::Undecodable)?;
    if text(&object, tags::PHOTOMETRIC_INTERPRETATION) == "PALETTE COLOR" {
        return palette(&object, &decoded).ok_or(RenderError::NotShowable);
    }
    guarded(|| decoded.to_dynamic_image(0).ok()).ok_or(RenderError::NotShowable)
}

/// Writes a picture as PNG, readable by its owner only: it may show a patient. Replaces a PNG file, but no other.
pub fn save_png(image: &DynamicImage, path: &Path) -> Result<(), RenderError> {
    let mut encoded = io::Cursor::new(Vec::new());
    image
        .write_to(&mut encoded, ImageFormat::Png)
        .map_err(|error| RenderError::Write(io::Error::other(error)))?;
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(RenderError::Write)?;
    let mut start = Vec::new();
    let metadata = file.metadata().map_err(RenderError::Write)?;
    if metadata.is_file() && metadata.len() > 0 {
        Read::by_ref(&mut file)
            .take(SIGNATURE.len() as u64)
            .read_to_end(&mut start)
            .map_err(RenderError::Write)?;
        if start != SIGNATURE {
            return Err(RenderError::Foreign);
        }
        file.set_permissions(PermissionsExt::from_mode(0o600))
            .and_then(|()| file.set_len(0))
            .and_then(|()| file.rewind())
            .map_err(RenderError::Write)?;
    }
    file.write_all(encoded.get_ref())
        .map_err(RenderError::Write)
}

/// Whether this build can decode the object's pixel data and gets it right.
///
/// The decoders expand 8 and 16 bits; JPEG with loss only up to 8 bits (no 12-bit Process 4); one-bit frames come out
/// in two forms and native `YBR_FULL_422` is not unpacked, so that neither is trusted.
pub(crate) fn can_decode(object: &DefaultDicomObject, family: Family) -> bool {
    let number = |tag| {
        object
            .element(tag)
            .ok()
            .and_then(|e| e.to_int::<u16>().ok())
    };
    let bits = number(tags::BITS_ALLOCATED);
    let lossless = ["1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"];
    if !matches!(bits, Some(8 | 16)) {
        return false;
    }
    match family {
        Family::Native => !text(object, tags::PHOTOMETRIC_INTERPRETATION).ends_with("_422"),
        Family::Jpeg => {
            let eight = number(tags::BITS_STORED).is_some_and(|bits| bits <= 8);
            eight || lossless.contains(&object.meta().transfer_syntax())
        }
        Family::Rle | Family::DeflatedFrame | Family::EncapsulatedUncompressed => true,
        _ => false,
    }
}

/// Decodes frame `frame`.
pub(crate) fn decode(object: &DefaultDicomObject, frame: u32) -> Option<DecodedPixelData<'_>> {
    guarded(|| object.decode_pixel_data_frame(frame).ok())
}

/// A panic of the decoder, which damaged frames have been seen to cause, is a failure like any other.
fn guarded<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

/// Number of Frames (0028,0008), which must not be more than there are fragments: the decoder takes one for each.
pub(crate) fn frames(object: &DefaultDicomObject) -> Result<u32, RenderError> {
    let pixels = object
        .element(tags::PIXEL_DATA)
        .map_err(|_| RenderError::NoPixelData)?;
    let frames = match text(object, tags::NUMBER_OF_FRAMES).trim() {
        "" => 1,
        digits => digits.parse().map_err(|_| RenderError::Undecodable)?,
    };
    match pixels.value().fragments() {
        Some(fragments) if (fragments.len() as u64) < u64::from(frames) => {
            Err(RenderError::Undecodable)
        }
        _ => Ok(frames),
    }
}

fn text(object: &DefaultDicomObject, tag: dicom_object::Tag) -> String {
    let element = object.element_opt(tag).ok().flatten();
    let value = element.and_then(|e| {
        e.to_str()
            .ok()
            .map(|s| s.trim_end_matches([' ', '\0']).to_owned())
    });
    value.unwrap_or_default()
}

/// PALETTE COLOR (PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6): the decoder leaves the indices as they are.
fn palette(object: &DefaultDicomObject, decoded: &DecodedPixelData) -> Option<DynamicImage> {
    let lut = |descriptor, data| -> Option<(i32, Vec<u8>)> {
        let descriptor = object
            .element(descriptor)
            .ok()?
            .to_multi_int::<i32>()
            .ok()?;
        let &[entries, first, bits] = descriptor.as_slice() else {
            return None;
        };
        let entries = if entries == 0 {
            65_536
        } else {
            usize::try_from(entries).ok()?
        };
        let bytes = object.element(data).ok()?.to_bytes().ok()?;
        // Eight-bit entries may be packed two to a word.
        let values: Vec<u8> = if bits == 8 && bytes.len() < entries * 2 {
            bytes.iter().take(entries).copied().collect()
        } else {
            let shift = if bits == 8 { 0 } else { 8 };
            let words = bytes.as_chunks::<2>().0.iter().take(entries);
            words
                .map(|&w| (u16::from_le_bytes(w) >> shift) as u8)
                .collect()
        };
        (values.len() == entries).then_some((first, values))
    };
    let luts = [
        lut(
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        )?,
        lut(
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        )?,
        lut(
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        )?,
    ];
    let indices: Vec<i32> = match decoded.bits_allocated() {
        8 => decoded.data().iter().map(|&i| i32::from(i)).collect(),
        16 => decoded.data_ow().into_iter().map(i32::from).collect(),
        _ => return None,
    };
    let mut rgb = Vec::with_capacity(indices.len() * 3);
    for index in indices {
        for (first, values) in &luts {
            let last = values.len().checked_sub(1)?;
            let at = usize::try_from(index.saturating_sub(*first))
                .unwrap_or(0)
                .min(last);
            rgb.push(*values.get(at)?);
        }
    }
    RgbImage::from_raw(decoded.columns(), decoded.rows(), rgb).map(DynamicImage::ImageRgb8)
}
