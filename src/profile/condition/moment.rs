//! Times of day (TM), date-times (DT) and ages (AS) as they are ordered (PS3.5 section 6.2).

use std::cmp::Ordering;

/// A time of day or a date-time, as far as it is stated.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    /// Year, month, day, hour, minute, second, millionths of a second; a time of day begins with the hour.
    stated: Vec<u32>,
    /// Minutes east of UTC, when a date-time says so.
    zone: Option<i32>,
}

/// Digits and bounds of the components of a date-time before the fraction.
const COMPONENTS: [(usize, u32, u32); 6] = [
    (4, 0, 9999),
    (2, 1, 12),
    (2, 1, 31),
    (2, 0, 23),
    (2, 0, 59),
    (2, 0, 60),
];

/// Where the hour stands among the components.
const HOUR: usize = 3;

impl Moment {
    /// Reads `HH`, `HHMM`, `HHMMSS` or `HHMMSS.FFFFFF`.
    pub(super) fn time(text: &str) -> Option<Moment> {
        Some(Moment {
            stated: components(text, HOUR)?,
            zone: None,
        })
    }

    /// Reads `YYYY` up to `YYYYMMDDHHMMSS.FFFFFF`, with or without an offset from UTC such as `+0700`.
    pub(super) fn date_time(text: &str) -> Option<Moment> {
        let Some(at) = text.find(['+', '-']) else {
            return Some(Moment {
                stated: components(text, 0)?,
                zone: None,
            });
        };
        let (text, zone) = text.split_at_checked(at)?;
        let minutes = match components(zone.get(1..)?, HOUR)?[..] {
            [hours, minutes] => i32::try_from(hours * 60 + minutes).ok()?,
            _ => return None,
        };
        Some(Moment {
            stated: components(text, 0)?,
            zone: Some(if zone.starts_with('-') {
                -minutes
            } else {
                minutes
            }),
        })
    }

    /// Compares by what both state. Offsets from UTC count when both have one and state the minute.
    pub(super) fn order(&self, other: &Moment) -> Ordering {
        let utc = |moment: &Moment| match (&moment.stated[..], moment.zone) {
            ([year, month, day, hour, minute, rest @ ..], Some(zone)) => {
                let days = days(i64::from(*year), i64::from(*month), i64::from(*day));
                let minutes = (days * 24 + i64::from(*hour)) * 60 + i64::from(*minute);
                Some((minutes - i64::from(zone), rest.to_vec()))
            }
            _ => None,
        };
        match (utc(self), utc(other)) {
            (Some((a, rest)), Some((b, others))) => a.cmp(&b).then_with(|| common(&rest, &others)),
            _ => common(&self.stated, &other.stated),
        }
    }
}

fn common(a: &[u32], b: &[u32]) -> Ordering {
    let mut pairs = a.iter().zip(b).map(|(a, b)| a.cmp(b));
    pairs.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Reads components from one on; each is there whole or not at all.
fn components(text: &str, first: usize) -> Option<Vec<u32>> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let number = |text: &str| {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| digits)
    };
    let mut stated = Vec::new();
    let mut rest = whole;
    for (digits, least, most) in COMPONENTS.get(first..)? {
        if rest.is_empty() {
            break;
        }
        let (component, others) = rest.split_at_checked(*digits)?;
        let component = number(component)?;
        if !(*least..=*most).contains(&component) {
            return None;
        }
        stated.push(component);
        rest = others;
    }
    if stated.is_empty() || !rest.is_empty() {
        return None;
    }
    if let Some(fraction) = fraction {
        if stated.len() + first != COMPONENTS.len() || !(1..=6).contains(&fraction.len()) {
            return None;
        }
        stated.push(number(&format!("{fraction:0<6}"))?);
    }
    Some(stated)
}

/// Days since 1 March of year 0, of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have the leap day last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day
}

/// The length of an age in days: a month counts 30.4375, a year 365.25. Reads up to three digits and D, W, M or Y.
pub(super) fn age(text: &str) -> Option<f64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let days = match unit {
        "D" => 1.0,
        "W" => 7.0,
        "M" => 30.4375,
        "Y" => 365.25,
        _ => return None,
    };
    let digits = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let number: u16 = number.parse().ok().filter(|_| digits)?;
    Some(f64::from(number) * days)
}
