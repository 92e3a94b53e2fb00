//! What the pure actions make of a value: those that need neither a key nor the rest of the instance.

use crate::dicom::Vr;
use crate::pseudonym::date::{self, Unparsable};
use crate::pseudonym::number;

use super::rule::{Mask, RuleAction};
use super::value::{cut, is_multiple, misfit, values};

/// How many times its length a value may grow to.
const MOST_GROWTH: usize = 4;
/// How long a short value may grow in any case, in bytes.
const MOST_OF_SHORT: usize = 4096;
/// The same for several values together.
const MOST_OF_ALL: usize = 1 << 20;
/// Most bytes of one character in UTF-8.
const MOST_BYTES: usize = 4;

/// What became of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transformed {
    /// The new value, which fits the VR; empty when nothing of it stays.
    Text(String),
    /// The value cannot be read, or what came out does not fit the VR. It must not stay.
    Unparsable,
}

impl RuleAction {
    /// What the action makes of one whole value, which may hold several separated by backslashes. `clean` is the text
    /// cleaner. `None` for actions that need a key or the instance: `uid`, `shift`, `dummy` and the pseudonyms.
    pub fn transform(
        &self,
        vr: Vr,
        text: &str,
        clean: &dyn Fn(&str) -> String,
    ) -> Option<Transformed> {
        Some(match self {
            RuleAction::Keep => Transformed::Text(text.to_owned()),
            RuleAction::Remove | RuleAction::Empty => Transformed::Text(String::new()),
            RuleAction::Set(text) => Transformed::Text(text.clone()),
            RuleAction::Mask(mask) => each(vr, text, |value| Some(mask.cover_all(vr, value))),
            RuleAction::Regex(replacement) => {
                each(vr, text, |value| replacement.apply(value, most(vr, value)))
            }
            RuleAction::Clean => each(vr, text, |value| Some(clean(value))),
            RuleAction::Truncate(precision) => {
                read(date::truncate(vr, text.as_bytes(), *precision))
            }
            RuleAction::Round(multiple) => read(number::round(vr, text.as_bytes(), *multiple)),
            RuleAction::Dummy
            | RuleAction::Uid
            | RuleAction::Shift
            | RuleAction::PseudonymPatient
            | RuleAction::PseudonymAccession
            | RuleAction::Pseudonym(_) => return None,
        })
    }
}

fn read(result: Result<Vec<u8>, Unparsable>) -> Transformed {
    result
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map_or(Transformed::Unparsable, Transformed::Text)
}

/// The longest that one value may become, in bytes, before it is cut to its VR's length.
fn most(vr: Vr, value: &str) -> usize {
    let room = vr.max_chars().unwrap_or(0) * MOST_BYTES;
    room.max(value.len() * MOST_GROWTH).max(MOST_OF_SHORT)
}

/// Changes each value of a text by itself. Values without text stay so; `None` is a value that came out too long.
fn each(vr: Vr, text: &str, change: impl Fn(&str) -> Option<String>) -> Transformed {
    let most = (text.len() * MOST_GROWTH).max(MOST_OF_ALL);
    let mut length = 0;
    let mut changed = Vec::new();
    for value in values(vr, text) {
        let value = value.trim_matches([' ', '\0']);
        if value.is_empty() {
            changed.push(String::new());
            continue;
        }
        let Some(new) = change(value) else {
            return Transformed::Unparsable;
        };
        let new = if is_multiple(vr) {
            new.replace('\\', " ")
        } else {
            new
        };
        let new = match vr {
            Vr::PN => {
                let groups: Vec<&str> = new.split('=').map(|group| cut(vr, group)).collect();
                groups.join("=")
            }
            _ => cut(vr, &new).to_owned(),
        };
        if !new.is_empty() && misfit(vr, &new).is_some() {
            return Transformed::Unparsable;
        }
        length += new.len();
        if length > most {
            return Transformed::Unparsable;
        }
        changed.push(new);
    }
    if changed.iter().all(String::is_empty) {
        return Transformed::Text(String::new());
    }
    Transformed::Text(changed.join("\\"))
}

impl Mask {
    /// Covers a value, of a name each of its groups (PS3.5 section 6.2.1).
    fn cover_all(&self, vr: Vr, value: &str) -> String {
        if vr != Vr::PN {
            return self.cover(value);
        }
        let groups: Vec<String> = value.split('=').map(|group| self.cover(group)).collect();
        groups.join("=")
    }

    /// Covers a text. One that is not longer than what may be shown is covered as a whole.
    fn cover(&self, text: &str) -> String {
        let length = text.chars().count();
        let shows = self.first.saturating_add(self.last) < length;
        text.chars()
            .enumerate()
            .map(|(at, c)| {
                let stays = shows && (at < self.first || at >= length - self.last);
                if stays { c } else { self.with }
            })
            .collect()
    }
}
