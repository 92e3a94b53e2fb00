//! Contact sheets: many small pictures with a number each. The numbers say nothing of the files.

use image::{Rgb, RgbImage, imageops};

use super::{draw, glyphs};
use crate::pixel::mask::Mask;

/// The side of the square that holds a picture.
const SIDE: u32 = 192;
/// Rows for number and reason below it.
const STRIP: u32 = 30;
/// What stands between tiles.
const GAP: u32 = 6;
/// Tiles of a page, about.
const TILES: u32 = 96;

const BACK: Rgb<u8> = Rgb([32, 32, 32]);
const MISSING: Rgb<u8> = Rgb([128, 128, 128]);
const INK: Rgb<u8> = Rgb([255, 255, 255]);
const WARNING: Rgb<u8> = Rgb([255, 176, 0]);

/// One place on a sheet.
#[derive(Debug, Default)]
pub struct Tile {
    picture: Option<RgbImage>,
    reason: Option<String>,
}

impl Tile {
    /// A small picture of a large one.
    pub fn of(picture: &RgbImage) -> Tile {
        let (width, height) = picture.dimensions();
        let longer = width.max(height).max(1);
        let small = |size: u32| (u64::from(size) * u64::from(SIDE) / u64::from(longer)).max(1);
        let (width, height) = (small(width) as u32, small(height) as u32);
        let shown = if longer > SIDE {
            imageops::thumbnail(picture, width, height)
        } else {
            imageops::resize(picture, width, height, imageops::FilterType::Nearest)
        };
        Tile {
            picture: Some(shown),
            reason: None,
        }
    }

    /// Draws the regions that rules name, and where text was found.
    #[must_use]
    pub fn marked(mut self, ruled: &Mask, found: &Mask) -> Tile {
        if let Some(picture) = &mut self.picture {
            draw::regions(picture, ruled);
            draw::found(picture, found);
        }
        self
    }

    /// Two of them in one place.
    #[must_use]
    pub fn beside(self, other: Tile) -> Tile {
        match (self.picture, other.picture) {
            (Some(left), Some(right)) => Tile {
                reason: self.reason,
                ..Tile::of(&draw::pair(&left, &right))
            },
            (picture, _) => Tile { picture, ..self },
        }
    }

    /// Says why the file would not be written, or why there is no picture of it.
    #[must_use]
    pub fn because(self, reason: &str) -> Tile {
        Tile {
            reason: Some(reason.to_owned()),
            ..self
        }
    }

    /// Why, if anything is to be said.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Whether there is a picture.
    pub fn is_drawn(&self) -> bool {
        self.picture.is_some()
    }
}

/// A page of tiles that is being filled.
#[derive(Debug)]
pub struct Page {
    canvas: RgbImage,
    columns: u32,
    rows: u32,
    tiles: u32,
}

impl Page {
    /// An empty page.
    pub fn new(columns: u32) -> Page {
        let columns = columns.clamp(1, TILES);
        let rows = TILES / columns;
        let width = GAP + columns * (SIDE + GAP);
        let height = GAP + rows * (SIDE + STRIP + GAP);
        Page {
            canvas: RgbImage::from_pixel(width, height, BACK),
            columns,
            rows,
            tiles: 0,
        }
    }

    /// Whether there is no place left.
    pub fn is_full(&self) -> bool {
        self.tiles == self.columns * self.rows
    }

    /// Whether nothing is on it.
    pub fn is_empty(&self) -> bool {
        self.tiles == 0
    }

    /// Puts a tile in the next place; on a full page there is none.
    pub fn add(&mut self, number: u64, tile: &Tile) {
        if self.is_full() {
            return;
        }
        let x = GAP + self.tiles % self.columns * (SIDE + GAP);
        let y = GAP + self.tiles / self.columns * (SIDE + STRIP + GAP);
        let missing = RgbImage::from_pixel(SIDE, SIDE, MISSING);
        let picture = tile.picture.as_ref().unwrap_or(&missing);
        let middle = |at: u32, size: u32| i64::from(at + SIDE.saturating_sub(size) / 2);
        let (left, top) = (middle(x, picture.width()), middle(y, picture.height()));
        imageops::replace(&mut self.canvas, picture, left, top);
        let end = x + SIDE;
        let strip = y + SIDE + 4;
        glyphs::write(
            &mut self.canvas,
            &number.to_string(),
            (x, strip),
            end,
            2,
            INK,
        );
        if let Some(reason) = &tile.reason {
            let below = (x, strip + 17);
            glyphs::write(&mut self.canvas, reason, below, end, 1, WARNING);
        }
        self.tiles += 1;
    }

    /// The page, cut below its last row.
    pub fn into_picture(self) -> RgbImage {
        let rows = self.tiles.div_ceil(self.columns).max(1);
        let height = GAP + rows * (SIDE + STRIP + GAP);
        let columns = self.tiles.clamp(1, self.columns);
        let width = GAP + columns * (SIDE + GAP);
        imageops::crop_imm(&self.canvas, 0, 0, width, height).to_image()
    }
}
