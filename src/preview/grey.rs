//! Grey images: modality LUT and VOI LUT (PS3.3 sections C.11.1 and C.11.2).

use std::ops::RangeInclusive;

use super::Shown;

use super::attributes::{decimal, text};
use super::lut::Lut;
use crate::deid::redact::StoredFrame;
use crate::dicom::{Instance, Tag};

const MODALITY_LUT_SEQUENCE: Tag = Tag(0x0028_3000);
const VOI_LUT_SEQUENCE: Tag = Tag(0x0028_3010);
const RESCALE_INTERCEPT: Tag = Tag(0x0028_1052);
const RESCALE_SLOPE: Tag = Tag(0x0028_1053);
const WINDOW_CENTER: Tag = Tag(0x0028_1050);
const WINDOW_WIDTH: Tag = Tag(0x0028_1051);
const VOI_LUT_FUNCTION: Tag = Tag(0x0028_1056);

/// From stored values to values with a meaning.
enum Modality {
    Linear { slope: f64, intercept: f64 },
    Table(Lut),
}

/// From those to shades.
enum Voi {
    Window(Window),
    Table(Lut),
    /// From black to white.
    Range(f64, f64),
}

struct Window {
    center: f64,
    width: f64,
    function: Function,
}

/// VOI LUT Function (0028,1056).
enum Function {
    Linear,
    LinearExact,
    Sigmoid,
}

pub(super) fn picture(
    instance: &Instance<'_>,
    frame: u32,
    stored: &StoredFrame,
    inverted: bool,
    spread: Option<(f64, f64)>,
) -> Shown {
    let modality = Modality::of(instance, frame, stored);
    let voi = Voi::of(instance, frame, stored, &modality, spread);
    let spread = match voi {
        Voi::Range(black, white) => Some((black, white)),
        _ => None,
    };
    let shade = |value: f64| {
        let shade = voi.shade(modality.apply(value)).round().clamp(0.0, 255.0) as u8;
        if inverted { 255 - shade } else { shade }
    };
    if stored.is_float || stored.bits_stored > 16 {
        let picture = super::paint(stored, |row, column| {
            [shade(stored.value(row, column, 0)); 3]
        });
        return Shown { picture, spread };
    }
    // Of so few bits every value is worked out once.
    let values = possible(stored);
    let least = *values.start();
    let shades: Vec<u8> = values.map(|value| shade(value as f64)).collect();
    let picture = super::paint(stored, |row, column| {
        let place = stored.value(row, column, 0) as i64 - least;
        let found = usize::try_from(place).ok().and_then(|at| shades.get(at));
        [found.copied().unwrap_or_default(); 3]
    });
    Shown { picture, spread }
}

/// The values that a sample can have, of at most 32 bits.
fn possible(stored: &StoredFrame) -> RangeInclusive<i64> {
    let count = 1i64 << stored.bits_stored.min(32);
    if stored.is_signed {
        -count / 2..=count / 2 - 1
    } else {
        0..=count - 1
    }
}

impl Modality {
    fn of(instance: &Instance<'_>, frame: u32, stored: &StoredFrame) -> Modality {
        let table = Lut::in_sequence(instance, frame, MODALITY_LUT_SEQUENCE, stored.is_signed);
        table.map_or_else(
            || Modality::Linear {
                slope: decimal(instance, frame, RESCALE_SLOPE)
                    .filter(|slope| *slope != 0.0)
                    .unwrap_or(1.0),
                intercept: decimal(instance, frame, RESCALE_INTERCEPT).unwrap_or(0.0),
            },
            Modality::Table,
        )
    }

    fn apply(&self, value: f64) -> f64 {
        match self {
            Modality::Linear { slope, intercept } => value * slope + intercept,
            Modality::Table(lut) => f64::from(lut.look_up(value)),
        }
    }
}

impl Voi {
    fn of(
        instance: &Instance<'_>,
        frame: u32,
        stored: &StoredFrame,
        modality: &Modality,
        spread: Option<(f64, f64)>,
    ) -> Voi {
        let signed = match modality {
            Modality::Linear { intercept, .. } => stored.is_signed || *intercept < 0.0,
            Modality::Table(_) => false,
        };
        if let Some(lut) = Lut::in_sequence(instance, frame, VOI_LUT_SEQUENCE, signed) {
            return Voi::Table(lut);
        }
        let center = decimal(instance, frame, WINDOW_CENTER);
        let width = decimal(instance, frame, WINDOW_WIDTH).filter(|width| *width > 0.0);
        if let (Some(center), Some(width)) = (center, width) {
            let function = match text(instance, frame, VOI_LUT_FUNCTION) {
                Some("LINEAR_EXACT") => Function::LinearExact,
                Some("SIGMOID") => Function::Sigmoid,
                _ => Function::Linear,
            };
            return Voi::Window(Window {
                center,
                width,
                function,
            });
        }
        if let Some((black, white)) = spread {
            return Voi::Range(black, white);
        }
        let (least, greatest) = if stored.bits_stored <= 8 {
            let values = possible(stored);
            (*values.start() as f64, *values.end() as f64)
        } else {
            extremes(stored)
        };
        let (black, white) = (modality.apply(least), modality.apply(greatest));
        Voi::Range(black.min(white), black.max(white))
    }

    /// From 0 to 255, and beyond where the value is outside.
    fn shade(&self, value: f64) -> f64 {
        match self {
            Voi::Window(window) => window.part(value) * 255.0,
            Voi::Table(lut) => lut.shade(value),
            Voi::Range(black, white) if white > black => (value - black) * 255.0 / (white - black),
            // All of one shade.
            Voi::Range(..) => 0.0,
        }
    }
}

impl Window {
    /// PS3.3 section C.11.2.1.2 and C.11.2.1.3.
    fn part(&self, value: f64) -> f64 {
        let (center, width) = (self.center, self.width);
        match self.function {
            Function::Linear if width > 1.0 => (value - (center - 0.5)) / (width - 1.0) + 0.5,
            Function::Linear => f64::from(u8::from(value > center - 0.5)),
            Function::LinearExact => (value - center) / width + 0.5,
            Function::Sigmoid => 1.0 / (1.0 + (-4.0 * (value - center) / width).exp()),
        }
    }
}

/// The least and the greatest stored value.
fn extremes(stored: &StoredFrame) -> (f64, f64) {
    let mut found = (f64::INFINITY, f64::NEG_INFINITY);
    for row in 0..u32::from(stored.geometry.rows) {
        for column in 0..u32::from(stored.geometry.columns) {
            let value = stored.value(row, column, 0);
            if value.is_finite() {
                found = (found.0.min(value), found.1.max(value));
            }
        }
    }
    if found.0 > found.1 { (0.0, 0.0) } else { found }
}
