//! Text burned into pixels: which regions the profile names, and what is done about them.
//!
//! Deciding comes first and touches nothing ([`Plan`]); carrying out reads the pixels, one frame at a time or as they
//! are copied, and proves each frame before anybody gets it.

mod encapsulated;
mod layout;
mod look;
mod mark;
mod native;
mod plan;
mod stored;

pub use plan::Plan;
pub use stored::StoredFrame;
pub(in crate::deid) use stored::StoredFrames;

pub(crate) use mark::{
    BURNED_IN_ANNOTATION, DERIVATION_DESCRIPTION, IMAGE_TYPE, PHOTOMETRIC_INTERPRETATION,
    derivation,
};

use super::pixels::{DOUBLE_FLOAT_PIXEL_DATA, FLOAT_PIXEL_DATA, embedded_overlays, geometry};
use super::refusal::Refusal;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::{Edits, Instance, Limits, Rewrite, Room, Source, Tag};
use crate::pixel::bits::StoredBits;
use crate::pixel::codec::Job;
use crate::pixel::codestream::Family;
use crate::pixel::geometry::Geometry;

const BITS_STORED: Tag = Tag(0x0028_0101);
const HIGH_BIT: Tag = Tag(0x0028_0102);
const PLANAR_CONFIGURATION: Tag = Tag(0x0028_0006);

/// What was done to the pixels of an instance, in numbers and names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not hang on each other"
)]
pub struct Redacted {
    /// Ids of the rules that spoke of the image.
    pub rules: Vec<String>,
    /// Pixels blanked in each frame.
    pub pixels: u64,
    /// Frames that were blanked.
    pub frames: u32,
    /// Whether pixels were blanked and text may be left: it was found and is only reported, or the search is unsure and
    /// no rule blanks anything.
    pub may_leave_text: bool,
    /// Whether bits beside the samples' values were cleared.
    pub cleared_bits: bool,
    /// Whether comments, metadata or bytes behind the image were taken out of codestreams.
    pub stripped: bool,
    /// Whether frames that were coded with loss are now coded without, from what they decoded to.
    pub recoded: bool,
}

impl Redacted {
    /// Whether any pixel was blanked.
    pub fn is_blanked(&self) -> bool {
        self.pixels > 0
    }

    /// Whether any pixel was blanked, and nothing tells that text may be left.
    pub fn is_cleaned(&self) -> bool {
        self.is_blanked() && !self.may_leave_text
    }

    /// Whether there is anything to tell.
    pub fn is_notable(&self) -> bool {
        *self != Redacted::default()
    }
}

/// New pixel data and what it took.
#[derive(Default)]
pub(super) struct Made {
    pub(super) spool: Option<Source>,
    pub(super) rewrite: Option<Box<dyn Rewrite>>,
    pub(super) done: Redacted,
    /// Photometric Interpretation, where it had to change.
    photometric: Option<&'static str>,
}

/// Carries a plan out: adds to the edits what becomes of the pixel data and of the attributes that describe it.
pub(super) fn carry_out(
    instance: &Instance<'_>,
    plan: &Plan,
    foreign: bool,
    edits: &mut Edits,
    (limits, room): (&Limits, &dyn Room),
) -> Result<Made, Refusal> {
    let mut made = Made::default();
    made.done.rules.clone_from(&plan.rules);
    let mut seen = 0;
    for (index, element) in instance.tape.top_level() {
        if !is_pixel_data(element.tag) {
            continue;
        }
        seen += 1;
        if seen > 1 {
            return Err(Refusal::quarantine(
                "pixel-encoding",
                "the instance holds pixel data in two forms",
            ));
        }
        let image = Image::of(instance, element)?;
        image.check_overlays(instance)?;
        if !plan.mask.is_empty() {
            layout::check(instance, &image, (index, element), edits)?;
        }
        if element.flags.has(Flags::FRAGMENTS) {
            encapsulated::redact(
                instance,
                &image,
                plan,
                foreign,
                (index, edits),
                (limits, room),
                &mut made,
            )?;
        } else {
            native::redact(instance, &image, plan, (index, element), edits, &mut made)?;
        }
    }
    if seen == 0 && !plan.mask.is_empty() {
        return Err(Refusal::quarantine(
            "no-pixels",
            "a `pixels` rule speaks of the instance, and there is no pixel data to blank",
        ));
    }
    edits.sort();
    if made.done.is_blanked() {
        made.done.may_leave_text = plan.may_leave_text;
        mark::blanked(instance, &made.done, edits);
    }
    if let Some(photometric) = made.photometric {
        mark::photometric(instance, photometric, edits);
    }
    Ok(made)
}

/// Whether this attribute is an image's pixel data.
pub(in crate::deid) fn is_pixel_data(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::PIXEL_DATA | FLOAT_PIXEL_DATA | DOUBLE_FLOAT_PIXEL_DATA
    )
}

/// What the header says of the image.
struct Image {
    geometry: Geometry,
    bits_stored: u16,
    /// The bits that are not the samples' values; `None` when all are.
    bits: Option<StoredBits>,
    is_signed: bool,
    is_planar: bool,
    is_float: bool,
}

impl Image {
    fn of(instance: &Instance<'_>, element: &Element) -> Result<Image, Refusal> {
        let geometry = geometry(instance, element.tag)?;
        let is_float = element.tag != Tag::PIXEL_DATA;
        let number = |tag| instance.tape.find_u16(tag, instance.syntax.encoding);
        let allocated = geometry.bits_allocated;
        let bits_stored = number(BITS_STORED).unwrap_or(allocated);
        let bits = if is_float {
            None
        } else {
            let high = number(HIGH_BIT).unwrap_or(bits_stored.wrapping_sub(1));
            let signed = look::is_signed(instance);
            StoredBits::new(allocated, bits_stored, high, signed).ok_or_else(|| {
                Refusal::quarantine(
                    "pixel-geometry",
                    "`BitsAllocated`, `BitsStored` and `HighBit` contradict each other",
                )
            })?
        };
        Ok(Image {
            geometry,
            bits_stored,
            bits,
            is_signed: look::is_signed(instance),
            is_planar: number(PLANAR_CONFIGURATION) == Some(1) && geometry.samples > 1,
            is_float,
        })
    }

    /// Overlays in unused bits are cleared with these; one among the samples' values cannot be.
    fn check_overlays(&self, instance: &Instance<'_>) -> Result<(), Refusal> {
        let high = instance
            .tape
            .find_u16(HIGH_BIT, instance.syntax.encoding)
            .unwrap_or(self.bits_stored.wrapping_sub(1));
        let lowest = high.saturating_add(1).saturating_sub(self.bits_stored);
        if embedded_overlays(instance).any(|bit| (lowest..=high).contains(&bit)) {
            return Err(Refusal::quarantine(
                "embedded-overlay",
                "an overlay is said to lie in bits that hold the samples' values",
            ));
        }
        Ok(())
    }

    /// What must be done to each frame.
    fn job(&self, family: Family, plan: &Plan, fill: [i64; 4]) -> Job {
        Job {
            family,
            geometry: self.geometry,
            mask: plan.mask.clone(),
            fill,
            bits: self.bits,
            bits_stored: self.bits_stored,
            is_signed: self.is_signed,
            is_planar: self.is_planar,
        }
    }

    /// What fills the regions. Zero for numbers of floating point.
    fn fill(&self, instance: &Instance<'_>, plan: &Plan) -> Result<[i64; 4], Refusal> {
        if self.is_float || plan.mask.is_empty() {
            return Ok([0; 4]);
        }
        let black = look::black(instance, self.bits_stored)?;
        // As it is stored, when High Bit is not the highest of the stored ones counted from zero.
        let below = self.bits.map_or(0, StoredBits::below);
        Ok(black.map(|value| value << below))
    }
}

/// The refusal of a frame that cannot be written again.
fn not_coded(error: crate::pixel::codec::error::CodecError) -> Refusal {
    use crate::pixel::codec::error::CodecError;
    let reason = match error {
        CodecError::Malformed(_) => "broken-codestream",
        CodecError::Unsupported(_) => "codec",
        CodecError::Differs(_) => "verify-pixels",
    };
    Refusal::quarantine(reason, error.to_string())
}
