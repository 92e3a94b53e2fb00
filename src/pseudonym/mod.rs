//! Pseudonyms: pure functions of a subkey and a canonical value.

pub mod key;

pub use key::Key;
