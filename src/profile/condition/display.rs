//! Conditions as text that the parser reads back as the same condition.

use std::fmt::{Display, Formatter, Result};

use super::value::quoted;
use super::{Comparison, Condition, Expression, Fact, Predicate, Test};
use crate::standard::dictionary;

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.0.fmt(f)
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Expression::All(parts) => joined(f, parts, " and ", |part| {
                matches!(part, Expression::All(_) | Expression::Any(_))
            }),
            Expression::Any(parts) => {
                joined(f, parts, " or ", |part| matches!(part, Expression::Any(_)))
            }
            Expression::Not(inner) => match &**inner {
                Expression::Test(test) if test.one_value() => test.print(f, "!="),
                inner @ (Expression::All(_) | Expression::Any(_)) => write!(f, "not ({inner})"),
                inner => write!(f, "not {inner}"),
            },
            Expression::Exists(tag) => write!(f, "exists({})", dictionary::name(*tag)),
            Expression::Fact(fact) => f.write_str(fact.name()),
            Expression::Test(test) => match &test.predicate {
                Predicate::Equal(_) if test.one_is_enough => test.print(f, "has"),
                Predicate::Equal(_) if test.one_value() => test.print(f, "=="),
                Predicate::Equal(_) => test.print(f, "in"),
                Predicate::Compare(Comparison::Less, _) => test.print(f, "<"),
                Predicate::Compare(Comparison::LessOrEqual, _) => test.print(f, "<="),
                Predicate::Compare(Comparison::Greater, _) => test.print(f, ">"),
                Predicate::Compare(Comparison::GreaterOrEqual, _) => test.print(f, ">="),
                Predicate::Matches(_) if test.one_is_enough => test.print(f, "has ~"),
                Predicate::Matches(_) => test.print(f, "~"),
            },
        }
    }
}

fn joined(
    f: &mut Formatter<'_>,
    parts: &[Expression],
    between: &str,
    in_brackets: impl Fn(&Expression) -> bool,
) -> Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        if in_brackets(part) {
            write!(f, "({part})")?;
        } else {
            part.fmt(f)?;
        }
    }
    Ok(())
}

impl Test {
    /// Whether it is `==`, or `in` a list of one.
    pub(super) fn one_value(&self) -> bool {
        matches!(&self.predicate, Predicate::Equal(values) if values.len() == 1)
            && !self.one_is_enough
    }

    fn print(&self, f: &mut Formatter<'_>, operator: &str) -> Result {
        write!(f, "{} {operator} ", dictionary::name(self.tag))?;
        match &self.predicate {
            Predicate::Matches(pattern) => quoted(f, pattern.text()),
            Predicate::Compare(_, value) => value.fmt(f),
            Predicate::Equal(values) => {
                let many = operator == "in";
                f.write_str(if many { "[" } else { "" })?;
                for (index, value) in values.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    value.fmt(f)?;
                }
                f.write_str(if many { "]" } else { "" })
            }
        }
    }
}

impl Fact {
    /// The name it has in conditions.
    pub fn name(self) -> &'static str {
        let named = Fact::ALL.iter().find(|(_, fact)| *fact == self);
        named.map_or("", |(name, _)| name)
    }
}
