//! Telephone numbers, Indonesian and international.

/// Fewest and most digits of a number with its area or country code (ITU-T E.164 allows 15).
const LENGTHS: std::ops::RangeInclusive<usize> = 7..=15;

/// Whether digits read as a telephone number: a plus before them, a trunk zero, Indonesia's country code, or a mobile
/// number without its zero.
pub(super) fn is_phone(digits: &str, has_plus: bool) -> bool {
    let is_mobile = digits.starts_with('8') && (9..=12).contains(&digits.len());
    let has_prefix = digits.starts_with('0') || digits.starts_with("62");
    LENGTHS.contains(&digits.len()) && (has_plus || has_prefix || is_mobile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_make_a_phone_number() {
        assert!(is_phone("081234567890", false));
        assert!(is_phone("6281234567890", false));
        assert!(is_phone("0215551234", false));
        assert!(is_phone("4915112345678", true));
        assert!(!is_phone("4915112345678", false));
        assert!(!is_phone("0812", false));
    }
}
