//! How far the dates of each patient move.

use std::ops::RangeInclusive;

use crate::dicom::charset::Charset;
use crate::pseudonym::id::PatientIdentity;
use crate::pseudonym::key::Key;
use crate::pseudonym::mac::{Keyed, first_bits};

/// One number of days per patient, by the key: all dates of a patient move together, so that intervals stay.
#[derive(Clone, Debug)]
pub struct Shifts {
    keyed: Keyed,
    first: i32,
    last: i32,
}

impl Shifts {
    /// Derives the purpose's subkey. The order of the range's ends does not matter.
    pub fn new(key: &Key, days: RangeInclusive<i32>) -> Shifts {
        let (one, other) = days.into_inner();
        Shifts {
            keyed: Keyed::new(key.subkey("date")),
            first: one.min(other),
            last: one.max(other),
        }
    }

    /// Days of one patient: each of the range equally likely, 0 only where the range has nothing else.
    ///
    /// The identity is the one that gives the patient's pseudonym, in all its spellings.
    pub fn days(&self, identity: PatientIdentity<'_>, charset: Charset) -> i32 {
        self.pick(first_bits(&identity.digest(&self.keyed, charset)))
    }

    /// Days of a subject whose pseudonym a table gives: the same, whichever of its IDs an instance has.
    pub fn days_of_subject(&self, pseudonym: &str) -> i32 {
        self.pick(self.keyed.bits(&[b"subject", pseudonym.trim().as_bytes()]))
    }

    /// Of at most 2^32 choices none is likelier than another by more than one part in 2^96.
    fn pick(&self, bits: u128) -> i32 {
        let (first, last) = (i64::from(self.first), i64::from(self.last));
        let has_zero = first <= 0 && last >= 0 && first < last;
        let choices = last - first + 1 - i64::from(has_zero);
        // Positive and below 2^33, so neither conversion changes it.
        let choice = (bits % choices.unsigned_abs().max(1) as u128) as i64;
        let days = first + choice;
        let days = if has_zero && days >= 0 {
            days + 1
        } else {
            days
        };
        // Within the range, whose ends are of this type.
        days as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn shifts(days: RangeInclusive<i32>) -> Shifts {
        Shifts::new(&Key::from_bytes([7; 32]), days)
    }

    /// How often each day comes among so many subjects.
    fn spread(days: RangeInclusive<i32>, subjects: u32) -> BTreeMap<i32, u32> {
        let shifts = shifts(days);
        let mut spread = BTreeMap::new();
        for subject in 0..subjects {
            *spread
                .entry(shifts.days_of_subject(&subject.to_string()))
                .or_default() += 1;
        }
        spread
    }

    #[test]
    fn every_day_but_zero_is_equally_likely() {
        let even = spread(-3..=3, 60_000);
        assert_eq!(
            even.keys().copied().collect::<Vec<_>>(),
            [-3, -2, -1, 1, 2, 3]
        );
        // The standard deviation is about 91.
        assert!(even.values().all(|n| n.abs_diff(10_000) < 500), "{even:?}");
        assert_eq!(spread(0..=1, 100), BTreeMap::from([(1, 100)]));
        assert_eq!(spread(-1..=0, 100), BTreeMap::from([(-1, 100)]));
        assert_eq!(spread(5..=7, 1000).len(), 3);
        assert_eq!(spread(-9..=-8, 1000).len(), 2);
    }

    #[test]
    fn a_range_of_one_day_is_that_day() {
        assert_eq!(spread(0..=0, 3), BTreeMap::from([(0, 3)]));
        assert_eq!(spread(-40..=-40, 3), BTreeMap::from([(-40, 3)]));
    }

    #[test]
    fn the_ends_may_be_anywhere() {
        for subject in ["a", "b", "c"] {
            assert_ne!(shifts(i32::MIN..=i32::MAX).days_of_subject(subject), 0);
            #[expect(
                clippy::reversed_empty_ranges,
                reason = "a slip of the profile's author"
            )]
            let reversed = shifts(-1..=-365);
            assert_eq!(
                reversed.days_of_subject(subject),
                shifts(-365..=-1).days_of_subject(subject)
            );
        }
    }

    /// A changed shift would tear a patient's dates apart.
    #[test]
    fn shifts_never_change() {
        let shifts = shifts(-365..=-1);
        let latin = Charset::default();
        let id = |id: &'static [u8]| PatientIdentity::Id { id, issuer: b"" };
        let days = [
            shifts.days(id(b"MRN-0815-42"), latin),
            shifts.days(id(b" mrn-0815-42 "), latin),
            shifts.days(PatientIdentity::Name(b"Quill^Anna^"), latin),
            shifts.days(PatientIdentity::Study(b"1.2.3"), latin),
            shifts.days_of_subject("CHX-0001"),
        ];
        assert_eq!(days, [-96, -96, -151, -14, -152]);
    }
}
