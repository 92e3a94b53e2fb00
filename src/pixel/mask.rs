//! Which pixels of a frame must be blanked.

use std::ops::Range;

/// A rectangle in pixels, counted from the top left corner of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rect {
    /// First row.
    pub y: u32,
    /// First column.
    pub x: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// The union of rectangles, clipped to the frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    rows: u32,
    columns: u32,
    /// Bands of rows with equal runs, top to bottom, none empty, none overlapping.
    bands: Vec<Band>,
}

/// Rows that are blanked at the same columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The rows.
    pub rows: Range<u32>,
    /// The columns, left to right, none empty, none touching the next.
    pub runs: Vec<Range<u32>>,
}

impl Mask {
    /// The union of `rects` on a frame of `rows` and `columns`; what lies outside the frame is cut off.
    pub fn new(rows: u32, columns: u32, rects: &[Rect]) -> Mask {
        let clip =
            |start: u32, len: u32, end: u32| start.min(end)..start.saturating_add(len).min(end);
        let boxes: Vec<(Range<u32>, Range<u32>)> = rects
            .iter()
            .map(|r| (clip(r.y, r.height, rows), clip(r.x, r.width, columns)))
            .filter(|(y, x)| !y.is_empty() && !x.is_empty())
            .collect();
        let mut cuts: Vec<u32> = boxes.iter().flat_map(|(y, _)| [y.start, y.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut bands: Vec<Band> = Vec::new();
        for (&start, &end) in cuts.iter().zip(cuts.iter().skip(1)) {
            let runs = union(
                boxes
                    .iter()
                    .filter(|(y, _)| y.start <= start && end <= y.end)
                    .map(|(_, x)| x.clone()),
            );
            match bands.last_mut() {
                _ if runs.is_empty() => {}
                Some(last) if last.rows.end == start && last.runs == runs => last.rows.end = end,
                _ => bands.push(Band {
                    rows: start..end,
                    runs,
                }),
            }
        }
        Mask {
            rows,
            columns,
            bands,
        }
    }

    /// All that is not blanked.
    pub fn outside(&self) -> Vec<Rect> {
        let mut rects = Vec::new();
        let mut add = |rows: Range<u32>, columns: Range<u32>| {
            if !rows.is_empty() && !columns.is_empty() {
                rects.push(Rect {
                    y: rows.start,
                    x: columns.start,
                    width: columns.end - columns.start,
                    height: rows.end - rows.start,
                });
            }
        };
        let mut below = 0;
        for band in &self.bands {
            add(below..band.rows.start, 0..self.columns);
            let mut behind = 0;
            for run in &band.runs {
                add(band.rows.clone(), behind..run.start);
                behind = run.end;
            }
            add(band.rows.clone(), behind..self.columns);
            below = band.rows.end;
        }
        add(below..self.rows, 0..self.columns);
        rects
    }

    /// Rows of the frame.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Columns of the frame.
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// Whether no pixel is blanked.
    pub fn is_empty(&self) -> bool {
        self.bands.is_empty()
    }

    /// The blanked rows, top to bottom.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The columns that are blanked in a row.
    pub fn runs(&self, row: u32) -> &[Range<u32>] {
        let at = self.bands.partition_point(|band| band.rows.end <= row);
        match self.bands.get(at) {
            Some(band) if band.rows.contains(&row) => &band.runs,
            _ => &[],
        }
    }

    /// Whether any pixel of this part of the frame is blanked.
    pub fn touches(&self, rows: Range<u32>, columns: Range<u32>) -> bool {
        let from = self
            .bands
            .partition_point(|band| band.rows.end <= rows.start);
        let bands = self
            .bands
            .iter()
            .skip(from)
            .take_while(|band| band.rows.start < rows.end);
        bands
            .flat_map(|band| &band.runs)
            .any(|run| run.start < columns.end && columns.start < run.end)
    }

    /// How many pixels are blanked.
    pub fn pixels(&self) -> u64 {
        let of_band = |band: &Band| {
            let columns: u64 = band
                .runs
                .iter()
                .map(|run| u64::from(run.end - run.start))
                .sum();
            columns * u64::from(band.rows.end - band.rows.start)
        };
        self.bands.iter().map(of_band).sum()
    }
}

/// Ranges put together where they overlap or touch.
fn union(ranges: impl Iterator<Item = Range<u32>>) -> Vec<Range<u32>> {
    let mut sorted: Vec<Range<u32>> = ranges.collect();
    sorted.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<u32>> = Vec::new();
    for range in sorted {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect {
            y,
            x,
            width,
            height,
        }
    }

    #[test]
    fn is_the_union_of_its_rectangles_clipped_to_the_frame() {
        let mask = Mask::new(
            20,
            30,
            &[
                rect(5, 2, 10, 4),
                rect(10, 4, 100, 100),
                rect(0, 2, 5, 2),
                rect(40, 0, 5, 5),
            ],
        );
        let mut blanked = 0;
        for row in 0..20 {
            for column in 0..30u32 {
                let inside = (2..6).contains(&row) && (5..15).contains(&column)
                    || row >= 4 && column >= 10
                    || (2..4).contains(&row) && column < 5;
                let found = mask.runs(row).iter().any(|run| run.contains(&column));
                assert_eq!(found, inside, "{row} {column}");
                assert_eq!(mask.touches(row..row + 1, column..column + 1), inside);
                blanked += u64::from(inside);
            }
        }
        assert_eq!(mask.pixels(), blanked);
        let rest = Mask::new(20, 30, &mask.outside());
        assert_eq!(rest.pixels() + mask.pixels(), 600);
        assert_eq!(Mask::new(20, 30, &rest.outside()), mask);
        assert!(
            mask.touches(0..3, 0..1) && !mask.touches(0..2, 0..30) && !mask.touches(4..20, 0..5)
        );
    }

    #[test]
    fn nothing_inside_is_nothing_to_do() {
        for rects in [
            &[][..],
            &[rect(0, 0, 0, 5)],
            &[rect(30, 0, 5, 5)],
            &[rect(u32::MAX, 0, u32::MAX, 5)],
        ] {
            assert!(Mask::new(20, 30, rects).is_empty());
        }
    }
}
