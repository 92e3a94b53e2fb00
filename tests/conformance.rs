//! Every row of PS3.15 Table E.1-1 against what comes out: absent, empty, one value, many values; at the top level
//! and nested; in several IODs and encodings. The table is read here anew, and the output by another parser.

use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use samar::deid::Deidentifier;
use samar::dicom::encode::{element, header};
use samar::dicom::{Encoding, Limits, Scratch, Source, Tag, Vr};
use samar::pseudonym::Key;
use samar::standard::iod_types::{self, Path, Type};
use samar::standard::{dictionary, uids};

static TABLE: &str = include_str!("../src/standard/data/ps3.15-e1-1.tsv");

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const PRESENTATION_STATE: &str = "1.2.840.10008.5.1.4.1.1.11.1";
const RT_PLAN: &str = "1.2.840.10008.5.1.4.1.1.481.5";
const ECG: &str = "1.2.840.10008.5.1.4.1.1.9.1.1";
const SR: &str = "1.2.840.10008.5.1.4.1.1.88.11";
/// VOI LUT Sequence: a sequence that no rule touches.
const KEPT_SEQUENCE: Tag = Tag(0x0028_3010);

struct Row {
    tag: Tag,
    vr: Vr,
    code: &'static str,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for line in TABLE.lines().skip(1) {
        let f: Vec<&'static str> = line.split('\t').collect();
        let digits = f[0]
            .replace("gggg(odd)eeee", "00291010")
            .replace("xxxxxx", "001010")
            .replace("xx", "02");
        let tag = Tag(u32::from_str_radix(&digits, 16).expect("a tag"));
        let vr = dictionary::by_tag(tag).map_or(Vr::LO, |entry| entry.vr);
        rows.push(Row {
            tag,
            vr,
            code: f[6],
        });
    }
    rows
}

fn sample(vr: Vr, many: bool) -> Vec<u8> {
    let (one, two): (&[u8], &[u8]) = match vr {
        Vr::DA => (b"20190301", b"20190302"),
        Vr::TM => (b"101500", b"101501"),
        Vr::DT => (b"20190301101500", b"20190302101500"),
        Vr::AS => (b"045Y", b"046Y"),
        Vr::DS | Vr::IS => (b"12", b"13"),
        Vr::UI => (b"1.2.3.4.5.678901234567", b"1.2.3.4.5.678901234568"),
        Vr::CS => (b"CANARY", b"CANARIES"),
        Vr::US | Vr::SS => (&[7, 0], &[8, 0]),
        Vr::OB | Vr::OW | Vr::UN => (b"CANARY BYTES", b"CANARY BYTES AGAIN"),
        _ => (b"Canary^Quill", b"Canary^Plume"),
    };
    let mut value = one.to_vec();
    if many {
        if !matches!(vr, Vr::US | Vr::SS | Vr::OB | Vr::OW | Vr::UN) {
            value.push(b'\\');
        }
        value.extend_from_slice(two);
    }
    value
}

fn item(out: &mut Vec<u8>, encoding: Encoding, content: &[u8]) {
    out.extend_from_slice(&encoding.put_u16(0xFFFE));
    out.extend_from_slice(&encoding.put_u16(0xE000));
    out.extend_from_slice(&encoding.put_u32(content.len() as u32));
    out.extend_from_slice(content);
}

fn attribute(encoding: Encoding, row: &Row, presence: &str) -> Vec<u8> {
    let mut out = Vec::new();
    match (presence, row.vr) {
        ("absent", _) => {}
        ("empty", vr) => element(&mut out, encoding, row.tag, vr, b""),
        (presence, Vr::SQ) => {
            let mut name = Vec::new();
            element(
                &mut name,
                encoding,
                Tag(0x0010_2297),
                Vr::PN,
                b"Canary^Quill",
            );
            let mut items = Vec::new();
            for _ in 0..=usize::from(presence == "many") {
                item(&mut items, encoding, &name);
            }
            header(&mut out, encoding, row.tag, Vr::SQ, items.len() as u32);
            out.extend_from_slice(&items);
        }
        (presence, vr) => element(
            &mut out,
            encoding,
            row.tag,
            vr,
            &sample(vr, presence == "many"),
        ),
    }
    out
}

/// A minimal instance with the attribute in it, in tag order.
fn instance(sop: &str, encoding: Encoding, row: &Row, presence: &str, nested: bool) -> Vec<u8> {
    let mut elements: Vec<(Tag, Vec<u8>)> = Vec::new();
    let mut text = |tag: u32, vr: Vr, value: &str| {
        let mut bytes = Vec::new();
        element(&mut bytes, encoding, Tag(tag), vr, value.as_bytes());
        elements.push((Tag(tag), bytes));
    };
    text(0x0008_0016, Vr::UI, sop);
    text(0x0008_0018, Vr::UI, "1.2.3.4.5.6.7.8.9.1");
    text(0x0020_000D, Vr::UI, "1.2.3.4.5.6.7.8.9.2");
    text(0x0020_000E, Vr::UI, "1.2.3.4.5.6.7.8.9.3");
    let bytes = attribute(encoding, row, presence);
    if nested {
        let mut sequence = Vec::new();
        header(
            &mut sequence,
            encoding,
            KEPT_SEQUENCE,
            Vr::SQ,
            bytes.len() as u32 + 8,
        );
        item(&mut sequence, encoding, &bytes);
        elements.push((KEPT_SEQUENCE, sequence));
    } else {
        elements.retain(|(tag, _)| *tag != row.tag || presence == "absent");
        elements.push((row.tag, bytes));
    }
    elements.sort_by_key(|(tag, _)| *tag);
    let syntax = if encoding.explicit {
        "1.2.840.10008.1.2.1"
    } else {
        "1.2.840.10008.1.2"
    };
    let mut file = samar::deid::stamp::file_meta(sop, "1.2.3.4.5.6.7.8.9.1", syntax);
    file.extend(elements.into_iter().flat_map(|(_, bytes)| bytes));
    file
}

#[derive(Debug, PartialEq)]
enum Wanted {
    Gone,
    Empty,
    EmptyOrSurrogate,
    Dummy,
    NewUid,
    Recursed,
}

fn wanted(row: &Row, kind: Type) -> Wanted {
    if matches!(row.tag.group() >> 8, 0x50 | 0x60) || row.tag.is_private() {
        return Wanted::Gone;
    }
    let dummy = if row.vr == Vr::SQ {
        Wanted::Recursed
    } else {
        Wanted::Dummy
    };
    match (row.code, kind) {
        ("D", _)
        | ("X" | "Z" | "Z/D" | "X/Z" | "X/D" | "X/Z/D", Type::One)
        | ("X/D", Type::Two) => dummy,
        ("U", _) => Wanted::NewUid,
        ("X/Z/U*", Type::One) => Wanted::Recursed,
        // The Basic Profile allows a dummy for Z; samar's profile uses it for patient and accession.
        ("Z" | "Z/D", _) if matches!(row.tag.0, 0x0010_0010 | 0x0010_0020 | 0x0008_0050) => {
            Wanted::EmptyOrSurrogate
        }
        ("Z" | "Z/D", _) | (_, Type::Two) => Wanted::Empty,
        (_, Type::Three) => Wanted::Gone,
        other => panic!("a code that the table does not have: {other:?}"),
    }
}

fn bytes_of(element: &InMemElement) -> Vec<u8> {
    element
        .to_bytes()
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// What the independent reader finds, in the same words.
fn fits(found: Option<&InMemElement>, wanted: &Wanted, presence: &str, row: &Row) -> bool {
    let Some(found) = found else {
        return *wanted == Wanted::Gone || presence == "absent";
    };
    if presence == "absent" || *wanted == Wanted::Gone {
        return false;
    }
    if let Some(items) = found.items() {
        let still = items.iter().any(|item| {
            item.element_opt(dicom_object::Tag(0x0010, 0x2297))
                .ok()
                .flatten()
                .is_some()
        });
        return match wanted {
            Wanted::Empty | Wanted::EmptyOrSurrogate => items.is_empty(),
            Wanted::Recursed => !still,
            _ => false,
        };
    }
    let value = bytes_of(found);
    let text = String::from_utf8_lossy(&value)
        .trim_matches([' ', '\0'])
        .to_owned();
    let original = sample(row.vr, presence == "many");
    let unlike = !text.to_uppercase().contains("CANARY") && value != original;
    match wanted {
        Wanted::Empty => value.is_empty(),
        Wanted::EmptyOrSurrogate => {
            value.is_empty() || unlike && text.bytes().all(|b| b.is_ascii_digit())
        }
        Wanted::Dummy => !value.is_empty() && (unlike || presence == "empty"),
        Wanted::NewUid if presence == "empty" => value.is_empty(),
        Wanted::NewUid => {
            text.split('\\').count() == if presence == "many" { 2 } else { 1 }
                && text
                    .split('\\')
                    .all(|uid| uid.starts_with("2.25.") && uid.len() <= 64)
        }
        Wanted::Recursed => value.is_empty() && presence == "empty",
        Wanted::Gone => false,
    }
}

#[test]
fn every_row_comes_out_as_the_table_says() {
    let profile = samar::profile::load("basic").expect("the built-in profile loads");
    let deidentifier = Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default());
    let rows = rows();
    assert_eq!(rows.len(), 657, "rows of Table E.1-1, edition 2026d");
    let mut scratch = Scratch::default();
    let (mut cells, mut wrong) = (0, Vec::new());
    for sop in [CT, PRESENTATION_STATE, RT_PLAN, ECG, SR] {
        let types = uids::iod(sop).and_then(iod_types::of).expect("a known IOD");
        for encoding in [Encoding::EXPLICIT_LE, Encoding::IMPLICIT_LE] {
            for row in &rows {
                for presence in ["absent", "empty", "one", "many"] {
                    for nested in [false, true] {
                        // These four name the instance: it cannot do without them, and has one value of each.
                        let essential =
                            matches!(row.tag.0, 0x0008_0018 | 0x0020_000D | 0x0020_000E);
                        if essential && !nested && presence != "one" {
                            continue;
                        }
                        let path = if nested {
                            Path::TOP.inside(KEPT_SEQUENCE)
                        } else {
                            Path::TOP
                        };
                        // An optional module is there when one of its Type 1 attributes is.
                        let present = |tag| tag == row.tag && !nested && presence != "absent";
                        let kind = types.resolve(path, row.tag, present);
                        let file = instance(sop, encoding, row, presence, nested);
                        let source = Source::Memory(file);
                        let verified = samar::run::process(&deidentifier, &source, &mut scratch)
                            .unwrap_or_else(|e| panic!("{} {presence}: {e}", row.tag));
                        let object = dicom_object::from_reader(verified.memory())
                            .expect("another reader reads it");
                        let data_set: &InMemDicomObject = &object;
                        let tag = dicom_object::Tag(row.tag.group(), row.tag.element());
                        let holder = if nested {
                            let sequence = data_set
                                .element(dicom_object::Tag(0x0028, 0x3010))
                                .expect("the kept sequence");
                            &sequence.items().expect("items")[0]
                        } else {
                            data_set
                        };
                        cells += 1;
                        if row.tag == Tag(0x0002_0003) && !nested {
                            // In front of the data set it is file meta information, and made anew.
                            assert!(
                                object
                                    .meta()
                                    .media_storage_sop_instance_uid
                                    .starts_with("2.25.")
                            );
                            continue;
                        }
                        let found = holder.element_opt(tag).ok().flatten();
                        let wanted = wanted(row, kind);
                        if !fits(found, &wanted, presence, row) {
                            wrong.push(format!(
                                "{} {} {presence} nested={nested} {}: wanted {wanted:?}, found {found:?}",
                                row.tag, row.code, sop
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{cells} cells, {} wrong", wrong.len());
    for line in wrong.iter().take(30) {
        println!("{line}");
    }
    assert!(wrong.is_empty());
}
