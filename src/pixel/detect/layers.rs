//! Frames of a cine, of which only what is new is looked at.
//!
//! The first frame is looked at whole. Of each further frame every square is compared with what it was when the network
//! last saw it:
//!
//! * What is the same, or differs only where text was found already, is not looked at again. So text that never changes
//!   costs one look, and a clock about as many as it takes to see how far its digits reach.
//! * A square that changes after it was at rest is looked at at once: a banner that appears at frame 700.
//! * A square that keeps changing is moving anatomy. It is looked at again after 8 frames, then after 16, and so on up
//!   to 256; and sooner when pixels in it come to rest for 8 frames, as letters over a moving picture do.
//! * What has changed since it was last seen is looked at in the last frame.
//!
//! So text over a moving picture may be missed when it is there for fewer than 8 frames, or for fewer than 64 where
//! the picture itself often comes to rest; and so may text that moves with the picture. An image of many slices is all
//! movement: after its first frames one in up to 256 is looked at.
//!
//! Kept are the last frame, what was seen of each square, and one map: about fifteen bytes a pixel beside the frame.

use super::boxes;
use super::change::{Square, tolerance};
use super::covered::Covered;
use super::detector::Detector;
use super::gate::CELL;
use super::levels::FEW;
use super::map::Map;
use super::seen::{Pixels, Samples, Seen};
use super::{DetectError, Findings, Settings};

/// After how many frames a square that keeps changing is looked at again, first and at most.
const PAUSE: u32 = 8;
const LONGEST_PAUSE: u32 = 256;

/// The same, of a square in which pixels came to rest.
const LONGEST_REST_PAUSE: u32 = 64;

/// Takes the frames of one image one by one, and tells what was found in any of them.
pub struct Layers<'a> {
    detector: &'a Detector,
    settings: Settings,
    state: Option<State>,
    looks: u64,
}

/// What is known after the first frame.
struct State {
    map: Map,
    columns: usize,
    /// Samples of a pixel.
    samples: usize,
    /// What differs by more has changed: one grey level of a viewer, or what lossy compression does to eight bits.
    tolerance: f32,
    /// Each square as it was when the network last saw it.
    known: Vec<f32>,
    /// The last frame.
    last: Seen,
    last_values: Vec<f32>,
    /// For how many frames each pixel has been at rest.
    rest: Vec<u8>,
    /// Text found so far.
    covered: Covered,
    cells: Vec<Cell>,
    frame: u32,
}

/// A square of the frame.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// The frame in which the network last saw it.
    seen_at: u32,
    /// How many frames it must wait to be seen again.
    pause: u32,
    /// How many of them when pixels came to rest in it.
    rest_pause: u32,
    /// How many of its pixels have changed since it was seen.
    changed: u32,
    /// How many of those are at rest now.
    resting: u32,
}

impl<'a> Layers<'a> {
    /// For the frames of one image.
    pub fn new(detector: &'a Detector, settings: &Settings) -> Layers<'a> {
        Layers {
            detector,
            settings: *settings,
            state: None,
            looks: 0,
        }
    }

    /// Takes the next frame. All frames have the same size and kind.
    ///
    /// # Errors
    /// As [`Detector::find`]. [`DetectError::Samples`] also when a frame has another size than those before it.
    pub fn add(&mut self, frame: Seen) -> Result<(), DetectError> {
        frame.check()?;
        let values = values(&frame);
        let Some(state) = &mut self.state else {
            let mut map = Map::new(frame.rows as usize, frame.columns as usize);
            self.detector.mark(&frame, &self.settings, None, &mut map)?;
            self.looks += 1;
            self.state = Some(State::new(frame, values, map));
            self.cover();
            return Ok(());
        };
        if values.len() != state.known.len() || frame.columns != state.last.columns {
            return Err(DetectError::Samples {
                expected: state.known.len() as u64,
                found: values.len() as u64,
            });
        }
        state.frame += 1;
        state.compare(&values);
        state.last = frame;
        state.last_values = values;
        let now = state.frame;
        self.look(|cell| cell.is_due(now))
    }

    /// What was found in all frames together.
    ///
    /// # Errors
    /// As [`Detector::find`].
    pub fn finish(mut self) -> Result<Findings, DetectError> {
        self.look(|cell| cell.changed >= FEW)?;
        let is_inner = self.detector.marks_inner_part();
        Ok(self
            .state
            .map(|state| boxes::findings(&state.map, &self.settings, is_inner))
            .unwrap_or_default())
    }

    /// How many times the network was asked, for all or part of a frame.
    pub fn looks(&self) -> u64 {
        self.looks
    }

    /// Lets the network look at the squares that are due, in the last frame.
    fn look(&mut self, is_due: impl Fn(&Cell) -> bool) -> Result<(), DetectError> {
        let Some(state) = &mut self.state else {
            return Ok(());
        };
        let due: Vec<bool> = state.cells.iter().map(is_due).collect();
        if !due.contains(&true) {
            return Ok(());
        }
        self.detector
            .mark(&state.last, &self.settings, Some(&due), &mut state.map)?;
        self.looks += 1;
        state.know(&due);
        self.cover();
        Ok(())
    }

    /// Remembers where text was found, so that changes there are not looked at.
    fn cover(&mut self) {
        if let Some(state) = &mut self.state {
            let is_inner = self.detector.marks_inner_part();
            let found = boxes::findings(&state.map, &self.settings, is_inner);
            state.covered = Covered::new(state.columns, state.rest.len(), &found.text);
        }
    }
}

impl State {
    fn new(frame: Seen, values: Vec<f32>, map: Map) -> State {
        let (rows, columns) = (frame.rows as usize, frame.columns as usize);
        let pixels = rows * columns;
        State {
            map,
            columns,
            samples: values.len().checked_div(pixels).unwrap_or(1).max(1),
            tolerance: tolerance(&values),
            known: values.clone(),
            last: frame,
            last_values: values,
            rest: vec![0; pixels],
            covered: Covered::new(columns, pixels, &[]),
            cells: vec![Cell::default(); rows.div_ceil(CELL) * columns.div_ceil(CELL)],
            frame: 0,
        }
    }

    /// Counts in each square what is no longer as the network saw it.
    fn compare(&mut self, values: &[f32]) {
        for cell in &mut self.cells {
            (cell.changed, cell.resting) = (0, 0);
        }
        let (tolerance, samples) = (self.tolerance, self.samples);
        let line = self.columns.max(1);
        let rows = values
            .chunks(line * samples)
            .zip(self.last_values.chunks(line * samples))
            .zip(self.known.chunks(line * samples))
            .zip(self.rest.chunks_mut(line))
            .zip(self.covered.pixels().chunks(line));
        let across = self.columns.div_ceil(CELL);
        for (row, ((((now, before), known), rest), covered)) in rows.enumerate() {
            let cells = self
                .cells
                .get_mut(row / CELL * across..)
                .unwrap_or_default();
            let squares = now
                .chunks(CELL * samples)
                .zip(before.chunks(CELL * samples))
                .zip(known.chunks(CELL * samples))
                .zip(rest.chunks_mut(CELL))
                .zip(covered.chunks(CELL));
            for (((((now, before), known), rest), covered), cell) in squares.zip(cells) {
                if now == before && now == known {
                    for rest in rest {
                        *rest = rest.saturating_add(1);
                    }
                    continue;
                }
                let square = Square {
                    now,
                    before,
                    known,
                    covered,
                };
                let (changed, resting) = match samples {
                    3 => square.count::<3>(rest, tolerance),
                    _ => square.count::<1>(rest, tolerance),
                };
                cell.changed += changed;
                cell.resting += resting;
            }
        }
    }

    /// Remembers what the network has seen.
    fn know(&mut self, due: &[bool]) {
        let across = self.columns.div_ceil(CELL);
        for (cell, _) in self.cells.iter_mut().zip(due).filter(|(_, due)| **due) {
            if self.frame - cell.seen_at < cell.pause {
                cell.rest_pause = (cell.rest_pause * 2).clamp(PAUSE, LONGEST_REST_PAUSE);
            } else {
                cell.pause = (cell.pause * 2).clamp(PAUSE, LONGEST_PAUSE);
            }
            cell.seen_at = self.frame;
            (cell.changed, cell.resting) = (0, 0);
        }
        let pixels = self
            .known
            .chunks_mut(self.samples)
            .zip(self.last_values.chunks(self.samples));
        for (at, (known, last)) in pixels.enumerate() {
            if due.get(at / self.columns / CELL * across + at % self.columns / CELL) == Some(&true)
            {
                known.copy_from_slice(last);
            }
        }
    }
}

impl Cell {
    /// Whether it must be looked at in this frame.
    fn is_due(&self, frame: u32) -> bool {
        let waited = frame - self.seen_at;
        let is_resting = self.resting >= FEW && waited >= self.rest_pause;
        self.changed >= FEW && (waited >= self.pause || is_resting)
    }
}

fn values(frame: &Seen) -> Vec<f32> {
    match &frame.pixels {
        Pixels::Grey(grey) => match &grey.samples {
            Samples::Integers(samples) => samples.iter().map(|value| *value as f32).collect(),
            Samples::Floats(samples) => samples.clone(),
        },
        Pixels::Rgb(samples) => samples.iter().map(|value| f32::from(*value)).collect(),
    }
}
