//! From the text of a condition to a checked [`Condition`].
//!
//! ```text
//! any    = all { "or" all }
//! all    = one { "and" one }
//! one    = "not" one | "(" any ")" | "exists" "(" attribute ")" | fact | attribute test
//! test   = ("==" | "!=" | "<" | "<=" | ">" | ">=" | "has") value | "in" "[" value { "," value } "]" | ["has"] "~" "pattern"
//! value  = "text" | number | a keyword of the UID registry
//! ```
//! A wrong word ends the reading of one condition; an unknown name or a wrong type does not.

use std::ops::Range;

use crate::dicom::Tag;
use crate::standard::dictionary;

use super::lexer::{self, Token};
use super::types::Class;
use super::{Condition, Expression, Fact};
use crate::profile::diagnostic::did_you_mean;
use crate::profile::selector::unknown_attribute;

/// The deepest nesting of brackets and `not`.
const DEEPEST: usize = 32;

/// Problems of one condition before its reading ends.
const MOST: usize = 20;

/// The one attribute of the file meta information that conditions see.
const TRANSFER_SYNTAX_UID: Tag = Tag(0x0002_0010);

/// What is wrong with a condition, at a byte range of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text that it is about.
    pub at: Range<usize>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn new(
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem {
            at,
            message: message.into(),
            help: Some(help.into()),
        }
    }
}

/// Reads and checks a condition.
pub(in crate::profile) fn parse(text: &str) -> Result<Condition, Vec<Problem>> {
    let mut parser = Parser {
        tokens: lexer::split(text).map_err(|problem| vec![problem])?,
        next: 0,
        end: text.len(),
        depth: 0,
        problems: Vec::new(),
    };
    let expression = parser.any().and_then(|expression| match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(parser.unexpected("`and`, `or` or the end")),
    });
    match expression {
        Ok(expression) if parser.problems.is_empty() => Ok(Condition(expression)),
        Ok(_) => Err(parser.problems),
        Err(problem) => {
            parser.problems.push(problem);
            Err(parser.problems)
        }
    }
}

pub(super) struct Parser<'t> {
    tokens: Vec<(Token<'t>, Range<usize>)>,
    pub(super) next: usize,
    end: usize,
    depth: usize,
    /// Unknown names and wrong types; reading goes on behind them.
    pub(super) problems: Vec<Problem>,
}

impl<'t> Parser<'t> {
    pub(super) fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Where the next word stands, or the end of the text.
    pub(super) fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.next)
            .map_or(self.end..self.end, |(_, at)| at.clone())
    }

    pub(super) fn accept(&mut self, token: &Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Problem {
        Problem {
            at: self.here(),
            message: match self.peek() {
                Some(_) => format!("expected {wanted}"),
                None => format!("expected {wanted}, but the condition ends"),
            },
            help: None,
        }
    }

    pub(super) fn expect(&mut self, symbol: &'static str) -> Result<(), Problem> {
        if self.accept(&Token::Symbol(symbol)) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{symbol}`")))
        }
    }

    /// Ends the reading when too much is wrong.
    pub(super) fn bound(&mut self) -> Result<(), Problem> {
        match self.problems.pop() {
            Some(last) if self.problems.len() + 1 >= MOST => Err(last),
            Some(last) => {
                self.problems.push(last);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn any(&mut self) -> Result<Expression, Problem> {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.accept(&Token::Word("or")) {
            parts.push(self.all()?);
        }
        Ok(join(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, Problem> {
        let first = self.one()?;
        let mut parts = vec![first];
        while self.accept(&Token::Word("and")) {
            parts.push(self.one()?);
        }
        Ok(join(parts, Expression::All))
    }

    fn one(&mut self) -> Result<Expression, Problem> {
        self.bound()?;
        if self.depth == DEEPEST {
            return Err(Problem {
                at: self.here(),
                message: format!("nested deeper than {DEEPEST} levels"),
                help: None,
            });
        }
        self.depth += 1;
        let expression = if self.accept(&Token::Word("not")) {
            self.one().map(|inner| Expression::Not(Box::new(inner)))
        } else if self.accept(&Token::Symbol("(")) {
            self.any()
                .and_then(|inner| self.expect(")").map(|()| inner))
        } else {
            self.test()
        };
        self.depth -= 1;
        expression
    }

    fn test(&mut self) -> Result<Expression, Problem> {
        let at = self.here();
        let Some(Token::Word(word)) = self.peek().cloned() else {
            return Err(self.unexpected("an attribute, a fact, `not`, `exists` or `(`"));
        };
        self.next += 1;
        if word == "exists" {
            self.expect("(")?;
            let at = self.here();
            let Some(Token::Word(word)) = self.peek().cloned() else {
                return Err(self.unexpected("an attribute"));
            };
            self.next += 1;
            let (tag, _) = self.attribute(word, at);
            self.expect(")")?;
            return Ok(Expression::Exists(tag));
        }
        if word.contains('.') {
            return Ok(Expression::Fact(self.fact(word, at)));
        }
        if self.peek() == Some(&Token::Symbol("(")) {
            let help = did_you_mean(word, ["exists"]);
            return Err(Problem {
                at,
                message: format!("unknown function `{word}`"),
                help: help.or_else(|| Some("the only function is `exists`".to_owned())),
            });
        }
        self.comparison(word, at)
    }

    pub(super) fn attribute(&mut self, word: &str, at: Range<usize>) -> (Tag, Class) {
        if let Some(entry) = dictionary::by_keyword(word) {
            if entry.tag.group() == 0x0002 && entry.tag != TRANSFER_SYNTAX_UID {
                self.problems.push(of_file_meta(word, at));
                return (entry.tag, Class::Unknown);
            }
            return (entry.tag, Class::of(entry.vr));
        }
        let unknown = unknown_attribute(word);
        self.problems.push(Problem {
            at,
            message: unknown.message,
            help: unknown.help,
        });
        (Tag(0), Class::Unknown)
    }

    fn fact(&mut self, word: &str, at: Range<usize>) -> Fact {
        if let Some((_, fact)) = Fact::ALL.iter().find(|(name, _)| *name == word) {
            return *fact;
        }
        let names = Fact::ALL.iter().map(|(name, _)| *name);
        self.problems.push(Problem {
            at,
            message: format!("unknown fact `{word}`"),
            help: did_you_mean(word, names.clone()).or_else(|| {
                Some(format!(
                    "the facts are {}",
                    names.collect::<Vec<_>>().join(", ")
                ))
            }),
        });
        Fact::ForeignSegments
    }
}

/// An attribute that no data set has: a condition on it could never hold.
fn of_file_meta(keyword: &str, at: Range<usize>) -> Problem {
    let help = match keyword {
        "MediaStorageSOPClassUID" => "write `SOPClassUID`",
        "MediaStorageSOPInstanceUID" => "write `SOPInstanceUID`",
        _ => "ask for an attribute of the data set, such as `SoftwareVersions`",
    };
    let message = format!(
        "`{keyword}` is of the file meta information, of which conditions see `TransferSyntaxUID` only"
    );
    Problem::new(at, message, help)
}

fn join(mut parts: Vec<Expression>, several: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            several(parts)
        }
        None => several(parts),
    }
}
