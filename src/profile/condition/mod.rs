//! Conditions: typed expressions over the attributes of one instance.
//!
//! `==`, `in` and the comparisons hold when the attribute is there and every one of its values fulfils them, `has`
//! when at least one does; an attribute that is there without a value has the one value `""`. `!=` is `not ==`,
//! and so it holds when the attribute is absent. Only the top level of the data set is looked at.
//!
//! Values are compared by the type that PS3.6 gives the attribute: numbers as numbers, times as times. A value that
//! is not of this type fulfils no comparison.

mod comparison;
mod display;
mod lexer;
mod moment;
mod parser;
mod types;
mod value;

use std::cmp::Ordering;

use crate::dicom::Tag;

pub use parser::Problem;
pub(super) use parser::parse;
pub(super) use types::unknown_modality;
use value::{Pattern, Value};

/// Something that samar works out about an instance's pixel data, written `pixels.NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// `pixels.foreign_segments`: the codestream carries application data or comments: a JPEG APPn other than JFIF
    /// and Adobe, a JPEG COM, or a metadata box or comment of another codestream.
    ForeignSegments,
    /// `pixels.embedded_overlay`: overlay bits are stored in unused bits of Pixel Data (PS3.3 section C.9.2, retired).
    EmbeddedOverlay,
    /// `pixels.matched`: a rule of the profile's `pixels` matches the instance.
    PixelsMatched,
    /// `pixels.blanked`: such a rule matches that blanks something: one without `burned_in: none`.
    PixelsBlanked,
    /// `pixels.found`: the search found text that no rule of `pixels` blanks.
    PixelsFound,
    /// `pixels.unsure`: that no text is left cannot be said of the image. It was not searched for text; or it could not
    /// be; or something in it that no rule blanks may be text and does not reach the score; or what was found takes up
    /// more of the picture than text does; or what was found is not blanked.
    PixelsUnsure,
}

impl Fact {
    /// Whether only a search for text can tell it.
    pub const fn needs_search(self) -> bool {
        matches!(self, Fact::PixelsFound | Fact::PixelsUnsure)
    }

    /// Every fact, with the name it has in conditions.
    pub const ALL: &[(&str, Fact)] = &[
        ("pixels.foreign_segments", Fact::ForeignSegments),
        ("pixels.embedded_overlay", Fact::EmbeddedOverlay),
        ("pixels.matched", Fact::PixelsMatched),
        ("pixels.blanked", Fact::PixelsBlanked),
        ("pixels.found", Fact::PixelsFound),
        ("pixels.unsure", Fact::PixelsUnsure),
    ];
}

/// What a condition may ask of one instance. Only the top level of its data set, and the transfer syntax.
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
    /// Equal to one of these.
    Equal(Vec<Value>),
    Compare(Comparison, Value),
    /// `~`
    Matches(Pattern),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    /// Reads and checks a condition.
    ///
    /// # Errors
    /// Every problem of the text, each with its place: what is not of the language, unknown names, wrong types.
    pub fn parse(text: &str) -> Result<Condition, Vec<Problem>> {
        parser::parse(text)
    }

    /// This condition, of instances that no pixel rule speaks of.
    #[must_use]
    pub fn where_unmatched(self) -> Condition {
        let unmatched = Expression::Not(Box::new(Expression::Fact(Fact::PixelsMatched)));
        Condition(match self.0 {
            Expression::All(mut all) => {
                all.push(unmatched);
                Expression::All(all)
            }
            one => Expression::All(vec![one, unmatched]),
        })
    }

    /// Whether the condition holds for an instance.
    pub fn holds(&self, instance: &dyn Attributes) -> bool {
        self.0.holds(instance)
    }

    /// Each comparison, `exists` and fact in the order in which they stand, as canonical text, with whether it holds.
    /// The text holds values of the profile alone, never one of the instance.
    pub fn trace(&self, instance: &dyn Attributes) -> Vec<(String, bool)> {
        let mut leaves = Vec::new();
        self.0
            .leaves(&mut |leaf| leaves.push((leaf.to_string(), leaf.holds(instance))));
        leaves
    }

    /// Whether it asks about a fact.
    pub fn asks(&self, fact: Fact) -> bool {
        let mut asked = false;
        self.0
            .leaves(&mut |leaf| asked |= *leaf == Expression::Fact(fact));
        asked
    }

    /// The attributes that it asks about, each once, in the order of their tags.
    pub fn reads(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        self.0.leaves(&mut |leaf| tags.extend(leaf.tag()));
        tags.sort_unstable();
        tags.dedup();
        tags
    }
}

impl Expression {
    fn leaves(&self, see: &mut dyn FnMut(&Expression)) {
        match self {
            Expression::All(parts) | Expression::Any(parts) => {
                for part in parts {
                    part.leaves(see);
                }
            }
            // `!=` is one comparison to its author.
            Expression::Not(inner) => match &**inner {
                Expression::Test(test) if test.one_value() => see(self),
                inner => inner.leaves(see),
            },
            Expression::Exists(_) | Expression::Fact(_) | Expression::Test(_) => see(self),
        }
    }

    fn tag(&self) -> Option<Tag> {
        match self {
            Expression::Exists(tag) | Expression::Test(Test { tag, .. }) => Some(*tag),
            Expression::Not(inner) => inner.tag(),
            Expression::All(_) | Expression::Any(_) | Expression::Fact(_) => None,
        }
    }

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
            Predicate::Equal(wanted) => wanted
                .iter()
                .any(|wanted| wanted.order(value) == Some(Ordering::Equal)),
            Predicate::Compare(comparison, limit) => limit
                .order(value)
                .is_some_and(|order| comparison.holds(order)),
            Predicate::Matches(pattern) => pattern.is_match(value),
        }
    }
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
