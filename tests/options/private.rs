//! Private elements under the Retain Safe Private Option: Table E.3.10-1, what an instance says of its own, and what is
//! done to the values that stay.

use dicom_object::InMemDicomObject;
use samar::deid::Deidentifier;
use samar::dicom::{Encoding, Tag, Vr};

use crate::build::{
    DataSet, Node, clean_with, ct, holds, items, nested, open, raw, sequence, text, value,
    value_bytes, words,
};
use crate::calendar;
use crate::{settle, site};

static TABLE: &str = include_str!("../../src/standard/data/ps3.15-e3.10-1.tsv");

const SAFE: &str = "retain-safe-private";
const ENCODINGS: [Encoding; 3] = [
    Encoding::EXPLICIT_LE,
    Encoding::IMPLICIT_LE,
    Encoding::EXPLICIT_BE,
];
/// VOI LUT Sequence, which nobody touches.
const KEPT_SEQUENCE: u32 = 0x0028_3010;
const RESPONSIBLE_PERSON: u32 = 0x0010_2297;
const SLICE_THICKNESS: u32 = 0x0018_0050;

struct Row {
    group: u16,
    byte: u8,
    creator: &'static str,
    vr: Vr,
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = TABLE
        .lines()
        .skip(1)
        .map(|line| {
            let f: Vec<&'static str> = line.split('\t').collect();
            let vr = f[3].split('/').next().unwrap();
            Row {
                group: u16::from_str_radix(f[0], 16).unwrap(),
                byte: u8::from_str_radix(&f[1][2..], 16).unwrap(),
                creator: f[2],
                vr: <[u8; 2]>::try_from(vr.as_bytes())
                    .ok()
                    .and_then(Vr::from_bytes)
                    .unwrap_or(Vr::UN),
            }
        })
        .collect();
    assert_eq!(rows.len(), 479);
    rows
}

fn creator(group: u16, block: u8, name: &str) -> Node {
    text(u32::from(group) << 16 | u32::from(block), Vr::LO, name)
}

fn tag(group: u16, block: u8, byte: u8) -> u32 {
    u32::from(group) << 16 | u32::from(block) << 8 | u32::from(byte)
}

const UID: &str = "1.2.826.0.1.3680043.9.77.123456";

/// A value as a scanner writes it; numbers read the same backwards, for the other reader turns them round.
fn private(tag: u32, vr: Vr) -> Node {
    match vr {
        Vr::SQ => {
            let inside = [
                text(RESPONSIBLE_PERSON, Vr::PN, "Canary^Quill"),
                text(SLICE_THICKNESS, Vr::DS, "2.5"),
            ];
            nested(tag, vr, &[&inside, &inside], true)
        }
        Vr::UI => text(tag, vr, UID),
        Vr::CS => text(tag, vr, "SAG_1"),
        Vr::DS => text(tag, vr, "-1.5e3"),
        Vr::IS => text(tag, vr, "12"),
        Vr::US | Vr::SS => raw(tag, vr, &[7, 7]),
        Vr::UL | Vr::SL | Vr::FL | Vr::AT => raw(tag, vr, &[7, 7, 7, 7]),
        Vr::FD => raw(tag, vr, &[7; 8]),
        Vr::OB | Vr::OW | Vr::UN => raw(tag, vr, &[1; 4]),
        vr => text(tag, vr, "fgre 3.5:1"),
    }
}

/// Whether the element is what is left of [`private`]'s.
fn stayed(object: &InMemDicomObject, node: &Node, encoding: Encoding) -> bool {
    let tag = node.tag.0;
    let Some(now) = value_bytes_or_items(object, tag) else {
        return false;
    };
    match node.vr {
        // In Implicit VR the other reader takes it for bytes.
        Vr::SQ if !encoding.explicit => crate::golden::is_entered_as_bytes(&now),
        Vr::SQ => {
            let inside = items(object, tag);
            inside.len() == 2
                && inside.iter().all(|item| {
                    value(item, RESPONSIBLE_PERSON).is_none()
                        && value(item, SLICE_THICKNESS).as_deref() == Some("2.5")
                })
        }
        Vr::UI => now.starts_with(b"2.25."),
        Vr::AT if encoding.explicit => {
            value(object, tag).is_some_and(|text| text.to_uppercase().contains("0707"))
        }
        _ => {
            let mut bytes = Vec::new();
            node.write(&mut bytes, encoding);
            bytes.ends_with(&now) && !now.is_empty()
        }
    }
}

fn value_bytes_or_items(object: &InMemDicomObject, tag: u32) -> Option<Vec<u8>> {
    let key = dicom_object::Tag((tag >> 16) as u16, tag as u16);
    let element = object.element_opt(key).unwrap()?;
    if element.items().is_some() {
        return Some(Vec::new());
    }
    value_bytes(object, tag)
}

fn has(object: &InMemDicomObject, tag: u32) -> bool {
    value_bytes_or_items(object, tag).is_some()
}

fn spelt(name: &str, how: usize) -> String {
    match how {
        0 => name.to_owned(),
        1 => name.to_lowercase(),
        2 => format!("  {} ", name.to_uppercase().replace(' ', "  ")),
        _ => unreachable!(),
    }
}

#[test]
fn every_listed_element_stays_with_its_creator_and_no_other() {
    let safe = site(&[SAFE], "");
    let rows = rows();
    let mut sets: Vec<(u16, &str)> = rows.iter().map(|row| (row.group, row.creator)).collect();
    sets.sort_unstable();
    sets.dedup();
    let (mut cells, mut wrong) = (0, Vec::new());
    for (group, name) in sets {
        let of_set: Vec<&Row> = rows
            .iter()
            .filter(|row| (row.group, row.creator) == (group, name))
            .collect();
        for encoding in ENCODINGS {
            for (how, block) in [(0, 0x10), (1, 0x42), (2, 0xFE)] {
                let listed: Vec<Node> = of_set
                    .iter()
                    .map(|row| private(tag(group, block, row.byte), row.vr))
                    .collect();
                // The same elements of somebody else, in a block of his.
                let foreign: Vec<Node> = of_set
                    .iter()
                    .map(|row| private(tag(group, block + 1, row.byte), row.vr))
                    .collect();
                let unlisted: Vec<Node> = (0..=0xFF)
                    .filter(|byte| of_set.iter().all(|row| row.byte != *byte))
                    .take(20)
                    .map(|byte| private(tag(group, block, byte), Vr::DS))
                    .collect();
                let mut nodes = vec![
                    creator(group, block, &spelt(name, how)),
                    creator(group, block + 1, &format!("{name} X")),
                ];
                for node in listed.iter().chain(&foreign).chain(&unlisted) {
                    nodes.push(node.clone());
                }
                nodes.sort_by_key(|node| node.tag);
                for inside in [false, true] {
                    let data_set = if inside {
                        ct().with(sequence(KEPT_SEQUENCE, &[&nodes]))
                    } else {
                        nodes.iter().cloned().fold(ct(), DataSet::with)
                    };
                    let out = match clean_with(&safe, &data_set.file(encoding)) {
                        Ok(out) => out,
                        Err(refusal) => {
                            wrong.push(format!("{name} {group:04X} {encoding:?}: {refusal}"));
                            continue;
                        }
                    };
                    let object = open(&out.bytes);
                    let object = if inside {
                        items(&object, KEPT_SEQUENCE)[0].clone()
                    } else {
                        object
                    };
                    let mut check = |ok: bool, what: String| {
                        cells += 1;
                        if !ok {
                            wrong.push(format!("{name} {encoding:?} inside={inside}: {what}"));
                        }
                    };
                    for node in &listed {
                        let ok = stayed(&object, node, encoding);
                        check(ok, format!("{} {} did not stay", node.tag, node.vr));
                    }
                    for node in foreign.iter().chain(&unlisted) {
                        check(!has(&object, node.tag.0), format!("{} stayed", node.tag));
                    }
                    let reserved = u32::from(group) << 16 | u32::from(block);
                    check(has(&object, reserved), "the creator is gone".into());
                    check(!has(&object, reserved + 1), "a creator of nothing".into());
                    check(!holds(&out.bytes, b"Quill"), "the name is there".into());
                }
            }
        }
    }
    settle("Table E.3.10-1", cells, &wrong);
}

#[test]
fn without_the_option_nothing_private_stays() {
    let basic = site(&[], "");
    let rows = rows();
    for row in &rows {
        let file = ct()
            .with(creator(row.group, 0x10, row.creator))
            .with(private(tag(row.group, 0x10, row.byte), row.vr))
            .file(Encoding::EXPLICIT_LE);
        let object = open(&clean_with(&basic, &file).unwrap().bytes);
        assert!(object.iter().all(|e| e.header().tag.0 % 2 == 0));
    }
}

#[test]
fn an_element_without_its_creator_goes() {
    let safe = site(&[SAFE], "");
    let slice = tag(0x0019, 0x10, 0x23);
    for name in [None, Some(""), Some("GEMS_ACQU_02"), Some("GEMS_ACQU_01 A")] {
        let mut file = ct().with(text(slice, Vr::DS, "1.5"));
        if let Some(name) = name {
            file = file.with(creator(0x0019, 0x10, name));
        }
        // A creator of another data set, of another group and of another block say nothing.
        let other = [creator(0x0019, 0x10, "GEMS_ACQU_01")];
        let file = file
            .with(creator(0x0019, 0x11, "GEMS_ACQU_01"))
            .with(creator(0x0021, 0x10, "GEMS_ACQU_01"))
            .with(sequence(KEPT_SEQUENCE, &[&other]));
        let object = open(
            &clean_with(&safe, &file.file(Encoding::EXPLICIT_LE))
                .unwrap()
                .bytes,
        );
        assert!(!has(&object, slice), "{name:?}");
    }
}

#[test]
fn listed_elements_stay_in_items_of_listed_sequences() {
    let safe = site(&[SAFE], "");
    let philips = "Philips Imaging DD 001";
    for encoding in ENCODINGS {
        // The item reserves another block than the data set around it.
        let inside = [
            text(RESPONSIBLE_PERSON, Vr::PN, "Canary^Quill"),
            creator(0x2001, 0x33, philips),
            text(0x2001_3302, Vr::IS, "3"),
            text(0x2001_3303, Vr::LO, "Canary Quill"),
            creator(0x2005, 0x10, "Canary Quill"),
            text(0x2005_1002, Vr::IS, "3"),
        ];
        let file = ct().with(creator(0x2001, 0x10, philips)).with(nested(
            0x2001_105F,
            Vr::SQ,
            &[&inside, &inside],
            false,
        ));
        let out = clean_with(&safe, &file.file(encoding)).unwrap();
        let stack = items(&open(&out.bytes), 0x2001_105F);
        assert_eq!(stack.len(), 2, "{encoding:?}");
        for item in &stack {
            assert_eq!(item.iter().count(), 2);
            assert_eq!(value(item, 0x2001_0033).unwrap(), philips);
            assert_eq!(value_bytes(item, 0x2001_3302).unwrap(), b"3 ");
        }
        assert!(!holds(&out.bytes, b"Quill "));
    }
}

/// Private data may look like anything. What is no sequence goes, and nothing is refused for it.
#[test]
fn what_only_begins_like_a_sequence_goes() {
    let safe = site(&[SAFE], "");
    let inside = [
        text(RESPONSIBLE_PERSON, Vr::PN, "Canary^Quill"),
        text(SLICE_THICKNESS, Vr::DS, "2.5"),
    ];
    for encoding in ENCODINGS {
        let mut good = Vec::new();
        sequence(0x2001_105F, &[&inside]).write(&mut good, encoding);
        let good = good.split_off(if encoding.explicit { 12 } else { 8 });
        let mut ends_early = good.clone();
        ends_early.truncate(good.len() - 2);
        let mut overruns = good.clone();
        overruns[encoding_of_len(encoding)] = 200;
        let mut unknown = good.clone();
        unknown[12..14].fill(0xFF);
        for broken in [
            ends_early,
            overruns,
            unknown,
            [good, b"Canary".to_vec()].concat(),
        ] {
            for last in [false, true] {
                let mut file = ct()
                    .with(creator(0x2001, 0x10, "Philips Imaging DD 001"))
                    .with(text(0x2001_1002, Vr::IS, "3"))
                    .with(raw(0x2001_105F, Vr::SQ, &broken));
                if last {
                    file = file.without(0x7FE0_0010);
                    file.0
                        .retain(|node| node.tag.group() <= 0x2001 && node.tag.group() != 0x28);
                }
                let out = clean_with(&safe, &file.file(encoding)).unwrap();
                assert!(!holds(&out.bytes, b"Canary"));
                let object = open(&out.bytes);
                assert!(has(&object, 0x2001_1002) && !has(&object, 0x2001_105F));
            }
        }
    }
}

/// Where the length of the first item stands.
fn encoding_of_len(encoding: Encoding) -> usize {
    if encoding.big_endian { 7 } else { 4 }
}

/// What a maker says of his private elements (PS3.3 section C.12.1.1.7).
fn claim(group: u16, name: &str, status: &str, safe: &[u16], unsafe_: &[u16]) -> Vec<Node> {
    let mut nodes = vec![
        words(0x0008_0301, Vr::US, &[group]),
        text(0x0008_0302, Vr::LO, name),
        text(0x0008_0303, Vr::CS, status),
    ];
    if !safe.is_empty() {
        nodes.push(words(0x0008_0304, Vr::US, safe));
    }
    if !unsafe_.is_empty() {
        let action = [
            words(0x0008_0306, Vr::US, unsafe_),
            text(0x0008_0307, Vr::CS, "X"),
        ];
        nodes.push(sequence(0x0008_0305, &[&action]));
    }
    nodes
}

fn claims(claims: &[Vec<Node>]) -> Node {
    let items: Vec<&[Node]> = claims.iter().map(Vec::as_slice).collect();
    sequence(0x0008_0300, &items)
}

const ACME: &str = "ACME 1.0";

/// Elements 01 to 03 of ACME, and one that the standard lists, under the claims. Gives which of them stayed.
fn claimed(by: &[Vec<Node>], encoding: Encoding) -> Vec<u8> {
    let safe = site(&[SAFE], "");
    let file = ct()
        .with(claims(by))
        .with(creator(0x0009, 0x20, "acme  1.0"))
        .with(text(0x0009_2001, Vr::DS, "1"))
        .with(text(0x0009_2002, Vr::DS, "2"))
        .with(text(0x0009_2003, Vr::DS, "3"))
        .with(creator(0x0019, 0x10, "GEMS_ACQU_01"))
        .with(text(0x0019_1023, Vr::DS, "4"));
    let object = open(&clean_with(&safe, &file.file(encoding)).unwrap().bytes);
    assert!(!has(&object, 0x0008_0300));
    let mut stay: Vec<u8> = (1..=3)
        .filter(|byte| has(&object, 0x0009_2000 | u32::from(*byte)))
        .collect();
    assert_eq!(has(&object, 0x0009_0020), !stay.is_empty());
    if has(&object, 0x0019_1023) {
        stay.push(0x23);
    }
    stay
}

#[test]
fn the_maker_s_own_word_counts_and_the_stricter_one_wins() {
    let gems = "GEMS_ACQU_01";
    for encoding in ENCODINGS {
        for (by, stay) in [
            (vec![], vec![0x23]),
            (vec![claim(9, ACME, "SAFE", &[], &[])], vec![1, 2, 3, 0x23]),
            (vec![claim(9, ACME, "UNSAFE", &[], &[])], vec![0x23]),
            // Not a defined term; of another group; of another maker.
            (vec![claim(9, ACME, "Safe", &[], &[])], vec![0x23]),
            (vec![claim(11, ACME, "SAFE", &[], &[])], vec![0x23]),
            (vec![claim(9, "ACME 2.0", "SAFE", &[], &[])], vec![0x23]),
            (
                vec![claim(9, ACME, "MIXED", &[1, 3], &[])],
                vec![1, 3, 0x23],
            ),
            (vec![claim(9, ACME, "MIXED", &[1, 3], &[3])], vec![1, 0x23]),
            (vec![claim(9, ACME, "MIXED", &[], &[3])], vec![0x23]),
            // What is safe all in all may still name exceptions; some write the whole element number.
            (vec![claim(9, ACME, "SAFE", &[], &[2])], vec![1, 3, 0x23]),
            (
                vec![claim(9, ACME, "SAFE", &[], &[0x2002])],
                vec![1, 3, 0x23],
            ),
            (
                vec![
                    claim(9, ACME, "SAFE", &[], &[]),
                    claim(9, ACME, "UNSAFE", &[], &[]),
                ],
                vec![0x23],
            ),
            // The standard's list does not outdo the maker's doubts.
            (vec![claim(0x19, gems, "UNSAFE", &[], &[])], vec![]),
            (vec![claim(0x19, gems, "MIXED", &[1], &[0x23])], vec![]),
            (vec![claim(0x19, gems, "MIXED", &[1], &[])], vec![0x23]),
        ] {
            assert_eq!(claimed(&by, encoding), stay, "{by:?} {encoding:?}");
        }
    }
}

#[test]
fn claims_without_the_option_keep_nothing() {
    let basic = site(&[], "");
    let file = ct()
        .with(claims(&[claim(9, ACME, "SAFE", &[], &[])]))
        .with(creator(0x0009, 0x20, ACME))
        .with(text(0x0009_2001, Vr::DS, "1"));
    let object = open(
        &clean_with(&basic, &file.file(Encoding::EXPLICIT_LE))
            .unwrap()
            .bytes,
    );
    assert!(!has(&object, 0x0009_2001));
}

/// One private element whose maker calls it safe. Gives its value afterwards.
fn kept(site: &Deidentifier, vr: Vr, given: &str) -> Option<String> {
    let file = ct()
        .with(claims(&[claim(9, ACME, "SAFE", &[], &[])]))
        .with(creator(0x0009, 0x20, ACME))
        .with(text(0x0009_2001, vr, given));
    let out = clean_with(site, &file.file(Encoding::EXPLICIT_LE)).unwrap();
    value(&open(&out.bytes), 0x0009_2001)
}

#[test]
fn values_that_stay_are_treated_like_any_others() {
    let safe = site(&[SAFE], "");
    let full = site(&[SAFE, "retain-full-dates"], "");
    let modified = site(&[SAFE, "retain-modified-dates"], "");
    for (vr, date) in [(Vr::DA, "20190301"), (Vr::DT, "20190301101500.25+0700")] {
        assert_eq!(kept(&safe, vr, date), None);
        assert_eq!(kept(&full, vr, date).as_deref(), Some(date));
        let moved = kept(&modified, vr, date).unwrap();
        let study = {
            let out = clean_with(&modified, &ct().file(Encoding::EXPLICIT_LE)).unwrap();
            value(&open(&out.bytes), 0x0008_0020).unwrap()
        };
        let days = calendar::moved("20190301", &study).unwrap();
        assert_ne!(days, 0);
        assert_eq!(calendar::moved(date, &moved), Some(days));
        for site in [&full, &modified] {
            assert_eq!(kept(site, vr, "Canary"), None);
        }
    }
    assert_eq!(kept(&safe, Vr::TM, "101500"), None);
    assert_eq!(kept(&full, Vr::TM, "101500").as_deref(), Some("101500"));
    assert_eq!(kept(&modified, Vr::TM, "101500").as_deref(), Some("101500"));

    let uids = site(&[SAFE, "retain-uids"], "");
    assert!(kept(&safe, Vr::UI, UID).unwrap().starts_with("2.25."));
    assert_eq!(kept(&uids, Vr::UI, UID).as_deref(), Some(UID));
    for site in [&safe, &uids] {
        assert_eq!(kept(site, Vr::UI, "1.2.Canary"), None);
        assert_eq!(
            kept(site, Vr::UI, "1.2.840.10008.1.2").as_deref(),
            Some("1.2.840.10008.1.2")
        );
    }

    // Names never, and nobody's values under whatever VR.
    let all = site(
        &[
            SAFE,
            "retain-uids",
            "retain-device-identity",
            "retain-institution-identity",
            "retain-patient-characteristics",
            "retain-full-dates",
        ],
        "",
    );
    for site in [&safe, &all] {
        assert_eq!(kept(site, Vr::PN, "Canary^Quill"), None);
        for vr in [Vr::LO, Vr::SH, Vr::LT, Vr::ST, Vr::UT, Vr::CS, Vr::UN] {
            assert_eq!(kept(site, vr, "QUILLFEATHER"), None, "{vr}");
            assert_eq!(kept(site, vr, "MRN-0815-42"), None, "{vr}");
        }
    }
    assert_eq!(kept(&safe, Vr::AS, "045Y"), None);
    assert_eq!(kept(&all, Vr::AS, "045Y").as_deref(), Some("045Y"));
    assert_eq!(kept(&all, Vr::AS, "095Y").as_deref(), Some("090Y"));
    assert_eq!(kept(&safe, Vr::AE, "QUILLSCU"), None);
    let title = kept(&all, Vr::AE, "QUILLSCU").unwrap();
    assert!(title != "QUILLSCU" && !title.is_empty());
    assert_eq!(kept(&safe, Vr::DS, "1.5 mm"), None);
    assert_eq!(kept(&safe, Vr::IS, "12").as_deref(), Some("12"));
}

#[test]
fn private_text_is_cleaned_when_descriptions_are() {
    let safe = site(&[SAFE], "");
    let cleaned = site(&[SAFE, "clean-descriptors"], "");
    for vr in [Vr::LO, Vr::SH, Vr::ST, Vr::LT, Vr::UT, Vr::UC] {
        let sentence = "THORAX Plume";
        assert_eq!(
            kept(&safe, vr, sentence),
            None,
            "nobody but its maker vouches for it"
        );
        assert_eq!(kept(&safe, vr, "THORAX").as_deref(), Some("THORAX"));
        assert_eq!(
            kept(&cleaned, vr, sentence).as_deref(),
            Some("THORAX"),
            "{vr}"
        );
        assert_eq!(kept(&cleaned, vr, "Canary Plume"), None);
        assert_eq!(kept(&cleaned, vr, "").as_deref(), Some(""));
    }
}

#[test]
fn in_implicit_vr_a_listed_element_has_the_vr_of_the_list() {
    let site = site(&[SAFE, "retain-modified-dates"], "");
    let file = ct()
        .with(creator(0x0099, 0x10, "NQHeader"))
        .with(text(0x0099_1001, Vr::UI, UID))
        .with(text(0x0099_1020, Vr::SH, "Quillfeather"))
        .with(creator(0x0019, 0x10, "GEMS_ACQU_01"))
        .with(text(0x0019_1023, Vr::DS, "Plume"));
    let out = clean_with(&site, &file.file(Encoding::IMPLICIT_LE)).unwrap();
    let object = open(&out.bytes);
    let uid = value_bytes(&object, 0x0099_1001).unwrap();
    assert!(uid.starts_with(b"2.25."));
    assert!(!has(&object, 0x0099_1020) && !has(&object, 0x0019_1023));
    assert!(!has(&object, Tag(0x0019_0010).0));
}

/// What a site's rule makes of a private element.
fn ruled(action: &str, node: Node, encoding: Encoding) -> InMemDicomObject {
    let rule = format!(
        "rules:\n  - {{id: acme, match: '(0009,{{ACME 1.0}},01)', {action}, because: agreed}}\n"
    );
    let file = ct()
        .with(creator(0x0009, 0x20, " acme 1.0"))
        .with(node)
        .with(text(0x0009_2002, Vr::LO, "Canary"));
    let out = clean_with(&site(&[], &rule), &file.file(encoding)).unwrap();
    assert!(!holds(&out.bytes, b"Canary"));
    open(&out.bytes)
}

#[test]
fn a_site_s_rule_on_a_private_element_does_what_it_says() {
    const AT: u32 = 0x0009_2001;
    for encoding in ENCODINGS {
        let ruled = |action: &str, vr: Vr, given: &str| {
            let object = ruled(action, text(AT, vr, given), encoding);
            assert_eq!(
                has(&object, AT),
                has(&object, 0x0009_0020) && has(&object, AT)
            );
            let bytes = value_bytes(&object, AT)?;
            Some(String::from_utf8_lossy(crate::golden::trimmed(&bytes)).into_owned())
        };
        assert_eq!(
            ruled("do: keep", Vr::LO, "2.5 mm").as_deref(),
            Some("2.5 mm")
        );
        assert_eq!(ruled("do: remove", Vr::LO, "2.5 mm"), None);
        assert_eq!(
            ruled("do: {set: X1}", Vr::LO, "Canary").as_deref(),
            Some("X1")
        );
        assert_eq!(
            ruled("do: pseudonym.patient", Vr::LO, "MRN-0815-42").map(|id| id.len()),
            Some(20)
        );
        if encoding.explicit {
            let moved = ruled("do: shift", Vr::DA, "20190301").unwrap();
            assert!(calendar::moved("20190301", &moved).is_some_and(|days| days != 0));
            assert!(ruled("do: uid", Vr::UI, UID).is_none_or(|uid| uid.starts_with("2.25.")));
        }
        for action in ["do: empty", "do: dummy", "do: clean"] {
            let left = ruled(action, Vr::LO, "Canary^Plume");
            assert!(left.is_none_or(|left| !left.contains("Plume")), "{action}");
        }
    }
}

#[test]
fn a_site_s_rule_keeps_a_private_sequence_and_what_is_in_it_is_looked_at() {
    let inside = [
        text(RESPONSIBLE_PERSON, Vr::PN, "Canary^Quill"),
        text(SLICE_THICKNESS, Vr::DS, "2.5"),
    ];
    for encoding in ENCODINGS {
        for vr in [Vr::SQ, Vr::UN] {
            let node = nested(0x0009_2001, vr, &[&inside], true);
            let object = ruled("do: keep", node.clone(), encoding);
            if vr == Vr::UN || !encoding.explicit {
                // The other reader takes it for bytes, which `ruled` has searched.
                assert!(value_bytes(&object, 0x0009_2001).is_some_and(|b| holds(&b, b"2.5")));
                continue;
            }
            let left = items(&object, 0x0009_2001);
            assert_eq!(left.len(), 1, "{encoding:?} {vr}");
            assert_eq!(left[0].iter().count(), 1);
            for action in ["do: empty", "do: dummy", "do: remove"] {
                ruled(action, node.clone(), encoding);
            }
        }
    }
}

#[test]
fn a_path_through_a_private_sequence_names_its_creator() {
    let rules = "rules:\n  \
        - {id: stack, match: '(0009,{ACME 1.0},01)', do: keep, because: agreed}\n  \
        - {id: inner, match: '(0009,{ACME 1.0},02)', do: keep, because: agreed}\n  \
        - {id: person, match: '(0009,{ACME 1.0},01)[*].ResponsiblePerson', do: {set: P1}, because: agreed}\n  \
        - {id: deep, match: '**.(0009,{ACME 1.0},02)[1].ResponsiblePerson', do: {set: P2}, because: agreed}\n";
    let site = site(&[], rules);
    let person = text(RESPONSIBLE_PERSON, Vr::PN, "Canary^Quill");
    for encoding in ENCODINGS {
        let both = [std::slice::from_ref(&person); 2];
        let inner = [
            creator(0x0009, 0x77, ACME),
            nested(0x0009_7702, Vr::SQ, &both, false),
            person.clone(),
        ];
        let file = ct()
            .with(creator(0x0009, 0x20, ACME))
            .with(nested(0x0009_2001, Vr::SQ, &[&inner], false))
            .with(creator(0x0009, 0x21, "OTHER"))
            .with(nested(0x0009_2101, Vr::SQ, &[&inner], false))
            .with(sequence(KEPT_SEQUENCE, &[std::slice::from_ref(&person)]));
        let out = clean_with(&site, &file.file(encoding)).unwrap();
        assert!(!holds(&out.bytes, b"Canary"));
        let object = open(&out.bytes);
        assert!(!has(&object, 0x0009_2101));
        let stack = items(&object, 0x0009_2001);
        assert_eq!(value(&stack[0], RESPONSIBLE_PERSON).as_deref(), Some("P1"));
        let deep = items(&stack[0], 0x0009_7702);
        assert_eq!(deep.len(), 2);
        assert_eq!(value(&deep[0], RESPONSIBLE_PERSON), None);
        assert_eq!(value(&deep[1], RESPONSIBLE_PERSON).as_deref(), Some("P2"));
    }
}
