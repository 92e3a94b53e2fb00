//! Which frames are looked at, and what all of them together show.

use crate::deid::redact::StoredFrames;
use crate::deid::refusal::Refusal;
use crate::deid::rendering;
use crate::dicom::value::first_ascii;
use crate::dicom::{Instance, Limits, Tag};
use crate::pixel::detect::{DetectError, Detector, Findings, Found, Layers, Seen, Settings};

use super::{classes, plain};

const SOP_CLASS_UID: Tag = Tag(0x0008_0016);

/// Of so few frames, each is looked at by itself.
const FEW: u32 = 8;
/// Pages of one instance that are looked at one by one. Of more, as of a cine, only some are.
const MOST_PAGES: u32 = 64;

/// What the frames of one instance show.
pub(super) struct Look {
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// How many frames there are.
    pub(super) frames: u32,
    /// Whether each is a page of its own, and not all of them were looked at.
    pub(super) is_sampled: bool,
    pub(super) findings: Findings,
}

/// Looks at the frames of an instance: at each of a few or of pages, and of a cine at what differs from frame to frame.
pub(super) fn look(
    instance: &Instance<'_>,
    detector: &Detector,
    settings: &Settings,
    limits: &Limits,
) -> Result<Look, Refusal> {
    let none = || Refusal::quarantine("no-pixels", "there is no frame");
    let frames = StoredFrames::of(instance)?.ok_or_else(none)?;
    let geometry = *frames.geometry();
    if geometry
        .frame_bytes()
        .is_ok_and(|bytes| bytes > limits.frame_bytes)
    {
        return Err(Refusal::quarantine(
            "limit",
            "a frame is larger than `--max-frame-bytes` allows to decode",
        ));
    }
    let seen = |frame: u32| -> Result<Seen, Refusal> {
        let stored = frames.frame(frame)?.ok_or_else(none)?;
        rendering::seen(instance, frame, &stored).ok_or_else(|| {
            Refusal::quarantine(
                "photometric-interpretation",
                "nothing says which colour a sample stands for",
            )
        })
    };
    let class = instance.tape.find_value(SOP_CLASS_UID);
    let class = class.and_then(first_ascii).unwrap_or_default();
    let has_pages = classes::has_pages(class);
    let each = geometry.frames <= FEW || has_pages && geometry.frames <= MOST_PAGES;
    let mut findings = Findings::default();
    if each {
        for frame in 0..geometry.frames {
            let one = detector.find(&seen(frame)?, settings);
            let one = one.map_err(|e| failed(&e))?;
            findings.text.extend(one.text);
            findings.unsure.extend(one.unsure);
        }
    } else {
        let mut layers = Layers::new(detector, settings);
        for frame in 0..geometry.frames {
            layers.add(seen(frame)?).map_err(|e| failed(&e))?;
        }
        findings = layers.finish().map_err(|e| failed(&e))?;
    }
    Ok(Look {
        columns: geometry.columns.into(),
        rows: geometry.rows.into(),
        frames: geometry.frames,
        is_sampled: has_pages && !each,
        findings,
    })
}

fn failed(error: &DetectError) -> Refusal {
    Refusal::quarantine("text-model", plain(error))
}

/// What was found in several frames, each place once: what lies in a larger place goes with it.
pub(super) fn united(mut found: Vec<Found>) -> Vec<Found> {
    let area = |found: &Found| u64::from(found.rect.width) * u64::from(found.rect.height);
    found.sort_by_key(|found| (std::cmp::Reverse(area(found)), found.rect));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        match kept.iter_mut().find(|other| contains(other, &one)) {
            Some(other) => other.score = other.score.max(one.score),
            None => kept.push(one),
        }
    }
    kept.sort_by_key(|found| found.rect);
    kept
}

fn contains(outer: &Found, inner: &Found) -> bool {
    let span = |start: u32, length: u32| start..start.saturating_add(length);
    let within = |outer: std::ops::Range<u32>, inner: std::ops::Range<u32>| {
        outer.start <= inner.start && inner.end <= outer.end
    };
    let (outer, inner) = (&outer.rect, &inner.rect);
    within(span(outer.x, outer.width), span(inner.x, inner.width))
        && within(span(outer.y, outer.height), span(inner.y, inner.height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::mask::Rect;

    #[test]
    fn what_several_frames_show_is_told_once() {
        let found = |x, width, score| Found {
            rect: Rect {
                y: 5,
                x,
                width,
                height: 10,
            },
            score,
        };
        let united = united(vec![
            found(50, 10, 0.6),
            found(10, 20, 0.7),
            found(12, 10, 0.9),
            found(10, 20, 0.8),
        ]);
        assert_eq!(united, [found(10, 20, 0.9), found(50, 10, 0.6)]);
    }
}
