//! Pixels in which text was found.

use super::Found;

/// A frame's pixels, row by row, and whether each lies where text was found.
pub(super) struct Covered(Vec<bool>);

impl Covered {
    /// Of a frame of so many columns and pixels.
    pub(super) fn new(columns: usize, pixels: usize, found: &[Found]) -> Covered {
        let mut covered = vec![false; pixels];
        for rect in found.iter().map(|found| found.rect) {
            let (left, right) = (rect.x as usize, (rect.x + rect.width) as usize);
            for row in rect.y as usize..(rect.y + rect.height) as usize {
                let line = covered.get_mut(row * columns + left..row * columns + right);
                line.unwrap_or_default().fill(true);
            }
        }
        Covered(covered)
    }

    /// Row by row.
    pub(super) fn pixels(&self) -> &[bool] {
        &self.0
    }
}
