//! Text in frames is found: with a network that marks every stroke, so that the way to it and from it is judged, and with
//! the one that comes with samar.

mod cine;
mod draw;
mod onnx;

use draw::{area, is_covered, place, write};
use onnx::{Plan, strokes};
use proptest::prelude::*;
use samar::pixel::detect::{
    DetectError, Detector, Findings, Grey, Pixels, Samples, Seen, Settings, Window,
};
use samar::pixel::mask::Rect;

fn detector() -> Detector {
    Detector::from_onnx(&strokes(&Plan::default())).expect("a network")
}

fn grey(rows: u32, columns: u32, samples: Vec<i32>) -> Grey {
    assert_eq!(samples.len(), (rows * columns) as usize);
    Grey {
        samples: Samples::Integers(samples),
        windows: Vec::new(),
        inverted: false,
        padding: None,
    }
}

fn seen(rows: u32, columns: u32, grey: Grey) -> Seen {
    Seen {
        rows,
        columns,
        pixels: Pixels::Grey(grey),
    }
}

fn find(detector: &Detector, frame: &Seen) -> Findings {
    detector
        .find(frame, &Settings::default())
        .expect("findings")
}

/// A plain frame of 256 x 256 with a text of one value.
fn plain(ground: i32, ink: i32) -> (Rect, Vec<i32>) {
    let mut samples = vec![ground; 256 * 256];
    let at = place("DIANA", 2, 90, 120);
    write("DIANA", 2, at, |x, y| samples[(y * 256 + x) as usize] = ink);
    (at, samples)
}

#[test]
fn says_which_network_it_runs() {
    let bytes = strokes(&Plan::default());
    let detector = Detector::from_onnx(&bytes).unwrap();
    let model = detector.model();
    assert_eq!(
        (model.name.as_str(), model.recipe.as_str()),
        ("strokes", "written down")
    );
    assert_eq!(model.sha256.len(), 64);
    let other = Detector::from_onnx(&strokes(&Plan {
        properties: &[],
        ..Plan::default()
    }))
    .unwrap();
    assert_eq!(
        (other.model().name.as_str(), other.model().recipe.as_str()),
        ("unnamed", "")
    );
    assert_ne!(other.model().sha256, model.sha256);
}

#[test]
fn the_network_that_comes_with_samar_can_be_run() {
    let detector = Detector::embedded().unwrap();
    assert!(!detector.model().recipe.is_empty());
    let (_, samples) = plain(40, 200);
    find(&detector, &seen(256, 256, grey(256, 256, samples)));
}

#[test]
fn refuses_what_is_no_network_for_images() {
    let two = Plan {
        channels: 2,
        ..Plan::default()
    };
    let fixed = Plan {
        side: Some(640),
        ..Plan::default()
    };
    let large = Plan {
        scale: 3,
        ..Plan::default()
    };
    for plan in [two, fixed, large] {
        let refused = Detector::from_onnx(&strokes(&plan));
        assert!(matches!(refused, Err(DetectError::Shape { .. })));
    }
    for bytes in [&b""[..], b"text", &[0xFF; 4000]] {
        let refused = Detector::from_onnx(bytes);
        assert!(matches!(
            refused,
            Err(DetectError::Unloadable { .. } | DetectError::Shape { .. })
        ));
    }
}

#[test]
fn finds_a_line_whole_and_little_beside_it() {
    let (at, samples) = plain(40, 200);
    let found = find(&detector(), &seen(256, 256, grey(256, 256, samples)));
    assert!(is_covered(at, &found), "{found:?}");
    assert_eq!(found.text.len(), 1);
    assert!(found.text[0].score > 0.99);
    // Half a line height at each end, and what the network itself adds.
    assert!(
        area(&found) < 5 * u64::from(at.width * at.height),
        "{found:?}"
    );
}

#[test]
fn finds_what_hardly_differs_from_a_flat_ground() {
    // The ground, the ink, and what else is in the frame.
    for (ground, ink, other) in [
        (0, 3, 255),
        (100, 102, 255),
        (255, 253, 0),
        (0, 2, 65_535),
        (30_000, 30_010, 0),
    ] {
        let (at, mut samples) = plain(ground, ink);
        for (x, sample) in samples.iter_mut().take(256 * 60).enumerate() {
            *sample = if x % 256 < 90 { other } else { ground };
        }
        let found = find(&detector(), &seen(256, 256, grey(256, 256, samples)));
        assert!(is_covered(at, &found), "{ground} {ink}: {found:?}");
    }
}

#[test]
fn finds_what_the_window_hides() {
    for (ground, ink) in [
        (-2000, -1500),
        (-900, -1000),
        (1500, 3000),
        (3000, 1800),
        (100, 140),
    ] {
        for inverted in [false, true] {
            let (at, samples) = plain(ground, ink);
            let mut grey = grey(256, 256, samples);
            grey.inverted = inverted;
            grey.windows = vec![Window::linear(40.0, 400.0)];
            let found = find(&detector(), &seen(256, 256, grey));
            assert!(is_covered(at, &found), "{ground} {ink}");
        }
    }
}

#[test]
fn finds_text_beside_and_in_padding() {
    for (ground, ink, padding) in [
        (0, 500, -2000..=-2000),
        (-2000, 500, -2000..=-2000),
        (-2000, -1900, -2000..=-1500),
        (200, -2000, -2000..=-2000),
    ] {
        let (at, mut samples) = plain(ground, ink);
        for (x, sample) in samples.iter_mut().take(256 * 60).enumerate() {
            *sample = if x % 256 < 90 { 250 } else { 5 };
        }
        let mut grey = grey(256, 256, samples);
        grey.padding = Some(padding.clone());
        let found = find(&detector(), &seen(256, 256, grey));
        assert!(
            is_covered(at, &found),
            "{ground} {ink} {padding:?}: {found:?}"
        );
    }
}

#[test]
fn finds_text_in_floats_beside_what_is_no_number() {
    let (at, samples) = plain(0, 1);
    let mut samples: Vec<f32> = samples
        .iter()
        .map(|value| if *value == 1 { 1e-3 } else { 0.0 })
        .collect();
    samples[..9].copy_from_slice(&[
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        1e38,
        -1e38,
        0.0,
        -0.0,
        1e-40,
        7.0,
    ]);
    let grey = Grey {
        samples: Samples::Floats(samples),
        windows: Vec::new(),
        inverted: false,
        padding: None,
    };
    let found = find(&detector(), &seen(256, 256, grey));
    assert!(is_covered(at, &found), "{found:?}");
}

#[test]
fn finds_colours_of_the_same_luminance() {
    let colours = [
        ([255, 0, 0], [0, 130, 0]),
        ([0, 0, 255], [29, 29, 29]),
        ([255, 0, 255], [0, 180, 0]),
        ([255, 255, 0], [0, 0, 0]),
    ];
    for (ink, ground) in colours {
        let at = place("NO", 2, 30, 40);
        let mut samples: Vec<u8> = (0..128 * 128).flat_map(|_| ground).collect();
        write("NO", 2, at, |x, y| {
            let start = (y * 128 + x) as usize * 3;
            samples[start..start + 3].copy_from_slice(&ink);
        });
        let frame = Seen {
            rows: 128,
            columns: 128,
            pixels: Pixels::Rgb(samples),
        };
        let found = find(&detector(), &frame);
        assert!(is_covered(at, &found), "{ink:?} on {ground:?}: {found:?}");
    }
}

#[test]
fn finds_lines_across_the_borders_of_tiles() {
    let (rows, columns) = (1700, 2100);
    let mut samples = vec![10; 1700 * 2100];
    let text = "ANNA".repeat(20);
    let mut places = Vec::new();
    for (scale, y) in [(1, 3), (2, 660), (4, 700), (4, 1690 - 28)] {
        let text = &text[..60 / scale as usize];
        let at = place(text, scale, 2100 - 360 - 3 - 400 * (scale - 1), y);
        write(text, scale, at, |x, y| {
            samples[(y * columns + x) as usize] = 250;
        });
        places.push(at);
    }
    let found = find(
        &detector(),
        &seen(rows, columns, grey(rows, columns, samples)),
    );
    for at in places {
        assert!(is_covered(at, &found), "{at:?}: {found:?}");
    }
}

#[test]
fn a_network_for_photographs_finds_lines_too() {
    for scale in [1, 2, 4] {
        let plan = Plan {
            channels: 3,
            scale,
            ..Plan::default()
        };
        let detector = Detector::from_onnx(&strokes(&plan)).unwrap();
        for side in [256, 800, 1200] {
            let mut samples = vec![10; side * side];
            let at = place("DIANA", 2, side as u32 - 70, 9);
            write("DIANA", 2, at, |x, y| {
                samples[y as usize * side + x as usize] = 250;
            });
            let side = side as u32;
            let found = find(&detector, &seen(side, side, grey(side, side, samples)));
            assert!(is_covered(at, &found), "{scale} {side}: {found:?}");
        }
    }
}

#[test]
fn a_large_block_that_is_sure_is_text() {
    // Every pixel of a large part is a stroke to this network.
    let samples = (0..512 * 512)
        .map(|at| {
            if at / 512 % 512 < 256 {
                at % 2 * 200
            } else {
                0
            }
        })
        .collect();
    let found = find(&detector(), &seen(512, 512, grey(512, 512, samples)));
    let covered: u32 = found
        .text
        .iter()
        .map(|found| found.rect.width * found.rect.height)
        .sum();
    assert!(covered >= 512 * 250, "{:?}", found.text);
}

#[test]
fn an_image_without_steps_has_no_text() {
    let slope = |at: i32| at % 256;
    for samples in [vec![7; 256 * 256], (0..256 * 256).map(slope).collect()] {
        let found = find(&detector(), &seen(256, 256, grey(256, 256, samples)));
        assert_eq!(found, Findings::default());
    }
}

#[test]
fn counts_the_samples() {
    let detector = detector();
    let frame = seen(
        3,
        5,
        Grey {
            samples: Samples::Integers(vec![0; 14]),
            ..grey(0, 0, vec![])
        },
    );
    let refused = detector.find(&frame, &Settings::default());
    assert!(matches!(
        refused,
        Err(DetectError::Samples {
            expected: 15,
            found: 14
        })
    ));
    let frame = Seen {
        rows: 3,
        columns: 5,
        pixels: Pixels::Rgb(vec![0; 15]),
    };
    let refused = detector.find(&frame, &Settings::default());
    assert!(matches!(
        refused,
        Err(DetectError::Samples {
            expected: 45,
            found: 15
        })
    ));
}

#[test]
fn several_threads_find_the_same() {
    let detector = detector();
    let (_, samples) = plain(40, 200);
    let frame = seen(256, 256, grey(256, 256, samples));
    let alone = find(&detector, &frame);
    let together: Vec<Findings> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| find(&detector, &frame)))
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(together.iter().all(|found| *found == alone));
}

/// Any samples of any kind.
fn any_samples(len: usize) -> impl Strategy<Value = Samples> {
    prop_oneof![
        prop::collection::vec(any::<i32>(), len).prop_map(Samples::Integers),
        prop::collection::vec(-3..3, len).prop_map(Samples::Integers),
        prop::collection::vec(
            prop_oneof![any::<f32>(), Just(f32::NAN), Just(f32::MAX)],
            len
        )
        .prop_map(Samples::Floats),
    ]
}

fn any_frame() -> impl Strategy<Value = Seen> {
    let size = (0..70_u32, 0..70_u32);
    size.prop_flat_map(|(rows, columns)| {
        let windows = prop::collection::vec((any::<f64>(), any::<f64>()), 0..3);
        let padding = prop::option::of((any::<i32>(), any::<i32>(), -3..3_i32, any::<bool>()));
        let grey = (
            any_samples((rows * columns) as usize),
            windows,
            any::<bool>(),
            padding,
        );
        grey.prop_map(move |(samples, windows, inverted, padding)| {
            let windows = windows
                .into_iter()
                .map(|(low, high)| Window { low, high })
                .collect();
            let padding =
                padding.map(|(a, b, near, is_near)| if is_near { near..=near } else { a..=b });
            let grey = Grey {
                samples,
                windows,
                inverted,
                padding,
            };
            Seen {
                rows,
                columns,
                pixels: Pixels::Grey(grey),
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_frame_is_too_odd(frame in any_frame(), thorough: bool) {
        let detector = detector();
        let settings = Settings { thorough, ..Settings::default() };
        let found = detector.find(&frame, &settings).unwrap();
        for found in found.text.iter().chain(&found.unsure) {
            prop_assert!(found.rect.x + found.rect.width <= frame.columns);
            prop_assert!(found.rect.y + found.rect.height <= frame.rows);
            prop_assert!((0.0..=1.0).contains(&found.score));
        }
    }

    #[test]
    fn no_settings_are_too_odd(accept: f32, extent: f32, unsure: f32) {
        let (_, samples) = plain(40, 200);
        let settings = Settings { accept, extent, unsure, thorough: true };
        detector().find(&seen(256, 256, grey(256, 256, samples)), &settings).unwrap();
    }
}
