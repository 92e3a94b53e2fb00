//! Samples of compressed frames, by decoders that samar does not use where there are any.

use samar::dicom::{Encoding, Vr};
use samar::pixel::codec::{jpeg_ls, jpeg2000, rle};

use crate::shape::Shape;

pub(crate) type Decode = fn(&Shape, &[u8]) -> Vec<u64>;

pub(crate) fn jls(shape: &Shape, frame: &[u8]) -> Vec<u64> {
    let (picture, _) = jpeg_ls::decode(frame, shape.rows.into(), shape.columns.into()).unwrap();
    picture.samples.into_iter().map(u64::from).collect()
}

pub(crate) fn j2k(shape: &Shape, frame: &[u8]) -> Vec<u64> {
    let (picture, _) = jpeg2000::decode(frame, shape.rows.into(), shape.columns.into()).unwrap();
    picture.samples.into_iter().map(u64::from).collect()
}

pub(crate) fn jpeg(_: &Shape, frame: &[u8]) -> Vec<u64> {
    let mut decoder = jpeg_decoder::Decoder::new(frame);
    let bytes = decoder.decode().unwrap();
    match decoder.info().unwrap().pixel_format {
        jpeg_decoder::PixelFormat::L16 => bytes
            .chunks_exact(2)
            .map(|b| u64::from(u16::from_ne_bytes([b[0], b[1]])))
            .collect(),
        _ => bytes.into_iter().map(u64::from).collect(),
    }
}

#[allow(clippy::cast_sign_loss)] // no sample is negative
pub(crate) fn jxl(shape: &Shape, frame: &[u8]) -> Vec<u64> {
    let image = jxl_oxide::JxlImage::builder().read(frame).unwrap();
    let depth = image.image_header().metadata.bit_depth.bits_per_sample();
    assert_eq!(
        depth,
        u32::from(shape.stored),
        "the precision is what it was"
    );
    let rendered = image.render_frame(0).unwrap().image_all_channels();
    let largest = f32::from(u16::MAX >> (16 - depth));
    rendered
        .buf()
        .iter()
        .map(|v| u64::from((v * largest).round() as u16))
        .collect()
}

pub(crate) fn packed(shape: &Shape, frame: &[u8]) -> Vec<u64> {
    let bytes = usize::from(shape.allocated / 8);
    let pixels = usize::from(shape.rows) * usize::from(shape.columns);
    let samples = usize::from(shape.samples);
    let planes = rle::decode(frame, bytes * samples, pixels).unwrap();
    let value = |n: usize| {
        let planes = &planes[n % samples * bytes..][..bytes];
        planes
            .iter()
            .fold(0, |value, plane| value << 8 | u64::from(plane[n / samples]))
    };
    (0..shape.len()).map(value).collect()
}

pub(crate) fn raw(shape: &Shape, frame: &[u8]) -> Vec<u64> {
    shape.unpack(frame, Vr::OB, Encoding::EXPLICIT_LE)
}

pub(crate) fn inflated(shape: &Shape, frame: &[u8]) -> Vec<u64> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(frame), &mut bytes).unwrap();
    raw(shape, &bytes)
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

/// RLE of literal runs only.
pub(crate) fn pack(shape: &Shape, values: &[u64]) -> Vec<u8> {
    let bytes = usize::from(shape.allocated / 8);
    let samples = usize::from(shape.samples);
    let mut out = vec![0; 64];
    out[0] = (samples * bytes) as u8;
    for plane in 0..samples * bytes {
        let start = (out.len() as u32).to_le_bytes();
        out[4 + plane * 4..8 + plane * 4].copy_from_slice(&start);
        let shift = 8 * (bytes - 1 - plane % bytes);
        let of_plane: Vec<u8> = values
            .iter()
            .skip(plane / bytes)
            .step_by(samples)
            .map(|v| (v >> shift) as u8)
            .collect();
        for run in of_plane.chunks(usize::from(shape.columns)) {
            out.push(run.len() as u8 - 1);
            out.extend(run);
        }
        if out.len() % 2 == 1 {
            out.push(128);
        }
    }
    out
}
