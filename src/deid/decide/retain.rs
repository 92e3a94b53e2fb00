//! What an option lets stay: values kept as they are (K) and values cleaned (C). What is neither safe to keep nor
//! possible to clean goes as the Basic Profile says.

use super::{Pass, text_vr};
use crate::deid::kept::{is_plain_text, is_well_formed, shows_text};
use crate::deid::refusal::Refusal;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::{split, trim};
use crate::dicom::{Tag, Vr};
use crate::profile::settings::Unparsable;
use crate::profile::table::{Instead, Row};
use crate::pseudonym::date;
use crate::standard::dictionary;
use crate::standard::methods::ProfileOption;

const TIMEZONE_OFFSET: Tag = Tag(0x0008_0201);
const PATIENT_SEX: Tag = Tag(0x0010_0040);
/// Longest time stamp of VR OB that is kept, in bytes: what the Precision Time Protocol has.
const LONGEST_STAMP: usize = 16;
const PATIENT_BIRTH_DATE: Tag = Tag(0x0010_0030);
/// Dates that say when somebody was looked at: Study, Series, Acquisition and Content Date.
const EXAMINED: [Tag; 4] = [
    Tag(0x0008_0020),
    Tag(0x0008_0021),
    Tag(0x0008_0022),
    Tag(0x0008_0023),
];

impl Pass<'_> {
    /// K: the value stays when it is what its VR says and names nobody.
    pub(super) fn retain(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<usize, Refusal> {
        if let Some(next) = self.without_value(i, element, row, instead)? {
            return Ok(next);
        }
        let value = self.tape.value(element);
        match row.vr {
            Vr::AS => self.age(i, element, row, instead),
            Vr::DA | Vr::DT | Vr::TM => {
                if !written_as_text(element) || !date::is_well_formed(row.vr, value) {
                    return self.unparsable(i, element, row, instead);
                }
                self.decided.counts.dates_kept += 1;
                Ok(self.stays(element))
            }
            Vr::UI if is_uids(value) && !self.context.harvest.is_in_uid(value) => {
                Ok(self.stays(element))
            }
            Vr::SH if element.tag == TIMEZONE_OFFSET && !is_offset(value) => {
                self.instead(i, element, row, instead)
            }
            Vr::CS if element.tag == PATIENT_SEX && !matches!(trim(value), b"M" | b"F" | b"O") => {
                self.instead(i, element, row, instead)
            }
            _ if self.may_be_retained(element, row) => Ok(self.stays(element)),
            _ => self.instead(i, element, row, instead),
        }
    }

    /// Treats what has no value to look at: a sequence is entered, and nothing stays nothing. `None` for all others.
    fn without_value(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<Option<usize>, Refusal> {
        if element.flags.has(Flags::CONTAINER) {
            let next = if row.vr == Vr::SQ {
                self.enter(i, element, false)
            } else {
                self.instead(i, element, row, instead)?
            };
            return Ok(Some(next));
        }
        let is_empty = row.vr.is_text() && trim(self.tape.value(element)).is_empty();
        Ok(is_empty.then(|| self.stays(element)))
    }

    fn may_be_retained(&self, element: &Element, row: &Row) -> bool {
        let value = self.tape.value(element);
        let harvest = self.context.harvest;
        match row.vr {
            Vr::UI | Vr::SQ => false,
            vr if vr.is_free_text() || matches!(vr, Vr::AE | Vr::PN) => {
                written_as_text(element)
                    && is_plain_text(vr, value)
                    && !harvest.is_in_any_script(value)
            }
            vr => {
                row.entry
                    .is_some_and(|entry| is_well_formed(entry, element.vr, value))
                    && match vr {
                        Vr::DS | Vr::IS => !harvest.is_number(value),
                        Vr::CS => !harvest.is_in_code(value),
                        // A time stamp is some bytes; more could be anything.
                        vr if vr.is_opaque() => {
                            value.len() <= LONGEST_STAMP
                                && !shows_text(value)
                                && !harvest.is_in_opaque(value)
                        }
                        _ => true,
                    }
            }
        }
    }

    /// Notes a value that was looked at and stays.
    pub(super) fn stays(&mut self, element: &Element) -> usize {
        self.decided.counts.kept += 1;
        self.decided
            .vouched
            .add(element.tag, self.tape.value(element));
        element.next as usize
    }

    /// Writes a value that was made from the original.
    pub(super) fn becomes(&mut self, i: usize, element: &Element, value: &[u8]) -> usize {
        if trim(value) == trim(self.tape.value(element)) {
            return self.stays(element);
        }
        self.decided.vouched.add(element.tag, value);
        self.decided.counts.cleaned += 1;
        self.write(i, element, value);
        element.next as usize
    }

    /// Ages stay up to the cap; those above become one age.
    pub(super) fn age(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<usize, Refusal> {
        let value = self.tape.value(element);
        let on = self.context.table.options();
        let capped = match self.context.profile.dates.age_cap {
            _ if !written_as_text(element) || !date::is_well_formed(Vr::AS, value) => None,
            // With the day of the examination, an age in days is a birth date.
            _ if on.contains(ProfileOption::RetainFullDates) && counts_days(value) => None,
            Some(cap) => date::cap_age(value, cap).ok(),
            None => Some(value.to_vec()),
        };
        match capped {
            Some(capped) => Ok(self.becomes(i, element, &capped)),
            None => self.unparsable(i, element, row, instead),
        }
    }

    /// C: the value is replaced by one of similar meaning that does not identify.
    pub(super) fn clean(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<usize, Refusal> {
        if let Some(next) = self.without_value(i, element, row, instead)? {
            return Ok(next);
        }
        let value = self.tape.value(element);
        if !written_as_text(element) {
            return self.instead(i, element, row, instead);
        }
        match row.vr {
            Vr::DA | Vr::DT | Vr::TM => self.shift(i, element, row, instead),
            Vr::SH if element.tag == TIMEZONE_OFFSET => {
                // Days move as a whole, so that the offset still says what it said.
                if is_offset(value) {
                    Ok(self.stays(element))
                } else {
                    self.instead(i, element, row, instead)
                }
            }
            Vr::AE => {
                let title = |one| self.context.names.device(one, self.context.charset);
                let made: Vec<String> = split(value)
                    .map(|one| {
                        if one.is_empty() {
                            String::new()
                        } else {
                            title(one)
                        }
                    })
                    .collect();
                Ok(self.becomes(i, element, made.join("\\").as_bytes()))
            }
            vr if vr.is_free_text() || vr == Vr::CS => {
                match self.cleaned(value, text_vr(element.vr, vr)) {
                    Some(cleaned) => Ok(self.becomes(i, element, &cleaned)),
                    None => self.instead(i, element, row, instead),
                }
            }
            _ => self.instead(i, element, row, instead),
        }
    }

    /// Moves dates by the patient's days.
    pub(super) fn shift(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<usize, Refusal> {
        let value = self.tape.value(element);
        if element.tag == PATIENT_BIRTH_DATE && self.is_very_old(value) {
            return self.instead(i, element, row, instead);
        }
        match date::shift(row.vr, value, self.context.who.days) {
            Ok(shifted) => {
                self.count_date(row.vr, value, &shifted);
                Ok(self.becomes(i, element, &shifted))
            }
            Err(_) => self.unparsable(i, element, row, instead),
        }
    }

    /// Counts a date that was moved, or that came out as it was. A time of day says nothing about the calendar.
    pub(super) fn count_date(&mut self, vr: Vr, before: &[u8], after: &[u8]) {
        if !matches!(vr, Vr::DA | Vr::DT) || trim(after).is_empty() {
            return;
        }
        if trim(before) == trim(after) {
            self.decided.counts.dates_kept += 1;
        } else {
            self.decided.counts.dates_shifted += 1;
        }
    }

    /// Whether somebody born on this day had, when examined, an age above the cap.
    pub(super) fn is_very_old(&self, birth: &[u8]) -> bool {
        let Some(cap) = self.context.profile.dates.age_cap else {
            return false;
        };
        let examined = EXAMINED
            .iter()
            .filter_map(|tag| self.tape.find_value(*tag).map(trim));
        let ages: Vec<u16> = examined
            .filter_map(|on| date::years_between(trim(birth), on))
            .collect();
        ages.is_empty() || ages.iter().any(|age| *age > cap)
    }

    /// What the profile says of a date or age that cannot be read.
    pub(super) fn unparsable(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        instead: Instead,
    ) -> Result<usize, Refusal> {
        match self.context.profile.dates.unparsable {
            Unparsable::Remove => self.instead(i, element, row, instead),
            Unparsable::Quarantine => Err(Refusal::quarantine(
                "unparsable-date",
                format!("`{}` cannot be read", dictionary::name(element.tag)),
            )),
        }
    }

    /// What the cleaner leaves of a text, as the bytes of this VR; `None` when nothing is left.
    pub(super) fn cleaned(&self, value: &[u8], vr: Vr) -> Option<Vec<u8>> {
        let text = self.context.charset.decode(value);
        let own = self.context.harvest;
        let longest = vr.max_chars().unwrap_or(usize::MAX);
        let one = |text: &str| {
            let cleaned = self.context.cleaner.clean(text, own);
            // What is not ASCII would have to be coded again; medical words of this lexicon are.
            let cleaned = if cleaned.is_ascii() {
                cleaned
            } else {
                String::new()
            };
            cleaned
                .get(..longest)
                .map_or(cleaned.clone(), str::to_owned)
        };
        let values: Vec<String> = if matches!(vr, Vr::LT | Vr::ST | Vr::UT) {
            vec![one(&text)]
        } else {
            text.split('\\').map(one).collect()
        };
        if values.iter().all(String::is_empty) {
            return None;
        }
        let cleaned = values.join("\\").into_bytes();
        (!own.is_in_any_script(&cleaned)).then_some(cleaned)
    }
}

/// Whether a value is written under a VR that holds text.
pub(super) fn written_as_text(element: &Element) -> bool {
    element.vr.is_text() || element.vr == Vr::UN
}

/// Whether a value is UIDs and nothing else.
pub(super) fn is_uids(value: &[u8]) -> bool {
    split(value).all(|uid| {
        let arcs = uid.contains(&b'.') || uid.is_empty();
        arcs && uid.len() <= 64 && uid.iter().all(|b| b.is_ascii_digit() || *b == b'.')
    })
}

/// Whether an age is given in days or weeks.
fn counts_days(value: &[u8]) -> bool {
    split(value).any(|age| matches!(age.last(), Some(b'D' | b'W' | b'd' | b'w')))
}

/// Whether a value is an offset from UTC, `&ZZXX` (PS3.3 section C.12.1.1.8).
fn is_offset(value: &[u8]) -> bool {
    match trim(value) {
        [b'+' | b'-', digits @ ..] => digits.len() == 4 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
