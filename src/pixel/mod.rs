//! Pixel data: how large it must be, whether anything but an image is in it, and what a viewer would show.

pub mod codestream;
pub mod frames;
pub mod geometry;
pub mod render;

pub use codestream::{Family, Finding, family, inspect};
pub use geometry::{Geometry, GeometryError};
