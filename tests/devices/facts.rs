//! The published facts against the packs: what a public rule set blanks of an image, the packs blank too.
//!
//! The facts do not come with the source; without them this says so and checks nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use samar::profile::Cover;

use super::{Image, explain, image, pack, size};

/// They ask for a Code Meaning somewhere in a sequence, or for the Implementation Version Name of the file meta information;
/// conditions see the top level of the data set. CTP-031 and deid-047 blank a box within the picture and leave the banner.
const NOT_EXPRESSED: &[&str] = &[
    "CTP-001", "deid-011", "CTP-017", "deid-028", "CTP-031", "deid-047",
];

fn facts() -> Option<String> {
    let shared = std::env::var_os("SAMAR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = shared.unwrap_or(beside).join("standard/device_regions.tsv");
    std::fs::read_to_string(path).ok()
}

/// The image that a row describes, its slips put right as the README of the facts has them.
fn described(row: &BTreeMap<&str, &str>, boxes: &[[u32; 4]]) -> Image {
    let plain = |column: &str| {
        let text = row[column].rsplit(" & ").next().unwrap_or_default();
        let text = text.trim_start_matches(['=', '~']);
        text.split('|').next().unwrap_or_default().to_owned()
    };
    let id = row["rule_id"];
    let modality = match plain("modality").as_str() {
        "MRI" => "DX".to_owned(),
        "PET/CT" => "PT".to_owned(),
        "Other" | "" if row["label"].starts_with("US") || id == "deid-042" => "US".to_owned(),
        "" if row["label"].contains("Canon") => "CR".to_owned(),
        "Other" | "" => "CT".to_owned(),
        modality => modality.to_owned(),
    };
    let mut manufacturer = plain("manufacturer");
    let mut model = plain("model");
    match id {
        "deid-042" => model = std::mem::take(&mut manufacturer),
        "deid-064" => "CXDI".clone_into(&mut model),
        "deid-065" => model.clear(),
        _ => {}
    }
    if manufacturer.is_empty() && modality == "CT" {
        "GE MEDICAL SYSTEMS".clone_into(&mut manufacturer);
    }
    let number = |column: &str, least: Option<u32>| match plain(column).as_str() {
        "786" => "768".to_owned(),
        "" => least.unwrap_or(1).to_string(),
        number => number.to_owned(),
    };
    let image_type = plain("image_type").replace('+', "\\");
    let image_type = image_type.replace("LOCAL", "LOCALIZER");
    let rows = number("rows", boxes.iter().map(|b| b[1] + b[3]).max());
    let columns = number("columns", boxes.iter().map(|b| b[0] + b[2]).max());
    let (series, burned_in) = (plain("series_description"), plain("burned_in_annotation"));
    // What the packs take for pages only: the published rules take slices for them too.
    let page = ["CommentsOnRadiationDose", "OverlayDescription"]
        .iter()
        .any(|keyword| row["other_conditions"].starts_with(keyword));
    let class = match modality.as_str() {
        _ if page => super::SECONDARY_CAPTURE,
        "US" => super::ULTRASOUND,
        "PT" => "1.2.840.10008.5.1.4.1.1.128",
        "NM" => "1.2.840.10008.5.1.4.1.1.20",
        "CR" | "DX" => "1.2.840.10008.5.1.4.1.1.1",
        _ if row["manufacturer"] == "~ADAC" => "1.2.840.10008.5.1.4.1.1.20",
        _ => "1.2.840.10008.5.1.4.1.1.2",
    };
    let mut pairs = vec![
        ("SOPClassUID", class),
        ("Modality", modality.as_str()),
        ("Manufacturer", &manufacturer),
        ("ManufacturerModelName", &model),
        ("Rows", &rows),
        ("Columns", &columns),
        ("ImageType", &image_type),
        ("SeriesDescription", &series),
        (
            "BurnedInAnnotation",
            if burned_in.is_empty() && id == "CTP-007" {
                "YES"
            } else {
                &burned_in
            },
        ),
    ];
    pairs.extend(row["other_conditions"].split_once(['~', '=']));
    pairs.retain(|(_, value)| !value.is_empty());
    image(&pairs)
}

#[test]
fn the_packs_blank_what_the_published_rules_blank() {
    let Some(facts) = facts() else {
        println!("skipped: the published facts are not beside the source");
        return;
    };
    let all = pack("devices/all");
    let mut lines = facts.lines();
    let columns: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    let (mut checked, mut wrong) = (0, Vec::new());
    for line in lines {
        let cells = line.split('\t').chain(std::iter::repeat(""));
        let row: BTreeMap<&str, &str> = columns.iter().copied().zip(cells).collect();
        if row["action"] != "blank" || NOT_EXPRESSED.contains(&row["rule_id"]) {
            continue;
        }
        let boxes: Vec<[u32; 4]> = row["regions_xywh"]
            .split(' ')
            .map(|one| {
                let numbers: Vec<u32> = one.split(',').map(|n| n.parse().expect("n")).collect();
                numbers.try_into().expect("four numbers")
            })
            .collect();
        let image = described(&row, &boxes);
        let (width, height) = size(&image);
        let explained = explain(&all, &image).pixels;
        let mut covered = Vec::new();
        for (rule, told) in all.profile().pixels.iter().zip(explained) {
            let speaks = told.holds && rule.fits(width, height);
            if let (Cover::Boxes(regions), true) = (&rule.cover, speaks) {
                covered.extend(regions.iter().filter_map(|region| region.on(width, height)));
            }
        }
        let is_covered = |b: &[u32; 4]| {
            let (right, bottom) = ((b[0] + b[2]).min(width), (b[1] + b[3]).min(height));
            let inside = |c: &[u32; 4]| {
                c[0] <= b[0] && c[1] <= b[1] && c[0] + c[2] >= right && c[1] + c[3] >= bottom
            };
            covered.iter().any(inside)
        };
        if !boxes.iter().all(is_covered) {
            wrong.push(format!("{} {image:?}: {covered:?}", row["rule_id"]));
        }
        checked += 1;
    }
    println!("{checked} published rules");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked >= 150);
}
