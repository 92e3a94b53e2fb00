//! Pseudonyms: pure functions of a subkey and a canonical value.

pub mod id;
pub mod key;
mod mac;
pub mod uid;

pub use id::{Ids, PatientIdentity};
pub use key::Key;
pub use uid::Uids;
