//! Places besides the attributes themselves that carry what the patient is called: they go, whole.

use dicom_object::FileMetaTable;
use samar::deid::stamp::{IMPLEMENTATION_CLASS_UID, file_meta};
use samar::dicom::{Encoding, Tag, Vr};

use super::{ENCODINGS, TOKEN, has_token};
use crate::build::{
    CT, DataSet, Node, clean, ct, listing, meta, open, part10, raw, read, sequence, text, value,
    value_bytes, words,
};

/// Cleans the CT with these elements added and expects that nothing of them is left.
#[track_caller]
fn goes(nodes: &[Node]) {
    for encoding in ENCODINGS {
        let file = nodes
            .iter()
            .cloned()
            .fold(ct(), DataSet::with)
            .file(encoding);
        let out = clean(&file).unwrap_or_else(|e| panic!("{encoding:?}: {e}"));
        let plain = clean(&ct().file(encoding)).unwrap();
        assert_eq!(
            listing(&open(&out.bytes)),
            listing(&open(&plain.bytes)),
            "{encoding:?}"
        );
        assert!(out.bytes == plain.bytes, "{encoding:?}: other bytes");
    }
}

fn named() -> Node {
    text(0x0010_0010, Vr::PN, TOKEN)
}

#[test]
fn the_preamble_is_made_anew() {
    let mut file = ct().file(Encoding::EXPLICIT_LE);
    file[..TOKEN.len()].copy_from_slice(TOKEN.as_bytes());
    let out = clean(&file).unwrap().bytes;
    assert_eq!(&out[..132], [&[0; 128][..], b"DICM"].concat());
}

#[test]
fn file_meta_information_is_made_anew() {
    let mut nodes = meta(Some("1.2.840.10008.1.2.1"));
    nodes.retain(|node| node.tag.element() < 0x0013);
    nodes.extend([
        text(0x0002_0013, Vr::SH, TOKEN),
        text(0x0002_0016, Vr::AE, TOKEN),
        text(0x0002_0017, Vr::AE, TOKEN),
        text(0x0002_0018, Vr::AE, TOKEN),
        text(0x0002_0026, Vr::UR, format!("http://{TOKEN}/")),
        text(0x0002_0100, Vr::UI, "1.2.826.0.1.3680043.9.1.66"),
        raw(0x0002_0102, Vr::OB, TOKEN.as_bytes()),
    ]);
    let file = [part10(&nodes, Some(())), ct().bytes(Encoding::EXPLICIT_LE)].concat();
    let out = clean(&file).unwrap();
    assert!(has_token(&file) && !has_token(&out.bytes));

    let meta = FileMetaTable::from_reader(&out.bytes[128..]).unwrap();
    let instance = value(&open(&out.bytes), 0x0008_0018).unwrap();
    assert_eq!(meta.media_storage_sop_class_uid(), CT);
    assert_eq!(meta.media_storage_sop_instance_uid(), instance);
    assert_eq!(meta.implementation_class_uid(), IMPLEMENTATION_CLASS_UID);
    assert!(
        meta.implementation_version_name
            .as_deref()
            .unwrap()
            .starts_with("SAMAR_")
    );
    assert_eq!(meta.source_application_entity_title, None);
    assert_eq!(meta.private_information, None);
    let whole = file_meta(CT, &instance, "1.2.840.10008.1.2.1");
    assert!(out.bytes.starts_with(&whole), "and nothing else");
    let begin = whole.len();
    assert_eq!(
        out.bytes[begin..begin + 4],
        [0x08, 0, 0x16, 0],
        "the data set follows"
    );
}

#[test]
fn the_group_length_of_the_new_meta_information_is_right() {
    let out = clean(&ct().file(Encoding::EXPLICIT_LE)).unwrap().bytes;
    let length = u32::from_le_bytes(out[140..144].try_into().unwrap()) as usize;
    assert_eq!(
        out[144 + length..144 + length + 2],
        [0x08, 0],
        "group 8 begins where it says"
    );
}

#[test]
fn bytes_behind_the_last_element() {
    for encoding in ENCODINGS {
        let plain = ct().file(encoding);
        let file = [plain.clone(), format!("{TOKEN} was here").into_bytes()].concat();
        let out = clean(&file).unwrap();
        assert!(out.bytes == clean(&plain).unwrap().bytes);
        assert_eq!(
            out.verified.counts().trailing_bytes,
            file.len() as u64 - plain.len() as u64
        );
    }
}

#[test]
fn data_set_trailing_padding() {
    goes(&[raw(0xFFFC_FFFC, Vr::OB, TOKEN.as_bytes())]);
}

#[test]
fn group_lengths() {
    goes(&[
        raw(0x0008_0000, Vr::UL, &[1, 0, 0, 0]),
        raw(0x0010_0000, Vr::UL, TOKEN.as_bytes()),
        raw(0x0018_0000, Vr::UL, &[]),
        raw(0x7FE0_0000, Vr::UL, &[0xFF; 4]),
    ]);
}

#[test]
fn curves_and_overlays_of_every_group() {
    for n in 0..16u32 {
        let curve = 0x5000_0000 + (n << 17);
        goes(&[
            text(curve | 0x2500, Vr::LO, TOKEN),
            raw(curve | 0x3000, Vr::OW, TOKEN.as_bytes()),
            raw(curve | 0x1001, Vr::OB, TOKEN.as_bytes()),
        ]);
        let overlay = 0x6000_0000 + (n << 17);
        goes(&[
            words(overlay | 0x0010, Vr::US, &[16]),
            words(overlay | 0x0011, Vr::US, &[16]),
            text(overlay | 0x0022, Vr::LO, TOKEN),
            text(overlay | 0x1500, Vr::LO, TOKEN),
            words(overlay | 0x0102, Vr::US, &[0]),
            raw(overlay | 0x3000, Vr::OW, TOKEN.repeat(4).as_bytes()),
            text(overlay | 0x4000, Vr::LT, TOKEN),
        ]);
    }
}

#[test]
fn icons_and_images_inside_images() {
    let icon = [
        words(0x0028_0010, Vr::US, &[2]),
        words(0x0028_0011, Vr::US, &[4]),
        raw(0x7FE0_0010, Vr::OB, TOKEN.as_bytes()),
    ];
    goes(&[sequence(0x0088_0200, &[&icon])]);

    // The same in a sequence that stays.
    for encoding in ENCODINGS {
        let file = ct()
            .with(sequence(
                0x0028_3010,
                &[&[raw(0x7FE0_0010, Vr::OB, TOKEN.as_bytes())]],
            ))
            .file(encoding);
        assert!(!has_token(&clean(&file).unwrap().bytes), "{encoding:?}");
    }
}

#[test]
fn signatures_and_original_attributes() {
    goes(&[
        sequence(0x0400_0561, &[&[sequence(0x0400_0550, &[&[named()]])]]),
        sequence(
            0xFFFA_FFFA,
            &[&[raw(0x0400_0120, Vr::OB, TOKEN.as_bytes())]],
        ),
        sequence(0x4FFE_0001, &[&[text(0x0400_0015, Vr::CS, TOKEN)]]),
    ]);
}

#[test]
fn encrypted_originals() {
    let encrypted = [
        text(0x0400_0510, Vr::UI, "1.2.840.10008.1.2"),
        raw(0x0400_0520, Vr::OB, TOKEN.as_bytes()),
    ];
    for encoding in ENCODINGS {
        let file = ct()
            .with(sequence(0x0400_0500, &[&encrypted]))
            .file(encoding);
        assert!(!has_token(&clean(&file).unwrap().bytes));
    }
}

#[test]
fn private_elements_with_and_without_a_creator() {
    goes(&[
        text(0x0009_0010, Vr::LO, TOKEN),
        text(0x0009_1001, Vr::LO, TOKEN),
        raw(0x0009_1002, Vr::UN, TOKEN.as_bytes()),
        sequence(0x0009_1003, &[&[named()]]),
        text(0x0011_1001, Vr::PN, TOKEN),
        raw(0x0011_0001, Vr::OB, TOKEN.as_bytes()),
        raw(0x7FDF_1001, Vr::OW, &TOKEN.as_bytes().repeat(20_000)),
    ]);
}

#[test]
fn elements_that_the_standard_does_not_know() {
    for encoding in [Encoding::EXPLICIT_LE, Encoding::EXPLICIT_BE] {
        let file = ct()
            .with(text(0x0018_FFF0, Vr::LO, TOKEN))
            .with(sequence(0x0018_FFF2, &[&[named()]]))
            .with(raw(0x1234_5678, Vr::UN, TOKEN.as_bytes()))
            .with(text(0x7FE2_0010, Vr::LO, TOKEN))
            .file(encoding);
        assert_eq!(
            clean(&file).unwrap().bytes,
            clean(&ct().file(encoding)).unwrap().bytes
        );
    }
}

#[test]
fn commands_meta_and_directory_records_in_the_data_set() {
    for encoding in ENCODINGS {
        let before = [
            text(0x0000_1031, Vr::CS, TOKEN),
            text(0x0004_1500, Vr::CS, TOKEN),
        ];
        let file = [
            part10(&meta(Some(syntax(encoding))), Some(())),
            crate::build::bytes_of(&before, encoding),
            ct().bytes(encoding),
        ]
        .concat();
        let out = clean(&file).unwrap().bytes;
        assert!(
            out == clean(&ct().file(encoding)).unwrap().bytes,
            "{encoding:?}"
        );
    }
}

fn syntax(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::EXPLICIT_BE => "1.2.840.10008.1.2.2",
        Encoding { explicit: true, .. } => "1.2.840.10008.1.2.1",
        _ => "1.2.840.10008.1.2",
    }
}

#[test]
fn large_text_where_technical_text_would_stay() {
    // Manufacturer of 100 kB is not a manufacturer.
    let essay = format!("{TOKEN} ").repeat(12_000);
    let file = ct()
        .with(raw(0x0008_0070, Vr::LO, essay.as_bytes()))
        .with(words(0x0028_0010, Vr::US, &[512]))
        .with(words(0x0028_0011, Vr::US, &[512]))
        .with(raw(0x7FE0_0010, Vr::OW, &vec![1; 512 * 512 * 2]))
        .file(Encoding::IMPLICIT_LE);
    let instance = read(&file).unwrap();
    assert!(instance.tape.find(Tag(0x0008_0070)).is_some());
    let out = clean(&file).unwrap().bytes;
    assert!(!has_token(&out));
    assert_eq!(
        value_bytes(&open(&out), 0x7FE0_0010).unwrap().len(),
        512 * 512 * 2
    );
}

#[test]
fn nothing_that_is_printed_for_debugging_holds_a_value() {
    let file = ct()
        .with(text(0x0010_0010, Vr::PN, TOKEN))
        .with(text(0x0010_0020, Vr::LO, TOKEN))
        .file(Encoding::EXPLICIT_LE);
    let source = samar::dicom::Source::Memory(file.clone());
    let limits = samar::dicom::Limits::default();
    let instance =
        samar::dicom::Instance::read(&source, &limits, samar::dicom::Scratch::default()).unwrap();
    let kept = |_| false;
    let charset = samar::dicom::charset::Charset::default();
    let harvest = samar::deid::Harvest::gather(&instance.tape, charset, kept).unwrap();
    let verified = clean(&file).unwrap().verified;
    let told = format!(
        "{source:?} {:?} {:?} {harvest:?} {verified:?}",
        instance.tape, instance.meta
    );
    let bytes = format!("{:?}", TOKEN.as_bytes());
    let run = bytes.trim_matches(['[', ']']);
    assert!(!has_token(told.as_bytes()) && !told.contains(run), "{told}");
    assert!(!told.contains("50, 46, 56, 50, 54"), "a UID as numbers");
}
