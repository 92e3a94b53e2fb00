//! Structured content: PS3.15 Table E.3.4-1, read here anew, concept by concept under every option that has a column.

use std::collections::{BTreeMap, BTreeSet};

use dicom_object::InMemDicomObject;
use samar::dicom::{Encoding, Vr};

use crate::build::{
    DataSet, Node, clean_with, code, ct, holds, items, open, sequence, text, value,
};
use crate::golden::SR;
use crate::judge::is_cleaned_sentence;
use crate::{calendar, settle, site};

static TABLE: &str = include_str!("../../src/standard/data/ps3.15-e3.4-1.tsv");

/// The Basic Profile's column, then the options in the order of theirs.
const COLUMNS: [&str; 7] = [
    "retain-uids",
    "retain-device-identity",
    "retain-institution-identity",
    "retain-patient-characteristics",
    "retain-full-dates",
    "retain-modified-dates",
    "clean-descriptors",
];
const STRUCTURED: &str = "clean-structured-content";

const CONTENT: u32 = 0x0040_A730;
const VALUE_TYPE: u32 = 0x0040_A040;
const CONCEPT_NAME: u32 = 0x0040_A043;
const TEXT_VALUE: u32 = 0x0040_A160;
const UID: &str = "1.2.826.0.1.3680043.9.77.123456";
const SENTENCE: &str = "CT THORAX dengan kontras Canary 3171234567890001";
/// Acquisition Context, Content Item Modifier, Protocol Context and Substance Administration Parameter Sequence.
const CONTEXTS: [u32; 4] = [0x0040_0555, 0x0040_0441, 0x0040_0440, 0x0044_0019];

#[derive(Clone, Debug)]
struct Row {
    code: &'static str,
    scheme: &'static str,
    value_type: &'static str,
    basic: &'static str,
    options: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = TABLE
        .lines()
        .skip(1)
        .map(|line| {
            let f: Vec<&'static str> = line.split('\t').collect();
            Row {
                code: f[0],
                scheme: f[1],
                value_type: f[3],
                basic: f[5],
                options: f[6..13].to_vec(),
            }
        })
        .collect();
    assert_eq!(rows.len(), 214);
    rows
}

/// What the table asks for: `K`, `C` (the stricter) or the Basic Profile's code.
fn asks(row: &Row, on: &[usize]) -> &'static str {
    let said = || on.iter().map(|column| row.options[*column]);
    if said().any(|code| code == "C") {
        "C"
    } else if said().any(|code| code == "K") {
        "K"
    } else {
        row.basic
    }
}

fn reference() -> Node {
    sequence(
        0x0008_1199,
        &[&[
            text(0x0008_1150, Vr::UI, "1.2.840.10008.5.1.4.1.1.2"),
            text(0x0008_1155, Vr::UI, UID),
        ]],
    )
}

/// A content item of this concept, with a value of its type.
fn item(row: &Row, words: &str) -> Vec<Node> {
    let mut nodes = match row.value_type {
        "IMAGE" | "COMPOSITE" | "WAVEFORM" => vec![reference()],
        _ => vec![],
    };
    nodes.push(text(VALUE_TYPE, Vr::CS, row.value_type));
    let name = code(row.code, row.scheme, "Concept");
    nodes.push(sequence(CONCEPT_NAME, &[&name]));
    match row.value_type {
        "TEXT" => nodes.push(text(TEXT_VALUE, Vr::UT, words)),
        "DATE" => nodes.push(text(0x0040_A121, Vr::DA, "20190301")),
        "TIME" => nodes.push(text(0x0040_A122, Vr::TM, "101500")),
        "DATETIME" => nodes.push(text(0x0040_A120, Vr::DT, "20190301101500")),
        "PNAME" => nodes.push(text(0x0040_A123, Vr::PN, "Quill^Zita")),
        "UIDREF" => nodes.push(text(0x0040_A124, Vr::UI, UID)),
        "CODE" => nodes.push(sequence(0x0040_A168, &[&code("M", "DCM", "Male")])),
        "NUM" => {
            let unit = code("a", "UCUM", "year");
            nodes.push(sequence(
                0x0040_A300,
                &[&[
                    sequence(0x0040_08EA, &[&unit]),
                    text(0x0040_A30A, Vr::DS, "45"),
                ]],
            ));
        }
        "CONTAINER" => {
            let inner = item(&unlisted(), words);
            nodes.push(text(0x0040_A050, Vr::CS, "SEPARATE"));
            nodes.push(sequence(CONTENT, &[&inner]));
        }
        _ => {}
    }
    nodes
}

/// Of a concept that the table does not list.
fn unlisted() -> Row {
    Row {
        code: "121206",
        scheme: "DCM",
        value_type: "TEXT",
        basic: "",
        options: vec![""; 7],
    }
}

fn container(content: &[&[Node]]) -> Vec<Node> {
    vec![
        text(VALUE_TYPE, Vr::CS, "CONTAINER"),
        sequence(CONCEPT_NAME, &[&code("121070", "DCM", "Findings")]),
        text(0x0040_A050, Vr::CS, "SEPARATE"),
        sequence(CONTENT, content),
    ]
}

/// A report with these items at the top of its tree and in a container in a container.
fn report(content: &[Vec<Node>]) -> DataSet {
    let all: Vec<&[Node]> = content.iter().map(Vec::as_slice).collect();
    let inner = container(&all);
    let outer = container(&[&inner]);
    let mut top = all.clone();
    top.push(&outer);
    root(&top)
}

fn root(content: &[&[Node]]) -> DataSet {
    container(content)
        .into_iter()
        .fold(ct(), DataSet::with)
        .with(text(0x0008_0016, Vr::UI, SR))
        .with(text(0x0008_0060, Vr::CS, "SR"))
        .without(0x7FE0_0010)
}

fn name_of(item: &InMemDicomObject) -> Option<(String, String)> {
    let name = items(item, CONCEPT_NAME).into_iter().next()?;
    Some((value(&name, 0x0008_0100)?, value(&name, 0x0008_0102)?))
}

/// Items by what they are.
type Index<'i> = BTreeMap<(String, String, String), &'i InMemDicomObject>;

fn index(among: &[InMemDicomObject]) -> Index<'_> {
    let key = |item| {
        let (code, scheme) = name_of(item)?;
        Some((code, scheme, value(item, VALUE_TYPE)?))
    };
    among
        .iter()
        .filter_map(|item| Some((key(item)?, item)))
        .collect()
}

/// The item of a concept and type among others.
fn find<'i>(among: &Index<'i>, row: &Row) -> Option<&'i InMemDicomObject> {
    let own = |text: &str| text.to_owned();
    among
        .get(&(own(row.code), own(row.scheme), own(row.value_type)))
        .copied()
}

/// The value that an item has, as text.
fn said(item: &InMemDicomObject, value_type: &str) -> Option<String> {
    match value_type {
        "TEXT" => value(item, TEXT_VALUE),
        "DATE" => value(item, 0x0040_A121),
        "TIME" => value(item, 0x0040_A122),
        "DATETIME" => value(item, 0x0040_A120),
        "PNAME" => value(item, 0x0040_A123),
        "UIDREF" => value(item, 0x0040_A124),
        "IMAGE" | "COMPOSITE" | "WAVEFORM" => value(items(item, 0x0008_1199).first()?, 0x0008_1155),
        "CODE" => value(items(item, 0x0040_A168).first()?, 0x0008_0104),
        "NUM" => value(items(item, 0x0040_A300).first()?, 0x0040_A30A),
        _ => value(items(item, CONTENT).first()?, TEXT_VALUE),
    }
}

/// What [`said`] of the item as it was given.
fn given(value_type: &str, words: &str) -> String {
    match value_type {
        "TEXT" | "CONTAINER" => words,
        "DATE" => "20190301",
        "TIME" => "101500",
        "DATETIME" => "20190301101500",
        "PNAME" => "Quill^Zita",
        "CODE" => "Male",
        "NUM" => "45",
        _ => UID,
    }
    .to_owned()
}

/// Options in force.
struct World {
    on: Vec<usize>,
    structured: bool,
    days: i64,
}

impl World {
    fn of(on: &[usize], structured: bool) -> (World, samar::deid::Deidentifier) {
        let mut names: Vec<&str> = on.iter().map(|column| COLUMNS[*column]).collect();
        if structured {
            names.push(STRUCTURED);
        }
        let deidentifier = site(&names, "");
        let study = clean_with(&deidentifier, &ct().file(Encoding::EXPLICIT_LE)).unwrap();
        let study = value(&open(&study.bytes), 0x0008_0020).unwrap_or_default();
        let world = World {
            on: on.to_vec(),
            structured,
            days: calendar::moved("20190301", &study).unwrap_or(0),
        };
        (world, deidentifier)
    }

    /// Whether what became of an item is what the table asks for.
    fn fits(&self, row: &Row, found: Option<&InMemDicomObject>, words: &str) -> bool {
        let vt = row.value_type;
        let now = found.and_then(|item| said(item, vt));
        let then = given(vt, words);
        let is_reference = matches!(vt, "IMAGE" | "COMPOSITE" | "WAVEFORM");
        match asks(row, &self.on) {
            "X" => found.is_none(),
            // The template decides which of the two; a number has no dummy.
            "X/D" | "D" if found.is_none() => row.basic == "X/D" || vt == "NUM",
            "X/D" | "D" => now.is_some_and(|now| {
                let valid = match vt {
                    "DATE" => calendar::day(&now).is_some(),
                    "UIDREF" => now.starts_with("2.25."),
                    _ if is_reference => now.starts_with("2.25."),
                    _ => !now.is_empty(),
                };
                valid && now != then && !now.contains("Canary") && !now.contains("Quill")
            }),
            // What is in a container that stays goes by its own concept.
            "K" if vt == "CONTAINER" => found.is_some() && now.is_some_and(|now| now != then),
            // PN values are no option's: the table lets a device's name stay, and a person's never.
            "K" => now.as_deref() == Some(&then),
            "C" => now.is_some_and(|now| match vt {
                "DATE" | "DATETIME" => {
                    self.days != 0 && calendar::moved(&then, &now) == Some(self.days)
                }
                "TIME" => now == then,
                "TEXT" if words == SENTENCE => is_cleaned_sentence(&now, 1),
                "TEXT" => !now.is_empty() && !now.contains("Canary"),
                _ => false,
            }),
            other => panic!("{other} is not a code of the table"),
        }
    }

    /// Of an unlisted concept only the text is treated: cleaned with the option, or else given a dummy.
    fn fits_unlisted(&self, found: Option<&InMemDicomObject>, words: &str) -> bool {
        let Some(now) = found.and_then(|item| said(item, "TEXT")) else {
            return false;
        };
        if self.structured && words == SENTENCE {
            return is_cleaned_sentence(&now, 1);
        }
        !now.is_empty()
            && now
                .split(' ')
                .all(|w| w != "CT" && w != "Canary" && w != "THORAX")
    }
}

/// No sequence of content is without an item, at any depth.
fn has_hollow_content(object: &InMemDicomObject) -> bool {
    object.iter().any(|element| {
        element
            .items()
            .is_some_and(|items| items.is_empty() || items.iter().any(has_hollow_content))
    })
}

/// Judges every row under some options, with retired designators where there are.
fn judge(on: &[usize], structured: bool, rows: &[Row], cells: &mut usize, wrong: &mut Vec<String>) {
    let (world, deidentifier) = World::of(on, structured);
    for encoding in [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE] {
        for words in [SENTENCE, "Canary"] {
            if words != SENTENCE && !encoding.explicit {
                continue;
            }
            let mut content: Vec<Vec<Node>> = rows.iter().map(|row| item(row, words)).collect();
            content.push(item(&unlisted(), words));
            let out = match clean_with(&deidentifier, &report(&content).file(encoding)) {
                Ok(out) => out,
                Err(refusal) => {
                    wrong.push(format!("{on:?} {structured}: {refusal}"));
                    continue;
                }
            };
            let keeps_text = rows
                .iter()
                .any(|row| row.value_type == "TEXT" && asks(row, on) == "K");
            assert!(keeps_text || !holds(&out.bytes, b"3171234567890001"));
            let object = open(&out.bytes);
            let top = items(&object, CONTENT);
            let outer = items(top.last().expect("the container"), CONTENT);
            let inner = items(&outer[0], CONTENT);
            for (depth, among) in [(0, index(&top)), (2, index(&inner))] {
                for row in rows {
                    *cells += 1;
                    let found = find(&among, row);
                    if !world.fits(row, found, words) {
                        let now = found.map(|item| said(item, row.value_type));
                        wrong.push(format!(
                            "{on:?} structured={structured} depth={depth} {row:?}: {now:?}"
                        ));
                    }
                }
                *cells += 1;
                let found = find(&among, &unlisted());
                if !world.fits_unlisted(found, words) {
                    let now = found.map(|item| said(item, "TEXT"));
                    wrong.push(format!("{on:?} structured={structured} unlisted: {now:?}"));
                }
            }
            if has_hollow_content(&object) {
                wrong.push(format!("{on:?}: a sequence without items"));
            }
        }
    }
}

#[test]
fn every_concept_by_every_column() {
    let rows = rows();
    let (mut cells, mut wrong) = (0, Vec::new());
    let columns = std::iter::once(vec![]).chain((0..COLUMNS.len()).map(|column| vec![column]));
    for on in columns {
        for structured in [false, true] {
            judge(&on, structured, &rows, &mut cells, &mut wrong);
        }
    }
    // Together, and where the stricter of two counts.
    judge(&[0, 1, 2, 3, 5, 6], true, &rows, &mut cells, &mut wrong);
    judge(&[0, 1, 2, 3, 4, 6], false, &rows, &mut cells, &mut wrong);
    settle("Table E.3.4-1", cells, &wrong);
}

/// PS3.16 Annex O: what the concepts of SNOMED CT in the table were called before.
const RETIRED: [(&str, &str); 10] = [
    ("DD-60002", "116224001"),
    ("DF-0068E", "398325003"),
    ("DF-0070B", "398164008"),
    ("F-00033", "271921002"),
    ("F-02455", "160476009"),
    ("G-C0E3", "363698007"),
    ("G-D320", "397898000"),
    ("G-D321", "398201009"),
    ("PA-30029", "440252007"),
    ("R-42B89", "371524004"),
];

#[test]
fn retired_designators_and_codes_mean_the_same() {
    let listed = rows();
    let current: BTreeSet<&str> = listed
        .iter()
        .filter(|row| row.scheme == "SCT")
        .map(|row| row.code)
        .collect();
    let renamed: BTreeSet<&str> = RETIRED.iter().map(|(_, current)| *current).collect();
    assert!(renamed.is_subset(&current), "{renamed:?}");
    let (mut cells, mut wrong) = (0, Vec::new());
    for scheme in ["SRT", "SNM3", "99SDM"] {
        let rows: Vec<Row> = listed
            .iter()
            .filter_map(|row| {
                let (retired, _) = RETIRED.iter().find(|(_, now)| *now == row.code)?;
                Some(Row {
                    code: retired,
                    scheme,
                    ..row.clone()
                })
            })
            .collect();
        assert!(rows.len() >= RETIRED.len());
        for on in [vec![], vec![0], vec![4], vec![5], vec![6]] {
            judge(&on, true, &rows, &mut cells, &mut wrong);
        }
    }
    settle("retired codes", cells, &wrong);
}

#[test]
fn what_is_left_is_never_a_sequence_without_items() {
    for structured in [false, true] {
        let (_, deidentifier) = World::of(&[], structured);
        for row in rows() {
            let one = item(&row, "Canary");
            let lonely = container(&[&one]);
            let outer = container(&[&lonely]);
            for file in [root(&[&one]), root(&[&outer])] {
                let out = clean_with(&deidentifier, &file.file(Encoding::EXPLICIT_LE)).unwrap();
                assert!(
                    !holds(&out.bytes, b"Canary") && !holds(&out.bytes, b"Zita"),
                    "{row:?}"
                );
                assert!(!has_hollow_content(&open(&out.bytes)), "{row:?}");
            }
        }
    }
}

#[test]
fn concepts_count_wherever_items_have_them() {
    for structured in [false, true] {
        let (world, deidentifier) = World::of(&[], structured);
        for context in CONTEXTS {
            // The type of the content items of other sequences is never a container.
            let mut rows = rows();
            rows.retain(|row| row.value_type != "CONTAINER");
            let content: Vec<Vec<Node>> = rows.iter().map(|row| item(row, SENTENCE)).collect();
            let content: Vec<&[Node]> = content.iter().map(Vec::as_slice).collect();
            // In a sequence that nobody touches, so that only the concepts decide.
            let file = ct().with(sequence(0x0028_3010, &[&[sequence(context, &content)]]));
            let out = clean_with(&deidentifier, &file.file(Encoding::EXPLICIT_LE)).unwrap();
            let object = open(&out.bytes);
            let holder = items(&object, 0x0028_3010);
            let found = items(&holder[0], context);
            let index = index(&found);
            for row in rows.iter().filter(|_| !found.is_empty()) {
                let found = find(&index, row);
                assert!(world.fits(row, found, SENTENCE), "{context:X} {row:?}");
            }
            assert!(!holds(&out.bytes, b"Canary") && !holds(&out.bytes, b"Zita"));
        }
    }
}

#[test]
fn ages_above_the_cap_and_values_of_another_type_go() {
    let characteristics = 3;
    let (_, deidentifier) = World::of(&[characteristics], true);
    let age = Row {
        code: "121033",
        scheme: "DCM",
        value_type: "NUM",
        basic: "X",
        options: vec![""; 7],
    };
    for (years, stays) in [("45", true), ("89", true), ("90", false), ("old", false)] {
        let mut old = item(&age, "");
        let unit = code("a", "UCUM", "year");
        old.pop();
        old.push(sequence(
            0x0040_A300,
            &[&[
                sequence(0x0040_08EA, &[&unit]),
                text(0x0040_A30A, Vr::DS, years),
            ]],
        ));
        let file = report(&[old, item(&unlisted(), SENTENCE)]);
        let out = clean_with(&deidentifier, &file.file(Encoding::EXPLICIT_LE)).unwrap();
        let top = items(&open(&out.bytes), CONTENT);
        assert_eq!(find(&index(&top), &age).is_some(), stays, "{years}");
    }
    // A sex as free text is not what the option speaks of.
    let sex = Row {
        code: "121032",
        value_type: "TEXT",
        ..age
    };
    let file = report(&[item(&sex, "Canary"), item(&unlisted(), SENTENCE)]);
    let out = clean_with(&deidentifier, &file.file(Encoding::EXPLICIT_LE)).unwrap();
    let top = items(&open(&out.bytes), CONTENT);
    assert!(find(&index(&top), &sex).is_none());
}
