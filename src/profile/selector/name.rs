//! The names of elements: keywords, tags, private creators, VRs and groups.

use crate::dicom::Vr;
use crate::profile::diagnostic::did_you_mean;
use crate::standard::dictionary;

use super::element::{Element, fold_creator};
use super::parser::{NotASelector, Read, shown, unclosed, wrong};

/// The longest private creator: it is a single LO value (PS3.5 section 6.2).
const LONGEST_CREATOR: usize = 64;

/// The message for a keyword that PS3.6 does not have.
pub(in crate::profile) fn unknown_attribute(word: &str) -> NotASelector {
    let keywords = dictionary::entries().iter().map(|entry| entry.keyword);
    NotASelector {
        message: format!("unknown attribute `{word}`"),
        help: did_you_mean(word, keywords).or_else(|| {
            Some("attributes are named by their PS3.6 keyword, such as `PatientName`".to_owned())
        }),
    }
}

/// What is not a keyword or a prefixed form ends in an error that shows a little of `rest`.
pub(super) fn named(word: &str, rest: &str) -> Read<Element> {
    if word == "private" {
        return Ok(Element::PRIVATE);
    }
    if let Some(vr) = word.strip_prefix("vr:") {
        return parse_vr(vr);
    }
    if let Some(group) = word.strip_prefix("group:") {
        return match digits(group, 4) {
            Some((mask, value)) => Ok(Element::Tags {
                mask: mask << 16,
                value: value << 16,
            }),
            None => wrong(
                format!("`{group}` is not a group"),
                "write four digits, such as `group:0010`",
            ),
        };
    }
    if word.is_empty() {
        let message = if rest.is_empty() {
            "expected an attribute, but the selector ends".to_owned()
        } else if rest.starts_with("**") {
            return wrong(
                "`**` can only begin a path",
                "write `A[*].B` for the items of one sequence",
            );
        } else {
            format!("expected an attribute, not `{}`", shown(rest))
        };
        return wrong(
            message,
            "name it by keyword, tag, `vr:XX`, `group:gggg` or `private`",
        );
    }
    if word.len() == 8 && digits(word, 8).is_some() {
        let (group, element) = word.split_at(4);
        return wrong(
            format!("`{word}` is not an attribute"),
            format!("write a tag as `({group},{element})`"),
        );
    }
    match dictionary::by_keyword(word) {
        Some(entry) => Ok(Element::keyword(entry)),
        None => Err(unknown_attribute(word)),
    }
}

fn parse_vr(text: &str) -> Read<Element> {
    let vr = <[u8; 2]>::try_from(text.as_bytes())
        .ok()
        .and_then(Vr::from_bytes);
    if let Some(vr) = vr {
        return Ok(Element::Vr(vr));
    }
    let names: Vec<String> = Vr::ALL.iter().map(Vr::to_string).collect();
    let upper = text.to_ascii_uppercase();
    let help = if names.contains(&upper) {
        format!("did you mean `{upper}`?")
    } else {
        format!("the VRs of PS3.5 are {}", names.join(" "))
    };
    wrong(format!("unknown VR `{text}`"), help)
}

/// Reads what follows the opening bracket of `(gggg,eeee)` or `(gggg,{CREATOR},ee)`, and its length.
pub(super) fn tag(inside: &str) -> Read<(Element, usize)> {
    let from = match inside.find('{') {
        // A creator may hold any bracket but its own.
        Some(open)
            if !inside
                .get(..open)
                .is_some_and(|before| before.contains(')')) =>
        {
            let Some(close) = inside.find('}') else {
                return unclosed("}");
            };
            close
        }
        _ => 0,
    };
    let Some(end) = inside.get(from..).and_then(|rest| rest.find(')')) else {
        return not_a_tag(&format!("({inside}"));
    };
    let text = inside.get(..from + end).unwrap_or(inside);
    let length = text.len() + 1;
    match text.split_once(",{") {
        Some((group, rest)) => private(text, group, rest).map(|element| (element, length)),
        None => match public(text) {
            Some(element) => Ok((element, length)),
            None => not_a_tag(&format!("({text})")),
        },
    }
}

fn not_a_tag<T>(text: &str) -> Read<T> {
    wrong(
        format!("`{text}` is not a tag"),
        "write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd",
    )
}

fn public(text: &str) -> Option<Element> {
    let (group, element) = text.split_once(',')?;
    let (group_mask, group) = digits(group, 4)?;
    let (element_mask, element) = digits(element, 4)?;
    Some(Element::Tags {
        mask: group_mask << 16 | element_mask,
        value: group << 16 | element,
    })
}

fn private(whole: &str, group: &str, rest: &str) -> Read<Element> {
    let parts = rest.split_once("},").and_then(|(creator, byte)| {
        let (group_mask, group) = digits(group, 4)?;
        let (byte_mask, byte) = digits(byte, 2)?;
        // Two digits, each known or `x`.
        let plain = |mask: u32| mask & 0x11 == mask >> 1 & 0x11;
        plain(byte_mask).then_some((group_mask, group, creator, byte_mask, byte))
    });
    let Some((group_mask, group, creator, byte_mask, byte)) = parts else {
        return wrong(
            format!("`({whole})` is not a private element"),
            "write `(gggg,{CREATOR},ee)`; the block is never part of it",
        );
    };
    if group_mask & 1 == 1 && group & 1 == 0 {
        return wrong(
            format!("`({whole})` has an even group, and those are public"),
            "private elements have an odd group (PS3.5 section 7.8)",
        );
    }
    let creator = fold_creator(creator);
    let is_value = |c: char| !c.is_control() && !matches!(c, '\\' | '{' | '}');
    if !(1..=LONGEST_CREATOR).contains(&creator.chars().count()) || !creator.chars().all(is_value) {
        return wrong(
            format!("`({whole})` has no private creator"),
            format!("a creator is text of 1 to {LONGEST_CREATOR} characters, without backslash"),
        );
    }
    Ok(Element::Private {
        group_mask: group_mask as u16 | 1,
        group: group as u16 | 1,
        creator,
        byte_mask: byte_mask as u8,
        byte: byte as u8,
    })
}

/// Reads so many digits, each hexadecimal, `x`, `@` or `#`, into the bits that count and their value.
fn digits(text: &str, count: usize) -> Option<(u32, u32)> {
    if text.chars().count() != count {
        return None;
    }
    text.chars().try_fold((0u32, 0u32), |(mask, value), c| {
        let (m, v) = match c {
            'x' | 'X' => (0x0, 0),
            '@' => (0x1, 0),
            '#' => (0x1, 1),
            _ => (0xF, c.to_digit(16)?),
        };
        Some((mask << 4 | m, value << 4 | v))
    })
}
