//! pixel.
