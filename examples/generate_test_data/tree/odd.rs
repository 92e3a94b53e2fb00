//! `odd/`: files that break a rule of PS3.5 or PS3.10 as real exports do.

use super::File;
use super::bytes::{
    BE, DEFLATED, Data, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT, IMPLICIT_LE, JPEG_BASELINE, LE, RLE,
    UNDEFINED, deflate, explicit, meta, part10, prefix, uid,
};
use super::pixels::{jfif, jpeg, rle, segment, shape, sixteen_bit};
use super::studies::{BUDI, CR, cr, identity, nested, report};

pub(crate) fn files() -> Vec<File> {
    let mut files = framing();
    files.extend(structure());
    files.extend(endings());
    files.extend(encapsulated());
    files.extend(refused());
    files
}

/// Rows and columns of most files here.
const SIDE: u16 = 64;

/// Bytes of their pixels.
const BYTES: usize = SIDE as usize * SIDE as usize * 2;

/// The small CR that most files here are made from; `name` gives it its own SOP Instance UID.
fn image(name: &str) -> Data {
    cr().with(sixteen_bit(SIDE, 21))
        .put(0x0008_0018, "UI", uid(name))
}

/// Preamble, File Meta and transfer syntax.
fn framing() -> Vec<File> {
    let encoded = |name: &str| LE.encode(&image(name));
    let mut no_preamble = part10(&image("no-preamble"), EXPLICIT_LE, &encoded("no-preamble"));
    no_preamble.drain(..132);

    let data = image("no-group-length");
    let mut no_group_length = prefix(&[]);
    no_group_length.truncate(132);
    no_group_length.extend(meta(&data, EXPLICIT_LE));
    no_group_length.extend(LE.encode(&data));

    let mut wrong_group_length = explicit(&image("wrong-group-length"));
    wrong_group_length[140..144].copy_from_slice(&7u32.to_le_bytes());

    let data = image("no-transfer-syntax");
    let without =
        Data::new()
            .put(0x0002_0002, "UI", CR)
            .put(0x0002_0003, "UI", data.bytes(0x0008_0018));
    let mut no_syntax = prefix(&LE.encode(&without));
    no_syntax.extend(LE.encode(&data));

    let mut tiff = explicit(&image("tiff-preamble"));
    tiff[..8].copy_from_slice(b"II*\0\x10\0\0\0");
    tiff[16..42].copy_from_slice(b"Santoso Budi 1971 RM003171");

    let data = image("implicit");
    let implicit = part10(&data, IMPLICIT_LE, &IMPLICIT.encode(&data));
    let data = image("big-endian");
    let big_endian = part10(&data, EXPLICIT_BE, &BE.encode(&data));
    let data = image("deflated");
    let deflated = part10(&data, DEFLATED, &deflate(&LE.encode(&data), 0));
    let data = image("mislabelled-implicit");
    let mislabelled = part10(&data, EXPLICIT_LE, &IMPLICIT.encode(&data));

    vec![
        File::written("odd/no-preamble.dcm", no_preamble),
        File::written("odd/no-meta-explicit.dcm", encoded("no-meta-explicit")),
        File::written(
            "odd/no-meta-implicit.dcm",
            IMPLICIT.encode(&image("no-meta-implicit")),
        ),
        File::written(
            "odd/no-meta-big-endian.dcm",
            BE.encode(&image("no-meta-big-endian")),
        ),
        File::written("odd/meta-no-group-length.dcm", no_group_length),
        File::written("odd/meta-wrong-group-length.dcm", wrong_group_length),
        File::written("odd/meta-no-transfer-syntax.dcm", no_syntax),
        File::written("odd/tiff-preamble.dcm", tiff),
        File::written("odd/implicit.dcm", implicit),
        File::written("odd/big-endian.dcm", big_endian),
        File::written("odd/deflated.dcm", deflated),
        File::new(
            "odd/implicit-labelled-explicit.dcm",
            mislabelled,
            "written|quarantined",
            "",
        ),
    ]
}

/// Sequences, lengths and VRs.
fn structure() -> Vec<File> {
    let deep = |name: &str| nested().put(0x0008_0018, "UI", uid(name));
    let undefined = |name: &str, syntax, layout: super::bytes::Layout| {
        let data = deep(name);
        part10(&data, syntax, &layout.undefined().encode(&data))
    };

    // (0008,1140) as UN: the content is Implicit VR Little Endian whatever the file is (PS3.5 6.2.2).
    let item = Data::new().put(0x0008_1155, "UI", uid("referenced")).put(
        0x0010_0010,
        "PN",
        "Santoso^Budi^^Tn.",
    );
    let item_bytes = IMPLICIT.raw(0xFFFE_E000, "", &IMPLICIT.encode(&item));
    let closed = [item_bytes.clone(), IMPLICIT.header(0xFFFE_E0DD, "", 0)].concat();
    let un = |name: &str, tag: u32, undefined: bool| {
        let data = image(name)
            .without(0x0028_0301)
            .put(0x0009_0010, "LO", "FICTIONAL BLOCK");
        let element = if undefined {
            [LE.header(tag, "UN", UNDEFINED), closed.clone()].concat()
        } else {
            LE.raw(tag, "UN", &item_bytes)
        };
        part10(&data, EXPLICIT_LE, &spliced(&data, tag, &element))
    };

    let data = image("odd-lengths");
    let odd_name = LE.raw(0x0010_0010, "PN", b"Santoso^Budi^^Tn.");
    let odd_id = LE.raw(0x0010_0020, "LO", b"RM00317");
    let stripped = data.clone().without(0x0010_0010).without(0x0010_0020);
    let odd_lengths = part10(
        &data,
        EXPLICIT_LE,
        &spliced(&stripped, 0x0010_0010, &[odd_name, odd_id].concat()),
    );

    let wrong_vr = image("wrong-vr")
        .put(0x0010_0010, "LO", "Santoso^Budi^^Tn.")
        .put(0x0010_0020, "UN", "RM003171")
        .put(0x0010_0030, "LO", "31 May 1971")
        .put(0x0008_0020, "SH", "2024.03.14")
        .put(0x0020_000D, "LO", uid("study of the wrong VR"))
        .u16(0x0028_0010, "SS", &[SIDE]);

    let group_lengths =
        image("group-lengths")
            .u32(0x0008_0000, "UL", 4)
            .u32(0x0010_0000, "UL", 70_000);

    let unordered = image("unordered");
    let late = LE.raw(0x0010_4000, "LT", b"Tn. Budi, RM003171");
    let unordered = part10(
        &unordered,
        EXPLICIT_LE,
        &spliced(&unordered, 0x0028_0011, &late),
    );
    let twice = image("twice");
    let again = LE.raw(0x0010_0010, "PN", b"Santoso^Budi^Satu ");
    let twice = part10(&twice, EXPLICIT_LE, &spliced(&twice, 0x0010_0020, &again));

    // As deep as samar reads by default.
    let mut deep_item = Data::new().put(0x0010_0010, "PN", "Santoso^Budi^^Tn.");
    for _ in 0..63 {
        deep_item = Data::new().seq(0x0040_A730, &[deep_item]);
    }
    let depth_64 = image("depth-64").seq(0x0008_1140, &[deep_item]);

    vec![
        File::written("odd/depth-64.dcm", explicit(&depth_64)),
        File::written(
            "odd/undefined-explicit.dcm",
            undefined("undefined-explicit", EXPLICIT_LE, LE),
        ),
        File::written(
            "odd/undefined-implicit.dcm",
            undefined("undefined-implicit", IMPLICIT_LE, IMPLICIT),
        ),
        File::written(
            "odd/undefined-big-endian.dcm",
            undefined("undefined-big-endian", EXPLICIT_BE, BE),
        ),
        File::written(
            "odd/un-sequence-undefined.dcm",
            un("un-sequence-undefined", 0x0008_1140, true),
        ),
        File::written(
            "odd/un-sequence-defined.dcm",
            un("un-sequence-defined", 0x0008_1140, false),
        ),
        File::written(
            "odd/un-sequence-private.dcm",
            un("un-sequence-private", 0x0009_1003, true),
        ),
        File::written("odd/odd-lengths.dcm", odd_lengths),
        File::written("odd/wrong-vr.dcm", explicit(&wrong_vr)),
        File::written("odd/group-lengths.dcm", explicit(&group_lengths)),
        File::new("odd/unordered.dcm", unordered, "written|quarantined", ""),
        File::new("odd/twice.dcm", twice, "written|quarantined", ""),
    ]
}

/// The data set with `element` put in front of the first element above `tag`.
fn spliced(data: &Data, tag: u32, element: &[u8]) -> Vec<u8> {
    let (low, high) = data.clone().split(tag);
    [LE.encode(&low), element.to_vec(), LE.encode(&high)].concat()
}

/// How a file ends.
fn endings() -> Vec<File> {
    let data = report().put(0x0008_0018, "UI", uid("missing-delimiter"));
    let mut missing = part10(&data, EXPLICIT_LE, &LE.undefined().encode(&data));
    missing.truncate(missing.len() - 8);

    let padded = |name: &str| explicit(&image(name).put(0xFFFC_FFFC, "OB", b"Santoso Budi    "));
    let with_tail = |name: &str, tail: &[u8]| [explicit(&image(name)), tail.to_vec()].concat();

    let unused = image("unused-pixel-bytes").put(
        0x7FE0_0010,
        "OW",
        [vec![1; BYTES], b"Santoso^Budi RM003171 ".to_vec()].concat(),
    );

    let mut short = explicit(&image("truncated-pixels"));
    short.truncate(short.len() - 100);
    let whole = explicit(&image("truncated-header"));
    let truncated_header = whole[..whole.len() - BYTES - 60].to_vec();
    let data = report().put(0x0008_0018, "UI", uid("truncated-sequence"));
    let mut truncated_sequence = part10(&data, EXPLICIT_LE, &LE.encode(&data));
    truncated_sequence.truncate(truncated_sequence.len() - 11);

    vec![
        File::written("odd/missing-sequence-delimiter.dcm", missing),
        File::written("odd/trailing-padding.dcm", padded("trailing-padding")),
        File::written(
            "odd/trailing-zeros.dcm",
            with_tail("trailing-zeros", &[0; 64]),
        ),
        File::new(
            "odd/trailing-garbage.dcm",
            with_tail(
                "trailing-garbage",
                b"\nSantoso, Budi; RM003171; +62 22 555 0171\n",
            ),
            "written|quarantined",
            "",
        ),
        File::written("odd/unused-pixel-bytes.dcm", explicit(&unused)),
        File::quarantined("odd/truncated-pixels.dcm", short, "truncated"),
        File::quarantined("odd/truncated-header.dcm", truncated_header, "truncated"),
        File::quarantined(
            "odd/truncated-sequence.dcm",
            truncated_sequence,
            "truncated",
        ),
        File::new("odd/empty.dcm", Vec::new(), "not-dicom", ""),
        File::new(
            "odd/132-bytes.dcm",
            prefix(&[])[..132].to_vec(),
            "not-dicom|quarantined",
            "",
        ),
        File::new("odd/131-zeros.dcm", vec![0; 131], "not-dicom", ""),
    ]
}

/// Compressed images.
fn encapsulated() -> Vec<File> {
    let compressed = |name: &str, module: Data, syntax, frame: Vec<u8>| {
        let data = cr()
            .with(module)
            .put(0x0008_0018, "UI", uid(name))
            .fragments(0x7FE0_0010, &[frame]);
        part10(&data, syntax, &LE.encode(&data))
    };
    let jpeg_file = |name: &str, segments: &[Vec<u8>]| {
        let module = shape(32, 8, 8)
            .put(0x0028_2110, "CS", "01")
            .put(0x0028_2112, "DS", "10")
            .put(0x0028_2114, "CS", "ISO_10918_1");
        compressed(name, module, JPEG_BASELINE, jpeg(32, segments))
    };
    let exif = segment(
        0xE1,
        b"Exif\0\0II*\0\x08\0\0\0\0\0Budi Santoso, RSUD Contoh",
    );
    let comment = segment(0xFE, b"Santoso^Budi RM003171");
    vec![
        File::written("odd/jpeg-jfif.dcm", jpeg_file("jpeg-jfif", &[jfif()])),
        File::written("odd/jpeg-bare.dcm", jpeg_file("jpeg-bare", &[])),
        File::written("odd/jpeg-exif.dcm", jpeg_file("jpeg-exif", &[jfif(), exif])),
        File::written(
            "odd/jpeg-comment.dcm",
            jpeg_file("jpeg-comment", &[jfif(), comment]),
        ),
        File::written(
            "odd/rle.dcm",
            compressed("rle", shape(32, 16, 12), RLE, rle(32 * 32, 0x0123)),
        ),
    ]
}

/// Sound files that the Basic Profile withholds.
fn refused() -> Vec<File> {
    let class =
        |name: &str, sop_class: &str| explicit(&image(name).put(0x0008_0016, "UI", sop_class));
    let burned = image("burned-in").put(0x0028_0301, "CS", "YES");
    let pdf = identity(&BUDI, "pdf", "1.2.840.10008.5.1.4.1.1.104.1", "DOC")
        .put(0x0020_0013, "IS", "1")
        .put(0x0028_0301, "CS", "YES")
        .put(0x0042_0010, "ST", "Surat Tn. Budi Santoso")
        .put(0x0042_0011, "OB", b"%PDF-1.4 Santoso Budi RM003171 %%EOF")
        .put(0x0042_0012, "LO", "application/pdf");
    let small = cr()
        .with(sixteen_bit(16, 21))
        .put(0x0008_0018, "UI", uid("small-picture"));
    vec![
        File::quarantined(
            "odd/small-picture.dcm",
            explicit(&small),
            "text-implausible",
        ),
        File::quarantined(
            "odd/burned-in-yes.dcm",
            explicit(&burned),
            "burned-in-annotation",
        ),
        File::quarantined(
            "odd/encapsulated-pdf.dcm",
            explicit(&pdf),
            "encapsulated|document|burned-in-annotation",
        ),
        File::quarantined(
            "odd/private-sop-class.dcm",
            class("private-sop-class", "1.2.826.0.1.3680043.9.9999.1"),
            "sop-class",
        ),
        File::quarantined(
            "odd/unknown-sop-class.dcm",
            class("unknown-sop-class", "1.2.840.10008.5.1.4.1.1.999.9"),
            "sop-class",
        ),
        File::quarantined(
            "odd/no-sop-class.dcm",
            explicit(&image("no-sop-class").without(0x0008_0016)),
            "sop-class",
        ),
    ]
}
