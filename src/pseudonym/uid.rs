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
