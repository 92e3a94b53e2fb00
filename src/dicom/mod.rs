//! DICOM as bytes: the tape that walks a file, the edits that rewrite it, and typed views of values.

pub mod limits;
pub mod source;
pub mod tag;
pub mod vr;

pub use limits::Limits;
pub use source::Source;
pub use tag::Tag;
pub use vr::Vr;
