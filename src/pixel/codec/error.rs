//! Why a codestream cannot be changed.

use thiserror::Error;

/// Why a codec refuses. The words name a kind of structure and never content.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CodecError {
    /// The codestream does not follow its standard, or ends early.
    #[error("the codestream is damaged: {0}")]
    Malformed(&'static str),
    /// Lawful, but no code here can write it again as it was.
    #[error("the codestream cannot be written again: {0}")]
    Unsupported(&'static str),
    /// What was written does not decode to what it should.
    #[error("the blanked codestream does not read back as it should: {0}")]
    Differs(&'static str),
}
