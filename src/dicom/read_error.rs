//! Why bytes could not be read as one DICOM instance.

use std::io;

/// A reading error: kind and place, never a value.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes do not look like DICOM at all.
    #[error("not a DICOM instance")]
    NotDicom,
    /// A DICOMDIR, by its file meta information.
    #[error("a DICOMDIR indexes the originals")]
    Dicomdir,
    /// An element claims more bytes than the file has.
    #[error("the file ends inside the element at byte {at}")]
    Truncated {
        /// Offset in bytes, counted in the data set as read.
        at: u64,
    },
    /// The structure is broken.
    #[error("{what} at byte {at}")]
    Malformed {
        /// What is broken.
        what: &'static str,
        /// Offset in bytes, counted in the data set as read.
        at: u64,
    },
    /// A limit was reached.
    #[error("more than the limit `{flag}` allows")]
    Limit {
        /// The command-line flag that sets the limit.
        flag: &'static str,
    },
    /// The transfer syntax is not one that PS3.5 or PS3.6 defines.
    #[error("unknown transfer syntax")]
    UnknownTransferSyntax,
    /// The operating system refused.
    #[error("reading failed: {0}")]
    Io(io::ErrorKind),
}

impl From<io::Error> for ReadError {
    fn from(e: io::Error) -> ReadError {
        ReadError::Io(e.kind())
    }
}
