//! Whatever follows a header full of names: what is verified reads back and holds none of them.

#![no_main]

#[path = "../../tests/build/mod.rs"]
mod build;

use std::sync::LazyLock;

use build::{BASIC, DataSet, bytes_of, join, meta, part10, text};
use libfuzzer_sys::fuzz_target;
use samar::dicom::{Encoding, Flags, Instance, Limits, Scratch, Tag, Vr};

const TOKEN: &str = "ZYXQUILL";

/// Meta information and the low groups of a CT, in each encoding.
static HEADERS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let names = [
        text(0x0008_0080, Vr::LO, format!("{TOKEN} Hospital")),
        text(0x0008_0090, Vr::PN, format!("{TOKEN}^Rosa")),
        text(0x0010_0010, Vr::PN, format!("{TOKEN}^Anna")),
        text(0x0010_0020, Vr::LO, format!("{TOKEN}-1")),
    ];
    let whole = names.into_iter().fold(build::ct(), DataSet::with);
    let low: Vec<_> = whole
        .0
        .into_iter()
        .filter(|n| n.tag < Tag(0x0018_0000))
        .collect();
    let uids = [
        text(0x0020_000D, Vr::UI, "1.2.826.0.1.3680043.9.1.1"),
        text(0x0020_000E, Vr::UI, "1.2.826.0.1.3680043.9.1.10"),
    ];
    [
        ("1.2.840.10008.1.2.1", Encoding::EXPLICIT_LE),
        ("1.2.840.10008.1.2", Encoding::IMPLICIT_LE),
        ("1.2.840.10008.1.2.2", Encoding::EXPLICIT_BE),
        ("1.2.840.10008.1.2.4.50", Encoding::EXPLICIT_LE),
    ]
    .iter()
    .map(|(syntax, encoding)| {
        let mut file = part10(&meta(Some(syntax)), Some(()));
        file.extend(bytes_of(&low, *encoding));
        file.extend(bytes_of(&uids, *encoding));
        file
    })
    .collect()
});

fn check(file: &[u8]) {
    let mut scratch = Scratch::default();
    let Ok(verified) = samar::run::process(&BASIC, &file, &mut scratch) else {
        return;
    };
    let out = join(verified.memory(), verified.parts(), &file);
    assert_eq!(out.len() as u64, verified.len());
    let source = &out.as_slice();
    let instance = Instance::read(source, &Limits::default(), scratch).expect("it reads back");
    let tape = &instance.tape;
    let mut from = 0;
    let samples = tape.top_level().filter(|(_, e)| e.tag.group() == 0x7FE0);
    for (start, end) in samples
        .map(|(_, e)| (e.start as usize, e.end as usize))
        .chain([(tape.buf.len(), 0)])
    {
        let seen = tape.buf[from..start].to_ascii_uppercase();
        assert!(!build::holds(&seen, TOKEN.as_bytes()), "a name is left");
        from = end;
    }
    // The other parser does not look into sequences under UN.
    let hidden = |flags: Flags, vr| flags.has(Flags::CONTAINER) && vr == Vr::UN;
    let is_plain = !tape
        .elements
        .iter()
        .any(|e| e.tag != Tag::ITEM && hidden(e.flags, e.vr));
    if is_plain {
        assert!(
            dicom_object::from_reader(&out[..]).is_ok(),
            "another parser does not read it"
        );
    }
}

fuzz_target!(|bytes: &[u8]| {
    // A first byte beyond the headers leaves the bytes to themselves: whole files as seeds.
    match bytes.split_first() {
        Some((which, rest)) if usize::from(*which) < HEADERS.len() => {
            check(&[&HEADERS[usize::from(*which)][..], rest].concat());
        }
        _ => {
            let _ = samar::run::process(&BASIC, &bytes, &mut Scratch::default());
        }
    }
});
