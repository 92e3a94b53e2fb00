//! Days of the Gregorian calendar, from year 1 to 9999.

use std::fmt;

use time::{Date, Duration, Month};

use super::{Precision, Unparsable};

/// A date as far as it is stated: a year, a month or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    /// The day, or the first one of the month or year.
    day: Day,
    precision: Precision,
}

/// A day of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pseudonym) struct Day(Date);

impl Stated {
    /// Reads `YYYY`, `YYYYMM` or `YYYYMMDD`.
    pub(super) fn read_digits(digits: &[u8]) -> Option<Stated> {
        let precision = match digits.len() {
            4 => Precision::Year,
            6 => Precision::Month,
            8 => Precision::Day,
            _ => return None,
        };
        let year = number(digits.get(..4)?)?;
        let month = digits.get(4..6).map_or(Some(1), number)?;
        let day = digits.get(6..8).map_or(Some(1), number)?;
        let day = Day::new(year, month, day)?;
        Some(Stated { day, precision })
    }

    /// Reads what a DA may hold: digits, or a whole date with two equal separators.
    pub(super) fn read_date(text: &[u8]) -> Option<Stated> {
        match *text {
            [
                y1,
                y2,
                y3,
                y4,
                first @ (b'.' | b'-' | b'/'),
                m1,
                m2,
                second,
                d1,
                d2,
            ] if first == second => Stated::read_digits(&[y1, y2, y3, y4, m1, m2, d1, d2]),
            _ => Stated::read_digits(text),
        }
    }

    /// The day, where one is stated.
    pub(super) fn day(self) -> Option<Day> {
        (self.precision == Precision::Day).then_some(self.day)
    }

    /// As much of it as the precision asks for.
    pub(super) fn cut(self, to: Precision) -> Stated {
        let precision = self.precision.min(to);
        Stated {
            day: self.day.first_of(precision),
            precision,
        }
    }

    /// The first day of what is stated.
    pub(super) fn first_day(self) -> Stated {
        Stated {
            precision: Precision::Day,
            ..self
        }
    }

    /// What is stated of the day that many days after the middle of this.
    pub(super) fn shifted(self, days: i32) -> Result<Stated, Unparsable> {
        let moved = self.middle().plus(days).ok_or(Unparsable::Range)?;
        Ok(Stated {
            day: moved.first_of(self.precision),
            precision: self.precision,
        })
    }

    fn middle(self) -> Day {
        let after = match self.precision {
            Precision::Year => 182,
            Precision::Month => 14,
            Precision::Day => 0,
        };
        // Within the same year, so the calendar has it.
        self.day.plus(after).unwrap_or(self.day)
    }
}

/// As much as is stated, in digits.
impl fmt::Display for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Day(date) = self.day;
        write!(f, "{:04}", date.year())?;
        if self.precision >= Precision::Month {
            write!(f, "{:02}", u8::from(date.month()))?;
        }
        if self.precision >= Precision::Day {
            write!(f, "{:02}", date.day())?;
        }
        Ok(())
    }
}

impl Day {
    fn new(year: u16, month: u16, day: u16) -> Option<Day> {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let day = u8::try_from(day).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, day).ok()?;
        Day::of(date)
    }

    /// The calendar itself also has years before the first, which no value can hold.
    fn of(date: Date) -> Option<Day> {
        (1..=9999).contains(&date.year()).then_some(Day(date))
    }

    fn plus(self, days: i32) -> Option<Day> {
        Day::of(self.0.checked_add(Duration::days(i64::from(days)))?)
    }

    fn first_of(self, precision: Precision) -> Day {
        let Day(date) = self;
        Day(match precision {
            Precision::Year => date.replace_ordinal(1).unwrap_or(date),
            Precision::Month => date.replace_day(1).unwrap_or(date),
            Precision::Day => date,
        })
    }

    /// Days since a day long ago.
    pub(super) fn number(self) -> i32 {
        self.0.to_julian_day()
    }

    /// Whole years since an earlier day. Who was born on 29 February is a year older on 1 March.
    pub(super) fn years_since(self, earlier: Day) -> Option<u16> {
        let of_year = |Day(date): Day| (u8::from(date.month()), date.day());
        let before = i32::from(of_year(self) < of_year(earlier));
        u16::try_from(self.0.year() - earlier.0.year() - before).ok()
    }
}

/// Decimal digits as a number.
pub(super) fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0u16, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u16::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
