//! The profile's own rules on single elements.

use super::retain::written_as_text;
use super::{Pass, text_vr};
use crate::deid::refusal::Refusal;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::value::trim;
use crate::dicom::{Tag, Vr};
use crate::profile::table::{Instead, Row};
use crate::profile::transform::Transformed;
use crate::profile::{Rule, RuleAction};
use crate::pseudonym::{PatientIdentity, date};
use crate::standard::annex_e::Code;
use crate::standard::dictionary;

const PATIENT_BIRTH_DATE: Tag = Tag(0x0010_0030);

impl Pass<'_> {
    /// Does what a rule says.
    pub(super) fn chosen(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        rule: u32,
    ) -> Result<usize, Refusal> {
        let table = self.context.table;
        let Some(rule) = table.rule(rule) else {
            return self.instead(i, element, row, Instead::ByType);
        };
        let instead = |code| Instead::Table(code);
        let is_container = element.flags.has(Flags::CONTAINER);
        match &rule.action {
            RuleAction::Keep if is_container => Ok(self.enter(i, element, false)),
            // An age stays as far as ages stay at all.
            RuleAction::Keep if row.vr == Vr::AS => self.age(i, element, row, Instead::ByType),
            RuleAction::Keep => {
                self.refuse_names(element, row.vr, rule, self.tape.value(element))?;
                if matches!(row.vr, Vr::DA | Vr::DT | Vr::TM) {
                    self.decided.counts.dates_kept += 1;
                }
                Ok(self.stays(element))
            }
            RuleAction::Remove => self.instead(i, element, row, instead(Code::X)),
            RuleAction::Empty => self.instead(i, element, row, instead(Code::Z)),
            RuleAction::Dummy => self.instead(i, element, row, instead(Code::D)),
            RuleAction::Uid => self.instead(i, element, row, Instead::Uid),
            // A value has no place in a sequence.
            _ if is_container || row.vr == Vr::SQ => self.instead(i, element, row, Instead::ByType),
            _ if !written_as_text(element) => self.instead(i, element, row, Instead::ByType),
            RuleAction::Shift => self.shift(i, element, row, Instead::ByType),
            RuleAction::Clean => self.clean(i, element, row, Instead::ByType),
            RuleAction::PseudonymPatient
            | RuleAction::PseudonymAccession
            | RuleAction::Pseudonym(_) => Ok(self.pseudonym(i, element, &rule.action)),
            _ => self.transformed(i, element, row, rule),
        }
    }

    /// Replaces a value by what a rule makes of it.
    fn transformed(
        &mut self,
        i: usize,
        element: &Element,
        row: &Row,
        rule: &Rule,
    ) -> Result<usize, Refusal> {
        let value = self.tape.value(element);
        let very_old = matches!(rule.action, RuleAction::Truncate(_))
            && element.tag == PATIENT_BIRTH_DATE
            && self.is_very_old(value);
        if very_old {
            return self.instead(i, element, row, Instead::ByType);
        }
        let text = self.context.charset.decode(trim(value));
        let vr = text_vr(element.vr, row.vr);
        let made = match rule.action.transform(vr, &text, &|text| text.to_owned()) {
            Some(Transformed::Text(text)) => self.context.charset.encode(&text),
            Some(Transformed::Unparsable) => {
                return self.unparsable(i, element, row, Instead::ByType);
            }
            None => None,
        };
        let Some(mut made) = made else {
            return self.instead(i, element, row, Instead::ByType);
        };
        // Rounding an age is no way past the cap.
        if row.vr == Vr::AS
            && !made.is_empty()
            && let Some(cap) = self.context.profile.dates.age_cap
        {
            match date::cap_age(&made, cap) {
                Ok(capped) => made = capped,
                Err(_) => return self.unparsable(i, element, row, Instead::ByType),
            }
        }
        if matches!(rule.action, RuleAction::Set(_)) {
            self.decided.vouched.add_made(element.tag, &made);
        } else {
            self.refuse_names(element, row.vr, rule, &made)?;
        }
        self.count_date(row.vr, value, &made);
        Ok(self.becomes(i, element, &made))
    }

    /// A rule does not outvote verification: what would leave the patient's, the staff's or the place's own names and
    /// numbers is withheld.
    fn refuse_names(
        &self,
        element: &Element,
        vr: Vr,
        rule: &Rule,
        value: &[u8],
    ) -> Result<(), Refusal> {
        let harvest = self.context.harvest;
        let names_someone = match vr {
            // A day that is somebody's birthday is any day.
            Vr::DA | Vr::DT | Vr::TM | Vr::AS | Vr::UI => false,
            Vr::DS | Vr::IS => harvest.is_number(value),
            vr if vr.is_opaque() => harvest.is_in_opaque(value),
            vr => vr.is_text() && harvest.is_in_any_script(value),
        };
        if !names_someone {
            return Ok(());
        }
        Err(Refusal::quarantine(
            "rule-keeps-identity",
            format!(
                "rule `{}` would leave a name or number of the patient, the staff or the place in `{}`",
                rule.id,
                dictionary::name(element.tag)
            ),
        ))
    }

    /// Replaces what names somebody by a keyed pseudonym.
    fn pseudonym(&mut self, i: usize, element: &Element, action: &RuleAction) -> usize {
        let value = trim(self.tape.value(element));
        if value.is_empty() {
            self.empty(i, element);
            return element.next as usize;
        }
        let names = self.context.names;
        let charset = self.context.charset;
        let made = match action {
            RuleAction::Pseudonym(index) => names.named(*index, value, charset).unwrap_or_default(),
            RuleAction::PseudonymAccession => names.accession(value, charset),
            _ if self.is_this_patient(element, value) => self.context.who.pseudonym.clone(),
            _ if element.vr == Vr::PN => names.of(PatientIdentity::Name(value), charset),
            _ => names.of_id(value, charset),
        };
        self.decided.vouched.add_made(element.tag, made.as_bytes());
        self.decided.counts.pseudonyms += 1;
        self.write(i, element, made.as_bytes());
        element.next as usize
    }

    /// Whether a name or ID is the one at the top level, wherever it stands.
    fn is_this_patient(&self, element: &Element, value: &[u8]) -> bool {
        element.depth == 0 || self.tape.find_value(element.tag).map(trim) == Some(value)
    }
}
