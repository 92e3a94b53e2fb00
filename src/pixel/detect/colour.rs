//! Grey pictures of colours.
//!
//! Most text shows in the luminance. What differs in colour alone, such as red on a green of the same luminance, shows
//! in the difference of two colours: red and blue, or, if those are alike too, red and green.

use super::levels::FEW;

/// Colours differ when one of them does by this much.
const COLOUR_STEP: u8 = 48;

/// Luminance that differs by less is as good as the same.
const LUMA_STEP: u8 = 40;

/// A colour difference shows when it is at least this. It has half the range of a colour.
const SHOWN: u8 = 24;

/// Luminance, by ITU-R BT.601 as in PS3.3 section C.7.6.3.1.2.
pub(super) fn luma(rgb: &[u8]) -> Vec<u8> {
    rgb.as_chunks::<3>()
        .0
        .iter()
        .copied()
        .map(luma_of)
        .collect()
}

/// Pictures of colour differences in which there is what the luminance does not show. `columns` of the frame.
pub(super) fn differences(rgb: &[u8], columns: usize) -> Vec<Vec<u8>> {
    let pixels = rgb.as_chunks::<3>().0;
    let (mut of_blue, mut of_green) = (0_u32, 0_u32);
    let mut look = |a: [u8; 3], b: [u8; 3]| {
        let colour = a.iter().zip(b).map(|(a, b)| a.abs_diff(b)).max();
        if colour < Some(COLOUR_STEP) || luma_of(a).abs_diff(luma_of(b)) >= LUMA_STEP {
            return;
        }
        if red_blue(a).abs_diff(red_blue(b)) >= SHOWN {
            of_blue = of_blue.saturating_add(1);
        } else if red_green(a).abs_diff(red_green(b)) >= SHOWN {
            of_green = of_green.saturating_add(1);
        }
    };
    for row in pixels.chunks(columns.max(1)) {
        row.iter()
            .zip(row.iter().skip(2))
            .for_each(|(a, b)| look(*a, *b));
    }
    pixels
        .iter()
        .zip(pixels.iter().skip(columns.saturating_mul(2)))
        .for_each(|(a, b)| look(*a, *b));
    let mut pictures = Vec::new();
    if of_blue >= FEW {
        pictures.push(pixels.iter().copied().map(red_blue).collect());
    }
    if of_green >= FEW {
        pictures.push(pixels.iter().copied().map(red_green).collect());
    }
    pictures
}

fn luma_of([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8
}

fn red_blue([r, _, b]: [u8; 3]) -> u8 {
    ((u16::from(r) + 255 - u16::from(b)) / 2) as u8
}

fn red_green([r, g, _]: [u8; 3]) -> u8 {
    ((u16::from(r) + 255 - u16::from(g)) / 2) as u8
}
