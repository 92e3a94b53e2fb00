//! Damaged files: whatever becomes of them, no panic, and nothing of the patient in what is written.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use samar::dicom::{Encoding, Flags, Vr};

use super::cases;
use crate::build::{
    DataSet, JPEG_BASELINE, Node, clean, code, ct, holds, jpeg, jpeg_ct, nested, raw, read,
    sequence, text,
};

/// Planted where a person is named. A damaged one is no longer looked for; there are enough of them.
const TOKEN: &str = "ZYXQUILL";

fn planted(base: DataSet) -> DataSet {
    let name = |tag: u32| text(tag, Vr::PN, format!("{TOKEN}^Anna"));
    let within = [
        text(0x0009_0010, Vr::LO, TOKEN),
        text(0x0009_1001, Vr::LO, TOKEN),
        name(0x0010_0010),
        name(0x0040_A123),
    ];
    let mut region = code("39607008", "SCT", "Lung");
    region.push(nested(0x0008_2220, Vr::SQ, &[&within], false));
    [
        text(0x0008_0080, Vr::LO, format!("{TOKEN} Hospital")),
        text(0x0008_0081, Vr::ST, format!("1 {TOKEN} Street")),
        name(0x0008_0090),
        text(0x0008_1030, Vr::LO, format!("for {TOKEN}")),
        name(0x0008_1050),
        nested(0x0008_2218, Vr::SQ, &[&region], false),
        text(0x0009_0010, Vr::LO, "ACME 1.0"),
        text(0x0009_1001, Vr::LO, TOKEN),
        sequence(0x0009_1002, &[&within]),
        name(0x0010_0010),
        text(0x0010_0020, Vr::LO, format!("{TOKEN}-1")),
        text(0x0010_4000, Vr::LT, format!("{TOKEN} is well")),
        text(0x0018_1030, Vr::LO, "CHEST"),
        sequence(
            0x0028_3010,
            &[&within, &[raw(0x0028_3006, Vr::OW, &[1, 2, 3, 4])]],
        ),
        name(0x0032_1032),
        sequence(0x0040_0275, &[&within]),
        name(0x0040_A123),
        raw(0x5400_1010, Vr::OW, b"waveform"),
        raw(0xFFFC_FFFC, Vr::OB, TOKEN.as_bytes()),
    ]
    .into_iter()
    .fold(base, DataSet::with)
}

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let plain = planted(ct());
    let compressed = planted(jpeg_ct(&[&jpeg(b""), &jpeg(b"")]));
    let bare = plain.bytes(Encoding::IMPLICIT_LE);
    vec![
        plain.file(Encoding::EXPLICIT_LE),
        plain.file(Encoding::IMPLICIT_LE),
        plain.file(Encoding::EXPLICIT_BE),
        plain.deflated(),
        compressed.file_in(JPEG_BASELINE, Encoding::EXPLICIT_LE),
        bare,
    ]
});

/// One thing that happens to a file on its way.
#[derive(Clone, Debug)]
enum Damage {
    Flip { at: usize, byte: u8 },
    Cut { at: usize },
    Drop { at: usize, len: usize },
    Insert { at: usize, bytes: Vec<u8> },
    Repeat { at: usize, len: usize, times: usize },
    Swap { at: usize, other: usize, len: usize },
    Word { at: usize, value: u32 },
}

impl Damage {
    fn happens_to(&self, file: &mut Vec<u8>) {
        let size = file.len().max(1);
        match self {
            Damage::Flip { at, byte } => {
                if let Some(b) = file.get_mut(at % size) {
                    *b ^= byte;
                }
            }
            Damage::Cut { at } => file.truncate(at % size),
            Damage::Drop { at, len } => {
                let start = at % size;
                file.drain(start.min(file.len())..(start + len).min(file.len()));
            }
            Damage::Insert { at, bytes } => {
                let at = (at % size).min(file.len());
                file.splice(at..at, bytes.iter().copied());
            }
            Damage::Repeat { at, len, times } => {
                let at = (at % size).min(file.len());
                let run = file[at..(at + len).min(file.len())].repeat(*times);
                file.splice(at..at, run);
            }
            Damage::Swap { at, other, len } => {
                let last = file.len().saturating_sub(*len);
                for n in 0..*len {
                    let (a, b) = (at % (last + 1) + n, other % (last + 1) + n);
                    if a < file.len() && b < file.len() {
                        file.swap(a, b);
                    }
                }
            }
            Damage::Word { at, value } => {
                let at = at % size;
                if let Some(slot) = file.get_mut(at..at + 4) {
                    slot.copy_from_slice(&value.to_le_bytes());
                }
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || any::<u32>().prop_map(|n| n as usize);
    let word = prop_oneof![
        any::<u32>(),
        0u32..64,
        Just(u32::MAX),
        Just(0xFFFF_FFFE),
        Just(0x7FFF_FFFF),
        Just(0xE000_FFFE),
        Just(0xE00D_FFFE),
        Just(0xE0DD_FFFE),
        Just(0x0010_7FE0),
    ];
    prop_oneof![
        6 => (at(), 1u8..).prop_map(|(at, byte)| Damage::Flip { at, byte }),
        1 => at().prop_map(|at| Damage::Cut { at }),
        1 => (at(), 1usize..40).prop_map(|(at, len)| Damage::Drop { at, len }),
        1 => (at(), vec(any::<u8>(), 1..20)).prop_map(|(at, bytes)| Damage::Insert { at, bytes }),
        1 => (at(), 1usize..200, 1usize..4).prop_map(|(at, len, times)| Damage::Repeat { at, len, times }),
        1 => (at(), at(), 1usize..60).prop_map(|(at, other, len)| Damage::Swap { at, other, len }),
        4 => (at(), word).prop_map(|(at, value)| Damage::Word { at, value }),
    ]
}

/// Whether the other reader can be asked: it does not look into sequences under UN.
fn is_plain(bytes: &[u8]) -> bool {
    let instance = read(bytes).unwrap();
    let hidden = |flags: Flags, vr| flags.has(Flags::CONTAINER) && vr == Vr::UN;
    !instance
        .tape
        .elements
        .iter()
        .any(|e| hidden(e.flags, e.vr) && e.tag != samar::dicom::Tag::ITEM)
}

fn holds_token(bytes: &[u8]) -> bool {
    holds(&bytes.to_ascii_uppercase(), TOKEN.as_bytes())
}

/// All of a file but its samples, which may say anything, and inflated where deflated.
fn opened(bytes: &[u8]) -> Vec<u8> {
    let tape = read(bytes).unwrap().tape;
    let mut seen = Vec::new();
    let mut from = 0;
    for (_, element) in tape.top_level().filter(|(_, e)| e.tag.group() == 0x7FE0) {
        seen.extend(&tape.buf[from..element.start as usize]);
        from = element.end as usize;
    }
    seen.extend(&tape.buf[from..]);
    seen
}

#[test]
fn the_whole_files_are_written_without_a_token() {
    for (n, file) in FILES.iter().enumerate() {
        let out = clean(file).unwrap_or_else(|e| panic!("{n}: {e}")).bytes;
        assert!(
            holds_token(&opened(file)) && !holds_token(&opened(&out)),
            "{n}"
        );
        assert!(is_plain(&out));
    }
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn damaged_files_are_refused_or_clean(
        which in 0usize..6, damages in vec(damage(), 1..5),
    ) {
        let mut file = FILES[which].clone();
        for damage in &damages {
            damage.happens_to(&mut file);
        }
        if let Ok(out) = clean(&file) {
            prop_assert!(!holds_token(&opened(&out.bytes)), "a token is left");
            prop_assert_eq!(out.verified.len(), out.bytes.len() as u64);
            if is_plain(&out.bytes) {
                let reread = dicom_object::from_reader(&out.bytes[..]);
                prop_assert!(reread.is_ok(), "another reader does not read it: {:?}", reread.err());
            }
        }
    }

    #[test]
    fn noise_behind_a_prefix_does_not_panic(bytes in vec(any::<u8>(), 0..300), which in 0usize..6) {
        let _ = clean(&bytes);
        let prefixed = [&FILES[which][..200.min(FILES[which].len())], &bytes].concat();
        let _ = clean(&prefixed);
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn refusals_say_nothing_of_the_patient(damages in vec(damage(), 1..4), which in 0usize..6) {
        let mut file = FILES[which].clone();
        for damage in &damages {
            damage.happens_to(&mut file);
        }
        if let Err(refusal) = clean(&file) {
            let said = format!("{refusal:?}");
            prop_assert!(!holds_token(said.as_bytes()));
            prop_assert!(!refusal.reason.is_empty() && !refusal.detail.is_empty());
        }
    }
}

/// A guard for the properties above: damage that only ever gave refusals would prove little.
#[test]
fn small_damage_is_often_survived() {
    let file = &FILES[0];
    let written = (0..file.len())
        .step_by(7)
        .filter(|at| {
            let mut bytes = file.clone();
            bytes[*at] ^= 1;
            clean(&bytes).is_ok()
        })
        .count();
    assert!(
        written * 7 * 4 > file.len(),
        "{written} of {}",
        file.len() / 7
    );
    assert!(matches!(planted(ct()).0.first(), Some(Node { .. })));
}
