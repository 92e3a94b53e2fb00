//! Reads one comparison of a condition: operator and values, checked against the type of the attribute.

use std::ops::Range;

use crate::dicom::Tag;

use super::lexer::Token;
use super::parser::{Parser, Problem};
use super::types::{self, Class};
use super::{Comparison, Expression, Pattern, Predicate, Test, Value};

impl Parser<'_> {
    /// Reads what follows the name of an attribute.
    pub(super) fn comparison(
        &mut self,
        word: &str,
        at: Range<usize>,
    ) -> Result<Expression, Problem> {
        let (tag, class) = self.attribute(word, at.clone());
        let symbol = match self.peek() {
            Some(Token::Symbol(symbol)) => *symbol,
            Some(Token::Word("in")) => "in",
            Some(Token::Word("has")) => "has",
            _ => "",
        };
        let operator_at = self.here();
        let comparison = match symbol {
            "==" | "!=" | "in" | "has" | "~" => None,
            "<" => Some(Comparison::Less),
            "<=" => Some(Comparison::LessOrEqual),
            ">" => Some(Comparison::Greater),
            ">=" => Some(Comparison::GreaterOrEqual),
            _ => {
                return Err(self.unexpected("`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `has` or `~`"));
            }
        };
        self.next += 1;
        let one_is_enough = symbol == "has";
        let symbol = match self.peek() {
            Some(Token::Symbol("~")) if one_is_enough => {
                self.next += 1;
                "~"
            }
            _ => symbol,
        };
        if class == Class::Opaque {
            self.problems.push(Problem::new(
                at,
                format!("the values of `{word}` cannot be compared"),
                format!("ask whether it is there: `exists({word})`"),
            ));
        }
        if comparison.is_some() && !class.is_ordered() {
            self.problems.push(Problem::new(
                operator_at.clone(),
                format!("`{symbol}` orders numbers, dates, times and ages, and `{word}` is none of these"),
                "compare with `==`, `!=`, `in`, `has` or `~`",
            ));
        }
        if symbol == "~" && class == Class::Number {
            self.problems.push(Problem::new(
                operator_at,
                format!("`~` searches text, and `{word}` holds numbers"),
                "compare with `==`, `<` or `in`",
            ));
        }
        let predicate = match (symbol, comparison) {
            ("~", _) => self.pattern()?.map(Predicate::Matches),
            ("in", _) => Some(Predicate::Equal(self.list(tag, class)?)),
            (_, None) => self.value(tag, class)?.map(|v| Predicate::Equal(vec![v])),
            (_, Some(comparison)) => self
                .value(tag, class)?
                .map(|value| Predicate::Compare(comparison, value)),
        };
        let test = Expression::Test(Test {
            tag,
            one_is_enough,
            // What has no value has a problem, and so it is never asked.
            predicate: predicate.unwrap_or(Predicate::Equal(Vec::new())),
        });
        Ok(if symbol == "!=" {
            Expression::Not(Box::new(test))
        } else {
            test
        })
    }

    fn list(&mut self, tag: Tag, class: Class) -> Result<Vec<Value>, Problem> {
        self.expect("[")?;
        let mut values = Vec::new();
        loop {
            values.extend(self.value(tag, class)?);
            if !self.accept(&Token::Symbol(",")) {
                break;
            }
        }
        self.expect("]")?;
        Ok(values)
    }

    /// Reads a regular expression; `None` when it cannot be compiled, which is noted.
    fn pattern(&mut self) -> Result<Option<Pattern>, Problem> {
        let at = self.here();
        let Some(Token::Text(text)) = self.peek().cloned() else {
            return Err(self.unexpected("a pattern in quotes"));
        };
        self.next += 1;
        match Pattern::new(text) {
            Ok(pattern) => Ok(Some(pattern)),
            Err((why, help)) => {
                self.problems.push(Problem::new(
                    at,
                    format!("this pattern cannot be read: {why}"),
                    help,
                ));
                Ok(None)
            }
        }
    }

    /// Reads one value, of a type that the attribute can have; `None` when it has not, which is noted.
    fn value(&mut self, tag: Tag, class: Class) -> Result<Option<Value>, Problem> {
        self.bound()?;
        let at = self.here();
        let token = match self.peek() {
            Some(token @ (Token::Word(_) | Token::Text(_) | Token::Number(_))) => token.clone(),
            _ => return Err(self.unexpected("a value")),
        };
        if let Token::Text(text) = token
            && let Some(backslash) = text.find('\\')
        {
            let at = at.start + 1 + backslash;
            return Err(Problem::new(
                at..at + 1,
                "a value cannot contain a backslash, which separates values",
                "test each value with `has`",
            ));
        }
        self.next += 1;
        match types::value(tag, class, &token) {
            Ok(value) => Ok(value),
            Err((message, help)) => {
                self.problems.push(Problem { at, message, help });
                Ok(None)
            }
        }
    }
}
