//! Frames of a cine.

use samar::pixel::detect::{Detector, Findings, Layers, Pixels, Seen, Settings};
use samar::pixel::mask::Rect;

use crate::draw::{is_covered, place, write};
use crate::{detector, grey, seen};

const SIDE: u32 = 256;

/// What `frames` show, and how often the network was asked.
fn find(detector: &Detector, frames: impl Iterator<Item = Seen>) -> (Findings, u64) {
    let mut layers = Layers::new(detector, &Settings::default());
    for frame in frames {
        layers.add(frame).expect("a frame");
    }
    let looks = layers.looks();
    (layers.finish().expect("findings"), looks)
}

/// A frame with texts; its lower half may move.
fn frame(texts: &[(&str, Rect)], moving: Option<u32>) -> Seen {
    let mut samples = vec![20; (SIDE * SIDE) as usize];
    if let Some(time) = moving {
        let value = 20 + (time * 7 % 50).cast_signed();
        samples[(SIDE * SIDE / 2) as usize..].fill(value);
    }
    for (text, at) in texts {
        write(text, 2, *at, |x, y| samples[(y * SIDE + x) as usize] = 250);
    }
    seen(SIDE, SIDE, grey(SIDE, SIDE, samples))
}

#[test]
fn a_constant_text_costs_one_look() {
    let at = place("DIANA", 2, 20, 20);
    let (found, looks) = find(&detector(), (0..100).map(|_| frame(&[("DIANA", at)], None)));
    assert!(is_covered(at, &found));
    assert_eq!(looks, 1);
}

#[test]
fn a_text_that_appears_is_found_at_once_and_one_that_goes_stays_found() {
    let (first, late) = (place("DIANA", 2, 20, 20), place("NO", 2, 180, 40));
    let frames = (0..300).map(|time| match time {
        0..100 => frame(&[("DIANA", first)], None),
        100 => frame(&[("NO", late)], None),
        _ => frame(&[], None),
    });
    let (found, _) = find(&detector(), frames);
    assert!(is_covered(first, &found));
    assert!(is_covered(late, &found), "{found:?}");
}

#[test]
fn a_clock_costs_few_looks() {
    let at = place("ADEN", 2, 150, 10);
    let hours = ["ADEN", "DINA", "NODE", "IDEA"];
    let frames = (0..1000).map(|time| frame(&[(hours[time / 30 % 4], at)], None));
    let (found, looks) = find(&detector(), frames);
    assert!(is_covered(at, &found));
    assert!(looks < 5, "{looks}");
}

#[test]
fn a_text_over_a_moving_picture_is_found_when_it_rests() {
    let at = place("DIANA", 2, 90, 200);
    let frames = (0..600).map(|time| {
        let texts: &[_] = if (331..345).contains(&time) {
            &[("DIANA", at)]
        } else {
            &[]
        };
        frame(texts, Some(time))
    });
    let (found, looks) = find(&detector(), frames);
    assert!(is_covered(at, &found), "{found:?}");
    assert!(looks < 40, "{looks}");
}

#[test]
fn a_text_of_the_last_frame_is_found() {
    let at = place("DIANA", 2, 90, 200);
    let frames = (0..123).map(|time| {
        let texts: &[_] = if time == 122 { &[("DIANA", at)] } else { &[] };
        frame(texts, Some(time))
    });
    let (found, _) = find(&detector(), frames);
    assert!(is_covered(at, &found));
}

#[test]
fn colours_change_too() {
    let at = place("NO", 2, 30, 40);
    let frames = (0..20).map(|time| {
        let mut samples: Vec<u8> = (0..128 * 128).flat_map(|_| [0, 130, 0]).collect();
        if time > 10 {
            write("NO", 2, at, |x, y| {
                let start = (y * 128 + x) as usize * 3;
                samples[start..start + 3].copy_from_slice(&[255, 0, 0]);
            });
        }
        Seen {
            rows: 128,
            columns: 128,
            pixels: Pixels::Rgb(samples),
        }
    });
    let (found, _) = find(&detector(), frames);
    assert!(is_covered(at, &found));
}

#[test]
fn frames_of_another_size_are_refused() {
    let detector = detector();
    let mut layers = Layers::new(&detector, &Settings::default());
    layers.add(frame(&[], None)).unwrap();
    assert!(layers.add(seen(8, 8, grey(8, 8, vec![0; 64]))).is_err());
}
