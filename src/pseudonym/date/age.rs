//! Ages (AS, PS3.5 section 6.2) and the years between two dates.

use super::calendar::{Stated, number};
use super::{Unparsable, each};
use crate::dicom::value::trim;
use crate::dicom::vr::Vr;

/// Days of a year, on average.
const YEAR: f64 = 365.25;

/// An age: a number and its unit.
#[derive(Clone, Copy)]
pub(in crate::pseudonym) struct Age {
    count: u16,
    /// `D`, `W`, `M` or `Y`.
    unit: u8,
}

impl Age {
    /// The most years that three digits hold.
    pub(in crate::pseudonym) const MOST: u16 = 999;

    /// Reads `nnnD`, `nnnW`, `nnnM` or `nnnY`; leading zeros may be missing and the letter may be small.
    pub(in crate::pseudonym) fn read(text: &[u8]) -> Option<Age> {
        let (unit, digits) = text.split_last()?;
        let unit = unit.to_ascii_uppercase();
        if !matches!(unit, b'D' | b'W' | b'M' | b'Y') || !(1..=3).contains(&digits.len()) {
            return None;
        }
        Some(Age {
            count: number(digits)?,
            unit,
        })
    }

    /// An age in years; more than [`Age::MOST`] cannot be written.
    fn of_years(years: u16) -> Option<Age> {
        (years <= Age::MOST).then_some(Age {
            count: years,
            unit: b'Y',
        })
    }

    /// The age in years.
    pub(in crate::pseudonym) fn years(self) -> f64 {
        let count = f64::from(self.count);
        match self.unit {
            b'D' => count / YEAR,
            b'W' => count * 7.0 / YEAR,
            b'M' => count / 12.0,
            _ => count,
        }
    }

    /// The age as a value.
    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{:03}{}", self.count, char::from(self.unit)).as_bytes());
    }
}

/// Writes ages above the cap as one year more than the cap, such as `090Y` for a cap of 89 years, so that the oldest
/// cannot be told apart. Other ages stay, in the standard's form.
pub fn cap_age(value: &[u8], cap_years: u16) -> Result<Vec<u8>, Unparsable> {
    each((Vr::AS, &[Vr::AS]), value, |one, out| {
        let mut age = Age::read(one).ok_or(Unparsable::Form)?;
        // Who is 89 years and some months old is 89.
        if age.years().floor() > f64::from(cap_years) {
            age = Age::of_years(cap_years.saturating_add(1)).ok_or(Unparsable::Range)?;
        }
        age.write(out);
        Ok(())
    })
}

/// Whole years from a birth date to another date, both DA; `None` unless both are one whole date, in this order.
pub fn years_between(birth: &[u8], on: &[u8]) -> Option<u16> {
    let day = |value| Stated::read_date(trim(value))?.day();
    day(on)?.years_since(day(birth)?)
}
