//! One frame, so far unpacked that each stored sample can be looked up: for showing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::CodecError;
use super::{Family, jpeg_dct, jpeg_lossless, jpeg_ls, jpeg_xl, jpeg2000, raw, rle, start};
use crate::pixel::geometry::Geometry;
use crate::pixel::native::Layout;
use crate::pixel::picture::Picture;

/// A frame whose samples can be looked up.
pub struct Unpacked {
    form: Form,
    /// Whether colours are `YCbCr` by what the codestream says, if it says anything.
    pub is_ycbcr: Option<bool>,
}

/// The samples, as the decoder leaves them.
enum Form {
    Bytes(Vec<u8>, Layout),
    /// Bytes of samples, the most significant first, each in a plane of its own.
    Planes {
        planes: Vec<Vec<u8>>,
        columns: usize,
        /// Bytes of a sample.
        bytes: usize,
    },
    Picture(Picture),
}

impl std::fmt::Debug for Unpacked {
    /// Nothing of what it shows.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unpacked")
    }
}

impl Unpacked {
    /// The bytes of an uncompressed frame.
    pub fn native(bytes: Vec<u8>, layout: Layout) -> Unpacked {
        Form::Bytes(bytes, layout).into()
    }

    /// The pattern of a stored sample, bits beside its value included; zero outside the frame.
    pub fn sample(&self, row: u32, column: u32, component: u32) -> u64 {
        let found = match &self.form {
            Form::Bytes(bytes, layout) => layout.sample(bytes, row, column, component),
            Form::Planes {
                planes,
                columns,
                bytes,
            } => {
                let at = row as usize * columns + column as usize;
                let of_component = planes.iter().skip(component as usize * bytes).take(*bytes);
                Some(of_component.fold(0, |value, plane| {
                    value << 8 | plane.get(at).map_or(0, |byte| u64::from(*byte))
                }))
            }
            Form::Picture(picture) => {
                let pixel = row as usize * picture.columns as usize + column as usize;
                let at = pixel * picture.components + component as usize;
                picture.samples.get(at).map(|sample| u64::from(*sample))
            }
        };
        found.unwrap_or_default()
    }
}

impl From<Form> for Unpacked {
    fn from(form: Form) -> Unpacked {
        Unpacked {
            form,
            is_ycbcr: None,
        }
    }
}

/// Unpacks one frame of encapsulated pixel data. `is_planar` is Planar Configuration (0028,0006), which only
/// uncompressed frames heed.
///
/// # Errors
/// A damaged codestream, one of another size, and one for which there is no decoder.
pub fn unpack(
    family: Family,
    geometry: &Geometry,
    is_planar: bool,
    frame: Vec<u8>,
) -> Result<Unpacked, CodecError> {
    // As in writing: a panic of somebody's decoder is a failure like any other.
    catch_unwind(AssertUnwindSafe(|| {
        dispatch(family, geometry, is_planar, frame)
    }))
    .unwrap_or(Err(CodecError::Malformed(
        "the decoder gave up on the frame",
    )))
}

fn dispatch(
    family: Family,
    geometry: &Geometry,
    is_planar: bool,
    frame: Vec<u8>,
) -> Result<Unpacked, CodecError> {
    let (rows, columns) = (u32::from(geometry.rows), u32::from(geometry.columns));
    let size = |_| CodecError::Malformed("the header describes no image");
    let layout = Layout {
        rows,
        columns,
        samples: u32::from(geometry.samples),
        bits_allocated: u32::from(geometry.bits_allocated),
        is_planar,
        is_subsampled: false,
        big_endian: false,
        is_words: false,
    };
    let picture = match family {
        Family::Native | Family::EncapsulatedUncompressed => {
            if (frame.len() as u64) < geometry.frame_bytes().map_err(size)? {
                return Err(CodecError::Malformed("the frame is too short"));
            }
            return Ok(Unpacked::native(frame, layout));
        }
        Family::DeflatedFrame => {
            let bytes = raw::inflate(&frame, geometry.frame_bytes().map_err(size)?)?;
            return Ok(Unpacked::native(bytes, layout));
        }
        Family::Rle => {
            let bytes = usize::from(geometry.bits_allocated / 8);
            let planes = usize::from(geometry.samples) * bytes;
            return Ok(Unpacked::from(Form::Planes {
                planes: rle::decode(&frame, planes, geometry.pixels() as usize)?,
                columns: columns as usize,
                bytes,
            }));
        }
        Family::Jpeg if matches!(start::of_frame(&frame), Some((0xC3, _))) => {
            jpeg_lossless::decode(&frame, rows, columns)?.0
        }
        Family::Jpeg if matches!(start::of_frame(&frame), Some((0xC2, 8))) => {
            return progressive(&frame, layout);
        }
        Family::Jpeg => {
            let (picture, is_ycbcr) = jpeg_dct::decode(&frame, rows, columns)?;
            checked(geometry, &picture)?;
            return Ok(Unpacked {
                form: Form::Picture(picture),
                is_ycbcr,
            });
        }
        Family::JpegLs => jpeg_ls::decode(&frame, rows, columns)?.0,
        Family::Jpeg2000 => jpeg2000::decode(&frame, rows, columns)?.0,
        Family::JpegXl => {
            let (picture, _) = jpeg_xl::decode(&frame, rows, columns)?;
            checked(geometry, &picture)?;
            return Ok(Unpacked {
                form: Form::Picture(picture),
                is_ycbcr: Some(false),
            });
        }
        Family::Video | Family::Unknown => {
            return Err(CodecError::Unsupported(
                "no frame of this transfer syntax can be decoded",
            ));
        }
    };
    checked(geometry, &picture)?;
    Ok(Form::Picture(picture).into())
}

/// A progressive frame, which stands in old files against the standard. Colours come out as RGB.
fn progressive(frame: &[u8], layout: Layout) -> Result<Unpacked, CodecError> {
    let damaged = |_| CodecError::Malformed("it cannot be decoded");
    let mut decoder = jpeg_decoder::Decoder::new(frame);
    decoder.read_info().map_err(damaged)?;
    let info = decoder.info();
    let info = info.ok_or(CodecError::Malformed("no frame header"))?;
    let samples = match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => 1,
        jpeg_decoder::PixelFormat::RGB24 => 3,
        _ => return Err(CodecError::Unsupported("another kind of samples")),
    };
    let size = (u32::from(info.height), u32::from(info.width), samples);
    if size != (layout.rows, layout.columns, layout.samples) {
        return Err(CodecError::Malformed("its size is not that of the image"));
    }
    let layout = Layout {
        bits_allocated: 8,
        is_planar: false,
        ..layout
    };
    Ok(Unpacked {
        form: Form::Bytes(decoder.decode().map_err(damaged)?, layout),
        is_ycbcr: Some(false),
    })
}

/// The codestream has the components that the header claims.
fn checked(geometry: &Geometry, picture: &Picture) -> Result<(), CodecError> {
    if picture.components == usize::from(geometry.samples) {
        Ok(())
    } else {
        Err(CodecError::Malformed(
            "it has other components than the header says",
        ))
    }
}
