//! Where a picture can hold text at all, told without a network.
//!
//! A letter has strokes, and a stroke has steps: at least [`FEW`] pixels of any letter differ from one near by. A part of a picture without such steps is plain or changes slowly, and holds no text.

use super::levels::FEW;

/// Rows and columns of the squares that are told apart.
pub(super) const CELL: usize = 32;

/// How many pixels further on: sharp strokes differ from the next, soft ones from the one after it.
const FURTHER: [usize; 2] = [1, 2];

/// What differs by less is no step: a slow change that is drawn in whole levels differs by one.
const STEP: u8 = 2;

/// What differs by this much in the first view is found there.
const PLAIN: u8 = 64;

/// The squares of a picture, and which of them can hold text.
pub(super) struct Gate {
    /// Squares in a row.
    columns: usize,
    /// Whether each can, row by row.
    open: Vec<bool>,
}

impl Gate {
    /// Looks at a picture. Where `first` is given, only steps count that are clearer than in that other view of the
    /// same frame and not plain to see there.
    pub(super) fn new(picture: &[u8], first: Option<&[u8]>, columns: usize) -> Gate {
        let across = columns.div_ceil(CELL);
        let rows = picture.len().checked_div(columns).unwrap_or_default();
        let mut steps = vec![0_u32; across * rows.div_ceil(CELL)];
        for row in 0..rows {
            let cells = steps.get_mut(row / CELL * across..).unwrap_or_default();
            let line = |of| line_of(of, row, columns);
            for further in FURTHER {
                let beside = |of| line(of).get(further..).unwrap_or_default();
                let below = |of| line_of(of, row + further, columns);
                match first {
                    None => {
                        add_steps(line(picture), beside(picture), cells);
                        add_steps(line(picture), below(picture), cells);
                    }
                    Some(first) => {
                        let other = line(first);
                        add_new_steps(line(picture), beside(picture), other, beside(first), cells);
                        add_new_steps(line(picture), below(picture), other, below(first), cells);
                    }
                }
            }
        }
        Gate {
            columns: across,
            open: open(&steps, across),
        }
    }

    /// Closes all squares but these.
    pub(super) fn close_others(&mut self, squares: &[bool]) {
        for (open, keep) in self.open.iter_mut().zip(squares) {
            *open &= keep;
        }
    }

    /// The parts of these rows and columns in which squares are open, in pixels. Parts that lie apart are told apart when
    /// that is less to look at, `margin` around each included.
    pub(super) fn areas(&self, rows: Side, columns: Side, margin: usize) -> Vec<Area> {
        let mut open = Vec::new();
        for row in rows.0 / CELL..rows.1.div_ceil(CELL) {
            for column in columns.0 / CELL..columns.1.div_ceil(CELL).min(self.columns) {
                if self.open.get(row * self.columns + column) == Some(&true) {
                    open.push((row, column));
                }
            }
        }
        let mut areas = Vec::new();
        split(&open, margin, &mut areas);
        areas
    }
}

/// First and end.
pub(super) type Side = (usize, usize);

/// Rows and columns, first and end of both.
pub(super) type Area = (Side, Side);

/// The area around squares, or the areas around those on both sides of a gap, again cut at gaps.
fn split(open: &[(usize, usize)], margin: usize, areas: &mut Vec<Area>) {
    let Some(whole) = around(open) else {
        return;
    };
    let cost = |area: Area| {
        let side = |(first, end): Side| end - first + 2 * margin;
        side(area.0) * side(area.1)
    };
    let mut best = (cost(whole), None);
    for is_row in [true, false] {
        let place = |square: &(usize, usize)| if is_row { square.0 } else { square.1 };
        let mut places: Vec<usize> = open.iter().map(place).collect();
        places.sort_unstable();
        places.dedup();
        for (before, after) in places.iter().zip(places.iter().skip(1)) {
            if before + 1 == *after {
                continue;
            }
            let (one, other): (Vec<_>, Vec<_>) =
                open.iter().partition(|square| place(square) <= *before);
            let both = around(&one).map_or(0, cost) + around(&other).map_or(0, cost);
            if both < best.0 {
                best = (both, Some((one, other)));
            }
        }
    }
    match best.1 {
        Some((one, other)) => {
            split(&one, margin, areas);
            split(&other, margin, areas);
        }
        None => areas.push(whole),
    }
}

/// The area around squares, in pixels.
fn around(open: &[(usize, usize)]) -> Option<Area> {
    let side = |place: fn(&(usize, usize)) -> usize| {
        let places = || open.iter().map(place);
        Some((places().min()? * CELL, (places().max()? + 1) * CELL))
    };
    Some((side(|square| square.0)?, side(|square| square.1)?))
}

fn line_of(of: &[u8], row: usize, columns: usize) -> &[u8] {
    let start = row * columns;
    of.get(start..start + columns).unwrap_or_default()
}

/// Counts the steps from one row to another by square.
fn add_steps(here: &[u8], there: &[u8], cells: &mut [u32]) {
    let pairs = here.chunks(CELL).zip(there.chunks(CELL));
    for ((here, there), count) in pairs.zip(cells) {
        *count += count_of(here.iter().zip(there).map(|(a, b)| a.abs_diff(*b) >= STEP));
    }
}

/// The same, of steps that the other view does not show as well.
fn add_new_steps(
    here: &[u8],
    there: &[u8],
    other_here: &[u8],
    other_there: &[u8],
    cells: &mut [u32],
) {
    let pairs = here.chunks(CELL).zip(there.chunks(CELL));
    let others = other_here.chunks(CELL).zip(other_there.chunks(CELL));
    for ((pair, other), count) in pairs.zip(others).zip(cells) {
        let steps = pair.0.iter().zip(pair.1).map(|(a, b)| a.abs_diff(*b));
        let others = other.0.iter().zip(other.1).map(|(a, b)| a.abs_diff(*b));
        *count += count_of(steps.zip(others).map(|(step, other)| {
            // A quarter more than in the other view, without leaving eight bits.
            step >= STEP && other < PLAIN && step - step / 4 > other
        }));
    }
}

fn count_of(steps: impl Iterator<Item = bool>) -> u32 {
    // No more than there are in a row of a square, so that eight bits hold it.
    u32::from(steps.fold(0_u8, |sum, is_step| sum + u8::from(is_step)))
}

/// A square is open when it has steps, and enough of them together with its neighbours.
fn open(steps: &[u32], across: usize) -> Vec<bool> {
    let down = steps.len().checked_div(across).unwrap_or_default();
    let at = |row: usize, column: usize| {
        steps
            .get(row * across + column)
            .copied()
            .unwrap_or_default()
    };
    let mut open = Vec::with_capacity(steps.len());
    for row in 0..down {
        for column in 0..across {
            let near = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
            let sum: u32 = near(row, down)
                .flat_map(|row| near(column, across).map(move |column| (row, column)))
                .map(|(row, column)| at(row, column))
                .sum();
            open.push(at(row, column) > 0 && sum >= FEW);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Letters of 3 x 5 dots, the least that can be read.
    const LETTERS: [[u8; 5]; 6] = [
        [0b010, 0b101, 0b111, 0b101, 0b101],
        [0b010, 0b010, 0b010, 0b010, 0b010],
        [0b111, 0b100, 0b110, 0b100, 0b111],
        [0b001, 0b001, 0b001, 0b101, 0b010],
        [0b100, 0b100, 0b100, 0b100, 0b111],
        [0b000, 0b000, 0b111, 0b000, 0b000],
    ];

    proptest! {
        #[test]
        fn lets_every_letter_on_a_flat_ground_through(
            ground in 0..=253_u8,
            is_darker: bool,
            letter in 0..LETTERS.len(),
            scale in 1..6_usize,
            column in 0..170_usize,
            row in 0..150_usize,
        ) {
            let (columns, rows) = (190, 180);
            let (ground, ink) = if is_darker { (ground + 2, ground) } else { (ground, ground + 2) };
            let mut picture = vec![ground; columns * rows];
            let mut inked = Vec::new();
            for y in 0..5 * scale {
                for x in 0..3 * scale {
                    if LETTERS[letter][y / scale] >> (2 - x / scale) & 1 == 1 {
                        picture[(row + y) * columns + column + x] = ink;
                        inked.push((row + y, column + x));
                    }
                }
            }
            let areas = Gate::new(&picture, None, columns).areas((0, rows), (0, columns), CELL);
            for (row, column) in inked {
                let near = |side: Side, at: usize| side.0 <= at + CELL && at < side.1 + CELL;
                prop_assert!(areas.iter().any(|area| near(area.0, row) && near(area.1, column)));
            }
        }

        #[test]
        fn lets_through_what_another_view_does_not_show(
            shown in 0..24_u8,
            more in 40..200_u8,
            row in 0..80_usize,
        ) {
            // A bar that the first view hardly shows.
            let bar = |ink: u8| -> Vec<u8> {
                (0..100 * 100).map(|at| if (row..row + 5).contains(&(at / 100)) { ink } else { 0 }).collect()
            };
            let gate = Gate::new(&bar(shown + more), Some(&bar(shown)), 100);
            prop_assert!(!gate.areas((0, 100), (0, 100), CELL).is_empty());
        }
    }

    #[test]
    fn passes_over_what_is_plain_slow_or_shown_already() {
        let plain = vec![9; 64 * 64];
        let slow: Vec<u8> = (0..64 * 64).map(|at| (at % 64 / 4) as u8).collect();
        let dots: Vec<u8> = (0..64 * 64)
            .map(|at| if at == 2000 { 255 } else { 0 })
            .collect();
        for picture in [plain, slow] {
            assert_eq!(
                Gate::new(&picture, None, 64).areas((0, 64), (0, 64), CELL),
                []
            );
        }
        assert_eq!(
            Gate::new(&dots, Some(&dots), 64).areas((0, 64), (0, 64), CELL),
            []
        );
        assert_eq!(Gate::new(&[], None, 0).areas((0, 0), (0, 0), CELL), []);
    }

    #[test]
    fn tells_parts_apart_that_lie_apart() {
        let mut picture = vec![0; 640 * 640];
        for (row, column) in [(10, 10), (600, 600)] {
            for at in 0..8 {
                picture[(row + at) * 640 + column] = 255;
            }
        }
        let areas = Gate::new(&picture, None, 640).areas((0, 640), (0, 640), CELL);
        assert_eq!(areas, [((0, 32), (0, 32)), ((576, 608), (576, 608))]);
    }
}
