//! What would be done to an instance's pixels, and to the attributes that describe them.

use crate::deid::pixels::frames::{EXTENDED_OFFSET_TABLE, EXTENDED_OFFSET_TABLE_LENGTHS};
use crate::deid::redact::{
    BURNED_IN_ANNOTATION, DERIVATION_DESCRIPTION, IMAGE_TYPE, PHOTOMETRIC_INTERPRETATION, Redacted,
    derivation, is_pixel_data,
};
use crate::dicom::Tag;
use crate::pixel::mask::Rect;
use crate::profile::Fill;

/// What would be done to the pixels.
#[derive(Clone, Debug, Default)]
pub struct ExplainedImage {
    /// Columns of a frame.
    pub columns: u32,
    /// Rows of a frame.
    pub rows: u32,
    /// Of each rule that matches: its id, and what it blanks on this image.
    pub regions: Vec<(String, Vec<Rect>)>,
    /// Whether text was found that is blanked.
    pub has_found: bool,
    /// What fills them.
    pub fill: Fill,
    /// What would be done.
    pub redacted: Redacted,
}

impl ExplainedImage {
    /// Derivation Description, when it is set.
    pub fn derivation(&self) -> Option<&'static str> {
        let redacted = &self.redacted;
        redacted.is_blanked().then(|| derivation(redacted.recoded))
    }

    /// The value that an attribute of the top level gets, whatever else decides about it.
    pub(super) fn states(&self, tag: Tag) -> Option<&'static str> {
        match tag {
            BURNED_IN_ANNOTATION if self.redacted.is_cleaned() => Some("NO"),
            DERIVATION_DESCRIPTION => self.derivation(),
            _ => None,
        }
    }

    /// Who decides about an attribute of the top level that was edited for the sake of the pixels.
    pub(super) fn by(&self, tag: Tag) -> Option<String> {
        let redacted = &self.redacted;
        let is_blanked = redacted.is_blanked();
        if is_pixel_data(tag) {
            return self.by_pixels();
        }
        match tag {
            BURNED_IN_ANNOTATION if !redacted.is_cleaned() => None,
            IMAGE_TYPE | BURNED_IN_ANNOTATION | DERIVATION_DESCRIPTION if is_blanked => {
                Some("states that regions were blanked".to_owned())
            }
            PHOTOMETRIC_INTERPRETATION if redacted.recoded => {
                Some("as the frames are coded now".to_owned())
            }
            EXTENDED_OFFSET_TABLE | EXTENDED_OFFSET_TABLE_LENGTHS if self.is_changed() => {
                Some("where the frames are now".to_owned())
            }
            _ => None,
        }
    }

    fn by_pixels(&self) -> Option<String> {
        let redacted = &self.redacted;
        let blanking = self.regions.iter().filter(|(_, rects)| !rects.is_empty());
        let mut by: Vec<String> = blanking.map(|(id, _)| format!("pixel rule {id}")).collect();
        if self.has_found {
            by.push("text that was found".to_owned());
        }
        if redacted.stripped {
            by.push("what is not image goes".to_owned());
        }
        if redacted.cleared_bits {
            by.push("bits beside the samples' values are cleared".to_owned());
        }
        self.is_changed().then(|| by.join("; "))
    }

    fn is_changed(&self) -> bool {
        let Redacted {
            stripped,
            cleared_bits,
            ..
        } = self.redacted;
        self.redacted.is_blanked() || stripped || cleared_bits
    }
}
