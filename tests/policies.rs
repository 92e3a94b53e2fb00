//! Ten policies as sites write them: each loads without a warning and does to instances what its comments say.
//! What it does to real files is in `policies/real.rs`.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod build;

#[path = "policies/real.rs"]
mod real;

use std::path::{Path, PathBuf};

use build::{DataSet, Node, blind, clean_with, ct, items, open, sequence, text, value, words};
use dicom_object::InMemDicomObject;
use samar::deid::{Deidentifier, Fate, Refusal};
use samar::dicom::{Encoding, Limits, Vr};
use samar::profile::lint::{Lint, lint};
use samar::profile::{Profile, Severity, load};
use samar::pseudonym::{Key, Subjects};

const NAMES: [&str; 10] = [
    "ai-feed",
    "ci-gate",
    "ctp-trial",
    "indonesia-registry",
    "multicentre-dates",
    "per-modality",
    "private-diffusion",
    "radiotherapy",
    "tcia-collection",
    "teaching-file",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies")
}

#[track_caller]
fn policy(name: &str) -> Profile {
    match load(folder().join(name).with_extension("yaml").to_str().unwrap()) {
        Ok(profile) => profile,
        Err(problems) => panic!("{problems}"),
    }
}

fn deidentifier(name: &str) -> Deidentifier {
    // What stands in pictures is another test's matter.
    let profile = blind(policy(name));
    let table = profile.pseudonyms.patient.table.as_deref();
    // Read past the check of the file's mode, which a repository does not keep.
    let subjects = table.map(|path| Subjects::parse(&std::fs::read(path).unwrap()).unwrap());
    let key = Key::from_bytes([7; 32]);
    Deidentifier::new(profile, &key, Limits::default(), subjects).unwrap()
}

/// What another parser reads of the result.
#[track_caller]
fn cleaned(name: &str, data: &DataSet) -> InMemDicomObject {
    match clean_with(&deidentifier(name), &data.file(Encoding::EXPLICIT_LE)) {
        Ok(cleaned) => open(&cleaned.bytes),
        Err(refusal) => panic!("{name} withholds it: {refusal}"),
    }
}

#[track_caller]
fn refusal(name: &str, data: &DataSet) -> Refusal {
    match clean_with(&deidentifier(name), &data.file(Encoding::EXPLICIT_LE)) {
        Ok(_) => panic!("{name} writes it"),
        Err(refusal) => refusal,
    }
}

#[track_caller]
fn rejected(name: &str, data: &DataSet, rule: &str) {
    let refusal = refusal(name, data);
    assert_eq!(
        (refusal.fate, refusal.reason.as_str()),
        (Fate::Rejected, rule)
    );
}

#[track_caller]
fn quarantined(name: &str, data: &DataSet, reason: &str) {
    let refusal = refusal(name, data);
    assert_eq!(
        (refusal.fate, refusal.reason.as_str()),
        (Fate::Quarantined, reason)
    );
}

fn is(object: &InMemDicomObject, tag: u32, wanted: &str) -> bool {
    value(object, tag).as_deref() == Some(wanted)
}

/// The codes of CID 7050 that a result claims.
fn codes(object: &InMemDicomObject) -> Vec<String> {
    items(object, 0x0012_0064)
        .iter()
        .map(|item| value(item, 0x0008_0100).unwrap())
        .collect()
}

/// An MR image of one maker, with a private block.
fn mr(maker: &str, block: &[Node]) -> DataSet {
    let plain = ct()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.4"))
        .with(text(0x0008_0060, Vr::CS, "MR"))
        .with(text(0x0008_0070, Vr::LO, maker));
    block.iter().cloned().fold(plain, DataSet::with)
}

fn without_pixels(class: &str, modality: &str) -> DataSet {
    let plain =
        ct().with(text(0x0008_0016, Vr::UI, class))
            .with(text(0x0008_0060, Vr::CS, modality));
    DataSet(
        plain
            .0
            .into_iter()
            .filter(|node| !matches!(node.tag.group(), 0x0018 | 0x0028 | 0x7FE0))
            .collect(),
    )
}

#[test]
fn every_policy_is_here() {
    let mut found: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    found.sort();
    assert_eq!(found, NAMES);
}

#[test]
fn they_lint_without_errors_and_warnings() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let shipped = [
        "basic",
        "research",
        "longitudinal-full-dates",
        "sharing-id",
        "teaching",
    ]
    .map(|name| shipped.join(name));
    let own = NAMES.map(|name| folder().join(name));
    for path in own.iter().chain(&shipped) {
        let profile = load(path.with_extension("yaml").to_str().unwrap());
        let profile = profile.unwrap_or_else(|problems| panic!("{problems}"));
        let Lint { remarks, rows, .. } = lint(&profile);
        let loud = remarks.0.iter().find(|r| r.severity != Severity::Note);
        assert!(loud.is_none(), "{}\n{remarks}", path.display());
        assert!(
            !rows.is_empty(),
            "{} differs in nothing from Table E.1-1",
            path.display()
        );
        for rule in &profile.rules {
            assert!(!rule.because.is_empty());
        }
    }
}

#[test]
fn the_trial_names_subjects_by_its_table() {
    let data = ct()
        .with(text(0x0010_4000, Vr::LT, "Anna, MRN-0815-42"))
        .with(text(0x0008_1030, Vr::LO, "CT THORAX Quillfeather"))
        .with(text(0x0010_1010, Vr::AS, "092Y"))
        .with(text(0x0012_0010, Vr::LO, "RS Cakrawala"))
        .with(text(0x0012_0020, Vr::LO, ""))
        .with(text(0x0012_0030, Vr::LO, "Poli Paru"))
        .with(text(0x0012_0040, Vr::LO, "MRN-0815-42"))
        .with(text(0x0012_0050, Vr::LO, "ACC-4711"));
    let made = cleaned("ctp-trial", &data);
    assert!(is(&made, 0x0010_0020, "TRT-017-0001"));
    assert!(is(&made, 0x0010_0010, "TRT-017-0001"));
    assert!(is(&made, 0x0012_0040, "TRT-017-0001"));
    assert!(
        is(&made, 0x0008_0020, "20181101"),
        "120 days before 1 March 2019"
    );
    assert!(is(&made, 0x0028_0303, "MODIFIED"));
    assert!(is(&made, 0x0012_0010, "University Thorax Group"));
    assert!(is(&made, 0x0012_0020, "THORAX-RT 0412"));
    assert!(is(&made, 0x0012_0030, "017"));
    assert!(value(&made, 0x0012_0050).is_none_or(|v| v.is_empty()));
    assert!(is(&made, 0x0008_1030, "CT THORAX"));
    assert!(is(&made, 0x0010_1010, "090Y"));
    let accession = value(&made, 0x0008_0050).unwrap();
    assert!(accession.starts_with("17-") && accession.len() == 16);
    let study = value(&made, 0x0020_000D).unwrap();
    assert!(study.starts_with("1.2.826.0.1.3680043.10.1412."), "{study}");

    let unknown = data.clone().with(text(0x0010_0020, Vr::LO, "MRN-0815-77"));
    assert_eq!(refusal("ctp-trial", &unknown).fate, Fate::Quarantined);
    let thick = data.clone().with(text(0x0018_0050, Vr::DS, "7.5"));
    rejected("ctp-trial", &thick, "thick-slices");
    let early = data.clone().with(text(0x0008_0020, Vr::DA, "20181231"));
    rejected("ctp-trial", &early, "before-activation");
    let scout = data
        .clone()
        .with(text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\LOCALIZER"));
    rejected("ctp-trial", &scout, "localizer");
    let odd = data.clone().with(text(0x0008_0021, Vr::DA, "1 March"));
    quarantined("ctp-trial", &odd, "unparsable-date");
    rejected("ctp-trial", &mr("Acme", &[]), "protocol-modalities");
}

#[test]
fn the_public_collection_keeps_its_own_private_elements() {
    let data = ct()
        .with(text(0x0008_1010, Vr::SH, "WARD3CT"))
        .with(text(0x0018_1000, Vr::LO, "SN-99182"))
        .with(text(0x0008_1030, Vr::LO, "CT Thorax lowdose Anna"))
        .with(text(0x0008_1090, Vr::LO, "Revolution"))
        .with(text(0x0019_0010, Vr::LO, "GEMS_ACQU_01"))
        .with(text(0x0019_1023, Vr::DS, "39.37"))
        .with(text(0x0019_1028, Vr::DS, "1"))
        .with(text(0x0045_0010, Vr::LO, "GEMS_HELIOS_01"))
        .with(words(0x0045_1001, Vr::SS, &[16]))
        .with(text(0x00E1_0010, Vr::LO, "elscint1 "))
        .with(text(0x00E1_1022, Vr::DS, "0.5"))
        .with(text(0x00E1_1023, Vr::LO, "Anna"))
        .with(text(0x0013_0010, Vr::LO, "CTP"))
        .with(text(0x0013_1010, Vr::LO, "OLD-COLLECTION"));
    let made = cleaned("tcia-collection", &data);
    assert!(is(&made, 0x0019_1023, "39.37"));
    assert!(value(&made, 0x0019_1028).is_none());
    assert!(is(&made, 0x0045_1001, "16"));
    assert!(is(&made, 0x00E1_1022, "0.5"), "creators are folded");
    assert!(value(&made, 0x00E1_1023).is_none());
    assert!(value(&made, 0x0013_1010).is_none() && value(&made, 0x0013_0010).is_none());
    for tag in [0x0008_1010, 0x0018_1000] {
        assert!(value(&made, tag).unwrap().starts_with("DEV-"));
    }
    assert!(is(&made, 0x0008_1090, "Revolution"), "the option keeps it");
    assert!(is(&made, 0x0008_1030, "CT Thorax lowdose"));
    assert!(value(&made, 0x0010_0020).unwrap().starts_with("NL-"));
    assert_eq!(
        codes(&made),
        [
            "113100", "113111", "113109", "113108", "113107", "113105", "113104", "113103"
        ]
    );

    let nobody = data.clone().with(text(0x0010_0020, Vr::LO, ""));
    assert_eq!(refusal("tcia-collection", &nobody).fate, Fate::Rejected);
    let phantom = data.clone().with(text(0x0010_0020, Vr::LO, "QA-17"));
    rejected("tcia-collection", &phantom, "phantom");
    let derived = data
        .clone()
        .with(text(0x0008_0008, Vr::CS, "DERIVED\\SECONDARY"));
    rejected("tcia-collection", &derived, "derived");
    let vendors = data.with(text(0x0008_0016, Vr::UI, "1.2.840.113619.4.2"));
    assert_eq!(refusal("tcia-collection", &vendors).fate, Fate::Rejected);
}

#[test]
fn the_teaching_file_knows_no_days() {
    let data = ct()
        .with(text(0x0008_0030, Vr::TM, "101500"))
        .with(text(0x0008_1030, Vr::LO, "Kasus sulit: CT thorax Tn. Budi"))
        .with(text(0x0010_0040, Vr::CS, "F"))
        .with(text(0x0010_1010, Vr::AS, "067Y"))
        .with(text(0x0020_4000, Vr::LT, "seen by Rosa"));
    let made = cleaned("teaching-file", &data);
    assert!(is(&made, 0x0010_1010, "070Y") && is(&made, 0x0010_0040, "F"));
    for tag in [0x0008_0020, 0x0008_0030] {
        assert!(is(&made, tag, ""), "emptied: Type 2");
    }
    assert!(is(&made, 0x0028_0303, "REMOVED"));
    assert!(is(&made, 0x0008_1030, "Kasus sulit: CT thorax"));
    assert!(value(&made, 0x0020_4000).is_none());
    assert_eq!(
        codes(&made),
        ["113105", "113103"],
        "not the Basic Profile's"
    );

    let child = data.clone().with(text(0x0010_1010, Vr::AS, "009M"));
    quarantined("teaching-file", &child, "children");
    let report = without_pixels("1.2.840.10008.5.1.4.1.1.88.11", "SR");
    rejected("teaching-file", &report, "not-an-image");
}

#[test]
fn diffusion_survives_for_three_makers() {
    let ge = mr(
        "GE MEDICAL SYSTEMS",
        &[
            text(0x0043_0011, Vr::LO, "GEMS_PARM_01"),
            text(0x0043_1139, Vr::IS, "1000\\8\\0\\0"),
            text(0x0043_1138, Vr::SH, "Quillfeather"),
            text(0x0019_0010, Vr::LO, "GEMS_ACQU_01"),
            text(0x0019_10BB, Vr::DS, "0.577"),
        ],
    );
    let made = cleaned("private-diffusion", &ge);
    assert!(is(&made, 0x0043_1139, "1000\\8\\0\\0") && is(&made, 0x0019_10BB, "0.577"));
    assert!(is(&made, 0x0043_0011, "GEMS_PARM_01"), "whatever the block");
    assert!(value(&made, 0x0043_1138).is_none());

    let siemens = mr(
        "SIEMENS",
        &[
            text(0x0019_0010, Vr::LO, "SIEMENS MR HEADER"),
            text(0x0019_100C, Vr::IS, "700"),
            text(0x0019_100D, Vr::CS, "DIRECTIONAL"),
            text(0x0019_1010, Vr::LO, "Anna"),
            text(0x0029_0010, Vr::LO, "SIEMENS CSA HEADER"),
            build::raw(0x0029_1010, Vr::OB, b"SV10 Quillfeather^Anna  "),
        ],
    );
    let made = cleaned("private-diffusion", &siemens);
    assert!(is(&made, 0x0019_100C, "700") && is(&made, 0x0019_100D, "DIRECTIONAL"));
    for gone in [0x0019_1010, 0x0029_0010, 0x0029_1010] {
        assert!(value(&made, gone).is_none());
    }

    let philips = mr(
        "Philips Medical Systems",
        &[
            text(0x2001_0010, Vr::LO, "Philips Imaging DD 001"),
            build::raw(0x2001_1003, Vr::FL, &1000_f32.to_le_bytes()),
            text(0x2001_1004, Vr::CS, "P"),
            text(0x2001_10C8, Vr::LO, "DWI Quillfeather"),
        ],
    );
    let made = cleaned("private-diffusion", &philips);
    assert_eq!(
        build::value_bytes(&made, 0x2001_1003).unwrap(),
        1000_f32.to_le_bytes()
    );
    assert!(is(&made, 0x2001_1004, "P") && value(&made, 0x2001_10C8).is_none());
    assert_eq!(codes(&made), ["113100", "113111", "113108", "113105"]);

    rejected("private-diffusion", &ct(), "not-mr");
    quarantined("private-diffusion", &mr("Mystery", &[]), "maker");
    let lengths = ge
        .clone()
        .with(build::raw(0x0008_0000, Vr::UL, &[0; 4]))
        .with(build::raw(0x0019_0000, Vr::UL, &[0; 4]));
    let made = cleaned("private-diffusion", &lengths);
    assert!(
        value(&made, 0x0008_0000).is_none() && value(&made, 0x0019_0000).is_none(),
        "group lengths are known, and not needed"
    );
    let unlisted = ge.with(text(0x0018_0FF0, Vr::LO, "nobody knows"));
    quarantined("private-diffusion", &unlisted, "unknown-element");
}

/// The shipped profile rounds ages by a rule, and has a cap.
#[test]
fn rounding_is_no_way_past_the_age_cap() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/teaching.yaml");
    let profile = load(path.to_str().unwrap()).unwrap();
    let key = Key::from_bytes([7; 32]);
    let teaching = Deidentifier::new(profile, &key, Limits::default(), None).unwrap();
    for (age, rounded) in [("043Y", "045Y"), ("079Y", "080Y"), ("097Y", "081Y")] {
        let data = ct().with(text(0x0010_1010, Vr::AS, age));
        let made = clean_with(&teaching, &data.file(Encoding::EXPLICIT_LE)).unwrap();
        assert!(is(&open(&made.bytes), 0x0010_1010, rounded), "{age}");
    }
}

#[test]
fn each_modality_has_its_rules() {
    let data = ct().with(text(0x0018_1030, Vr::LO, "5.12 Thorax Dr. Wirasena"));
    let made = cleaned("per-modality", &data);
    assert!(is(&made, 0x0018_1210, "B30f") && is(&made, 0x0018_1030, "Thorax"));

    let field = [
        text(0x0018_0024, Vr::SH, "*ep2d1_128"),
        text(0x0018_0087, Vr::DS, "1.494"),
        text(0x0018_1030, Vr::LO, "5.12 Thorax Dr. Wirasena"),
    ];
    let made = cleaned("per-modality", &mr("Acme", &field));
    assert!(is(&made, 0x0018_0024, "*ep2d1_128") && is(&made, 0x0018_0087, "1.5"));
    assert!(!is(&made, 0x0018_1030, "Thorax"), "the rule is for CT");

    let cr = |position: &str| {
        ct().with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.1"))
            .with(text(0x0008_0060, Vr::CS, "CR"))
            .with(text(0x0018_1004, Vr::LO, "PLATE-ANNA"))
            .with(text(0x0018_5101, Vr::CS, position))
            .with(text(0x0018_700A, Vr::SH, "DET-4471"))
    };
    let made = cleaned("per-modality", &cr("PA"));
    assert!(value(&made, 0x0018_1004).is_none() && is(&made, 0x0018_5101, "PA"));
    let detector = value(&made, 0x0018_700A).unwrap();
    assert!(detector.starts_with('D') && detector.len() == 15);
    let marked = cr("PA").with(text(0x0028_0301, Vr::CS, "YES"));
    rejected("per-modality", &marked, "borderline");

    let pt = ct()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.128"))
        .with(text(0x0008_0060, Vr::CS, "PT"))
        .with(sequence(
            0x0054_0016,
            &[&[text(0x0018_1074, Vr::DS, "370123456")]],
        ));
    let made = cleaned("per-modality", &pt);
    assert!(is(&items(&made, 0x0054_0016)[0], 0x0018_1074, "370000000"));

    let us = ct()
        .with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.6.1"))
        .with(text(0x0008_0060, Vr::CS, "US"));
    rejected("per-modality", &us, "ultrasound");
    let service = data.with(text(0x0008_1010, Vr::SH, "TESTROOM"));
    rejected("per-modality", &service, "unknown-room");
    let long = ct().with(text(0x0028_0008, Vr::IS, "6000"));
    quarantined("per-modality", &long, "huge");
}

#[test]
fn the_registry_gets_no_numbers_of_people() {
    let data = ct()
        .with(text(
            0x0008_1030,
            Vr::LO,
            "CT THORAX Ny. Siti 3171234567890001",
        ))
        .with(text(0x0010_0030, Vr::DA, "19620817"))
        .with(text(0x0010_1050, Vr::LO, "0001234567890"))
        .with(text(0x0010_21B0, Vr::LT, "NIK 3171234567890001"))
        .with(text(0x0010_21F0, Vr::LO, "Islam"))
        .with(text(0x0020_0010, Vr::SH, "K-1182"))
        .with(text(0x0040_1001, Vr::SH, "MAM2024001234"));
    let made = cleaned("indonesia-registry", &data);
    assert!(value(&made, 0x0010_0020).unwrap().starts_with("RKN-"));
    let bpjs = value(&made, 0x0010_1050).unwrap();
    assert!(bpjs.starts_with('B') && bpjs.len() == 14);
    for gone in [0x0010_21B0, 0x0010_21F0] {
        assert!(value(&made, gone).is_none_or(|v| v.is_empty()));
    }
    assert!(is(&made, 0x0010_0030, "19620101"));
    assert!(is(&made, 0x0008_1030, "CT THORAX"));
    assert!(is(&made, 0x0040_1001, "MAMXXXXXXXXXX"));
    let (accession, study) = (
        value(&made, 0x0008_0050).unwrap(),
        value(&made, 0x0020_0010).unwrap(),
    );
    assert!(accession.starts_with("RC") && study.starts_with("RC") && accession != study);
    let bytes = clean_with(
        &deidentifier("indonesia-registry"),
        &data.file(Encoding::EXPLICIT_LE),
    );
    let bytes = bytes.unwrap().bytes;
    assert!(!build::holds(&bytes, b"317123") && !build::holds(&bytes, b"00012345"));

    let nik = data
        .clone()
        .with(text(0x0010_0020, Vr::LO, "3171234567890001"));
    quarantined("indonesia-registry", &nik, "nik-as-patient-id");
    let other = data.with(text(0x0008_1030, Vr::LO, "MR GENU"));
    rejected("indonesia-registry", &other, "bukan-onkologi");
}

#[test]
fn the_feed_has_pixels_and_geometry() {
    let data = ct()
        .with(text(0x0008_1030, Vr::LO, "CT THORAX"))
        .with(text(0x0008_1140, Vr::LO, ""))
        .with(text(0x0018_0015, Vr::CS, "THORAX"))
        .with(text(0x0018_0060, Vr::DS, "120"))
        .with(text(0x0018_1150, Vr::IS, "500"))
        .with(text(0x0018_5100, Vr::CS, "HFS"))
        .with(text(0x0020_0032, Vr::DS, "0\\0\\7.5"))
        .with(text(0x0028_0030, Vr::DS, "0.7\\0.7"))
        .with(sequence(
            0x0008_1140,
            &[&[
                text(0x0008_1150, Vr::UI, build::CT),
                text(0x0008_1155, Vr::UI, "1.2.826.0.1.3680043.9.1.101"),
            ]],
        ))
        .with(sequence(
            0x0040_0275,
            &[&[text(0x0040_0007, Vr::LO, "Thorax")]],
        ));
    let made = cleaned("ai-feed", &data);
    for (tag, kept) in [
        (0x0008_0060, "CT"),
        (0x0018_0050, "2.5"),
        (0x0018_0060, "120"),
        (0x0018_1210, "B30f"),
        (0x0018_5100, "HFS"),
        (0x0020_0032, "0\\0\\7.5"),
        (0x0028_0030, "0.7\\0.7"),
        (0x0018_0015, "CHEST"),
    ] {
        assert!(is(&made, tag, kept), "{tag:08X}");
    }
    for gone in [0x0008_1030, 0x0018_1150, 0x0040_0275] {
        assert!(value(&made, gone).is_none(), "{gone:08X}");
    }
    assert!(value(&made, 0x0008_0070).is_none_or(|v| v.is_empty()));
    let references = items(&made, 0x0008_1140);
    let new = value(&references[0], 0x0008_1155).unwrap();
    assert!(new.starts_with("2.25."), "{new}");
    let id = value(&made, 0x0010_0020).unwrap();
    assert!(id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()));

    rejected("ai-feed", &data.clone().without(0x0028_0030), "odd-spacing");
    let lossy = data.clone().with(text(0x0028_2110, Vr::CS, "01"));
    rejected("ai-feed", &lossy, "lossy");
    rejected("ai-feed", &mr("Acme", &[]), "chest-ct");
}

#[test]
fn the_comparison_keeps_days_and_places() {
    let data = ct()
        .with(text(0x0008_0030, Vr::TM, "101500.25"))
        .with(text(0x0008_0080, Vr::LO, "RS Cakrawala"))
        .with(text(0x0008_0081, Vr::ST, "Jalan Merdeka 1"))
        .with(text(0x0008_1040, Vr::LO, "Poli Paru"))
        .with(text(0x0010_0030, Vr::DA, "19620817"))
        .with(text(0x0010_1010, Vr::AS, "087Y"))
        .with(text(0x0010_1030, Vr::DS, "83.4"));
    let made = cleaned("multicentre-dates", &data);
    assert!(is(&made, 0x0008_0020, "20190301") && is(&made, 0x0008_0030, "101500.25"));
    assert!(is(&made, 0x0028_0303, "UNMODIFIED"));
    assert!(is(&made, 0x0008_0080, "RS Cakrawala"));
    for gone in [0x0008_0081, 0x0008_1040, 0x0010_0030] {
        assert!(value(&made, gone).is_none_or(|v| v.is_empty()));
    }
    assert!(is(&made, 0x0010_1010, "086Y") && is(&made, 0x0010_1030, "85"));
    assert_eq!(
        codes(&made),
        ["113100", "113112", "113108", "113106", "113105"]
    );

    quarantined(
        "multicentre-dates",
        &data.clone().without(0x0008_0080),
        "no-place",
    );
    let late = data.with(text(0x0008_0020, Vr::DA, "20250101"));
    rejected("multicentre-dates", &late, "window");
}

#[test]
fn a_course_of_radiotherapy_holds_together() {
    let frame = "1.2.826.0.1.3680043.9.1.500";
    let planning = ct().with(text(0x0020_0052, Vr::UI, frame));
    let structures = without_pixels("1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT")
        .with(text(0x3006_0002, Vr::SH, "P1_wirasena_2"))
        .with(text(0x3006_0008, Vr::DA, "20190301"))
        .with(text(0x3006_0009, Vr::TM, "101500"))
        .with(sequence(
            0x3006_0010,
            &[&[
                text(0x0020_0052, Vr::UI, frame),
                sequence(
                    0x3006_0012,
                    &[&[
                        text(0x0008_1150, Vr::UI, "1.2.840.10008.3.1.2.3.1"),
                        text(0x0008_1155, Vr::UI, "1.2.826.0.1.3680043.9.1.1"),
                    ]],
                ),
            ]],
        ))
        .with(sequence(
            0x3006_0020,
            &[
                &[
                    text(0x3006_0022, Vr::IS, "1"),
                    text(0x3006_0024, Vr::UI, frame),
                    text(0x3006_0026, Vr::LO, "PTV_60_AW"),
                ],
                &[
                    text(0x3006_0022, Vr::IS, "2"),
                    text(0x3006_0024, Vr::UI, frame),
                    text(0x3006_0026, Vr::LO, "Parotid_L"),
                ],
            ],
        ))
        .with(sequence(
            0x3006_0080,
            &[&[
                text(0x3006_0082, Vr::IS, "1"),
                text(0x3006_0084, Vr::IS, "1"),
                text(0x3006_00A6, Vr::PN, "Wirasena^Adi"),
            ]],
        ));
    let (image, made) = (
        cleaned("radiotherapy", &planning),
        cleaned("radiotherapy", &structures),
    );
    let rois = items(&made, 0x3006_0020);
    assert!(is(&rois[0], 0x3006_0026, "PTV_60") && is(&rois[1], 0x3006_0026, "Parotid_L"));
    assert_eq!(
        value(&rois[0], 0x3006_0024),
        value(&image, 0x0020_0052),
        "one frame of reference"
    );
    let reference = &items(&items(&made, 0x3006_0010)[0], 0x3006_0012)[0];
    assert_eq!(value(reference, 0x0008_1155), value(&image, 0x0020_000D));
    assert!(is(&items(&made, 0x3006_0080)[0], 0x3006_00A6, ""));
    assert!(is(&made, 0x3006_0002, "P1**********2"));
    assert_eq!(
        value(&made, 0x3006_0008),
        value(&image, 0x0008_0020),
        "planned on the day of the scan"
    );
    assert!(!is(&made, 0x3006_0008, "20190301"));
    assert!(is(&made, 0x3006_0009, ""), "emptied: Type 2");

    let plan = without_pixels("1.2.840.10008.5.1.4.1.1.481.5", "RTPLAN")
        .with(text(0x300A_0002, Vr::SH, "Plan Quillfeather"))
        .with(text(0x300A_0006, Vr::DA, "20190305"))
        .with(text(0x300E_0002, Vr::CS, "APPROVED"))
        .with(text(0x300E_0008, Vr::PN, "Wirasena^Adi"))
        .with(sequence(
            0x300A_00B0,
            &[&[
                text(0x300A_00B2, Vr::SH, "TrueBeam_Merdeka"),
                text(0x300A_00C0, Vr::IS, "1"),
                text(0x300A_00C2, Vr::LO, "left lateral"),
            ]],
        ));
    let made = cleaned("radiotherapy", &plan);
    let beam = &items(&made, 0x300A_00B0)[0];
    assert!(value(beam, 0x300A_00B2).unwrap().starts_with("LINAC-"));
    assert!(is(beam, 0x300A_00C2, "left lateral"));
    assert_eq!(codes(&made), ["113107"], "weaker than the Basic Profile");
    let draft = plan.with(text(0x300E_0002, Vr::CS, "UNAPPROVED"));
    rejected("radiotherapy", &draft, "unapproved");
}

#[test]
fn the_gate_leaves_nothing_of_a_person() {
    let data = ct()
        .with(text(0x0008_0030, Vr::TM, "101500"))
        .with(text(0x0008_002A, Vr::DT, "20190301101500"))
        .with(text(0x0008_1030, Vr::LO, "Schmidt nachbefunden"))
        .with(text(0x0010_4000, Vr::LT, "calls twice a day"));
    let made = cleaned("ci-gate", &data);
    for (tag, set) in [
        (0x0008_0020, "20000101"),
        (0x0008_002A, "20000101120000"),
        (0x0008_0030, "120000"),
        (0x0008_0090, "Test^Person"),
        (0x0008_1030, "Test data"),
        (0x0010_0010, "Test^Patient"),
    ] {
        assert!(is(&made, tag, set), "{tag:08X}: {:?}", value(&made, tag));
    }
    assert!(value(&made, 0x0010_0020).unwrap().starts_with("TEST-"));
    assert!(value(&made, 0x0010_4000).is_none());
    assert_eq!(codes(&made), ["113100"]);
    let namesake = data
        .clone()
        .with(text(0x0010_0010, Vr::PN, "Patient^Carla"));
    let made = cleaned("ci-gate", &namesake);
    assert!(is(&made, 0x0010_0010, "Test^Patient"), "set, not left over");
    let private = data
        .clone()
        .with(text(0x0019_0010, Vr::LO, "ACME"))
        .with(text(0x0019_1001, Vr::LO, "x"));
    quarantined("ci-gate", &private, "unknown-element");
    quarantined(
        "ci-gate",
        &data.with(text(0x0008_0060, Vr::CS, "OT")),
        "pictures",
    );
    let odd = ct()
        .with(words(0x0028_0100, Vr::US, &[16]))
        .without(0x0008_0018);
    assert_eq!(refusal("ci-gate", &odd).fate, Fate::Quarantined);
}
