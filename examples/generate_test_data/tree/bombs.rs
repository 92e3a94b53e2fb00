//! `bombs/`: small files that claim or hide much. Each must end quickly, in little memory, unwritten.

use super::File;
use super::bytes::{
    DEFLATED, Data, EXPLICIT_LE, IMPLICIT, IMPLICIT_LE, LE, Layout, UNDEFINED, deflate, explicit,
    part10,
};
use super::pixels::{rle, shape};
use super::studies::cr;

/// Tag and VR of the elements that claim four gigabytes (64 kB where the VR's length has 16 bits).
const CLAIMS: [(u32, &str); 7] = [
    (0x0008_0119, "UC"),
    (0x0010_0010, "PN"),
    (0x0040_A160, "UT"),
    (0x0040_A730, "SQ"),
    (0x0042_0011, "OB"),
    (0x5400_1010, "OW"),
    (0x0040_0010, "UN"),
];

pub(crate) fn small() -> Vec<File> {
    let mut files = claims();
    for depth in [65, 1_000] {
        files.extend(depths(depth));
    }
    // 40 MiB of zeros: 1000 to 1, small enough to sit here.
    files.push(File::quarantined(
        "bombs/deflate-1000-to-1.dcm",
        deflated_zeros(40 << 20),
        "inflat|deflat",
    ));
    files.extend(frames());
    files
}

pub(crate) fn large() -> Vec<File> {
    let mut files = depths(100_000);
    files.push(File::quarantined(
        "bombs/deflate-2-gib.dcm",
        deflated_zeros(2 << 30),
        "inflat|deflat",
    ));
    let mut elements = LE.encode(&Data::new().put(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1"));
    for n in 0..9_000_000u32 {
        elements.extend(LE.header(0x0010_4000 + (n >> 14 << 17) + (n & 0x3FFF), "LT", 0));
    }
    files.push(File::quarantined(
        "bombs/elements-9-million.dcm",
        part10(&cr(), EXPLICIT_LE, &elements),
        "max-elements",
    ));
    let items: Vec<u8> = LE.header(0xFFFE_E000, "", 0).repeat(9_000_000);
    let data = LE.encode(&cr());
    let sequence = LE.raw(0x0040_A730, "SQ", &items);
    files.push(File::quarantined(
        "bombs/items-9-million.dcm",
        part10(&cr(), EXPLICIT_LE, &[data, sequence].concat()),
        "max-elements",
    ));
    files
}

fn wrapped(layout: Layout, data: &Data, tail: &[u8]) -> Vec<u8> {
    let syntax = if layout.explicit {
        EXPLICIT_LE
    } else {
        IMPLICIT_LE
    };
    part10(data, syntax, &[&layout.encode(data), tail].concat())
}

/// Lengths far beyond the end of the file: at the top, in an item of defined length, in one of undefined length.
fn claims() -> Vec<File> {
    let mut files = Vec::new();
    let bare = Data::new()
        .put(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.1")
        .put(0x0008_0018, "UI", "2.25.1");
    for (name, layout) in [("explicit", LE), ("implicit", IMPLICIT)] {
        for (tag, vr) in CLAIMS {
            let mut claim = layout.header(tag, vr, 0xFFFF_FFFE);
            claim.extend(b"Budi");
            let item = layout.raw(0xFFFE_E000, "", &claim);
            let nested = layout.raw(0x0008_1140, "SQ", &item);
            let open = [
                layout.header(0x0008_1140, "SQ", UNDEFINED),
                layout.header(0xFFFE_E000, "", UNDEFINED),
                claim.clone(),
            ]
            .concat();
            for (place, tail) in [("top", claim), ("nested", nested), ("undefined", open)] {
                files.push(File::quarantined(
                    &format!("bombs/claim-{vr}-{name}-{place}.dcm"),
                    wrapped(layout, &bare, &tail),
                    "truncated|length|malformed",
                ));
            }
        }
    }
    files
}

/// Sequences in sequences: closed by delimiters, of defined length, as UN, and never closed.
fn depths(depth: usize) -> Vec<File> {
    let open = |layout: Layout, vr| {
        [
            layout.header(0x0040_A730, vr, UNDEFINED),
            layout.header(0xFFFE_E000, "", UNDEFINED),
        ]
        .concat()
    };
    let close = [LE.header(0xFFFE_E00D, "", 0), LE.header(0xFFFE_E0DD, "", 0)].concat();
    let undefined = [open(LE, "SQ").repeat(depth), close.repeat(depth)].concat();
    let implicit = [open(IMPLICIT, "SQ").repeat(depth), close.repeat(depth)].concat();
    // The first UN switches to Implicit VR Little Endian for all that it holds.
    let un = [
        open(LE, "UN"),
        open(IMPLICIT, "UN").repeat(depth - 1),
        close.repeat(depth),
    ]
    .concat();
    let unclosed = open(LE, "SQ").repeat(depth);
    // Outermost first: each level's length is known from how many levels it holds (12 + 8 bytes each).
    let defined: Vec<u8> = (0..depth)
        .flat_map(|level| {
            let inner = (depth - level - 1) as u32 * 20;
            [
                LE.header(0x0040_A730, "SQ", inner + 8),
                LE.header(0xFFFE_E000, "", inner),
            ]
            .concat()
        })
        .collect();
    [
        ("undefined", LE, undefined),
        ("implicit", IMPLICIT, implicit),
        ("un", LE, un),
        ("unclosed", LE, unclosed),
        ("defined", LE, defined),
    ]
    .into_iter()
    .map(|(name, layout, tail)| {
        File::quarantined(
            &format!("bombs/depth-{depth}-{name}.dcm"),
            wrapped(layout, &cr(), &tail),
            "depth|nest|deep",
        )
    })
    .collect()
}

/// A sound data set but for one value of `zeros` zero bytes, deflated.
fn deflated_zeros(zeros: usize) -> Vec<u8> {
    let data = cr();
    let mut encoded = LE.encode(&data);
    encoded.extend(LE.header(0x7FE0_0010, "OB", zeros as u32));
    part10(&data, DEFLATED, &deflate(&encoded, zeros))
}

/// Rows x Columns x Frames far beyond the pixel data.
fn frames() -> Vec<File> {
    let huge = |frames: &str| {
        cr().with(shape(0xFFFF, 16, 16))
            .put(0x0028_0008, "IS", frames)
    };
    let native = huge("2147483647").put(0x7FE0_0010, "OW", [0; 64]);
    let negative = huge("-1").put(0x7FE0_0010, "OW", [0; 64]);
    let encapsulated = huge("2147483647").fragments(0x7FE0_0010, &[rle(64, 1)]);
    let reason = "pixel|frame|truncated";
    vec![
        File::quarantined("bombs/frames-native.dcm", explicit(&native), reason),
        File::quarantined("bombs/frames-negative.dcm", explicit(&negative), reason),
        File::quarantined(
            "bombs/frames-rle.dcm",
            part10(&encapsulated, super::bytes::RLE, &LE.encode(&encapsulated)),
            reason,
        ),
    ]
}
