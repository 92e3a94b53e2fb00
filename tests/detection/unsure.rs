//! When the search is not sure, and what hangs on it.

use samar::deid::Unsearched;
use samar::dicom::{Encoding, Vr};
use samar::pixel::mask::Rect;

use crate::build::{DataSet, open, text, value};
use crate::picture::{PLACE, Picture, SIDE, image};
use crate::policies::methods;
use crate::{detecting, site, told, withheld, written};

const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";

fn of(class: &str, modality: &str, picture: Picture) -> DataSet {
    image(&[picture])
        .with(text(0x0008_0016, Vr::UI, class))
        .with(text(0x0008_0060, Vr::CS, modality))
}

fn ultrasound(picture: Picture) -> Vec<u8> {
    of(US, "US", picture).file(Encoding::EXPLICIT_LE)
}

#[test]
fn ultrasound_and_captured_screens_pass_when_the_search_is_sure() {
    let deidentifier = site("");
    for picture in [Picture::plain(), Picture::text()] {
        let cleaned = written(&deidentifier, &ultrasound(picture.clone()));
        assert!(!told(&cleaned).is_unsure());
        written(
            &deidentifier,
            &of(SECONDARY_CAPTURE, "OT", picture.clone()).file(Encoding::EXPLICIT_LE),
        );
        for (tag, vr, value) in [
            (0x0008_0064, Vr::CS, "DF"),
            (0x0008_0008, Vr::CS, "DERIVED\\SECONDARY\\SCREEN SAVE"),
            (0x0008_103E, Vr::LO, "Dose Report"),
        ] {
            let page = image(std::slice::from_ref(&picture)).with(text(tag, vr, value));
            written(&deidentifier, &page.file(Encoding::EXPLICIT_LE));
        }
    }
}

#[test]
fn they_are_withheld_when_it_is_not() {
    let faint = ultrasound(Picture::text());
    // What was found no longer reaches the score, and may still be text.
    let strict = site("");
    let refusal = withheld(&strict, &ultrasound(faint_text()));
    assert_eq!(refusal.reason, "ultrasound");
    assert!(refusal.text.unwrap().unsure > 0);
    // Not searched is not sure.
    for words in ["text: off", "modalities: {US: \"off\"}"] {
        assert_eq!(withheld(&detecting(words), &faint).reason, "ultrasound");
    }
    let refusal = withheld(&site(""), &ultrasound(text_all_over()));
    assert_eq!(refusal.reason, "ultrasound");
    assert!(refusal.text.unwrap().is_implausible);
}

/// Text, and a place that may be some.
fn text_and_doubt() -> Picture {
    Picture::text().with(Rect { y: 60, ..PLACE }, 60, 95)
}

fn faint_text() -> Picture {
    Picture::plain().with(PLACE, 60, 95)
}

/// More of the picture than text ever takes.
fn text_all_over() -> Picture {
    let all = Rect {
        y: 1,
        x: 1,
        width: SIDE as u32 - 2,
        height: SIDE as u32 - 2,
    };
    Picture::plain().with(all, 0, 255)
}

#[test]
fn no_image_is_blanked_for_the_most_part() {
    let file = image(&[text_all_over()]).file(Encoding::EXPLICIT_LE);
    assert_eq!(withheld(&site(""), &file).reason, "text-implausible");
    let reported = written(&detecting("text: report"), &file);
    assert!(told(&reported).is_implausible);
}

#[test]
fn an_unsure_search_alone_withholds_no_other_image() {
    let file = image(&[faint_text()]).file(Encoding::EXPLICIT_LE);
    let cleaned = written(&site(""), &file);
    assert!(told(&cleaned).is_unsure());
}

#[test]
fn a_rule_of_the_device_lets_ultrasound_pass_however_unsure_the_search_is() {
    let rules = "pixels:\n  detect: {text: redact}\n  rules:\n    - {id: a, when: Modality == \"US\", regions: [[80, 80, 4, 4]], because: seen}\n";
    let cleaned = written(&site(rules), &ultrasound(faint_text()));
    assert!(told(&cleaned).is_unsure());
}

#[test]
fn burned_in_annotation_is_lifted_by_what_is_blanked_for_sure() {
    let declared = |picture: Picture| {
        let image = image(&[picture]).with(text(0x0028_0301, Vr::CS, "YES"));
        image.file(Encoding::EXPLICIT_LE)
    };
    let deidentifier = site("");
    written(&deidentifier, &declared(Picture::text()));
    let nothing = withheld(&deidentifier, &declared(Picture::plain()));
    assert_eq!(nothing.reason, "burned-in-annotation");
    let reported = withheld(&detecting("text: report"), &declared(Picture::text()));
    assert_eq!(reported.reason, "burned-in-annotation");
    // Something is blanked, and something else may be text.
    let unsure = withheld(&deidentifier, &declared(text_and_doubt()));
    assert_eq!(unsure.reason, "burned-in-annotation");
    // A rule that blanks says where the device writes.
    let rule = "- {id: a, when: Rows >= 1, regions: [[80, 80, 4, 4]], because: seen}\n";
    for detect in ["redact", "\"off\""] {
        let rules = format!("pixels:\n  detect: {{text: {detect}}}\n  rules:\n    {rule}");
        written(&site(&rules), &declared(text_and_doubt()));
    }
    let clean = "pixels: [{id: a, when: Rows >= 1, burned_in: none, because: seen}]\n";
    let clean = withheld(&site(clean), &declared(text_and_doubt()));
    assert_eq!(clean.reason, "burned-in-annotation");
}

#[test]
fn nothing_claims_that_text_is_gone_when_the_search_is_unsure() {
    let file = image(&[text_and_doubt()]).file(Encoding::EXPLICIT_LE);
    let cleaned = written(&site("options: [clean-pixel-data]\n"), &file);
    assert!(cleaned.verified.redacted().is_blanked());
    assert!(told(&cleaned).is_unsure());
    assert_eq!(value(&open(&cleaned.bytes), 0x0028_0301), None);
    assert_eq!(methods(&cleaned.bytes), "113100");
}

#[test]
fn text_that_is_only_reported_lifts_nothing() {
    for picture in [Picture::text(), faint_text()] {
        let refusal = withheld(&detecting("text: report"), &ultrasound(picture));
        assert_eq!(refusal.reason, "ultrasound");
    }
    written(&detecting("text: report"), &ultrasound(Picture::plain()));
}

#[test]
fn an_image_that_cannot_be_searched_is_withheld() {
    // Nothing says which colour its samples are.
    let file = image(&[Picture::plain()])
        .with(text(0x0028_0004, Vr::CS, "PALETTE COLOR"))
        .file(Encoding::EXPLICIT_LE);
    for words in ["text: redact", "text: quarantine"] {
        assert_eq!(
            withheld(&detecting(words), &file).reason,
            "text-not-searched"
        );
    }
    let cleaned = written(&detecting("text: report"), &file);
    let why = Unsearched::Failed("photometric-interpretation".to_owned());
    assert_eq!(told(&cleaned).searched, Err(why));
    assert!(told(&cleaned).needs_attention());
    let cleaned = written(&detecting("text: off"), &file);
    assert!(!told(&cleaned).needs_attention());
}

#[test]
fn what_is_withheld_anyway_is_not_decoded() {
    let photograph = of("1.2.840.10008.5.1.4.1.1.77.1.4", "XC", Picture::text()).with(text(
        0x0028_0004,
        Vr::CS,
        "PALETTE COLOR",
    ));
    let refusal = withheld(&site(""), &photograph.file(Encoding::EXPLICIT_LE));
    assert_eq!(refusal.reason, "photograph");
    assert_eq!(refusal.text, None);
}

#[test]
fn nothing_is_searched_where_nothing_is_rendered() {
    let dose = of("1.2.840.10008.5.1.4.1.1.481.2", "RTDOSE", Picture::text());
    let cleaned = written(&site(""), &dose.file(Encoding::EXPLICIT_LE));
    assert_eq!(told(&cleaned).searched, Err(Unsearched::Class));
    assert!(cleaned.verified.redacted().pixels == 0);
}

#[test]
fn a_rule_of_a_site_may_ask_whether_the_search_is_unsure() {
    let accept = "accept:\n  - {id: doubt, when: pixels.unsure, do: reject, because: nobody looks at them}\n";
    let sure = image(&[Picture::text()]).file(Encoding::EXPLICIT_LE);
    written(&site(accept), &sure);
    let strict = site(&format!("{accept}pixels: {{detect: {{min_score: 1}}}}\n"));
    let unsure = image(&[faint_text()]).file(Encoding::EXPLICIT_LE);
    assert_eq!(withheld(&strict, &unsure).reason, "doubt");
}
