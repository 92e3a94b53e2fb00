//! Times of day and zones (PS3.5 section 6.2).

use super::calendar::{Stated, number};

/// Digits of a whole date.
const DATE: usize = 8;
/// Digits of a time to the second.
const TIME: usize = 6;
/// Offsets from UTC, in minutes.
const ZONES: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

/// A DT value, taken apart.
pub(super) struct DateTime<'a> {
    pub(super) date: Stated,
    /// Time of day, fraction and zone.
    pub(super) rest: &'a str,
}

impl<'a> DateTime<'a> {
    /// Reads `YYYY[MM[DD[HH[MM[SS[.F]]]]]][±ZZXX]`.
    pub(super) fn read(value: &'a [u8]) -> Option<DateTime<'a>> {
        let text = std::str::from_utf8(value).ok()?;
        let without_zone = value
            .len()
            .checked_sub(5)
            .filter(|at| is_zone(&value[*at..]));
        let local = &value[..without_zone.unwrap_or(value.len())];
        let digits = local
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
            .min(DATE);
        let (date, time) = local.split_at(digits);
        let is_rest = time.is_empty() || (digits == DATE && is_time(time));
        if !is_rest {
            return None;
        }
        Some(DateTime {
            date: Stated::read_digits(date)?,
            rest: text.get(digits..)?,
        })
    }
}

/// Reads a TM value, in the modern or in the legacy form with colons.
pub(super) fn read_time(value: &[u8]) -> Option<&str> {
    let is_time = match value {
        [h1, h2, b':', m1, m2] => is_time(&[*h1, *h2, *m1, *m2]),
        [h1, h2, b':', m1, m2, b':', rest @ ..] if !rest.is_empty() => {
            is_time(&[&[*h1, *h2, *m1, *m2], rest].concat())
        }
        _ => is_time(value),
    };
    is_time.then(|| std::str::from_utf8(value).ok())?
}

/// Whether this is `HH[MM[SS[.F]]]`. Midnight may be the 24th hour, as in ISO 8601, and a minute may have a leap second.
fn is_time(value: &[u8]) -> bool {
    let (digits, fraction) = match value.iter().position(|b| *b == b'.') {
        Some(dot) => (&value[..dot], Some(&value[dot + 1..])),
        None => (value, None),
    };
    let is_fraction = fraction.is_none_or(|fraction| {
        digits.len() == TIME
            && (1..=6).contains(&fraction.len())
            && fraction.iter().all(u8::is_ascii_digit)
    });
    if !is_fraction || !matches!(digits.len(), 2 | 4 | 6) {
        return false;
    }
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), number);
    let (Some(hour), Some(minute), Some(second)) = (part(0), part(2), part(4)) else {
        return false;
    };
    let is_midnight = hour == 24
        && (minute, second) == (0, 0)
        && fraction.is_none_or(|fraction| fraction.iter().all(|b| *b == b'0'));
    (hour < 24 || is_midnight) && minute < 60 && second <= 60
}

/// Whether this is an offset from UTC that is in use somewhere; a range of years may look like one.
fn is_zone(text: &[u8]) -> bool {
    let (Some(sign @ (b'+' | b'-')), Some(digits)) = (text.first(), text.get(1..)) else {
        return false;
    };
    let (Some(hours), Some(minutes)) = (
        digits.get(..2).and_then(number),
        digits.get(2..).and_then(number),
    ) else {
        return false;
    };
    let offset = i32::from(hours) * 60 + i32::from(minutes);
    let offset = if *sign == b'-' { -offset } else { offset };
    minutes < 60 && ZONES.contains(&offset)
}
