//! Connected places of the map, and the straight parts of which they consist.

use super::map::Map;

/// Places that are connected, in the order of their index.
pub(super) type Component = Vec<u32>;

/// Places in a row and rows between two sides, ends not included: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Extent {
    pub(super) fn width(self) -> usize {
        self.right - self.left
    }

    pub(super) fn height(self) -> usize {
        self.bottom - self.top
    }
}

/// A component that fills less of its rectangle is cut in two.
const FULL: f64 = 0.55;

/// How often a component is cut in two at most.
const CUTS: u32 = 5;

/// The connected places above a threshold, corners connect. Of those marked in `among`, when given.
pub(super) fn components(map: &Map, threshold: f32, among: Option<&[u32]>) -> Vec<Component> {
    let is_above = |place: &u32| map.at(*place as usize) > threshold;
    let above: Vec<u32> = match among {
        Some(among) => among.iter().copied().filter(is_above).collect(),
        None => (0..map.values.len() as u32).filter(is_above).collect(),
    };
    let Some(around) = extent(&above, map.columns) else {
        return Vec::new();
    };
    // The places around, row by row, and whether each waits to be taken up.
    let local =
        |row: usize, column: usize| (row - around.top) * around.width() + column - around.left;
    let mut waits = vec![false; around.width() * around.height()];
    for place in &above {
        let (row, column) = split(*place, map.columns);
        if let Some(waits) = waits.get_mut(local(row, column)) {
            *waits = true;
        }
    }
    let mut take = |row: usize, column: usize| {
        waits
            .get_mut(local(row, column))
            .is_some_and(std::mem::take)
    };
    let mut components = Vec::new();
    let mut next = Vec::new();
    for first in above {
        let (row, column) = split(first, map.columns);
        if !take(row, column) {
            continue;
        }
        next.push((row, column));
        let mut component = Component::new();
        while let Some((row, column)) = next.pop() {
            component.push((row * map.columns + column) as u32);
            for near in row.saturating_sub(1).max(around.top)..(row + 2).min(around.bottom) {
                for beside in
                    column.saturating_sub(1).max(around.left)..(column + 2).min(around.right)
                {
                    if take(near, beside) {
                        next.push((near, beside));
                    }
                }
            }
        }
        component.sort_unstable();
        components.push(component);
    }
    components
}

/// Row and column of a place.
fn split(place: u32, columns: usize) -> (usize, usize) {
    (place as usize / columns, place as usize % columns)
}

/// The rectangle around places.
pub(super) fn extent(places: &[u32], columns: usize) -> Option<Extent> {
    let mut places = places
        .iter()
        .map(|place| (*place as usize / columns, *place as usize % columns));
    let (row, column) = places.next()?;
    let first = Extent {
        left: column,
        top: row,
        right: column + 1,
        bottom: row + 1,
    };
    Some(places.fold(first, |extent, (row, column)| Extent {
        left: extent.left.min(column),
        top: extent.top.min(row),
        right: extent.right.max(column + 1),
        bottom: extent.bottom.max(row + 1),
    }))
}

/// Rectangles that cover a component: one, or several of a slanted or bent one, so that not too much beside it is
/// covered.
pub(super) fn straight(places: &[u32], columns: usize) -> Vec<Extent> {
    let mut parts = Vec::new();
    cut(places, columns, CUTS, &mut parts);
    parts
}

fn cut(places: &[u32], columns: usize, cuts: u32, parts: &mut Vec<Extent>) {
    let Some(whole) = extent(places, columns) else {
        return;
    };
    let area = (whole.width() * whole.height()) as f64;
    let is_thin = whole.width().min(whole.height()) <= 6;
    if cuts == 0 || is_thin || places.len() as f64 >= FULL * area {
        parts.push(whole);
        return;
    }
    let middle = if whole.width() >= whole.height() {
        let middle = usize::midpoint(whole.left, whole.right);
        places
            .iter()
            .copied()
            .partition::<Vec<u32>, _>(|place| *place as usize % columns < middle)
    } else {
        let middle = usize::midpoint(whole.top, whole.bottom);
        places
            .iter()
            .copied()
            .partition::<Vec<u32>, _>(|place| *place as usize / columns < middle)
    };
    cut(&middle.0, columns, cuts - 1, parts);
    cut(&middle.1, columns, cuts - 1, parts);
}
