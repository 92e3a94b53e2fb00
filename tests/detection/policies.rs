//! The words of `pixels.detect`.

use samar::deid::Unsearched;
use samar::dicom::{Encoding, Vr};
use samar::pixel::mask::Rect;
use samar::profile::TextPolicy;

use crate::build::{open, text, value};
use crate::picture::{PLACE, Picture, SIDE, file, image, is_all, levels};
use crate::{detecting, site, told, withheld, written};

/// The codes of (0012,0064).
pub(crate) fn methods(file: &[u8]) -> String {
    let object = open(file);
    let items = object.get(dicom_object::Tag(0x0012, 0x0064)).unwrap();
    let items = items.items().unwrap().iter();
    let codes = items.map(|item| {
        let code = item.get(dicom_object::Tag(0x0008, 0x0100)).unwrap();
        code.to_str().unwrap().into_owned()
    });
    codes.collect::<Vec<_>>().join(" ")
}

#[test]
fn basic_blanks_what_is_found_and_nothing_else() {
    let before = Picture::text();
    let cleaned = written(&site(""), &file(std::slice::from_ref(&before)));
    let found = told(&cleaned);
    assert_eq!(found.policy, TextPolicy::Redact);
    assert_eq!(found.searched, Ok(1));
    assert_eq!(found.found.len(), 1, "{found:?}");
    assert!(!found.is_unsure());
    let rect = found.found[0].rect;
    assert!(rect.x <= PLACE.x && rect.y <= PLACE.y, "{rect:?}");
    let after = levels(&cleaned.bytes);
    assert!(is_all(&after, PLACE, 0));
    for (at, (before, after)) in before.0.iter().zip(&after).enumerate() {
        let (x, y) = ((at % SIDE) as u32, (at / SIDE) as u32);
        let inside = (rect.x..rect.x + rect.width).contains(&x)
            && (rect.y..rect.y + rect.height).contains(&y);
        assert_eq!(*after, if inside { 0 } else { *before }, "{x} {y}");
    }
    assert_eq!(
        value(&open(&cleaned.bytes), 0x0028_0301),
        Some("NO".to_owned())
    );
    assert_eq!(methods(&cleaned.bytes), "113100");
}

#[test]
fn an_image_without_text_stays_as_it_is() {
    let before = Picture::plain();
    let deidentifier = site("options: [clean-pixel-data]\n");
    let cleaned = written(&deidentifier, &file(std::slice::from_ref(&before)));
    assert_eq!(told(&cleaned).searched, Ok(1));
    assert!(told(&cleaned).found.is_empty() && !told(&cleaned).is_unsure());
    assert_eq!(levels(&cleaned.bytes), before.0);
    assert_eq!(value(&open(&cleaned.bytes), 0x0028_0301), None);
    // That nothing was found is no proof that nothing is there.
    assert_eq!(methods(&cleaned.bytes), "113100");
}

#[test]
fn clean_pixel_data_is_stated_where_found_text_was_blanked() {
    let deidentifier = site("options: [clean-pixel-data]\n");
    let cleaned = written(&deidentifier, &file(&[Picture::text()]));
    assert_eq!(methods(&cleaned.bytes), "113100 113101");
}

#[test]
fn text_that_is_only_reported_stays_and_nothing_claims_otherwise() {
    let more = Rect { y: 60, ..PLACE };
    let before = Picture::text().with(more, 0, 255);
    let deidentifier = site(
        "options: [clean-pixel-data]
pixels:
  detect: {text: report}
  rules:
    - {id: below, when: Modality == \"CT\", regions: [[0, 50, 100%, 46]], because: seen}
",
    );
    let cleaned = written(&deidentifier, &file(std::slice::from_ref(&before)));
    let found = told(&cleaned);
    // What the rule blanks is not told: it is gone.
    assert_eq!(found.found.len(), 1, "{found:?}");
    assert!(found.leaves_text() && found.needs_attention());
    let after = levels(&cleaned.bytes);
    assert_eq!(after[..50 * SIDE], before.0[..50 * SIDE]);
    assert!(is_all(&after, more, 0));
    assert_eq!(methods(&cleaned.bytes), "113100");
    assert_eq!(value(&open(&cleaned.bytes), 0x0028_0301), None);
}

#[test]
fn quarantine_withholds_images_with_text_alone() {
    let deidentifier = detecting("text: quarantine");
    let refusal = withheld(&deidentifier, &file(&[Picture::text()]));
    assert_eq!(refusal.reason, "text-found");
    assert_eq!(refusal.text.unwrap().found.len(), 1);
    written(&deidentifier, &file(&[Picture::plain()]));
}

#[test]
fn off_does_not_search() {
    let before = Picture::text();
    let cleaned = written(
        &detecting("text: off"),
        &file(std::slice::from_ref(&before)),
    );
    assert_eq!(told(&cleaned).searched, Err(Unsearched::Off));
    assert_eq!(levels(&cleaned.bytes), before.0);
}

#[test]
fn a_modality_may_have_a_word_of_its_own() {
    let deidentifier = detecting("text: quarantine, modalities: {CT: report, MR: \"off\"}");
    let of = |modality: &str| {
        let image = image(&[Picture::text()]).with(text(0x0008_0060, Vr::CS, modality));
        image.file(Encoding::EXPLICIT_LE)
    };
    assert!(told(&written(&deidentifier, &of("CT"))).leaves_text());
    let searched = told(&written(&deidentifier, &of("MR"))).searched.clone();
    assert_eq!(searched, Err(Unsearched::Off));
    for other in ["DX", "", "ZZ"] {
        assert_eq!(withheld(&deidentifier, &of(other)).reason, "text-found");
    }
}

#[test]
fn what_lies_in_a_kept_area_stays_and_what_reaches_out_of_it_goes() {
    let before = Picture::text();
    let file = file(std::slice::from_ref(&before));
    for keep in ["[[0, 0, 100%, 50%]]", "[[0, 0, 50%, 50%], [48, 0, 48, 48]]"] {
        let cleaned = written(&detecting(&format!("keep: {keep}")), &file);
        assert!(told(&cleaned).found.is_empty(), "{keep}");
        assert_eq!(levels(&cleaned.bytes), before.0);
    }
    for keep in ["[[0, 0, 50%, 50%]]", "[[60%, 60%, 10, 10]]"] {
        let cleaned = written(&detecting(&format!("keep: {keep}")), &file);
        assert!(is_all(&levels(&cleaned.bytes), PLACE, 0), "{keep}");
    }
}

#[test]
fn each_word_by_itself_replaces_what_is_extended() {
    let dir = tempfile::tempdir().unwrap();
    let below = "samar: 1\nname: below\nextends: basic\npixels:\n  detect: {text: report, modalities: {US: quarantine, CT: \"off\"}, min_score: 0.7, keep: [[0, 0, 9, 9]]}\n";
    let above = "samar: 1\nname: above\nextends: below.yaml\npixels:\n  detect: {modalities: {CT: redact}, keep: []}\n";
    std::fs::write(dir.path().join("below.yaml"), below).unwrap();
    let path = dir.path().join("above.yaml");
    std::fs::write(&path, above).unwrap();
    let detect = samar::profile::load(path.to_str().unwrap()).unwrap().detect;
    assert_eq!(detect.text, TextPolicy::Report);
    assert_eq!(detect.policy("US"), TextPolicy::Quarantine);
    assert_eq!(detect.policy("CT"), TextPolicy::Redact);
    assert_eq!(detect.min_score, Some(0.7));
    assert!(detect.keep.is_empty());
}
