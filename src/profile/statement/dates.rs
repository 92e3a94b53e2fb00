//! What becomes of dates, times and ages.

use super::Statement;
use super::markdown::Page;
use crate::dicom::Vr;
use crate::profile::settings::Unparsable;
use crate::profile::{Rule, RuleAction};
use crate::standard::methods::ProfileOption;

impl Statement<'_> {
    pub(super) fn dates(&self, page: &mut Page) {
        page.section("Dates, times and ages");
        let rules = self.rules(about_dates);
        let shifts = self.shifts();
        let keeps = self.has(ProfileOption::RetainFullDates);
        if shifts {
            let what = if self.has(ProfileOption::RetainModifiedDates) {
                "Dates that Table E.1-1 lists for the option, and others of VR DA and DT"
            } else {
                "Dates that a rule shifts"
            };
            let (first, last) = self.profile.dates.shift_days;
            page.paragraph(format!(
                "{what} are moved by whole days, in sequences, content items and kept private elements too."
            ));
            page.list(&[
                format!(
                    "One number of days per patient, from {first} to {last}, each equally likely, by the key over the same identity as the \
                     pseudonym{}. It is the same in every file and run with the key; 0 is never used where there is another.",
                    if self.profile.pseudonyms.patient.table.is_some() { ", or from the subject table" } else { "" }
                ),
                "Intervals between a patient's dates, their order, the time of day, fractions and offsets from UTC stay.".to_owned(),
                "Ranges and lists are moved part by part. A date without day or month is moved from the middle of what it states, and keeps its precision.".to_owned(),
                "Forms of older versions of the standard, such as `1950.12.11`, are read and written in today's form.".to_owned(),
            ]);
        } else if keeps {
            page.paragraph("Dates and times that are well formed are kept as they are.");
        } else {
            page.paragraph(
                "No option lets dates or times stay: they are removed, emptied or made dummies by their Type. No interval can be computed from the output.",
            );
        }
        if !rules.is_empty() {
            page.paragraph("Rules on dates and ages:");
            self.rule_table(page, &rules);
        }
        if shifts || keeps || !rules.is_empty() {
            page.paragraph(match self.profile.dates.unparsable {
                Unparsable::Remove => {
                    "A date or age that cannot be read, or would leave the years 1 to 9999, is removed, emptied or made a dummy by its Type; it is never kept."
                }
                Unparsable::Quarantine => {
                    "An instance with a date or age that should stay and cannot be read, or would leave the years 1 to 9999, is quarantined."
                }
            });
        }
        if self.lets_stay(Vr::AS) {
            page.paragraph(match self.profile.dates.age_cap {
                Some(cap) => format!(
                    "Ages above {cap} years become {} years; in content items they are removed.",
                    cap + 1
                ),
                None => "Ages are kept whatever they are.".to_owned(),
            });
        }
        let birth = self
            .lint
            .rows
            .iter()
            .find(|line| line.name == "PatientBirthDate");
        if let Some(birth) = birth {
            let capped = match self.profile.dates.age_cap {
                Some(cap) if birth.differs => format!(
                    " A birth date that was to stay in some form goes if the patient was older than {cap} years when examined."
                ),
                _ => String::new(),
            };
            page.paragraph(format!("Patient's Birth Date: `{}`.{capped}", birth.here));
        }
    }

    fn shifts(&self) -> bool {
        self.has(ProfileOption::RetainModifiedDates)
            || !self
                .rules(|rule| rule.action == RuleAction::Shift)
                .is_empty()
    }

    /// What (0028,0303) says.
    pub(super) fn temporal(&self) -> String {
        let without = if self.has(ProfileOption::RetainModifiedDates) {
            "MODIFIED"
        } else if self.has(ProfileOption::RetainFullDates) {
            "UNMODIFIED"
        } else {
            "REMOVED"
        };
        let stay = without != "REMOVED"
            || self
                .rules(about_dates)
                .iter()
                .any(|rule| !rule.action.leaves_nothing());
        if !stay {
            return "`REMOVED`".to_owned();
        }
        format!(
            "`MODIFIED` where a date was moved or cut, else `UNMODIFIED` where one was kept, else `{without}`"
        )
    }
}

/// Whether a rule can be about dates, times or ages.
fn about_dates(rule: &Rule) -> bool {
    let vrs = rule.selector.vrs();
    vrs.iter()
        .any(|vr| matches!(vr, Vr::AS | Vr::DA | Vr::DT | Vr::TM))
        || matches!(rule.action, RuleAction::Shift | RuleAction::Truncate(_))
}
