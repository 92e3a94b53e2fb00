//! Grey images: modality LUT and VOI LUT (PS3.3 sections C.11.1 and C.11.2).

use std::ops::RangeInclusive;

use super::attributes::{decimal, decimals, text};
use super::lut::Lut;
use crate::deid::redact::StoredFrame;
use crate::dicom::{Instance, Tag};
use crate::pixel::detect::Window as StoredWindow;

/// Windows of one frame that are looked at; viewers offer them by a list.
const MOST_WINDOWS: usize = 4;

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

/// What is black and what is white, where no window says so: values behind the modality LUT.
pub type Range = (f64, f64);

/// The shades of a frame row by row, from the first VOI LUT or window of the header. Without one, samples of more than 8
/// bits are spread from the least to the greatest of the frame, or over `range`; then the range is given too.
pub fn shades(
    instance: &Instance<'_>,
    frame: u32,
    stored: &StoredFrame,
    inverted: bool,
    range: Option<Range>,
) -> (Vec<u8>, Option<Range>) {
    let modality = Modality::of(instance, frame, stored);
    let voi = Voi::of(instance, frame, stored, &modality, range);
    let range = match voi {
        Voi::Range(black, white) => Some((black, white)),
        _ => None,
    };
    let shade = |value: f64| {
        let shade = voi.shade(modality.apply(value)).round().clamp(0.0, 255.0) as u8;
        if inverted { 255 - shade } else { shade }
    };
    if stored.is_float || stored.bits_stored > 16 {
        return (stored.values().map(shade).collect(), range);
    }
    // Of so few bits every value is worked out once.
    let values = possible(stored);
    let least = *values.start();
    let table: Vec<u8> = values.map(|value| shade(value as f64)).collect();
    let looked_up = stored.values().map(|value| {
        let found = usize::try_from(value as i64 - least).ok();
        let found = found.and_then(|at| table.get(at));
        found.copied().unwrap_or_default()
    });
    (looked_up.collect(), range)
}

/// The windows and VOI LUTs of a frame, as the stored values between which they show grey.
pub(super) fn windows(
    instance: &Instance<'_>,
    frame: u32,
    stored: &StoredFrame,
) -> Vec<StoredWindow> {
    let modality = Modality::of(instance, frame, stored);
    let signed = modality.is_signed(stored);
    let mut found = Vec::new();
    if let Some(lut) = Lut::in_sequence(instance, frame, VOI_LUT_SEQUENCE, signed) {
        found.push(lut.slope());
    }
    let function = Function::of(instance, frame);
    let centers = decimals(instance, frame, WINDOW_CENTER);
    let widths = decimals(instance, frame, WINDOW_WIDTH);
    let pairs = centers.into_iter().zip(widths);
    found.extend(
        pairs
            .filter(|(_, width)| *width > 0.0)
            .map(|(center, width)| {
                let (middle, half) = match function {
                    Function::Linear => (center - 0.5, (width - 1.0) / 2.0),
                    Function::LinearExact => (center, width / 2.0),
                    // Where the curve is at 2 and at 98 hundredths.
                    Function::Sigmoid => (center, width),
                };
                (middle - half, middle + half)
            }),
    );
    let mut windows: Vec<StoredWindow> = Vec::new();
    for (low, high) in found {
        let window = modality.stored(low, high);
        if let Some(window) = window.filter(|window| !windows.contains(window)) {
            windows.push(window);
        }
    }
    windows.truncate(MOST_WINDOWS);
    windows
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

    /// Whether values behind it can be negative.
    fn is_signed(&self, stored: &StoredFrame) -> bool {
        match self {
            Modality::Linear { intercept, .. } => stored.is_signed || *intercept < 0.0,
            Modality::Table(_) => false,
        }
    }

    /// The stored values that become these; `None` when none does.
    fn stored(&self, low: f64, high: f64) -> Option<StoredWindow> {
        let (low, high) = match self {
            Modality::Linear { slope, intercept } => {
                ((low - intercept) / slope, (high - intercept) / slope)
            }
            Modality::Table(lut) => lut.within(low, high)?,
        };
        (low.is_finite() && high.is_finite()).then_some(StoredWindow { low, high })
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
        let signed = modality.is_signed(stored);
        if let Some(lut) = Lut::in_sequence(instance, frame, VOI_LUT_SEQUENCE, signed) {
            return Voi::Table(lut);
        }
        let center = decimal(instance, frame, WINDOW_CENTER);
        let width = decimal(instance, frame, WINDOW_WIDTH).filter(|width| *width > 0.0);
        if let (Some(center), Some(width)) = (center, width) {
            return Voi::Window(Window {
                center,
                width,
                function: Function::of(instance, frame),
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

impl Function {
    fn of(instance: &Instance<'_>, frame: u32) -> Function {
        match text(instance, frame, VOI_LUT_FUNCTION) {
            Some("LINEAR_EXACT") => Function::LinearExact,
            Some("SIGMOID") => Function::Sigmoid,
            _ => Function::Linear,
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
    for value in stored.values().filter(|value| value.is_finite()) {
        found = (found.0.min(value), found.1.max(value));
    }
    if found.0 > found.1 { (0.0, 0.0) } else { found }
}
