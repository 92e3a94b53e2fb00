//! Profiles.

/// A compiled profile.
#[derive(Debug)]
pub struct Profile {
    /// Name of the profile.
    pub name: String,
    /// SHA-256 of the profile's source and of all it extends.
    pub sha256: [u8; 32],
}
