//! PALETTE COLOR (PS3.3 section C.7.6.3.1.5). Segmented palettes are not read.

use image::RgbImage;

use super::lut::Lut;
use crate::deid::redact::StoredFrame;
use crate::dicom::{Instance, Tag};

/// Descriptors and data of the red, green and blue palette.
const TABLES: [(Tag, Tag); 3] = [
    (Tag(0x0028_1101), Tag(0x0028_1201)),
    (Tag(0x0028_1102), Tag(0x0028_1202)),
    (Tag(0x0028_1103), Tag(0x0028_1203)),
];

pub(super) fn picture(instance: &Instance<'_>, stored: &StoredFrame) -> Option<RgbImage> {
    let encoding = instance.syntax.encoding;
    let lut = |(descriptor, data)| {
        let descriptor = instance.tape.find_value(descriptor)?;
        let data = instance.tape.find_value(data)?;
        Lut::new(descriptor, data, stored.is_signed, encoding)
    };
    let [red, green, blue] = TABLES.map(lut);
    let luts = [red?, green?, blue?];
    Some(super::paint(stored, |row, column| {
        let index = stored.value(row, column, 0);
        [0, 1, 2].map(|at: usize| {
            let shade = luts.get(at).map_or(0.0, |lut| {
                // The high byte, as everybody shows it.
                f64::from(lut.look_up(index) >> (lut.bits - 8))
            });
            shade as u8
        })
    }))
}
