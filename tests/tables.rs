//! The embedded tables are the ones that their README describes: a row that goes missing is noticed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use samar::dicom::{Tag, Vr};
use samar::standard::annex_e::{self, Code, Decision, OptionCode, Row};
use samar::standard::methods::{self, OptionSet, ProfileOption};
use samar::standard::sr_concepts::{self, SrDecision};
use samar::standard::{dictionary, safe_private};
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

/// A table's header and lines, cell by cell.
fn cells(file: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/standard/data");
    let text = fs::read_to_string(folder.join(file)).expect("a table");
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    (lines.next().expect("a header"), lines.collect())
}

/// The options of a header, by column.
fn columns(header: &[String]) -> Vec<(usize, ProfileOption)> {
    let name = |cell: &str| cell.replace("longitudinal_", "").replace('_', "-");
    header
        .iter()
        .enumerate()
        .filter_map(|(i, cell)| Some((i, ProfileOption::parse(&name(cell))?)))
        .collect()
}

fn text(code: Option<OptionCode>) -> &'static str {
    code.map_or("", OptionCode::text)
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
fn every_cell_of_table_e_1_1_is_as_the_file_says() {
    let (header, lines) = cells("ps3.15-e1-1.tsv");
    let columns = columns(&header);
    assert_eq!(columns.len(), annex_e::COLUMNS);
    let rows = rows();
    for line in lines {
        let row = match dictionary::tag_pattern(&line[0]) {
            Some((mask, tag)) => rows.iter().find(|row| (row.mask, row.tag.0) == (mask, tag)),
            None => rows.iter().find(|row| row.name == "Private Attributes"),
        };
        let row = row.unwrap_or_else(|| panic!("no row for {}", line[0]));
        assert_eq!((row.name, row.keyword), (&*line[1], &*line[2]));
        assert_eq!(row.basic.text(), line[6], "{}", row.name);
        for (i, option) in &columns {
            assert_eq!(text(row.option(*option)), line[*i], "{} {option}", row.name);
        }
    }
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

#[test]
fn safe_private_elements_are_found_by_creator_and_never_by_block() {
    let (_, lines) = cells("ps3.15-e3.10-1.tsv");
    assert_eq!(lines.len(), safe_private::ROWS);
    assert_eq!(safe_private::rows().len(), safe_private::ROWS);
    let mut creators = BTreeSet::new();
    for line in &lines {
        let group = u16::from_str_radix(&line[0], 16).unwrap();
        let element = u8::from_str_radix(&line[1][2..], 16).unwrap();
        for written in [
            line[2].clone(),
            format!("  {} ", line[2].to_lowercase().replace(' ', "   ")),
        ] {
            let row = safe_private::find(&safe_private::fold(&written), group, element).unwrap();
            assert_eq!((row.group, row.element), (group, element));
            assert_eq!((row.creator, row.meaning), (&*line[2], &*line[5]));
            match &*line[3] {
                "" => assert_eq!(row.vr, Vr::UN),
                vrs => assert!(vrs.starts_with(&row.vr.to_string())),
            }
        }
        assert_eq!(group % 2, 1);
        creators.insert(&*line[2]);
    }
    assert_eq!(creators.len(), 20);

    let find = safe_private::find;
    assert!(find("GEMS_PARM_01", 0x0043, 0x6F).is_some());
    assert!(find("GEMS_PARM_01", 0x0043, 0x6E).is_none());
    assert!(find("GEMS_PARM_01", 0x0045, 0x6F).is_none());
    assert!(find("GEMS_PARM_02", 0x0043, 0x6F).is_none());
    assert!(find("", 0x0043, 0x6F).is_none());
}

#[test]
fn every_cell_of_table_e_3_4_1_is_as_the_file_says() {
    let (header, lines) = cells("ps3.15-e3.4-1.tsv");
    let columns = columns(&header);
    assert!(
        columns
            .iter()
            .map(|(_, option)| *option)
            .eq(sr_concepts::COLUMNS)
    );
    assert_eq!(lines.len(), sr_concepts::ROWS);
    assert_eq!(sr_concepts::rows().len(), sr_concepts::ROWS);
    for line in lines {
        let [code, scheme, meaning, value_type, _, basic, ..] = &line[..] else {
            panic!("a row with too few cells")
        };
        let row = sr_concepts::find_all(&format!("{scheme} "), code)
            .iter()
            .find(|row| row.value_type == value_type)
            .unwrap();
        assert_eq!(
            (row.scheme, row.code, row.meaning),
            (&**scheme, &**code, &**meaning)
        );
        assert_eq!(row.value_type, value_type);
        assert_eq!(row.basic.text(), basic);
        for (i, option) in &columns {
            assert_eq!(text(row.option(*option)), line[*i], "{meaning} {option}");
        }
    }

    let mut table = String::new();
    for option in sr_concepts::COLUMNS {
        let count = |code| {
            let rows = sr_concepts::rows().iter();
            rows.filter(|row| row.option(option) == Some(code)).count()
        };
        let (keep, clean) = (count(OptionCode::Keep), count(OptionCode::Clean));
        writeln!(table, "{option} K {keep} C {clean}").unwrap();
    }
    insta::assert_snapshot!(table, @"
    retain-uids K 62 C 0
    retain-device-identity K 14 C 0
    retain-institution-identity K 7 C 0
    retain-patient-characteristics K 2 C 0
    retain-full-dates K 44 C 0
    retain-modified-dates K 0 C 44
    clean-descriptors K 0 C 45
    ");
}

#[test]
fn concepts_are_decided_by_code_value_type_and_options() {
    let none = OptionSet::EMPTY;
    let all = set(ProfileOption::ALL);
    let characteristics = set(&[ProfileOption::RetainPatientCharacteristics]);
    let uids = set(&[ProfileOption::RetainUids]);
    let descriptors = set(&[ProfileOption::CleanDescriptors]);
    let device = set(&[ProfileOption::RetainDeviceIdentity]);
    let both = set(&[
        ProfileOption::RetainDeviceIdentity,
        ProfileOption::CleanDescriptors,
    ]);
    for (scheme, code, value_type, on, decision) in [
        // Accession Number, Subject Birth Date: no option keeps them.
        ("DCM", "121022", "TEXT", all, SrDecision::Remove),
        ("DCM", "121031", "DATE", all, SrDecision::Remove),
        // Calibration DateTime, Content Date
        ("DCM", "113723", "DATETIME", none, SrDecision::Replace),
        ("DCM", "111018", "DATE", none, SrDecision::RemoveOrReplace),
        ("DCM", "111018", "DATE", all, SrDecision::Clean),
        // Equipment Identification: K of one option, C of another.
        ("DCM", "121122", "TEXT", device, SrDecision::Keep),
        ("DCM", "121122", "TEXT", both, SrDecision::Clean),
        // Source of Measurement: an image is replaced, a waveform removed, and so is what the table does not name.
        ("DCM", "121112", "IMAGE", none, SrDecision::Replace),
        ("DCM", "121112", "WAVEFORM", none, SrDecision::Remove),
        ("DCM", "121112", "TEXT", uids, SrDecision::Remove),
        // Clinical Report, under its retired code and designators too.
        ("SCT", "371524004", "COMPOSITE", uids, SrDecision::Keep),
        ("SCT", "371524004", "TEXT", uids, SrDecision::Remove),
        ("SRT", "R-42B89", "TEXT", descriptors, SrDecision::Clean),
        ("SNM3", "R-42B89", "TEXT", none, SrDecision::Remove),
        ("99SDM", " R-42B89 ", "COMPOSITE", uids, SrDecision::Keep),
        // Subject Sex is a code. As free text it may say anything.
        ("DCM", "121032", "CODE", characteristics, SrDecision::Keep),
        ("DCM", "121032", "TEXT", characteristics, SrDecision::Remove),
        // The same, in the words of LOINC, SNOMED CT and SNOMED RT.
        ("LN", "46098-0", "CODE", none, SrDecision::Remove),
        ("LN", "46098-0", "CODE", characteristics, SrDecision::Keep),
        ("SCT", "397669002", "NUM", characteristics, SrDecision::Keep),
        (
            "SCT",
            "397669002",
            "TEXT",
            characteristics,
            SrDecision::Remove,
        ),
        ("99SDM", "G-0225", "CODE", none, SrDecision::Remove),
        ("SRT", "371524004", "TEXT", none, SrDecision::Remove),
        // A designator that is missing, misspelt or local saves nothing.
        ("", "121033", "NUM", characteristics, SrDecision::Remove),
        ("dcm", "111018", "DATE", all, SrDecision::RemoveOrReplace),
        (
            "SNOMED",
            "F-00033",
            "TEXT",
            descriptors,
            SrDecision::RemoveOrReplace,
        ),
        (
            "99LOCAL",
            "46098-0",
            "CODE",
            characteristics,
            SrDecision::Remove,
        ),
    ] {
        assert_eq!(
            sr_concepts::decide(scheme, code, value_type, on),
            Some(decision),
            "{scheme} {code} {value_type} {on:?}"
        );
    }
    for (scheme, code) in [
        ("DCM", "121139"),
        ("99LOCAL", "52"),
        ("99LOCAL", "121139"),
        ("SCT", "R-42B89"),
        ("LN", "397669002"),
        ("", ""),
    ] {
        assert_eq!(
            sr_concepts::decide(scheme, code, "TEXT", none),
            None,
            "{scheme} {code}"
        );
    }
    assert!(sr_concepts::find("DCM", "121033").is_some_and(|row| row.meaning == "Subject Age"));
    assert!(sr_concepts::stands_for("DCM", "121033").is_empty());
    assert!(!sr_concepts::stands_for("LN", "30525-0 ").is_empty());
}
