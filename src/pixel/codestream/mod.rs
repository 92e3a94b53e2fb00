//! Is there anything in a compressed frame that is not the image? Comments, application segments, boxes of metadata
//! and bytes behind the end of the image carry names, Exif and GPS positions past every header rule.
//!
//! No sample is decoded. What is checked is everything outside the entropy-coded data, which is walked to its end;
//! what the entropy-coded bits say (and so text burned into the image) is for others to judge.

mod boxes;
mod bytes;
mod comment;
mod deflated;
mod entropy;
mod jpeg;
mod jpeg2000;
mod jpegxl;
mod parts;
mod rle;

use std::io;

use super::geometry::Geometry;
use bytes::{Bytes, Stop};
pub(super) use parts::{Part, Parts, TilePart};

/// Codestream family of a transfer syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Not encapsulated: the pixel data's length says all there is to say.
    Native,
    /// ISO/IEC 10918-1: baseline, extended, progressive and lossless.
    Jpeg,
    /// ISO/IEC 14495-1.
    JpegLs,
    /// ISO/IEC 15444-1, -2 and -15 (high throughput).
    Jpeg2000,
    /// ISO/IEC 18181-1 and -2.
    JpegXl,
    /// PS3.5 Annex G.
    Rle,
    /// MPEG-2, H.264, HEVC and the SMPTE ST 2110 flows.
    Video,
    /// PS3.5 A.4.13: each frame deflated on its own.
    DeflatedFrame,
    /// PS3.5 A.4.11: each frame in a fragment, uncompressed.
    EncapsulatedUncompressed,
    /// Any other: remote pixel data (JPIP), retired, private.
    Unknown,
}

/// What was found in a frame. The words name a kind of structure and never content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Only an image.
    Clean,
    /// A structure that is not image, such as `JPEG APP1 segment`.
    Foreign(&'static str),
    /// Does not follow its syntax, or does not belong to the header; cannot be vouched for.
    Malformed(&'static str),
}

/// The family of a transfer syntax (PS3.5 Annex A, PS3.6 Table A-1).
pub fn family(transfer_syntax: &str) -> Family {
    let Some(arc) = transfer_syntax.strip_prefix("1.2.840.10008.1.2") else {
        return Family::Unknown;
    };
    match arc {
        "" | ".1" | ".1.99" | ".2" => Family::Native,
        ".1.98" => Family::EncapsulatedUncompressed,
        ".4.50" | ".4.51" | ".4.52" | ".4.53" | ".4.54" | ".4.55" | ".4.56" | ".4.57" | ".4.58"
        | ".4.59" | ".4.60" | ".4.61" | ".4.62" | ".4.63" | ".4.64" | ".4.65" | ".4.66"
        | ".4.70" => Family::Jpeg,
        ".4.80" | ".4.81" => Family::JpegLs,
        ".4.90" | ".4.91" | ".4.92" | ".4.93" | ".4.201" | ".4.202" | ".4.203" => Family::Jpeg2000,
        ".4.110" | ".4.111" | ".4.112" => Family::JpegXl,
        ".4.100" | ".4.100.1" | ".4.101" | ".4.101.1" | ".4.102" | ".4.102.1" | ".4.103"
        | ".4.103.1" | ".4.104" | ".4.104.1" | ".4.105" | ".4.105.1" | ".4.106" | ".4.106.1"
        | ".4.107" | ".4.108" | ".7.1" | ".7.2" | ".7.3" => Family::Video,
        ".5" => Family::Rle,
        ".8.1" => Family::DeflatedFrame,
        _ => Family::Unknown,
    }
}

/// Inspects one frame: all its fragments taken together.
///
/// `geometry` is what the data set's header says; a frame of another size is malformed, and so is one with more
/// components than a viewer would show. `len` is the frame's length in bytes and `read(offset, buffer)` reads it,
/// relative to its start, returning how many bytes it filled. At most some 256 KiB are held, whatever `len`.
///
/// Errors are those of `read`, and `UnexpectedEof` when it yields less than `len` promised.
pub fn inspect(
    family: Family,
    geometry: &Geometry,
    len: u64,
    read: &mut dyn FnMut(u64, &mut [u8]) -> io::Result<usize>,
) -> io::Result<Finding> {
    match walk(family, geometry, &mut Bytes::new(len, read)) {
        Ok(()) => Ok(Finding::Clean),
        Err(Stop::Foreign(kind)) => Ok(Finding::Foreign(kind)),
        Err(Stop::Malformed(kind)) => Ok(Finding::Malformed(kind)),
        Err(Stop::Io(error)) => Err(error),
    }
}

/// Notes every foreign part of a frame in place of ending at the first.
///
/// Err is the finding that makes the frame one from which nothing can be taken: it is malformed, or what is foreign is
/// bound to the image.
pub(super) fn parts(family: Family, geometry: &Geometry, frame: &[u8]) -> Result<Parts, Finding> {
    let mut read = reader(frame);
    let mut bytes = Bytes::new(frame.len() as u64, &mut read).noting();
    match walk(family, geometry, &mut bytes) {
        Ok(()) => Ok(bytes.into_parts()),
        Err(Stop::Foreign(kind)) => Err(Finding::Foreign(kind)),
        Err(Stop::Malformed(kind)) => Err(Finding::Malformed(kind)),
        Err(Stop::Io(_)) => Err(Finding::Malformed(UNREADABLE)),
    }
}

/// [`inspect`] of a frame that is in memory.
pub(super) fn inspect_bytes(family: Family, geometry: &Geometry, frame: &[u8]) -> Finding {
    inspect(family, geometry, frame.len() as u64, &mut reader(frame))
        .unwrap_or(Finding::Malformed(UNREADABLE))
}

const UNREADABLE: &str = "frame that cannot be read";

fn reader(frame: &[u8]) -> impl FnMut(u64, &mut [u8]) -> io::Result<usize> {
    move |offset, buffer| {
        let rest = usize::try_from(offset).ok().and_then(|at| frame.get(at..));
        io::Read::read(&mut rest.unwrap_or(&[]), buffer)
    }
}

fn walk(family: Family, geometry: &Geometry, bytes: &mut Bytes) -> Result<(), Stop> {
    match family {
        Family::Native => Ok(()),
        Family::Jpeg => jpeg::inspect(bytes, jpeg::Kind::Jpeg, geometry),
        Family::JpegLs => jpeg::inspect(bytes, jpeg::Kind::JpegLs, geometry),
        Family::Jpeg2000 => jpeg2000::inspect(bytes, geometry),
        Family::JpegXl => jpegxl::inspect(bytes, geometry),
        Family::Rle => rle::inspect(bytes, geometry),
        Family::DeflatedFrame => deflated::inspect(bytes, geometry),
        Family::EncapsulatedUncompressed => uncompressed(bytes, geometry),
        Family::Video => Err(Stop::Malformed("video is not inspected")),
        Family::Unknown => Err(Stop::Malformed("transfer syntax is not inspected")),
    }
}

fn uncompressed(bytes: &mut Bytes, geometry: &Geometry) -> Result<(), Stop> {
    let expected = geometry
        .frame_bytes_in(bytes.len())
        .map_err(|_| Stop::Malformed("header describes no image"))?;
    if bytes.len() < expected {
        return Err(Stop::Malformed("frame shorter than the header says"));
    }
    bytes.only_padding(expected)
}

/// The size that a codestream states about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Dimensions {
    rows: u64,
    columns: u64,
    /// Components; None when the codestream does not tell without being decoded.
    samples: Option<u16>,
    /// Bits of one sample.
    bits: Option<u16>,
}

impl Dimensions {
    /// Viewers show what the header says. More than that would travel unseen, less cannot be shown.
    fn check(&self, geometry: &Geometry) -> Result<(), Stop> {
        let differs =
            self.rows != u64::from(geometry.rows) || self.columns != u64::from(geometry.columns);
        if differs {
            return Err(Stop::Malformed("size differs from Rows and Columns"));
        }
        if self.samples.is_some_and(|n| n != geometry.samples) {
            return Err(Stop::Malformed("components differ from Samples per Pixel"));
        }
        if self.bits.is_some_and(|n| n > geometry.bits_allocated) {
            return Err(Stop::Malformed("precision is above Bits Allocated"));
        }
        Ok(())
    }
}
