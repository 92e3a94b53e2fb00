//! HMAC-SHA256 with the key schedule done once.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A keyed function from bytes to 256 bits.
#[derive(Clone)]
pub(crate) struct Keyed(Hmac<Sha256>);

impl Keyed {
    pub(crate) fn new(subkey: [u8; 32]) -> Keyed {
        // HMAC's own key is a block of 64 bytes; a shorter one is padded with zeros (RFC 2104).
        let mut block = [0; 64];
        block[..32].copy_from_slice(&subkey);
        Keyed(Hmac::<Sha256>::new(&block.into()))
    }

    /// 256 bits over the parts, each prefixed by its length so that no two lists collide.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The first 128 bits of the digest.
    pub(crate) fn bits(&self, parts: &[&[u8]]) -> u128 {
        first_bits(&self.digest(parts))
    }
}

/// The first 128 bits of a digest as a number.
pub(crate) fn first_bits(digest: &[u8; 32]) -> u128 {
    let mut first = [0u8; 16];
    first.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(first)
}

impl std::fmt::Debug for Keyed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<withheld>")
    }
}
