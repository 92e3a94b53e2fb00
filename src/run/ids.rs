//! Opaque ids: how an input is called where its name must not be shown.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::pseudonym::Key;
use crate::report::jsonl::hex;

/// Makes an id from an input's relative path: keyed, for a path is guessable where it holds a name or a number.
#[derive(Clone)]
pub struct Ids(Hmac<Sha256>);

impl Ids {
    /// Uses the key's subkey for reports.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn new(key: &Key) -> Ids {
        Ids(Hmac::new_from_slice(&key.subkey("report")).expect("HMAC takes a key of any length"))
    }

    /// Sixteen hex digits.
    pub fn id(&self, relative: &Path) -> String {
        let mut mac = self.0.clone();
        mac.update(relative.as_os_str().as_bytes());
        let tag = mac.finalize().into_bytes();
        hex(tag.get(..8).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_path_and_key() {
        let ids = Ids::new(&Key::from_bytes([1; 32]));
        let id = ids.id(Path::new("a/b"));
        assert_eq!(id.len(), 16);
        assert_eq!(id, ids.id(Path::new("a/b")));
        assert_ne!(id, ids.id(Path::new("a/c")));
        assert_ne!(id, Ids::new(&Key::from_bytes([2; 32])).id(Path::new("a/b")));
    }
}
