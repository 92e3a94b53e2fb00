//! Text drawn into frames.

use samar::pixel::detect::{Findings, Found};
use samar::pixel::mask::Rect;

/// Letters of 5 x 7 dots, in a row of 6 x 7 each.
const LETTERS: &[(char, [u8; 7])] = &[
    (
        'A',
        [
            0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001,
        ],
    ),
    (
        'D',
        [
            0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110,
        ],
    ),
    (
        'E',
        [
            0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111,
        ],
    ),
    (
        'I',
        [
            0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110,
        ],
    ),
    (
        'N',
        [
            0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001,
        ],
    ),
    (
        'O',
        [
            0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110,
        ],
    ),
];

/// Whether a pixel of a text is ink. `scale` pixels to a dot.
pub(crate) fn is_ink(text: &str, scale: u32, x: u32, y: u32) -> bool {
    let (dot_x, dot_y) = (x / scale, y / scale);
    let letter = text.chars().nth((dot_x / 6) as usize);
    let dots = LETTERS.iter().find(|(name, _)| Some(*name) == letter);
    let row = dots.and_then(|(_, rows)| rows.get(dot_y as usize));
    row.is_some_and(|row| dot_x % 6 < 5 && row >> (4 - dot_x % 6) & 1 == 1)
}

/// The rectangle of a text.
pub(crate) fn place(text: &str, scale: u32, x: u32, y: u32) -> Rect {
    let letters = text.chars().count() as u32;
    Rect {
        y,
        x,
        width: (letters * 6 - 1) * scale,
        height: 7 * scale,
    }
}

/// Writes a text: `ink` is given the place in the frame of each of its pixels.
pub(crate) fn write(text: &str, scale: u32, at: Rect, mut ink: impl FnMut(u32, u32)) {
    for y in 0..at.height {
        for x in 0..at.width {
            if is_ink(text, scale, x, y) {
                ink(at.x + x, at.y + y);
            }
        }
    }
}

/// Whether all of a place lies in what was found.
pub(crate) fn is_covered(place: Rect, found: &Findings) -> bool {
    let has = |found: &Found, x: u32, y: u32| {
        let rect = found.rect;
        (rect.x..rect.x + rect.width).contains(&x) && (rect.y..rect.y + rect.height).contains(&y)
    };
    (place.y..place.y + place.height).all(|y| {
        (place.x..place.x + place.width).all(|x| found.text.iter().any(|found| has(found, x, y)))
    })
}

/// How many pixels were found.
pub(crate) fn area(found: &Findings) -> u64 {
    let area = |found: &Found| u64::from(found.rect.width) * u64::from(found.rect.height);
    found.text.iter().map(area).sum()
}
