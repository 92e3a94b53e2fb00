//! What Table E.1-1 leaves open: attributes that identify by their role or VR though no row lists them.
//!
//! These rules only strengthen the table. What they catch is removed, emptied or given a dummy value as the
//! attribute's Type demands.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::dictionary::Entry;
use crate::dicom::Vr;

static TECHNICAL_TEXT: &str = include_str!("data/technical-text.txt");

static TECHNICAL: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| TECHNICAL_TEXT.lines().collect());

/// Issuers, namespaces, people, characteristics and encrypted originals that their VR does not give away.
const IDENTIFYING: &[&str] = &[
    "AsserterIdentificationSequence",
    "AssigningAgencyOrDepartmentCodeSequence",
    "AssigningFacilitySequence",
    "AssigningJurisdictionCodeSequence",
    "AuthorIdentificationSequence",
    "BreedRegistrationSequence",
    "ConsentForClinicalTrialUseSequence",
    "ContentLabel",
    "ContrastBolusIngredient",
    "DetectorCalibrationData",
    "DocumentAuthorIdentifierCodeSequenceTrial",
    "DocumentIdentifierCodeSequenceTrial",
    "DocumentingObserverIdentifierCodeSequenceTrial",
    "DocumentingOrganizationIdentifierCodeSequenceTrial",
    "EncryptedAttributesSequence",
    "EncryptedContent",
    "EquipmentCoordinateSystemIdentification",
    "EvaluatorSequence",
    "ExposuresOnDetectorSinceLastCalibration",
    "ExposuresOnDetectorSinceManufactured",
    "ExposuresOnPlate",
    "GeneticModificationsSequence",
    "GroupOfPatientsIdentificationSequence",
    "HPGLDocument",
    "HangingProtocolUserIdentificationCodeSequence",
    "InterlockResolutionUserSequence",
    "IssuerOfAccessionNumberSequence",
    "IssuerOfPatientIDQualifiersSequence",
    "LongitudinalTemporalEventType",
    "LongitudinalTemporalOffsetFromEvent",
    "MACParametersSequence",
    "MeasuredAPDimension",
    "MeasuredLateralDimension",
    "ObjectBinaryIdentifierTrial",
    "ObjectDirectoryBinaryIdentifierTrial",
    "OrderFillerIdentifierSequence",
    "OrderPlacerIdentifierSequence",
    "PatientAlternativeCalendar",
    "PatientBodyMassIndex",
    "PatientBreedCodeSequence",
    "PatientClinicalTrialParticipationSequence",
    "PatientSizeCodeSequence",
    "PriorRecordKey",
    "PrivateDataElementCharacteristicsSequence",
    "QualityControlSubject",
    "RecordKey",
    "ReportNumber",
    "RequestingPhysicianIdentificationSequence",
    "RequestingServiceCodeSequence",
    "ResponsibleGroupCodeSequence",
    "ResponsiblePersonRole",
    "Signature",
    "SourcePatientGroupIdentificationSequence",
    "StrainCodeSequence",
    "StrainStockSequence",
    "TherapyDescription",
    "TypeOfPatientID",
];

/// Groups that belong to printing, work lists, media, security screening and non-destructive testing, and have no
/// place in a patient's instance.
fn is_out_of_place(group: u16) -> bool {
    matches!(
        group,
        0x0014 | 0x0074 | 0x1000 | 0x1010 | 0x2000..=0x2040 | 0x2100..=0x2200 | 0x4008..=0x4010 | 0x7F00
    )
}

/// Parts of a coded entry (PS3.3 section 8.8): kept for the standard's coding schemes only.
const CODED_ENTRY: &[&str] = &[
    "CodeMeaning",
    "CodeValue",
    "CodingSchemeDesignator",
    "LongCodeValue",
    "URNCodeValue",
];

/// What an attribute that no row of Table E.1-1 lists is to the reader of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Identifies, or may hold what a person typed: treated by its Type.
    Identifying,
    /// A UID: remapped, unless it is one of the standard's own.
    Uid,
    /// Part of a coded entry.
    CodedEntry,
    /// A measurement, a defined term or a technical text.
    Technical,
    /// Of no use in a data set: commands, file meta information, directory records, retired attributes.
    Foreign,
}

/// The role of a public attribute, by its VR and name.
pub fn role(entry: &Entry) -> Role {
    if matches!(
        entry.tag.group(),
        0x0000 | 0x0002 | 0x0004 | 0xFFFC | 0xFFFE
    ) {
        return Role::Foreign;
    }
    // What the standard itself has given up, no reader needs.
    if entry.is_retired || is_out_of_place(entry.tag.group()) {
        return Role::Foreign;
    }
    if CODED_ENTRY.contains(&entry.keyword) {
        return Role::CodedEntry;
    }
    match entry.vr {
        Vr::UI => Role::Uid,
        Vr::AE | Vr::AS | Vr::DA | Vr::DT | Vr::PN | Vr::TM | Vr::UN | Vr::UR => Role::Identifying,
        vr if vr.is_free_text() && !TECHNICAL.contains(entry.keyword) => Role::Identifying,
        _ if IDENTIFYING.contains(&entry.keyword) => Role::Identifying,
        _ => Role::Technical,
    }
}
