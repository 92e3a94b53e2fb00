//! How a pseudonym looks: literal text and fields of keyed characters, such as `CHX-{hmac:10}`.

use std::fmt::{self, Write as _};
use std::ops::Range;

use super::wide::Wide;
use crate::dicom::vr::Vr;

/// Most bits that the fields of one format take from a digest.
const MOST_BITS: u32 = 250;

/// Crockford's base 32: no I, L, O and U, which are misread.
const BASE_32: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The form of a pseudonym: literal text and at least one field.
///
/// `{hmac:N}` gives N letters and digits of Crockford's base 32, `{digits:N}` N decimal digits, `{hex:N}` N
/// hexadecimal digits in upper case; `{{` and `}}` are braces. All pseudonyms of a format have one length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(char),
    Field(Field, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Hmac,
    Digits,
    Hex,
}

impl Field {
    const ALL: [Field; 3] = [Field::Hmac, Field::Digits, Field::Hex];

    const fn name(self) -> &'static str {
        match self {
            Field::Hmac => "hmac",
            Field::Digits => "digits",
            Field::Hex => "hex",
        }
    }

    const fn radix(self) -> u8 {
        match self {
            Field::Hmac => 32,
            Field::Digits => 10,
            Field::Hex => 16,
        }
    }

    /// What it is made of; the first characters of base 32 are those of the other two.
    fn characters(self) -> &'static [u8] {
        &BASE_32[..usize::from(self.radix())]
    }
}

/// Why a text is not a format, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormatError {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl FormatError {
    fn new(at: Range<usize>, message: &str, help: &str) -> FormatError {
        FormatError {
            at,
            message: message.to_owned(),
            help: Some(help.to_owned()),
        }
    }
}

impl Format {
    /// Reads a format.
    pub fn parse(text: &str) -> Result<Format, FormatError> {
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                parts.push(Part::Literal(c));
                at += 2;
            } else if c == '{' {
                let Some(len) = rest.find('}') else {
                    return Err(FormatError::new(
                        at..text.len(),
                        "a field that is not closed",
                        "close it as in `{hmac:10}`, or write `{{` for a brace",
                    ));
                };
                parts.push(field(&rest[1..len], at..at + len + 1)?);
                at += len + 1;
            } else {
                let is_edge = at == 0 || at + c.len_utf8() == text.len();
                literal(c, at, is_edge)?;
                parts.push(Part::Literal(c));
                at += c.len_utf8();
            }
        }
        let format = Format(parts);
        if format.fields().next().is_none() {
            return Err(FormatError::new(
                0..text.len(),
                "a format without a field would give everyone the same pseudonym",
                "add a field such as `{hmac:10}`",
            ));
        }
        if format.bits() > MOST_BITS {
            return Err(FormatError::new(
                0..text.len(),
                &format!(
                    "fields of {} bits, and a digest has 250 to give",
                    format.bits()
                ),
                "ask for fewer characters; `{hmac:16}` is enough for any number of patients",
            ));
        }
        Ok(format)
    }

    /// This many decimal digits and nothing else; at most 75.
    pub fn of_digits(count: u32) -> Format {
        Format(vec![Part::Field(Field::Digits, count.clamp(1, 75))])
    }

    /// Bits of the digest that a pseudonym shows. Among `n` values two meet with a chance of about n² / 2^(bits+1).
    pub fn bits(&self) -> u32 {
        let (whole, digits) = self.fields().fold(
            (0u32, 0u32),
            |(whole, digits), (field, count)| match field {
                Field::Hmac => (whole.saturating_add(count.saturating_mul(5)), digits),
                Field::Hex => (whole.saturating_add(count.saturating_mul(4)), digits),
                Field::Digits => (whole, digits.saturating_add(count)),
            },
        );
        // The binary logarithm of ten, to four places.
        let digits = u64::from(digits) * 33_219 / 10_000;
        whole.saturating_add(u32::try_from(digits).unwrap_or(u32::MAX))
    }

    /// Characters of every pseudonym of this format, which are bytes too.
    #[expect(clippy::len_without_is_empty, reason = "a format is never empty")]
    pub fn len(&self) -> usize {
        self.0
            .iter()
            .map(|part| match part {
                Part::Literal(_) => 1,
                Part::Field(_, count) => *count as usize,
            })
            .sum()
    }

    /// Whether every pseudonym of this format is a legal value of the VR (PS3.5 section 6.2): its length and its
    /// characters. UIDs and URIs are never made by a format.
    pub fn fits(&self, vr: Vr) -> bool {
        let longest = match vr {
            // Nine digits are below 2^31 whatever they are.
            Vr::IS => 9,
            _ => vr.max_chars().unwrap_or(usize::MAX),
        };
        self.len() <= longest
            && match vr {
                Vr::AE | Vr::LO | Vr::LT | Vr::PN | Vr::SH | Vr::ST | Vr::UC | Vr::UT => true,
                Vr::CS => self
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ' || c == '_'),
                Vr::DS | Vr::IS => self.all(|c| c.is_ascii_digit()),
                _ => false,
            }
    }

    /// The pseudonym of a digest.
    pub fn render(&self, bits: [u8; 32]) -> String {
        let mut number = Wide::new(bits);
        let mut text = String::with_capacity(self.len());
        for part in &self.0 {
            match part {
                Part::Literal(c) => text.push(*c),
                Part::Field(field, count) => text.extend((0..*count).map(|_| {
                    let digit = usize::from(number.take(field.radix()));
                    field
                        .characters()
                        .get(digit)
                        .map_or('0', |b| char::from(*b))
                })),
            }
        }
        text
    }

    /// Whether a text could have come from this format.
    pub fn could_be(&self, text: &str) -> bool {
        let mut bytes = text.bytes();
        for part in &self.0 {
            let fits = match part {
                Part::Literal(c) => bytes.next().is_some_and(|b| char::from(b) == *c),
                Part::Field(field, count) => (0..*count).all(|_| {
                    bytes
                        .next()
                        .is_some_and(|b| field.characters().contains(&b))
                }),
            };
            if !fits {
                return false;
            }
        }
        bytes.next().is_none()
    }

    fn fields(&self) -> impl Iterator<Item = (Field, u32)> {
        self.0.iter().filter_map(|part| match part {
            Part::Field(field, count) => Some((*field, *count)),
            Part::Literal(_) => None,
        })
    }

    /// Whether every character that can come out is one of these.
    fn all(&self, is: impl Fn(char) -> bool) -> bool {
        self.0.iter().all(|part| match part {
            Part::Literal(c) => is(*c),
            Part::Field(field, _) => field.characters().iter().all(|b| is(char::from(*b))),
        })
    }
}

/// The form in which it can be parsed again.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Literal(c @ ('{' | '}')) => write!(f, "{c}{c}")?,
                Part::Literal(c) => f.write_char(*c)?,
                Part::Field(field, count) => write!(f, "{{{}:{count}}}", field.name())?,
            }
        }
        Ok(())
    }
}

/// Reads what stands between the braces at `at`.
fn field(inner: &str, at: Range<usize>) -> Result<Part, FormatError> {
    let (name, count) = inner.split_once(':').unwrap_or((inner, ""));
    let Some(field) = Field::ALL.into_iter().find(|field| field.name() == name) else {
        return Err(FormatError::new(
            at,
            "an unknown field",
            "the fields are `{hmac:N}`, `{digits:N}` and `{hex:N}`; write `{{` for a brace",
        ));
    };
    // `parse` would take a sign.
    let count = Some(count)
        .filter(|count| count.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|count| count.parse().ok())
        .filter(|count| (1..=MOST_BITS).contains(count));
    count.map(|count| Part::Field(field, count)).ok_or_else(|| {
        FormatError::new(
            at,
            "a field needs its number of characters, from 1 to 250",
            &format!("write it as in `{{{name}:10}}`"),
        )
    })
}

fn literal(c: char, at: usize, is_edge: bool) -> Result<(), FormatError> {
    let place = at..at + c.len_utf8();
    match c {
        '}' => Err(FormatError::new(
            place,
            "a closing brace without a field",
            "write `}}` for a brace",
        )),
        '\\' | '^' | '=' => Err(FormatError::new(
            place,
            "a character that separates values or parts of a name",
            "use another one, such as `-` or `_`",
        )),
        '/' => Err(FormatError::new(
            place,
            "a slash, and pseudonyms name folders",
            "use another character, such as `-` or `_`",
        )),
        '.' if at == 0 => Err(FormatError::new(
            place,
            "a pseudonym that begins with a dot would name a hidden folder",
            "begin with a letter, a digit or a field",
        )),
        ' ' if is_edge => Err(FormatError::new(
            place,
            "a space at an end is padding and would be lost",
            "take it out, or use `_`",
        )),
        ' '..='~' => Ok(()),
        _ => Err(FormatError::new(
            place,
            "a character outside printable ASCII, which not every character set can hold",
            "use letters, digits and signs of ASCII",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> Format {
        Format::parse(text).unwrap()
    }

    #[test]
    fn it_prints_as_it_was_written() {
        for text in [
            "CHX-{hmac:10}",
            "{digits:8}",
            "a{{{hex:2}}} b{hmac:3}c",
            "{{{{{hex:1}",
        ] {
            assert_eq!(format(text).to_string(), text);
        }
    }

    /// Pseudonyms once handed out may never change.
    #[test]
    fn pseudonyms_never_change() {
        let bits = std::array::from_fn(|i| i as u8 * 7 + 1);
        insta::assert_snapshot!(format("CHX-{hmac:10}").render(bits), @"CHX-TYMSW2VQQ5");
        insta::assert_snapshot!(format("{digits:20}").render(bits), @"43855431643927707419");
        insta::assert_snapshot!(format("{{{hex:8}}} {hmac:2}{digits:3}").render(bits), @"{AD3DCC5C} YX903");
    }

    #[test]
    fn bits_and_length_are_those_of_the_fields() {
        assert_eq!(
            (
                format("CHX-{hmac:10}").bits(),
                format("CHX-{hmac:10}").len()
            ),
            (50, 14)
        );
        assert_eq!(
            (format("{digits:20}").bits(), format("{digits:20}").len()),
            (66, 20)
        );
        assert_eq!(
            (format("{{{hex:8}").bits(), format("{{{hex:8}").len()),
            (32, 9)
        );
        assert_eq!(format("{hmac:50}").bits(), 250);
        assert_eq!(format("{digits:75}").bits(), 249);
    }

    #[test]
    fn fields_take_different_bits() {
        let one = format("{hmac:10}{hmac:10}").render([0x5A; 32]);
        assert_ne!(one[..10], one[10..]);
        let mut bits = [0; 32];
        bits[31] = 1;
        assert_eq!(format("{hmac:2}{digits:2}").render(bits), "1000");
    }

    #[test]
    fn what_fits_a_vr() {
        let fits = |text: &str| -> Vec<String> {
            let format = format(text);
            let all = Vr::ALL.iter().filter(|vr| format.fits(**vr));
            all.map(ToString::to_string).collect()
        };
        let text = ["LO", "LT", "PN", "SH", "ST", "UC", "UT"];
        assert_eq!(fits("CHX-{hmac:10}"), [&["AE"], &text[..]].concat());
        assert_eq!(fits("CHX_{hmac:12}"), [&["AE", "CS"], &text[..]].concat());
        assert_eq!(fits("chx {hex:13}"), ["LO", "LT", "PN", "ST", "UC", "UT"]);
        assert_eq!(
            fits("{digits:9}"),
            [&["AE", "CS", "DS", "IS"], &text[..]].concat()
        );
        assert_eq!(
            fits("{digits:10}"),
            [&["AE", "CS", "DS"], &text[..]].concat()
        );
        assert_eq!(fits("{digits:65}"), ["LT", "ST", "UC", "UT"]);
    }

    #[test]
    fn what_could_have_come_from_it() {
        let format = format("CHX-{hmac:4}{digits:2}");
        assert!(format.could_be(&format.render([9; 32])));
        assert!(format.could_be("CHX-0AZ812"));
        for other in [
            "",
            "CHX-0AZ81",
            "CHX-0AZ8123",
            "CHX-0AI812",
            "CHX-0AZ81A",
            "chx-0AZ812",
            "CHX-0AZ81\u{661}",
        ] {
            assert!(!format.could_be(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_format_is_pointed_at() {
        let pointed: Vec<String> = [
            "",
            "CHX",
            "{hmac}",
            "{hmac:0}",
            "{hmac:x}",
            "{hmac:+5}",
            "{sha:4}",
            "a{hmac:5",
            "a}{hmac:5}",
            "a\\{hmac:5}",
            "A^{hmac:5}",
            "A={hmac:5}",
            "\u{e9}{hmac:5}",
            "a\n{hmac:5}",
            " {hmac:5}",
            "{hmac:5} ",
            ".{hmac:5}",
            "..{hmac:5}",
            "a/{hmac:5}",
            "{hmac:5}/..",
            "{hmac:51}",
            "{digits:76}",
            "{hex:99999999999}",
            "{hex:40}{digits:40}",
            "{}",
        ]
        .iter()
        .map(|text| {
            let error = Format::parse(text).unwrap_err();
            assert!(error.help.is_some());
            format!(
                "{:?} {}: {}",
                &text[error.at.clone()],
                error.at.start,
                error.message
            )
        })
        .collect();
        insta::assert_snapshot!(pointed.join("\n"), @r#"
        "" 0: a format without a field would give everyone the same pseudonym
        "CHX" 0: a format without a field would give everyone the same pseudonym
        "{hmac}" 0: a field needs its number of characters, from 1 to 250
        "{hmac:0}" 0: a field needs its number of characters, from 1 to 250
        "{hmac:x}" 0: a field needs its number of characters, from 1 to 250
        "{hmac:+5}" 0: a field needs its number of characters, from 1 to 250
        "{sha:4}" 0: an unknown field
        "{hmac:5" 1: a field that is not closed
        "}" 1: a closing brace without a field
        "\\" 1: a character that separates values or parts of a name
        "^" 1: a character that separates values or parts of a name
        "=" 1: a character that separates values or parts of a name
        "é" 0: a character outside printable ASCII, which not every character set can hold
        "\n" 1: a character outside printable ASCII, which not every character set can hold
        " " 0: a space at an end is padding and would be lost
        " " 8: a space at an end is padding and would be lost
        "." 0: a pseudonym that begins with a dot would name a hidden folder
        "." 0: a pseudonym that begins with a dot would name a hidden folder
        "/" 1: a slash, and pseudonyms name folders
        "/" 8: a slash, and pseudonyms name folders
        "{hmac:51}" 0: fields of 255 bits, and a digest has 250 to give
        "{digits:76}" 0: fields of 252 bits, and a digest has 250 to give
        "{hex:99999999999}" 0: a field needs its number of characters, from 1 to 250
        "{hex:40}{digits:40}" 0: fields of 292 bits, and a digest has 250 to give
        "{}" 0: an unknown field
        "#);
    }
}
