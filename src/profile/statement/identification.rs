//! Which profile this is, and which codes its files carry.

use super::Statement;
use super::markdown::Page;
use crate::standard::annex_e;
use crate::standard::methods::{self, Method, ProfileOption};

impl Statement<'_> {
    pub(super) fn identification(&self, page: &mut Page) {
        let profile = self.profile;
        page.title(&format!(
            "Conformance statement: profile `{}`",
            profile.name
        ));
        page.paragraph(format!(
            "What samar {} does as a de-identifier by DICOM PS3.15-{}, Annex E, under this profile. It is written by \
             `samar profile conformance` from the table that runs.",
            env!("CARGO_PKG_VERSION"),
            annex_e::EDITION
        ));
        page.section("Identification");
        let digest = profile.digest();
        let rows = [
            [
                "de-identifier",
                concat!("samar ", env!("CARGO_PKG_VERSION")),
            ],
            ["profile", &profile.name],
            ["SHA-256 of the profile with all it extends", &digest],
            ["base", "Basic Application Level Confidentiality Profile"],
            ["edition of Table E.1-1", profile.edition],
            [
                "rows of Table E.1-1 treated otherwise than by the Basic Profile",
                &self.lint.differing().count().to_string(),
            ],
            [
                "role",
                "files in, files out; no network services; DICOMDIR is never copied",
            ],
            [
                "re-identification by Encrypted Attributes",
                "not supported; Encrypted Attributes Sequence is removed",
            ],
        ];
        page.table(["", ""], &rows.map(|row| row.map(str::to_owned)));
    }

    pub(super) fn options(&self, page: &mut Page) {
        page.section("Options and method codes");
        let base = (
            "Basic Application Level Confidentiality Profile",
            methods::BASIC,
            None,
        );
        let options = self.profile.options.iter();
        let options = options.map(|option| (option.title(), option.method(), Some(option)));
        let rows: Vec<_> = std::iter::once(base)
            .chain(options)
            .map(|(title, method, option)| {
                [
                    option.map_or_else(String::new, |option| format!("`{option}`")),
                    title.to_owned(),
                    method.code.to_owned(),
                    self.carried(method, option),
                ]
            })
            .collect();
        page.table(
            ["option", "PS3.15", "code of CID 7050", "carried by files"],
            &rows,
        );
        if self.profile.options.is_empty() {
            page.paragraph("No option of section E.3 is in force.");
        }
        page.paragraph(
            "A code that a rule of the profile makes untrue is not carried. An option overrides the code of the Basic \
             Profile where its column has one; where several options speak of an attribute, C (clean) wins over K (keep); \
             what can neither be kept nor cleaned is treated as the Basic Profile says.",
        );
    }

    /// Whether files carry a code, and why not.
    fn carried(&self, method: Method, option: Option<ProfileOption>) -> String {
        if self.lint.methods.contains(&method) {
            return "yes".to_owned();
        }
        if option == Some(ProfileOption::CleanPixelData) {
            return if self.blanks() {
                "those in which regions were blanked, and proven to be"
            } else {
                "no: no rule of `pixels` blanks anything"
            }
            .to_owned();
        }
        if option.is_some_and(|option| !ProfileOption::TABLE.contains(&option)) {
            return "no: no face is removed; what is known to need it is quarantined".to_owned();
        }
        if option.is_some_and(|option| self.table.undone().contains(option)) {
            return "no: the rules leave nothing of what it lets stay".to_owned();
        }
        let departures = self.table.departures();
        let of_option = departures.iter().filter(|departure| {
            departure.weakens && (option.is_none() || departure.option == option)
        });
        let mut rules: Vec<&str> = of_option
            .filter_map(|departure| self.table.rule(departure.rule))
            .map(|rule| rule.id.as_str())
            .collect();
        rules.dedup();
        format!("no: `{}` leaves more than it allows", rules.join("`, `"))
    }
}
