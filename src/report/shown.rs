//! What was done to one instance, as a line of the report shows it.

use serde::Serialize;

use crate::deid::{Counts, Redacted};

/// The counts under the names of the report.
#[derive(Serialize)]
pub(super) struct CountsShown {
    removed: u32,
    emptied: u32,
    dummied: u32,
    uids: u32,
    pseudonyms: u32,
    private: u32,
    kept: u32,
    cleaned: u32,
    dates_shifted: u32,
    dates_kept: u32,
    dates_removed: u32,
    trailing_bytes: u64,
}

impl From<&Counts> for CountsShown {
    fn from(counts: &Counts) -> CountsShown {
        CountsShown {
            removed: counts.removed,
            emptied: counts.emptied,
            dummied: counts.dummied,
            uids: counts.uids,
            pseudonyms: counts.pseudonyms,
            private: counts.private,
            kept: counts.kept,
            cleaned: counts.cleaned,
            dates_shifted: counts.dates_shifted,
            dates_kept: counts.dates_kept,
            dates_removed: counts.dates_removed,
            trailing_bytes: counts.trailing_bytes,
        }
    }
}

/// What was done to the pixels; what was not done is not told.
#[derive(Serialize)]
pub(super) struct PixelsShown<'a> {
    /// The rules that spoke of the image.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rules: &'a [String],
    /// Frames that were blanked.
    #[serde(skip_serializing_if = "is_zero")]
    frames: u64,
    /// Pixels blanked in each of them.
    #[serde(skip_serializing_if = "is_zero")]
    blanked: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cleared_bits: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stripped: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    recoded: bool,
}

impl<'a> PixelsShown<'a> {
    pub(super) fn of(redacted: &'a Redacted) -> PixelsShown<'a> {
        PixelsShown {
            rules: &redacted.rules,
            frames: redacted.frames.into(),
            blanked: redacted.pixels,
            cleared_bits: redacted.cleared_bits,
            stripped: redacted.stripped,
            recoded: redacted.recoded,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
