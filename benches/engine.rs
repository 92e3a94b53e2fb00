//! What the parts of the engine cost on instances in memory. No file system, one thread.

#![allow(clippy::unwrap_used)]

#[path = "../tests/build/mod.rs"]
mod build;

use std::sync::LazyLock;

use build::{BASIC, DataSet, Item, Node, Value, code, ct, nested, raw, sequence, text, words};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use samar::deid::{Deidentifier, Harvest};
use samar::dicom::charset::Charset;
use samar::dicom::{Encoding, Instance, Limits, NoRoom, Scratch, Tag, Vr};
use samar::pseudonym::{Ids, Key, PatientIdentity, Uids};

fn main() {
    divan::main();
}

/// What is measured on.
const KINDS: [&str; 4] = ["ct", "ct-implicit", "ct-big-endian", "enhanced"];

fn file(kind: &str) -> &'static [u8] {
    static FILES: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
        [
            slice().file(Encoding::EXPLICIT_LE),
            slice().file(Encoding::IMPLICIT_LE),
            slice().file(Encoding::EXPLICIT_BE),
            enhanced().file(Encoding::EXPLICIT_LE),
        ]
    });
    let place = KINDS.iter().position(|k| *k == kind).unwrap_or_default();
    &FILES[place]
}

/// A CT slice as scanners write them: some 90 public elements, 60 private ones, a few sequences.
fn slice() -> DataSet {
    let region = code("39607008", "SCT", "Lung");
    let reference = [
        text(0x0008_1150, Vr::UI, build::CT),
        text(0x0008_1155, Vr::UI, "1.2.826.0.1.3680043.9.1.5.123456789.1"),
    ];
    let references: Vec<&[Node]> = (0..3).map(|_| &reference[..]).collect();
    let mut set = [
        text(0x0008_0005, Vr::CS, "ISO_IR 100"),
        text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI"),
        text(0x0008_0080, Vr::LO, "St. Elsewhere Hospital"),
        text(0x0008_0081, Vr::ST, "1 Long Road, Springfield"),
        text(0x0008_1010, Vr::SH, "CT4711"),
        text(0x0008_1030, Vr::LO, "Thorax with contrast"),
        text(0x0008_1050, Vr::PN, "Performer^Paul"),
        text(0x0008_1070, Vr::PN, "Operator^Olga"),
        text(0x0008_1090, Vr::LO, "Scanner X"),
        sequence(0x0008_1115, &[]),
        sequence(0x0008_1140, &references),
        nested(0x0008_2218, Vr::SQ, &[&region], false),
        text(0x0010_0030, Vr::DA, "19610203"),
        text(0x0010_0040, Vr::CS, "F"),
        text(0x0010_1010, Vr::AS, "058Y"),
        text(0x0010_1030, Vr::DS, "71.5"),
        text(0x0018_1030, Vr::LO, "5.1 ThoraxRoutine"),
        text(0x0020_0032, Vr::DS, "-171.6\\-310.2\\-112.75"),
        text(0x0020_0037, Vr::DS, "1\\0\\0\\0\\1\\0"),
        text(0x0020_0052, Vr::UI, "1.2.826.0.1.3680043.9.1.4"),
        text(0x0028_0030, Vr::DS, "0.671875\\0.671875"),
        words(0x0028_0010, Vr::US, &[512]),
        words(0x0028_0011, Vr::US, &[512]),
        raw(0x7FE0_0010, Vr::OW, &vec![3; 512 * 512 * 2]),
    ]
    .into_iter()
    .fold(ct(), DataSet::with);
    for element in (0x0018_9301u32..0x0018_9330).chain(0x0018_1100..0x0018_1200) {
        let known = samar::standard::dictionary::by_tag(Tag(element));
        if known.is_some_and(|entry| entry.vr == Vr::DS) {
            set = set.with(text(element, Vr::DS, "123.456"));
        }
    }
    for group in [0x0019u32, 0x0021, 0x0029] {
        set = set.with(text(group << 16 | 0x10, Vr::LO, "ACME CT VA0 COAD"));
        for element in 0..20 {
            set = set.with(text(
                group << 16 | (0x1000 + element),
                Vr::LO,
                "some private text",
            ));
        }
    }
    set
}

/// An enhanced multi-frame image: 500 frames with their functional groups.
fn enhanced() -> DataSet {
    let frame = |n: usize| {
        let content = [
            text(0x0018_9074, Vr::DT, "20190301101500.25"),
            words(0x0020_9057, Vr::UL, &[n as u16, 0]),
        ];
        let position = [text(0x0020_0032, Vr::DS, format!("-171.6\\-310.2\\{n}.5"))];
        let orientation = [text(0x0020_0037, Vr::DS, "1\\0\\0\\0\\1\\0")];
        let measures = [
            text(0x0018_0050, Vr::DS, "1.5"),
            text(0x0028_0030, Vr::DS, "0.67\\0.67"),
        ];
        Item {
            nodes: vec![
                sequence(0x0020_9111, &[&content]),
                sequence(0x0020_9113, &[&position]),
                sequence(0x0020_9116, &[&orientation]),
                sequence(0x0028_9110, &[&measures]),
            ],
            defined: n.is_multiple_of(2),
        }
    };
    let groups = Node {
        tag: Tag(0x5200_9230),
        vr: Vr::SQ,
        value: Value::Items {
            items: (0..500).map(frame).collect(),
            defined: false,
        },
    };
    ct().with(text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.2.1"))
        .with(text(0x0028_0008, Vr::IS, "500"))
        .with(raw(0x7FE0_0010, Vr::OW, &vec![3; 16 * 16 * 2 * 500]))
        .with(groups)
}

fn header_bytes(kind: &str) -> BytesCount {
    let instance = build::read(file(kind)).unwrap();
    BytesCount::new(instance.tape.buf.len())
}

#[divan::bench(args = KINDS)]
fn walk(bencher: Bencher<'_, '_>, kind: &str) {
    let bytes = file(kind);
    let mut scratch = Scratch::default();
    bencher.counter(header_bytes(kind)).bench_local(|| {
        let limits = Limits::default();
        let instance = Instance::read(&bytes, &limits, std::mem::take(&mut scratch)).unwrap();
        black_box(instance.tape.elements.len());
        scratch = instance.into_scratch();
    });
}

#[divan::bench(args = KINDS)]
fn harvest(bencher: Bencher<'_, '_>, kind: &str) {
    let instance = build::read(file(kind)).unwrap();
    bencher
        .counter(ItemsCount::new(instance.tape.elements.len()))
        .bench_local(|| Harvest::gather(&instance.tape, Charset::default(), |_| false));
}

#[divan::bench(args = KINDS)]
fn search_for_names(bencher: Bencher<'_, '_>, kind: &str) {
    let instance = build::read(file(kind)).unwrap();
    let harvest = Harvest::gather(&instance.tape, Charset::default(), |_| false).unwrap();
    // What is searched is a result, in which nothing is found: the worst case.
    let out = build::clean(file(kind)).unwrap();
    let header = out.verified.header();
    bencher
        .counter(BytesCount::new(header.len()))
        .bench_local(|| harvest.is_in_bytes(black_box(header)));
}

#[divan::bench(args = KINDS)]
fn apply(bencher: Bencher<'_, '_>, kind: &str) {
    let instance = build::read(file(kind)).unwrap();
    bencher
        .counter(header_bytes(kind))
        .bench_local(|| BASIC.apply(&instance, &NoRoom).unwrap());
}

#[divan::bench(args = KINDS)]
fn process(bencher: Bencher<'_, '_>, kind: &str) {
    let bytes = file(kind);
    let mut scratch = Scratch::default();
    bencher.counter(header_bytes(kind)).bench_local(|| {
        samar::run::process(&BASIC, &bytes, &mut scratch, &NoRoom)
            .unwrap()
            .len()
    });
}

#[divan::bench]
fn new_uid(bencher: Bencher<'_, '_>) {
    let uids = Uids::new(&Key::from_bytes([7; 32]));
    bencher.bench_local(|| uids.map(black_box(b"1.2.826.0.1.3680043.9.1.5.123456789.1")));
}

#[divan::bench]
fn patient_pseudonym(bencher: Bencher<'_, '_>) {
    let ids = Ids::new(&Key::from_bytes([7; 32]));
    bencher.bench_local(|| {
        let name = PatientIdentity::Name(black_box(b"M\xFCller^J\xF6rg^^"));
        ids.patient(name, Charset::default())
    });
}

#[divan::bench]
fn load_and_compile_the_profile() -> Deidentifier {
    let profile = samar::profile::load("basic").unwrap();
    Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap()
}

/// `basic` with so many rules over it: ten on attributes of a CT slice, the others on attributes and private elements
/// that other instances have, every second one with a condition of its own.
fn with_rules(count: usize) -> Deidentifier {
    use std::fmt::Write as _;
    const OFTEN: [&str; 10] = [
        "InstitutionName",
        "StationName",
        "StudyDescription",
        "PerformingPhysicianName",
        "OperatorsName",
        "ManufacturerModelName",
        "PatientBirthDate",
        "PatientSex",
        "ProtocolName",
        "StudyID",
    ];
    let elsewhere = samar::standard::dictionary::entries()
        .iter()
        .filter(|entry| !entry.is_retired && entry.vr == Vr::LO && !OFTEN.contains(&entry.keyword))
        .map(|entry| entry.keyword.to_owned());
    let private = (0..count).map(|n| format!("'(0019,{{VENDOR {}}},{:02X})'", n / 200, n % 200));
    let selectors = OFTEN
        .iter()
        .map(|keyword| (*keyword).to_owned())
        .chain(elsewhere.take(400))
        .chain(private);
    let mut text = "samar: 1\nname: many\nextends: basic\nrules:\n".to_owned();
    for (n, selector) in selectors.take(count).enumerate() {
        let when = if n % 2 == 1 {
            format!("when: 'SliceThickness < {n}', ")
        } else {
            String::new()
        };
        let action = if selector.contains('{') {
            "remove"
        } else {
            "dummy"
        };
        writeln!(
            text,
            "  - {{id: r{n}, match: {selector}, {when}do: {action}, because: of the bench}}"
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.yaml");
    std::fs::write(&path, text).unwrap();
    let profile = samar::profile::load(path.to_str().unwrap());
    let profile = profile.unwrap_or_else(|problems| panic!("{problems}"));
    Deidentifier::new(profile, &Key::from_bytes([7; 32]), Limits::default(), None).unwrap()
}

#[divan::bench(args = [10, 2000])]
fn rules(bencher: Bencher<'_, '_>, count: usize) {
    let deidentifier = with_rules(count);
    let bytes = file("ct");
    let mut scratch = Scratch::default();
    bencher.counter(header_bytes("ct")).bench_local(|| {
        samar::run::process(&deidentifier, &bytes, &mut scratch, &NoRoom)
            .unwrap()
            .len()
    });
}
