//! What the output says of itself: markers, method codes and file meta information.

use super::Counts;
use crate::dicom::encode::{element, header, sequence};
use crate::dicom::{Edits, Encoding, Tag, Tape, Vr};
use crate::profile::Profile;
use crate::standard::annex_e;
use crate::standard::methods::{self, Method, OptionSet, ProfileOption};

/// Implementation Class UID of this de-identifier, a fixed UUID under 2.25.
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.224063175190467259105286163425187459153";
/// Name and version, for (0012,0063).
const TOOL: &str = concat!("samar ", env!("CARGO_PKG_VERSION"));
/// Implementation Version Name (0002,0013), 16 characters at most.
const IMPLEMENTATION_VERSION_NAME: &str = concat!("SAMAR_", env!("CARGO_PKG_VERSION"));

const CODE_VALUE: Tag = Tag(0x0008_0100);
/// Patient Identity Removed.
pub const PATIENT_IDENTITY_REMOVED: Tag = Tag(0x0012_0062);
/// De-identification Method.
pub const METHOD: Tag = Tag(0x0012_0063);
/// De-identification Method Code Sequence.
pub const METHOD_CODES: Tag = Tag(0x0012_0064);
/// Longitudinal Temporal Information Modified.
pub const TEMPORAL: Tag = Tag(0x0028_0303);

/// What an instance's dates are, for (0028,0303) (PS3.3 section C.7.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temporal {
    /// They are as they were.
    Unmodified,
    /// They were moved.
    Modified,
    /// They are gone.
    Removed,
}

impl Temporal {
    /// The defined term.
    pub const fn term(self) -> &'static str {
        match self {
            Temporal::Unmodified => "UNMODIFIED",
            Temporal::Modified => "MODIFIED",
            Temporal::Removed => "REMOVED",
        }
    }

    /// What is true of an instance with so many dates moved and so many as they were. Where it has none and
    /// never had any, what the options would have done.
    pub fn of(counts: &Counts, on: OptionSet) -> Temporal {
        if counts.dates_shifted > 0 {
            Temporal::Modified
        } else if counts.dates_kept > 0 {
            Temporal::Unmodified
        } else if counts.dates_removed > 0 {
            Temporal::Removed
        } else if on.contains(ProfileOption::RetainModifiedDates) {
            Temporal::Modified
        } else if on.contains(ProfileOption::RetainFullDates) {
            Temporal::Unmodified
        } else {
            Temporal::Removed
        }
    }
}

/// What came of one instance, as far as its markers tell it.
#[derive(Clone, Copy, Debug)]
pub struct Ran {
    /// What became of its dates.
    pub temporal: Temporal,
    /// Whether pixels were blanked, and proven to be, and nothing tells that text may be left.
    pub cleaned: bool,
}

/// The markers of one profile.
#[derive(Debug)]
pub struct Stamp {
    method: String,
    codes: Vec<Method>,
    /// Whether the profile asks for the Clean Pixel Data Option.
    cleans_pixels: bool,
}

impl Stamp {
    /// The stamp of a profile: the codes of CID 7050 that no rule of it makes untrue.
    pub fn new(profile: &Profile, codes: Vec<Method>) -> Stamp {
        use std::fmt::Write as _;
        let mut digest = String::with_capacity(64);
        for byte in profile.sha256 {
            let _ = write!(digest, "{byte:02x}");
        }
        Stamp {
            // Profile names are checked to be short and plain when the profile is loaded.
            method: format!("{TOOL}\\{}@{}\\{digest}", profile.name, annex_e::EDITION),
            codes,
            cleans_pixels: profile.options.contains(ProfileOption::CleanPixelData),
        }
    }

    /// Value of (0012,0063).
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The codes of (0012,0064) that the profile gives all instances alike, in their order.
    pub fn codes(&self) -> &[Method] {
        &self.codes
    }

    /// The codes that one instance claims: one that lost its dates claims no option that lets dates stay, and only
    /// one whose pixels were blanked, and of which nothing tells that text may be left, claims that they were cleaned. That
    /// a search found nothing is no such claim.
    pub fn claimed(&self, ran: Ran) -> Vec<Method> {
        let of_dates = [
            ProfileOption::RetainFullDates.method(),
            ProfileOption::RetainModifiedDates.method(),
        ];
        let true_here =
            |code: &&Method| ran.temporal != Temporal::Removed || !of_dates.contains(code);
        let pixels =
            (ran.cleaned && self.cleans_pixels).then(|| ProfileOption::CleanPixelData.method());
        let claimed = self.codes.iter().filter(true_here).copied();
        claimed.chain(pixels).collect()
    }

    /// Adds the markers to the edits.
    pub fn add(&self, edits: &mut Edits, encoding: Encoding, ran: Ran) {
        let mut push = |tag, vr, value: &[u8]| {
            let mut bytes = Vec::with_capacity(value.len() + 12);
            element(&mut bytes, encoding, tag, vr, value);
            edits.added.push((tag, bytes));
        };
        push(PATIENT_IDENTITY_REMOVED, Vr::CS, b"YES");
        push(METHOD, Vr::LO, self.method.as_bytes());
        if let Some(bytes) = self.method_codes(encoding, ran) {
            edits.added.push((METHOD_CODES, bytes));
        }
        let mut bytes = Vec::with_capacity(16);
        element(
            &mut bytes,
            encoding,
            TEMPORAL,
            Vr::CS,
            ran.temporal.term().as_bytes(),
        );
        edits.added.push((TEMPORAL, bytes));
        edits.added.sort_by_key(|(tag, _)| *tag);
    }

    /// (0012,0064) as it is written; `None` when there is no code to state.
    fn method_codes(&self, encoding: Encoding, ran: Ran) -> Option<Vec<u8>> {
        let codes = self.claimed(ran);
        if codes.is_empty() {
            return None;
        }
        let items = codes.into_iter().map(|code| code_item(encoding, code));
        let mut bytes = Vec::with_capacity(128);
        sequence(&mut bytes, encoding, METHOD_CODES, items);
        Some(bytes)
    }

    /// Whether (0012,0064) of a finished file is, byte for byte, what this stamp writes.
    pub fn has_codes(&self, tape: &Tape, encoding: Encoding, ran: Ran) -> bool {
        let found = tape.find(METHOD_CODES).map(|element| {
            let bytes = element.start as usize..element.end as usize;
            tape.buf.get(bytes).unwrap_or_default()
        });
        found == self.method_codes(encoding, ran).as_deref()
    }
}

/// One item of (0012,0064).
fn code_item(encoding: Encoding, method: Method) -> Vec<u8> {
    let mut item = Vec::with_capacity(96);
    element(
        &mut item,
        encoding,
        CODE_VALUE,
        Vr::SH,
        method.code.as_bytes(),
    );
    element(
        &mut item,
        encoding,
        Tag(0x0008_0102),
        Vr::SH,
        methods::SCHEME.as_bytes(),
    );
    element(
        &mut item,
        encoding,
        Tag(0x0008_0104),
        Vr::LO,
        method.meaning.as_bytes(),
    );
    item
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
