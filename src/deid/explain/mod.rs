//! What would be done with one instance, element by element, and who decides it.

mod reason;
mod walk;

use super::refusal::Refusal;
use super::{Deidentifier, pixels, view};
use crate::dicom::{Instance, Tag, Vr};
use crate::phi::Phi;
use crate::profile::condition::Condition;
use crate::profile::{Attributes, Verdict};
use crate::standard::methods::Method;
use crate::standard::uids as registry;

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
    /// Ids of inherited rules that would have withheld the instance, had the profile not decided otherwise.
    pub overridden: Vec<String>,
    /// Why it would not be written, as far as deciding can tell: verification comes after that.
    pub refusal: Option<Refusal>,
    /// Element by element, also for what a rule on instances withholds; empty when nothing could be decided.
    pub elements: Vec<Explained>,
    /// The codes of CID 7050 that it would carry.
    pub methods: Vec<Method>,
}

/// A rule on instances, and whether it matches this one.
#[derive(Clone, Debug)]
pub struct AskedRule {
    /// Its id.
    pub id: String,
    /// What it says: `accept`, `reject`, `quarantine` or `blank`.
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
        let accept = self.profile.accept.iter().map(|rule| {
            let mut words = Verdict::ALL.iter();
            let says = words.find(|(_, verdict)| *verdict == rule.verdict);
            let says = says.map_or("", |(word, _)| word);
            asked(&rule.id, says, &rule.because, &rule.when, &view)
        });
        let pixels = self.profile.pixels.iter();
        let pixels = pixels.map(|rule| asked(&rule.id, "blank", &rule.because, &rule.when, &view));
        let (accept, pixels) = (accept.collect(), pixels.collect());
        let (mut refusal, mut overridden) = (None, Vec::new());
        match self.judge(&view) {
            Ok(lifted) => overridden = lifted,
            Err(withheld) => refusal = Some(withheld),
        }
        let mut elements = Vec::new();
        match self.draft(instance, &subject, &view, true) {
            Ok(mut draft) => {
                let checked = pixels::check(instance, &self.limits, &mut draft.decided.edits);
                refusal = refusal.or(checked.err());
                draft.decided.edits.sort();
                elements = walk::elements(self, instance, &subject, &draft.decided, &view);
            }
            Err(withheld) => refusal = refusal.or(Some(withheld)),
        }
        let syntax = registry::by_uid(&instance.syntax.uid);
        Ok(Explanation {
            sop_class: subject.sop_class.keyword,
            transfer_syntax: syntax.map(|syntax| syntax.keyword),
            accept,
            pixels,
            overridden,
            refusal,
            elements,
            methods: self.stamp.codes().to_vec(),
        })
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
