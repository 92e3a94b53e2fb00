//! Every rule on its fixtures, and what the packs do to what `basic` withholds.

use std::collections::BTreeSet;

use samar::deid::Deidentifier;
use samar::profile::{BUILT_IN, Cover, Length, Region, load};

use super::{
    Image, SECONDARY_CAPTURE, deidentifier, explain, image, matching, other, pack, size, tag,
};

const FIXTURES: &str = include_str!("fixtures.tsv");

/// Rule, the image, and whether the rule speaks of it (`match`), does not (`miss`), or does and was drawn for another
/// size (`misfit`).
fn fixtures() -> Vec<(&'static str, &'static str, Image)> {
    let line = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [rule, expected, attributes] = cells[..] else {
            panic!("three columns are wanted: {line}");
        };
        let pairs = attributes.split('|');
        let pairs: Vec<_> = pairs.map(|pair| pair.split_once('=').expect("=")).collect();
        (rule, expected, image(&pairs))
    };
    FIXTURES.lines().skip(1).map(line).collect()
}

/// Ids of the `accept` rules that withhold an image.
fn withholding(deidentifier: &Deidentifier, image: &Image) -> Vec<String> {
    let rules = explain(deidentifier, image).accept.into_iter();
    rules
        .filter(|rule| rule.holds)
        .map(|rule| rule.id)
        .collect()
}

#[test]
fn every_rule_speaks_of_its_images_and_of_none_beside_them() {
    let all = pack("devices/all");
    let (mut matched, mut misfit, mut beside) = (BTreeSet::new(), BTreeSet::new(), 0);
    for (id, expected, image) in fixtures() {
        assert_eq!(
            matching(&all, &image).contains(id),
            expected != "miss",
            "{id} {image:?}"
        );
        let rule = all.profile().pixels.iter().find(|rule| rule.id == id);
        let rule = rule.expect("a rule of this id");
        let (columns, rows) = size(&image);
        if expected != "match" {
            assert!(expected == "miss" || !rule.fits(columns, rows), "{id}");
            if expected == "misfit" {
                misfit.insert(id.to_owned());
            }
            beside += 1;
            continue;
        }
        assert!(rule.fits(columns, rows), "{id}");
        let Cover::Boxes(regions) = &rule.cover else {
            panic!("{id} has no regions");
        };
        for region in regions {
            assert!(region.on(columns, rows).is_some(), "{id} {region}");
        }
        // One attribute at a time is another: the rule is silent, or its guard holds it back.
        for (keyword, value) in &image {
            let mut near = image.clone();
            near.insert(keyword.clone(), other(keyword, value));
            let (columns, rows) = size(&near);
            let speaks = matching(&all, &near).contains(id) && rule.fits(columns, rows);
            assert!(!speaks, "{id} whatever {keyword} is");
            beside += 1;
        }
        // What the rule asks is what the fixture has.
        let asked: BTreeSet<_> = rule.when.reads().into_iter().collect();
        let has: BTreeSet<_> = image.keys().map(|keyword| tag(keyword)).collect();
        let extra: Vec<_> = has.difference(&asked).collect();
        assert!(
            extra
                .iter()
                .all(|tag| [super::tag("Columns"), super::tag("Rows")].contains(tag)),
            "{id} does not ask for {extra:?}"
        );
        matched.insert(id.to_owned());
    }
    let rules: BTreeSet<String> = all.profile().pixels.iter().map(|r| r.id.clone()).collect();
    assert_eq!(matched, rules);
    assert_eq!(misfit, rules);
    println!("{} rules, {beside} images beside them", rules.len());
    assert!(rules.len() >= 100 && beside > 400);
}

#[test]
fn every_rule_names_its_sop_classes_and_its_sizes() {
    let mut rules = 0;
    for rule in &pack("devices/all").profile().pixels {
        assert!(
            rule.when.reads().contains(&tag("SOPClassUID")),
            "{}",
            rule.id
        );
        assert!(!rule.sizes.is_empty(), "{}", rule.id);
        rules += 1;
    }
    assert!(rules >= 100);
}

#[test]
fn worksheets_and_paper_of_known_devices_stay_withheld() {
    let all = pack("devices/all");
    for (manufacturer, model) in [("Philips", "EPIQ 7G"), ("GE Healthcare", "LOGIQ9")] {
        let sheet = image(&[
            ("Modality", "US"),
            ("SOPClassUID", SECONDARY_CAPTURE),
            ("Manufacturer", manufacturer),
            ("ManufacturerModelName", model),
            ("Rows", "600"),
            ("Columns", "640"),
        ]);
        assert!(matching(&all, &sheet).is_empty());
        assert_eq!(
            withholding(&all, &sheet),
            ["secondary-capture", "ultrasound"]
        );
    }
}

#[test]
fn diagnostic_slices_are_left_alone() {
    let all = pack("devices/all");
    let slice = |attributes: &[(&str, &str)]| {
        let mut image = image(attributes);
        image.insert("Rows".to_owned(), "512".to_owned());
        image.insert("Columns".to_owned(), "512".to_owned());
        image
    };
    let ct = ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.2");
    let pt = ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.128");
    let axial = ("ImageType", "ORIGINAL\\PRIMARY\\AXIAL");
    for image in [
        slice(&[
            ct,
            ("Modality", "CT"),
            ("Manufacturer", "SIEMENS"),
            axial,
            ("OverlayDescription", "Siemens MedCom Object Graphics"),
        ]),
        slice(&[
            ct,
            ("Modality", "CT"),
            ("Manufacturer", "GE MEDICAL SYSTEMS"),
            axial,
            ("CommentsOnRadiationDose", "Total DLP = 400"),
        ]),
        slice(&[
            ct,
            ("Modality", "CT"),
            ("Manufacturer", "SIEMENS"),
            ("ImageType", "DERIVED\\SECONDARY\\MPR"),
        ]),
        slice(&[
            pt,
            ("Modality", "PT"),
            ("Manufacturer", "Philips Medical Systems"),
            ("ManufacturerModelName", "GEMINI TF"),
            ("ImageType", "ORIGINAL\\PRIMARY"),
        ]),
    ] {
        assert!(matching(&all, &image).is_empty(), "{image:?}");
        assert!(withholding(&all, &image).is_empty(), "{image:?}");
    }
}

#[test]
fn pages_of_another_size_are_spoken_of_and_fit_no_rule() {
    let all = pack("devices/all");
    let ct = "1.2.840.10008.5.1.4.1.1.2";
    let pages = [
        ("CT", ct, "Philips", "", "DERIVED\\SECONDARY\\DOSE", ""),
        ("CT", ct, "SIEMENS", "", "DERIVED\\SECONDARY", ""),
        (
            "CT",
            ct,
            "SIEMENS",
            "",
            "DERIVED\\SECONDARY",
            "Siemens MedCom Object Graphics",
        ),
        (
            "XA",
            "1.2.840.10008.5.1.4.1.1.12.1",
            "Philips",
            "",
            "DERIVED\\SECONDARY",
            "FFR",
        ),
        (
            "NM",
            "1.2.840.10008.5.1.4.1.1.20",
            "ADAC",
            "",
            "DERIVED\\SECONDARY",
            "",
        ),
        (
            "CR",
            "1.2.840.10008.5.1.4.1.1.1",
            "Canon Inc.",
            "CXDI",
            "ORIGINAL\\PRIMARY",
            "",
        ),
    ];
    for (modality, class, manufacturer, model, kind, text) in pages {
        let mut page = image(&[
            ("Modality", modality),
            ("SOPClassUID", class),
            ("Manufacturer", manufacturer),
            ("ManufacturerModelName", model),
            ("ImageType", kind),
            ("Rows", "3000"),
            ("Columns", "3000"),
        ]);
        let keyword = if text == "FFR" {
            "SeriesDescription"
        } else {
            "OverlayDescription"
        };
        page.insert(keyword.to_owned(), text.to_owned());
        let speaking = matching(&all, &page);
        let fitting = |rule: &&samar::profile::PixelRule| {
            speaking.contains(&rule.id) && rule.fits(3000, 3000)
        };
        assert!(!speaking.is_empty(), "{page:?}");
        assert!(
            all.profile().pixels.iter().find(fitting).is_none(),
            "{page:?}"
        );
    }
}

#[test]
fn the_corners_of_a_screen_are_no_answer_for_a_page_with_a_head() {
    let all = pack("devices/all");
    for (keyword, value) in [
        ("SeriesDescription", "Dose Report"),
        ("SeriesDescription", "AW electronic film"),
        ("SeriesDescription", "AVA Report"),
        ("CommentsOnRadiationDose", "Total DLP = 400"),
        ("ImageType", "DERIVED\\SECONDARY\\VOLREN"),
    ] {
        let page = image(&[
            ("Modality", "CT"),
            ("SOPClassUID", SECONDARY_CAPTURE),
            ("Manufacturer", "GE MEDICAL SYSTEMS"),
            ("BurnedInAnnotation", "YES"),
            ("Rows", "1024"),
            ("Columns", "1024"),
            (keyword, value),
        ]);
        let speaking = matching(&all, &page);
        assert!(!speaking.is_empty(), "{value}");
        for rule in &all.profile().pixels {
            let answers = speaking.contains(&rule.id) && rule.fits(1024, 1024);
            assert!(!answers, "{value}: {}", rule.id);
        }
    }
}

#[test]
fn pages_of_the_known_size_go_by_it_whatever_they_are_called() {
    let all = pack("devices/all");
    for (kind, rows, expected) in [
        ("DERIVED\\SECONDARY\\MPR", "860", true),
        ("DERIVED\\SECONDARY\\AXIAL", "860", true),
        ("DERIVED\\SECONDARY\\COMPRESSED", "3000", true),
        ("DERIVED\\SECONDARY\\CT_SOM5 MPR", "512", false),
        ("DERIVED\\SECONDARY\\MIP_THIN", "512", false),
    ] {
        let page = image(&[
            ("Modality", "CT"),
            ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.2"),
            ("Manufacturer", "SIEMENS"),
            ("ImageType", kind),
            ("Rows", rows),
            ("Columns", "1132"),
        ]);
        let speaks = matching(&all, &page).contains("ct-siemens-860");
        assert_eq!(speaks, expected, "{kind} {rows}");
    }
}

#[test]
fn sloppy_devices_do_not_slip_through_basic() {
    let basic = pack("basic");
    let ct = "1.2.840.10008.5.1.4.1.1.2";
    let held = |keyword: &str, value: &str| {
        let image = image(&[
            ("SOPClassUID", ct),
            ("Modality", "CT"),
            ("Rows", "512"),
            ("Columns", "512"),
            (keyword, value),
        ]);
        withholding(&basic, &image)
    };
    for value in ["WSD", "WSD\\DI", "SI", "DV", "sd"] {
        assert_eq!(held("ConversionType", value), ["screen-or-film"], "{value}");
    }
    for last in [
        "SCREEN SAVE",
        "SCREENSAVE",
        "screen_save",
        "SCREEN-SAVE",
        "DOSE_INFO",
        "Dose",
        "PROT",
        "CT_SOM5 PROT",
    ] {
        let value = format!("DERIVED\\SECONDARY\\{last}");
        assert_eq!(held("ImageType", &value), ["screen-or-film"], "{value}");
    }
    for value in [
        "Dose Report",
        "DOSE  REPORT",
        "dose\treport",
        "Dosisbericht",
        "Dose Info",
        "Exam Protocol",
        "Patient  Protocol",
        "Total DLP",
    ] {
        assert_eq!(held("SeriesDescription", value), ["dose-sheet"], "{value}");
    }
    for (keyword, value) in [
        ("ImageType", "ORIGINAL\\PRIMARY\\AXIAL\\PROTON_DENSITY"),
        ("SeriesDescription", "Thorax low dose"),
        ("ConversionType", "DI"),
    ] {
        assert!(held(keyword, value).is_empty(), "{value}");
    }
    assert_eq!(held("Modality", "US"), ["ultrasound"]);
    let dose = image(&[
        ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.481.2"),
        ("Modality", "RTDOSE"),
        ("ImageType", "DERIVED\\SECONDARY\\DOSE"),
        ("Rows", "64"),
        ("Columns", "64"),
    ]);
    assert!(withholding(&basic, &dose).is_empty());
}

#[test]
fn what_a_pack_knows_is_no_longer_withheld_and_the_rest_is() {
    let site = pack("devices/philips");
    let known = image(&[
        ("Modality", "US"),
        ("ManufacturerModelName", "EPIQ 7G"),
        ("Rows", "768"),
        ("Columns", "1024"),
    ]);
    let mut unknown = known.clone();
    unknown.insert("ManufacturerModelName".to_owned(), "EPOQ".to_owned());
    assert!(withholding(&site, &known).is_empty());
    assert_eq!(withholding(&site, &unknown), ["ultrasound"]);
    let refusal = explain(&site, &unknown).refusal.expect("withheld");
    assert_eq!(refusal.reason, "ultrasound");

    // What says of itself that it shows text is written when something of it is blanked.
    let declared = |image: &super::Image| {
        let mut image = image.clone();
        image.insert("BurnedInAnnotation".to_owned(), "YES".to_owned());
        image
    };
    assert!(withholding(&site, &declared(&known)).is_empty());
    assert_eq!(
        withholding(&site, &declared(&unknown)),
        ["burned-in-annotation", "ultrasound"]
    );

    // A rule speaks of text, and not of faces.
    let mut face = known.clone();
    face.insert("RecognizableVisualFeatures".to_owned(), "YES".to_owned());
    assert_eq!(withholding(&site, &face), ["recognizable-features"]);
    let mut photograph = known;
    photograph.insert(
        "SOPClassUID".to_owned(),
        "1.2.840.10008.5.1.4.1.1.77.1.4".to_owned(),
    );
    assert_eq!(
        withholding(&site, &photograph),
        ["ultrasound", "photograph"]
    );
}

#[test]
fn a_clean_device_does_not_outweigh_what_the_image_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.yaml");
    let text = "samar: 1\nname: site\nextends: [research, devices/ge]\npixels:\n  \
        - {id: lab, when: StationName == \"LAB\", burned_in: none, because: seen in March}\n";
    std::fs::write(&path, text).expect("a file");
    let site = deidentifier(load(path.to_str().expect("UTF-8")).expect("a profile"));
    assert!(site.profile().options.iter().count() > 3, "research's own");
    let mut ultrasound = image(&[("Modality", "US"), ("StationName", "LAB")]);
    assert!(withholding(&site, &ultrasound).is_empty());
    let told = explain(&site, &ultrasound)
        .pixels
        .into_iter()
        .find(|rule| rule.holds);
    assert_eq!(told.expect("a rule").says, "nothing burned in");
    ultrasound.insert("BurnedInAnnotation".to_owned(), "YES".to_owned());
    assert_eq!(withholding(&site, &ultrasound), ["burned-in-annotation"]);
}

#[test]
fn calibrated_regions_are_a_pack_of_their_own() {
    let regions = pack("devices/ultrasound-regions");
    let mut of_any = image(&[("Modality", "US"), ("SequenceOfUltrasoundRegions", "")]);
    assert_eq!(matching(&regions, &of_any).len(), 1);
    assert!(matching(&pack("devices/all"), &of_any).is_empty());
    let cover = &regions.profile().pixels[0].cover;
    assert_eq!(*cover, Cover::KeepOnly(tag("SequenceOfUltrasoundRegions")));
    of_any.remove("SequenceOfUltrasoundRegions");
    assert!(matching(&regions, &of_any).is_empty());
}

#[test]
fn packs_add_rules_and_change_nothing_else() {
    let basic = load("basic").expect("basic");
    let mut packs = 0;
    for (name, _) in BUILT_IN
        .iter()
        .filter(|(name, _)| name.starts_with("devices/"))
    {
        let pack = load(name).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(
            !pack.pixels.is_empty() && pack.remarks.0.is_empty(),
            "{name}"
        );
        let ids = |profile: &samar::profile::Profile| -> Vec<String> {
            let accept = profile.accept.iter().map(|rule| rule.id.clone());
            accept
                .chain(profile.rules.iter().map(|rule| rule.id.clone()))
                .collect()
        };
        assert_eq!(ids(&pack), ids(&basic), "{name}");
        assert_eq!(pack.options, basic.options, "{name}");
        packs += 1;
    }
    assert_eq!(packs, 11);
}

#[test]
fn regions_round_outwards_and_are_cut_at_the_edge() {
    let percent = |text| Length::parse_percent(text).expect("a percentage");
    let top = Region {
        width: percent("100%"),
        height: percent("6.4%"),
        ..Region::pixels(0, 0, 1, 1)
    };
    // 768 rows x 6.4 % = 49.152
    assert_eq!(top.on(1024, 768), Some([0, 0, 1024, 50]));
    assert_eq!(top.on(1, 1), Some([0, 0, 1, 1]));
    let inner = Region {
        x: percent("33.3333%"),
        width: percent("33.3334%"),
        ..top
    };
    // 100 columns: from 33.3333 to 66.6667
    assert_eq!(inner.on(100, 1000), Some([33, 0, 34, 64]));
    assert_eq!(inner.to_string(), "[33.3333%, 0, 33.3334%, 6.4%]");
    assert_eq!(
        Region::pixels(700, 500, 1000, 1000).on(1024, 768),
        Some([700, 500, 324, 268])
    );
    assert_eq!(Region::pixels(1024, 0, 10, 10).on(1024, 768), None);
    assert_eq!(Region::pixels(0, 768, 10, 10).on(1024, 768), None);
    assert_eq!(Region::pixels(0, 0, 10, 10).on(0, 0), None);
    assert_eq!(
        Region::pixels(u32::MAX, 0, u32::MAX, 10).on(1024, 768),
        None
    );
    for wrong in [
        "6.4",
        "%",
        ".5%",
        "5.%",
        "100.0001%",
        "1e1%",
        "-1%",
        "+1%",
        "6.40000%",
        "1000%",
    ] {
        assert_eq!(Length::parse_percent(wrong), None, "{wrong}");
    }
}
