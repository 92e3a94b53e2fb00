//! PS3.15 Table E.1-1 read anew, and what it asks for in one instance. Shared by the tests of the Basic Profile and of
//! the options; neither the engine's table nor its actions are asked.
#![allow(dead_code, unreachable_pub)]
// A helper that fails has failed the test.
#![allow(clippy::unwrap_used)]

use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use samar::dicom::encode::{element, header};
use samar::dicom::{Encoding, Tag, Vr};
use samar::standard::dictionary;
use samar::standard::iod_types::Type;

static TABLE: &str = include_str!("../../src/standard/data/ps3.15-e1-1.tsv");

pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub const PRESENTATION_STATE: &str = "1.2.840.10008.5.1.4.1.1.11.1";
pub const RT_PLAN: &str = "1.2.840.10008.5.1.4.1.1.481.5";
pub const ECG: &str = "1.2.840.10008.5.1.4.1.1.9.1.1";
pub const SR: &str = "1.2.840.10008.5.1.4.1.1.88.11";
pub const INSTANCE_UID: &str = "1.2.3.4.5.6.7.8.9.1";
pub const PATIENT_ID: &str = "MRN-77";
/// VOI LUT Sequence: a sequence that no rule touches.
pub const KEPT_SEQUENCE: Tag = Tag(0x0028_3010);
/// Responsible Person: a name that stands in the items of sequences.
pub const NAME_INSIDE: Tag = Tag(0x0010_2297);
/// Slice Thickness: what nobody objects to, in the items of sequences.
pub const HARMLESS_INSIDE: Tag = Tag(0x0018_0050);

/// Options with a column, in the order of the columns.
pub const COLUMNS: [&str; 10] = [
    "retain-safe-private",
    "retain-uids",
    "retain-device-identity",
    "retain-institution-identity",
    "retain-patient-characteristics",
    "retain-full-dates",
    "retain-modified-dates",
    "clean-descriptors",
    "clean-structured-content",
    "clean-graphics",
];

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Row {
    pub tag: Tag,
    pub vr: Vr,
    /// The Basic Profile's code.
    pub code: &'static str,
    /// The options' codes, by column.
    pub options: Vec<&'static str>,
}

/// How an attribute is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Absent,
    Empty,
    One,
    Many,
}

pub const PRESENCES: [Presence; 4] = [
    Presence::Absent,
    Presence::Empty,
    Presence::One,
    Presence::Many,
];

pub fn rows() -> Vec<Row> {
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
            options: f[7..17].to_vec(),
        });
    }
    assert_eq!(rows.len(), 657, "rows of Table E.1-1, edition 2026d");
    rows
}

/// Values that name somebody or something, as this VR has them.
pub fn sample(vr: Vr, presence: Presence) -> Vec<u8> {
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
    join(vr, presence, one, two)
}

/// One value or both.
pub fn join(vr: Vr, presence: Presence, one: &[u8], two: &[u8]) -> Vec<u8> {
    let mut value = match presence {
        Presence::Absent | Presence::Empty => return Vec::new(),
        Presence::One | Presence::Many => one.to_vec(),
    };
    if presence == Presence::Many {
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

fn attribute(encoding: Encoding, row: &Row, presence: Presence, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match (presence, row.vr) {
        (Presence::Absent, _) => {}
        (Presence::One | Presence::Many, Vr::SQ) => {
            let mut inside = Vec::new();
            let name = b"Canary^Quill";
            element(&mut inside, encoding, NAME_INSIDE, Vr::PN, name);
            element(&mut inside, encoding, HARMLESS_INSIDE, Vr::DS, b"2.5");
            let mut items = Vec::new();
            for _ in 0..=usize::from(presence == Presence::Many) {
                item(&mut items, encoding, &inside);
            }
            header(&mut out, encoding, row.tag, Vr::SQ, items.len() as u32);
            out.extend_from_slice(&items);
        }
        (_, vr) => element(&mut out, encoding, row.tag, vr, value),
    }
    out
}

/// Whether the row names the instance: it cannot do without, and has one value.
pub fn is_essential(row: &Row) -> bool {
    matches!(row.tag.0, 0x0008_0018 | 0x0020_000D | 0x0020_000E)
}

/// An attribute to be put into an instance, at the top level and in an item of a kept sequence.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    pub row: &'a Row,
    pub presence: Presence,
    pub value: &'a [u8],
}

/// A minimal instance with the attributes in it, in tag order.
pub fn instance(sop: &str, encoding: Encoding, given: &[Given<'_>]) -> Vec<u8> {
    let mut elements: Vec<(Tag, Vec<u8>)> = Vec::new();
    let mut text = |tag: u32, vr: Vr, value: &str| {
        let mut bytes = Vec::new();
        element(&mut bytes, encoding, Tag(tag), vr, value.as_bytes());
        elements.push((Tag(tag), bytes));
    };
    text(0x0008_0016, Vr::UI, sop);
    text(0x0008_0018, Vr::UI, INSTANCE_UID);
    text(0x0010_0020, Vr::LO, PATIENT_ID);
    text(0x0020_000D, Vr::UI, "1.2.3.4.5.6.7.8.9.2");
    text(0x0020_000E, Vr::UI, "1.2.3.4.5.6.7.8.9.3");

    let mut inside = Vec::new();
    for given in given {
        let bytes = attribute(encoding, given.row, given.presence, given.value);
        inside.extend_from_slice(&bytes);
        if !is_essential(given.row) || given.presence == Presence::One {
            elements.retain(|(tag, _)| *tag != given.row.tag);
            elements.push((given.row.tag, bytes));
        }
    }
    let mut sequence = Vec::new();
    let length = inside.len() as u32 + 8;
    header(&mut sequence, encoding, KEPT_SEQUENCE, Vr::SQ, length);
    item(&mut sequence, encoding, &inside);
    elements.push((KEPT_SEQUENCE, sequence));
    elements.sort_by_key(|(tag, _)| *tag);
    let syntax = if encoding.explicit {
        "1.2.840.10008.1.2.1"
    } else {
        "1.2.840.10008.1.2"
    };
    let mut file = samar::deid::stamp::file_meta(sop, INSTANCE_UID, syntax);
    file.extend(elements.into_iter().flat_map(|(_, bytes)| bytes));
    file
}

/// What becomes of an attribute that may not stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Gone,
    Empty,
    EmptyOrSurrogate,
    Dummy,
    NewUid,
    Recursed,
}

/// What the Basic Profile's column asks for where the IOD has an attribute of this Type.
pub fn wanted(row: &Row, kind: Type) -> Wanted {
    if goes_with_its_group(row.tag) || row.tag.is_private() {
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

/// Curves and overlays go as whole groups, whatever an option says of one of their attributes.
pub fn goes_with_its_group(tag: Tag) -> bool {
    matches!(tag.group() >> 8, 0x50 | 0x60)
}

pub fn bytes_of(element: &InMemElement) -> Vec<u8> {
    element
        .to_bytes()
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}

/// The value without its padding.
pub fn trimmed(value: &[u8]) -> &[u8] {
    let end = value.iter().rposition(|b| !matches!(b, b' ' | 0));
    end.map_or(&[], |end| &value[..=end])
}

/// The attribute at the top level, and in the item of the kept sequence.
pub fn both<'o>(object: &'o InMemDicomObject, row: &Row) -> [Option<&'o InMemElement>; 2] {
    let tag = dicom_object::Tag(row.tag.group(), row.tag.element());
    let sequence = object.element(dicom_object::Tag(0x0028, 0x3010));
    let items = sequence.expect("the kept sequence").items();
    let item = &items.expect("items")[0];
    [object, item].map(|holder| holder.element_opt(tag).unwrap())
}

/// The items of a sequence, as far as they were looked into: whether the name is gone, and what is harmless is there.
pub fn is_entered(items: &[InMemDicomObject]) -> bool {
    let has = |item: &InMemDicomObject, tag: Tag| {
        let tag = dicom_object::Tag(tag.group(), tag.element());
        item.element_opt(tag).ok().flatten().is_some()
    };
    items
        .iter()
        .all(|item| !has(item, NAME_INSIDE) && has(item, HARMLESS_INSIDE))
}

/// The same in bytes: the other reader does not know all sequences by tag alone.
pub fn is_entered_as_bytes(value: &[u8]) -> bool {
    let holds = |needle: &[u8]| value.windows(needle.len()).any(|run| run == needle);
    holds(b"2.5") && !holds(b"Quill")
}

/// Whether what the independent reader finds is what was wanted in place of `original`.
pub fn fits(
    found: Option<&InMemElement>,
    wanted: Wanted,
    presence: Presence,
    original: &[u8],
) -> bool {
    let Some(found) = found else {
        return wanted == Wanted::Gone || presence == Presence::Absent;
    };
    if presence == Presence::Absent || wanted == Wanted::Gone {
        return false;
    }
    let is_empty = presence == Presence::Empty;
    if let Some(items) = found.items() {
        return match wanted {
            Wanted::Empty | Wanted::EmptyOrSurrogate => items.is_empty(),
            Wanted::Recursed => is_entered(items) && items.is_empty() == is_empty,
            _ => false,
        };
    }
    let value = bytes_of(found);
    let text = String::from_utf8_lossy(trimmed(&value)).into_owned();
    let upper = text.to_uppercase();
    let unlike = !upper.contains("CANARY") && !upper.contains("QUILL") && value != original;
    match wanted {
        Wanted::Empty => value.is_empty(),
        Wanted::EmptyOrSurrogate => {
            value.is_empty() || unlike && text.bytes().all(|b| b.is_ascii_digit())
        }
        Wanted::Dummy => !value.is_empty() && (unlike || is_empty),
        Wanted::NewUid if is_empty => value.is_empty(),
        Wanted::NewUid => {
            text.split('\\').count() == if presence == Presence::Many { 2 } else { 1 }
                && text
                    .split('\\')
                    .all(|uid| uid.starts_with("2.25.") && uid.len() <= 64)
        }
        Wanted::Recursed => value.is_empty() && is_empty,
        Wanted::Gone => false,
    }
}
