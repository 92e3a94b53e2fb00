//! Text that no rule knows of: searched for in the frames of one instance, by the profile's `pixels.detect`.
//!
//! Deciding what an instance is comes first, so that what is withheld anyway is never decoded; what was found may then
//! withhold it too. Nothing reads what the text says.

mod classes;
mod frames;
mod told;

pub use told::{TextSearch, Unsearched};

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::redact::Plan;
use super::refusal::Refusal;
use super::view::Pending;
use super::{Deidentifier, redact, view};
use crate::dicom::value::first_ascii;
use crate::dicom::{Instance, Tag};
use crate::pixel::detect::{DetectError, Detector, Found, Settings};
use crate::pixel::mask::{Mask, Rect};
use crate::profile::TextPolicy;

const MODALITY: Tag = Tag(0x0008_0060);

/// What covers a larger part of the picture than this is hardly text, in hundredths.
const IMPLAUSIBLE: u64 = 50;

/// A detector that is loaded when it is first needed, unless one was given.
#[derive(Default)]
pub(super) struct TextDetector(OnceLock<Result<Arc<Detector>, String>>);

impl TextDetector {
    /// The detector that a site brought.
    pub(super) fn given(detector: Arc<Detector>) -> TextDetector {
        TextDetector(OnceLock::from(Ok(detector)))
    }

    /// The detector.
    ///
    /// # Errors
    /// What keeps samar's own from being loaded, which would be a mistake in the build.
    pub(super) fn get(&self) -> Result<&Arc<Detector>, &str> {
        let load = || Detector::embedded().map(Arc::new).map_err(|e| plain(&e));
        self.0.get_or_init(load).as_ref().map_err(String::as_str)
    }
}

impl fmt::Debug for TextDetector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextDetector")
    }
}

/// What an error says, without advice.
fn plain(error: &DetectError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

impl Deidentifier {
    /// What becomes of an instance for the text in it; `Err` says why it is not searched.
    pub(super) fn text_policy(
        &self,
        instance: &Instance<'_>,
        sop_class: &str,
    ) -> Result<TextPolicy, Unsearched> {
        let mut elements = instance.tape.top_level();
        if !elements.any(|(_, element)| redact::is_pixel_data(element.tag)) {
            return Err(Unsearched::NoPixels);
        }
        let modality = instance.tape.find_value(MODALITY).and_then(first_ascii);
        match self.profile.detect.policy(modality.unwrap_or_default()) {
            TextPolicy::Off => Err(Unsearched::Off),
            _ if classes::holds_no_text(sop_class) => Err(Unsearched::Class),
            policy => Ok(policy),
        }
    }

    /// Searches an instance for text, as its policy says, and adds to the plan what must be blanked. `also` was found
    /// when what would have been written was looked at. `None` when there are no pixels.
    ///
    /// # Errors
    /// The refusal of an image that must be searched and cannot be.
    pub(super) fn search(
        &self,
        instance: &Instance<'_>,
        view: &view::View<'_>,
        policy: Result<TextPolicy, Unsearched>,
        (plan, also): (&mut Plan, &[Found]),
    ) -> Result<Option<TextSearch>, Refusal> {
        let policy = match policy {
            Ok(policy) => policy,
            Err(Unsearched::NoPixels) => return Ok(None),
            Err(why) => {
                view.suppose(Pending::UNSEARCHED);
                return Ok(Some(TextSearch::not(TextPolicy::Off, why)));
            }
        };
        let searched = self.look_for_text(instance, plan, policy);
        let (mut told, size) = match searched {
            Ok(searched) => searched,
            Err(refusal) if refusal.fate == super::Fate::Failed => return Err(refusal),
            Err(refusal) if policy.needs_search() => {
                let detail = format!("the image cannot be searched for text: {}", refusal.detail);
                return Err(Refusal::quarantine("text-not-searched", detail));
            }
            Err(refusal) => {
                view.suppose(Pending::UNSEARCHED);
                let why = Unsearched::Failed(refusal.reason);
                return Ok(Some(TextSearch::not(policy, why)));
            }
        };
        told.found.extend_from_slice(also);
        plan.size = size;
        if policy == TextPolicy::Redact && !told.found.is_empty() {
            plan.add_found(&told.found);
        }
        // Where a rule blanks, it is the rule that says where this device writes.
        plan.may_leave_text = told.leaves_text() || told.is_unsure() && plan.ruled().is_empty();
        view.suppose(Pending {
            found: !told.found.is_empty(),
            unsure: told.is_unsure() || told.leaves_text(),
        });
        Ok(Some(told))
    }

    /// Looks at the frames. What the plan blanks anyway and what the profile keeps is left out.
    fn look_for_text(
        &self,
        instance: &Instance<'_>,
        plan: &Plan,
        policy: TextPolicy,
    ) -> Result<(TextSearch, (u32, u32)), Refusal> {
        let detector = self.detector.get();
        let detector = detector.map_err(|why| Refusal::quarantine("text-model", why))?;
        let look = frames::look(instance, detector, &self.settings(), &self.limits)?;
        let (columns, rows) = (look.columns, look.rows);
        let keep = self.kept(columns, rows);
        let is_left = |rect: &Rect| is_outside(rect, &plan.mask) && !is_inside(rect, &keep);
        let found: Vec<Found> = frames::united(look.findings.text)
            .into_iter()
            .filter(|found| is_left(&found.rect))
            .collect();
        let rects: Vec<Rect> = found.iter().map(|found| found.rect).collect();
        let text = Mask::new(rows, columns, &rects);
        let unsure = look.findings.unsure.iter();
        let unsure = unsure.filter(|one| is_left(&one.rect) && is_outside(&one.rect, &text));
        let all = u64::from(columns) * u64::from(rows);
        let told = TextSearch {
            policy,
            searched: Ok(look.frames),
            unsure: unsure.count() as u32,
            is_sampled: look.is_sampled,
            is_implausible: text.pixels() * 100 > all * IMPLAUSIBLE,
            found,
            model: detector.model().sha256.clone(),
        };
        Ok((told, (columns, rows)))
    }

    /// Looks at what would be written, and gives the text that is still there: outside of what was blanked and of what
    /// the profile keeps.
    ///
    /// # Errors
    /// The refusal of an image that cannot be searched any more.
    pub(crate) fn text_that_remains(
        &self,
        written: &Instance<'_>,
        blanked: &Mask,
    ) -> Result<Vec<Found>, Refusal> {
        let detector = self.detector.get();
        let detector = detector.map_err(|why| Refusal::quarantine("text-model", why))?;
        let look = frames::look(written, detector, &self.settings(), &self.limits)?;
        let keep = self.kept(look.columns, look.rows);
        let found = frames::united(look.findings.text).into_iter();
        Ok(found
            .filter(|found| is_outside(&found.rect, blanked) && !is_inside(&found.rect, &keep))
            .collect())
    }

    fn settings(&self) -> Settings {
        let all = Settings::default();
        let accept = self.profile.detect.min_score.unwrap_or(all.accept);
        Settings {
            accept,
            extent: all.extent.min(accept),
            unsure: all.unsure.min(accept),
            ..all
        }
    }

    /// The places on an image of this size where text is left alone.
    fn kept(&self, columns: u32, rows: u32) -> Mask {
        let regions = self.profile.detect.keep.iter();
        let rects: Vec<Rect> = regions
            .filter_map(|region| region.on(columns, rows))
            .map(|[x, y, width, height]| Rect {
                y,
                x,
                width,
                height,
            })
            .collect();
        Mask::new(rows, columns, &rects)
    }

    /// Which detector searches.
    ///
    /// # Errors
    /// Why samar's own cannot be loaded.
    pub fn text_detector(&self) -> Result<&Detector, &str> {
        self.detector.get().map(AsRef::as_ref)
    }
}

/// Refuses an image in which text was found and must not be.
///
/// # Errors
/// The refusal.
pub(super) fn check(text: Option<&TextSearch>) -> Result<(), Refusal> {
    let Some(text) = text else { return Ok(()) };
    match text.policy {
        TextPolicy::Quarantine if !text.found.is_empty() => Err(Refusal::quarantine(
            "text-found",
            format!("text was found in the image; places: {}", text.found.len()),
        )),
        TextPolicy::Redact if text.is_implausible => Err(Refusal::quarantine(
            "text-implausible",
            "what looks like text takes up more than half of the image",
        )),
        _ => Ok(()),
    }
}

/// Whether any pixel of a rectangle is outside of a mask.
fn is_outside(rect: &Rect, mask: &Mask) -> bool {
    !is_inside(rect, mask)
}

/// Whether a mask covers all of a rectangle, as far as that is on the image.
fn is_inside(rect: &Rect, mask: &Mask) -> bool {
    if mask.is_empty() {
        return false;
    }
    let (rows, columns) = (mask.rows(), mask.columns());
    let all = Mask::new(rows, columns, &[*rect]);
    all.bands().iter().all(|band| {
        band.rows.clone().all(|row| {
            let runs = mask.runs(row);
            let covered = |columns: &std::ops::Range<u32>| {
                let holds = |run: &std::ops::Range<u32>| {
                    run.start <= columns.start && columns.end <= run.end
                };
                runs.iter().any(holds)
            };
            band.runs.iter().all(covered)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect {
            y,
            x,
            width,
            height,
        }
    }

    #[test]
    fn a_place_is_inside_when_all_of_it_is() {
        let mask = Mask::new(100, 100, &[rect(10, 10, 20, 20), rect(30, 10, 20, 20)]);
        assert!(is_inside(&rect(10, 10, 40, 20), &mask));
        assert!(is_inside(&rect(12, 12, 30, 2), &mask));
        assert!(!is_inside(&rect(9, 10, 20, 20), &mask));
        assert!(!is_inside(&rect(10, 10, 40, 21), &mask));
        assert!(!is_inside(&rect(60, 60, 5, 5), &mask));
        assert!(!is_inside(&rect(1, 1, 5, 5), &Mask::default()));
    }
}
