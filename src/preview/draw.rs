//! Regions on a picture, and two pictures side by side.

use image::{Rgb, RgbImage, imageops};

use crate::pixel::mask::Mask;

/// The colour of regions that rules name, magenta: neither grey nor one of those by which ultrasound shows flow.
const REGION: Rgb<u8> = Rgb([255, 0, 255]);
/// The colour of text that was found, lime.
const FOUND: Rgb<u8> = Rgb([160, 255, 0]);
/// What stands beside these colours, so that they are seen on any.
const BESIDE: Rgb<u8> = Rgb([0, 0, 0]);
/// What stands between two pictures.
const GUTTER: Rgb<u8> = Rgb([96, 96, 96]);

/// Draws what the mask covers: an outline, and lines across it through which the image is seen. The picture may be
/// smaller or larger than the image.
pub fn regions(picture: &mut RgbImage, mask: &Mask) {
    outlined(picture, mask, REGION);
}

/// Draws in another colour where text was found.
pub fn found(picture: &mut RgbImage, mask: &Mask) {
    outlined(picture, mask, FOUND);
}

fn outlined(picture: &mut RgbImage, mask: &Mask, of_mask: Rgb<u8>) {
    if mask.is_empty() || picture.width() == 0 || picture.height() == 0 {
        return;
    }
    let (width, height) = picture.dimensions();
    let thick = (width.max(height) / 640).max(1);
    let step = thick * 10;
    let across = Scale::new(mask.columns(), width);
    let down = Scale::new(mask.rows(), height);
    let inside = |x: u32, y: u32| x < width && y < height && mask.touches(down.of(y), across.of(x));
    // What lies this far away in any direction, outside the picture too, makes a pixel part of the outline.
    let is_edge = |x: u32, y: u32| {
        (1..=thick).any(|far| {
            !inside(x + far, y)
                || !inside(x, y + far)
                || !inside(x.wrapping_sub(far), y)
                || !inside(x, y.wrapping_sub(far))
        })
    };
    for y in 0..height {
        if !mask.touches(down.of(y), 0..mask.columns()) {
            continue;
        }
        for x in (0..width).filter(|x| inside(*x, y)) {
            let phase = (x + y) % step;
            let colour = if is_edge(x, y) || phase < thick {
                of_mask
            } else if phase < 2 * thick {
                BESIDE
            } else {
                continue;
            };
            picture.put_pixel(x, y, colour);
        }
    }
}

/// Which pixels of the image a pixel of the picture stands for.
struct Scale {
    image: u64,
    picture: u64,
}

impl Scale {
    fn new(image: u32, picture: u32) -> Scale {
        Scale {
            image: u64::from(image),
            picture: u64::from(picture),
        }
    }

    fn of(&self, at: u32) -> std::ops::Range<u32> {
        let at = u64::from(at);
        let start = at * self.image / self.picture;
        let end = ((at + 1) * self.image / self.picture).max(start + 1);
        start as u32..end as u32
    }
}

/// Two pictures side by side.
pub fn pair(left: &RgbImage, right: &RgbImage) -> RgbImage {
    let gap = (left.width() / 64).max(2);
    let width = left.width() + gap + right.width();
    let mut both = RgbImage::from_pixel(width, left.height().max(right.height()), GUTTER);
    imageops::replace(&mut both, left, 0, 0);
    imageops::replace(&mut both, right, i64::from(left.width() + gap), 0);
    both
}
