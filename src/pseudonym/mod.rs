//! Pseudonyms: pure functions of a subkey and a canonical value.

pub mod date;
pub(crate) mod folder;
pub mod format;
pub mod id;
pub mod key;
mod mac;
pub mod number;
pub mod subjects;
pub mod uid;
mod wide;

pub use date::Shifts;
pub use format::{Format, FormatError};
pub use id::{Ids, Named, PatientIdentity, canonical};
pub use key::Key;
pub use subjects::{Subject, Subjects};
pub use uid::{UidRootError, Uids};
