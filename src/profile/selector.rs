//! Selectors: which elements a rule speaks of. Anchored; never a substring.

use crate::dicom::{Tag, Vr};
use crate::standard::dictionary;

use super::diagnostic::did_you_mean;

/// Which elements a rule matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The tags whose bits under `mask` equal `value`: a keyword, a tag, a tag pattern, a group, or `private`.
    Tags {
        /// The bits that count.
        mask: u32,
        /// What those bits must be.
        value: u32,
    },
    /// Every element of a VR.
    Vr(Vr),
    /// Any of several.
    Any(Vec<Selector>),
}

/// Why a selector cannot be read.
#[derive(Debug)]
pub(super) struct NotASelector {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Selector {
    /// Whether an element is meant.
    pub fn matches(&self, tag: Tag, vr: Vr) -> bool {
        match self {
            Selector::Tags { mask, value } => tag.0 & mask == *value,
            Selector::Vr(wanted) => *wanted == vr,
            Selector::Any(selectors) => selectors.iter().any(|s| s.matches(tag, vr)),
        }
    }

    /// Whether any part of it speaks of private elements alone.
    pub(super) fn is_private(&self) -> bool {
        match self {
            Selector::Tags { mask, value } => Tag(mask & value).is_private(),
            Selector::Vr(_) => false,
            Selector::Any(selectors) => selectors.iter().any(Selector::is_private),
        }
    }

    /// Reads `Keyword`, `(gggg,eeee)`, `vr:XX`, `group:gggg` or `private`.
    pub(super) fn parse(text: &str) -> Result<Selector, NotASelector> {
        let text = text.trim();
        if text == "private" {
            return Ok(Selector::Tags {
                mask: 0x1_0000,
                value: 0x1_0000,
            });
        }
        if let Some(vr) = text.strip_prefix("vr:") {
            return parse_vr(vr);
        }
        if let Some(group) = text.strip_prefix("group:") {
            let (mask, value) = digits(group).ok_or_else(|| NotASelector {
                message: format!("`{group}` is not a group"),
                help: Some("write four digits, such as `group:0010`".to_owned()),
            })?;
            return Ok(Selector::Tags {
                mask: mask << 16,
                value: value << 16,
            });
        }
        if let Some(tag) = text.strip_prefix('(') {
            return parse_tag(tag).ok_or_else(|| NotASelector {
                message: format!("`{text}` is not a tag"),
                help: Some(
                    "write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd"
                        .to_owned(),
                ),
            });
        }
        match dictionary::by_keyword(text) {
            Some(entry) => Ok(Selector::keyword(entry)),
            None => Err(unknown_attribute(text)),
        }
    }

    /// The one tag of a keyword, or every member of its repeating group, such as the sixteen of `OverlayData`.
    fn keyword(entry: &dictionary::Entry) -> Selector {
        // A bit is free when the dictionary gives the same row with that bit turned over.
        let same = |bit: &u32| {
            dictionary::by_tag(Tag(entry.tag.0 ^ (1 << bit)))
                .is_some_and(|other| other.keyword == entry.keyword)
        };
        let free: u32 = (0..32).filter(same).map(|bit| 1 << bit).sum();
        Selector::Tags {
            mask: !free,
            value: entry.tag.0 & !free,
        }
    }
}

/// The message for a keyword that PS3.6 does not have.
pub(super) fn unknown_attribute(word: &str) -> NotASelector {
    let keywords = dictionary::entries().iter().map(|entry| entry.keyword);
    NotASelector {
        message: format!("unknown attribute `{word}`"),
        help: did_you_mean(word, keywords).or_else(|| {
            Some("attributes are named by their PS3.6 keyword, such as `PatientName`".to_owned())
        }),
    }
}

fn parse_vr(text: &str) -> Result<Selector, NotASelector> {
    let vr = <[u8; 2]>::try_from(text.as_bytes())
        .ok()
        .and_then(Vr::from_bytes);
    vr.map(Selector::Vr).ok_or_else(|| {
        let names: Vec<String> = Vr::ALL.iter().map(Vr::to_string).collect();
        let upper = text.to_ascii_uppercase();
        let help = if names.contains(&upper) {
            format!("did you mean `{upper}`?")
        } else {
            format!("the VRs of PS3.5 are {}", names.join(" "))
        };
        NotASelector {
            message: format!("unknown VR `{text}`"),
            help: Some(help),
        }
    })
}

/// Reads what follows the opening bracket of `(gggg,eeee)`.
fn parse_tag(text: &str) -> Option<Selector> {
    let (group, element) = text.strip_suffix(')')?.split_once(',')?;
    let (group_mask, group) = digits(group)?;
    let (element_mask, element) = digits(element)?;
    Some(Selector::Tags {
        mask: group_mask << 16 | element_mask,
        value: group << 16 | element,
    })
}

/// Reads four digits, each hexadecimal, `x`, `@` or `#`, into the bits that count and their value.
fn digits(text: &str) -> Option<(u32, u32)> {
    if text.chars().count() != 4 {
        return None;
    }
    text.chars().try_fold((0, 0), |(mask, value), c| {
        let (m, v) = match c {
            'x' | 'X' => (0x0, 0),
            '@' => (0x1, 0),
            '#' => (0x1, 1),
            _ => (0xF, c.to_digit(16)?),
        };
        Some((mask << 4 | m, value << 4 | v))
    })
}
