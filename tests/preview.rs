//! `samar preview` by its pictures: regions, what would be written, contact sheets.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its ground has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::{Rgb, RgbImage};

const MAGENTA: Rgb<u8> = Rgb([255, 0, 255]);

/// A region of 10 x 6 pixels at column 4 and row 2 of every image that is large enough.
const SITE: &str = "\
samar: 1
name: site
base: basic@2026d
pixels:
  detect: {text: off}
  rules:
  - {id: box, when: Rows >= 32, regions: [[4, 2, 10, 6]], because: a test}
";

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::write(place.at("site.yaml"), SITE).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Told {
        let output = Command::new(env!("CARGO_BIN_EXE_samar"))
            .arg("preview")
            .args(args)
            .current_dir(self.0.path())
            .env_remove("SAMAR_KEY_FILE")
            .output();
        Told::from(output.unwrap())
    }

    fn picture(&self, name: &str) -> RgbImage {
        image::open(self.at(name)).unwrap().into_rgb8()
    }
}

struct Told {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Told {
    fn from(output: Output) -> Told {
        Told {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn data(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("test-data").join(name).display().to_string()
}

fn inside(x: u32, y: u32) -> bool {
    (4..14).contains(&x) && (2..8).contains(&y)
}

/// One native file, and one of each kind that is decoded.
const FILES: [&str; 4] = [
    "studies/SANTOSO_BUDI/CT_THORAX/1.dcm",
    "odd/rle.dcm",
    "odd/jpeg-jfif.dcm",
    "studies/WIJAYA SRI 19621107/dx.dcm",
];

#[test]
fn regions_are_drawn_where_they_are_and_nowhere_else() {
    for name in FILES {
        let place = Place::new();
        let file = data(name);
        assert_eq!(place.run(&[&file, "-o", "plain.png"]).code, 0);
        let told = place.run(&[&file, "-o", "drawn.png", "-p", "site.yaml"]);
        assert_eq!((told.code, told.out.as_str()), (0, ""), "{}", told.err);
        assert_eq!(
            told.err,
            "pixel rules (magenta): box; 60 pixels of each frame\ntext: not searched (off)\n"
        );
        let (plain, drawn) = (place.picture("plain.png"), place.picture("drawn.png"));
        assert!(plain.pixels().all(|pixel| *pixel != MAGENTA));
        for (x, y, pixel) in drawn.enumerate_pixels() {
            let on_edge = x == 4 || x == 13 || y == 2 || y == 7;
            if inside(x, y) && on_edge {
                assert_eq!(*pixel, MAGENTA, "{name} {x} {y}");
            } else if !inside(x, y) {
                assert_eq!(pixel, plain.get_pixel(x, y), "{name} {x} {y}");
            }
        }
        // Through the hatching the image is seen.
        let seen = |(x, y, pixel): &(u32, u32, &Rgb<u8>)| {
            inside(*x, *y) && *pixel == plain.get_pixel(*x, *y)
        };
        assert!(drawn.enumerate_pixels().filter(seen).count() > 10, "{name}");
    }
}

#[test]
fn what_would_be_written_is_blank_inside_and_untouched_outside() {
    for name in FILES {
        let place = Place::new();
        let file = data(name);
        let shown = ["plain", "regions", "after", "pair"];
        assert_eq!(place.run(&[&file, "-o", "plain.png"]).code, 0);
        for what in &shown[1..] {
            let out = format!("{what}.png");
            let args = [&file, "-o", &out, "-p", "site.yaml", "--show", what, "-q"];
            let told = place.run(&args);
            assert_eq!((told.code, told.err.as_str()), (0, ""), "{name} {what}");
        }
        let [plain, regions, after, pair] = shown.map(|s| place.picture(&format!("{s}.png")));
        // Of lossy JPEG the blocks that a region touches are blank, which are the first 2 x 1 here.
        let lossy = name.contains("jpeg");
        for (x, y, pixel) in after.enumerate_pixels() {
            let blank = inside(x, y) || lossy && x < 16 && y < 8;
            let wanted = if blank {
                Rgb([0; 3])
            } else {
                *plain.get_pixel(x, y)
            };
            assert_eq!(*pixel, wanted, "{name} {x} {y}");
        }
        let (width, height) = plain.dimensions();
        let right = pair.width() - width;
        assert!(right > width && pair.height() == height);
        for (x, y, pixel) in regions.enumerate_pixels() {
            assert_eq!(pair.get_pixel(x, y), pixel);
            assert_eq!(pair.get_pixel(right + x, y), after.get_pixel(x, y));
        }
    }
}

#[test]
fn what_would_be_withheld_is_drawn_all_the_same() {
    let place = Place::new();
    let profile = SITE.replace("Rows >= 32", "Modality == \"US\"");
    fs::write(place.at("site.yaml"), profile).unwrap();
    let file = data("odd/trailing-garbage.dcm");
    let guarded = "samar: 1\nname: site\nbase: basic@2026d\npixels:\n  \
        - {id: other, when: Rows >= 1, size: [999, 999], regions: [[0, 0, 1, 1]], because: a test}\n";
    fs::write(place.at("guarded.yaml"), guarded).unwrap();
    assert_eq!(place.run(&[&file, "-o", "plain.png"]).code, 0);

    let told = place.run(&[
        &file,
        "-o",
        "out.png",
        "-p",
        "guarded.yaml",
        "--show",
        "pair",
    ]);
    assert_eq!(told.code, 1, "{}", told.err);
    assert!(
        told.err
            .starts_with("warning: would be withheld by size-guard: "),
        "{}",
        told.err
    );
    assert_eq!(place.picture("out.png"), place.picture("plain.png"));

    // Nothing is said of who the patient is.
    let file = data("studies/photograph.dcm");
    let told = place.run(&[&file, "-o", "p.png", "-p", "basic", "--show", "after"]);
    assert_eq!(told.code, 1);
    assert!(
        told.err.contains("would be withheld by photograph: "),
        "{}",
        told.err
    );
    assert!(!told.err.contains("SANTOSO") && !told.err.contains("WIJAYA"));
    let (width, height) = place.picture("p.png").dimensions();
    assert_eq!((width, height), (16, 16));
}

#[test]
fn a_sheet_has_a_tile_for_every_instance_and_names_none_unasked() {
    let place = Place::new();
    let studies = data("studies");
    let told = place.run(&[&studies, "--sheet", "sheet.png", "-p", "site.yaml"]);
    assert_eq!((told.code, told.out.as_str()), (1, ""), "{}", told.err);
    let expected = "19 images on 1 page, 1 without a picture, 0 would be withheld; \
        2 files left out, no DICOM instance\n";
    assert_eq!(told.err, expected);
    let sheet = place.picture("sheet.png");
    assert!(sheet.pixels().any(|pixel| *pixel == MAGENTA));

    let told = place.run(&[
        &studies,
        "--sheet",
        "list.png",
        "--list",
        "-q",
        "-p",
        "site.yaml",
    ]);
    insta::assert_snapshot!(told.out, @r"
    1   -          SANTOSO_BUDI/CR/1
    2   -          SANTOSO_BUDI/CT_THORAX/1.dcm
    3   -          SANTOSO_BUDI/CT_THORAX/2.dcm
    4   -          SANTOSO_BUDI/CT_THORAX/3.dcm
    5   -          WIJAYA SRI 19621107/cr-named.dcm
    6   -          WIJAYA SRI 19621107/dx.dcm
    7   -          WIJAYA SRI 19621107/mr-private.dcm
    8   no-pixels  WIJAYA SRI 19621107/report.dcm
    9   -          charsets/gb18030.dcm
    10  -          charsets/iso-2022-ir-149.dcm
    11  -          charsets/iso-2022-ir-87.dcm
    12  -          charsets/iso-ir-100.dcm
    13  -          charsets/iso-ir-13.dcm
    14  -          charsets/iso-ir-144.dcm
    15  -          charsets/iso-ir-192.dcm
    16  -          nested.dcm
    17  -          photograph.dcm
    18  -          secondary-capture.dcm
    19  -          ultrasound.dcm
    ");
    assert_eq!(told.err, "");
    assert_eq!(place.picture("list.png"), sheet);
}

#[test]
fn what_does_not_fit_goes_to_further_pages() {
    let place = Place::new();
    fs::create_dir(place.at("in")).unwrap();
    let file = data("studies/nested.dcm");
    for number in 0..100 {
        fs::copy(&file, place.at(&format!("in/{number:03}.dcm"))).unwrap();
    }
    fs::write(place.at("in/note.txt"), "Doe^John was here").unwrap();
    fs::write(place.at("in/broken.dcm"), &fs::read(&file).unwrap()[..400]).unwrap();
    let args = ["in", "--sheet", "s.png", "--columns", "12", "--list"];
    let told = place.run(&args);
    assert_eq!(told.code, 1);
    let expected =
        "101 images on 2 pages, 1 without a picture; 1 file left out, no DICOM instance\n";
    assert_eq!(told.err, expected);
    assert_eq!(told.out.lines().count(), 101);
    assert!(
        told.out.ends_with("101  truncated  broken.dcm\n"),
        "{}",
        told.out
    );
    let made = fs::read_dir(place.0.path()).unwrap();
    let mut made: Vec<_> = made.map(|entry| entry.unwrap().file_name()).collect();
    made.sort();
    assert_eq!(made, ["in", "s-1.png", "s-2.png", "site.yaml"]);
    let (first, second) = (place.picture("s-1.png"), place.picture("s-2.png"));
    assert!(first.width() > second.width() && first.height() > 7 * second.height());
}

#[test]
fn nothing_but_a_picture_is_replaced() {
    let place = Place::new();
    let file = place.at("in.dcm");
    fs::copy(data("odd/rle.dcm"), &file).unwrap();
    let before = fs::read(&file).unwrap();
    for args in [
        &["in.dcm", "--out", "in.dcm"][..],
        &["in.dcm", "--sheet", "in.dcm"],
        &["in.dcm", "--out", "site.yaml"],
    ] {
        let told = place.run(args);
        assert_eq!(told.code, 2, "{}", told.err);
        assert!(
            told.err.contains("exists and is not a PNG picture"),
            "{}",
            told.err
        );
    }
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_to_string(place.at("site.yaml")).unwrap(), SITE);
    assert_eq!(place.run(&["in.dcm", "-o", "a.png"]).code, 0);
    let first = fs::read(place.at("a.png")).unwrap();
    assert_eq!(place.run(&["in.dcm", "-o", "a.png"]).code, 0);
    assert_eq!(fs::read(place.at("a.png")).unwrap(), first);
}
