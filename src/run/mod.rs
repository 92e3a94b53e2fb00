//! Run.
pub mod process;
pub use process::process;
