//! Dates: moved by whole days, cut to a year or month, ages capped.
//!
//! Values are raw bytes as they stand in an instance: several with backslashes, ranges with hyphens (PS3.4 section
//! C.2.2.2.5), padded or empty. What cannot be read is an error, for the profile to say what becomes of it.

mod age;
mod calendar;
mod form;
mod shifts;

pub use age::{cap_age, years_between};
pub use shifts::Shifts;

pub use super::number::round;
pub(super) use age::Age;

use crate::dicom::value::{split, trim};
use crate::dicom::vr::Vr;
use calendar::Stated;
use form::DateTime;

/// What has a date or a time of day as its value.
const DATES: &[Vr] = &[Vr::DA, Vr::DT, Vr::TM];

/// Why a value cannot be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unparsable {
    /// It has no form that is known for its VR.
    #[error("the value has no form that is known for its VR")]
    Form,
    /// The result would lie outside the years 1 to 9999, or be longer than its VR allows.
    #[error("the result is outside what its VR can hold")]
    Range,
    /// Nothing of the kind is done to this VR.
    #[error("the VR holds nothing of this kind")]
    Vr,
    /// The step to round to is not above zero, or has places that the VR has not.
    #[error("the VR has no multiples of this step")]
    Step,
}

/// How much of a date is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The year.
    Year,
    /// Year and month.
    Month,
    /// The whole date, without the time of day.
    Day,
}

/// Moves every value of a DA, TM or DT attribute by whole days; other VRs are an error.
///
/// A TM stays as it is, and so do the time of day and the zone of a DT. The legacy form `YYYY.MM.DD`, and dates with
/// `-` or `/` in place of the dots, are written in the modern form. Where only a year or a month is stated, the
/// middle of it is moved, and as much is written as was stated. Padding is not kept.
pub fn shift(vr: Vr, value: &[u8], days: i32) -> Result<Vec<u8>, Unparsable> {
    each((vr, DATES), value, |one, out| match vr {
        Vr::DA => side_by_side(one, out, Stated::read_date, |date| {
            Ok(date.shifted(days)?.to_string())
        }),
        Vr::DT => side_by_side(one, out, DateTime::read, |at| {
            Ok(format!("{}{}", at.date.shifted(days)?, at.rest))
        }),
        _ => side_by_side(one, out, form::read_time, |time| Ok(time.to_owned())),
    })
}

/// Whether every value of a DA, TM, DT or AS attribute has a form that is read here, legacy forms, empty values and
/// ranges included; never for other VRs.
pub fn is_well_formed(vr: Vr, value: &[u8]) -> bool {
    match vr {
        Vr::AS => split(value).all(|one| one.is_empty() || Age::read(one).is_some()),
        _ => shift(vr, value, 0).is_ok(),
    }
}

/// Cuts every value of a DA, TM or DT attribute; other VRs are an error.
///
/// A DA stays a whole date, with the first month or day where that is cut off or was not stated. A DT keeps no time
/// and no zone, and is never more precise than it was. A TM becomes midnight.
pub fn truncate(vr: Vr, value: &[u8], to: Precision) -> Result<Vec<u8>, Unparsable> {
    each((vr, DATES), value, |one, out| match vr {
        Vr::DA => side_by_side(one, out, Stated::read_date, |date| {
            Ok(date.cut(to).first_day().to_string())
        }),
        Vr::DT => side_by_side(one, out, DateTime::read, |at| {
            Ok(at.date.cut(to).to_string())
        }),
        _ => side_by_side(one, out, form::read_time, |_| Ok("000000".to_owned())),
    })
}

/// Days from one DA value to another, negative when that is earlier; `None` unless both are one whole date.
pub fn days_between(from: &[u8], to: &[u8]) -> Option<i32> {
    let day = |value| Stated::read_date(trim(value))?.day();
    Some(day(to)?.number() - day(from)?.number())
}

/// Treats the values of an attribute one by one, if it has one of the VRs; empty ones stay empty.
pub(super) fn each(
    (vr, vrs): (Vr, &[Vr]),
    value: &[u8],
    mut one: impl FnMut(&[u8], &mut Vec<u8>) -> Result<(), Unparsable>,
) -> Result<Vec<u8>, Unparsable> {
    if !vrs.contains(&vr) {
        return Err(Unparsable::Vr);
    }
    let mut out = Vec::with_capacity(value.len());
    for (i, part) in split(value).enumerate() {
        if i > 0 {
            out.push(b'\\');
        }
        if !part.is_empty() {
            one(part, &mut out)?;
        }
    }
    Ok(out)
}

/// Treats a value, or both ends of a range. What can be read as one value is one: a hyphen may also stand inside a
/// legacy date or before a zone.
fn side_by_side<'a, T>(
    one: &'a [u8],
    out: &mut Vec<u8>,
    read: impl Fn(&'a [u8]) -> Option<T>,
    write: impl Fn(T) -> Result<String, Unparsable>,
) -> Result<(), Unparsable> {
    if let Some(value) = read(one) {
        out.extend_from_slice(write(value)?.as_bytes());
        return Ok(());
    }
    let hyphens = one.iter().enumerate().filter(|(_, b)| **b == b'-');
    for (at, _) in hyphens {
        let (left, right) = (trim(&one[..at]), trim(&one[at + 1..]));
        if left.is_empty() && right.is_empty() {
            continue;
        }
        let end = |side| match trim(side) {
            [] => Some(None),
            side => read(side).map(Some),
        };
        let (Some(first), Some(last)) = (end(left), end(right)) else {
            continue;
        };
        if let Some(first) = first {
            out.extend_from_slice(write(first)?.as_bytes());
        }
        out.push(b'-');
        if let Some(last) = last {
            out.extend_from_slice(write(last)?.as_bytes());
        }
        return Ok(());
    }
    Err(Unparsable::Form)
}

#[cfg(test)]
mod tests;
