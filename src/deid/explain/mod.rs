//! What would be done with one instance, element by element, and who decides it.

mod imaging;
mod reason;
mod walk;

use super::refusal::Refusal;
use super::stamp::{Ran, Temporal};
use super::{Deidentifier, TextSearch, pixels, redact, view};
use crate::dicom::{Edits, Instance, NoRoom, Tag, Vr};
use crate::phi::Phi;
pub use crate::pixel::mask::Rect;
use crate::profile::condition::Condition;
use crate::profile::{Attributes, Verdict};
use crate::standard::methods::Method;
use crate::standard::uids as registry;
pub use imaging::ExplainedImage;

/// What would be done with one instance.
#[derive(Debug)]
pub struct Explanation {
    /// Keyword of the SOP Class.
    pub sop_class: &'static str,
    /// Keyword of the transfer syntax; `None` for one that PS3.6 does not list.
    pub transfer_syntax: Option<&'static str>,
    /// The `accept` rules, in the order in which they are asked.
    pub accept: Vec<AskedRule>,
    /// The `pixels` rules.
    pub pixels: Vec<AskedRule>,
    /// What would be done to the pixels; `None` where there are none, or where they cannot be worked on.
    pub image: Option<ExplainedImage>,
    /// What a search for text gave; `None` where there are no pixels, or where the instance is withheld whatever it gives.
    pub text: Option<TextSearch>,
    /// Ids of inherited rules that would have withheld the instance, had the profile not decided otherwise.
    pub overridden: Vec<String>,
    /// Why it would not be written, as far as deciding can tell: verification comes after that.
    pub refusal: Option<Refusal>,
    /// Element by element, also for what a rule on instances withholds; empty when nothing could be decided.
    pub elements: Vec<Explained>,
    /// The codes of CID 7050 that it would carry, in their order.
    pub methods: Vec<Method>,
}

/// A rule on instances, and whether it matches this one.
#[derive(Clone, Debug)]
pub struct AskedRule {
    /// Its id.
    pub id: String,
    /// What it says: `accept`, `reject` or `quarantine`, or the word of a [`Cover`](crate::profile::Cover).
    pub says: &'static str,
    /// Why, in the author's words.
    pub because: String,
    /// Whether its condition holds.
    pub holds: bool,
    /// Each comparison of its condition, and whether that holds. They name values of the profile, none of the file's.
    pub predicates: Vec<(String, bool)>,
}

/// What happens to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It goes, with all that is in it.
    Removed,
    /// The element stays without a value.
    Emptied,
    /// A value that says nothing of the old one takes its place.
    Replaced,
    /// What may stay of the value stays.
    Cleaned,
    /// Regions of the image are blanked, or what is not image is taken out of it.
    Redacted,
    /// It keeps its first bytes: those that are data by the header.
    Cut,
    /// It stays, or its items are looked at one by one.
    Kept,
}

impl Fate {
    /// Every fate.
    pub const ALL: &[Fate] = &[
        Fate::Removed,
        Fate::Emptied,
        Fate::Replaced,
        Fate::Cleaned,
        Fate::Redacted,
        Fate::Cut,
        Fate::Kept,
    ];

    /// The fate in a word.
    pub const fn word(self) -> &'static str {
        match self {
            Fate::Removed => "removed",
            Fate::Emptied => "emptied",
            Fate::Replaced => "replaced",
            Fate::Cleaned => "cleaned",
            Fate::Redacted => "redacted",
            Fate::Cut => "cut",
            Fate::Kept => "kept",
        }
    }
}

/// One element, or an item of a sequence.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Nesting: 0 at the top level, one more for every sequence around it.
    pub level: usize,
    /// The tag as written.
    pub tag: Tag,
    /// The VR as written.
    pub vr: Vr,
    /// Its keyword; `item 1` and so on for items; empty for what PS3.6 does not list.
    pub name: String,
    /// What happens to it.
    pub fate: Fate,
    /// Who decides.
    pub by: String,
    /// Whether a rule, an option, or what an option brings with it decides, rather than the Basic Profile.
    pub is_chosen: bool,
    /// Who would have decided otherwise, the nearest first: rules that match here and stand behind, then the options
    /// and the Basic Profile.
    pub shadowed: Vec<String>,
    /// Elements inside, which share its fate and are not told one by one.
    pub inside: usize,
    /// Length of the value in bytes.
    pub bytes: u64,
    /// The value before, as text; nothing for sequences.
    pub before: Phi<String>,
    /// The value after, where there is another.
    pub after: Option<Phi<String>>,
}

impl Explained {
    /// Whether it is an item of a sequence.
    pub fn is_item(&self) -> bool {
        self.tag == Tag::ITEM
    }
}

impl Deidentifier {
    /// Says what would be done with an instance. Nothing is written or verified.
    ///
    /// # Errors
    /// The instance is of no SOP Class that can be de-identified: there is nothing to explain.
    pub fn explain(&self, instance: &Instance<'_>) -> Result<Explanation, Refusal> {
        let subject = self.subject(instance)?;
        let view = view::View::new(instance, subject.sop_class.uid, &self.profile);
        let weighed = self.weigh(instance, &view, &[]);
        let (mut refusal, overridden) = match weighed.verdict {
            Ok(overridden) => (None, overridden),
            Err(withheld) => (Some(withheld), Vec::new()),
        };
        let accept = self.profile.accept.iter().map(|rule| {
            let mut words = Verdict::ALL.iter();
            let says = words.find(|(_, verdict)| *verdict == rule.verdict);
            let says = says.map_or("", |(word, _)| word);
            asked(&rule.id, says, &rule.because, &rule.when, &view)
        });
        let pixels = self.profile.pixels.iter();
        let pixels = pixels.map(|rule| {
            let says = rule.cover.word();
            asked(&rule.id, says, &rule.because, &rule.when, &view)
        });
        let (accept, pixels) = (accept.collect(), pixels.collect());
        let (mut elements, mut image) = (Vec::new(), None);
        let mut methods = self.stamp.codes().to_vec();
        match self.draft(instance, &subject, &view, true) {
            Ok(mut draft) => {
                match self.look(instance, &view, weighed.plan, &mut draft.decided.edits) {
                    Ok(seen) => image = seen,
                    Err(withheld) => refusal = refusal.or(Some(withheld)),
                }
                draft.decided.edits.sort();
                methods = self.stamp.claimed(Ran {
                    temporal: Temporal::of(&draft.decided.counts, self.table.options()),
                    cleaned: image.as_ref().is_some_and(|i| i.redacted.is_cleaned()),
                });
                let image = image.clone().unwrap_or_default();
                elements = walk::elements(self, instance, &subject, &draft.decided, &view, &image);
            }
            Err(withheld) => refusal = refusal.or(Some(withheld)),
        }
        let syntax = registry::by_uid(&instance.syntax.uid);
        Ok(Explanation {
            sop_class: subject.sop_class.keyword,
            transfer_syntax: syntax.map(|syntax| syntax.keyword),
            accept,
            pixels,
            image,
            text: weighed.text,
            overridden,
            refusal,
            elements,
            methods,
        })
    }

    /// Works on the pixels as a run does, and forgets them.
    fn look(
        &self,
        instance: &Instance<'_>,
        view: &view::View<'_>,
        plan: Option<redact::Plan>,
        edits: &mut Edits,
    ) -> Result<Option<ExplainedImage>, Refusal> {
        pixels::check(instance, &self.limits, edits)?;
        let by_rules = || redact::Plan::new(instance, view.pixel_rules(), self.profile.fill);
        let plan = plan.map_or_else(by_rules, Ok)?;
        let foreign = view.check_frames()?;
        let made = redact::carry_out(instance, &plan, foreign, edits, (&self.limits, &NoRoom))?;
        let found = instance.tape.top_level();
        let Some(tag) = found
            .map(|(_, e)| e.tag)
            .find(|tag| redact::is_pixel_data(*tag))
        else {
            return Ok(None);
        };
        let geometry = pixels::geometry(instance, tag)?;
        Ok(Some(ExplainedImage {
            columns: geometry.columns.into(),
            rows: geometry.rows.into(),
            regions: plan.rules.into_iter().zip(plan.regions).collect(),
            has_found: !plan.found.is_empty(),
            fill: plan.fill,
            redacted: made.done,
        }))
    }
}

fn asked(
    id: &str,
    says: &'static str,
    because: &str,
    when: &Condition,
    instance: &dyn Attributes,
) -> AskedRule {
    AskedRule {
        id: id.to_owned(),
        says,
        because: because.to_owned(),
        holds: when.holds(instance),
        predicates: when.trace(instance),
    }
}
