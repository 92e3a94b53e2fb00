//! A small DICOM writer that can also write what no sound writer would.
//!
//! It stands apart from the readers under test on purpose: a file that one library writes and reads back proves little.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};

pub(crate) const UNDEFINED: u32 = u32::MAX;
pub(crate) const IMPLICIT_LE: &str = "1.2.840.10008.1.2";
pub(crate) const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";
pub(crate) const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
pub(crate) const EXPLICIT_BE: &str = "1.2.840.10008.1.2.2";
pub(crate) const JPEG_BASELINE: &str = "1.2.840.10008.1.2.4.50";
pub(crate) const RLE: &str = "1.2.840.10008.1.2.5";

/// How a data set is laid out.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) explicit: bool,
    pub(crate) big_endian: bool,
    /// Sequences and items of undefined length, closed by delimiters.
    pub(crate) undefined: bool,
}

pub(crate) const LE: Layout = Layout {
    explicit: true,
    big_endian: false,
    undefined: false,
};
pub(crate) const BE: Layout = Layout {
    big_endian: true,
    ..LE
};
pub(crate) const IMPLICIT: Layout = Layout {
    explicit: false,
    ..LE
};

impl Layout {
    pub(crate) const fn undefined(self) -> Layout {
        Layout {
            undefined: true,
            ..self
        }
    }

    fn u16(self, value: u16) -> [u8; 2] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn u32(self, value: u32) -> [u8; 4] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    /// Tag, VR and length, exactly as asked; `length` need not be true.
    pub(crate) fn header(self, tag: u32, vr: &str, length: u32) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(self.u16((tag >> 16) as u16));
        out.extend(self.u16(tag as u16));
        if !self.explicit || tag >> 16 == 0xFFFE {
            out.extend(self.u32(length));
        } else if is_long(vr) {
            out.extend(vr.bytes());
            out.extend([0, 0]);
            out.extend(self.u32(length));
        } else {
            out.extend(vr.bytes());
            out.extend(self.u16(length as u16));
        }
        out
    }

    /// One element with a true length and no padding.
    pub(crate) fn raw(self, tag: u32, vr: &str, value: &[u8]) -> Vec<u8> {
        let mut out = self.header(tag, vr, value.len() as u32);
        out.extend(value);
        out
    }

    /// The whole data set in tag order.
    pub(crate) fn encode(self, data: &Data) -> Vec<u8> {
        let mut out = Vec::new();
        for (&tag, (vr, value)) in &data.0 {
            match value {
                Value::Bytes(bytes) => out.extend(self.raw(tag, vr, &padded(vr, bytes))),
                Value::U16(values) => {
                    let bytes: Vec<u8> = values.iter().flat_map(|v| self.u16(*v)).collect();
                    out.extend(self.raw(tag, vr, &bytes));
                }
                Value::U32(value) => out.extend(self.raw(tag, vr, &self.u32(*value))),
                Value::Items(items) => out.extend(self.sequence(tag, vr, items)),
                Value::Fragments(fragments) => {
                    out.extend(self.header(tag, vr, UNDEFINED));
                    out.extend(self.raw(0xFFFE_E000, "", &[]));
                    for fragment in fragments {
                        out.extend(self.raw(0xFFFE_E000, "", &padded("OB", fragment)));
                    }
                    out.extend(self.header(0xFFFE_E0DD, "", 0));
                }
            }
        }
        out
    }

    fn sequence(self, tag: u32, vr: &str, items: &[Data]) -> Vec<u8> {
        let mut body = Vec::new();
        for item in items {
            let bytes = self.encode(item);
            if self.undefined {
                body.extend(self.header(0xFFFE_E000, "", UNDEFINED));
                body.extend(bytes);
                body.extend(self.header(0xFFFE_E00D, "", 0));
            } else {
                body.extend(self.raw(0xFFFE_E000, "", &bytes));
            }
        }
        if self.undefined {
            let mut out = self.header(tag, vr, UNDEFINED);
            out.extend(body);
            out.extend(self.header(0xFFFE_E0DD, "", 0));
            out
        } else {
            self.raw(tag, vr, &body)
        }
    }
}

fn is_long(vr: &str) -> bool {
    matches!(
        vr,
        "OB" | "OD" | "OF" | "OL" | "OV" | "OW" | "SQ" | "SV" | "UC" | "UN" | "UR" | "UT" | "UV"
    )
}

fn padded(vr: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if out.len() % 2 == 1 {
        let binary = matches!(vr, "UI" | "OB" | "UN" | "OW");
        out.push(if binary { 0 } else { b' ' });
    }
    out
}

#[derive(Clone)]
enum Value {
    Bytes(Vec<u8>),
    U16(Vec<u16>),
    U32(u32),
    Items(Vec<Data>),
    Fragments(Vec<Vec<u8>>),
}

/// A data set, kept in tag order.
#[derive(Clone, Default)]
pub(crate) struct Data(BTreeMap<u32, (&'static str, Value)>);

impl Data {
    pub(crate) fn new() -> Data {
        Data::default()
    }

    /// A value of text in any charset, or of bytes.
    pub(crate) fn put(mut self, tag: u32, vr: &'static str, value: impl AsRef<[u8]>) -> Data {
        self.0
            .insert(tag, (vr, Value::Bytes(value.as_ref().to_vec())));
        self
    }

    pub(crate) fn u16(mut self, tag: u32, vr: &'static str, values: &[u16]) -> Data {
        self.0.insert(tag, (vr, Value::U16(values.to_vec())));
        self
    }

    pub(crate) fn u32(mut self, tag: u32, vr: &'static str, value: u32) -> Data {
        self.0.insert(tag, (vr, Value::U32(value)));
        self
    }

    pub(crate) fn seq(mut self, tag: u32, items: &[Data]) -> Data {
        self.0.insert(tag, ("SQ", Value::Items(items.to_vec())));
        self
    }

    pub(crate) fn fragments(mut self, tag: u32, fragments: &[Vec<u8>]) -> Data {
        self.0
            .insert(tag, ("OB", Value::Fragments(fragments.to_vec())));
        self
    }

    pub(crate) fn without(mut self, tag: u32) -> Data {
        self.0.remove(&tag);
        self
    }

    /// Takes every element of `other`, which wins.
    pub(crate) fn with(mut self, other: Data) -> Data {
        self.0.extend(other.0);
        self
    }

    /// The elements up to and with `tag`, and those above it.
    pub(crate) fn split(mut self, tag: u32) -> (Data, Data) {
        let high = self.0.split_off(&(tag + 1));
        (self, Data(high))
    }

    /// The bytes of a value put as text; empty when absent.
    pub(crate) fn bytes(&self, tag: u32) -> Vec<u8> {
        match self.0.get(&tag) {
            Some((_, Value::Bytes(bytes))) => bytes.clone(),
            _ => Vec::new(),
        }
    }
}

/// The File Meta Information after its group length.
pub(crate) fn meta(data: &Data, syntax: &str) -> Vec<u8> {
    let meta = Data::new()
        .put(0x0002_0001, "OB", [0, 1])
        .put(0x0002_0002, "UI", data.bytes(0x0008_0016))
        .put(0x0002_0003, "UI", data.bytes(0x0008_0018))
        .put(0x0002_0010, "UI", syntax)
        .put(0x0002_0012, "UI", "2.25.314159265358979323846264338327950")
        .put(0x0002_0013, "SH", "TESTDATA_1")
        .put(0x0002_0016, "AE", "CT01_SANTOSO");
    LE.encode(&meta)
}

/// Preamble, `DICM`, group length and `meta`.
pub(crate) fn prefix(meta: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(LE.raw(0x0002_0000, "UL", &(meta.len() as u32).to_le_bytes()));
    out.extend(meta);
    out
}

/// A whole Part 10 file around an encoded data set.
pub(crate) fn part10(data: &Data, syntax: &str, encoded: &[u8]) -> Vec<u8> {
    let mut out = prefix(&meta(data, syntax));
    out.extend(encoded);
    out
}

/// A whole Explicit VR Little Endian file.
pub(crate) fn explicit(data: &Data) -> Vec<u8> {
    part10(data, EXPLICIT_LE, &LE.encode(data))
}

/// Raw deflate (RFC 1951) of `bytes` and `zeros` zero bytes after them, padded to even length.
pub(crate) fn deflate(bytes: &[u8], zeros: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let mut feed = || -> std::io::Result<()> {
        encoder.write_all(bytes)?;
        let block = vec![0; zeros.min(1 << 20)];
        let mut left = zeros;
        while left > 0 {
            let n = left.min(block.len());
            encoder.write_all(&block[..n])?;
            left -= n;
        }
        Ok(())
    };
    let mut out = match feed().and_then(|()| encoder.finish()) {
        Ok(out) => out,
        Err(error) => unreachable!("writing to memory: {error}"),
    };
    if out.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// A UID under 2.25 that belongs to `name` alone (FNV-1a, 128 bits).
pub(crate) fn uid(name: &str) -> String {
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in name.bytes() {
        hash ^= u128::from(byte);
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    format!("2.25.{hash}")
}
