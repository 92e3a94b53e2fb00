//! Frames built byte by byte, and what is expected of them.

use std::io;

use samar::pixel::{Family, Finding, Geometry, inspect};

pub(crate) const SMALL: Geometry = Geometry {
    rows: 16,
    columns: 24,
    samples: 1,
    bits_allocated: 8,
    frames: 1,
    subsampled: false,
};

pub(crate) fn look(family: Family, geometry: &Geometry, bytes: &[u8]) -> Finding {
    let mut read = |offset: u64, buffer: &mut [u8]| -> io::Result<usize> {
        let rest = bytes.get(offset as usize..).unwrap_or(&[]);
        // Short reads are allowed, and happen here every time.
        let n = rest.len().min(buffer.len()).min(1000);
        buffer[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    };
    inspect(family, geometry, bytes.len() as u64, &mut read).expect("memory can be read")
}

pub(crate) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &len[..], body].concat()
}

/// A baseline frame in one scan; `extra` stands in front of the frame header.
pub(crate) fn jpeg(extra: &[u8]) -> Vec<u8> {
    let mut quantization = vec![0];
    quantization.extend([16; 64]);
    let mut huffman = vec![0, 1];
    huffman.extend([0; 15]);
    huffman.push(5);
    [
        &[0xFF, 0xD8][..],
        extra,
        &segment(0xDB, &quantization),
        &segment(0xC4, &huffman),
        &segment(0xC0, &[8, 0, 16, 0, 24, 1, 1, 0x11, 0]),
        &segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        &[0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56],
        &[0xFF, 0xD9],
    ]
    .concat()
}

pub(crate) fn jpeg_ls(extra: &[u8]) -> Vec<u8> {
    [
        &[0xFF, 0xD8][..],
        extra,
        &segment(0xF7, &[8, 0, 16, 0, 24, 1, 1, 0x11, 0]),
        &segment(0xDA, &[1, 1, 0, 0, 0, 0]),
        &[0x12, 0xFF, 0x7F, 0x34],
        &[0xFF, 0xD9],
    ]
    .concat()
}

pub(crate) fn siz() -> Vec<u8> {
    let mut body = vec![0, 0];
    for word in [24u32, 16, 0, 0, 24, 16, 0, 0] {
        body.extend(word.to_be_bytes());
    }
    body.extend([0, 1, 7, 1, 1]);
    segment(0x51, &body)
}

pub(crate) fn com(registration: u16, text: &[u8]) -> Vec<u8> {
    segment(0x64, &[&registration.to_be_bytes()[..], text].concat())
}

pub(crate) fn tile_part(header: &[u8], packets: &[u8]) -> Vec<u8> {
    let len = (12 + header.len() + 2 + packets.len()) as u32;
    let sot = [&[0, 0][..], &len.to_be_bytes(), &[0, 1]].concat();
    [&segment(0x90, &sot)[..], header, &[0xFF, 0x93], packets].concat()
}

pub(crate) fn j2k(main: &[u8], tile: &[u8]) -> Vec<u8> {
    [
        &[0xFF, 0x4F][..],
        &siz(),
        &segment(0x52, &[0; 10]),
        &segment(0x5C, &[0x40, 0x40]),
        main,
        &tile_part(tile, &[1, 2, 3, 4]),
        &[0xFF, 0xD9],
    ]
    .concat()
}

pub(crate) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

pub(crate) fn jp2(extra: &[u8]) -> Vec<u8> {
    let ihdr = boxed(b"ihdr", &[0, 0, 0, 16, 0, 0, 0, 24, 0, 1, 7, 7, 0, 0]);
    let colr = boxed(b"colr", &[1, 0, 0, 0, 0, 0, 17]);
    [
        &boxed(b"jP  ", b"\r\n\x87\n")[..],
        &boxed(b"ftyp", b"jp2 \0\0\0\0jp2 "),
        &boxed(b"jp2h", &[ihdr, colr].concat()),
        extra,
        &boxed(b"jp2c", &j2k(&[], &[])),
    ]
    .concat()
}

/// Bits, least significant first.
pub(crate) fn bits(fields: &[(u64, u32)]) -> Vec<u8> {
    let flat = fields
        .iter()
        .flat_map(|&(value, n)| (0..n).map(move |i| value >> i & 1 == 1));
    let flat: Vec<bool> = flat.collect();
    let byte = |chunk: &[bool]| {
        chunk
            .iter()
            .enumerate()
            .fold(0, |b, (i, &on)| b | u8::from(on) << i)
    };
    flat.chunks(8).map(byte).collect()
}

/// 16 rows, ratio 3:2, so 24 columns; then `metadata`.
pub(crate) fn jxl(metadata: &[(u64, u32)]) -> Vec<u8> {
    let size = [(1, 1), (1, 5), (4, 3)];
    let header = bits(&[&size[..], metadata].concat());
    [&[0xFF, 0x0A][..], &header, &[0x55; 40]].concat()
}

/// Eight-bit grey: no defaults, no extra fields, integer depth 8, no extra channel, no XYB, colour space grey.
pub(crate) const GREY: [(u64, u32); 9] = [
    (0, 1),
    (0, 1),
    (0, 1),
    (0, 2),
    (1, 1),
    (0, 2),
    (0, 1),
    (0, 2),
    (1, 2),
];

pub(crate) fn jxl_container(boxes: &[u8]) -> Vec<u8> {
    let head = [
        boxed(b"JXL ", b"\r\n\x87\n"),
        boxed(b"ftyp", b"jxl \0\0\0\0jxl "),
    ]
    .concat();
    [&head[..], boxes].concat()
}

/// One plane of 16 x 24 bytes: three runs of 128.
pub(crate) fn rle() -> Vec<u8> {
    let mut frame = vec![0; 64];
    frame[0] = 1;
    frame[4] = 64;
    frame.extend([129, 7, 129, 8, 129, 9]);
    frame
}

pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

#[track_caller]
pub(crate) fn clean(family: Family, bytes: &[u8]) {
    assert_eq!(look(family, &SMALL, bytes), Finding::Clean);
}

#[track_caller]
pub(crate) fn foreign(family: Family, bytes: &[u8], kind: &str) {
    match look(family, &SMALL, bytes) {
        Finding::Foreign(found) => assert_eq!(found, kind),
        other => panic!("expected foreign `{kind}`, found {other:?}"),
    }
}

#[track_caller]
pub(crate) fn malformed(family: Family, bytes: &[u8], kind: &str) {
    match look(family, &SMALL, bytes) {
        Finding::Malformed(found) => assert_eq!(found, kind),
        other => panic!("expected malformed `{kind}`, found {other:?}"),
    }
}

/// No prefix of a clean frame but the whole one is clean: what is cut cannot be vouched for.
#[track_caller]
pub(crate) fn no_prefix_is_clean(family: Family, bytes: &[u8]) {
    clean(family, bytes);
    for len in 0..bytes.len() {
        let found = look(family, &SMALL, &bytes[..len]);
        assert_ne!(
            found,
            Finding::Clean,
            "first {len} of {} bytes",
            bytes.len()
        );
    }
}
