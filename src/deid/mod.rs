//! The de-identifier: decides by the profile's table, edits and stamps one instance.
//!
//! Pure: the same bytes, profile and key give the same output, whatever the order, thread or machine.

pub mod action;
mod claims;
pub mod coded;
pub(crate) mod concept;
mod counts;
mod decide;
mod descriptors;
pub mod explain;
mod harvest;
pub mod identity;
pub mod kept;
mod made;
pub mod measured;
mod pixels;
mod pseudonymizer;
pub mod redact;
pub mod refusal;
pub mod rendering;
mod search;
mod setup;
pub mod stamp;
mod surrogate;
mod view;
mod vouched;
mod weigh;

pub use counts::Counts;
pub use harvest::Harvest;
pub(crate) use made::Deidentified;
pub use made::{Identity, Mapped};
pub use redact::Redacted;
pub use refusal::{Fate, Refusal};
pub use search::{TextSearch, Unsearched};
pub use setup::SetupError;
pub use surrogate::is_surrogate;
pub use vouched::Vouched;

use std::sync::Arc;

use crate::dicom::{Encoding, Instance, Limits, Part, Room, edit};
use crate::phi::Phi;
pub use crate::pixel::detect::{Detector, Found, ModelInfo};
pub use crate::pixel::mask::Mask;
use crate::profile::table::{Answered, Answers, Plan, Table};
use crate::profile::{Fact, Profile, RuleAction};
use crate::pseudonym::Key;
use crate::pseudonym::subjects::Subjects;
use crate::standard::iod_types;
use descriptors::Descriptors;
use pseudonymizer::Pseudonymizer;
use search::TextDetector;
use stamp::Temporal;

/// Decides and edits by one profile and one key.
#[derive(Debug)]
pub struct Deidentifier {
    profile: Profile,
    table: Table,
    stamp: stamp::Stamp,
    names: Pseudonymizer,
    cleaner: Descriptors,
    limits: Limits,
    list_identifiers: bool,
    detector: TextDetector,
    /// Whether a rule on instances asks what a search for text gave.
    asks_text: bool,
}

impl Deidentifier {
    /// Compiles the profile into its per-tag table and derives the subkeys. `subjects` is the table that the profile
    /// names, if it names one.
    pub fn new(
        profile: Profile,
        key: &Key,
        limits: Limits,
        subjects: Option<Subjects>,
    ) -> Result<Deidentifier, SetupError> {
        if profile.pseudonyms.patient.table.is_some() && subjects.is_none() {
            return Err(SetupError::NoSubjects);
        }
        let table = Table::compile(&profile.rules, profile.options);
        let asks_text = profile.accept.iter().any(|rule| {
            let facts = Fact::ALL.iter().map(|(_, fact)| *fact);
            let mut of_search = facts.filter(|fact| fact.needs_search());
            of_search.any(|fact| rule.asks(fact))
        });
        Ok(Deidentifier {
            stamp: stamp::Stamp::new(&profile, table.methods()),
            table,
            names: Pseudonymizer::new(&profile, key, subjects)?,
            cleaner: Descriptors::new(&profile.words),
            profile,
            limits,
            list_identifiers: false,
            detector: TextDetector::default(),
            asks_text,
        })
    }

    /// Also lists old and new identifiers, for `--mapping`.
    #[must_use]
    pub fn listing_identifiers(mut self, on: bool) -> Deidentifier {
        self.list_identifiers = on;
        self
    }

    /// Searches for text with this detector instead of samar's own.
    #[must_use]
    pub fn with_text_detector(mut self, detector: Arc<Detector>) -> Deidentifier {
        self.detector = TextDetector::given(detector);
        self
    }

    /// The profile in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The compiled rules and options.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The markers that outputs carry.
    pub fn stamp(&self) -> &stamp::Stamp {
        &self.stamp
    }

    /// What new UIDs begin with.
    pub fn uid_prefix(&self) -> &str {
        self.names.uids.prefix()
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Cleans one instance, or says why not. Frames that are written anew and too many for memory go to `room`.
    pub fn apply(&self, instance: &Instance<'_>, room: &dyn Room) -> Result<Deidentified, Refusal> {
        self.apply_also(instance, room, &[])
    }

    /// The same, and blanks what was found in what would have been written before.
    pub(crate) fn apply_also(
        &self,
        instance: &Instance<'_>,
        room: &dyn Room,
        also: &[Found],
    ) -> Result<Deidentified, Refusal> {
        let subject = self.subject(instance)?;
        let keyword = subject.sop_class.keyword;
        self.clean(instance, &subject, room, also)
            .map_err(|refusal| refusal.of_class(keyword))
    }

    /// Which pixels the profile's rules name and where text is found, whether or not the instance may be written.
    ///
    /// # Errors
    /// The refusal that such an instance meets: an image of another size than a rule was drawn for, and the like.
    pub fn pixel_plan(
        &self,
        instance: &Instance<'_>,
    ) -> Result<(redact::Plan, Option<TextSearch>), Refusal> {
        let subject = self.subject(instance)?;
        let view = view::View::new(instance, subject.sop_class.uid, &self.profile);
        let mut plan = redact::Plan::new(instance, view.pixel_rules(), self.profile.fill)?;
        if let Some(broken) = view.broken() {
            return Err(broken);
        }
        check_pixels(instance, &self.limits)?;
        let policy = self.text_policy(instance, subject.sop_class.uid);
        let text = self.search(instance, &view, policy, (&mut plan, &[]))?;
        Ok((plan, text))
    }

    /// What the instance is.
    fn subject(&self, instance: &Instance<'_>) -> Result<identity::Subject, Refusal> {
        identity::subject(instance, self.profile.unknown.sop_class, iod_types::of)
    }

    /// Decides about every element.
    fn draft<'t>(
        &self,
        instance: &'t Instance<'_>,
        subject: &identity::Subject,
        view: &view::View<'_>,
        log: bool,
    ) -> Result<Draft<'t>, Refusal> {
        let tape = &instance.tape;
        let who = self.names.patient(tape, subject.charset)?;
        let answers = Answers::of(self.table.conditions(), view);
        // At the top level; what a rule keeps in a sequence only is not known to be harmless elsewhere.
        let plan = |tag| {
            let row = self.table.row(tag);
            self.table.plan(&row, tag, Vec::new, &answers)
        };
        let kept = |tag| match plan(tag) {
            Plan::Retain(_) => true,
            Plan::Chosen(rule) => {
                let rule = self.table.rule(rule);
                rule.is_some_and(|rule| rule.action == RuleAction::Keep)
            }
            _ => false,
        };
        let harvest = Harvest::gather(tape, subject.charset, kept).ok_or_else(|| {
            Refusal::quarantine(
                "too-many-names",
                "more names and identifiers than can be verified",
            )
        })?;
        // An option keeps no UID that was made of somebody's number.
        let kept_uid = |tag| {
            let value = tape.find_value(tag).unwrap_or_default();
            kept(tag) && !(matches!(plan(tag), Plan::Retain(_)) && harvest.is_in_uid(value))
        };
        let uids = &self.names.uids;
        let identity = identity::identity(tape, subject, &who.pseudonym, uids, kept_uid)?;
        let context = decide::Context {
            profile: &self.profile,
            table: &self.table,
            answers: &answers,
            types: subject.types,
            names: &self.names,
            cleaner: &self.cleaner,
            charset: subject.charset,
            encoding: instance.syntax.encoding,
            harvest: &harvest,
            who: &who,
            list_uids: self.list_identifiers,
        };
        let decided = decide::decide(tape, &context, log)?;
        // A rule's condition may have looked at frames that cannot be vouched for.
        if let Some(broken) = view.broken() {
            return Err(broken);
        }
        Ok(Draft {
            answered: answers.answered(),
            identity,
            harvest,
            decided,
            old_patient: who.old,
            name_digest: self.names.name_digest(tape, subject.charset),
        })
    }

    fn clean(
        &self,
        instance: &Instance<'_>,
        subject: &identity::Subject,
        room: &dyn Room,
        also: &[Found],
    ) -> Result<Deidentified, Refusal> {
        let view = view::View::new(instance, subject.sop_class.uid, &self.profile);
        let weighed = self.weigh(instance, &view, also);
        let overrides = match weighed.verdict {
            Ok(overrides) => overrides,
            Err(refusal) => return Err(refusal.after_search(weighed.text)),
        };
        let plan = weighed.plan.unwrap_or_default();
        let Draft {
            mut decided,
            identity,
            harvest,
            old_patient,
            answered,
            name_digest,
        } = self.draft(instance, subject, &view, false)?;
        decided.counts.trailing_bytes +=
            instance.tape.trailing + pixels::check(instance, &self.limits, &mut decided.edits)?;
        let foreign = view.check_frames()?;
        let made = redact::carry_out(
            instance,
            &plan,
            foreign,
            &mut decided.edits,
            (&self.limits, room),
        )?;
        let ran = stamp::Ran {
            temporal: Temporal::of(&decided.counts, self.table.options()),
            cleaned: made.done.is_cleaned(),
        };
        self.stamp
            .add(&mut decided.edits, instance.syntax.encoding, ran);
        let meta = stamp::file_meta(
            subject.sop_class.uid,
            &identity.instance,
            &instance.syntax.uid,
        );
        let (memory, parts) = assemble(instance, &decided.edits, meta)?;
        let mapped_patient = (self.list_identifiers && !old_patient.is_empty()).then(|| Mapped {
            old: Phi::new(subject.charset.decode(old_patient)),
            new: identity.patient.clone(),
        });
        Ok(Deidentified {
            memory,
            parts,
            identity,
            counts: decided.counts,
            sop_class: subject.sop_class,
            types: subject.types,
            syntax: instance.syntax.clone(),
            mapped_uids: decided.mapped_uids,
            mapped_patient,
            overrides,
            answered,
            vouched: decided.vouched,
            temporal: ran.temporal,
            name_digest,
            harvest,
            spool: made.spool,
            rewrite: made.rewrite,
            redacted: made.done,
            blanked: plan.mask,
            text: weighed.text,
        })
    }
}

/// Decisions on one instance, not yet carried out.
struct Draft<'t> {
    decided: decide::Decided,
    identity: Identity,
    harvest: Harvest,
    /// The value that told who the patient is.
    old_patient: &'t [u8],
    answered: Answered,
    name_digest: Option<u64>,
}

/// Checks that the data set is written in the transfer syntax that the file declares.
fn check_syntax(instance: &Instance<'_>) -> Result<(), Refusal> {
    if instance.syntax.is_consistent() {
        return Ok(());
    }
    Err(Refusal::quarantine(
        "syntax-contradiction",
        "the data set is not written in the transfer syntax that the file declares",
    ))
}

/// Checks that the pixel data is all there and within the limits. Gives the bytes that stand behind the image.
pub fn check_pixels(instance: &Instance<'_>, limits: &Limits) -> Result<u64, Refusal> {
    pixels::check(instance, limits, &mut crate::dicom::Edits::default())
}

/// Whether a frame of encapsulated pixel data holds anything that is not image. Refuses frames and offset tables that
/// do not follow their syntax.
pub fn frames_are_foreign(instance: &Instance<'_>) -> Result<bool, Refusal> {
    match pixels::frames::Frames::of(instance)? {
        Some(frames) => frames.are_foreign(instance),
        None => Ok(false),
    }
}

/// Writes the edited data set behind the file meta information, deflated where the syntax says so.
fn assemble(
    instance: &Instance<'_>,
    edits: &crate::dicom::Edits,
    meta: Vec<u8>,
) -> Result<(Vec<u8>, Vec<Part>), Refusal> {
    let encoding: Encoding = instance.syntax.encoding;
    if !instance.syntax.deflated {
        return Ok(edit::write(
            &instance.tape,
            encoding,
            edits,
            meta,
            Vec::new(),
        ));
    }
    let (data_set, _) = edit::write(&instance.tape, encoding, edits, Vec::new(), Vec::new());
    let memory = crate::dicom::deflate::deflate(meta, &data_set).map_err(|_| {
        Refusal::quarantine("deflate", "the cleaned data set could not be deflated")
    })?;
    let parts = vec![Part::Memory(0..memory.len())];
    Ok((memory, parts))
}
