//! What identified this patient: the instance's own names and identifiers, to be found nowhere in its output.

use rustc_hash::FxHashSet;

use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::value::{split, trim};
use crate::dicom::{Tag, Vr};
use crate::standard::uids;

/// Shortest name part that is searched for in kept text, in bytes. Shorter ones are everyday words.
const MIN_NAME: usize = 4;
/// Shortest identifier that is searched for in kept text, in bytes.
const MIN_ID: usize = 4;
/// Shortest beginning of a value that counts at the end of a kept text, in bytes.
const MIN_CUT_OFF: usize = 5;
/// Shortest value that is searched for in all bytes of the output. Shorter ones occur in pixels by chance.
const MIN_ANYWHERE: usize = 6;
/// Shortest UID that is searched for.
const MIN_UID: usize = 16;

/// The values of one instance that must not survive.
#[derive(Debug, Default)]
pub struct Harvest {
    /// Name parts: matched as whole words in kept text.
    words: Values,
    /// Identifiers, institutions, addresses: matched anywhere in kept text.
    phrases: Values,
    /// The longer values with a letter in them, and UIDs: matched anywhere in the output's bytes.
    anywhere: Values,
}

/// Values to search for, case folded as ASCII, behind a filter on their first two bytes.
#[derive(Debug, Default)]
struct Values {
    list: Vec<Vec<u8>>,
    seen: FxHashSet<Vec<u8>>,
    /// One bit per folded pair of bytes. Most places in a text are passed over by one look.
    filter: [u64; 16],
}

impl Values {
    fn add(&mut self, value: &[u8]) {
        let [first, second, ..] = value else { return };
        let folded = value.to_ascii_uppercase();
        if self.seen.insert(folded.clone()) {
            let slot = slot(*first, *second);
            self.filter[slot >> 6] |= 1 << (slot & 63);
            self.list.push(folded);
        }
    }

    /// The values that stand at the start of `rest`.
    fn at<'v>(&'v self, rest: &'v [u8]) -> impl Iterator<Item = &'v Vec<u8>> {
        let list: &[Vec<u8>] = if self.possible(rest) { &self.list } else { &[] };
        list.iter().filter(|value| {
            rest.get(..value.len())
                .is_some_and(|run| run.eq_ignore_ascii_case(value))
        })
    }

    /// Whether a value begins with the whole of `rest`: text that a short VR cut off.
    fn begins_with(&self, rest: &[u8]) -> bool {
        let rest = trim(rest);
        rest.len() >= MIN_CUT_OFF
            && self.possible(rest)
            && self.list.iter().any(|value| {
                value
                    .get(..rest.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(rest))
            })
    }

    fn possible(&self, rest: &[u8]) -> bool {
        match rest {
            [first, second, ..] => {
                let slot = slot(*first, *second);
                self.filter[slot >> 6] >> (slot & 63) & 1 == 1
            }
            _ => false,
        }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        !self.list.is_empty() && (0..bytes.len()).any(|at| self.at(&bytes[at..]).next().is_some())
    }
}

/// Positions at which a word may begin.
fn word_starts(text: &[u8]) -> impl Iterator<Item = usize> {
    (0..text.len()).filter(|at| {
        let before = at.checked_sub(1).and_then(|i| text.get(i));
        !before.is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// The low five bits tell letters apart whatever their case.
fn slot(first: u8, second: u8) -> usize {
    usize::from(first & 31) << 5 | usize::from(second & 31)
}

/// Attributes whose whole values identify, besides all of VR PN.
fn is_identifier(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0008_0050 // AccessionNumber
            | 0x0008_0080 // InstitutionName
            | 0x0008_0081 // InstitutionAddress
            | 0x0008_1010 // StationName
            | 0x0010_0020 // PatientID
            | 0x0010_0021 // IssuerOfPatientID
            | 0x0010_1000 // OtherPatientIDs
            | 0x0010_1040 // PatientAddress
            | 0x0010_1050 // InsurancePlanIdentification
            | 0x0010_1090 // MedicalRecordLocator
            | 0x0010_2154 // PatientTelephoneNumbers
            | 0x0018_1000 // DeviceSerialNumber
            | 0x0038_0010 // AdmissionID
            | 0x0040_2016 // PlacerOrderNumberImagingServiceRequest
            | 0x0040_2017 // FillerOrderNumberImagingServiceRequest
    )
}

fn is_instance_uid(tag: Tag) -> bool {
    matches!(tag.0, 0x0008_0018 | 0x0020_000D | 0x0020_000E | 0x0020_0052)
}

impl Harvest {
    /// Gathers from every level of the instance.
    pub fn gather(tape: &Tape) -> Harvest {
        let mut harvest = Harvest::default();
        for element in &tape.elements {
            if element.flags.has(Flags::CONTAINER) {
                continue;
            }
            if element.vr == Vr::PN {
                harvest.name(tape.value(element));
            } else if is_identifier(element.tag) {
                harvest.identifier(tape.value(element));
            } else if is_instance_uid(element.tag) {
                harvest.uid(element, tape);
            }
        }
        harvest
    }

    fn name(&mut self, value: &[u8]) {
        for part in value.split(|b| matches!(b, b'^' | b'=' | b'\\' | b' ' | b',' | b'.' | 0)) {
            if part.len() >= MIN_NAME && !part.iter().all(u8::is_ascii_digit) {
                self.words.add(part);
                self.raw(part);
            }
        }
    }

    fn identifier(&mut self, value: &[u8]) {
        for one in split(value) {
            if one.len() >= MIN_ID {
                self.phrases.add(one);
                if one.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80) {
                    self.raw(one);
                }
            }
        }
    }

    fn uid(&mut self, element: &Element, tape: &Tape) {
        let uid = trim(tape.value(element));
        let registered = std::str::from_utf8(uid).is_ok_and(uids::is_registered);
        if uid.len() >= MIN_UID && !registered {
            self.anywhere.add(uid);
        }
    }

    fn raw(&mut self, value: &[u8]) {
        if value.len() >= MIN_ANYWHERE {
            self.anywhere.add(value);
        }
    }

    /// Whether a text that may stay names the patient, the staff or the place.
    pub fn is_in_text(&self, text: &[u8]) -> bool {
        self.is_in_code(text)
            || word_starts(text).any(|at| {
                let rest = &text[at..];
                self.words.begins_with(rest) || self.phrases.begins_with(rest)
            })
    }

    /// The same for a code string, which nothing cuts off.
    pub fn is_in_code(&self, text: &[u8]) -> bool {
        self.phrases.is_in(text)
            || word_starts(text).any(|at| {
                self.words.at(&text[at..]).any(|word| {
                    !text
                        .get(at + word.len())
                        .is_some_and(u8::is_ascii_alphanumeric)
                })
            })
    }

    /// Whether any harvested value of six bytes and more stands anywhere in these bytes.
    pub fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        self.anywhere.is_in(bytes)
    }
}
