//! The mean of what is not blanked in a frame, as a fill.

use super::error::CodecError;
use super::job::Job;
use super::{
    Family, columns, jpeg_dct, jpeg_lossless, jpeg_ls, jpeg_xl, jpeg2000, raw, rle, rows, start,
};
use crate::pixel::picture::Picture;

/// Sums of samples outside a mask.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    sum: [i128; 4],
    pixels: i128,
    /// Bits of a stored sample below its value.
    below: u32,
}

impl Sums {
    /// Goes through the pixels outside the mask of `job`. `sample` gives a stored sample by row, column and component.
    pub fn of(job: &Job, sample: impl Fn(u32, u32, u32) -> u64) -> Sums {
        let mut sums = Sums {
            below: job.below(),
            ..Sums::default()
        };
        for row in 0..rows(job) {
            let runs = job.mask.runs(row);
            for column in 0..columns(job) {
                if runs.iter().any(|run| run.contains(&column)) {
                    continue;
                }
                sums.pixels += 1;
                let components = 0..u32::from(job.geometry.samples);
                for (sum, component) in sums.sum.iter_mut().zip(components) {
                    *sum += i128::from(job.number(sample(row, column, component)));
                }
            }
        }
        sums
    }

    /// The mean of each component as it is stored, rounded; zero when every pixel is inside the mask.
    pub fn mean(self) -> [i64; 4] {
        self.sum.map(|sum| {
            let mean = (sum + self.pixels / 2).checked_div_euclid(self.pixels);
            let mean = mean.and_then(|mean| i64::try_from(mean).ok());
            mean.unwrap_or_default() << self.below
        })
    }
}

/// The mean stored value of each component outside the mask.
pub fn mean(job: &Job, frame: &[u8]) -> Result<[i64; 4], CodecError> {
    let size = |_| CodecError::Malformed("the header describes no image");
    let expected = job.geometry.frame_bytes().map_err(size)?;
    let of_bytes = |bytes: &[u8]| {
        let layout = raw::layout(job, bytes.len() as u64);
        Sums::of(job, |row, column, component| {
            layout
                .sample(bytes, row, column, component)
                .unwrap_or_default()
        })
        .mean()
    };
    let of_picture = |picture: &Picture| {
        Sums::of(job, |row, column, component| {
            let pixel = row as usize * picture.columns as usize + column as usize;
            let sample = picture
                .samples
                .get(pixel * picture.components + component as usize);
            sample.map_or(0, |sample| u64::from(*sample))
        })
        .mean()
    };
    let (rows, columns) = (rows(job), columns(job));
    Ok(match job.family {
        Family::Native | Family::EncapsulatedUncompressed => of_bytes(frame),
        Family::DeflatedFrame => of_bytes(&raw::inflate(frame, expected)?),
        Family::Rle => {
            let bytes = usize::from(job.geometry.bits_allocated / 8).max(1);
            let count = usize::from(job.geometry.samples) * bytes;
            let planes = rle::decode(frame, count, job.geometry.pixels() as usize)?;
            Sums::of(job, |row, column, component| {
                let at = row as usize * columns as usize + column as usize;
                let of_component = planes.iter().skip(component as usize * bytes).take(bytes);
                of_component.fold(0, |value, plane| {
                    value << 8 | plane.get(at).map_or(0, |byte| u64::from(*byte))
                })
            })
            .mean()
        }
        Family::Jpeg => match start::of_frame(frame) {
            Some((0xC3, _)) => of_picture(&jpeg_lossless::decode(frame, rows, columns)?.0),
            _ => jpeg_dct::mean(frame, &job.mask)?.map(i64::from),
        },
        Family::JpegLs => of_picture(&jpeg_ls::decode(frame, rows, columns)?.0),
        Family::Jpeg2000 => of_picture(&jpeg2000::decode(frame, rows, columns)?.0),
        Family::JpegXl => of_picture(&jpeg_xl::decode(frame, rows, columns)?.0),
        Family::Video | Family::Unknown => {
            return Err(CodecError::Unsupported("no frame can be decoded"));
        }
    })
}
