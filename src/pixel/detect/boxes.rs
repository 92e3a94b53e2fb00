//! From the map to rectangles.

use super::map::{Map, SCALE};
use super::parts::{Extent, components, extent, straight};
use super::{Findings, Found, Settings};
use crate::pixel::mask::Rect;

/// A place of text is as sure as this many of its places are: one letter of the least size has no fewer.
const SURE_PLACES: usize = 6;

/// A component is thick when its parts are, in pixels: more lines than one, or no text.
const THICK: usize = 40;

/// The same, as a share of the frame's short side.
const THICK_SHARE: f64 = 0.08;

/// By how much the threshold rises to cut a thick component apart, and where that ends.
const RISE: f32 = 0.1;
const HIGHEST: f32 = 0.9;

/// The least and the greatest height, and the least length, in pixels, of what could be a line.
const LINE_HEIGHT: std::ops::RangeInclusive<usize> = 4..=100;
const LINE_LENGTH: usize = 8;

/// A line is no higher than one such part of the frame's short side, when that is more than what counts as thick.
const LINE_SHARE: usize = 4;

/// How much larger than its inner part, which a network for photographs marks, a line is: area by circumference, times
/// this.
const UNCLIP: f64 = 1.6;

/// The rectangles of a map. `is_inner`: the network marks the inner part of a line.
pub(super) fn findings(map: &Map, settings: &Settings, is_inner: bool) -> Findings {
    let settings = settings.sane();
    let short = map.frame_rows().min(map.frame_columns()) as f64;
    let mut boxes = Boxes {
        map,
        settings,
        thick: THICK.max((short * THICK_SHARE) as usize).div_ceil(SCALE),
        is_inner,
        findings: Findings::default(),
    };
    let floor = settings.extent.min(settings.unsure);
    for component in components(map, floor, None) {
        let score = score(map, &component);
        if score >= settings.accept {
            for part in components(map, settings.extent, Some(&component)) {
                boxes.add(&part, settings.extent);
            }
        } else if score >= settings.unsure {
            boxes.add(&component, floor);
        }
    }
    let mut findings = boxes.findings;
    merge(&mut findings.text);
    merge(&mut findings.unsure);
    let text = &findings.text;
    let is_told = |doubt: &Found| text.iter().any(|sure| covers(sure.rect, doubt.rect));
    findings.unsure.retain(|doubt| !is_told(doubt));
    findings
}

/// Collects the rectangles.
struct Boxes<'a> {
    map: &'a Map,
    settings: Settings,
    /// In places of the map.
    thick: usize,
    is_inner: bool,
    findings: Findings,
}

impl Boxes<'_> {
    /// Cuts a component above a threshold apart as long as it is too thick, and boxes what is left.
    fn add(&mut self, component: &[u32], threshold: f32) {
        let (map, settings) = (self.map, self.settings);
        let score = score(map, component);
        if score < settings.unsure {
            return;
        }
        let parts = straight(component, map.columns);
        let thickness = |part: &Extent| part.width().min(part.height());
        let is_thick = parts.iter().any(|part| thickness(part) > self.thick);
        let higher = threshold + RISE;
        if is_thick && higher <= HIGHEST {
            for part in components(map, higher, Some(component)) {
                self.add(&part, higher);
            }
            return;
        }
        // What stays too thick for any line though only its surest places are left is a block of lines.
        let highest = (map.rows().min(map.columns) / LINE_SHARE).max(self.thick);
        let is_line = |part: &Extent| {
            LINE_HEIGHT.contains(&(thickness(part) * SCALE)) && thickness(part) <= highest
        };
        let is_blot = is_thick && !parts.iter().all(is_line);
        let is_text = score >= settings.accept;
        let could_be = || {
            extent(component, map.columns).is_some_and(|whole| {
                let (height, width) = (whole.height() * SCALE, whole.width() * SCALE);
                LINE_HEIGHT.contains(&height.min(width)) && height.max(width) >= LINE_LENGTH
            })
        };
        if !is_text && !is_blot && !could_be() {
            return;
        }
        let into = if is_text {
            &mut self.findings.text
        } else {
            &mut self.findings.unsure
        };
        for part in parts {
            let rect = widen(part, map, self.is_inner);
            into.push(Found { rect, score });
        }
    }
}

/// What the surest places of a component reach together.
fn score(map: &Map, component: &[u32]) -> f32 {
    let mut best = [0.0_f32; SURE_PLACES];
    for place in component {
        let value = map.at(*place as usize);
        if let Some(least) = best.first_mut().filter(|least| value > **least) {
            *least = value;
            best.sort_by(f32::total_cmp);
        }
    }
    // Of a component with fewer places, the least of them.
    best.iter()
        .copied()
        .find(|value| *value > 0.0)
        .unwrap_or_default()
}

/// The rectangle in pixels: half a line height more at each end of the line, and a little above and below.
fn widen(part: Extent, map: &Map, is_inner: bool) -> Rect {
    let mut sides =
        [part.left, part.top, part.right, part.bottom].map(|side| (side * SCALE) as f64);
    let mut grow = |across: f64, down: f64| {
        let [left, top, right, bottom] = &mut sides;
        *left -= across;
        *right += across;
        *top -= down;
        *bottom += down;
        (*right - *left, *bottom - *top)
    };
    let (mut width, mut height) = grow(0.0, 0.0);
    if is_inner {
        let more = width * height * UNCLIP / (2.0 * (width + height));
        (width, height) = grow(more, more);
    }
    let line = width.min(height);
    let (ends, sides_of_line) = (line / 2.0, (line * 0.15).max(2.0));
    // Of a single letter nobody knows which way it is written.
    let is_long = |length: f64| length * 1.5 >= width.max(height);
    grow(
        if is_long(width) { ends } else { sides_of_line },
        if is_long(height) { ends } else { sides_of_line },
    );
    let [left, top, right, bottom] = sides;
    let clip = |side: f64, end: usize| side.clamp(0.0, end as f64) as u32;
    let (rows, columns) = (map.frame_rows(), map.frame_columns());
    let (x, y) = (clip(left.floor(), columns), clip(top.floor(), rows));
    Rect {
        y,
        x,
        width: clip(right.ceil(), columns) - x,
        height: clip(bottom.ceil(), rows) - y,
    }
}

/// Puts rectangles together that overlap, unless that would cover much that neither covers; sorts them by place.
pub(super) fn merge(found: &mut Vec<Found>) {
    loop {
        found.sort_by_key(|found| found.rect);
        let before = found.len();
        let mut merged: Vec<Found> = Vec::with_capacity(before);
        let mut rest = std::mem::take(found)
            .into_iter()
            .map(Some)
            .collect::<Vec<_>>();
        for at in 0..rest.len() {
            let Some(mut one) = rest.get_mut(at).and_then(Option::take) else {
                continue;
            };
            // None further on starts above this one, and those below its end cannot overlap it.
            for slot in rest.iter_mut().skip(at + 1) {
                let Some(other) = *slot else {
                    continue;
                };
                if other.rect.y >= one.rect.y + one.rect.height {
                    break;
                }
                if let Some(rect) = join(one.rect, other.rect) {
                    let score = one.score.max(other.score);
                    one = Found { rect, score };
                    *slot = None;
                }
            }
            merged.push(one);
        }
        *found = merged;
        if found.len() == before {
            return;
        }
    }
}

/// The rectangle around two that overlap, when it is hardly larger than they are.
fn join(a: Rect, b: Rect) -> Option<Rect> {
    let (right, bottom) = (
        (a.x + a.width).max(b.x + b.width),
        (a.y + a.height).max(b.y + b.height),
    );
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
    let overlap = |first: u32, len: u32, other: u32, other_len: u32| {
        (first + len)
            .min(other + other_len)
            .saturating_sub(first.max(other))
    };
    let shared = area(
        overlap(a.x, a.width, b.x, b.width),
        overlap(a.y, a.height, b.y, b.height),
    );
    let covered = area(a.width, a.height) + area(b.width, b.height) - shared;
    let around = area(right - x, bottom - y);
    (shared > 0 && around * 4 <= covered * 5).then_some(Rect {
        y,
        x,
        width: right - x,
        height: bottom - y,
    })
}

/// Whether most of a rectangle lies in another.
fn covers(outer: Rect, inner: Rect) -> bool {
    let overlap = |first: u32, len: u32, other: u32, other_len: u32| {
        u64::from(
            (first + len)
                .min(other + other_len)
                .saturating_sub(first.max(other)),
        )
    };
    let shared = overlap(outer.x, outer.width, inner.x, inner.width)
        * overlap(outer.y, outer.height, inner.y, inner.height);
    shared * 10 >= u64::from(inner.width) * u64::from(inner.height) * 8
}
