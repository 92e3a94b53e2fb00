//! What can be wrong with a profile that was loaded, when it meets a key.

use crate::pseudonym::uid::UidRootError;

/// Why a profile cannot be put to work.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The root of new UIDs is not one.
    #[error("the root of new UIDs cannot be used: {0}")]
    UidRoot(#[from] UidRootError),
    /// The profile names a subject table, and none was given.
    #[error("the profile's subject table was not read")]
    NoSubjects,
}
