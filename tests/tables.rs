//! The embedded tables are the ones that their README describes: a row that goes missing is noticed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use samar::dicom::Tag;
use samar::standard::annex_e::{self, Code, Decision, OptionCode, Row};
use samar::standard::methods::{self, OptionSet, ProfileOption};
use sha2::{Digest, Sha256};

#[test]
fn tables_are_those_of_the_readme() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/standard/data");
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let mut told = BTreeSet::from(["README.md".to_owned()]);
    for line in readme.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, file, rows, sha256, ..] = cells[..] else {
            panic!("a row with too few cells: {line}")
        };
        let bytes = fs::read(folder.join(file)).unwrap();
        let digest = Sha256::digest(&bytes)
            .iter()
            .fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").unwrap();
                hex
            });
        assert_eq!(digest, sha256, "{file}");
        let header = usize::from(file != "technical-text.txt");
        let lines = String::from_utf8(bytes).unwrap().lines().count();
        assert_eq!(lines - header, rows.parse::<usize>().unwrap(), "{file}");
        told.insert(file.to_owned());
    }
    let there: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, told);
}

fn rows() -> Vec<Row> {
    annex_e::rows().chain(annex_e::private_row()).collect()
}

fn row(keyword: &str) -> Row {
    let found = annex_e::rows().find(|row| row.keyword == keyword);
    found.unwrap_or_else(|| panic!("no row `{keyword}`"))
}

fn set(options: &[ProfileOption]) -> OptionSet {
    options.iter().copied().collect()
}

#[test]
fn every_row_of_table_e_1_1_is_read() {
    let rows = rows();
    assert_eq!(rows.len(), annex_e::ROWS);
    let tags: BTreeSet<(u32, Tag)> = rows.iter().map(|row| (row.mask, row.tag)).collect();
    assert_eq!(tags.len(), rows.len());
    assert!(rows.iter().all(|row| !row.name.is_empty()));

    let basic = |code| rows.iter().filter(|row| row.basic == code).count();
    let counts: Vec<(String, usize)> = Code::ALL
        .iter()
        .map(|code| (code.to_string(), basic(*code)))
        .collect();
    insta::assert_compact_debug_snapshot!(counts, @r#"[("X", 417), ("Z", 42), ("D", 93), ("U", 55), ("Z/D", 6), ("X/Z", 11), ("X/D", 23), ("X/Z/D", 8), ("X/Z/U*", 2)]"#);

    let count = |option, code| {
        rows.iter()
            .filter(|row| row.option(option) == Some(code))
            .count()
    };
    let mut table = String::new();
    for option in ProfileOption::ALL {
        let (keep, clean) = (
            count(*option, OptionCode::Keep),
            count(*option, OptionCode::Clean),
        );
        writeln!(table, "{option} K {keep} C {clean}").unwrap();
    }
    insta::assert_snapshot!(table, @"
    retain-safe-private K 0 C 1
    retain-uids K 60 C 0
    retain-device-identity K 48 C 11
    retain-institution-identity K 10 C 0
    retain-patient-characteristics K 14 C 5
    retain-full-dates K 169 C 0
    retain-modified-dates K 0 C 169
    clean-descriptors K 0 C 141
    clean-structured-content K 0 C 4
    clean-graphics K 0 C 4
    clean-pixel-data K 0 C 0
    clean-recognizable-visual-features K 0 C 0
    ");
}

#[test]
fn options_override_the_basic_profile_and_the_stricter_wins() {
    let birth = row("PatientBirthDate");
    assert_eq!(birth.decide(OptionSet::EMPTY), Decision::Basic(Code::Z));
    assert_eq!(
        birth.decide(set(ProfileOption::ALL)),
        Decision::Basic(Code::Z)
    );

    let age = row("PatientAge");
    let characteristics = set(&[ProfileOption::RetainPatientCharacteristics]);
    assert_eq!(age.decide(characteristics), Decision::Keep);
    assert_eq!(
        age.decide(set(&[ProfileOption::RetainUids])),
        Decision::Basic(Code::X)
    );

    // Dates of a device's making and calibration: its identity's option says K, that of modified dates C.
    let [device, dates] = [
        ProfileOption::RetainDeviceIdentity,
        ProfileOption::RetainModifiedDates,
    ];
    let disagreeing: Vec<Row> = annex_e::rows()
        .filter(|row| {
            row.decide(set(&[device])) == Decision::Keep
                && row.decide(set(&[dates])) == Decision::Clean
        })
        .collect();
    assert_eq!(disagreeing.len(), 11);
    for row in disagreeing {
        assert_eq!(row.decide(set(&[device, dates])), Decision::Clean);
        assert_eq!(row.decide(set(&[dates, device])), Decision::Clean);
    }

    let private = annex_e::private_row().unwrap();
    assert_eq!(private.basic, Code::X);
    assert!(private.matches(Tag::new(0x0029, 0x1010)));
    assert!(!private.matches(Tag::new(0x0028, 0x1010)));
    assert_eq!(
        private.decide(set(&[ProfileOption::RetainSafePrivate])),
        Decision::Clean
    );
}

#[test]
fn options_have_names_and_codes_of_their_own() {
    let mut codes = BTreeSet::from([methods::BASIC.code]);
    for option in ProfileOption::ALL {
        assert_eq!(ProfileOption::parse(option.name()), Some(*option));
        assert!(codes.insert(option.method().code), "{option}");
        // CID 7050 leaves out the word `With` of the two options about dates.
        assert_eq!(
            option.method().meaning,
            option.title().replace(" With ", " ")
        );
    }
    let all: BTreeSet<String> = (113_100..=113_112).map(|code| code.to_string()).collect();
    assert!(all.iter().map(String::as_str).eq(codes));
    assert_eq!(ProfileOption::parse("retain-everything"), None);
    assert_eq!(
        ProfileOption::ALL[..annex_e::COLUMNS],
        *ProfileOption::TABLE
    );

    let mut some = set(&[ProfileOption::CleanGraphics, ProfileOption::RetainUids]);
    assert_eq!(format!("{some:?}"), r#"{"retain-uids", "clean-graphics"}"#);
    some.remove(ProfileOption::CleanGraphics);
    some.remove(ProfileOption::RetainUids);
    assert!(some.is_empty() && !set(ProfileOption::ALL).is_empty());
}
