//! The checks on a finished file.

use super::composite::Composite;
use super::pixels;
use super::propagation::propagation;
use super::read_back_limits;
use crate::deid::action::{Action, by_type};
use crate::deid::identity::{NO_UID, SERIES_INSTANCE_UID, SOP_INSTANCE_UID, STUDY_INSTANCE_UID};
use crate::deid::kept::is_well_formed;
use crate::deid::stamp::{METHOD, METHOD_CODES, PATIENT_IDENTITY_REMOVED, TEMPORAL};
use crate::deid::{
    self, Deidentified, Deidentifier, Refusal, coded, concept, is_surrogate, measured,
};
use crate::dicom::tape::{Flags, ROOT, Tape};
use crate::dicom::value::{split, trim};
use crate::dicom::{Element, Instance, ReadAt, Scratch, Tag, Vr};
use crate::profile::RuleAction;
use crate::profile::selector::{Step, fold_creator};
use crate::profile::table::{Answers, Instead, Plan};
use crate::standard::annex_e::Code;
use crate::standard::iod_types::{Path, Type};
use crate::standard::sr_concepts::SrDecision;
use crate::standard::{dictionary, uids};

pub(super) fn refuse(reason: &str, detail: impl Into<String>) -> Refusal {
    Refusal::quarantine(format!("verify-{reason}"), detail)
}

/// Reads the finished file back and checks every element of it. Gives the number of bytes in front of its pixel data.
pub(super) fn check(
    deidentifier: &Deidentifier,
    made: &Deidentified,
    source: &dyn ReadAt,
    scratch: &mut Scratch,
) -> Result<usize, Refusal> {
    let file = Composite {
        parts: &made.parts,
        backing: made.backing(source),
    };
    let limits = read_back_limits(deidentifier.limits());
    let instance = Instance::read(&file, &limits, std::mem::take(scratch)).map_err(|e| {
        refuse(
            "structure",
            format!("the cleaned file does not read back: {e}"),
        )
    })?;
    let checked = check_instance(deidentifier, made, &instance, source);
    *scratch = instance.into_scratch();
    checked
}

fn check_instance(
    deidentifier: &Deidentifier,
    made: &Deidentified,
    instance: &Instance<'_>,
    source: &dyn ReadAt,
) -> Result<usize, Refusal> {
    let tape = &instance.tape;
    if tape.trailing != 0 || instance.syntax != made.syntax {
        return Err(refuse(
            "structure",
            "the cleaned file does not read back as it was written",
        ));
    }
    markers(deidentifier, made, tape)?;
    identity(made, instance)?;
    if deid::check_pixels(instance, deidentifier.limits())? != 0 {
        return Err(refuse("pixels", "bytes stand behind the image"));
    }
    pixels::check(made, instance, source)?;
    elements(deidentifier, made, tape)?;
    propagation(made, tape)?;
    pixels::text(deidentifier, made, instance)?;
    let pixels = tape.top_level().find(|(_, e)| e.tag.group() == 0x7FE0);
    Ok(match pixels {
        Some((_, element)) if !made.syntax.deflated => element.start as usize,
        _ => made.memory.len(),
    })
}

pub(super) fn is_stamp(tag: Tag) -> bool {
    matches!(
        tag,
        PATIENT_IDENTITY_REMOVED | METHOD | METHOD_CODES | TEMPORAL
    )
}

/// The UIDs inside are those that name the file.
fn identity(made: &Deidentified, instance: &Instance<'_>) -> Result<(), Refusal> {
    let tape = &instance.tape;
    let is = |tag, wanted: &str| {
        let found = tape.find_value(tag).map(trim).unwrap_or_default();
        found == wanted.as_bytes() || found.is_empty() && wanted == NO_UID
    };
    let names = &made.identity;
    if is(SOP_INSTANCE_UID, &names.instance)
        && is(STUDY_INSTANCE_UID, &names.study)
        && is(SERIES_INSTANCE_UID, &names.series)
        && instance.meta.sop_instance.as_deref() == Some(names.instance.as_str())
        && instance.meta.sop_class.as_deref() == Some(made.sop_class.uid)
    {
        return Ok(());
    }
    Err(refuse(
        "identity",
        "the UIDs in the cleaned file are not those that name it",
    ))
}

/// The file says what ran, and nothing else.
fn markers(deidentifier: &Deidentifier, made: &Deidentified, tape: &Tape) -> Result<(), Refusal> {
    let stamp = deidentifier.stamp();
    let is = |tag, wanted: &str| tape.find_value(tag).map(trim) == Some(wanted.as_bytes());
    if is(PATIENT_IDENTITY_REMOVED, "YES")
        && is(METHOD, stamp.method())
        && is(TEMPORAL, made.temporal.term())
        && stamp.has_codes(tape, made.syntax.encoding, made.ran())
        && pixels::says_so(made, tape)
    {
        return Ok(());
    }
    Err(refuse(
        "markers",
        "the de-identification markers are not as they should be",
    ))
}

/// A sequence around the element at hand.
struct Open {
    end: u32,
    tag: Tag,
    /// In whose block it stands, folded.
    creator: Option<String>,
    /// The item at hand; -1 before the first.
    item: i64,
    path: Path,
}

fn elements(deidentifier: &Deidentifier, made: &Deidentified, tape: &Tape) -> Result<(), Refusal> {
    let answers = Answers::repeated(&made.answered);
    let mut open: Vec<Open> = Vec::new();
    for (i, element) in tape.elements.iter().enumerate() {
        while open.last().is_some_and(|open| open.end <= i as u32) {
            open.pop();
        }
        if element.tag == Tag::ITEM {
            if let Some(open) = open.last_mut() {
                open.item += 1;
            }
            content_item(deidentifier, tape, i)?;
            continue;
        }
        let path = open.last().map_or(Path::TOP, |open| open.path);
        // What samar itself put in was compared byte for byte.
        let stamped = match open.first() {
            Some(outermost) => is_stamp(outermost.tag),
            None => is_stamp(element.tag) || pixels::is_mark(made, element.tag),
        };
        let kind = || {
            made.types
                .resolve(path, element.tag, |tag| tape.find(tag).is_some())
        };
        let row = deidentifier.table().row(element.tag);
        let plan = deidentifier
            .table()
            .plan(&row, element.tag, || steps(&open), &answers);
        let check = Check {
            deidentifier,
            made,
            tape,
            plan,
            vr: row.vr,
        };
        if !stamped && (!check.may_stand(i, element, &kind) || answers.is_short()) {
            return Err(refuse(
                "element",
                format!(
                    "`{}` is still in the cleaned file or was not replaced",
                    dictionary::name(element.tag)
                ),
            ));
        }
        if element.flags.has(Flags::CONTAINER) {
            open.push(Open {
                end: element.next,
                tag: element.tag,
                creator: creator_of(tape, element),
                item: -1,
                path: path.inside(element.tag),
            });
        }
    }
    Ok(())
}

/// A content item may be there by its concept name.
fn content_item(deidentifier: &Deidentifier, tape: &Tape, item: usize) -> Result<(), Refusal> {
    let on = deidentifier.table().options();
    if concept::decide(tape, item, on) == Some(SrDecision::Remove) {
        return Err(refuse(
            "content-item",
            "a content item that identifies by its concept is still in the cleaned file",
        ));
    }
    Ok(())
}

fn steps(open: &[Open]) -> Vec<Step<'_>> {
    open.iter()
        .map(|open| Step {
            tag: open.tag,
            creator: open.creator.as_deref(),
            item: usize::try_from(open.item).unwrap_or_default(),
        })
        .collect()
}

/// The Private Creator in whose block an element stands, folded (PS3.5 section 7.8.1).
fn creator_of(tape: &Tape, element: &Element) -> Option<String> {
    if !element.tag.is_private() {
        return None;
    }
    let reserved = Tag::new(element.tag.group(), element.tag.element() >> 8);
    let value = if element.parent == ROOT {
        tape.find_value(reserved)?
    } else {
        let mut siblings = tape.children(element.parent as usize);
        let (_, found) = siblings.find(|(_, e)| e.tag == reserved)?;
        tape.value(found)
    };
    Some(fold_creator(&String::from_utf8_lossy(value)))
}

/// What is known of one element of the finished file.
struct Check<'a> {
    deidentifier: &'a Deidentifier,
    made: &'a Deidentified,
    tape: &'a Tape,
    plan: Plan,
    /// The VR of PS3.6.
    vr: Vr,
}

impl Check<'_> {
    /// Whether the element may be in the output with the value that it has.
    fn may_stand(&self, index: usize, element: &Element, kind: &dyn Fn() -> Type) -> bool {
        let nested_pixels = element.parent != ROOT && element.tag.group() == 0x7FE0;
        if nested_pixels {
            return false;
        }
        let value = self.tape.value(element);
        let container = element.flags.has(Flags::CONTAINER);
        let vouched = || {
            let value = if container { b"" } else { value };
            self.made.vouched.knows(element.tag, value)
        };
        if element.tag.is_private() {
            return vouched();
        }
        match self.plan {
            Plan::Remove => false,
            Plan::Instead(instead) => self.replaced(index, element, instead, kind) || vouched(),
            Plan::Retain(instead) | Plan::Clean(instead) => {
                container && self.vr == Vr::SQ
                    || !container && vouched()
                    || self.replaced(index, element, instead, kind)
            }
            Plan::CodedEntry => {
                coded::may_stay(self.tape, element, &self.made.harvest)
                    || is_code_surrogate(value)
                    || vouched()
            }
            Plan::Keep if container => self.vr == Vr::SQ,
            Plan::Keep => self.may_be_kept(element, kind),
            Plan::Chosen(rule) => self.chosen(rule, index, element, kind) || vouched(),
        }
    }

    fn replaced(
        &self,
        index: usize,
        element: &Element,
        instead: Instead,
        kind: &dyn Fn() -> Type,
    ) -> bool {
        let value = self.tape.value(element);
        let vr = self.written(element);
        let container = element.flags.has(Flags::CONTAINER);
        let action = match instead {
            Instead::Table(code) => code.resolve_in(kind(), self.tape),
            Instead::ByType => by_type(kind()),
            Instead::Uid => Action::Uid,
        };
        match action {
            Action::Remove => false,
            Action::Empty => {
                self.tape.value_len(element) == 0 && element.next as usize == index + 1
            }
            Action::Uid => container || self.uids_are_new(value),
            Action::Dummy => {
                container
                    || trim(value).is_empty()
                    || is_surrogate(vr, value)
                    || self.vr == Vr::UI && self.uids_are_new(value)
            }
        }
    }

    fn may_be_kept(&self, element: &Element, kind: &dyn Fn() -> Type) -> bool {
        let row = self.deidentifier.table().row(element.tag);
        let value = self.tape.value(element);
        let harvest = &self.made.harvest;
        let names_someone = || match row.vr {
            Vr::DS | Vr::IS => harvest.is_number(value),
            Vr::CS => harvest.is_in_code(value) && kind() != Type::One,
            vr => vr.is_text() && harvest.is_in_text(value),
        };
        let in_place = !row.vr.is_opaque() || self.made.types.has_binary(element.tag);
        let well_formed = in_place
            && row
                .entry
                .is_some_and(|entry| is_well_formed(entry, element.vr, value));
        let measured = measured::max_len(self.tape, element, self.made.syntax.encoding)
            .is_none_or(|max| value.len() <= max);
        is_surrogate(self.written(element), value) || well_formed && measured && !names_someone()
    }

    /// What a rule leaves that deciding did not vouch for.
    fn chosen(&self, rule: u32, index: usize, element: &Element, kind: &dyn Fn() -> Type) -> bool {
        let Some(rule) = self.deidentifier.table().rule(rule) else {
            return false;
        };
        let container = element.flags.has(Flags::CONTAINER);
        let instead = match rule.action {
            RuleAction::Keep => return container,
            RuleAction::Remove => Instead::Table(Code::X),
            RuleAction::Empty => Instead::Table(Code::Z),
            RuleAction::Dummy => Instead::Table(Code::D),
            RuleAction::Uid => Instead::Uid,
            _ if trim(self.tape.value(element)).is_empty() => return !container,
            _ => Instead::ByType,
        };
        self.replaced(index, element, instead, kind)
    }

    /// The VR as written, or where that says nothing, as PS3.6 has it.
    fn written(&self, element: &Element) -> Vr {
        if element.vr == Vr::UN {
            self.vr
        } else {
            element.vr
        }
    }

    /// Whether every UID is empty, samar's own or the standard's.
    fn uids_are_new(&self, value: &[u8]) -> bool {
        let prefix = self.deidentifier.uid_prefix().as_bytes();
        split(value).all(|uid| {
            uid.is_empty()
                || uid.starts_with(prefix)
                || std::str::from_utf8(uid).is_ok_and(uids::is_registered)
        })
    }
}

/// Whether a part of a coded entry is what samar puts there: digits, or a private designator of digits.
fn is_code_surrogate(value: &[u8]) -> bool {
    trim(value).iter().all(u8::is_ascii_digit)
}
