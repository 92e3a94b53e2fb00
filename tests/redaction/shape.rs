//! Images of any shape, written and read sample by sample as PS3.5 section 8 and PS3.3 section C.7.6.3.1 say.

use samar::dicom::{Encoding, Vr};

use crate::build::{DataSet, ct, raw, text, words};
use crate::{PIXEL_DATA, pixel_data};

/// What the Image Pixel module says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) rows: u16,
    pub(crate) columns: u16,
    pub(crate) samples: u16,
    pub(crate) allocated: u16,
    pub(crate) stored: u16,
    pub(crate) high: u16,
    pub(crate) signed: bool,
    pub(crate) planar: bool,
    pub(crate) photometric: &'static str,
    pub(crate) frames: u16,
}

/// Grey, of 8 bits, with odd sides.
pub(crate) const GREY: Shape = Shape {
    rows: 7,
    columns: 9,
    samples: 1,
    allocated: 8,
    stored: 8,
    high: 7,
    signed: false,
    planar: false,
    photometric: "MONOCHROME2",
    frames: 1,
};

impl Shape {
    pub(crate) const fn bits(self, allocated: u16, stored: u16) -> Shape {
        Shape {
            allocated,
            stored,
            high: stored - 1,
            ..self
        }
    }

    pub(crate) const fn colour(self, photometric: &'static str) -> Shape {
        Shape {
            samples: 3,
            photometric,
            ..self
        }
    }

    pub(crate) fn len(&self) -> usize {
        let pixels = usize::from(self.rows) * usize::from(self.columns);
        pixels * usize::from(self.samples) * usize::from(self.frames)
    }

    /// Samples that differ from their neighbours, within the stored bits; a signed one repeats its sign.
    pub(crate) fn picture(&self) -> Vec<u64> {
        let value = |n: usize| {
            let value = (n as u64 * 2_654_435_761 + 97) >> 3 & ones(self.stored);
            self.extended(value)
        };
        (0..self.len()).map(value).collect()
    }

    /// A value of the stored bits with its sign repeated up to the highest allocated one, if it is signed.
    pub(crate) fn extended(&self, value: u64) -> u64 {
        if self.signed && value >> (self.stored - 1) & 1 == 1 {
            value | ones(self.allocated) & !ones(self.stored)
        } else {
            value
        }
    }

    /// The header, without pixel data.
    pub(crate) fn header(&self) -> DataSet {
        let mut dataset = ct()
            .with(words(0x0028_0002, Vr::US, &[self.samples]))
            .with(text(0x0028_0004, Vr::CS, self.photometric))
            .with(text(0x0028_0008, Vr::IS, self.frames.to_string()))
            .with(words(0x0028_0010, Vr::US, &[self.rows]))
            .with(words(0x0028_0011, Vr::US, &[self.columns]))
            .with(words(0x0028_0100, Vr::US, &[self.allocated]))
            .with(words(0x0028_0101, Vr::US, &[self.stored]))
            .with(words(0x0028_0102, Vr::US, &[self.high]))
            .with(words(0x0028_0103, Vr::US, &[u16::from(self.signed)]))
            .without(PIXEL_DATA);
        if self.samples > 1 {
            dataset = dataset.with(words(0x0028_0006, Vr::US, &[u16::from(self.planar)]));
        }
        dataset
    }

    /// An image of these samples.
    pub(crate) fn image(&self, values: &[u64], vr: Vr, encoding: Encoding) -> DataSet {
        let bytes = self.pack(values, vr, encoding);
        self.header().with(raw(PIXEL_DATA, vr, &bytes))
    }

    /// Where a sample of the list stands among those that are written.
    fn place(&self, n: usize) -> usize {
        if !self.planar {
            return n;
        }
        let (samples, pixels) = (
            usize::from(self.samples),
            usize::from(self.rows) * usize::from(self.columns),
        );
        let frame = n / (pixels * samples);
        let (pixel, component) = (n / samples % pixels, n % samples);
        frame * pixels * samples + component * pixels + pixel
    }

    pub(crate) fn pack(&self, values: &[u64], vr: Vr, encoding: Encoding) -> Vec<u8> {
        let size = usize::from(self.allocated).div_ceil(8);
        let bits = values.len() * usize::from(self.allocated);
        let mut bytes = vec![0; bits.div_ceil(8).next_multiple_of(2)];
        for (n, value) in values.iter().enumerate() {
            let place = self.place(n);
            if self.allocated == 1 {
                bytes[place / 8] |= (*value as u8) << (place % 8);
                continue;
            }
            let mut sample = value.to_le_bytes()[..size].to_vec();
            if encoding.big_endian {
                sample.reverse();
            }
            bytes[place * size..(place + 1) * size].copy_from_slice(&sample);
        }
        self.swap(&mut bytes, vr, encoding);
        bytes
    }

    /// The samples of a file that ends with its pixel data, as native files do.
    #[track_caller]
    pub(crate) fn read(&self, file: &[u8], vr: Vr, encoding: Encoding) -> Vec<u64> {
        let len = pixel_data(file).len();
        self.unpack(&file[file.len() - len..], vr, encoding)
    }

    pub(crate) fn unpack(&self, bytes: &[u8], vr: Vr, encoding: Encoding) -> Vec<u64> {
        let size = usize::from(self.allocated).div_ceil(8);
        let mut bytes = bytes.to_vec();
        self.swap(&mut bytes, vr, encoding);
        let read = |n: usize| {
            let place = self.place(n);
            if self.allocated == 1 {
                return u64::from(bytes[place / 8] >> (place % 8) & 1);
            }
            let sample = bytes[place * size..(place + 1) * size].iter();
            let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
            if encoding.big_endian {
                sample.fold(0, add)
            } else {
                sample.rev().fold(0, add)
            }
        };
        (0..self.len()).map(read).collect()
    }

    /// The bytes of a big endian word have changed places where a sample has no more than one.
    fn swap(&self, bytes: &mut [u8], vr: Vr, encoding: Encoding) {
        if encoding.big_endian && vr == Vr::OW && self.allocated <= 8 {
            bytes.chunks_exact_mut(2).for_each(|word| word.swap(0, 1));
        }
    }

    /// Samples with a rectangle `[x, y, width, height]` of each frame filled.
    pub(crate) fn filled(&self, values: &[u64], rect: [usize; 4], fill: &[u64]) -> Vec<u64> {
        let mut values = values.to_vec();
        for (n, value) in values.iter_mut().enumerate() {
            let pixel = n / usize::from(self.samples);
            let (x, y) = (
                pixel % usize::from(self.columns),
                pixel / usize::from(self.columns) % usize::from(self.rows),
            );
            if (rect[0]..rect[0] + rect[2]).contains(&x)
                && (rect[1]..rect[1] + rect[3]).contains(&y)
            {
                *value = fill[n % usize::from(self.samples)];
            }
        }
        values
    }
}

pub(crate) fn ones(bits: u16) -> u64 {
    u64::MAX >> (64 - bits)
}
