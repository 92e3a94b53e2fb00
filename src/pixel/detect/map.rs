//! Where the network sees text, in all views together.

use super::gate::Area;

/// Pixels of the frame to one of the map, in each direction.
pub(super) const SCALE: usize = 2;

/// How sure the network is at each place of a frame, at half its size.
pub(super) struct Map {
    frame_rows: usize,
    frame_columns: usize,
    /// Places in a row.
    pub(super) columns: usize,
    /// Row by row, 0 to 1.
    pub(super) values: Vec<f32>,
}

impl Map {
    /// Of a frame in which nothing was seen yet.
    pub(super) fn new(frame_rows: usize, frame_columns: usize) -> Map {
        let columns = frame_columns.div_ceil(SCALE);
        Map {
            frame_rows,
            frame_columns,
            columns,
            values: vec![0.0; frame_rows.div_ceil(SCALE) * columns],
        }
    }

    /// Rows of the frame.
    pub(super) fn frame_rows(&self) -> usize {
        self.frame_rows
    }

    /// Columns of the frame.
    pub(super) fn frame_columns(&self) -> usize {
        self.frame_columns
    }

    /// Rows of the map.
    pub(super) fn rows(&self) -> usize {
        self.frame_rows.div_ceil(SCALE)
    }

    /// How sure it is at one place.
    pub(super) fn at(&self, place: usize) -> f32 {
        self.values.get(place).copied().unwrap_or_default()
    }

    /// Adds what the network gave for an area of the frame, which was enlarged by `zoom.0 / zoom.1` for it and `scale`
    /// times larger than what it gave. Each place keeps the greatest value.
    pub(super) fn add(
        &mut self,
        marks: &[f32],
        marks_columns: usize,
        (rows, columns): Area,
        scale: usize,
        zoom: (usize, usize),
    ) {
        // The places that one mark covers, at least one.
        let places = |mark: usize, first: usize| {
            let pixel = |mark: usize| first * zoom.0 + mark * scale * zoom.1;
            let unit = SCALE * zoom.0;
            let start = pixel(mark) / unit;
            start..pixel(mark + 1).div_ceil(unit).max(start + 1)
        };
        let inside_columns = columns.1.div_ceil(SCALE).min(self.columns);
        let inside_rows = rows.1.div_ceil(SCALE).min(self.rows());
        for (row, line) in marks.chunks(marks_columns.max(1)).enumerate() {
            for place_row in places(row, rows.0) {
                if place_row >= inside_rows {
                    break;
                }
                let start = place_row * self.columns;
                let into = self
                    .values
                    .get_mut(start..start + self.columns)
                    .unwrap_or_default();
                for (column, mark) in line.iter().enumerate() {
                    let places = places(column, columns.0);
                    let end = places.end.min(inside_columns);
                    for value in into.get_mut(places.start.min(end)..end).unwrap_or_default() {
                        *value = value.max(mark.clamp(0.0, 1.0));
                    }
                }
            }
        }
    }
}
