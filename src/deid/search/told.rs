//! What a search for text gave, as it is told.

use crate::pixel::detect::Found;
use crate::profile::TextPolicy;

/// What a search for text gave. Places and scores; nothing of what the text says.
#[derive(Clone, Debug, PartialEq)]
pub struct TextSearch {
    /// What becomes of text that is found.
    pub policy: TextPolicy,
    /// How many frames the image has, when it was searched; or why it was not.
    pub searched: Result<u32, Unsearched>,
    /// Where text was found that no rule blanks, in any frame.
    pub found: Vec<Found>,
    /// How many other places may hold text.
    pub unsure: u32,
    /// Whether there are more pages than are looked at one by one, so that one may have been passed over.
    pub is_sampled: bool,
    /// Whether what was found takes up more of the picture than text does.
    pub is_implausible: bool,
    /// SHA-256 of the detector's model, in hexadecimal; empty when it was not asked.
    pub model: String,
}

/// Why an image was not searched for text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsearched {
    /// There are no pixels.
    NoPixels,
    /// The profile says so.
    Off,
    /// Nothing is rendered into images of this SOP Class.
    Class,
    /// It could not be: the reason as a stable code.
    Failed(String),
}

impl Unsearched {
    /// A stable code.
    pub fn reason(&self) -> &str {
        match self {
            Unsearched::NoPixels => "no-pixels",
            Unsearched::Off => "off",
            Unsearched::Class => "sop-class",
            Unsearched::Failed(reason) => reason,
        }
    }
}

impl TextSearch {
    /// Of an image that was not searched.
    pub(super) fn not(policy: TextPolicy, why: Unsearched) -> TextSearch {
        TextSearch {
            policy,
            searched: Err(why),
            found: Vec::new(),
            unsure: 0,
            is_sampled: false,
            is_implausible: false,
            model: String::new(),
        }
    }

    /// Whether it cannot be said that all text was found.
    pub fn is_unsure(&self) -> bool {
        self.searched.is_err() || self.unsure > 0 || self.is_sampled || self.is_implausible
    }

    /// Whether text was found that is in the output all the same.
    pub fn leaves_text(&self) -> bool {
        self.policy == TextPolicy::Report && !self.found.is_empty()
    }

    /// Whether a person must look at what was written.
    pub fn needs_attention(&self) -> bool {
        self.leaves_text() || matches!(self.searched, Err(Unsearched::Failed(_)))
    }
}
