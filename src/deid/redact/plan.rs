//! Which pixels the profile's rules name on one instance.

use super::look;
use crate::deid::pixels::geometry;
use crate::deid::refusal::Refusal;
use crate::dicom::{Encoding, Instance, Tag};
use crate::pixel::detect::Found;
use crate::pixel::mask::{Mask, Rect};
use crate::profile::pixel_rule::{Cover, Fill, PixelRule};

/// Region Location Min X0, Min Y0, Max X1 and Max Y1 (PS3.3 section C.8.5.5.1.1). The maxima are inside.
const LOCATION: [Tag; 4] = [
    Tag(0x0018_6018),
    Tag(0x0018_601A),
    Tag(0x0018_601C),
    Tag(0x0018_601E),
];
/// A region that covers more than this part of the frame tells nothing of where the text is, in hundredths.
const WHOLE_FRAME: u64 = 98;
/// A region that begins in the first row and spans so much of the width, in hundredths, covers the banner too.
const WHOLE_WIDTH: u32 = 90;
/// Regions that an image can have; scanners write a handful.
const MOST_REGIONS: usize = 100;

/// What must be blanked on one instance.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The pixels, in every frame: those of the rules, and where text was found.
    pub mask: Mask,
    /// Columns and rows of the image; zero when neither a rule nor a search has asked for them.
    pub size: (u32, u32),
    /// What fills them.
    pub fill: Fill,
    /// Ids of the rules that speak of the image and fit its size.
    pub rules: Vec<String>,
    /// What each of them blanks, in their order.
    pub regions: Vec<Vec<Rect>>,
    /// Where text was found that is blanked too.
    pub found: Vec<Rect>,
    /// Whether text may be left: it was found and is not blanked, or the search is unsure and no rule blanks anything.
    pub(in crate::deid) may_leave_text: bool,
}

impl Plan {
    /// Puts together what the matching rules name. Those drawn for another size are passed over when another one that
    /// blanks fits.
    pub(in crate::deid) fn new<'r>(
        instance: &Instance<'_>,
        rules: impl Iterator<Item = &'r PixelRule>,
        fill: Fill,
    ) -> Result<Plan, Refusal> {
        let mut plan = Plan {
            fill,
            ..Plan::default()
        };
        let (mut size, mut misfits, mut blanked) = (None, Vec::new(), false);
        for rule in rules {
            let (columns, rows) = if let Some(size) = size {
                size
            } else {
                let geometry = geometry(instance, Tag::PIXEL_DATA)?;
                (u32::from(geometry.columns), u32::from(geometry.rows))
            };
            size = Some((columns, rows));
            if !rule.fits(columns, rows) {
                misfits.push(rule);
                continue;
            }
            blanked |= rule.cover != Cover::Nothing;
            plan.rules.push(rule.id.clone());
            let mut rects = Vec::new();
            match &rule.cover {
                Cover::Nothing => {}
                Cover::Boxes(regions) => {
                    for region in regions {
                        let [x, y, width, height] =
                            region.on(columns, rows).ok_or_else(|| outside(rule))?;
                        rects.push(Rect {
                            y,
                            x,
                            width,
                            height,
                        });
                    }
                }
                Cover::KeepOnly(sequence) => {
                    let kept = calibrated(instance, *sequence, columns, rows)
                        .ok_or_else(|| no_regions(rule))?;
                    rects = Mask::new(rows, columns, &kept).outside();
                }
            }
            plan.regions.push(rects);
        }
        // Models of one device come in several sizes, each with a rule. That a device burns in nothing is no answer to a
        // rule that would blank.
        let unanswered = |rule: &&&PixelRule| {
            !blanked && (plan.rules.is_empty() || rule.cover != Cover::Nothing)
        };
        if let Some(rule) = misfits.iter().find(unanswered) {
            return Err(misfit(rule));
        }
        if let Some((columns, rows)) = size {
            plan.size = (columns, rows);
            plan.mask = plan.ruled();
        }
        if plan.fill == Fill::Mean && look::photometric(instance) == "PALETTE COLOR" {
            // The mean of indices is any colour.
            plan.fill = Fill::Black;
        }
        Ok(plan)
    }

    /// The pixels that rules name.
    pub fn ruled(&self) -> Mask {
        let (columns, rows) = self.size;
        Mask::new(rows, columns, &self.regions.concat())
    }

    /// Also blanks what was found.
    pub(in crate::deid) fn add_found(&mut self, found: &[Found]) {
        self.found.extend(found.iter().map(|found| found.rect));
        let mut rects = self.regions.concat();
        rects.extend_from_slice(&self.found);
        let (columns, rows) = self.size;
        self.mask = Mask::new(rows, columns, &rects);
    }
}

fn misfit(rule: &PixelRule) -> Refusal {
    Refusal::quarantine(
        "size-guard",
        format!(
            "pixel rule `{}` was drawn for images of another size",
            rule.id
        ),
    )
}

fn outside(rule: &PixelRule) -> Refusal {
    Refusal::quarantine(
        "size-guard",
        format!("pixel rule `{}` names a region outside the image", rule.id),
    )
}

fn no_regions(rule: &PixelRule) -> Refusal {
    Refusal::quarantine(
        "ultrasound-regions",
        format!(
            "pixel rule `{}` keeps calibrated regions only, and the image describes none that can be used",
            rule.id
        ),
    )
}

/// The regions that the instance describes itself, empty ones left out; `None` when there is none, or when one cannot
/// be believed to hold image alone.
fn calibrated(
    instance: &Instance<'_>,
    sequence: Tag,
    columns: u32,
    rows: u32,
) -> Option<Vec<Rect>> {
    let tape = &instance.tape;
    let (at, _) = tape.top_level().find(|(_, e)| e.tag == sequence)?;
    let encoding = instance.syntax.encoding;
    if tape.children(at).take(MOST_REGIONS + 1).count() > MOST_REGIONS {
        return None;
    }
    let mut kept = Vec::new();
    for (item, _) in tape.children(at) {
        let number = |tag: Tag| {
            let (_, element) = tape.children(item).find(|(_, e)| e.tag == tag)?;
            unsigned(tape.value(element), encoding)
        };
        let [Some(x0), Some(y0), Some(x1), Some(y1)] = LOCATION.map(number) else {
            continue;
        };
        if x1 <= x0 || y1 <= y0 || x0 >= columns || y0 >= rows {
            continue;
        }
        let rect = Rect {
            y: y0,
            x: x0,
            width: (x1 - x0).saturating_add(1).min(columns - x0),
            height: (y1 - y0).saturating_add(1).min(rows - y0),
        };
        let area = u64::from(rect.width) * u64::from(rect.height);
        let is_whole = area * 100 > u64::from(columns) * u64::from(rows) * WHOLE_FRAME;
        let has_banner = rect.y == 0 && rect.width * 100 >= columns * WHOLE_WIDTH;
        if is_whole || has_banner {
            return None;
        }
        kept.push(rect);
    }
    // Together they may cover the frame too.
    let mask = Mask::new(rows, columns, &kept);
    let covered = mask.pixels() * 100 > u64::from(columns) * u64::from(rows) * WHOLE_FRAME;
    (!kept.is_empty() && !covered).then_some(kept)
}

fn unsigned(value: &[u8], encoding: Encoding) -> Option<u32> {
    Some(encoding.u32(*value.first_chunk()?))
}
