//! Dates: whatever the patient and the value, intervals and order stay, and nothing that can be read is left behind.

use proptest::collection::vec;
use proptest::prelude::*;
use samar::dicom::charset::Charset;
use samar::dicom::vr::Vr;
use samar::pseudonym::date::{
    Precision, Shifts, Unparsable, cap_age, days_between, is_well_formed, round, shift, truncate,
    years_between,
};
use samar::pseudonym::{Key, PatientIdentity};

use super::cases;

const CASES: u32 = 100_000;

/// A day of the years 1 to 9999, most often of a patient's lifetime.
fn day() -> impl Strategy<Value = String> {
    let year = prop_oneof![4 => 1900u16..2100, 1 => 1u16..=9999];
    (year, 1u16..=12, 1u16..=31).prop_map(|(year, month, day)| {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + u16::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        format!("{year:04}{month:02}{:02}", day.min(last))
    })
}

/// What may stand behind the day in a DT.
fn rest() -> impl Strategy<Value = String> {
    let time = prop_oneof![
        Just(String::new()),
        (0u8..24).prop_map(|h| format!("{h:02}")),
        (0u8..24, 0u8..60).prop_map(|(h, m)| format!("{h:02}{m:02}")),
        (0u8..24, 0u8..60, 0u8..=60).prop_map(|(h, m, s)| format!("{h:02}{m:02}{s:02}")),
        (0u8..24, 0u8..60, 0u8..=60, 0u32..1_000_000)
            .prop_map(|(h, m, s, f)| format!("{h:02}{m:02}{s:02}.{f:06}")),
    ];
    let zone = proptest::sample::select(vec!["", "+0000", "+0700", "+1400", "-0330", "-1200"]);
    (time, zone).prop_map(|(time, zone)| time + zone)
}

fn shifted(vr: Vr, value: &str, days: i32) -> Result<String, Unparsable> {
    shift(vr, value.as_bytes(), days).map(|value| String::from_utf8(value).unwrap())
}

fn between(from: &str, to: &str) -> i32 {
    days_between(from.as_bytes(), to.as_bytes()).unwrap()
}

/// Text that is nearly a date.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    vec(
        proptest::sample::select(&b"0123456789012345678920240101-+.:/\\ \0YMDWeE\xC3"[..]),
        0..40,
    )
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn intervals_and_order_of_a_patient_are_kept(
        key in any::<[u8; 32]>(), id in "[A-Z0-9]{1,8}", one in day(), other in day(), first in -4000i32..0, last in 1i32..4000,
    ) {
        let shifts = Shifts::new(&Key::from_bytes(key), first..=last);
        let identity = |id| PatientIdentity::Id { id, issuer: b"" };
        let days = shifts.days(identity(id.as_bytes()), Charset::default());
        let again = shifts.days(identity(format!(" {} ", id.to_lowercase()).as_bytes()), Charset::default());
        prop_assert_eq!(days, again);
        prop_assert!((first..=last).contains(&days) && days != 0);
        let (Ok(new), Ok(new_other)) = (shifted(Vr::DA, &one, days), shifted(Vr::DA, &other, days)) else {
            // Only the ends of the calendar are out of reach.
            let near = |day: &String| between("00010101", day) < 4000 || between(day, "99991231") < 4000;
            prop_assert!(near(&one) || near(&other));
            return Ok(());
        };
        prop_assert_eq!(between(&one, &new), days);
        prop_assert_eq!(between(&one, &other), between(&new, &new_other));
        prop_assert_eq!(one.cmp(&other), new.cmp(&new_other));
    }

    #[test]
    fn a_shift_can_be_undone(one in day(), other in day(), rest in rest(), days in -40_000i32..40_000) {
        let datetime = format!("{one}{rest}");
        let values = format!("{datetime}\\\\{other}{rest}-{one}{rest}\\{other}");
        if let Ok(new) = shifted(Vr::DT, &values, days) {
            prop_assert_eq!(new.len(), values.len());
            prop_assert_eq!(&shifted(Vr::DT, &new, -days).unwrap(), &values);
            // The same days as in a DA, and the time of day as it was.
            let date = shifted(Vr::DA, &one, days).unwrap();
            prop_assert_eq!(&new[..8], &date);
            prop_assert_eq!(&new[8..datetime.len()], &rest);
        }
        let values = format!("{one}\\{other}-\\-{one}\\\\{one}-{other}");
        if let Ok(new) = shifted(Vr::DA, &values, days) {
            prop_assert_eq!(&shifted(Vr::DA, &new, -days).unwrap(), &values);
        }
    }

    #[test]
    fn every_form_of_a_date_moves_alike(one in day(), days in -4000i32..4000, left in 0usize..3, right in 0usize..3) {
        let wanted = shifted(Vr::DA, &one, days);
        for separator in [".", "-", "/"] {
            let legacy = [&one[..4], &one[4..6], &one[6..]].join(separator);
            prop_assert_eq!(&shifted(Vr::DA, &legacy, days), &wanted);
            let padded = format!("{}{legacy}{}", " ".repeat(left), "\0".repeat(right));
            prop_assert_eq!(&shifted(Vr::DA, &padded, days), &wanted);
            let range = shifted(Vr::DA, &format!("{legacy}-{one}"), days);
            prop_assert_eq!(range, wanted.clone().map(|new| format!("{new}-{new}")));
        }
    }

    #[test]
    fn partial_dates_keep_precision_and_order(one in day(), other in day(), len in proptest::sample::select(vec![4, 6]), days in -4000i32..4000) {
        let (one, other) = (&one[..len], &other[..len]);
        if let (Ok(new), Ok(new_other)) = (shifted(Vr::DT, one, days), shifted(Vr::DT, other, days)) {
            prop_assert_eq!(new.len(), len);
            if one <= other { prop_assert!(new <= new_other) } else { prop_assert!(new >= new_other) }
            prop_assert_eq!(shifted(Vr::DA, one, days), Ok(new));
        }
    }

    #[test]
    fn what_is_cut_is_gone(one in day(), rest in rest()) {
        let cut = |vr, text: &str, to| String::from_utf8(truncate(vr, text.as_bytes(), to).unwrap()).unwrap();
        let datetime = format!("{one}{rest}");
        for (to, len) in [(Precision::Year, 4), (Precision::Month, 6), (Precision::Day, 8)] {
            prop_assert_eq!(&cut(Vr::DT, &datetime, to), &one[..len]);
            prop_assert_eq!(cut(Vr::DA, &one, to), format!("{}{}", &one[..len], &"0101"[len - 4..]));
        }
    }

    #[test]
    fn years_are_those_of_birthdays(birth in day(), on in day()) {
        let years = years_between(birth.as_bytes(), on.as_bytes());
        prop_assert_eq!(years.is_some(), birth <= on);
        if let Some(years) = years {
            let days = f64::from(between(&birth, &on));
            let estimate = days / 365.2425;
            prop_assert!((f64::from(years) - estimate).abs() < 1.01);
        }
    }

    #[test]
    fn nothing_panics_and_what_comes_out_is_well_formed(
        value in prop_oneof![nearly(), vec(any::<u8>(), 0..40)], vr in proptest::sample::select(Vr::ALL), days in any::<i32>(), cap in 0u16..999,
        to in any::<f64>(),
    ) {
        let outcomes = [
            shift(vr, &value, days),
            truncate(vr, &value, Precision::Month),
            cap_age(&value, cap),
            round(vr, &value, to),
        ];
        let well_formed = |outcome: &Result<Vec<u8>, _>, vr| outcome.as_ref().is_ok_and(|new| !is_well_formed(vr, new));
        prop_assert!(!well_formed(&outcomes[0], vr));
        prop_assert!(!well_formed(&outcomes[1], vr));
        prop_assert!(!well_formed(&outcomes[2], Vr::AS));
        prop_assert_eq!(truncate(vr, &value, Precision::Day).is_ok(), is_well_formed(vr, &value) && vr != Vr::AS);
        let _ = (days_between(&value, b"20240101"), years_between(&value, b"20240101"));
        // Nothing but dates, times and ages comes out, whatever went in.
        for new in outcomes.iter().flatten() {
            prop_assert!(new.iter().all(|b| b.is_ascii_digit() || b"-+.:\\YMWDe".contains(b)));
        }
    }

    #[test]
    fn rounded_numbers_are_multiples_nearby(number in -1_000_000i32..1_000_000, to in 1u16..500) {
        let new = round(Vr::IS, number.to_string().as_bytes(), f64::from(to)).unwrap();
        let new: i32 = String::from_utf8(new).unwrap().parse().unwrap();
        prop_assert_eq!(new % i32::from(to), 0);
        prop_assert!((new - number).abs() * 2 <= i32::from(to));
    }
}
