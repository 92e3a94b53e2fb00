//! The device packs: every rule speaks of the images that it was written for, and of none that differs in one attribute.
//!
//! `fixtures.tsv` has images by their attributes: for every rule those it speaks of, and near misses.

#[path = "../build/mod.rs"]
mod build;
mod facts;
mod packs;

use std::collections::{BTreeMap, BTreeSet};

use build::{DataSet, blind, ct, meta, part10, read, sequence, text, words};
use samar::deid::Deidentifier;
use samar::deid::explain::Explanation;
use samar::dicom::syntax::EXPLICIT_LE;
use samar::dicom::{Encoding, Limits, Tag, Vr};
use samar::profile::{Profile, load};
use samar::pseudonym::Key;
use samar::standard::dictionary;

/// Attributes by their keywords; several values are separated by backslashes.
type Image = BTreeMap<String, String>;

/// Ultrasound Image Storage.
const ULTRASOUND: &str = "1.2.840.10008.5.1.4.1.1.6.1";

/// Secondary Capture Image Storage.
const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";

fn deidentifier(profile: Profile) -> Deidentifier {
    // Rules alone.
    Deidentifier::new(
        blind(profile),
        &Key::from_bytes([7; 32]),
        Limits::default(),
        None,
    )
    .expect("a de-identifier")
}

fn pack(name: &str) -> Deidentifier {
    deidentifier(load(name).unwrap_or_else(|problems| panic!("{problems}")))
}

/// A file of an ultrasound image, or of the class that `SOPClassUID` names, with these attributes and no others.
fn file(image: &Image) -> Vec<u8> {
    let class = image.get("SOPClassUID").map_or(ULTRASOUND, String::as_str);
    let mut dataset = ct().with(text(0x0008_0016, Vr::UI, class));
    for tag in [0x0008_0060, 0x0008_0070, 0x0028_0010, 0x0028_0011] {
        dataset = dataset.without(tag);
    }
    let mut nodes = meta(Some(EXPLICIT_LE));
    nodes.retain(|node| node.tag != Tag(0x0002_0002));
    nodes.push(text(0x0002_0002, Vr::UI, class));
    for (keyword, value) in image {
        let entry = dictionary::by_keyword(keyword).expect("a keyword");
        let node = match entry.vr {
            Vr::US => words(entry.tag.0, Vr::US, &[value.parse().expect("a number")]),
            Vr::SQ => sequence(entry.tag.0, &[&[]]),
            vr => text(entry.tag.0, vr, value),
        };
        if entry.tag.group() == 2 {
            nodes.push(node);
        } else {
            dataset = dataset.with(node);
        }
    }
    nodes.sort_by_key(|node| node.tag);
    let mut bytes = part10(&nodes, Some(()));
    bytes.extend(DataSet::bytes(&dataset, Encoding::EXPLICIT_LE));
    bytes
}

fn explain(deidentifier: &Deidentifier, image: &Image) -> Explanation {
    let file = file(image);
    let instance = read(&file).expect("a readable file");
    deidentifier.explain(&instance).expect("an image")
}

/// Ids of the pixel rules that speak of an image.
fn matching(deidentifier: &Deidentifier, image: &Image) -> BTreeSet<String> {
    let rules = explain(deidentifier, image).pixels.into_iter();
    rules
        .filter(|rule| rule.holds)
        .map(|rule| rule.id)
        .collect()
}

/// Columns and rows; where the image does not say, large enough for anything.
fn size(image: &Image) -> (u32, u32) {
    let side = |keyword: &str| {
        let number = image.get(keyword).map(|value| value.parse());
        number.map_or(4096, |number| number.expect("a number"))
    };
    (side("Columns"), side("Rows"))
}

fn image(attributes: &[(&str, &str)]) -> Image {
    attributes
        .iter()
        .map(|(keyword, value)| ((*keyword).to_owned(), (*value).to_owned()))
        .collect()
}

/// Another value of the same kind.
fn other(keyword: &str, value: &str) -> String {
    let vr = dictionary::by_keyword(keyword).expect("a keyword").vr;
    match (keyword, vr) {
        // Digital Mammography X-Ray Image Storage - For Presentation.
        ("SOPClassUID", _) => "1.2.840.10008.5.1.4.1.1.1.2".to_owned(),
        ("Modality", _) => "SM".to_owned(),
        ("ImageType", _) => "ORIGINAL\\PRIMARY".to_owned(),
        ("BurnedInAnnotation", _) => "NO".to_owned(),
        (_, Vr::US | Vr::DS) => (value.parse::<u32>().expect("a number") + 1).to_string(),
        _ => "Unlike".to_owned(),
    }
}

fn tag(keyword: &str) -> Tag {
    dictionary::by_keyword(keyword).expect("a keyword").tag
}
