//! Pixel data: what an inspection of compressed frames lets through and what it stops, on frames built byte by byte
//! and on real files; what a viewer would show; the second reader.

// Helpers outside test functions may fail the test too.
#![allow(clippy::unwrap_used, clippy::trivially_copy_pass_by_ref)]
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod build;
mod corpus;
mod jpeg;
mod jpeg2000;
mod jpegxl;
mod others;
mod reading;
mod strip;
mod strip_law;
