//! Pixel data: how large it must be, whether anything but an image is in it, and what a viewer would show.

pub mod bits;
pub mod codec;
pub mod codestream;
pub mod detect;
pub mod frames;
pub mod geometry;
pub mod mask;
pub mod native;
pub mod picture;
pub mod render;
pub mod strip;

pub use codestream::{Family, Finding, family, inspect};
pub use geometry::{Geometry, GeometryError};
pub use strip::{StripError, strip};
