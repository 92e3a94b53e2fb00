//! UID pseudonyms: `2.25.` and 128 keyed bits (PS3.5 section B.2).

use super::key::Key;
use super::mac::Keyed;
use crate::dicom::value::trim;

/// Maps old UIDs to new ones: one old UID gives one new UID, in every file, run and machine that has the key.
#[derive(Clone, Debug)]
pub struct Uids(Keyed);

impl Uids {
    /// Derives the purpose's subkey.
    pub fn new(key: &Key) -> Uids {
        Uids(Keyed::new(key.subkey("uid")))
    }

    /// The new UID of an old one, padding not counted. 64 characters at most.
    pub fn map(&self, old: &[u8]) -> String {
        format!("2.25.{}", self.0.bits(&[trim(old)]))
    }
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
}
