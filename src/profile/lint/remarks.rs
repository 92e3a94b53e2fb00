//! What an author should know of a profile that can be used: what its rules give up, and what its options cannot do.

use super::super::diagnostic::{Diagnostic, Diagnostics, Severity};
use super::super::places::{Item, Part};
use super::super::table::{Departure, Reached, Table};
use super::super::{Profile, Rule};
use crate::standard::dictionary::{self, Entry};
use crate::standard::methods::{self, ProfileOption};

/// Attributes that a remark names; the others are counted.
const NAMED: usize = 4;

/// What loading found, and what the compiled table shows.
pub(super) fn of(profile: &Profile, table: &Table) -> Diagnostics {
    let mut remarks = profile.remarks.clone();
    let departures = table.departures();
    for (index, rule) in table.rules().iter().enumerate() {
        let of_rule = |weakens| -> Vec<&Departure> {
            let mine = |d: &&Departure| d.rule as usize == index && d.weakens == weakens;
            departures.iter().filter(mine).collect()
        };
        let weaker = of_rule(true);
        if !weaker.is_empty() {
            remarks.0.push(weakening(profile, rule, &weaker));
        }
        let mut taken = of_rule(false);
        taken.retain(|departure| departure.option.is_some() && rule.action.leaves_nothing());
        if let Some(option) = taken.iter().find_map(|departure| departure.option) {
            let all = table.spoken_of(option);
            remarks
                .0
                .push(contradiction(profile, rule, option, &all, &taken));
        }
    }
    for option in table.undone().iter() {
        let code = option.method().code;
        remarks.0.push(Diagnostic {
            severity: Severity::Warning,
            message: format!("the rules leave nothing of what option `{option}` lets stay"),
            help: Some(format!(
                "no file claims {code}: take `{option}` out, or the rules"
            )),
            place: profile.place_of(Item::Option(option)),
        });
    }
    remarks.0.extend(super::pixels::remarks(profile));
    let on_pixels = |option: &ProfileOption| {
        !ProfileOption::TABLE.contains(option) && *option != ProfileOption::CleanPixelData
    };
    for option in profile.options.iter().filter(on_pixels) {
        let code = option.method().code;
        remarks.0.push(Diagnostic {
            severity: Severity::Note,
            message: format!("`{option}` changes no pixels in this version, and no file claims {code}"),
            help: Some("images that are known or likely to show text are quarantined by the `accept` rules".to_owned()),
            place: profile.place_of(Item::Option(option)),
        });
    }
    remarks
}

fn weakening(profile: &Profile, rule: &Rule, weaker: &[&Departure]) -> Diagnostic {
    let mut codes = vec![methods::BASIC.code];
    for option in weaker.iter().filter_map(|departure| departure.option) {
        let code = option.method().code;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Diagnostic {
        severity: Severity::Note,
        message: format!(
            "rule `{}` leaves more than the base profile and the options do: {}",
            rule.id,
            named(weaker)
        ),
        help: Some(format!(
            "files of this profile do not claim {}; state in the protocol why the rule is needed",
            codes.join(", ")
        )),
        place: profile.place_of(Item::Rule(&rule.id, Part::Do)),
    }
}

/// A rule takes some of what an option is for, as a site may want it.
fn contradiction(
    profile: &Profile,
    rule: &Rule,
    option: ProfileOption,
    spoken_of: &[&Entry],
    taken: &[&Departure],
) -> Diagnostic {
    let is_taken = |entry: &&&Entry| {
        let of = Reached::Attribute(entry.tag);
        taken.iter().any(|departure| departure.of == of)
    };
    let count = spoken_of.iter().filter(is_taken).count();
    let all = spoken_of.len();
    Diagnostic {
        severity: Severity::Note,
        message: format!(
            "rule `{}` takes what option `{option}` lets stay: {}",
            rule.id,
            named(taken)
        ),
        help: Some(format!(
            "{count} of the {all} attributes that `{option}` is about"
        )),
        place: profile.place_of(Item::Rule(&rule.id, Part::Do)),
    }
}

/// The first attributes by name, the others counted.
fn named(departures: &[&Departure]) -> String {
    let name = |departure: &&Departure| match departure.of {
        Reached::Attribute(tag) => format!("`{}`", dictionary::name(tag)),
        Reached::Unlisted => "what PS3.6 does not list".to_owned(),
        Reached::Private => "private elements".to_owned(),
    };
    let mut names: Vec<String> = departures.iter().take(NAMED).map(name).collect();
    let more = departures.len().saturating_sub(NAMED);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
