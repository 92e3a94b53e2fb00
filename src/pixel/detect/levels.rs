//! Grey samples as 65,536 levels or fewer, in the order of their values, with how many pixels are at each.

use std::ops::RangeInclusive;

use super::seen::{Grey, Samples, Window};

/// A letter has no fewer pixels than this, so fewer of one kind hide no text.
pub(super) const FEW: u32 = 6;

/// The last level.
const TOP: f64 = 65_535.0;

/// The samples of a frame as levels.
pub(super) struct Levels {
    /// The level of each pixel.
    pub(super) plane: Vec<u16>,
    /// How many pixels of the image stand at each level; those of padding are not counted.
    pub(super) counts: Vec<u32>,
    /// How many pixels of padding stand at each level; empty when there are none.
    pub(super) padding: Vec<u32>,
    /// From values to levels.
    scale: Scale,
}

/// How values become levels: straight between knots. Whole values that span no more than the levels do keep their
/// distances; others are spread so that the inside of the window has most of the levels.
struct Scale {
    /// Values and their levels, both never falling.
    knots: [(f64, f64); 4],
}

impl Scale {
    fn level(&self, value: f64) -> f64 {
        let [(first, bottom), .., (last, top)] = self.knots;
        if value <= first {
            return bottom;
        }
        if value >= last {
            return top;
        }
        for pair in self.knots.windows(2) {
            let &[(from, low), (to, high)] = pair else {
                continue;
            };
            if value <= to && to > from {
                return low + (value - from) / (to - from) * (high - low);
            }
        }
        bottom
    }
}

impl Levels {
    /// Of grey samples.
    pub(super) fn new(grey: &Grey) -> Levels {
        match &grey.samples {
            Samples::Integers(samples) => {
                let least = samples.iter().copied().min().unwrap_or(0);
                let most = samples.iter().copied().max().unwrap_or(0);
                if i64::from(most) - i64::from(least) <= TOP as i64 {
                    let (low, high) = (f64::from(least), f64::from(most));
                    let knots = [
                        (low, 0.0),
                        (low, 0.0),
                        (high, high - low),
                        (high, high - low),
                    ];
                    let level = |value: &i32| (i64::from(*value) - i64::from(least)) as u16;
                    let plane = samples.iter().map(level).collect();
                    Levels::count(plane, Scale { knots }, grey)
                } else {
                    let value = |at: usize| samples.get(at).copied().map_or(0.0, f64::from);
                    Levels::spread(samples.len(), value, grey)
                }
            }
            Samples::Floats(samples) => {
                let value = |at: usize| samples.get(at).copied().map_or(0.0, f64::from);
                Levels::spread(samples.len(), value, grey)
            }
        }
    }

    /// Of 8-bit values.
    pub(super) fn of_bytes(bytes: &[u8]) -> Levels {
        let plane: Vec<u16> = bytes.iter().map(|byte| u16::from(*byte)).collect();
        let knots = [(0.0, 0.0), (0.0, 0.0), (255.0, 255.0), (255.0, 255.0)];
        Levels {
            counts: histogram(&plane),
            plane,
            padding: Vec::new(),
            scale: Scale { knots },
        }
    }

    /// Of values that span too much.
    fn spread(len: usize, value: impl Fn(usize) -> f64, grey: &Grey) -> Levels {
        let finite = |at: &usize| value(*at).is_finite();
        let least = (0..len)
            .filter(finite)
            .map(&value)
            .fold(f64::INFINITY, f64::min);
        let most = (0..len)
            .filter(finite)
            .map(&value)
            .fold(f64::NEG_INFINITY, f64::max);
        if least > most {
            let knots = [(0.0, 0.0); 4];
            return Levels::count(vec![0; len], Scale { knots }, grey);
        }
        let mut some: Vec<f64> = (0..len)
            .step_by((len / 20_000).max(1))
            .filter(finite)
            .map(&value)
            .collect();
        some.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let at = (some.len() as f64 * part) as usize;
            some.get(at).copied().unwrap_or(least)
        };
        let window = grey.windows.iter().find_map(ends);
        let (low, high) = window.unwrap_or((at(0.01), at(0.99)));
        let (low, high) = (low.clamp(least, most), high.clamp(least, most));
        let knots = [
            (least, 0.0),
            (low, TOP / 8.0),
            (high, TOP * 7.0 / 8.0),
            (most, TOP),
        ];
        let scale = Scale { knots };
        let level = |at: usize| {
            let value = value(at);
            if value.is_nan() {
                0
            } else {
                scale.level(value).round() as u16
            }
        };
        let plane = (0..len).map(level).collect();
        Levels::count(plane, scale, grey)
    }

    fn count(plane: Vec<u16>, scale: Scale, grey: &Grey) -> Levels {
        let mut counts = histogram(&plane);
        let mut padding = Vec::new();
        if let Some(values) = &grey.padding {
            let level = |value: i32| scale.level(f64::from(value)).round() as usize;
            // Outside of all values, a level would be that of the nearest.
            let [(first, _), .., (last, _)] = scale.knots;
            let (start, end) = (f64::from(*values.start()), f64::from(*values.end()));
            if start <= end && start <= last && end >= first {
                padding = vec![0; counts.len()];
                for at in level(*values.start())..=level(*values.end()) {
                    if let (Some(of_image), Some(of_padding)) =
                        (counts.get_mut(at), padding.get_mut(at))
                    {
                        std::mem::swap(of_image, of_padding);
                    }
                }
            }
        }
        Levels {
            plane,
            counts,
            padding,
            scale,
        }
    }

    /// The levels between which a window shows grey; `None` when it is no window.
    pub(super) fn window(&self, window: &Window) -> Option<(f64, f64)> {
        let (low, high) = ends(window)?;
        Some((self.scale.level(low), self.scale.level(high)))
    }

    /// The levels from the darkest to the brightest, but for the few pixels that are darker or brighter still.
    pub(super) fn span(&self) -> Option<RangeInclusive<usize>> {
        let low = nth(self.counts.iter(), u64::from(FEW))?;
        let high = self.counts.len() - 1 - nth(self.counts.iter().rev(), u64::from(FEW))?;
        (low <= high).then_some(low..=high)
    }

    /// The level below which a part of the pixels stand, from 0 to 1.
    pub(super) fn quantile(&self, part: f64) -> usize {
        let all: u64 = self.counts.iter().map(|count| u64::from(*count)).sum();
        nth(self.counts.iter(), (all as f64 * part) as u64).unwrap_or_default()
    }
}

/// The place at which so many are reached.
fn nth<'a>(counts: impl Iterator<Item = &'a u32>, wanted: u64) -> Option<usize> {
    let mut sum = 0;
    counts.into_iter().position(|count| {
        sum += u64::from(*count);
        sum > 0 && sum >= wanted
    })
}

fn ends(window: &Window) -> Option<(f64, f64)> {
    let (low, high) = (window.low.min(window.high), window.low.max(window.high));
    (low.is_finite() && high.is_finite()).then_some((low, high))
}

fn histogram(plane: &[u16]) -> Vec<u32> {
    let top = plane.iter().copied().max().unwrap_or_default();
    let mut counts = vec![0_u32; usize::from(top) + 1];
    for level in plane {
        if let Some(count) = counts.get_mut(usize::from(*level)) {
            *count = count.saturating_add(1);
        }
    }
    counts
}
