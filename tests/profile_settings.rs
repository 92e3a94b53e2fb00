//! The settings and actions of profiles: what a profile means, how files are laid over one another, what actions make
//! of values.

use std::fs;

use samar::dicom::{Tag, Vr};
use samar::profile::{
    Cover, Item, Mask, MissingPatient, Part, Profile, Region, RuleAction, SecondReader,
    Transformed, UnknownClass, UnknownElement, Unparsable, load,
};
use samar::standard::methods::ProfileOption;

/// Writes files into a fresh folder and loads the first.
fn load_files(files: &[(&str, &str)]) -> Profile {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let first = folder.path().join(files[0].0);
    load(first.to_str().expect("UTF-8")).unwrap_or_else(|problems| panic!("{problems}"))
}

const HOSPITAL: &str = "
samar: 1
name: hospital
extends: basic
options: [retain-uids, clean-descriptors]
unknown: {public: quarantine, private: quarantine, sop_class: reject}
keys: {required: true, fingerprint: 0123456789abcdef}
pseudonyms:
  patient: {from: [PatientID], format: 'CHX-{hmac:10}', table: subjects.csv, missing: reject}
  accession: {format: 'A{digits:13}'}
  device: {format: 'DEV-{hmac:8}'}
  uid: {root: 1.2.826.0.1.3680043.10.999}
dates: {shift_days: [-100, -10], age_cap: none, unparsable: quarantine}
descriptors: {words: [angka, kontras]}
rules:
  - {id: station, match: StationName, when: Modality == \"CT\", do: pseudonym.device, because: x}
  - {id: room, match: DeviceSerialNumber, do: pseudonym.room, because: the form is the study's}
pixels:
  - {id: banner, when: Modality == \"US\", regions: [[0, 0, 1024, 60], [0, 700, 200, 68]], because: x}
files: {path: '{patient}/s-{study}/{instance}.dcm'}
verify: {second_reader: decode}
report: {required: true, hash: true}
";

const STUDY: &str = "
samar: 1
name: study
extends: hospital.yaml
options: [retain-modified-dates]
unknown: remove
keys: {required: false}
pseudonyms:
  patient: {missing: quarantine}
  room: {format: '{digits:13}'}
dates: {age_cap: 85}
rules:
  - {id: station, do: {mask: {first: 1, last: 1, with: '#'}}, because: y}
pixels:
  - {id: banner, regions: [[0, 0, 10, 10]], because: y}
verify: {second_reader: no}
";

#[test]
fn settings_mean_what_they_say() {
    let study = STUDY.replace("extends: hospital.yaml", "extends: basic").replace(
        "  - {id: station, do:",
        "  - {id: serial, match: DeviceSerialNumber, do: pseudonym.room, because: x}\n  - {id: station, match: StationName, do:",
    );
    let alone = load_files(&[(
        "study.yaml",
        &study.replace(
            "{id: banner, regions",
            "{id: banner, when: Rows == 1, regions",
        ),
    )]);
    assert_eq!(alone.dates.shift_days, (-3650, -30));
    assert_eq!(alone.dates.unparsable, Unparsable::Remove);
    assert_eq!(alone.unknown.sop_class, UnknownClass::Quarantine);
    assert!(alone.files.is_none() && alone.keys.fingerprint.is_none() && alone.words.is_empty());

    let profile = load_files(&[(
        "hospital.yaml",
        &HOSPITAL.replace("pseudonym.room", "dummy"),
    )]);
    assert!(profile.options.contains(ProfileOption::RetainUids));
    assert!(profile.options.contains(ProfileOption::CleanDescriptors));
    assert_eq!(profile.unknown.private, UnknownElement::Quarantine);
    assert_eq!(profile.unknown.sop_class, UnknownClass::Reject);
    assert!(profile.keys.required);
    assert_eq!(
        profile.keys.fingerprint.as_deref(),
        Some("0123456789abcdef")
    );
    let patient = &profile.pseudonyms.patient;
    assert_eq!(patient.from, [Tag(0x0010_0020)]);
    assert!(
        patient
            .table
            .as_ref()
            .is_some_and(|path| path.is_absolute())
    );
    assert_eq!(patient.missing, MissingPatient::Reject);
    assert_eq!(
        patient.format.as_ref().map(ToString::to_string).as_deref(),
        Some("CHX-{hmac:10}")
    );
    assert_eq!(
        profile.pseudonyms.uid_root.as_deref(),
        Some("1.2.826.0.1.3680043.10.999")
    );
    assert_eq!(profile.pseudonyms.named.len(), 1);
    assert_eq!(profile.dates.shift_days, (-100, -10));
    assert_eq!(profile.dates.age_cap, None);
    assert_eq!(profile.words, ["angka", "kontras"]);
    let path = profile.files.as_ref().map(ToString::to_string);
    assert_eq!(path.as_deref(), Some("{patient}/s-{study}/{instance}.dcm"));
    assert_eq!(profile.verify.second_reader, Some(SecondReader::Decode));
    assert!(profile.report.required && profile.report.hash);
    assert!(matches!(&profile.pixels[0].cover, Cover::Boxes(boxes) if boxes.len() == 2));
    assert_eq!(profile.rules[0].action, RuleAction::Pseudonym(0));
    assert!(profile.rules[0].when.is_some());
    assert!(profile.remarks.0.is_empty(), "{}", profile.remarks);
}

#[test]
fn later_files_change_single_settings() {
    let profile = load_files(&[("study.yaml", STUDY), ("hospital.yaml", HOSPITAL)]);
    let options: Vec<ProfileOption> = profile.options.iter().collect();
    assert_eq!(options, [ProfileOption::RetainModifiedDates]);
    assert_eq!(profile.unknown.public, UnknownElement::Remove);
    assert_eq!(profile.unknown.private, UnknownElement::Remove);
    assert_eq!(profile.unknown.sop_class, UnknownClass::Reject);
    assert!(!profile.keys.required && profile.keys.fingerprint.is_some());
    let patient = &profile.pseudonyms.patient;
    assert_eq!(patient.missing, MissingPatient::Quarantine);
    assert_eq!(patient.from, [Tag(0x0010_0020)]);
    assert_eq!(profile.dates.age_cap, Some(85));
    assert_eq!(profile.dates.shift_days, (-100, -10));
    assert_eq!(profile.verify.second_reader, None);

    let station = &profile.rules[0];
    assert_eq!(station.id, "station");
    assert!(station.when.is_some(), "what is left out stays");
    assert_eq!(
        station.action,
        RuleAction::Mask(Mask {
            first: 1,
            last: 1,
            with: '#'
        })
    );
    let RuleAction::Pseudonym(form) = profile.rules[1].action else {
        panic!("a rule may name a form of a later file");
    };
    assert_eq!(profile.pseudonyms.named[form].0, "room");
    assert_eq!(
        profile.pixels[0].cover,
        Cover::Boxes(vec![Region::pixels(0, 0, 10, 10)])
    );
}

#[test]
fn parts_know_their_places() {
    let profile = load_files(&[("study.yaml", STUDY), ("hospital.yaml", HOSPITAL)]);
    let place = |item| {
        let place = profile.place_of(item).expect("a place");
        let file = place.file.rsplit('/').next().expect("a name").to_owned();
        (file, place.line)
    };
    let option = Item::Option(ProfileOption::RetainModifiedDates);
    assert_eq!(place(option), ("study.yaml".to_owned(), 5));
    assert!(
        profile
            .place_of(Item::Option(ProfileOption::RetainUids))
            .is_none()
    );
    let rule = |part| place(Item::Rule("station", part));
    assert_eq!(rule(Part::Match), ("hospital.yaml".to_owned(), 16));
    assert_eq!(rule(Part::When), ("hospital.yaml".to_owned(), 16));
    assert_eq!(rule(Part::Do), ("study.yaml".to_owned(), 13));
    assert_eq!(place(Item::Pixel("banner")), ("study.yaml".to_owned(), 15));
    assert_eq!(place(Item::Accept("ultrasound")).0, "basic (built in)");
    let basic = profile
        .place_of(Item::Rule("patient-name", Part::Do))
        .expect("a place");
    assert_eq!(basic.file, "basic (built in)");
}

#[test]
fn a_changed_action_drops_the_examples_of_the_old_one() {
    let hospital = "samar: 1\nname: h\nextends: basic\nrules:\n  - {id: c, match: PatientComments, do: {set: A}, because: x, examples: [{value: b, gives: A}]}\n";
    let study = "samar: 1\nname: s\nextends: hospital.yaml\nrules:\n  - {id: c, do: {set: B}, because: x}\n";
    let profile = load_files(&[("study.yaml", study), ("hospital.yaml", hospital)]);
    assert!(profile.rules[0].examples.is_empty());
    let kept = study.replace("do: {set: B}, ", "");
    let profile = load_files(&[("study.yaml", &kept), ("hospital.yaml", hospital)]);
    assert_eq!(profile.rules[0].examples.len(), 1);
}

/// What an action that is written so makes of a value.
fn made(action: &str, vr: Vr, value: &str) -> Option<Transformed> {
    let keyword = match vr {
        Vr::AS => "PatientAge",
        Vr::CS => "BodyPartExamined",
        Vr::DA => "StudyDate",
        Vr::DS => "PatientWeight",
        Vr::LO => "PatientComments",
        Vr::PN => "PatientName",
        Vr::SH => "StationName",
        Vr::UC => "LongCodeValue",
        Vr::UT => "ReasonForVisit",
        _ => panic!("no attribute for it"),
    };
    let keyword = if vr == Vr::LO {
        "InstitutionName"
    } else {
        keyword
    };
    let profile = load_files(&[(
        "site.yaml",
        &format!(
            "samar: 1\nname: s\nextends: basic\nrules:\n  - {{id: a, match: {keyword}, do: {action}, because: x}}\n"
        ),
    )]);
    profile.rules[0].action.transform(vr, value, &|text| {
        text.replace("Budi", "").trim().to_owned()
    })
}

#[test]
fn a_replacement_does_not_make_huge_values() {
    let large = "a".repeat(1_000_000);
    let twice = "{regex: {find: '(.+)', replace: '$1 ${1}'}}";
    let expected = format!("{large} {large}");
    assert_eq!(
        made(twice, Vr::UT, &large),
        Some(Transformed::Text(expected))
    );
    let often = format!(
        "{{regex: {{find: '(.*)', replace: '{}'}}}}",
        "$1".repeat(500)
    );
    assert_eq!(made(&often, Vr::UT, &large), Some(Transformed::Unparsable));
    let each = format!("{{regex: {{find: '.', replace: '{}'}}}}", "x".repeat(1000));
    assert_eq!(made(&each, Vr::UT, &large), Some(Transformed::Unparsable));
    assert_eq!(
        made(&each, Vr::UT, "abc"),
        Some(Transformed::Text("x".repeat(3000)))
    );
    let many = "a\\".repeat(500_000);
    assert_eq!(made(&each, Vr::UC, &many), Some(Transformed::Unparsable));
}

#[test]
fn pure_actions_change_values() {
    let table = [
        ("keep", Vr::LO, " A \\B", " A \\B"),
        ("remove", Vr::LO, "A", ""),
        ("empty", Vr::LO, "A", ""),
        ("{set: 'SITE 7'}", Vr::LO, "A\\B", "SITE 7"),
        (
            "{mask: {first: 2, last: 1}}",
            Vr::LO,
            "Klinik\\Rumah ",
            "Kl***k\\Ru**h",
        ),
        (
            "{mask: {first: 2, last: 2}}",
            Vr::LO,
            "Anna\\Ännäs\\",
            "****\\Än*äs\\",
        ),
        ("{mask: {first: 1}}", Vr::PN, "Budi^S=Ж^Ж", "B*****=Ж**"),
        ("{mask: {with: X}}", Vr::CS, "HEAD", "XXXX"),
        (
            "{regex: {find: '[0-9]+', replace: '#'}}",
            Vr::LO,
            "a1b22\\333",
            "a#b#\\#",
        ),
        (
            "{regex: {find: '(a)(b)', replace: '$2$1'}}",
            Vr::LO,
            "ab",
            "ba",
        ),
        (
            "{regex: {find: 'Budi', replace: ''}}",
            Vr::LO,
            "Budi\\Budi",
            "",
        ),
        (
            "{regex: {find: '^', replace: '0123456789abcdef'}}",
            Vr::SH,
            "CT1",
            "0123456789abcdef",
        ),
        ("clean", Vr::LO, "CT Budi\\Budi", "CT\\"),
        ("{truncate-date: year}", Vr::DA, "20240229", "20240101"),
        ("{truncate-date: month}", Vr::DA, "2024.02.29", "20240201"),
        ("{round: 5}", Vr::DS, "71.2\\73", "70\\75"),
        ("{round: 5}", Vr::AS, "043Y", "045Y"),
    ];
    for (action, vr, value, expected) in table {
        let expected = Some(Transformed::Text(expected.to_owned()));
        assert_eq!(made(action, vr, value), expected, "{action} of {value}");
    }
}

#[test]
fn what_cannot_be_read_or_does_not_fit_is_told() {
    for (action, vr, value) in [
        ("{truncate-date: year}", Vr::DA, "yesterday"),
        ("{round: 5}", Vr::DS, "heavy"),
        ("{regex: {find: 'A', replace: 'a'}}", Vr::CS, "HEAD"),
    ] {
        assert_eq!(
            made(action, vr, value),
            Some(Transformed::Unparsable),
            "{action}"
        );
    }
    for (action, vr) in [
        ("shift", Vr::DA),
        ("dummy", Vr::LO),
        ("pseudonym.patient", Vr::PN),
    ] {
        assert_eq!(made(action, vr, "1"), None, "{action}");
    }
}

/// Warnings are cut off at some number; errors behind them are still found.
#[test]
fn many_remarks_hide_no_error() {
    let rule = |n| {
        format!(
            "  - {{id: r{n}, match: ManufacturerModelName, when: Rows == {n}, do: remove, because: x}}\n"
        )
    };
    let many: String = (0..300).map(rule).collect();
    let head = "samar: 1\nname: s\nextends: basic\nrules:\n";
    let profile = load_files(&[("site.yaml", &format!("{head}{many}"))]);
    assert_eq!(profile.remarks.0.len(), 100);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.yaml");
    let wrong = format!("{head}{many}  - {{id: last, match: StudyDate, do: clean, because: x}}\n");
    fs::write(&path, wrong).expect("a file");
    let problems = load(path.to_str().expect("UTF-8")).expect_err("a wrong action");
    assert_eq!(problems.errors().count(), 1);
}
