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
use crate::standard::dictionary;

use super::element::Element;
use super::name::{named, tag};
use super::{Path, PathStep, Selector};

/// The deepest nesting of brackets and `!`, and the most steps of a path.
const DEEPEST: usize = 32;

/// Why a selector cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct NotASelector {
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

pub(super) type Read<T> = Result<T, NotASelector>;

pub(super) fn wrong<T>(message: impl Into<String>, help: impl Into<String>) -> Read<T> {
    Err(NotASelector {
        message: message.into(),
        help: Some(help.into()),
    })
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

/// Whether an opening bracket begins a tag rather than a group of selectors.
fn looks_like_a_tag(inside: &str) -> bool {
    let group = inside
        .find(|c| "(),&![]{".contains(c))
        .and_then(|at| inside.split_at_checked(at));
    let comma = group.is_some_and(|(group, rest)| group.len() <= 4 && rest.starts_with(','));
    comma || inside.starts_with(|c: char| c.is_ascii_digit())
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

pub(super) fn unclosed<T>(bracket: &str) -> Read<T> {
    wrong("a bracket is not closed", format!("add `{bracket}`"))
}

/// The beginning of a text, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    text.chars()
        .take(20)
        .flat_map(char::escape_default)
        .collect()
}
