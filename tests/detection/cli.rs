//! What people see of the search: reports, summaries, explanations, pictures, versions.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::picture::{PLACE, Picture, file};

struct Place(tempfile::TempDir);

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    /// A folder with an image with text and one without.
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::create_dir(place.at("in")).unwrap();
        fs::write(place.at("in/text.dcm"), file(&[Picture::text()])).unwrap();
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn profile(&self, detect: &str) {
        let yaml = format!(
            "samar: 1\nname: site\nextends: basic\noptions: [clean-pixel-data]\npixels: {{detect: {{{detect}}}}}\n"
        );
        fs::write(self.at("site.yaml"), yaml).unwrap();
    }

    fn run(&self, words: &str) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_samar"))
            .args(words.split(' '))
            .current_dir(self.0.path())
            .env_remove("SAMAR_KEY_FILE")
            .output()
            .unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The same with the detector of these tests.
    fn search(&self, words: &str) -> Ran {
        let root = env!("CARGO_MANIFEST_DIR");
        self.run(&format!(
            "{words} --text-model {root}/tests/models/strokes.onnx"
        ))
    }

    fn report(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.at("r.jsonl")).unwrap();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

#[test]
fn the_report_says_what_was_searched_and_found() {
    let place = Place::new();
    fs::write(place.at("in/plain.dcm"), file(&[Picture::plain()])).unwrap();
    let ran = place.search("deid in --out out --report r.jsonl");
    assert_eq!(ran.code, 1, "{}", ran.err);
    // Both are one instance by their UIDs, so that one of them is in the way of the other.
    let report = place.report();
    let model = &report[0]["text_model"];
    assert_eq!(
        (&model["name"], &model["recipe"]),
        (&json!("strokes"), &json!("made by hand, for tests alone"))
    );
    let sha256 = model["sha256"].as_str().unwrap();
    assert_eq!(sha256.len(), 64);
    let plain = &report[1];
    assert_eq!(
        plain["text"],
        json!({"policy": "redact", "searched": 1, "model": sha256[..16]})
    );
}

#[test]
fn places_and_scores_are_told_and_counted() {
    let place = Place::new();
    let ran = place.search("deid in --out out --report r.jsonl");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err
            .contains("instances with regions blanked 1\n  text found in 1\n"),
        "{}",
        ran.err
    );
    let report = place.report();
    let text = &report[1]["text"];
    let found = text["found"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    let number = |key: &str| found[0][key].as_u64().unwrap() as u32;
    assert!(number("x") <= PLACE.x && number("x") + number("w") >= PLACE.x + PLACE.width);
    assert!(number("y") <= PLACE.y && number("y") + number("h") >= PLACE.y + PLACE.height);
    assert!((0.9..=1.0).contains(&found[0]["score"].as_f64().unwrap()));
    assert_eq!(
        report[2]["totals"]["text"],
        json!({"searched": 1, "not_searched": 0, "found": 1, "unsure": 0, "look": 0})
    );
}

#[test]
fn text_that_is_only_reported_ends_the_run_with_1() {
    let place = Place::new();
    place.profile("text: report");
    let ran = place.search("deid in --out out --profile site.yaml --report r.jsonl");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("note: 1 written with text"), "{}", ran.err);
    let report = place.report();
    assert_eq!(report[1]["outcome"], "written");
    assert_eq!(report[1]["text"]["policy"], "report");
    assert_eq!(report[2]["exit"], 1);
}

#[test]
fn what_is_not_searched_says_why() {
    let place = Place::new();
    place.profile("text: \"off\"");
    let ran = place.search("deid in --out out --profile site.yaml --report r.jsonl");
    assert_eq!(ran.code, 0);
    let report = place.report();
    assert_eq!(report[0].get("text_model"), None);
    assert_eq!(
        report[1]["text"],
        json!({"policy": "off", "searched": "off"})
    );
    assert!(ran.err.contains("text not searched in 1"), "{}", ran.err);
}

#[test]
fn a_withheld_image_says_what_was_found_in_it() {
    let place = Place::new();
    place.profile("text: quarantine");
    let ran = place.search("deid in --out out --profile site.yaml --report r.jsonl");
    assert_eq!(ran.code, 1);
    let report = place.report();
    assert_eq!(report[1]["reason"], "text-found");
    assert_eq!(report[1]["text"]["found"].as_array().unwrap().len(), 1);
}

#[test]
fn a_model_that_is_none_is_an_error_of_usage() {
    let place = Place::new();
    fs::write(place.at("bad.onnx"), b"no model").unwrap();
    for (name, said) in [
        ("bad.onnx", "the text model cannot be loaded"),
        ("none.onnx", "there is no text model"),
        ("in", "there is no text model"),
    ] {
        for verb in [
            "deid in --out out --report r.jsonl",
            "explain in/text.dcm",
            "preview in/text.dcm --out p.png --profile basic",
        ] {
            let ran = place.run(&format!("{verb} --text-model {name}"));
            assert_eq!(ran.code, 2, "{verb} {name}: {}", ran.err);
            assert!(ran.err.contains(said), "{verb} {name}: {}", ran.err);
            assert!(ran.err.contains("help: "), "{verb} {name}: {}", ran.err);
        }
        for made in ["out", "r.jsonl", "p.png"] {
            assert!(!place.at(made).exists(), "{made}");
        }
    }
}

#[test]
fn the_verbose_version_names_the_model() {
    let place = Place::new();
    let short = place.run("--version");
    assert_eq!((short.code, short.out.lines().count()), (0, 1));
    for words in ["--version --verbose", "-v --version", "-V -v"] {
        let ran = place.run(words);
        assert_eq!(ran.code, 0);
        assert!(ran.out.starts_with(short.out.trim_end()), "{}", ran.out);
        for told in ["text model: ", "sha256: ", "recipe: "] {
            assert!(ran.out.contains(told), "{words}: {}", ran.out);
        }
    }
}

#[test]
fn explain_says_where_text_is_and_what_becomes_of_it() {
    let place = Place::new();
    place.profile("text: redact");
    let ran = place.search("explain in/text.dcm --profile site.yaml");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let from = ran.out.find("pixels, ").unwrap();
    let to = ran.out[from..].find("\n\n").unwrap();
    insta::assert_snapshot!(&ran.out[from..from + to], @r"
    pixels, 96 x 96
      1,496 of 9,216 pixels of each frame become what displays as black; frames: 1
      text: searched, `redact`; frames: 1
        found at [6, 19, 68, 22], score 1.00
      BurnedInAnnotation becomes `NO`, value 1 of ImageType `DERIVED`, DerivationDescription
      `Regions with burned-in text were blanked`
    ");
    assert!(ran.out.contains("113101"), "{}", ran.out);
    assert!(ran.out.contains("text that was found"), "{}", ran.out);
}

#[test]
fn preview_draws_what_is_found_in_a_colour_of_its_own() {
    let place = Place::new();
    fs::write(
        place.at("site.yaml"),
        "samar: 1\nname: site\nextends: basic\npixels: [{id: low, when: Rows >= 1, regions: [[0, 70, 100%, 10]], because: a test}]\n",
    )
    .unwrap();
    let ran = place.search("preview in/text.dcm --out p.png --profile site.yaml");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("pixel rules (magenta): low"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("text (lime): 1 places found, blanked;"),
        "{}",
        ran.err
    );
    let picture = image::open(place.at("p.png")).unwrap().into_rgb8();
    let has = |colour: [u8; 3], rows: std::ops::Range<u32>| {
        let mut pixels = picture.enumerate_pixels();
        pixels.any(|(_, y, pixel)| rows.contains(&y) && pixel.0 == colour)
    };
    let (magenta, lime) = ([255, 0, 255], [160, 255, 0]);
    assert!(has(magenta, 70..80) && !has(magenta, 0..70));
    assert!(has(lime, 15..45) && !has(lime, 50..96));
}
