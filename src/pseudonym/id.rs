//! Identifier pseudonyms: decimal digits only, so that no letter of an original can come back.

use super::key::Key;
use super::mac::{Keyed, first_bits};
use crate::dicom::charset::Charset;
use crate::dicom::value::trim;

/// Digits of a patient pseudonym: 66 bits, for millions of patients without a collision.
const PATIENT_DIGITS: u32 = 20;
/// Digits of any other pseudonym: what an SH value holds.
const VALUE_DIGITS: u32 = 16;

/// What tells one patient from another in an instance, as raw values.
#[derive(Clone, Copy, Debug)]
pub enum PatientIdentity<'a> {
    /// Patient ID and Issuer of Patient ID, the latter empty when absent.
    Id {
        /// Patient ID (0010,0020).
        id: &'a [u8],
        /// Issuer of Patient ID (0010,0021).
        issuer: &'a [u8],
    },
    /// Patient's Name, where there is no Patient ID.
    Name(&'a [u8]),
    /// The study, where there is neither.
    Study(&'a [u8]),
}

impl PatientIdentity<'_> {
    /// A keyed digest of the canonical identity.
    pub(super) fn digest(self, keyed: &Keyed, charset: Charset) -> [u8; 32] {
        match self {
            PatientIdentity::Id { id, issuer } => keyed.digest(&[
                b"id",
                canonical(id, charset).as_bytes(),
                canonical(issuer, charset).as_bytes(),
            ]),
            PatientIdentity::Name(name) => {
                keyed.digest(&[b"name", canonical(name, charset).as_bytes()])
            }
            PatientIdentity::Study(uid) => keyed.digest(&[b"study", trim(uid)]),
        }
    }
}

/// Maps identifiers to pseudonyms.
#[derive(Clone, Debug)]
pub struct Ids {
    patient: Keyed,
    accession: Keyed,
    value: Keyed,
}

impl Ids {
    /// Lengths of the pseudonyms that are made here, in digits.
    pub const LENGTHS: [usize; 2] = [VALUE_DIGITS as usize, PATIENT_DIGITS as usize];

    /// Derives the subkeys.
    pub fn new(key: &Key) -> Ids {
        Ids {
            patient: Keyed::new(key.subkey("patient")),
            accession: Keyed::new(key.subkey("accession")),
            value: Keyed::new(key.subkey("value")),
        }
    }

    /// The pseudonym of a patient: 20 digits.
    pub fn patient(&self, identity: PatientIdentity<'_>, charset: Charset) -> String {
        digits(
            first_bits(&self.patient_digest(identity, charset)),
            PATIENT_DIGITS,
        )
    }

    /// The bits from which a format makes the pseudonym of a patient.
    pub fn patient_digest(&self, identity: PatientIdentity<'_>, charset: Charset) -> [u8; 32] {
        identity.digest(&self.patient, charset)
    }

    /// The pseudonym of an Accession Number: 16 digits.
    pub fn accession(&self, value: &[u8], charset: Charset) -> String {
        short(first_bits(&self.accession_digest(value, charset)))
    }

    /// The bits from which a format makes the pseudonym of an Accession Number.
    pub fn accession_digest(&self, value: &[u8], charset: Charset) -> [u8; 32] {
        self.accession
            .digest(&[canonical(value, charset).as_bytes()])
    }

    /// The dummy of any other value: 16 digits, equal for equal values of one attribute.
    pub fn value(&self, tag: u32, value: &[u8], charset: Charset) -> String {
        let bits = self
            .value
            .bits(&[&tag.to_be_bytes(), canonical(value, charset).as_bytes()]);
        short(bits)
    }
}

/// The keyed function behind one pseudonym that a profile names, `pseudonym.NAME`.
#[derive(Clone, Debug)]
pub struct Named(Keyed);

impl Named {
    /// Derives the subkey `pseudonym:NAME`: what two names make of one value has nothing in common.
    pub fn new(key: &Key, name: &str) -> Named {
        Named(Keyed::new(key.subkey(&format!("pseudonym:{name}"))))
    }

    /// The bits from which a format makes the pseudonym, equal for all spellings of one value.
    pub fn digest(&self, value: &[u8], charset: Charset) -> [u8; 32] {
        self.0.digest(&[canonical(value, charset).as_bytes()])
    }
}

/// One form for all spellings: decoded, padding and empty trailing name components off, case folded.
pub fn canonical(value: &[u8], charset: Charset) -> String {
    let text = charset.decode(trim(value));
    let text = text.trim_end_matches(|c: char| matches!(c, '^' | '=') || c.is_whitespace());
    let mut folded = String::with_capacity(text.len());
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_uppercase));
    }
    folded
}

fn digits(bits: u128, count: u32) -> String {
    let number = bits % 10u128.pow(count);
    format!("{number:0width$}", width = count as usize)
}

/// A leading zero keeps the sixteen digits from reading as a national identity number.
fn short(bits: u128) -> String {
    let mut text = String::from("0");
    text.push_str(&digits(bits, VALUE_DIGITS - 1));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What has once been handed out must come out again in every later version: a changed value here makes two
    /// patients of one.
    #[test]
    fn pseudonyms_never_change() {
        let ids = Ids::new(&Key::from_bytes([7; 32]));
        let latin = Charset::default();
        let id = |id: &'static [u8], issuer: &'static [u8]| PatientIdentity::Id { id, issuer };
        assert_eq!(
            ids.patient(id(b"MRN-0815-42", b""), latin),
            "98000238560700276049"
        );
        assert_eq!(
            ids.patient(id(b"MRN-0815-42", b"North"), latin),
            "10518185978897216309"
        );
        assert_eq!(
            ids.patient(PatientIdentity::Name(b"Quill^Anna^"), latin),
            "10005297056803008214"
        );
        assert_eq!(
            ids.patient(PatientIdentity::Study(b"1.2.3"), latin),
            "87455734647422546676"
        );
        assert_eq!(ids.accession(b"ACC-4711", latin), "0901018833950950");
        assert_eq!(ids.value(0x0008_1030, b"Chest", latin), "0778807433086599");
    }

    #[test]
    fn one_form_for_all_spellings() {
        let latin = Charset::default();
        assert_eq!(canonical(b" quill^anna^^= \0", latin), "QUILL^ANNA");
        assert_eq!(canonical(b"M\xFCller  Anna", latin), "M\u{dc}LLER ANNA");
        assert_eq!(canonical(b"", latin), "");
        assert_eq!(canonical(b"^^ ", latin), "");
        assert_eq!(
            canonical(b"^Anna", latin),
            "^ANNA",
            "what is missing in front is not"
        );
    }

    #[test]
    fn digits_keep_their_zeros() {
        assert_eq!(digits(7, 20), "00000000000000000007");
        assert_eq!(digits(u128::MAX, 20).len(), 20);
        assert_eq!(short(0), "0000000000000000");
        assert_eq!(short(u128::MAX).len(), 16);
    }
}
