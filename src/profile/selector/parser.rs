//! From the text of a selector to what it means.
//!
//! ```text
//! selector = "[" all { "," all } "]" | all
//! all      = one { "&" one }
//! one      = "!" one | "(" all ")" | path
//! path     = [ "**." ] { element "[" ( "*" | number ) "]." } element
//! element  = Keyword | "(gggg,eeee)" | "(gggg,{CREATOR},ee)" | "vr:XX" | "group:gggg" | "private"
//! ```

use thiserror::Error;

use crate::dicom::Vr;
use crate::profile::diagnostic::did_you_mean;
use crate::standard::dictionary;

use super::element::{Element, fold_creator};
use super::{Path, PathStep, Selector};

/// The deepest nesting of brackets and `!`, and the most steps of a path.
const DEEPEST: usize = 32;

/// The longest private creator: it is a single LO value (PS3.5 section 6.2).
const LONGEST_CREATOR: usize = 64;

/// Why a selector cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct NotASelector {
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

type Read<T> = Result<T, NotASelector>;

fn wrong<T>(message: impl Into<String>, help: impl Into<String>) -> Read<T> {
    Err(NotASelector {
        message: message.into(),
        help: Some(help.into()),
    })
}

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

pub(super) fn parse(text: &str) -> Read<Selector> {
    let mut parser = Parser {
        rest: text.trim(),
        depth: 0,
    };
    let selector = if parser.accept("[") {
        let mut parts = vec![parser.all()?];
        while parser.accept(",") {
            parts.push(parser.all()?);
        }
        parser.close("]")?;
        Selector::any(parts)
    } else {
        parser.all()?
    };
    if parser.rest.is_empty() {
        Ok(selector)
    } else {
        parser.left_over()
    }
}

struct Parser<'t> {
    /// What is still to be read.
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    /// Steps over a symbol and the spaces around it.
    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.rest.trim_start().strip_prefix(symbol);
        self.rest = found.map_or(self.rest, str::trim_start);
        found.is_some()
    }

    fn close(&mut self, bracket: &str) -> Read<()> {
        if self.accept(bracket) {
            Ok(())
        } else if self.rest.trim_start().is_empty() {
            unclosed(bracket)
        } else {
            self.left_over()
        }
    }

    fn left_over<T>(&self) -> Read<T> {
        let rest = self.rest.trim_start();
        let word = rest.split_whitespace().next().unwrap_or(rest);
        let help = match word {
            "|" | "||" | "or" | "," => "write alternatives as a list: `[PatientName, PatientID]`",
            "and" | "&&" => "write `a & b` for what both match",
            _ => "join selectors with `&`, or make a list of them",
        };
        wrong(format!("`{}` has no meaning here", shown(rest)), help)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEEPEST {
            return wrong(
                format!("nested deeper than {DEEPEST} levels"),
                "write it with fewer brackets",
            );
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn all(&mut self) -> Read<Selector> {
        let mut parts = vec![self.one()?];
        while self.accept("&") {
            parts.push(self.one()?);
        }
        Ok(Selector::all(parts))
    }

    fn one(&mut self) -> Read<Selector> {
        if self.accept("!") {
            return self
                .deeper(Self::one)
                .map(|inner| Selector::Not(Box::new(inner)));
        }
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix('(') {
            Some(inside) if !looks_like_a_tag(inside) => {
                self.rest = inside;
                let inner = self.deeper(Self::all)?;
                self.close(")")?;
                Ok(inner)
            }
            _ => self.path(),
        }
    }

    fn path(&mut self) -> Read<Selector> {
        let mut anywhere = false;
        if self.rest.starts_with('*') {
            let Some(rest) = self.rest.strip_prefix("**.") else {
                return wrong(
                    "`*` has no meaning here",
                    "write `**.PatientName` for any depth, `A[*].B` for every item",
                );
            };
            (anywhere, self.rest) = (true, rest);
        }
        let mut steps = Vec::new();
        loop {
            let (element, written) = self.element()?;
            let Some(rest) = self.rest.strip_prefix('[') else {
                return if self.rest.starts_with('.') {
                    wrong(
                        format!("`{written}` lacks its item"),
                        format!(
                            "write `{written}[*].` for every item, `{written}[0].` for the first"
                        ),
                    )
                } else if steps.is_empty() {
                    // In every item is what it means anyway.
                    Ok(Selector::Element(element))
                } else {
                    Ok(Selector::Path(Path {
                        anywhere,
                        steps,
                        last: element,
                    }))
                };
            };
            must_be_sequence(&element, written)?;
            if steps.len() == DEEPEST {
                return wrong(
                    format!("a path of more than {DEEPEST} steps"),
                    "begin it further down, with `**.`",
                );
            }
            let Some((index, rest)) = rest.split_once(']') else {
                return unclosed("]");
            };
            let item = match index {
                "*" => None,
                _ => Some(number(index)?),
            };
            let Some(rest) = rest.strip_prefix('.') else {
                return wrong(
                    format!("the path ends behind `{written}[{}]`", shown(index)),
                    format!(
                        "name an attribute of the items, or write `{written}` for the sequence as a whole"
                    ),
                );
            };
            self.rest = rest;
            steps.push(PathStep {
                sequence: element,
                item,
            });
        }
    }

    /// Reads one element, and how it was written.
    fn element(&mut self) -> Read<(Element, &'t str)> {
        let rest = self.rest;
        let (element, length) = if let Some(inside) = rest.strip_prefix('(') {
            tag(inside).map(|(element, length)| (element, length + 1))?
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || "&!()[],.*{}".contains(c));
            let word = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
            (named(word, rest)?, word.len())
        };
        let (written, rest) = rest.split_at_checked(length).unwrap_or((rest, ""));
        self.rest = rest;
        Ok((element, written))
    }
}

/// What is not a keyword or a prefixed form ends in an error that shows a little of `rest`.
fn named(word: &str, rest: &str) -> Read<Element> {
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
                "`**` stands within a path",
                "only a path's beginning can be open",
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

/// Whether an opening bracket begins a tag rather than a group of selectors.
fn looks_like_a_tag(inside: &str) -> bool {
    let delimiter = inside.find(|c| "(),&![]{".contains(c));
    let comma = delimiter.is_some_and(|at| inside.get(at..).is_some_and(|r| r.starts_with(',')));
    comma || inside.starts_with(|c: char| c.is_ascii_digit())
}

/// Reads what follows the opening bracket of `(gggg,eeee)` or `(gggg,{CREATOR},ee)`, and its length.
fn tag(inside: &str) -> Read<(Element, usize)> {
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
        return unclosed(")");
    };
    let text = inside.get(..from + end).unwrap_or(inside);
    let length = text.len() + 1;
    match text.split_once(",{") {
        Some((group, rest)) => private(text, group, rest).map(|element| (element, length)),
        None => match public(text) {
            Some(element) => Ok((element, length)),
            None => wrong(
                format!("`({text})` is not a tag"),
                "write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd",
            ),
        },
    }
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

fn number(text: &str) -> Read<usize> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(number) if digits => Ok(number as usize),
        _ => wrong(
            format!("`[{}]` is not an item", shown(text)),
            "write `[*]` for every item, `[0]` for the first",
        ),
    }
}

fn must_be_sequence(element: &Element, written: &str) -> Read<()> {
    let is_known_otherwise = || {
        let entry = element
            .entry()
            .or_else(|| dictionary::by_tag(element.only_tag()?));
        entry.is_some_and(|entry| !entry.allows(Vr::SQ))
    };
    match element {
        Element::Vr(_) => {}
        _ if *element == Element::PRIVATE || is_known_otherwise() => {}
        Element::Tags { mask, .. } if mask.trailing_zeros() >= 16 => {}
        Element::Tags { .. } | Element::Private { .. } => return Ok(()),
    }
    wrong(
        format!("`{written}` is not a sequence"),
        "a path goes through sequences, named by keyword, tag or private creator",
    )
}

fn unclosed<T>(bracket: &str) -> Read<T> {
    wrong("a bracket is not closed", format!("add `{bracket}`"))
}

/// The beginning of a text, short enough for a message.
fn shown(text: &str) -> String {
    text.chars()
        .take(20)
        .flat_map(char::escape_default)
        .collect()
}
