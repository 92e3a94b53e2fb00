//! The de-identifier: decides by the profile's table, edits and stamps one instance.
//!
//! Pure: the same bytes, profile and key give the same output, whatever the order, thread or machine.

pub mod coded;
mod decide;
mod harvest;
pub mod identity;
pub mod kept;
pub mod measured;
mod pixels;
pub mod policy;
pub mod refusal;
pub mod stamp;
mod surrogate;
mod view;

pub use harvest::Harvest;
pub use policy::{Plan, Policy};
pub use refusal::{Fate, Refusal};
pub use surrogate::is_surrogate;

use std::fmt;

use crate::dicom::syntax::TransferSyntax;
use crate::dicom::{Encoding, Instance, Limits, Part, edit};
use crate::phi::Phi;
use crate::profile::{Profile, RuleAction, Verdict};
use crate::pseudonym::{Ids, Key, Uids};
use crate::standard::iod_types::{self, IodTypes};
use crate::standard::uids as registry;

/// The pseudonyms that name an output file. Digits and dots only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Pseudonym of the patient.
    pub patient: String,
    /// New Study Instance UID.
    pub study: String,
    /// New Series Instance UID.
    pub series: String,
    /// New SOP Instance UID.
    pub instance: String,
}

/// What was done to one instance, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Public elements removed, those inside removed sequences not counted again.
    pub removed: u32,
    /// Elements emptied.
    pub emptied: u32,
    /// Elements given a dummy value.
    pub dummied: u32,
    /// UIDs replaced.
    pub uids: u32,
    /// Identifiers replaced by keyed pseudonyms.
    pub pseudonyms: u32,
    /// Private elements removed, those inside removed sequences not counted again.
    pub private: u32,
    /// Elements kept.
    pub kept: u32,
    /// Bytes dropped behind the last element or behind the pixel data's declared size.
    pub trailing_bytes: u64,
}

/// One old identifier and its replacement, for `--mapping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// What the input said.
    pub old: Phi<String>,
    /// What the output says.
    pub new: String,
}

/// An edited instance that nothing has verified yet. No sink accepts it.
pub struct Deidentified {
    /// Everything but the bulk values, file meta information first.
    pub(crate) memory: Vec<u8>,
    /// The output file as runs of `memory` and of the source.
    pub(crate) parts: Vec<Part>,
    pub(crate) identity: Identity,
    pub(crate) counts: Counts,
    pub(crate) sop_class: registry::Registered,
    pub(crate) types: &'static IodTypes,
    pub(crate) syntax: TransferSyntax,
    pub(crate) mapped_uids: Vec<Mapped>,
    pub(crate) mapped_patient: Option<Mapped>,
    pub(crate) overrides: Vec<String>,
    /// What must not be found in it.
    pub(crate) harvest: Harvest,
}

impl fmt::Debug for Deidentified {
    /// Pseudonyms and numbers: neither the bytes nor what was harvested.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deidentified")
            .field("identity", &self.identity)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Deidentified {
    pub(crate) fn for_tests(memory: Vec<u8>, parts: Vec<Part>, identity: Identity) -> Deidentified {
        let sop_class = registry::by_keyword("CTImageStorage").expect("a registered SOP Class");
        Deidentified {
            memory,
            parts,
            mapped_uids: vec![Mapped {
                old: Phi::new(format!("9.{}", identity.instance)),
                new: identity.instance.clone(),
            }],
            identity,
            counts: Counts::default(),
            sop_class,
            types: iod_types::of("ct-image").expect("a known IOD"),
            syntax: TransferSyntax::of_encoding(Encoding::EXPLICIT_LE),
            mapped_patient: None,
            overrides: Vec::new(),
            harvest: Harvest::default(),
        }
    }
}

/// Decides and edits by one profile and one key.
#[derive(Debug)]
pub struct Deidentifier {
    profile: Profile,
    policy: Policy,
    stamp: stamp::Stamp,
    uids: Uids,
    ids: Ids,
    limits: Limits,
    list_identifiers: bool,
}

impl Deidentifier {
    /// Compiles the profile into its per-tag table and derives the subkeys.
    pub fn new(profile: Profile, key: &Key, limits: Limits) -> Deidentifier {
        Deidentifier {
            policy: Policy::compile(&profile),
            stamp: stamp::Stamp::new(&profile),
            uids: Uids::new(key),
            ids: Ids::new(key),
            profile,
            limits,
            list_identifiers: false,
        }
    }

    /// Also lists old and new identifiers, for `--mapping`.
    #[must_use]
    pub fn listing_identifiers(mut self, on: bool) -> Deidentifier {
        self.list_identifiers = on;
        self
    }

    /// The profile in force.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The compiled policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The markers that outputs carry.
    pub fn stamp(&self) -> &stamp::Stamp {
        &self.stamp
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Cleans one instance, or says why not.
    pub fn apply(&self, instance: &Instance<'_>) -> Result<Deidentified, Refusal> {
        let subject = identity::subject(instance, iod_types::of)?;
        let keyword = subject.sop_class.keyword;
        self.clean(instance, &subject)
            .map_err(|refusal| refusal.of_class(keyword))
    }

    fn clean(
        &self,
        instance: &Instance<'_>,
        subject: &identity::Subject,
    ) -> Result<Deidentified, Refusal> {
        let tape = &instance.tape;
        let overrides = self.judge(instance, subject.sop_class.uid)?;
        if !instance.syntax.is_consistent() {
            return Err(Refusal::quarantine(
                "syntax-contradiction",
                "the data set is not written in the transfer syntax that the file declares",
            ));
        }
        let (identity, old_patient) = identity::identity(tape, subject, &self.ids, &self.uids)?;
        let kept = |tag| self.policy.row(tag).plan == Plan::Chosen(RuleAction::Keep);
        let harvest = Harvest::gather(tape, subject.charset, kept).ok_or_else(|| {
            Refusal::quarantine(
                "too-many-names",
                "more names and identifiers than can be verified",
            )
        })?;
        let mut decided = decide::decide(
            tape,
            &decide::Context {
                policy: &self.policy,
                types: subject.types,
                uids: &self.uids,
                ids: &self.ids,
                charset: subject.charset,
                encoding: instance.syntax.encoding,
                harvest: &harvest,
                patient: &identity.patient,
                list_uids: self.list_identifiers,
            },
        )?;
        decided.counts.trailing_bytes +=
            tape.trailing + pixels::check(instance, &self.limits, &mut decided.edits)?;
        self.stamp.add(&mut decided.edits, instance.syntax.encoding);
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
            harvest,
        })
    }

    /// Asks the profile whether such an instance may be written. Gives the rules that the site overrode.
    fn judge(&self, instance: &Instance<'_>, sop_class: &str) -> Result<Vec<String>, Refusal> {
        let view = view::View::new(instance, sop_class);
        let judgement = self.profile.judge(&view);
        if let Some(broken) = view.broken() {
            return Err(broken);
        }
        let fate = match judgement.verdict {
            Verdict::Accept => {
                view.check_frames()?;
                let overridden = judgement.overridden.iter();
                return Ok(overridden.map(|id| (*id).to_owned()).collect());
            }
            Verdict::Reject => Fate::Rejected,
            Verdict::Quarantine => Fate::Quarantined,
        };
        Err(judgement.rule.map_or_else(
            || Refusal::new(fate, "profile", "withheld by the profile"),
            |rule| Refusal::new(fate, &rule.id, &rule.because),
        ))
    }
}

/// Checks that the pixel data is all there and within the limits. Gives the bytes that stand behind the image.
pub fn check_pixels(instance: &Instance<'_>, limits: &Limits) -> Result<u64, Refusal> {
    pixels::check(instance, limits, &mut crate::dicom::Edits::default())
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
