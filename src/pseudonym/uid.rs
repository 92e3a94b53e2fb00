//! UID pseudonyms: `2.25.` and 128 keyed bits (PS3.5 section B.2), or a site's own root and as many digits as fit.

use super::key::Key;
use super::mac::Keyed;
use super::wide::Wide;
use crate::dicom::value::trim;

/// Longest UID (PS3.5 section 9.1).
const LONGEST: usize = 64;
/// Digits behind a site's root: as many as 128 bits have, and never fewer than 99 bits.
const DIGITS: std::ops::RangeInclusive<usize> = 30..=39;
/// Longest root: it leaves room for a dot and the fewest digits.
const LONGEST_ROOT: usize = LONGEST - 1 - *DIGITS.start();
/// The root of DICOM's own UIDs.
const DICOM: &str = "1.2.840.10008";

/// Maps old UIDs to new ones: one old UID gives one new UID, in every file, run and machine that has the key.
#[derive(Clone, Debug)]
pub struct Uids {
    keyed: Keyed,
    /// What every new UID begins with, the dot included.
    prefix: String,
    /// How many digits follow a site's root.
    digits: Option<usize>,
}

/// Why a UID root cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UidRootError {
    /// It is not two or more numbers with dots between them.
    #[error("a UID root is two or more numbers with dots between them")]
    Form,
    /// A number begins with a zero.
    #[error("a number of the UID root begins with a zero")]
    LeadingZero,
    /// The first number is above 2, or the second above 39 where it may not be.
    #[error("no UID begins like this UID root")]
    Arc,
    /// Fewer than 30 digits would fit behind it.
    #[error("the UID root is longer than {LONGEST_ROOT} characters")]
    Long,
    /// It is DICOM's own.
    #[error("the UID root belongs to the DICOM standard")]
    Standard,
    /// It is the root of UUIDs.
    #[error("`2.25` is the root of UUIDs, and no site's own")]
    Uuid,
}

impl UidRootError {
    /// What the user can do about it.
    pub const fn help(self) -> &'static str {
        match self {
            UidRootError::Form | UidRootError::Arc => {
                "write a root such as `1.2.826.0.1.3680043.10.99`, without a dot at its end"
            }
            UidRootError::LeadingZero => "only the number `0` itself begins with a zero",
            UidRootError::Long => "take a shorter root; at least 30 digits have to fit behind it",
            UidRootError::Standard => "take the root that was given to your organisation",
            UidRootError::Uuid => "leave the root out: new UIDs are then made under `2.25`",
        }
    }
}

impl Uids {
    /// New UIDs under `2.25.`, with the purpose's subkey.
    pub fn new(key: &Key) -> Uids {
        Uids {
            keyed: Keyed::new(key.subkey("uid")),
            prefix: "2.25.".to_owned(),
            digits: None,
        }
    }

    /// New UIDs under a site's root, or under `2.25.` where there is none.
    pub fn with_root(key: &Key, root: Option<&str>) -> Result<Uids, UidRootError> {
        let uids = Uids::new(key);
        let Some(root) = root else { return Ok(uids) };
        check_root(root)?;
        let prefix = format!("{root}.");
        let room = LONGEST - prefix.len();
        Ok(Uids {
            digits: Some(room.min(*DIGITS.end())),
            prefix,
            ..uids
        })
    }

    /// What every new UID begins with, the dot included.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The new UID of an old one, padding not counted. 64 characters at most.
    pub fn map(&self, old: &[u8]) -> String {
        let parts = [trim(old)];
        let Some(digits) = self.digits else {
            return format!("{}{}", self.prefix, self.keyed.bits(&parts));
        };
        let mut number = Wide::new(self.keyed.digest(&parts));
        let mut new = self.prefix.clone();
        new.push(char::from(b'1' + number.take(9)));
        new.extend((1..digits).map(|_| char::from(b'0' + number.take(10))));
        new
    }
}

/// Whether a text can be the root of new UIDs.
pub fn check_root(root: &str) -> Result<(), UidRootError> {
    let arcs: Vec<&str> = root.split('.').collect();
    let is_number = |arc: &&str| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit());
    if arcs.len() < 2 || !arcs.iter().all(is_number) {
        return Err(UidRootError::Form);
    }
    if arcs.iter().any(|arc| arc.len() > 1 && arc.starts_with('0')) {
        return Err(UidRootError::LeadingZero);
    }
    // ISO/IEC 9834-1: below 0 and 1 there are forty arcs, below 2 any number.
    let is_arc = match arcs.as_slice() {
        ["0" | "1", second, ..] => second.parse::<u8>().is_ok_and(|second| second < 40),
        ["2", ..] => true,
        _ => false,
    };
    if !is_arc {
        return Err(UidRootError::Arc);
    }
    if let Some(rest) = root.strip_prefix(DICOM)
        && (rest.is_empty() || rest.starts_with('.'))
    {
        return Err(UidRootError::Standard);
    }
    if root == "2.25" {
        return Err(UidRootError::Uuid);
    }
    if root.len() > LONGEST_ROOT {
        return Err(UidRootError::Long);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What has once been handed out must come out again in every later version: a changed value here breaks every
    /// site's studies in two.
    #[test]
    fn new_uids_never_change() {
        let uids = Uids::new(&Key::from_bytes([7; 32]));
        assert_eq!(
            uids.map(b"1.2.826.0.1.3680043.9.1.1"),
            "2.25.73413434843187169316724075498262111372"
        );
        assert_eq!(
            uids.map(b"1.2.3\0"),
            "2.25.167655079037868766930694489629410532778"
        );
        assert_eq!(
            uids.map(b""),
            "2.25.156690892195210874368493375928998227389"
        );
    }

    #[test]
    fn new_uids_under_a_root_never_change() {
        let key = Key::from_bytes([7; 32]);
        let map = |root: &str| Uids::with_root(&key, Some(root)).unwrap().map(b"1.2.3");
        insta::assert_snapshot!(map("1.2.826.0.1.3680043.10.99"), @"1.2.826.0.1.3680043.10.99.99264030141697181327818717185519199362");
        insta::assert_snapshot!(map("1.2.826.0.1.3680043.10.999.12345"), @"1.2.826.0.1.3680043.10.999.12345.9926403014169718132781871718551");
        assert_eq!(
            Uids::with_root(&key, None).unwrap().map(b"1.2.3"),
            Uids::new(&key).map(b"1.2.3")
        );
    }

    #[test]
    fn a_root_leaves_room_for_thirty_digits() {
        let key = Key::from_bytes([7; 32]);
        let digits = |root: &str| {
            let uids = Uids::with_root(&key, Some(root))?;
            assert_eq!(uids.prefix(), format!("{root}."));
            let new = uids.map(b"1.2.3");
            let number = new.strip_prefix(uids.prefix()).unwrap();
            assert!(!number.starts_with('0') && new.len() <= 64);
            Ok(number.len())
        };
        assert_eq!(digits("1.2"), Ok(39));
        assert_eq!(digits("2.999"), Ok(39));
        assert_eq!(digits("1.2.826.0.1.3680043.1.1"), Ok(39));
        assert_eq!(digits("1.2.826.0.1.3680043.10.999.1"), Ok(35));
        assert_eq!(digits("1.2.826.0.1.3680043.10.999.123456"), Ok(30));
        assert_eq!(
            digits("1.2.826.0.1.3680043.10.999.1234567"),
            Err(UidRootError::Long)
        );
    }

    #[test]
    fn what_is_no_root_is_refused() {
        for (root, why) in [
            ("", UidRootError::Form),
            ("1", UidRootError::Form),
            ("1.2.", UidRootError::Form),
            (".1.2", UidRootError::Form),
            ("1..2", UidRootError::Form),
            ("1.2.a", UidRootError::Form),
            ("1.2.+3", UidRootError::Form),
            ("1.02.3", UidRootError::LeadingZero),
            ("01.2.3", UidRootError::LeadingZero),
            ("1.40.3", UidRootError::Arc),
            ("3.1", UidRootError::Arc),
            ("1.2.840.10008", UidRootError::Standard),
            ("1.2.840.10008.9", UidRootError::Standard),
            ("2.25", UidRootError::Uuid),
        ] {
            let refused = check_root(root).unwrap_err();
            assert_eq!(refused, why, "{root}");
            assert!(!refused.help().is_empty());
        }
        assert_eq!(check_root("1.2.840.100080.1"), Ok(()));
        assert_eq!(check_root("0.0"), Ok(()));
    }

    /// Memory: 160 MB. `cargo test --release --lib ten_million_uids -- --ignored`
    #[test]
    #[ignore = "takes seconds in release and a minute otherwise"]
    fn ten_million_uids() {
        use std::fmt::Write as _;
        let key = Key::from_bytes([7; 32]);
        for root in [None, Some("1.2.826.0.1.3680043.10.999.123456")] {
            let uids = Uids::with_root(&key, root).unwrap();
            let mut old = String::new();
            let mut new: Vec<u128> = (0..10_000_000u32)
                .map(|i| {
                    old.clear();
                    write!(old, "1.2.826.0.1.3680043.9.{}.{i}", i % 7).unwrap();
                    let new = uids.map(old.as_bytes());
                    new[uids.prefix().len()..].parse().unwrap()
                })
                .collect();
            new.sort_unstable();
            assert!(new.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
