//! A second opinion on a finished file: an independent parser reads it whole and, if asked, a decoder expands every
//! frame. Only for files that samar's own bounded walker has accepted: the second reader trusts claimed lengths and
//! holds the whole file in memory.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;

use dicom_dictionary_std::tags;
use dicom_object::{FileMetaTable, InMemDicomObject, OpenFileOptions};
use thiserror::Error;

use crate::pixel::codestream::{Family, family};
use crate::pixel::render;

/// What the second reader saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondReading {
    /// Elements of the data set at every depth, without file meta.
    pub elements: u64,
    /// What became of the pixel data.
    pub pixels: Pixels,
}

/// What became of the pixel data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// The file has none.
    Absent,
    /// Decoding was not asked for.
    NotAsked,
    /// No decoder for this family or depth is built in, so that nothing was proved.
    NoDecoder(Family),
    /// This many frames were decoded, each to the size that the header says.
    Decoded(u32),
}

/// Where the second reader disagrees. What its libraries said is withheld: some quote values of the file.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Disagreement {
    /// The file cannot be read as DICOM.
    #[error(
        "a second reader cannot read the file\nhelp: report this file's kind: samar wrote what others cannot read"
    )]
    Unreadable,
    /// The transfer syntax is one of the retired ones that the second reader does not know, so that nothing was proved.
    #[error(
        "a second reader does not know the transfer syntax\nhelp: verify without the second reader"
    )]
    UnknownSyntax,
    /// The image header is not usable.
    #[error(
        "a second reader cannot use the image header\nhelp: compare the input's image header with its pixel data"
    )]
    Header,
    /// A frame cannot be decoded.
    #[error(
        "a second reader cannot decode frame {frame}\nhelp: check whether the input's frame can be decoded"
    )]
    Frame {
        /// The frame, from 0.
        frame: u32,
    },
    /// A frame is decoded to another size.
    #[error(
        "a second reader decodes frame {frame} to another size\nhelp: compare the input's image header with its pixel data"
    )]
    Size {
        /// The frame, from 0.
        frame: u32,
    },
}

/// Reads a finished file with another parser; with `decode`, expands its frames one by one.
#[expect(
    clippy::disallowed_methods,
    reason = "the file was written by samar and accepted by the bounded reader"
)]
pub fn second_reader(path: &Path, decode: bool) -> Result<SecondReading, Disagreement> {
    let object = OpenFileOptions::new().open_file(path).map_err(|_| {
        if is_retired(path) {
            Disagreement::UnknownSyntax
        } else {
            Disagreement::Unreadable
        }
    })?;
    let elements = count(&object);
    let reading = |pixels| Ok(SecondReading { elements, pixels });

    if object.element(tags::PIXEL_DATA).is_err() {
        return reading(Pixels::Absent);
    }
    if !decode {
        return reading(Pixels::NotAsked);
    }
    let family = family(object.meta().transfer_syntax());
    if !render::can_decode(&object, family) {
        return reading(Pixels::NoDecoder(family));
    }
    let frames = render::frames(&object).ok_or(Disagreement::Header)?;
    for frame in 0..frames {
        let decoded = render::decode(&object, frame).ok_or(Disagreement::Frame { frame })?;
        let sample = u64::from(decoded.bits_allocated().div_ceil(8));
        let expected = u64::from(decoded.rows())
            * u64::from(decoded.columns())
            * u64::from(decoded.samples_per_pixel())
            * sample;
        if decoded.data().len() as u64 != expected {
            return Err(Disagreement::Size { frame });
        }
    }
    reading(Pixels::Decoded(frames))
}

/// Whether the transfer syntax is a JPEG process retired in 2003, of which the second reader knows none.
fn is_retired(path: &Path) -> bool {
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let meta = file
        .seek(SeekFrom::Start(128))
        .ok()
        .and_then(|_| FileMetaTable::from_reader(file).ok());
    let arc = meta.as_ref().and_then(|meta| {
        let (jpeg, process) = meta.transfer_syntax().rsplit_once('.')?;
        (jpeg == "1.2.840.10008.1.2.4").then(|| process.parse::<u8>().ok())?
    });
    matches!(arc, Some(52..=56 | 58..=66))
}

/// Counts elements at every depth, with a stack of its own.
fn count(object: &InMemDicomObject) -> u64 {
    let mut elements = 0;
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        for element in object {
            elements += 1;
            open.extend(element.items().unwrap_or_default());
        }
    }
    elements
}
