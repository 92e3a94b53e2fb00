//! What the output says of itself: markers, method codes and file meta information.

use crate::dicom::encode::{element, header, sequence_of_one};
use crate::dicom::{Edits, Encoding, Tag, Vr};
use crate::profile::Profile;
use crate::standard::annex_e;

/// Implementation Class UID of this de-identifier, a fixed UUID under 2.25.
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.224063175190467259105286163425187459153";
/// Name and version, for (0012,0063).
const TOOL: &str = concat!("samar ", env!("CARGO_PKG_VERSION"));
/// Implementation Version Name (0002,0013), 16 characters at most.
const IMPLEMENTATION_VERSION_NAME: &str = concat!("SAMAR_", env!("CARGO_PKG_VERSION"));

/// Patient Identity Removed.
pub const PATIENT_IDENTITY_REMOVED: Tag = Tag(0x0012_0062);
/// De-identification Method.
pub const METHOD: Tag = Tag(0x0012_0063);
/// De-identification Method Code Sequence.
pub const METHOD_CODES: Tag = Tag(0x0012_0064);
/// Longitudinal Temporal Information Modified.
pub const TEMPORAL: Tag = Tag(0x0028_0303);

/// The markers of one profile, written once per encoding.
#[derive(Debug)]
pub struct Stamp {
    method: String,
    /// Whether the Basic Profile holds in full, so that code 113100 is true.
    basic: bool,
}

impl Stamp {
    /// The stamp of a profile. A rule that keeps what the Basic Profile takes costs code 113100.
    pub fn new(profile: &Profile) -> Stamp {
        use std::fmt::Write as _;
        let mut digest = String::with_capacity(64);
        for byte in profile.sha256 {
            let _ = write!(digest, "{byte:02x}");
        }
        Stamp {
            // Profile names are checked to be short and plain when the profile is loaded.
            method: format!("{TOOL}\\{}@{}\\{digest}", profile.name, annex_e::EDITION),
            basic: profile.weakened().is_empty(),
        }
    }

    /// Value of (0012,0063).
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Whether 113100 is stated.
    pub fn is_basic(&self) -> bool {
        self.basic
    }

    /// Adds the markers to the edits.
    pub fn add(&self, edits: &mut Edits, encoding: Encoding) {
        let mut push = |tag, vr, value: &[u8]| {
            let mut bytes = Vec::with_capacity(value.len() + 12);
            element(&mut bytes, encoding, tag, vr, value);
            edits.added.push((tag, bytes));
        };
        push(PATIENT_IDENTITY_REMOVED, Vr::CS, b"YES");
        push(METHOD, Vr::LO, self.method.as_bytes());
        if self.basic {
            edits
                .added
                .push((METHOD_CODES, basic_profile_code(encoding)));
        }
        let mut bytes = Vec::with_capacity(16);
        element(&mut bytes, encoding, TEMPORAL, Vr::CS, b"REMOVED");
        edits.added.push((TEMPORAL, bytes));
    }
}

/// (0012,0064) with the one code of CID 7050 that the Basic Profile earns.
fn basic_profile_code(encoding: Encoding) -> Vec<u8> {
    let mut item = Vec::with_capacity(96);
    element(&mut item, encoding, Tag(0x0008_0100), Vr::SH, b"113100");
    element(&mut item, encoding, Tag(0x0008_0102), Vr::SH, b"DCM");
    element(
        &mut item,
        encoding,
        Tag(0x0008_0104),
        Vr::LO,
        b"Basic Application Confidentiality Profile",
    );
    let mut bytes = Vec::with_capacity(128);
    sequence_of_one(&mut bytes, encoding, METHOD_CODES, &item);
    bytes
}

/// Preamble and file meta information (PS3.10 section 7.1), made anew: nothing of the input's but its syntax.
pub fn file_meta(sop_class: &str, sop_instance: &str, transfer_syntax: &str) -> Vec<u8> {
    let le = Encoding::EXPLICIT_LE;
    let mut group = Vec::with_capacity(256);
    element(&mut group, le, Tag(0x0002_0001), Vr::OB, &[0, 1]);
    element(
        &mut group,
        le,
        Tag(0x0002_0002),
        Vr::UI,
        sop_class.as_bytes(),
    );
    element(
        &mut group,
        le,
        Tag(0x0002_0003),
        Vr::UI,
        sop_instance.as_bytes(),
    );
    element(
        &mut group,
        le,
        Tag(0x0002_0010),
        Vr::UI,
        transfer_syntax.as_bytes(),
    );
    element(
        &mut group,
        le,
        Tag(0x0002_0012),
        Vr::UI,
        IMPLEMENTATION_CLASS_UID.as_bytes(),
    );
    element(
        &mut group,
        le,
        Tag(0x0002_0013),
        Vr::SH,
        IMPLEMENTATION_VERSION_NAME.as_bytes(),
    );

    let mut out = vec![0; crate::dicom::instance::PREAMBLE];
    out.extend_from_slice(b"DICM");
    header(&mut out, le, Tag(0x0002_0000), Vr::UL, 4);
    out.extend_from_slice(&(group.len() as u32).to_le_bytes());
    out.append(&mut group);
    out
}
