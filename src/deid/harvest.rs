//! What identified this patient: the instance's own names and identifiers, to be found nowhere in its output.

use memchr::memmem;

use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::value::{split, trim};
use crate::dicom::{Tag, Vr};
use crate::standard::uids;

/// Shortest name part that is searched for in kept text, in bytes. Shorter ones are everyday words.
const MIN_NAME: usize = 4;
/// Shortest identifier that is searched for in kept text, in bytes.
const MIN_ID: usize = 4;
/// Shortest value that is searched for in all bytes of the output. Shorter ones occur in pixels by chance.
const MIN_ANYWHERE: usize = 6;
/// Shortest UID that is searched for.
const MIN_UID: usize = 16;

/// The values of one instance that must not survive.
#[derive(Debug, Default)]
pub struct Harvest {
    /// Name parts, upper case: matched as whole words in kept text.
    words: Vec<Vec<u8>>,
    /// Identifiers, institutions, addresses, upper case: matched anywhere in kept text.
    phrases: Vec<Vec<u8>>,
    /// Whether any word or phrase begins with this byte.
    begins: Begins,
    /// Raw values with a letter in them, and UIDs: matched anywhere in the output's bytes.
    anywhere: Vec<Vec<u8>>,
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
                self.begins.add(part);
                push_new(&mut self.words, part.to_ascii_uppercase());
                self.raw(part);
            }
        }
    }

    fn identifier(&mut self, value: &[u8]) {
        for one in split(value) {
            if one.len() >= MIN_ID {
                self.begins.add(one);
                push_new(&mut self.phrases, one.to_ascii_uppercase());
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
            push_new(&mut self.anywhere, uid.to_vec());
        }
    }

    fn raw(&mut self, value: &[u8]) {
        if value.len() >= MIN_ANYWHERE {
            push_new(&mut self.anywhere, value.to_vec());
        }
    }

    /// Whether a text that may stay names the patient, the staff or the place.
    pub fn is_in_text(&self, text: &[u8]) -> bool {
        let starts = |rest: &[u8], wanted: &[u8]| {
            rest.get(..wanted.len())
                .is_some_and(|run| run.eq_ignore_ascii_case(wanted))
        };
        // Texts are short: trying each place beats the set-up of a search.
        (0..text.len()).any(|at| {
            let rest = &text[at..];
            if rest.len() < MIN_NAME.min(MIN_ID) || !self.begins.has(rest[0]) {
                return false;
            }
            let letter = |i: usize| text.get(i).is_some_and(u8::is_ascii_alphanumeric);
            self.phrases.iter().any(|phrase| starts(rest, phrase))
                || !(at > 0 && letter(at - 1))
                    && self
                        .words
                        .iter()
                        .any(|word| starts(rest, word) && !letter(at + word.len()))
        })
    }

    /// Whether any harvested value of six bytes and more stands anywhere in these bytes.
    pub fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        self.anywhere
            .iter()
            .any(|value| memmem::find(bytes, value).is_some())
    }
}

/// A set of first bytes, case folded.
#[derive(Clone, Copy, Debug, Default)]
struct Begins([u64; 4]);

impl Begins {
    fn add(&mut self, value: &[u8]) {
        if let Some(byte) = value.first() {
            for byte in [byte.to_ascii_uppercase(), byte.to_ascii_lowercase()] {
                self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        }
    }

    fn has(self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }
}

fn push_new(list: &mut Vec<Vec<u8>>, value: Vec<u8>) {
    if !list.contains(&value) {
        list.push(value);
    }
}
