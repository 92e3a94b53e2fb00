//! What a run tells: one outcome per input, totals, a line of JSON for each input, and the mapping of identifiers.

pub mod jsonl;
pub mod mapping;
pub mod outcome;
mod shown;
mod text_shown;
pub mod totals;

pub use jsonl::{Footer, Header, Report};
pub use mapping::Mapping;
pub use outcome::{Outcome, Record, Remark};
pub use totals::{PixelTotals, TextTotals, Totals};
