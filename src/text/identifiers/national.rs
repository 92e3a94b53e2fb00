//! Indonesian national numbers: identity (NIK), health insurance (BPJS) and tax (NPWP).

use crate::text::kinds::Kind;

/// The first two digits of a NIK: provinces, as the Ministry of Home Affairs numbers them.
const PROVINCES: [u32; 38] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65,
    71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96,
];
/// Added to the day of birth of a woman.
const FEMALE: u32 = 40;

fn number(digits: &str, from: usize, to: usize) -> Option<u32> {
    digits.get(from..to)?.parse().ok()
}

/// Sixteen digits: region (6), date of birth as DDMMYY with 40 added to a woman's day, serial number (4).
pub(super) fn is_nik(digits: &str) -> bool {
    if digits.len() != 16 {
        return false;
    }
    let region = number(digits, 0, 2).is_some_and(|code| PROVINCES.contains(&code));
    let day = number(digits, 6, 8).map(|day| if day > FEMALE { day - FEMALE } else { day });
    let month = number(digits, 8, 10);
    region
        && day.is_some_and(|day| (1..=31).contains(&day))
        && month.is_some_and(|month| (1..=12).contains(&month))
}

/// What a number without its separators is by its length and form, if one of these.
pub(super) fn kind_of(digits: &str) -> Option<Kind> {
    match digits.len() {
        16 if is_nik(digits) => Some(Kind::NationalId),
        // A NIK serves as tax number too, and the older form of 15 digits has a zero before it.
        15 => Some(Kind::TaxNumber),
        16 if digits.starts_with('0') => Some(Kind::TaxNumber),
        13 if digits.starts_with("000") => Some(Kind::Insurance),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_has_a_province_and_a_birth_date() {
        assert!(is_nik("3171234511990001"));
        assert!(is_nik("3171235511990001"), "a woman's");
        assert!(!is_nik("2071231511990001"), "no such province");
        assert!(!is_nik("3171233911990001"), "no such day");
        assert!(!is_nik("3171231513990001"), "no such month");
        assert!(!is_nik("317123151199001"));
    }
}
