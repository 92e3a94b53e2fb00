//! Conditions: typed expressions over the attributes of one instance.
//!
//! `==`, `in` and the comparisons hold when the attribute is there and every one of its values fulfils them, `has`
//! when at least one does; an attribute that is there without a value has the one value `""`. `!=` is `not ==`,
//! and so it holds when the attribute is absent. Only the top level of the data set is looked at.

mod lexer;
mod parser;
mod types;

use std::cmp::Ordering;

use crate::dicom::Tag;

pub(super) use parser::{Problem, parse};

/// Something that samar works out about an instance's pixel data, written `pixels.NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// `pixels.foreign_segments`: the codestream carries application data or comments: a JPEG APPn other than JFIF
    /// and Adobe, a JPEG COM, or a metadata box or comment of another codestream.
    ForeignSegments,
    /// `pixels.embedded_overlay`: overlay bits are stored in unused bits of Pixel Data (PS3.3 section C.9.2, retired).
    EmbeddedOverlay,
}

impl Fact {
    /// Every fact, with the name it has in conditions.
    pub const ALL: &[(&str, Fact)] = &[
        ("pixels.foreign_segments", Fact::ForeignSegments),
        ("pixels.embedded_overlay", Fact::EmbeddedOverlay),
    ];
}

/// What a condition may ask of one instance. Only the top level of its data set, file meta included.
pub trait Attributes {
    /// Shows each value of an attribute: text split at backslashes, or a binary number printed in decimal. Returns
    /// whether the attribute is there; one that is there without a value may show nothing or `""`.
    fn values(&self, tag: Tag, see: &mut dyn FnMut(&str)) -> bool;

    /// Whether a fact holds.
    fn fact(&self, fact: Fact) -> bool;
}

/// A checked condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Expression);

#[derive(Clone, Debug, PartialEq)]
enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Exists(Tag),
    Fact(Fact),
    Test(Test),
}

/// One comparison of one attribute.
#[derive(Clone, Debug, PartialEq)]
struct Test {
    tag: Tag,
    /// Whether one value is enough (`has`), or all must fulfil it.
    one_is_enough: bool,
    predicate: Predicate,
}

#[derive(Clone, Debug, PartialEq)]
enum Predicate {
    /// Text or UIDs.
    OneOf(Vec<String>),
    /// Text of VR CS, which has no lower case (PS3.5 section 6.2): letters are compared without it.
    OneOfCodes(Vec<String>),
    Numbers(Vec<f64>),
    CompareNumber(Comparison, f64),
    /// Eight digits, so that their order is the order of days.
    CompareDate(Comparison, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    /// Whether the condition holds for an instance.
    pub fn holds(&self, instance: &dyn Attributes) -> bool {
        self.0.holds(instance)
    }
}

impl Expression {
    fn holds(&self, instance: &dyn Attributes) -> bool {
        match self {
            Expression::All(parts) => parts.iter().all(|part| part.holds(instance)),
            Expression::Any(parts) => parts.iter().any(|part| part.holds(instance)),
            Expression::Not(inner) => !inner.holds(instance),
            Expression::Exists(tag) => instance.values(*tag, &mut |_| {}),
            Expression::Fact(fact) => instance.fact(*fact),
            Expression::Test(test) => test.holds(instance),
        }
    }
}

impl Test {
    fn holds(&self, instance: &dyn Attributes) -> bool {
        let (mut seen, mut fulfilled) = (0usize, 0usize);
        let present = instance.values(self.tag, &mut |value| {
            seen += 1;
            fulfilled += usize::from(self.predicate.holds(value));
        });
        if !present {
            return false;
        }
        if seen == 0 {
            return self.predicate.holds("");
        }
        if self.one_is_enough {
            fulfilled > 0
        } else {
            fulfilled == seen
        }
    }
}

impl Predicate {
    fn holds(&self, value: &str) -> bool {
        let value = value.trim_matches([' ', '\0']);
        match self {
            Predicate::OneOf(wanted) => wanted.iter().any(|w| w == value),
            Predicate::OneOfCodes(wanted) => wanted.iter().any(|w| w.eq_ignore_ascii_case(value)),
            Predicate::Numbers(wanted) => {
                number(value).is_some_and(|n| wanted.iter().any(|w| n.total_cmp(w).is_eq()))
            }
            Predicate::CompareNumber(comparison, limit) => {
                number(value).is_some_and(|n| comparison.holds(n.total_cmp(limit)))
            }
            Predicate::CompareDate(comparison, limit) => {
                value.len() == 8
                    && value.bytes().all(|b| b.is_ascii_digit())
                    && comparison.holds(value.cmp(limit))
            }
        }
    }
}

/// A finite number; negative zero counts as zero.
fn number(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number + 0.0)
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
        }
    }
}
