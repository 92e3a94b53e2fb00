//! What a value of each VR looks like (PS3.5 section 6.2), for text that a profile brings along.

use crate::dicom::Vr;

/// Whether values of this VR are separated by backslashes; in the others a backslash is a character.
pub(super) fn is_multiple(vr: Vr) -> bool {
    !matches!(vr, Vr::LT | Vr::ST | Vr::UR | Vr::UT)
}

/// The single values of a text.
pub(super) fn values(vr: Vr, text: &str) -> Vec<&str> {
    if is_multiple(vr) {
        text.split('\\').collect()
    } else {
        vec![text]
    }
}

/// What one value of this VR must look like, when this one does not.
pub(super) fn misfit(vr: Vr, value: &str) -> Option<String> {
    let ascii = |others: &str| {
        value
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || others.contains(c))
    };
    let (fits, form) = match vr {
        Vr::AE => (
            value.bytes().all(|b| matches!(b, b' '..=b'~')),
            "printable ASCII",
        ),
        Vr::AS => (is_age(value), "three digits and D, W, M or Y, such as 045Y"),
        Vr::CS => (ascii(" _"), "upper case letters, digits, spaces and `_`"),
        Vr::DA => (is_date(value), "a day as YYYYMMDD, such as 20240131"),
        Vr::DS => (is_decimal(value), "a decimal number, such as 2.5"),
        Vr::DT => (
            is_date_time(value),
            "a moment as YYYYMMDDHHMMSS.FFFFFF&ZZXX, of which the year must be there",
        ),
        Vr::IS => (value.trim().parse::<i32>().is_ok(), "a whole number"),
        Vr::PN => (
            is_name(value),
            "at most five parts between `^` in each of three groups between `=`",
        ),
        Vr::TM => (is_time(value), "a time as HHMMSS.FFFFFF, such as 120000"),
        Vr::UI => (is_uid(value), "numbers with dots between them"),
        Vr::UR => (
            value.bytes().all(|b| b.is_ascii_graphic() && b != b'\\'),
            "a URI without spaces",
        ),
        _ => (true, ""),
    };
    if !fits {
        return Some(form.to_owned());
    }
    let longest = vr.max_chars()?;
    let length = match vr {
        Vr::PN => value.split('=').map(|group| group.chars().count()).max(),
        _ => Some(value.chars().count()),
    };
    (length? > longest).then(|| format!("at most {longest} characters"))
}

/// As much of a value as the VR has room for.
pub(super) fn cut(vr: Vr, value: &str) -> &str {
    let end = vr
        .max_chars()
        .and_then(|longest| value.char_indices().nth(longest))
        .map_or(value.len(), |(at, _)| at);
    value.get(..end).unwrap_or("").trim_end()
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether two digits at a place are a number in a range.
fn pair(text: &str, at: usize, range: std::ops::RangeInclusive<u8>) -> bool {
    text.get(at..at + 2)
        .filter(|pair| digits(pair))
        .and_then(|pair| pair.parse().ok())
        .is_some_and(|number| range.contains(&number))
}

fn is_age(text: &str) -> bool {
    text.len() == 4 && text.get(..3).is_some_and(digits) && text.ends_with(['D', 'W', 'M', 'Y'])
}

fn is_date(text: &str) -> bool {
    text.len() == 8 && digits(text) && pair(text, 4, 1..=12) && pair(text, 6, 1..=31)
}

fn is_decimal(text: &str) -> bool {
    let text = text.trim();
    text.bytes()
        .all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_time(text: &str) -> bool {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    digits(whole)
        && matches!(whole.len(), 2 | 4 | 6)
        && pair(whole, 0, 0..=23)
        && (whole.len() < 4 || pair(whole, 2, 0..=59))
        && (whole.len() < 6 || pair(whole, 4, 0..=60))
        && fraction.is_none_or(|f| whole.len() == 6 && digits(f) && f.len() <= 6)
}

fn is_date_time(text: &str) -> bool {
    let (moment, zone) = match text.rfind(['+', '-']) {
        Some(at) => (text.get(..at).unwrap_or(""), text.get(at + 1..)),
        None => (text, None),
    };
    let (day, time) = moment.split_at_checked(8).unwrap_or((moment, ""));
    let day = match day.len() {
        4 => digits(day),
        6 => digits(day) && pair(day, 4, 1..=12),
        _ => is_date(day),
    };
    day && (time.is_empty() || is_time(time)) && zone.is_none_or(|z| z.len() == 4 && digits(z))
}

fn is_name(text: &str) -> bool {
    text.split('=').count() <= 3 && text.split('=').all(|group| group.split('^').count() <= 5)
}

fn is_uid(text: &str) -> bool {
    text.split('.')
        .all(|arc| digits(arc) && (arc.len() == 1 || !arc.starts_with('0')))
}
