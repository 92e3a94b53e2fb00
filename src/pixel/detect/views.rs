//! The grey pictures in which a frame is looked at.
//!
//! Text can stand where the header's window shows plain black or white. So beside that window there are the tail below
//! it and the tail above it: whatever two values differ, one of the three shows the difference at least as well as a
//! window from the least to the greatest value would. Where nothing lies outside the window, the second picture has
//! its levels spread by how many pixels stand at them: letters of value 3 on 0 are as good as invisible to an eye, but
//! are there for whoever turns up the contrast.

use super::levels::{FEW, Levels};
use super::seen::{Grey, Window};

/// A picture of a frame.
pub(super) struct View {
    /// What each level becomes.
    table: Vec<u8>,
}

impl View {
    /// The picture.
    pub(super) fn paint(&self, levels: &Levels) -> Vec<u8> {
        let paint = |level: &u16| self.table.get(usize::from(*level)).copied();
        levels
            .plane
            .iter()
            .map(|level| paint(level).unwrap_or_default())
            .collect()
    }
}

/// The views of grey samples. The first is what a viewer shows. Empty when there is nothing to see.
pub(super) fn of_grey(grey: &Grey, levels: &Levels, thorough: bool) -> Vec<View> {
    let mut views = of_levels(levels, &grey.windows, thorough);
    if grey.inverted {
        for value in views.iter_mut().flat_map(|view| &mut view.table) {
            *value = 255 - *value;
        }
    }
    views
}

/// The views of 8-bit values.
pub(super) fn of_bytes(levels: &Levels, thorough: bool) -> Vec<View> {
    of_levels(levels, &[], thorough)
}

fn of_levels(levels: &Levels, windows: &[Window], thorough: bool) -> Vec<View> {
    let mut views = Vec::new();
    let hidden = in_padding(levels);
    let Some(span) = levels.span() else {
        views.extend(hidden);
        return views;
    };
    let (low, high) = (*span.start(), *span.end());
    if low == high {
        // One value, and perhaps padding.
        if levels.padding.iter().any(|count| *count >= FEW) {
            views.push(spread(levels, low, high));
        }
        views.extend(hidden);
        return views;
    }
    let ends = (low as f64, high as f64);
    let mut shown: Vec<(f64, f64)> = windows
        .iter()
        .filter_map(|window| levels.window(window))
        .collect();
    // A window that shows all without clipping shows less contrast than one that fits.
    for window in &mut shown {
        *window = (window.0.max(ends.0), window.1.min(ends.1));
    }
    shown.retain(|(low, high)| low <= high);
    if !thorough {
        shown.truncate(1);
    }
    if shown.is_empty() {
        shown.push(if high - low > 255 {
            (levels.quantile(0.005) as f64, levels.quantile(0.995) as f64)
        } else {
            ends
        });
    }
    shown.dedup();
    for (from, to) in &shown {
        views.push(linear(levels, *from, *to));
    }
    let (from, to) = shown.first().copied().unwrap_or(ends);
    let pixels =
        |levels_of: &[u32]| -> u64 { levels_of.iter().map(|count| u64::from(*count)).sum() };
    let below = levels
        .counts
        .get(..(from.ceil() as usize).min(levels.counts.len()))
        .unwrap_or_default();
    let above = levels
        .counts
        .get(to.floor() as usize + 1..)
        .unwrap_or_default();
    let (has_below, has_above) = (
        pixels(below) >= u64::from(FEW),
        pixels(above) >= u64::from(FEW),
    );
    if has_below {
        views.push(spread(levels, low, from.ceil() as usize));
    }
    if has_above {
        views.push(spread(levels, to.floor() as usize, high));
    }
    if !has_below && !has_above {
        views.push(spread(levels, low, high));
    } else if thorough {
        views.push(linear(levels, ends.0, ends.1));
    }
    views.extend(hidden);
    views
}

/// Straight from black to white.
fn linear(levels: &Levels, low: f64, high: f64) -> View {
    let width = high - low;
    let shade = |level: usize| {
        let level = level as f64;
        if width <= 0.0 {
            return if level > low { 255 } else { 0 };
        }
        (((level - low) / width).clamp(0.0, 1.0) * 255.0).round() as u8
    };
    View {
        table: (0..levels.counts.len()).map(shade).collect(),
    }
}

/// From black to white, half straight and half by how many pixels stand at each level: one far pixel cannot push all
/// others together, nor many alike ones those beside them. Padding keeps a shade of its own.
fn spread(levels: &Levels, low: usize, high: usize) -> View {
    let inside = levels.counts.get(low..=high).unwrap_or_default();
    let all: f64 = inside.iter().map(|count| f64::from(*count)).sum();
    let width = (high.saturating_sub(low)).max(1) as f64;
    let padded = |part: Option<&[u32]>| part.unwrap_or_default().iter().any(|count| *count >= FEW);
    let bottom = if padded(levels.padding.get(..low)) {
        24.0
    } else {
        0.0
    };
    let top = if padded(levels.padding.get(high + 1..)) {
        231.0
    } else {
        255.0
    };
    let mut table = Vec::with_capacity(levels.counts.len());
    table.resize(low, 0);
    let mut sum = 0.0;
    let (first, last) = (
        f64::from(inside.first().copied().unwrap_or_default()) / 2.0,
        f64::from(inside.last().copied().unwrap_or_default()) / 2.0,
    );
    let between = (all - first - last).max(1.0);
    for (at, count) in inside.iter().enumerate() {
        let count = f64::from(*count);
        // The middle of a level's pixels, so that the first level is black and the last one white.
        let rank = ((sum + count / 2.0 - first) / between).clamp(0.0, 1.0);
        sum += count;
        let part = f64::midpoint(at as f64 / width, rank);
        table.push((bottom + part * (top - bottom)).round() as u8);
    }
    table.resize(levels.counts.len(), 255);
    // What is not padding but lies outside is as dark or bright as the end.
    for (level, shade) in table.iter_mut().enumerate() {
        let is_image = levels.padding.get(level).is_none_or(|count| *count == 0);
        if is_image && level < low {
            *shade = bottom as u8;
        } else if is_image && level > high {
            *shade = top as u8;
        }
    }
    View { table }
}

/// What differs within the padding itself.
fn in_padding(levels: &Levels) -> Option<View> {
    let some = |count: &u32| *count >= FEW;
    let low = levels.padding.iter().position(some)?;
    let high = levels.padding.iter().rposition(some)?;
    (low < high).then(|| linear(levels, low as f64, high as f64))
}
