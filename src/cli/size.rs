//! Sizes in bytes, for people.

/// Reads `512M`: digits, then nothing or one of K, M, G, T, each 1024 times the one before.
pub(super) fn parse(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text
        .get(digits.len()..)
        .map(str::to_ascii_uppercase)
        .as_deref()
    {
        Some("") => 0,
        Some("K") => 10,
        Some("M") => 20,
        Some("G") => 30,
        Some("T") => 40,
        _ => return Err("expected digits, then nothing or one of K, M, G, T".to_owned()),
    };
    digits
        .parse::<u64>()
        .map_err(|e| e.to_string())?
        .checked_mul(1 << shift)
        .ok_or_else(|| "too large".to_owned())
}

/// Writes a size with three digits that matter: `1.23 GB`. Decimal, as disks and networks count.
pub(super) fn show(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
    let mut scaled = bytes as f64;
    let mut unit = 0;
    while scaled >= 999.5 && unit < UNITS.len() - 1 {
        scaled /= 1000.0;
        unit += 1;
    }
    let digits = match scaled {
        _ if unit == 0 => 0,
        s if s < 9.995 => 2,
        s if s < 99.95 => 1,
        _ => 0,
    };
    format!(
        "{scaled:.digits$} {}",
        UNITS.get(unit).copied().unwrap_or_default()
    )
}

const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];

/// Writes a number in groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("12k"), Ok(12 << 10));
        assert_eq!(parse("64G"), Ok(64 << 30));
        for bad in ["", "M", "-1", "1.5G", "1GB", "1 G", "99999999T", "١"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_and_numbers_are_shown() {
        let shown = [0, 999, 1000, 12_345, 999_499, 999_500, 5_000_000_000].map(show);
        assert_eq!(
            shown,
            [
                "0 B", "999 B", "1.00 kB", "12.3 kB", "999 kB", "1.00 MB", "5.00 GB"
            ]
        );
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
