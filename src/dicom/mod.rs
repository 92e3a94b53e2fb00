//! DICOM as bytes: the tape that walks a file, the edits that rewrite it, and typed views of values.

pub mod charset;
pub mod deflate;
pub mod edit;
pub mod encode;
pub mod instance;
pub mod limits;
pub mod part;
pub mod read_error;
pub mod source;
pub mod spool;
pub mod syntax;
pub mod tag;
pub mod tape;
pub mod value;
pub mod vr;
mod walk;
mod window;

pub use edit::Edits;
pub use instance::{Instance, Scratch};
pub use limits::Limits;
pub use part::{Backing, Part, Rewrite};
pub use read_error::ReadError;
pub use source::{ReadAt, Source};
pub use spool::{NoRoom, Room, Spool};
pub use syntax::{Encoding, TransferSyntax};
pub use tag::Tag;
pub use tape::{Element, Flags, Tape};
pub use vr::Vr;
pub use window::Hole;
