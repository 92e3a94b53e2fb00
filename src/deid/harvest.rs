//! What identified this patient: the instance's own names and identifiers, to be found nowhere in its output.

mod spans;
mod values;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::dicom::charset::Charset;
use crate::dicom::tape::{Element, Flags, Tape};
use crate::dicom::value::{split, trim};
use crate::dicom::{Tag, Vr};
use crate::standard::{dictionary, uids};
use crate::text::without_accents;
use values::Values;

/// Begins an ISO 2022 escape sequence.
const ESC: u8 = 0x1B;
const PATIENT_BIRTH_DATE: Tag = Tag(0x0010_0030);
const PATIENT_NAME: Tag = Tag(0x0010_0010);
/// Shortest name part that is searched for in kept text, in bytes. Shorter ones are everyday words.
const MIN_NAME: usize = 4;
/// Shortest part of the patient's own name, in bytes: Kim, Lee.
const MIN_PATIENT_NAME: usize = 3;
/// Shortest identifier that is searched for in kept text, in bytes.
const MIN_ID: usize = 4;
/// Shortest identifier that is searched for without its separators, in bytes.
const MIN_COMPACT: usize = 5;
/// Shortest arc of a UID that is compared with identifiers, in digits. Shorter ones meet by chance.
const MIN_ARC: usize = 6;
/// Shortest value that is searched for in all bytes of the output. Shorter ones occur in pixels by chance.
const MIN_ANYWHERE: usize = 6;
/// Most comparisons of a value with a place in the instance: about a minute's.
const MAX_WORK: u64 = 1 << 32;
/// Shortest UID that is searched for.
const MIN_UID: usize = 16;

/// The values of one instance that must not survive.
#[derive(Debug, Default)]
pub struct Harvest {
    /// Name parts: matched as whole words in kept text.
    words: Values,
    /// Halves of double names: matched as whole words in free text.
    halves: Values,
    /// Identifiers, institutions, addresses: matched anywhere in kept text.
    phrases: Values,
    /// Those with digits, letters and digits only: matched in kept text with its separators taken out.
    numbers: Values,
    /// The longer values with a letter in them, and UIDs: matched anywhere in the output's bytes.
    anywhere: Values,
    /// How the instance's text is coded.
    charset: Charset,
    /// Whether there were more values than are searched for.
    overflowed: bool,
}

/// Letters and digits only.
fn compact(text: &[u8]) -> Vec<u8> {
    text.iter()
        .copied()
        .filter(u8::is_ascii_alphanumeric)
        .collect()
}

/// Positions at which a word may begin.
fn word_starts(text: &[u8]) -> impl Iterator<Item = usize> {
    (0..text.len()).filter(|at| {
        let before = at.checked_sub(1).and_then(|i| text.get(i));
        !before.is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// Attributes whose whole values identify, besides all of VR PN.
fn is_identifier(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0008_0050 // AccessionNumber
            | 0x0008_0092 // ReferringPhysicianAddress
            | 0x0008_0094 // ReferringPhysicianTelephoneNumbers
            | 0x0008_1040 // InstitutionalDepartmentName
            | 0x0010_0030 // PatientBirthDate
            | 0x0010_2155 // PatientTelecomInformation
            | 0x0020_0010 // StudyID
            | 0x0038_0300 // CurrentPatientLocation
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

/// Whether a part of a name is long enough to tell it from everyday words.
fn is_name_part(tag: Tag, part: &[u8]) -> bool {
    let shortest = if tag == PATIENT_NAME {
        MIN_PATIENT_NAME
    } else {
        MIN_NAME
    };
    part.len() >= shortest && !part.iter().all(u8::is_ascii_digit)
}

/// Attributes of VR PN by PS3.6, whatever VR a file gives them.
static NAMES: LazyLock<FxHashSet<Tag>> = LazyLock::new(|| {
    let entries = dictionary::entries().iter();
    let names = entries.filter(|entry| entry.vr == Vr::PN);
    names.map(|entry| entry.tag).collect()
});

fn is_name(tag: Tag) -> bool {
    NAMES.contains(&tag)
}

fn is_instance_uid(tag: Tag) -> bool {
    matches!(tag.0, 0x0008_0018 | 0x0020_000D | 0x0020_000E | 0x0020_0052)
}

impl Harvest {
    /// Gathers from every level of the instance, but for attributes that the profile keeps by a rule. `None` when it names more than can be searched for.
    pub fn gather(tape: &Tape, charset: Charset, kept: impl Fn(Tag) -> bool) -> Option<Harvest> {
        let mut harvest = Harvest {
            charset,
            ..Harvest::default()
        };
        for element in &tape.elements {
            if element.flags.has(Flags::CONTAINER) {
                continue;
            }
            let name = element.vr == Vr::PN || is_name(element.tag);
            let identifies = name || is_identifier(element.tag) || is_instance_uid(element.tag);
            if !identifies || kept(element.tag) {
                continue;
            }
            if name {
                harvest.name(element.tag, tape.value(element));
                harvest.name_in_any_script(element.tag, tape.value(element));
            } else if is_identifier(element.tag) {
                harvest.identifier(tape.value(element));
                if element.tag == PATIENT_BIRTH_DATE {
                    harvest.birth_date(tape.value(element));
                }
            } else {
                harvest.uid(element, tape);
            }
        }
        let too_much = harvest.longest() as u64 * tape.buf.len() as u64 > MAX_WORK;
        (!harvest.overflowed && !too_much).then_some(harvest)
    }

    /// Most values that one place may have to be compared with.
    fn longest(&self) -> usize {
        let lists = [
            &self.words,
            &self.halves,
            &self.phrases,
            &self.numbers,
            &self.anywhere,
        ];
        lists.iter().map(|values| values.longest).max().unwrap_or(0)
    }

    fn name(&mut self, tag: Tag, value: &[u8]) {
        let separates = |b: &u8| matches!(b, b'^' | b'=' | b'\\' | b' ' | b',' | b'.' | 0);
        for part in value
            .split(separates)
            .filter(|part| is_name_part(tag, part))
        {
            self.overflowed |= !self.words.add(part);
            self.raw(part);
            if part.contains(&b'-') || part.contains(&b'\'') {
                for half in part.split(|b| matches!(b, b'-' | b'\'')) {
                    self.half(tag, half);
                }
                self.half(tag, &compact(part));
            }
        }
    }

    /// A name with letters beyond ASCII is also known by its Unicode form, whatever its charset and case.
    fn name_in_any_script(&mut self, tag: Tag, value: &[u8]) {
        if value.is_ascii() && !value.contains(&ESC) {
            return;
        }
        let text = self.charset.decode(value).to_uppercase();
        for part in text.split(['^', '=', '\\', ' ', ',', '.', '-', '\'']) {
            let part = part.trim_matches('\0');
            if part.chars().count() > 1 && is_name_part(tag, part.as_bytes()) {
                self.overflowed |= !self.words.add(part.as_bytes());
                let plain = without_accents(part);
                if plain.is_ascii() && is_name_part(tag, plain.as_bytes()) {
                    self.overflowed |= !self.words.add(plain.as_bytes());
                }
            }
        }
    }

    fn half(&mut self, tag: Tag, part: &[u8]) {
        if is_name_part(tag, part) {
            self.overflowed |= !self.halves.add(part);
            self.raw(part);
        }
    }

    fn identifier(&mut self, value: &[u8]) {
        for one in split(value) {
            if one.len() >= MIN_ID {
                self.overflowed |= !self.phrases.add(one);
                let compact = compact(one);
                if compact.len() >= MIN_COMPACT && compact.iter().any(u8::is_ascii_digit) {
                    self.overflowed |= !self.numbers.add(&compact);
                }
                if one.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80) {
                    self.raw(one);
                }
            }
        }
    }

    /// A birthday is also written with the day or the month first.
    fn birth_date(&mut self, value: &[u8]) {
        let digits = compact(value);
        let parts = (digits.get(..4), digits.get(4..6), digits.get(6..8));
        if let (Some(year), Some(month), Some(day)) = parts {
            for date in [[day, month, year], [month, day, year]] {
                self.overflowed |= !self.numbers.add(&date.concat());
            }
        }
    }

    fn uid(&mut self, element: &Element, tape: &Tape) {
        let uid = trim(tape.value(element));
        let registered = std::str::from_utf8(uid).is_ok_and(uids::is_registered);
        if uid.len() >= MIN_UID && !registered {
            self.overflowed |= !self.anywhere.add(uid);
        }
    }

    fn raw(&mut self, value: &[u8]) {
        if value.len() >= MIN_ANYWHERE {
            self.overflowed |= !self.anywhere.add(value);
        }
    }

    /// Whether a text that may stay names the patient, the staff or the place.
    pub fn is_in_text(&self, text: &[u8]) -> bool {
        self.is_in_code(text)
            || !self.numbers.entries.is_empty() && self.numbers.is_in(&compact(text))
            || word_starts(text).any(|at| {
                let rest = &text[at..];
                self.halves.has_word(text, at)
                    || self.words.begins_with(rest)
                    || self.phrases.begins_with(rest)
            })
    }

    /// The same for text that may be written in any charset, in any case, and with escapes between letters.
    pub fn is_in_any_script(&self, text: &[u8]) -> bool {
        let plain = text.is_ascii() && !text.contains(&ESC);
        self.is_in_text(text)
            || !plain && {
                let decoded = self.charset.decode(text).to_uppercase();
                self.is_in_text(decoded.as_bytes())
            }
    }

    /// The same for bytes without a meaning, whatever text they may hold.
    pub fn is_in_opaque(&self, value: &[u8]) -> bool {
        self.is_in_bytes(value) || self.is_in_text(value)
    }

    /// Whether an arc of one of these UIDs is an identifier of the instance.
    pub fn is_in_uid(&self, value: &[u8]) -> bool {
        value
            .split(|b| matches!(b, b'.' | b'\\'))
            .any(|arc| arc.len() >= MIN_ARC && self.is_number(arc))
    }

    /// Whether one of these numbers is an identifier of the instance.
    pub fn is_number(&self, value: &[u8]) -> bool {
        split(value).any(|one| {
            one.len() >= MIN_COMPACT && self.numbers.at(one).any(|number| number.len() == one.len())
        })
    }

    /// The same for a code string, which nothing cuts off. What verification would find does not stay either.
    pub fn is_in_code(&self, text: &[u8]) -> bool {
        self.phrases.is_in(text)
            || self.anywhere.is_in(text)
            || word_starts(text).any(|at| self.words.has_word(text, at))
    }

    /// Whether any harvested value of six bytes and more stands anywhere in these bytes.
    pub fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        self.anywhere.is_in(bytes)
    }
}

#[cfg(test)]
mod tests;
