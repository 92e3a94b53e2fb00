//! What a search for text gave, as a line of the report shows it: places and scores, nothing of what the text says.

use serde::Serialize;

use crate::deid::{Found, TextSearch};

/// Digits of a model's SHA-256 that tell it from others; all of them stand in the header.
const DIGITS: usize = 16;

/// What a search for text gave.
#[derive(Serialize)]
pub(super) struct TextShown<'a> {
    policy: &'static str,
    searched: Searched<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    found: Vec<Place>,
    /// Other places that may hold text.
    #[serde(skip_serializing_if = "is_zero")]
    unsure: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sampled: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    implausible: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    model: &'a str,
}

/// The number of frames, or why there was no search.
#[derive(Serialize)]
#[serde(untagged)]
enum Searched<'a> {
    Frames(u32),
    Not(&'a str),
}

/// A place, in pixels from the top left corner, in every frame.
#[derive(Serialize)]
struct Place {
    x: u32,
    y: u32,
    w: u32,
    h: u32,
    score: f64,
}

impl From<&Found> for Place {
    fn from(found: &Found) -> Place {
        Place {
            x: found.rect.x,
            y: found.rect.y,
            w: found.rect.width,
            h: found.rect.height,
            score: (f64::from(found.score) * 100.0).round() / 100.0,
        }
    }
}

impl<'a> TextShown<'a> {
    pub(super) fn of(text: &'a TextSearch) -> TextShown<'a> {
        TextShown {
            policy: text.policy.word(),
            searched: match &text.searched {
                Ok(frames) => Searched::Frames(*frames),
                Err(why) => Searched::Not(why.reason()),
            },
            found: text.found.iter().map(Place::from).collect(),
            unsure: text.unsure,
            sampled: text.is_sampled,
            implausible: text.is_implausible,
            model: text.model.get(..DIGITS).unwrap_or_default(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
