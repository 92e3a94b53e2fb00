//! Specific Character Set (0008,0005): decoding text, for comparison only. Kept values never pass through here.

use encoding_rs::Encoding;

/// ISO 2022 escape.
const ESC: u8 = 0x1B;

/// Defined terms of (0008,0005) but for their registration numbers (PS3.3 section C.12.1.1.2).
const NUMBERS: &[&str] = &[
    "6", "13", "58", "87", "100", "101", "109", "110", "126", "127", "138", "144", "148", "149",
    "159", "166", "192", "203",
];

/// Whether every value is a defined term, or empty.
pub fn is_defined(value: &[u8]) -> bool {
    super::value::split(value).all(|term| {
        let Ok(term) = std::str::from_utf8(term) else {
            return false;
        };
        let number = term
            .strip_prefix("ISO_IR ")
            .or_else(|| term.strip_prefix("ISO 2022 IR "));
        matches!(term, "" | "GB18030" | "GBK") || number.is_some_and(|n| NUMBERS.contains(&n))
    })
}

/// How the text of one data set is coded (PS3.3 section C.12.1.1.2).
#[derive(Clone, Copy)]
pub struct Charset {
    initial: &'static Encoding,
    /// Whether escapes may switch to other sets.
    switches: bool,
}

impl std::fmt::Debug for Charset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.initial.name())
    }
}

impl Default for Charset {
    fn default() -> Charset {
        Charset {
            initial: encoding_rs::WINDOWS_1252,
            switches: false,
        }
    }
}

impl Charset {
    /// Unicode in UTF-8, `ISO_IR 192`.
    pub const UTF_8: Charset = Charset {
        initial: encoding_rs::UTF_8,
        switches: false,
    };

    /// Codes a text; `None` when that takes escapes, or characters that the set does not have.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        if text.is_ascii() {
            return Some(text.as_bytes().to_vec());
        }
        let (bytes, _, unmappable) = self.initial.encode(text);
        (!self.switches && !unmappable).then(|| bytes.into_owned())
    }

    /// Takes the value of (0008,0005). What it does not know is read as Latin-1, which loses nothing.
    pub fn from_value(value: &[u8]) -> Charset {
        let first = super::value::split(value).next().unwrap_or_default();
        let initial = match first {
            b"ISO_IR 101" | b"ISO 2022 IR 101" => encoding_rs::ISO_8859_2,
            b"ISO_IR 109" | b"ISO 2022 IR 109" => encoding_rs::ISO_8859_3,
            b"ISO_IR 110" | b"ISO 2022 IR 110" => encoding_rs::ISO_8859_4,
            b"ISO_IR 126" | b"ISO 2022 IR 126" => encoding_rs::ISO_8859_7,
            b"ISO_IR 127" | b"ISO 2022 IR 127" => encoding_rs::ISO_8859_6,
            b"ISO_IR 138" | b"ISO 2022 IR 138" => encoding_rs::ISO_8859_8,
            b"ISO_IR 144" | b"ISO 2022 IR 144" => encoding_rs::ISO_8859_5,
            b"ISO_IR 148" | b"ISO 2022 IR 148" => encoding_rs::WINDOWS_1254,
            b"ISO_IR 166" | b"ISO 2022 IR 166" => encoding_rs::WINDOWS_874,
            b"ISO_IR 203" | b"ISO 2022 IR 203" => encoding_rs::ISO_8859_15,
            b"ISO_IR 13" | b"ISO 2022 IR 13" => encoding_rs::SHIFT_JIS,
            b"ISO_IR 192" => encoding_rs::UTF_8,
            b"GB18030" => encoding_rs::GB18030,
            b"GBK" => encoding_rs::GBK,
            _ => encoding_rs::WINDOWS_1252,
        };
        Charset {
            initial,
            switches: memchr::memchr(b'\\', value).is_some(),
        }
    }

    /// Decodes a value, ISO 2022 escapes included. Bytes that fit no character become U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> String {
        if bytes.is_ascii() && !bytes.contains(&ESC) {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        let mut text = String::new();
        let mut runs = bytes.split(|b| *b == ESC);
        if let Some(run) = runs.next() {
            text.push_str(&self.initial.decode_without_bom_handling(run).0);
        }
        for run in runs {
            push_escaped(&mut text, run, self.initial);
        }
        text
    }
}

/// Decodes a run that began with an escape sequence (PS3.3 Tables C.12-3 and C.12-4).
fn push_escaped(text: &mut String, run: &[u8], initial: &'static Encoding) {
    let (encoding, skip): (&'static Encoding, usize) = match run {
        [b'$', b'B' | b'@', ..] => return push_jis(text, run),
        [b'$', b')', b'C', ..] => (encoding_rs::EUC_KR, 3),
        [b'$', b')', b'A', ..] => (encoding_rs::GBK, 3),
        [b'$', b'(', b'D', ..] => return push_jis_0212(text, run),
        [b'(' | b')', b'J' | b'I', ..] => (encoding_rs::SHIFT_JIS, 2),
        [b'-', b'A', ..] => (encoding_rs::WINDOWS_1252, 2),
        [b'-', b'B', ..] => (encoding_rs::ISO_8859_2, 2),
        [b'-', b'C', ..] => (encoding_rs::ISO_8859_3, 2),
        [b'-', b'D', ..] => (encoding_rs::ISO_8859_4, 2),
        [b'-', b'F', ..] => (encoding_rs::ISO_8859_7, 2),
        [b'-', b'G', ..] => (encoding_rs::ISO_8859_6, 2),
        [b'-', b'H', ..] => (encoding_rs::ISO_8859_8, 2),
        [b'-', b'L', ..] => (encoding_rs::ISO_8859_5, 2),
        [b'-', b'M', ..] => (encoding_rs::WINDOWS_1254, 2),
        [b'-', b'T', ..] => (encoding_rs::WINDOWS_874, 2),
        [b'(', b'B', ..] => (initial, 2),
        _ => (initial, 0),
    };
    text.push_str(&encoding.decode_without_bom_handling(&run[skip..]).0);
}

/// JIS X 0208: `encoding_rs` wants the escape itself.
fn push_jis(text: &mut String, run: &[u8]) {
    let mut escaped = Vec::with_capacity(run.len() + 1);
    escaped.push(ESC);
    escaped.extend_from_slice(run);
    text.push_str(
        &encoding_rs::ISO_2022_JP
            .decode_without_bom_handling(&escaped)
            .0,
    );
}

/// JIS X 0212 as EUC-JP code set 3.
fn push_jis_0212(text: &mut String, run: &[u8]) {
    let mut euc = Vec::with_capacity(run.len() * 2);
    for pair in run.get(3..).unwrap_or_default().chunks_exact(2) {
        euc.extend_from_slice(&[0x8F, pair[0] | 0x80, pair[1] | 0x80]);
    }
    text.push_str(&encoding_rs::EUC_JP.decode_without_bom_handling(&euc).0);
}
