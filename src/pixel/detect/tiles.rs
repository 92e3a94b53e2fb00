//! Large frames are looked at part by part.

use super::DetectError;
use super::gate::{Area, Gate, Side};
use super::map::Map;
use super::model::{STEP, Session};

/// Rows and columns of the largest part.
const TILE: usize = 1024;

/// What two neighbours share at least: the tallest letters for which the network is made are whole in one of them.
const OVERLAP: usize = 96;

/// How far around a square that can hold text the network looks.
const MARGIN: usize = 32;

/// What was looked at and what was passed over, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Effort {
    /// Pixels of all views.
    pub(super) pixels: u64,
    /// Pixels that the network was given.
    pub(super) looked_at: u64,
}

/// Marks on the map where a picture of the whole frame has text.
pub(super) fn mark(
    session: &Session<'_>,
    picture: &[u8],
    gate: &Gate,
    map: &mut Map,
    effort: &mut Effort,
) -> Result<(), DetectError> {
    let (rows, columns) = (map.frame_rows(), map.frame_columns());
    effort.pixels += (rows * columns) as u64;
    for tile_rows in parts(rows) {
        for tile_columns in parts(columns) {
            for open in gate.areas(tile_rows, tile_columns, MARGIN) {
                let area = (
                    trim(open.0, tile_rows, rows),
                    trim(open.1, tile_columns, columns),
                );
                effort.looked_at += look(session, picture, area, map)?;
            }
        }
    }
    Ok(())
}

/// Looks at one part of a picture; how many pixels that were.
fn look(
    session: &Session<'_>,
    picture: &[u8],
    (rows, columns): Area,
    map: &mut Map,
) -> Result<u64, DetectError> {
    let zoom = zoom(session, map);
    let (height, width) = (rows.1 - rows.0, columns.1 - columns.0);
    let (high, wide) = (zoom.of(height), zoom.of(width));
    let (padded_high, padded_wide) = (high.next_multiple_of(STEP), wide.next_multiple_of(STEP));
    let mut input = Vec::with_capacity(padded_high * padded_wide);
    let frame_columns = map.frame_columns();
    if zoom == Zoom::NONE {
        for row in (rows.0..rows.1)
            .chain(std::iter::repeat(rows.1 - 1))
            .take(padded_high)
        {
            let start = row * frame_columns;
            let line = picture
                .get(start + columns.0..start + columns.1)
                .unwrap_or_default();
            input.extend_from_slice(line);
            let edge = line.last().copied().unwrap_or_default();
            input.resize(input.len() + padded_wide - line.len(), edge);
        }
    } else {
        enlarge(
            picture,
            frame_columns,
            (rows, columns),
            zoom,
            (padded_high, padded_wide),
            &mut input,
        );
    }
    let marks = session.map(&input, padded_high, padded_wide)?;
    let scale = session.network().scale();
    map.add(
        &marks,
        padded_wide / scale,
        (rows, columns),
        scale,
        (zoom.times, zoom.by),
    );
    Ok((padded_high * padded_wide) as u64)
}

/// By how much a frame is enlarged: `times / by`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Zoom {
    times: usize,
    by: usize,
}

impl Zoom {
    const NONE: Zoom = Zoom { times: 1, by: 1 };

    fn of(self, length: usize) -> usize {
        (length * self.times).div_ceil(self.by)
    }
}

/// A network made for photographs misses small letters: it gets frames up to 700 pixels twice as large, and up to 1,100
/// one and a half times.
fn zoom(session: &Session<'_>, map: &Map) -> Zoom {
    let longer = map.frame_rows().max(map.frame_columns());
    match longer {
        _ if !session.network().is_foreign() => Zoom::NONE,
        0..=700 => Zoom { times: 2, by: 1 },
        701..=1100 => Zoom { times: 3, by: 2 },
        _ => Zoom::NONE,
    }
}

/// Appends an area of a picture, enlarged with straight lines between pixels and its edge repeated.
fn enlarge(
    picture: &[u8],
    frame_columns: usize,
    (rows, columns): Area,
    zoom: Zoom,
    (high, wide): (usize, usize),
    input: &mut Vec<u8>,
) {
    let pixel = |row: usize, column: usize| {
        let at = row * frame_columns + column;
        picture.get(at).copied().map_or(0.0, f32::from)
    };
    // Where the middle of an enlarged pixel lies: the pixel before it, the one behind it, and how far it is between.
    let place = |at: usize, (first, end): (usize, usize)| {
        let at = ((at as f32 + 0.5) * zoom.by as f32 / zoom.times as f32 - 0.5).max(0.0);
        let before = (first + at as usize).min(end - 1);
        (before, (before + 1).min(end - 1), at.fract())
    };
    let across: Vec<_> = (0..wide).map(|column| place(column, columns)).collect();
    for row in 0..high {
        let (above, below, down) = place(row, rows);
        for &(left, right, aside) in &across {
            let mix = |row| pixel(row, left) * (1.0 - aside) + pixel(row, right) * aside;
            let value = mix(above) * (1.0 - down) + mix(below) * down;
            input.push(value.round() as u8);
        }
    }
}

/// Cuts a side into parts of the same length that overlap.
fn parts(length: usize) -> Vec<Side> {
    let step = TILE - OVERLAP;
    let count = length.saturating_sub(OVERLAP).div_ceil(step).max(1);
    let part = (length + (count - 1) * OVERLAP).div_ceil(count);
    let part = part.next_multiple_of(STEP).min(length);
    let last = length - part;
    let start = |at: usize| (last * at).checked_div(count - 1).unwrap_or_default();
    (0..count).map(|at| (start(at), start(at) + part)).collect()
}

/// The open part of a tile with a margin, enlarged to a multiple that the network takes when the frame has room.
fn trim(open: Side, tile: Side, end: usize) -> Side {
    let first = open.0.saturating_sub(MARGIN).max(tile.0);
    let last = (open.1 + MARGIN).min(tile.1);
    let last = (first + (last - first).next_multiple_of(STEP)).min(end);
    let length = (last - first).next_multiple_of(STEP);
    (last.saturating_sub(length), last)
}
