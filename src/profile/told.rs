//! Actions in words, with what they are told: `truncate-date: year` rather than `truncate-date`.

use super::rule::{Mask, RuleAction};
use super::words;
use crate::pseudonym::format::Format;

impl RuleAction {
    /// The action as a profile writes it, on one line. `forms` are the profile's named pseudonyms.
    pub fn told(&self, forms: &[(String, Format)]) -> String {
        match self {
            RuleAction::Set(text) => format!("set: '{text}'"),
            RuleAction::Mask(mask) => format!("mask: {}", shape(*mask)),
            RuleAction::Regex(replacement) => {
                let (find, replace) = (replacement.find.as_str(), &replacement.replace);
                format!("regex: '{find}' -> '{replace}'")
            }
            RuleAction::Truncate(precision) => {
                let known = words::PRECISION.iter().find(|(_, p)| p == precision);
                format!("truncate-date: {}", known.map_or("", |(word, _)| word))
            }
            RuleAction::Round(multiple) => format!("round: {multiple}"),
            RuleAction::Pseudonym(index) => {
                let name = forms.get(*index).map_or("NAME", |(name, _)| name.as_str());
                format!("pseudonym.{name}")
            }
            plain => plain.word().to_owned(),
        }
    }
}

fn shape(mask: Mask) -> String {
    let Mask { first, last, with } = mask;
    format!("{{first: {first}, last: {last}, with: '{with}'}}")
}
