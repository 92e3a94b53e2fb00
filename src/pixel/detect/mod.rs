//! Text that is burned into an image, found by a small network in what a viewer could show of the image.
//!
//! Each image is seen in several grey views (`views`), so that text hides in no window. What surely holds no text is
//! not looked at (`gate`). The network (`model`) marks where lines of text stand, tile by tile (`tiles`), and
//! the marks become boxes (`boxes`). Nothing reads what the text says.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides of images and shades of grey are small, and none is negative where it is cast"
)]

mod boxes;
mod change;
mod colour;
mod covered;
mod detector;
mod gate;
mod layers;
mod levels;
mod map;
mod model;
mod parts;
mod seen;
mod settings;
mod tiles;
mod views;
mod wire;

pub use detector::Detector;
pub use layers::Layers;
pub use model::ModelInfo;
pub use seen::{Grey, Pixels, Samples, Seen, Window};
pub use settings::Settings;

use super::mask::Rect;

/// A place where text was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The place, widened so that the first and the last letter are in it.
    pub rect: Rect,
    /// How sure the network is, 0 to 1.
    pub score: f32,
}

/// What was found in one image. Both lists are sorted by place: row, then column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// Text: scores at or above [`Settings::accept`].
    pub text: Vec<Found>,
    /// Could be text: scores between [`Settings::unsure`] and [`Settings::accept`].
    pub unsure: Vec<Found>,
}

/// Why nothing can be said of an image. Such an image must not pass as one without text.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// The bytes are no model that can be run.
    #[error(
        "the text model cannot be loaded: {reason}\nhelp: give an ONNX file of a text detector of the DBNet kind"
    )]
    Unloadable {
        /// What the library says, of the model alone.
        reason: String,
    },
    /// The model is one, but not one that takes an image and gives a map.
    #[error(
        "the text model has {what}\nhelp: it must take one image, `N x 1 x H x W` or `N x 3 x H x W`, and give one map, `N x 1 x h x w`"
    )]
    Shape {
        /// What does not fit.
        what: &'static str,
    },
    /// The model failed on an image.
    #[error(
        "the text model failed: {reason}\nhelp: try another model, or leave `--text-model` out"
    )]
    Failed {
        /// What the library says, of the model alone.
        reason: String,
    },
    /// The samples are not as many as the rows and columns say.
    #[error("{found} samples where the image has {expected}")]
    Samples {
        /// Rows times columns, times three of RGB.
        expected: u64,
        /// How many were given.
        found: u64,
    },
    /// No thread could be started.
    #[error("no thread for the text detector: {0}")]
    Thread(std::io::ErrorKind),
}
