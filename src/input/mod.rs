//! What a run reads: the files under the named inputs, in one order that depends on nothing but their paths.

pub mod list;
pub mod open;
pub mod place;
pub mod walk;

pub use open::{Input, open_regular};
pub use walk::{Entry, Inputs, Kind};
