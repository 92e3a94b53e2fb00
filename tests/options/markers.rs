//! What a result says of the options: the codes of CID 7050 for what ran, and no others.

use dicom_object::InMemDicomObject;
use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Tag, Vr};

use crate::build::{clean_with, ct, items, open, text, value};
use crate::golden::COLUMNS;
use crate::site;

/// PS3.16 CID 7050, in the order of the columns.
const CODES: [(&str, &str); 10] = [
    ("113111", "Retain Safe Private Option"),
    ("113110", "Retain UIDs Option"),
    ("113109", "Retain Device Identity Option"),
    ("113112", "Retain Institution Identity Option"),
    ("113108", "Retain Patient Characteristics Option"),
    (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    (
        "113107",
        "Retain Longitudinal Temporal Information Modified Dates Option",
    ),
    ("113105", "Clean Descriptors Option"),
    ("113104", "Clean Structured Content Option"),
    ("113103", "Clean Graphics Option"),
];
const BASIC: (&str, &str) = ("113100", "Basic Application Confidentiality Profile");
const ENCODINGS: [Encoding; 2] = [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE];

fn result(site: &Deidentifier, encoding: Encoding) -> InMemDicomObject {
    let file = ct()
        .with(text(0x0010_0040, Vr::CS, "F"))
        .with(text(0x0008_1010, Vr::SH, "Scanner two"))
        .with(text(0x0008_1030, Vr::LO, "CT THORAX"));
    open(&clean_with(site, &file.file(encoding)).unwrap().bytes)
}

/// The codes in a result, each checked for its scheme and meaning.
fn codes(site: &Deidentifier, encoding: Encoding) -> Vec<String> {
    let known = |code: &str| {
        let all = CODES.iter().chain(std::iter::once(&BASIC));
        let (_, meaning) = all
            .clone()
            .find(|(c, _)| *c == code)
            .expect("a code of CID 7050");
        (*meaning).to_owned()
    };
    let object = result(site, encoding);
    assert_eq!(value(&object, 0x0012_0062).as_deref(), Some("YES"));
    items(&object, 0x0012_0064)
        .iter()
        .map(|item| {
            let code = value(item, 0x0008_0100).unwrap();
            assert_eq!(value(item, 0x0008_0102).as_deref(), Some("DCM"));
            assert_eq!(value(item, 0x0008_0104), Some(known(&code)));
            code
        })
        .collect()
}

fn sorted(mut codes: Vec<String>) -> Vec<String> {
    codes.sort();
    codes
}

fn wanted(on: &[usize]) -> Vec<String> {
    let options = on.iter().map(|column| CODES[*column].0);
    sorted(options.chain([BASIC.0]).map(str::to_owned).collect())
}

#[test]
fn each_option_has_its_own_code() {
    for encoding in ENCODINGS {
        assert_eq!(codes(&site(&[], ""), encoding), [BASIC.0]);
        for (column, option) in COLUMNS.iter().enumerate() {
            let found = codes(&site(&[option], ""), encoding);
            assert_eq!(sorted(found), wanted(&[column]), "{option}");
        }
        let all: Vec<usize> = (0..COLUMNS.len()).filter(|column| *column != 5).collect();
        let names: Vec<&str> = all.iter().map(|column| COLUMNS[*column]).collect();
        assert_eq!(sorted(codes(&site(&names, ""), encoding)), wanted(&all));
    }
}

#[test]
fn pixel_options_are_not_claimed_before_they_run() {
    for option in ["clean-pixel-data", "clean-recognizable-visual-features"] {
        assert_eq!(
            codes(&site(&[option], ""), Encoding::EXPLICIT_LE),
            [BASIC.0],
            "{option}"
        );
    }
}

#[test]
fn a_rule_that_weakens_an_option_takes_its_code_and_the_profile_s() {
    for (options, rule, left) in [
        // A description that is kept whole is not cleaned.
        (
            vec!["clean-descriptors", "retain-uids"],
            "match: StudyDescription, do: keep",
            vec!["113110"],
        ),
        (
            vec!["retain-modified-dates"],
            "match: StudyDate, do: keep",
            vec![],
        ),
        // No option speaks of it: all that were asked for still hold.
        (
            vec!["clean-descriptors"],
            "match: PatientAddress, do: keep",
            vec!["113105"],
        ),
        // What an option keeps may be kept by a rule too.
        (
            vec!["retain-patient-characteristics"],
            "match: PatientSex, do: keep",
            vec!["113100", "113108"],
        ),
        // Less than allowed is always allowed.
        (
            vec!["clean-descriptors"],
            "match: StudyDescription, do: remove",
            vec!["113100", "113105"],
        ),
        (vec![], "match: '(0009,{ACME},01)', do: keep", vec![]),
        // What PS3.6 does not list is removed.
        (
            vec!["retain-uids"],
            "match: 'vr:UN & !SelectorUNValue', do: keep",
            vec!["113110"],
        ),
        (
            vec!["retain-uids"],
            "match: '(0019,{ACME},01)', do: remove",
            vec!["113100", "113110"],
        ),
        (
            vec!["retain-uids"],
            "match: '(0018,FFF0)', do: keep",
            vec!["113110"],
        ),
        (
            vec!["retain-uids"],
            "match: '(0018,FFF0)', do: empty",
            vec!["113100", "113110"],
        ),
    ] {
        let rules = format!("rules:\n  - {{id: a, {rule}, because: agreed}}\n");
        let found = codes(&site(&options, &rules), Encoding::EXPLICIT_LE);
        assert_eq!(sorted(found), left, "{options:?} {rule}");
    }
}

#[test]
fn safe_private_elements_are_a_list() {
    let both = ["113100", "113111"];
    let none: [&str; 0] = [];
    for (rule, left) in [
        // The site's own list.
        ("match: '(0009,{ACME},01)', do: keep", &both[..]),
        ("match: '(0009,{ACME},xx) & !vr:LO', do: keep", &both),
        ("match: '[(0009,{ACME},01), PatientSex]', do: empty", &both),
        ("match: '(0009,{ACME},01)', do: clean", &both),
        ("match: '(0009,{ACME},01)', do: {set: x}", &both),
        // Private elements that nobody has looked at.
        ("match: private, do: keep", &none),
        ("match: 'private & vr:LO', do: clean", &none),
        ("match: '(0009,1001)', do: keep", &none),
        ("match: '(00#9,xxxx)', do: keep", &none),
        ("match: '[(0009,{ACME},01), (0009,xx02)]', do: keep", &none),
        (
            "match: 'vr:IS & !group:0008 & !group:0010 & !group:0018 & !group:0020 & !group:0028', do: {round: 5}",
            &none,
        ),
        // Text of which parts stay without being looked at.
        (
            "match: '(0009,{ACME},01)', do: {regex: {find: a, replace: b}}",
            &none,
        ),
        ("match: '(0009,{ACME},01)', do: {mask: {first: 3}}", &none),
        // On the standard's list: a number of it may be rounded.
        ("match: '(0043,{GEMS_PARM_01},39)', do: {round: 5}", &both),
        // Nothing is left.
        ("match: private, do: remove", &both[..1]),
        ("match: '!vr:UI & private', do: remove", &both),
    ] {
        let rules = format!("rules:\n  - {{id: a, {rule}, because: agreed}}\n");
        let found = codes(
            &site(&["retain-safe-private"], &rules),
            Encoding::EXPLICIT_LE,
        );
        assert_eq!(sorted(found), left, "{rule}");
    }
    // A rule that an earlier one leaves nothing private to.
    let rules = "rules:\n  - {id: a, match: private, do: remove, because: agreed}\n  - {id: b, match: '(001x,FFFF) & vr:UN', do: empty, because: agreed}\n";
    let found = codes(
        &site(&["retain-safe-private"], rules),
        Encoding::EXPLICIT_LE,
    );
    assert_eq!(found, ["113100"]);
}

#[test]
fn an_option_that_rules_leave_nothing_of_is_not_claimed() {
    let dates = "match: '[vr:DA, vr:DT, vr:TM]', do: remove";
    for (option, rules, left) in [
        ("retain-full-dates", vec![dates], vec!["113100"]),
        ("retain-modified-dates", vec![dates], vec!["113100"]),
        (
            "retain-modified-dates",
            vec![
                "match: '[vr:DA, vr:DT]', do: remove",
                "match: 'vr:TM', do: dummy",
            ],
            vec!["113100"],
        ),
        (
            "retain-full-dates",
            // Times of day are no dates.
            vec!["match: '[vr:DA, vr:DT]', do: remove"],
            vec!["113100"],
        ),
        (
            "retain-full-dates",
            vec!["match: '[vr:DA, vr:DT, vr:TM]', when: 'Modality == \"CT\"', do: remove"],
            vec!["113100"],
        ),
        (
            "retain-uids",
            vec!["match: 'vr:UI & !TransferSyntaxUID & !SOPClassUID', do: uid"],
            vec!["113100"],
        ),
        (
            "retain-uids",
            vec!["match: IrradiationEventUID, do: uid"],
            vec!["113100", "113110"],
        ),
    ] {
        let lines = rules.iter().enumerate();
        let lines = lines.map(|(i, rule)| format!("  - {{id: r{i}, {rule}, because: agreed}}\n"));
        let text = format!("rules:\n{}", lines.collect::<String>());
        let found = codes(&site(&[option], &text), Encoding::EXPLICIT_LE);
        assert_eq!(sorted(found), left, "{option} {rules:?}");
    }
}

#[test]
fn what_became_of_the_dates_is_said() {
    for encoding in ENCODINGS {
        for (options, more, term) in [
            (&[][..], "", "REMOVED"),
            (&["retain-uids"], "", "REMOVED"),
            (&["retain-full-dates"], "", "UNMODIFIED"),
            (&["retain-modified-dates"], "", "MODIFIED"),
            // The strictest that is true: some moved, some as they were.
            (
                &["retain-full-dates"],
                "rules:\n  - {id: a, match: StudyDate, do: shift, because: agreed}\n",
                "MODIFIED",
            ),
            (
                &[],
                "rules:\n  - {id: a, match: StudyDate, do: keep, because: agreed}\n",
                "UNMODIFIED",
            ),
        ] {
            let object = result(&site(options, more), encoding);
            assert_eq!(
                value(&object, 0x0028_0303).as_deref(),
                Some(term),
                "{options:?} {more}"
            );
        }
    }
}

#[test]
fn kept_uids_are_kept_everywhere_that_they_stand() {
    let keeps = site(&["retain-uids"], "");
    let own = [
        (0x0008_0018, "1.2.826.0.1.3680043.9.1.100"),
        (0x0020_000D, "1.2.826.0.1.3680043.9.1.1"),
        (0x0020_000E, "1.2.826.0.1.3680043.9.1.10"),
    ];
    for encoding in ENCODINGS {
        let out = clean_with(&keeps, &ct().file(encoding)).unwrap();
        let whole = dicom_object::from_reader(&out.bytes[..]).unwrap();
        assert_eq!(
            whole
                .meta()
                .media_storage_sop_instance_uid
                .trim_end_matches('\0'),
            own[0].1
        );
        for (tag, uid) in own {
            assert_eq!(value(&whole, tag).as_deref(), Some(uid), "{}", Tag(tag));
        }
        let identity = out.verified.identity();
        assert_eq!(identity.instance, own[0].1);
        assert_eq!(identity.study, own[1].1);
        assert_eq!(identity.series, own[2].1);
        assert_ne!(identity.patient, "MRN-0815-42");
    }
    // Without the option the path has none of them.
    let out = clean_with(&site(&[], ""), &ct().file(Encoding::EXPLICIT_LE)).unwrap();
    for (_, uid) in own {
        let identity = out.verified.identity();
        assert!(
            ![&identity.instance, &identity.study, &identity.series].contains(&&uid.to_owned())
        );
    }
}

#[test]
fn a_uid_made_of_the_patient_s_number_is_not_kept() {
    let keeps = site(&["retain-uids", "retain-safe-private"], "");
    let made = "1.2.826.0.1.3171234567890001.8";
    let file = ct()
        .with(text(0x0010_0020, Vr::LO, "3171234567890001"))
        .with(text(0x0099_0010, Vr::LO, "NQHeader"))
        .with(text(0x0099_1002, Vr::UI, made))
        .with(text(0x0020_000D, Vr::UI, "1.2.826.0.1.3171234567890001.7"));
    let out = clean_with(&keeps, &file.file(Encoding::EXPLICIT_LE)).unwrap();
    let study = value(&open(&out.bytes), 0x0020_000D).unwrap();
    assert!(study.starts_with("2.25."), "{study}");
    assert_eq!(out.verified.identity().study, study);
    assert_eq!(out.verified.identity().series, "1.2.826.0.1.3680043.9.1.10");
    let private = value(&open(&out.bytes), 0x0099_1002).unwrap();
    assert!(private.starts_with("2.25."), "{private}");
}

#[test]
fn an_instance_that_lost_its_dates_claims_none() {
    let full = site(&["retain-full-dates"], "");
    let codes = |date: &str| {
        let file = ct()
            .without(0x0008_0023)
            .with(text(0x0008_0020, Vr::DA, date));
        let out = clean_with(&full, &file.file(Encoding::EXPLICIT_LE)).unwrap();
        let object = open(&out.bytes);
        let codes = items(&object, 0x0012_0064);
        let codes: Vec<_> = codes
            .iter()
            .filter_map(|code| value(code, 0x0008_0100))
            .collect();
        (codes, value(&object, 0x0028_0303).unwrap())
    };
    let (kept, temporal) = codes("20190301");
    assert_eq!(
        (kept, temporal.as_str()),
        (vec!["113100".to_owned(), "113106".to_owned()], "UNMODIFIED")
    );
    let (lost, temporal) = codes("yesterday");
    assert_eq!(
        (lost, temporal.as_str()),
        (vec!["113100".to_owned()], "REMOVED")
    );
}
