//! Random data sets: nested, private, of every VR, with and without lengths.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use samar::dicom::{Encoding, Tag, Vr};

use crate::build::{DataSet, Item, Node, Value};

/// Public sequences, so that implicit encodings know them.
const SEQUENCES: [u32; 6] = [
    0x0008_1115,
    0x0008_1140,
    0x0008_2218,
    0x0028_3010,
    0x0040_0275,
    0x0040_A730,
];

pub(crate) fn encoding() -> impl Strategy<Value = Encoding> {
    prop_oneof![
        Just(Encoding::EXPLICIT_LE),
        Just(Encoding::IMPLICIT_LE),
        Just(Encoding::EXPLICIT_BE),
    ]
}

fn vr() -> impl Strategy<Value = Vr> {
    // SQ and what may hide a sequence have strategies of their own.
    let plain: Vec<Vr> = Vr::ALL.iter().copied().filter(|vr| *vr != Vr::SQ).collect();
    proptest::sample::select(plain)
}

/// Tags of elements that hold values: public known and unknown, private with and without creator.
fn plain_tag() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => proptest::sample::select(vec![
            0x0008_0005, 0x0008_0020, 0x0008_0060, 0x0008_0070, 0x0008_0090, 0x0010_0010, 0x0010_0020, 0x0010_4000,
            0x0018_0050, 0x0018_1030, 0x0020_0013, 0x0028_0010, 0x0040_A123, 0x0040_A160, 0x0054_0081,
        ]),
        1 => 0x0018_F000u32..0x0018_F0FF,
        1 => (0x0009u32..0x0060, 0x0010u32..0x1100)
            .prop_map(|(group, element)| (group | 1) << 16 | element),
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => vec(any::<u8>(), 0..40),
        2 => vec(0x20u8..0x7F, 0..40),
        1 => (300usize..3000, any::<u8>()).prop_map(|(len, byte)| vec![byte; len]),
    ]
}

fn leaf() -> impl Strategy<Value = Node> {
    (plain_tag(), vr(), bytes()).prop_map(|(tag, vr, bytes)| Node {
        tag: Tag(tag),
        vr,
        value: Value::Raw(bytes),
    })
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(5, 60, 5, |inner| {
        let item = (vec(inner, 0..5), any::<bool>()).prop_map(|(nodes, defined)| Item {
            nodes: in_order(nodes),
            defined,
        });
        let tag = proptest::sample::select(SEQUENCES.to_vec());
        (tag, vec(item, 0..4), any::<bool>(), 0..8u8).prop_map(|(tag, items, defined, un)| Node {
            tag: Tag(tag),
            // A sequence under UN needs eight bytes to be known for one.
            vr: if un == 0 && !(defined && items.is_empty()) {
                Vr::UN
            } else {
                Vr::SQ
            },
            value: Value::Items { items, defined },
        })
    })
}

fn in_order(nodes: Vec<Node>) -> Vec<Node> {
    nodes.into_iter().fold(DataSet::default(), DataSet::with).0
}

/// A data set that begins with a SOP Class UID, now and then with a value too large to be held in memory.
pub(crate) fn dataset() -> impl Strategy<Value = DataSet> {
    let large = proptest::option::weighted(0.1, 66_000usize..400_000);
    (vec(node(), 0..12), large).prop_map(|(nodes, large)| {
        let class = crate::build::text(0x0008_0000 | 0x16, Vr::UI, crate::build::CT);
        let mut set = nodes
            .into_iter()
            .fold(DataSet::default(), DataSet::with)
            .with(class);
        set.0.retain(|node| node.tag >= Tag(0x0008_0016));
        if let Some(len) = large {
            let bytes: Vec<u8> = (0..len).map(|n| (n % 253) as u8).collect();
            set = set.with(crate::build::raw(0x7FE0_0010, Vr::OW, &bytes));
        }
        set
    })
}

/// Positions, each with something to do there.
pub(crate) fn choices() -> impl Strategy<Value = Vec<(usize, Option<Vec<u8>>)>> {
    btree_map(
        0usize..80,
        proptest::option::of(vec(any::<u8>(), 0..50)),
        0..12,
    )
    .prop_map(|map| map.into_iter().collect())
}
