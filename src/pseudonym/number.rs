//! Numbers and ages, rounded to a multiple.

use super::date::{Age, Unparsable, each};
use crate::dicom::vr::Vr;

/// What has a number or an age in text as its value.
const NUMBERS: &[Vr] = &[Vr::AS, Vr::DS, Vr::IS];

/// Rounds every value of a DS, IS or AS attribute to the nearest multiple of `to`, halves away from zero; other VRs
/// are an error.
///
/// An age becomes a number of years, whatever its unit was. `to` is in the value's own unit, and for IS and AS a whole
/// number.
pub fn round(vr: Vr, value: &[u8], to: f64) -> Result<Vec<u8>, Unparsable> {
    let is_whole = to.fract() == 0.0;
    if !(to.is_finite() && to > 0.0) || (matches!(vr, Vr::IS | Vr::AS) && !is_whole) {
        return Err(Unparsable::Step);
    }
    each((vr, NUMBERS), value, |one, out| match vr {
        Vr::DS => {
            out.extend_from_slice(decimal(multiple(read(one)?, to), to)?.as_bytes());
            Ok(())
        }
        Vr::IS => {
            let number = multiple(read(one)?, to);
            if number < f64::from(i32::MIN) || number > f64::from(i32::MAX) {
                return Err(Unparsable::Range);
            }
            out.extend_from_slice(format!("{number:.0}").as_bytes());
            Ok(())
        }
        _ => {
            let age = Age::read(one).ok_or(Unparsable::Form)?;
            let years = multiple(age.years(), to);
            if years > f64::from(Age::MOST) {
                return Err(Unparsable::Range);
            }
            out.extend_from_slice(format!("{years:03.0}Y").as_bytes());
            Ok(())
        }
    })
}

/// Reads a decimal number; Rust would also read `inf` and `nan`.
fn read(text: &[u8]) -> Result<f64, Unparsable> {
    let is_decimal = |b: &u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E');
    Some(text)
        .filter(|text| text.len() <= 32 && text.iter().all(is_decimal))
        .and_then(|text| std::str::from_utf8(text).ok()?.parse().ok())
        .filter(|number: &f64| number.is_finite())
        .ok_or(Unparsable::Form)
}

fn multiple(number: f64, to: f64) -> f64 {
    let rounded = (number / to).round() * to;
    // Never a negative zero.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A number with as many places as the step has, in the 16 characters of a DS; without an exponent where that fits.
fn decimal(number: f64, to: f64) -> Result<String, Unparsable> {
    let longest = Vr::DS.max_chars().unwrap_or_default();
    let step = to.to_string();
    let places = step.split_once('.').map_or(0, |(_, places)| places.len());
    let plain = format!("{number:.places$}");
    let short = if plain.len() <= longest {
        plain
    } else {
        format!("{number:e}")
    };
    (number.is_finite() && short.len() <= longest)
        .then_some(short)
        .ok_or(Unparsable::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(vr: Vr, value: &str, to: f64) -> Result<String, Unparsable> {
        round(vr, value.as_bytes(), to).map(|value| String::from_utf8(value).unwrap())
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest_multiple() {
        for (value, to, wanted) in [
            ("72.4", 5.0, "70"),
            (" 72.5 ", 5.0, "75"),
            ("-72.5", 5.0, "-75"),
            ("1.73", 0.1, "1.7"),
            ("0.3", 0.1, "0.3"),
            ("+1.74e2", 10.0, "170"),
            ("-0.2", 1.0, "0"),
            ("1\\\\2.6", 1.0, "1\\\\3"),
            ("", 1.0, ""),
            (".25", 0.25, "0.25"),
            ("1e20", 5.0, "1e20"),
        ] {
            assert_eq!(rounded(Vr::DS, value, to).as_deref(), Ok(wanted), "{value}");
        }
        assert_eq!(
            rounded(Vr::IS, "1234\\-17", 10.0).as_deref(),
            Ok("1230\\-20")
        );
        assert_eq!(rounded(Vr::IS, "12.0", 1.0).as_deref(), Ok("12"));
    }

    #[test]
    fn ages_are_rounded_to_years() {
        for (value, to, wanted) in [
            ("043Y", 5.0, "045Y"),
            ("018M", 1.0, "002Y"),
            ("010D", 1.0, "000Y"),
            ("104W", 1.0, "002Y"),
            ("7y\\042Y", 10.0, "010Y\\040Y"),
        ] {
            assert_eq!(rounded(Vr::AS, value, to).as_deref(), Ok(wanted), "{value}");
        }
        assert_eq!(rounded(Vr::AS, "999Y", 5.0), Err(Unparsable::Range));
    }

    #[test]
    fn what_is_no_number_is_an_error() {
        for value in [
            "x", "inf", "nan", "1,5", "1 2", "0x10", "--1", "1e999", "-", "\u{661}",
        ] {
            assert_eq!(
                rounded(Vr::DS, value, 1.0),
                Err(Unparsable::Form),
                "{value}"
            );
        }
        assert_eq!(
            rounded(Vr::DS, "1.23456789012345e300", 1.0),
            Err(Unparsable::Range)
        );
        assert_eq!(rounded(Vr::IS, "2147483647", 10.0), Err(Unparsable::Range));
        assert_eq!(rounded(Vr::LO, "1", 1.0), Err(Unparsable::Vr));
        for to in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(rounded(Vr::DS, "1", to), Err(Unparsable::Step));
        }
        assert_eq!(rounded(Vr::IS, "1", 0.5), Err(Unparsable::Step));
        assert_eq!(rounded(Vr::AS, "001Y", 0.5), Err(Unparsable::Step));
    }
}
