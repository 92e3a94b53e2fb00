//! The `pixels` rules: where text is burned into the images of a device.

use super::condition::Condition;

/// One entry of `pixels`.
#[derive(Clone, Debug, PartialEq)]
pub struct PixelRule {
    /// Its name, unique in the profile.
    pub id: String,
    /// The images it speaks of.
    pub when: Condition,
    /// What must be blanked, in every frame.
    pub regions: Vec<Region>,
    /// Why, in the author's words.
    pub because: String,
}

/// A rectangle in pixels, counted from the top left corner of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}
