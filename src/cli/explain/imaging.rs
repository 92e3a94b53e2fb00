//! What would be done to the pixels, in words. Numbers and words of the profile; nothing of the file's values.

use std::fmt::Write as _;

use crate::cli::size;
use crate::deid::TextSearch;
use crate::deid::explain::{AskedRule, ExplainedImage, Rect};
use crate::error::sanitise;

use crate::profile::Fill;

/// Rectangles of one rule that are listed.
const LISTED: usize = 8;

/// The pixels of one instance.
pub(super) fn text(
    image: &ExplainedImage,
    asked: &[AskedRule],
    search: Option<&TextSearch>,
) -> String {
    let redacted = &image.redacted;
    let mut text = format!("pixels, {} x {}", image.columns, image.rows);
    if redacted.is_blanked() {
        let all = u64::from(image.columns) * u64::from(image.rows);
        let with = match image.fill {
            Fill::Black => "what displays as black",
            Fill::Mean => "the mean of the rest",
        };
        let _ = write!(
            text,
            "\n  {} of {} pixels of each frame become {with}; frames: {}",
            size::grouped(redacted.pixels),
            size::grouped(all),
            size::grouped(redacted.frames.into()),
        );
    } else if asked.is_empty() {
        text.push_str("\n  nothing is blanked: the profile has no rule of `pixels`");
    } else if redacted.rules.is_empty() && search.is_some_and(|text| text.searched.is_ok()) {
        text.push_str(
            "\n  nothing is blanked: no rule of `pixels` matches, and there is no text to blank",
        );
    } else if redacted.rules.is_empty() {
        text.push_str("\n  nothing is blanked: no rule of `pixels` matches");
    } else {
        text.push_str("\n  nothing is blanked: the rules that match cover nothing");
    }
    for (id, rects) in &image.regions {
        let listed: Vec<String> = rects.iter().take(LISTED).map(region).collect();
        let more = rects.len().saturating_sub(listed.len());
        let _ = match rects.len() {
            0 => write!(text, "\n  {}: nothing", sanitise(id)),
            _ => write!(text, "\n  {}: {}", sanitise(id), listed.join(", ")),
        };
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
    }
    text.extend(search.map(searched));
    let done = [
        (
            redacted.recoded,
            "frames that were coded with loss are coded anew without loss",
        ),
        (
            redacted.stripped,
            "what is not image is taken out of the frames",
        ),
        (
            redacted.cleared_bits,
            "bits beside the samples' values are cleared",
        ),
    ];
    for (_, what) in done.iter().filter(|(is_done, _)| *is_done) {
        let _ = write!(text, "\n  {what}");
    }
    if let Some(derivation) = image.derivation() {
        let _ = write!(
            text,
            "\n  BurnedInAnnotation becomes `NO`, value 1 of ImageType `DERIVED`, DerivationDescription\n  `{derivation}`"
        );
    }
    text
}

/// What the search for text gave.
fn searched(search: &TextSearch) -> String {
    let count = match &search.searched {
        Ok(frames) => size::grouped((*frames).into()),
        Err(why) => return format!("\n  text: not searched ({})", sanitise(why.reason())),
    };
    let word = search.policy.word();
    let mut text = format!("\n  text: searched, `{word}`; frames: {count}");
    let places = search.found.iter().take(LISTED);
    for found in places {
        let _ = write!(
            text,
            "\n    found at {}, score {:.2}",
            region(&found.rect),
            found.score
        );
    }
    match search.found.len() {
        0 => text.push_str("\n    none found"),
        n if n > LISTED => {
            let _ = write!(text, "\n    and {} more", n - LISTED);
        }
        _ => {}
    }
    if search.unsure > 0 {
        let _ = write!(
            text,
            "\n    other places that may be text: {}",
            search.unsure
        );
    }
    if search.is_sampled {
        text.push_str("\n    there are more pages than are looked at one by one");
    }
    if search.is_implausible {
        text.push_str("\n    what was found takes up more of the picture than text does");
    }
    text
}

/// A rectangle as profiles write it.
fn region(rect: &Rect) -> String {
    let Rect {
        y,
        x,
        width,
        height,
    } = rect;
    format!("[{x}, {y}, {width}, {height}]")
}
