//! The numbers that rule the coding of a scan (T.87 sections A.2.1 and C.2.4.1.1).

use crate::pixel::codec::error::CodecError;

/// The coding parameters of an LSE segment of type 1. Zero stands for the default value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preset {
    /// MAXVAL, the largest sample.
    pub maximum: u16,
    /// T1, T2 and T3, where the classes of gradients end.
    pub thresholds: [u16; 3],
    /// RESET, after how many samples a context halves its counts.
    pub reset: u16,
}

/// What a scan is coded with, all of it known and within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    /// MAXVAL.
    pub(super) maximum: i32,
    /// NEAR.
    pub(super) near: i32,
    /// T1, T2 and T3.
    pub(super) thresholds: [i32; 3],
    /// RESET.
    pub(super) reset: i32,
    /// RANGE: how many different errors there are.
    pub(super) range: i32,
    /// qbpp: bits that hold any error.
    pub(super) error_bits: u32,
    /// How many zeros say that an error stands in `error_bits` bits: LIMIT - qbpp - 1.
    pub(super) escape: u32,
}

impl Coding {
    /// The numbers for samples of `precision` bits.
    ///
    /// # Errors
    /// `Malformed` where a parameter is out of the bounds of T.87 table C.1.
    pub(super) fn new(
        precision: u8,
        near: u8,
        preset: Option<Preset>,
    ) -> Result<Coding, CodecError> {
        if !(2..=16).contains(&precision) {
            return Err(CodecError::Malformed("precision of JPEG-LS samples"));
        }
        let preset = preset.unwrap_or_default();
        let largest = (1i32 << precision) - 1;
        let maximum = or_default(preset.maximum, largest);
        let near = i32::from(near);
        if maximum > largest || near > maximum / 2 {
            return Err(CodecError::Malformed("MAXVAL or NEAR of JPEG-LS"));
        }
        let defaults = default_thresholds(maximum, near);
        let [t1, t2, t3] = preset.thresholds;
        let [d1, d2, d3] = defaults;
        let thresholds = [or_default(t1, d1), or_default(t2, d2), or_default(t3, d3)];
        let [t1, t2, t3] = thresholds;
        if t1 <= near || t2 < t1 || t3 < t2 || maximum < t3 {
            return Err(CodecError::Malformed("thresholds of JPEG-LS"));
        }
        let reset = or_default(preset.reset, 64);
        if reset < 3 || reset > maximum.max(255) {
            return Err(CodecError::Malformed("RESET of JPEG-LS"));
        }
        let range = (maximum + 2 * near) / (2 * near + 1) + 1;
        let sample_bits = bits_of(maximum).max(2);
        let limit = 2 * (sample_bits + sample_bits.max(8));
        let error_bits = bits_of(range - 1);
        Ok(Coding {
            maximum,
            near,
            thresholds,
            reset,
            range,
            error_bits,
            escape: limit - error_bits - 1,
        })
    }
}

/// The thresholds where none are stated (T.87 section C.2.4.1.1.1).
fn default_thresholds(maximum: i32, near: i32) -> [i32; 3] {
    let (t1, t2, t3) = if maximum >= 128 {
        let factor = (maximum.min(4095) + 128) / 256;
        (
            factor + 2 + 3 * near,
            4 * factor + 3 + 5 * near,
            17 * factor + 4 + 7 * near,
        )
    } else {
        let factor = 256 / (maximum + 1);
        (
            (3 / factor + 3 * near).max(2),
            (7 / factor + 5 * near).max(3),
            (21 / factor + 7 * near).max(4),
        )
    };
    let or_lower = |value: i32, lower: i32| {
        if value > maximum || value < lower {
            lower
        } else {
            value
        }
    };
    let t1 = or_lower(t1, near + 1);
    let t2 = or_lower(t2, t1);
    [t1, t2, or_lower(t3, t2)]
}

/// A stated number, or the default for zero.
fn or_default(stated: u16, default: i32) -> i32 {
    if stated == 0 {
        default
    } else {
        i32::from(stated)
    }
}

/// Bits that hold the numbers from 0 to `largest`.
fn bits_of(largest: i32) -> u32 {
    i32::BITS - largest.leading_zeros()
}
