use proptest::prelude::*;

use super::*;
use crate::pixel::mask::Rect;

/// A layout with an image of random size, and what fills it.
fn layouts() -> impl Strategy<Value = Layout> {
    let shape = (1u32..12, 1u32..12, 1u32..=3, 0usize..4);
    (shape, any::<[bool; 4]>()).prop_map(|((rows, columns, samples, bits), flags)| {
        let [is_planar, is_subsampled, big_endian, is_words] = flags;
        let bits_allocated = [1, 8, 16, 32][bits];
        let is_subsampled = is_subsampled && bits_allocated == 8 && samples == 3;
        Layout {
            rows,
            columns: if is_subsampled { columns * 2 } else { columns },
            samples: if bits_allocated == 1 { 1 } else { samples },
            bits_allocated,
            is_planar: is_planar && !is_subsampled,
            is_subsampled,
            big_endian,
            is_words: is_words || bits_allocated == 16,
        }
    })
}

/// The stored samples of a frame by the words of the standard, slowly: `pixel * 3 + component` to its value.
fn sample(layout: &Layout, bytes: &[u8], frame: u64, pixel: u64, component: u64) -> u64 {
    let pixels = u64::from(layout.rows) * u64::from(layout.columns);
    let size = u64::from(layout.bits_allocated / 8);
    let swapped = layout.big_endian && layout.is_words && layout.bits_allocated <= 8;
    let byte = |at: u64| u64::from(bytes[(if swapped { at ^ 1 } else { at }) as usize]);
    if layout.bits_allocated == 1 {
        let bit = frame * pixels + pixel;
        return byte(bit / 8) >> (bit % 8) & 1;
    }
    if layout.is_subsampled {
        let pair = frame * pixels * 2 + pixel / 2 * 4;
        return byte(
            pair + if component == 0 {
                pixel % 2
            } else {
                component + 1
            },
        );
    }
    let samples = u64::from(layout.samples);
    let index = if layout.is_planar {
        component * pixels + pixel
    } else {
        pixel * samples + component
    };
    let at = (frame * pixels * samples + index) * size;
    (0..size).fold(0, |value, n| {
        let place = if layout.big_endian {
            at + n
        } else {
            at + size - 1 - n
        };
        value << 8 | byte(place)
    })
}

proptest! {
    #[test]
    fn the_mask_is_filled_in_every_frame_and_nothing_else_changes(
        layout in layouts(),
        frames in 1u64..4,
        rects in proptest::collection::vec((0u32..14, 0u32..14, 0u32..14, 0u32..14), 0..4),
        fill in any::<[u64; 4]>(),
        seed in any::<u8>(),
        cut in 1usize..40,
    ) {
        let rects: Vec<Rect> = rects.into_iter().map(|(x, y, width, height)| Rect { y, x, width, height }).collect();
        let mask = Mask::new(layout.rows, layout.columns, &rects);
        let ones = if layout.bits_allocated == 1 { 1 } else { u64::MAX >> (64 - layout.bits_allocated) };
        let fill = fill.map(|value| value & ones);
        let blanking = Blanking::new(&layout, frames as u32, &mask, fill, None).expect("a layout of the standard");
        let units = layout.period().expect("a layout of the standard") * frames;
        let len = if layout.bits_allocated == 1 { units.div_ceil(8) } else { units }.next_multiple_of(2);
        let before: Vec<u8> = (0..len).map(|i| (i as u8).wrapping_mul(37).wrapping_add(seed)).collect();
        // In pieces of any size, as a reader asks for them.
        let mut after = before.clone();
        let step = cut.next_multiple_of(blanking.unit() as usize);
        for (n, piece) in after.chunks_mut(step).enumerate() {
            blanking.apply((n * step) as u64, piece);
        }
        for frame in 0..frames {
            for row in 0..layout.rows {
                for column in 0..layout.columns {
                    let pixel = u64::from(row) * u64::from(layout.columns) + u64::from(column);
                    let pair = column & !1..(column & !1) + 2;
                    for component in 0..layout.samples {
                        // Two pixels share their chrominance.
                        let inside = if layout.is_subsampled && component > 0 {
                            mask.touches(row..row + 1, pair.clone())
                        } else {
                            mask.touches(row..row + 1, column..column + 1)
                        };
                        let component = u64::from(component);
                        let found = sample(&layout, &after, frame, pixel, component);
                        let wanted = if inside {
                            fill[component as usize]
                        } else {
                            sample(&layout, &before, frame, pixel, component)
                        };
                        prop_assert_eq!(found, wanted, "{} {} {}", row, column, component);
                    }
                }
            }
        }
        // The bytes that pad the value are as they were.
        let used = if layout.bits_allocated == 1 { units / 8 + 1 } else { units };
        if !layout.big_endian {
            for at in used..len {
                prop_assert_eq!(before[at as usize], after[at as usize]);
            }
        }
    }
}

proptest! {
    #[test]
    fn one_changed_bit_is_found_inside_and_outside(
        layout in layouts(),
        rects in proptest::collection::vec((0u32..14, 0u32..14, 1u32..14, 1u32..14), 0..4),
        value in any::<u64>(),
        at in any::<proptest::sample::Index>(),
        bit in 0u32..8,
    ) {
        let rects: Vec<Rect> = rects.into_iter().map(|(x, y, width, height)| Rect { y, x, width, height }).collect();
        let mask = Mask::new(layout.rows, layout.columns, &rects);
        let blanking = Blanking::new(&layout, 2, &mask, [value; 4], None).expect("a layout of the standard");
        let units = layout.period().expect("a layout of the standard") * 2;
        let len = if layout.bits_allocated == 1 { units.div_ceil(8) } else { units }.next_multiple_of(2);
        let before: Vec<u8> = (0..len).map(|i| (i as u8).wrapping_mul(37)).collect();
        let mut after = before.clone();
        blanking.apply(0, &mut after);
        prop_assert_eq!(blanking.check(0, &before, &after), Ok(()));
        let at = at.index(after.len());
        after[at] ^= 1 << bit;
        prop_assert!(blanking.check(0, &before, &after).is_err(), "byte {}", at);
        // In the piece of a reader too.
        let start = at - at % blanking.unit() as usize;
        let end = (start + 16).min(after.len());
        let piece = start..end;
        prop_assert!(blanking.check(start as u64, &before[piece.clone()], &after[piece]).is_err());
    }
}

#[test]
fn bits_that_were_not_cleared_are_found() {
    let layout = Layout {
        rows: 4,
        columns: 4,
        samples: 1,
        bits_allocated: 16,
        is_planar: false,
        is_subsampled: false,
        big_endian: false,
        is_words: true,
    };
    let bits = StoredBits::new(16, 12, 11, false).flatten();
    let rect = Rect {
        y: 0,
        x: 0,
        width: 4,
        height: 1,
    };
    let mask = Mask::new(4, 4, &[rect]);
    let blanking =
        Blanking::new(&layout, 1, &mask, [0; 4], bits).expect("a layout of the standard");
    let before = [0x34, 0xF2].repeat(16);
    let mut after = before.clone();
    blanking.apply(0, &mut after);
    assert_eq!(blanking.check(0, &before, &after), Ok(()));
    assert!(blanking.check(0, &before, &before).is_err());
    after[31] = 0xF2;
    assert!(blanking.check(0, &before, &after).is_err());
}
