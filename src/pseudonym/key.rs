//! The secret behind every pseudonym, its file, and its subkeys.
//!
//! One secret, one subkey per purpose: a subkey that leaks, or a value that one purpose publishes, says nothing
//! about the others. The file is one line of text so that it survives mail, vaults and terminals, and it carries a
//! checksum because a damaged key would not fail, it would silently give other pseudonyms.

use std::fmt::{self, Write as _};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::Error;

/// First field of the file, and the salt of every derivation: a second format would be another key.
const FORMAT: &str = "samar-key-1";
/// Longest file that is read: a line and some blank space.
const LONGEST_FILE: u64 = 4096;

/// A 256-bit secret. Never printed; wiped when dropped.
pub struct Key([u8; 32]);

impl Key {
    /// Takes 32 bytes as the secret.
    pub const fn from_bytes(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// A fresh secret from the system's random numbers.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that may be random"
    )]
    pub fn generate() -> Result<Key, Error> {
        let mut key = Key([0; 32]);
        getrandom::fill(&mut key.0).map_err(|_| Error::NoRandom)?;
        Ok(key)
    }

    /// Reads a key file. Refuses a file that group or others can read, and one whose checksum does not hold.
    pub fn read(path: &Path) -> Result<Key, Error> {
        let failed = |source| Error::Io {
            doing: "read the key file",
            path: path.to_path_buf(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        // The mode of what was opened, not of what the name means a moment later.
        let mode = file.metadata().map_err(failed)?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(Error::KeyExposed {
                path: path.to_path_buf(),
                mode,
            });
        }
        let mut text = Zeroizing::new(String::with_capacity(LONGEST_FILE as usize + 1));
        match file.take(LONGEST_FILE + 1).read_to_string(&mut text) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::InvalidData => return Err(malformed(path)),
            Err(e) => return Err(failed(e)),
        }
        Key::parse(&text, path)
    }

    /// Writes the key to a new file of mode 0600. Never overwrites.
    pub fn write_new(&self, path: &Path) -> Result<(), Error> {
        let failed = |source: io::Error| {
            let path = path.to_path_buf();
            if source.kind() == io::ErrorKind::AlreadyExists {
                Error::KeyExists { path }
            } else {
                Error::Io {
                    doing: "write the key file",
                    path,
                    source,
                }
            }
        };
        let mut text = Zeroizing::new(String::with_capacity(128));
        push_hex(&mut text, &self.0);
        let line = Zeroizing::new(format!("{FORMAT}:{}:{}\n", *text, checksum(&self.0)));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        file.write_all(line.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|source| {
                // A half-written key file would only be in the way of the next attempt.
                let _ = std::fs::remove_file(path);
                failed(source)
            })
    }

    /// Derives the subkey of one purpose (`uid`, `patient`, `accession`, `date`, `report`) by HKDF-SHA256.
    ///
    /// # Panics
    /// Never: 32 bytes are within what HKDF-SHA256 gives.
    pub fn subkey(&self, purpose: &str) -> [u8; 32] {
        let mut subkey = [0; 32];
        Hkdf::<Sha256>::new(Some(FORMAT.as_bytes()), &self.0)
            .expand(purpose.as_bytes(), &mut subkey)
            .expect("HKDF-SHA256 gives up to 8,160 bytes");
        subkey
    }

    /// Sixteen hex digits that tell keys apart and say nothing about the secret.
    pub fn fingerprint(&self) -> String {
        let mut text = String::with_capacity(16);
        push_hex(&mut text, &self.subkey("fingerprint")[..8]);
        text
    }

    fn parse(text: &str, path: &Path) -> Result<Key, Error> {
        let mut fields = text.trim_ascii().split(':');
        let (Some(FORMAT), Some(secret), Some(sum), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(malformed(path));
        };
        let mut key = Key([0; 32]);
        if secret.len() != 64 {
            return Err(malformed(path));
        }
        for (byte, digits) in key.0.iter_mut().zip(secret.as_bytes().chunks_exact(2)) {
            *byte = unhex(digits).ok_or_else(|| malformed(path))?;
        }
        if sum != checksum(&key.0) {
            return Err(Error::KeyChecksum {
                path: path.to_path_buf(),
            });
        }
        Ok(key)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(<withheld>)")
    }
}

fn malformed(path: &Path) -> Error {
    Error::KeyMalformed {
        path: path.to_path_buf(),
    }
}

/// Eight hex digits over format and secret; enough for a slip of the hand, useless against a thief.
fn checksum(secret: &[u8; 32]) -> String {
    let digest = Sha256::new()
        .chain_update(FORMAT)
        .chain_update(secret)
        .finalize();
    let mut text = String::with_capacity(8);
    push_hex(&mut text, &digest[..4]);
    text
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
}

fn unhex(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    // `from_str_radix` would take a sign.
    digits
        .iter()
        .all(u8::is_ascii_hexdigit)
        .then(|| u8::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_file_gives_back_the_key_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let key = Key::generate().unwrap();
        key.write_new(&path).unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        let again = Key::read(&path).unwrap();
        assert_eq!(again.subkey("uid"), key.subkey("uid"));
        assert_eq!(again.fingerprint(), key.fingerprint());
        let line = std::fs::read_to_string(&path).unwrap();
        assert!(!line.contains(&key.fingerprint()));
        assert!(matches!(key.write_new(&path), Err(Error::KeyExists { .. })));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), line);
    }

    #[test]
    fn what_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        Key::from_bytes([7; 32]).write_new(&path).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o644] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(Key::read(&path), Err(Error::KeyExposed { .. })),
                "{mode:o}"
            );
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert!(Key::read(&path).is_ok());
    }

    #[test]
    fn a_changed_digit_is_noticed() {
        let good = {
            let mut text = String::new();
            push_hex(&mut text, &[7; 32]);
            format!("{FORMAT}:{text}:{}", checksum(&[7; 32]))
        };
        let parse = |text: &str| Key::parse(text, Path::new("k"));
        assert!(parse(&good).is_ok());
        assert!(parse(&format!("  {good}\r\n")).is_ok());
        assert!(matches!(
            parse(&good.replacen("07", "08", 1)),
            Err(Error::KeyChecksum { .. })
        ));
        for bad in [
            "",
            "samar-key-1",
            &good[1..],
            &good.replacen("07", "+7", 1),
            &format!("{good}:"),
        ] {
            assert!(
                matches!(parse(bad), Err(Error::KeyMalformed { .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn purposes_give_unrelated_subkeys_and_nothing_prints_the_secret() {
        let key = Key::from_bytes([7; 32]);
        assert_ne!(key.subkey("uid"), key.subkey("patient"));
        assert_ne!(key.subkey("uid"), Key::from_bytes([8; 32]).subkey("uid"));
        assert_ne!(key.subkey("uid"), [7; 32]);
        assert_eq!(format!("{key:?}"), "Key(<withheld>)");
    }

    /// Published pseudonyms depend on these bytes: they may never change.
    #[test]
    fn derivation_is_pinned() {
        let mut text = String::new();
        push_hex(&mut text, &Key::from_bytes([7; 32]).subkey("uid"));
        assert_eq!(
            text,
            "c8ab97eb8a441dbbfe4420a14b662e273a8a9b01dda2b747827ef994660bfd78"
        );
    }
}
