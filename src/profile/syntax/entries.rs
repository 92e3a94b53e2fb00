//! The entries of `accept` and `rules`, as they are written. What is said of each key is what editors show.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Field;
use super::language::{List, Others};
use crate::profile::words;

/// One rule on instances.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `id`, `when`, `do` and `because`")]
#[schemars(inline, deny_unknown_fields, extend("required" = ["id", "because"]))]
pub(in crate::profile) struct AcceptSyntax {
    /// Name of the rule. One that an extended profile has changes that rule.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{1,40}$"))]
    pub(in crate::profile) id: Field<String>,
    /// The instances that are meant.
    #[schemars(extend("examples" = ["Modality == \"CT\" and SliceThickness > 2.5"]))]
    pub(in crate::profile) when: Field<String>,
    /// What becomes of them.
    #[serde(rename = "do")]
    #[schemars(extend("enum" = words::names(crate::profile::Verdict::ALL)))]
    pub(in crate::profile) verdict: Field<String>,
    /// Why; stands in the report.
    pub(in crate::profile) because: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// One rule on attributes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `id`, `match`, `do` and `because`")]
#[schemars(inline, deny_unknown_fields, extend("required" = ["id", "because"]))]
pub(in crate::profile) struct RuleSyntax {
    /// Name of the rule. One that an extended profile has changes that rule.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{1,40}$"))]
    pub(in crate::profile) id: Field<String>,
    /// The elements that are meant.
    #[serde(rename = "match")]
    pub(in crate::profile) selector: Field<SelectorSyntax>,
    /// The instances that are meant; all without it.
    #[schemars(extend("examples" = ["Modality == \"CT\""]))]
    pub(in crate::profile) when: Field<String>,
    /// What is done to the elements.
    #[serde(rename = "do")]
    pub(in crate::profile) action: Field<ActionSyntax>,
    /// Why, in a few words.
    pub(in crate::profile) because: Field<String>,
    /// Values and what the rule makes of them; checked when the profile is loaded.
    pub(in crate::profile) examples: List<ExampleSyntax>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// One selector, or a list of which any may match.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a selector or a list of selectors")]
#[schemars(inline, extend("examples" = ["PatientSex", "(0010,xxxx)", "vr:PN", "group:0032", "private"]))]
pub(in crate::profile) enum SelectorSyntax {
    /// One selector.
    One(String),
    /// Any of these.
    Any(Vec<Field<String>>),
}

/// A word such as `keep`, or an action and its parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a word such as `remove`, or a mapping such as `{set: \"text\"}`"
)]
#[schemars(inline)]
pub(in crate::profile) enum ActionSyntax {
    /// An action without parameters.
    Word(
        #[schemars(
            regex(pattern = words::action_pattern()),
            extend("examples" = words::names(words::PLAIN_ACTION))
        )]
        String,
    ),
    With(Box<ActionWithSyntax>),
}

/// An action with its parameters.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline, deny_unknown_fields, extend("minProperties" = 1, "maxProperties" = 1))]
pub(in crate::profile) struct ActionWithSyntax {
    /// Replace the value by this text.
    pub(in crate::profile) set: Field<String>,
    /// Cover all but a few characters at the ends of every value.
    pub(in crate::profile) mask: Field<MaskSyntax>,
    /// Replace what a pattern finds.
    pub(in crate::profile) regex: Field<RegexSyntax>,
    /// Cut dates and times down to the year, the month or the day.
    #[serde(rename = "truncate-date")]
    #[schemars(extend("enum" = words::names(words::PRECISION)))]
    pub(in crate::profile) truncate: Field<String>,
    /// Round numbers, or ages, to a multiple of this.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub(in crate::profile) round: Field<f64>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// How a value is covered.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `first`, `last` and `with`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct MaskSyntax {
    /// Characters that stay at the beginning; 0 without it.
    #[schemars(range(min = 0, max = 64))]
    pub(in crate::profile) first: Field<i64>,
    /// Characters that stay at the end; 0 without it.
    #[schemars(range(min = 0, max = 64))]
    pub(in crate::profile) last: Field<i64>,
    /// What covers each of the others; `*` without it.
    #[schemars(length(equal = 1))]
    pub(in crate::profile) with: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// A pattern and what takes its place.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `find` and `replace`")]
#[schemars(inline, deny_unknown_fields, extend("required" = ["find", "replace"]))]
pub(in crate::profile) struct RegexSyntax {
    /// A regular expression; it may match anywhere in a value unless it is anchored with `^` and `$`.
    pub(in crate::profile) find: Field<String>,
    /// What takes the place; `$1` or `${name}` is what a group found.
    pub(in crate::profile) replace: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// A value and what the rule makes of it. Invent the value: it stands in the profile.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `value` and `gives`")]
#[schemars(inline, deny_unknown_fields, extend("required" = ["value", "gives"]))]
pub(in crate::profile) struct ExampleSyntax {
    /// The value before.
    pub(in crate::profile) value: Field<String>,
    /// The value after; empty when nothing of it stays.
    pub(in crate::profile) gives: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}
