//! From the text of a condition to a checked [`Condition`].
//!
//! ```text
//! any    = all { "or" all }
//! all    = one { "and" one }
//! one    = "not" one | "(" any ")" | "exists" "(" attribute ")" | fact | attribute test
//! test   = ("==" | "!=" | "<" | "<=" | ">" | ">=" | "has") value | "in" "[" value { "," value } "]"
//! value  = "text" | number | a keyword of the UID registry
//! ```
//! A wrong word ends the reading of one condition; an unknown name or a wrong type does not.

use std::ops::Range;

use crate::dicom::Tag;
use crate::standard::dictionary;

use super::lexer::{self, Token};
use super::types::{self, Class, Value};
use super::{Comparison, Condition, Expression, Fact, Predicate, Test};
use crate::profile::diagnostic::did_you_mean;
use crate::profile::selector::unknown_attribute;

/// The deepest nesting of brackets and `not`.
const DEEPEST: usize = 32;

/// Problems of one condition before its reading ends.
const MOST: usize = 20;

/// What is wrong with a condition, at a byte range of its text.
#[derive(Debug)]
pub(in crate::profile) struct Problem {
    pub(in crate::profile) at: Range<usize>,
    pub(in crate::profile) message: String,
    pub(in crate::profile) help: Option<String>,
}

impl Problem {
    fn new(at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Problem {
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

struct Parser<'t> {
    tokens: Vec<(Token<'t>, Range<usize>)>,
    next: usize,
    end: usize,
    depth: usize,
    /// Unknown names and wrong types; reading goes on behind them.
    problems: Vec<Problem>,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Where the next word stands, or the end of the text.
    fn here(&self) -> Range<usize> {
        self.tokens
            .get(self.next)
            .map_or(self.end..self.end, |(_, at)| at.clone())
    }

    fn accept(&mut self, token: &Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn unexpected(&self, wanted: &str) -> Problem {
        Problem {
            at: self.here(),
            message: match self.peek() {
                Some(_) => format!("expected {wanted}"),
                None => format!("expected {wanted}, but the condition ends"),
            },
            help: None,
        }
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), Problem> {
        if self.accept(&Token::Symbol(symbol)) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{symbol}`")))
        }
    }

    /// Ends the reading when too much is wrong.
    fn bound(&mut self) -> Result<(), Problem> {
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
        let (tag, class) = self.attribute(word, at.clone());
        let symbol = match self.peek() {
            Some(Token::Symbol(symbol)) => *symbol,
            Some(Token::Word("in")) => "in",
            Some(Token::Word("has")) => "has",
            _ => "",
        };
        let operator_at = self.here();
        let comparison = match symbol {
            "==" | "!=" | "in" | "has" => None,
            "<" => Some(Comparison::Less),
            "<=" => Some(Comparison::LessOrEqual),
            ">" => Some(Comparison::Greater),
            ">=" => Some(Comparison::GreaterOrEqual),
            "~" => {
                return Err(Problem::new(
                    operator_at,
                    "`~` is not available in this version",
                    "list the values with `in`",
                ));
            }
            _ => return Err(self.unexpected("`==`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `has`")),
        };
        self.next += 1;
        if class == Class::Opaque {
            self.problems.push(Problem::new(
                at,
                format!("the values of `{word}` cannot be compared"),
                format!("ask whether it is there: `exists({word})`"),
            ));
        }
        if comparison.is_some() && !class.is_ordered() {
            self.problems.push(Problem::new(
                operator_at,
                format!("`{symbol}` orders numbers and dates (DA), and `{word}` is neither"),
                "compare with `==`, `!=`, `in` or `has`",
            ));
        }
        let mut values = Values::default();
        if symbol == "in" {
            self.expect("[")?;
            loop {
                self.value(tag, class, &mut values)?;
                if !self.accept(&Token::Symbol(",")) {
                    break;
                }
            }
            self.expect("]")?;
        } else {
            self.value(tag, class, &mut values)?;
        }
        let test = Expression::Test(Test {
            tag,
            one_is_enough: symbol == "has",
            predicate: values.predicate(class, comparison),
        });
        Ok(if symbol == "!=" {
            Expression::Not(Box::new(test))
        } else {
            test
        })
    }

    fn attribute(&mut self, word: &str, at: Range<usize>) -> (Tag, Class) {
        if let Some(entry) = dictionary::by_keyword(word) {
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
        self.problems.push(if word == "pixels.matched" {
            Problem {
                at,
                message: "`pixels.matched` is not available in this version".to_owned(),
                help: None,
            }
        } else {
            Problem {
                at,
                message: format!("unknown fact `{word}`"),
                help: did_you_mean(word, names.clone()).or_else(|| {
                    Some(format!(
                        "the facts are {}",
                        names.collect::<Vec<_>>().join(", ")
                    ))
                }),
            }
        });
        Fact::ForeignSegments
    }

    /// Reads one value, of a type that the attribute can have.
    fn value(&mut self, tag: Tag, class: Class, values: &mut Values) -> Result<(), Problem> {
        self.bound()?;
        let at = self.here();
        let token = match self.peek() {
            Some(token @ (Token::Word(_) | Token::Text(_) | Token::Number(_))) => token.clone(),
            _ => return Err(self.unexpected("a value")),
        };
        self.next += 1;
        match types::value(tag, class, &token) {
            Ok(Value::Text(text)) => values.texts.push(text),
            Ok(Value::Number(number)) => values.numbers.push(number),
            Ok(Value::Unknown) => {}
            Err((message, help)) => self.problems.push(Problem { at, message, help }),
        }
        Ok(())
    }
}

/// The right-hand side of a comparison.
#[derive(Default)]
struct Values {
    texts: Vec<String>,
    numbers: Vec<f64>,
}

impl Values {
    fn predicate(mut self, class: Class, comparison: Option<Comparison>) -> Predicate {
        match (class, comparison) {
            (Class::Number, None) => Predicate::Numbers(self.numbers),
            (Class::Number, Some(comparison)) => {
                Predicate::CompareNumber(comparison, self.numbers.pop().unwrap_or_default())
            }
            (Class::Date, Some(comparison)) => {
                Predicate::CompareDate(comparison, self.texts.pop().unwrap_or_default())
            }
            (Class::Code, _) => Predicate::OneOfCodes(self.texts),
            _ => Predicate::OneOf(self.texts),
        }
    }
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
