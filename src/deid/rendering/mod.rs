//! What a viewer makes of the stored samples of a frame: modality LUT, VOI LUT or window, palette, colour space (PS3.3
//! sections C.7.6.3 and C.11).

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "shades are rounded to 8 bits, and clamped first"
)]

mod attributes;
mod colour;
mod grey;
mod lut;
mod palette;
mod seen;

pub use colour::{Colours, colours};
pub use grey::{Range, shades};
pub(super) use palette::darkest;
pub(super) use seen::seen;
