//! SOP Classes whose pixels are numbers that nothing renders text into, so that a search could only waste time.

use crate::standard::uids;

/// Dose, labels and parameters are computed for each place of a volume: what is drawn on a screen is drawn over them.
/// Slides are tiles at the scale of a microscope: what somebody wrote on the glass is larger than a tile.
const CLASSES: &[&str] = &[
    "RTDoseStorage",
    "SegmentationStorage",
    "LabelMapSegmentationStorage",
    "HeightMapSegmentationStorage",
    "ParametricMapStorage",
    "VLWholeSlideMicroscopyImageStorage",
];

/// Classes of which each frame is a page of its own.
const PAGES: &[&str] = &[
    "MultiFrameSingleBitSecondaryCaptureImageStorage",
    "MultiFrameGrayscaleByteSecondaryCaptureImageStorage",
    "MultiFrameGrayscaleWordSecondaryCaptureImageStorage",
    "MultiFrameTrueColorSecondaryCaptureImageStorage",
];

/// Whether images of a SOP Class hold no rendered text.
pub(super) fn holds_no_text(sop_class: &str) -> bool {
    is_one_of(CLASSES, sop_class)
}

/// Whether each frame must be looked at by itself.
pub(super) fn has_pages(sop_class: &str) -> bool {
    is_one_of(PAGES, sop_class)
}

fn is_one_of(keywords: &[&str], sop_class: &str) -> bool {
    uids::by_uid(sop_class).is_some_and(|class| keywords.contains(&class.keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classes_are_those_of_the_standard() {
        for keyword in CLASSES.iter().chain(PAGES) {
            let class = uids::by_keyword(keyword);
            assert!(
                class.is_some_and(|class| class.kind == "SOP Class"),
                "{keyword}"
            );
        }
    }
}
