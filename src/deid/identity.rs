//! Who an instance is about: the values that name it, read once.

use super::Identity;
use super::refusal::{Fate, Refusal};
use crate::dicom::charset::Charset;
use crate::dicom::tape::Tape;
use crate::dicom::value::trim;
use crate::dicom::{Instance, Tag, Vr};
use crate::profile::settings::UnknownClass;
use crate::pseudonym::Uids;
use crate::standard::iod_types::{IodTypes, Path, Type};
use crate::standard::{dictionary, uids as registry};

const SPECIFIC_CHARACTER_SET: Tag = Tag(0x0008_0005);
const SOP_CLASS_UID: Tag = Tag(0x0008_0016);
/// SOP Instance UID.
pub const SOP_INSTANCE_UID: Tag = Tag(0x0008_0018);
/// Study Instance UID.
pub const STUDY_INSTANCE_UID: Tag = Tag(0x0020_000D);
/// Series Instance UID.
pub const SERIES_INSTANCE_UID: Tag = Tag(0x0020_000E);
/// Stands for the study and series of an instance that has none, such as a colour palette.
pub const NO_UID: &str = "0";

/// What an instance is.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) sop_class: registry::Registered,
    pub(super) types: &'static IodTypes,
    pub(super) charset: Charset,
}

/// Finds the SOP Class. One that the standard does not define has no defined de-identification.
pub(super) fn subject(
    instance: &Instance<'_>,
    unknown: UnknownClass,
    types_of: impl Fn(&str) -> Option<&'static IodTypes>,
) -> Result<Subject, Refusal> {
    let fate = match unknown {
        UnknownClass::Quarantine => Fate::Quarantined,
        UnknownClass::Reject => Fate::Rejected,
    };
    let tape = &instance.tape;
    let declared = instance.meta.sop_class.as_deref().unwrap_or_default();
    let uid = match one_uid(tape, SOP_CLASS_UID)? {
        "" => declared,
        uid => uid,
    };
    if !declared.is_empty() && declared != uid {
        return Err(Refusal::quarantine(
            "sop-class-mismatch",
            "`SOPClassUID` is not the SOP Class that the file meta information declares",
        ));
    }
    if uid.is_empty() {
        return Err(Refusal::quarantine(
            "no-sop-class",
            "`SOPClassUID` is missing",
        ));
    }
    let sop_class = registry::by_uid(uid).filter(|row| row.kind == "SOP Class");
    let Some(sop_class) = sop_class else {
        return Err(Refusal::new(
            fate,
            "unknown-sop-class",
            "a private or unknown SOP Class has no defined de-identification",
        ));
    };
    let types = registry::iod(uid).and_then(types_of).ok_or_else(|| {
        Refusal::new(
            fate,
            "unknown-sop-class",
            format!(
                "`{}` is retired or no storage SOP Class of PS3.4",
                sop_class.keyword
            ),
        )
    })?;
    let charset = tape
        .find_value(SPECIFIC_CHARACTER_SET)
        .map_or_else(Charset::default, Charset::from_value);
    Ok(Subject {
        sop_class,
        types,
        charset,
    })
}

/// The value of an attribute that must be one UID and nothing else; empty when it is absent.
fn one_uid(tape: &Tape, tag: Tag) -> Result<&str, Refusal> {
    let Some(element) = tape.find(tag) else {
        return Ok("");
    };
    let uid = std::str::from_utf8(trim(tape.value(element))).unwrap_or("?");
    let digits = uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if digits && (element.vr.is_text() || element.vr == Vr::UN) {
        return Ok(uid);
    }
    Err(Refusal::quarantine(
        "invalid-uid",
        format!("`{}` is not one UID", dictionary::name(tag)),
    ))
}

/// The pseudonyms that name the output. `kept` tells whether a UID stays as it is.
pub(super) fn identity(
    tape: &Tape,
    subject: &Subject,
    patient: &str,
    uids: &Uids,
    kept: impl Fn(Tag) -> bool,
) -> Result<Identity, Refusal> {
    let value = |tag| tape.find_value(tag).map(trim).unwrap_or_default();
    let has_study = subject
        .types
        .resolve(Path::TOP, Tag(0x0008_0050), |_| false)
        > Type::Three
        || !value(STUDY_INSTANCE_UID).is_empty();
    let uid = |tag, name: &str| {
        let old = one_uid(tape, tag)?;
        // Well-known instances, such as PS3.6's colour palettes, keep their names.
        if !old.is_empty() && (registry::is_registered(old) || kept(tag)) {
            return Ok(old.to_owned());
        }
        if !old.is_empty() {
            return Ok(uids.map(old.as_bytes()));
        }
        if has_study || tag == SOP_INSTANCE_UID {
            return Err(Refusal::quarantine(
                "missing-uid",
                format!("`{name}` is missing"),
            ));
        }
        Ok(NO_UID.to_owned())
    };
    Ok(Identity {
        patient: patient.to_owned(),
        study: uid(STUDY_INSTANCE_UID, "StudyInstanceUID")?,
        series: uid(SERIES_INSTANCE_UID, "SeriesInstanceUID")?,
        instance: uid(SOP_INSTANCE_UID, "SOPInstanceUID")?,
    })
}
