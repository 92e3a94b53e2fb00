//! The checks on a finished file.

use super::composite::Composite;
use super::read_back_limits;
use crate::deid::identity::{NO_UID, SERIES_INSTANCE_UID, SOP_INSTANCE_UID, STUDY_INSTANCE_UID};
use crate::deid::kept::is_well_formed;
use crate::deid::policy::{Action, Plan};
use crate::deid::stamp::{METHOD, METHOD_CODES, PATIENT_IDENTITY_REMOVED, TEMPORAL};
use crate::deid::{self, Deidentified, Deidentifier, Refusal, coded, is_surrogate, measured};
use crate::dicom::tape::{Flags, ROOT, Tape};
use crate::dicom::value::{split, trim};
use crate::dicom::{Element, Instance, ReadAt, Scratch, Tag, Vr};
use crate::profile::RuleAction;
use crate::standard::iod_types::{Path, Type};
use crate::standard::{dictionary, uids};

fn refuse(reason: &str, detail: impl Into<String>) -> Refusal {
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
        memory: &made.memory,
        parts: &made.parts,
        source,
    };
    let limits = read_back_limits(deidentifier.limits());
    let instance = Instance::read(&file, &limits, std::mem::take(scratch)).map_err(|e| {
        refuse(
            "structure",
            format!("the cleaned file does not read back: {e}"),
        )
    })?;
    let checked = check_instance(deidentifier, made, &instance);
    *scratch = instance.into_scratch();
    checked
}

fn check_instance(
    deidentifier: &Deidentifier,
    made: &Deidentified,
    instance: &Instance<'_>,
) -> Result<usize, Refusal> {
    let tape = &instance.tape;
    if tape.trailing != 0 || instance.syntax != made.syntax {
        return Err(refuse(
            "structure",
            "the cleaned file does not read back as it was written",
        ));
    }
    markers(deidentifier, tape)?;
    identity(made, instance)?;
    if deid::check_pixels(instance, deidentifier.limits())? != 0 {
        return Err(refuse("pixels", "bytes stand behind the image"));
    }
    elements(deidentifier, made, tape)?;
    propagation(made, tape)?;
    let pixels = tape.top_level().find(|(_, e)| e.tag.group() == 0x7FE0);
    Ok(match pixels {
        Some((_, element)) if !made.syntax.deflated => element.start as usize,
        _ => made.memory.len(),
    })
}

/// Nothing harvested stands in the bytes that came from the input. What samar itself wrote is passed over, and so are
/// pixels: in a million samples, six bytes occur by chance.
fn propagation(made: &Deidentified, tape: &Tape) -> Result<(), Refusal> {
    let mut from = tape.begin as usize;
    let apart = tape
        .top_level()
        .map(|(_, element)| element)
        .filter(|e| is_stamp(e.tag) || e.tag.group() == 0x7FE0);
    for (start, end) in apart
        .map(|element| (element.start as usize, element.end as usize))
        .chain([(tape.end as usize, 0)])
    {
        let run = tape.buf.get(from..start).unwrap_or_default();
        if made.harvest.is_in_bytes(run) {
            return Err(refuse(
                "propagation",
                "a value of the patient, staff or place, or an original UID, is still in the cleaned file",
            ));
        }
        from = end;
    }
    Ok(())
}

fn is_stamp(tag: Tag) -> bool {
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
fn markers(deidentifier: &Deidentifier, tape: &Tape) -> Result<(), Refusal> {
    let stamp = deidentifier.stamp();
    let is = |tag, wanted: &str| tape.find_value(tag).map(trim) == Some(wanted.as_bytes());
    let codes = tape.find(METHOD_CODES).is_some();
    if is(PATIENT_IDENTITY_REMOVED, "YES")
        && is(METHOD, stamp.method())
        && is(TEMPORAL, "REMOVED")
        && codes == stamp.is_basic()
    {
        return Ok(());
    }
    Err(refuse(
        "markers",
        "the de-identification markers are not as they should be",
    ))
}

fn elements(deidentifier: &Deidentifier, made: &Deidentified, tape: &Tape) -> Result<(), Refusal> {
    // Paths of the open sequences, and where each ends.
    let mut open: Vec<(u32, Path)> = Vec::new();
    for (i, element) in tape.elements.iter().enumerate() {
        while open.last().is_some_and(|(end, _)| *end <= i as u32) {
            open.pop();
        }
        if element.tag == Tag::ITEM {
            continue;
        }
        let path = open.last().map_or(Path::TOP, |(_, path)| *path);
        let stamped = element.parent == ROOT && is_stamp(element.tag);
        let kind = || {
            made.types
                .resolve(path, element.tag, |tag| tape.find(tag).is_some())
        };
        if !stamped && !may_stand(deidentifier, made, tape, i, element, &kind) {
            return Err(refuse(
                "element",
                format!(
                    "`{}` is still in the cleaned file or was not replaced",
                    dictionary::name(element.tag)
                ),
            ));
        }
        if element.flags.has(Flags::CONTAINER) {
            open.push((element.next, path.inside(element.tag)));
        }
    }
    Ok(())
}

/// Whether an element may be in the output with the value that it has.
fn may_stand(
    deidentifier: &Deidentifier,
    made: &Deidentified,
    tape: &Tape,
    index: usize,
    element: &Element,
    kind: &dyn Fn() -> Type,
) -> bool {
    let nested_pixels = element.parent != ROOT && element.tag.group() == 0x7FE0;
    if element.tag.is_private() || nested_pixels {
        return false;
    }
    let row = deidentifier.policy().row(element.tag);
    let value = tape.value(element);
    let vr = if element.vr == Vr::UN {
        row.vr
    } else {
        element.vr
    };
    let container = element.flags.has(Flags::CONTAINER);
    let surrogate = || container || trim(value).is_empty() || is_surrogate(vr, value);
    match row.plan {
        Plan::Remove | Plan::Chosen(RuleAction::Remove) => false,
        Plan::Table(code) => match code.resolve_in(kind(), tape) {
            Action::Remove => false,
            Action::Empty => tape.value_len(element) == 0 && element.next as usize == index + 1,
            Action::Uid => container || uids_are_new(value),
            Action::Dummy => surrogate() || row.vr == Vr::UI && uids_are_new(value),
        },
        Plan::ByType => match kind() {
            Type::Three => false,
            Type::Two => trim(value).is_empty(),
            Type::One => surrogate(),
        },
        Plan::Uid | Plan::Chosen(RuleAction::Uid) => container || uids_are_new(value),
        Plan::CodedEntry => {
            coded::may_stay(tape, element, &made.harvest) || is_code_surrogate(value)
        }
        Plan::Keep if container => row.vr == Vr::SQ,
        Plan::Keep => {
            let names_someone = || match row.vr {
                Vr::DS | Vr::IS => made.harvest.is_number(value),
                Vr::CS => made.harvest.is_in_code(value) && kind() != Type::One,
                vr => vr.is_text() && made.harvest.is_in_text(value),
            };
            let in_place = !row.vr.is_opaque() || made.types.has_binary(element.tag);
            let well_formed = in_place
                && row
                    .entry
                    .is_some_and(|entry| is_well_formed(entry, element.vr, value));
            let measured = measured::max_len(tape, element, made.syntax.encoding)
                .is_none_or(|max| value.len() <= max);
            is_surrogate(vr, value) || well_formed && measured && !names_someone()
        }
        Plan::Chosen(RuleAction::Keep) => true,
        Plan::Chosen(RuleAction::Empty) => tape.value_len(element) == 0,
        Plan::Chosen(_) => surrogate(),
    }
}

/// Whether a part of a coded entry is what samar puts there: digits, or a private designator of digits.
fn is_code_surrogate(value: &[u8]) -> bool {
    trim(value).iter().all(u8::is_ascii_digit)
}

/// Whether every UID is empty, samar's own or the standard's.
fn uids_are_new(value: &[u8]) -> bool {
    split(value).all(|uid| {
        uid.is_empty()
            || uid.starts_with(b"2.25.")
            || std::str::from_utf8(uid).is_ok_and(uids::is_registered)
    })
}
