//! `pixels` as it is written. What is said of each key is what editors show.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Field;
use super::language::{List, Others};
use crate::profile::TextPolicy;
use crate::profile::words;

/// A list of rules, or what is searched for and the rules.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a list of rules, or a mapping of `detect` and `rules`"
)]
#[schemars(inline)]
pub(in crate::profile) enum PixelsSyntax {
    /// Rules alone.
    Rules(Vec<Field<PixelSyntax>>),
    Each(Box<PixelsEachSyntax>),
}

/// Text that is searched for, and rules for devices whose text is known.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct PixelsEachSyntax {
    /// Whether text is searched for, and what becomes of what is found.
    pub(in crate::profile) detect: Field<DetectSyntax>,
    /// Where the images of devices show text.
    pub(in crate::profile) rules: List<PixelSyntax>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// Whether text is searched for, and what becomes of what is found.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping of `text`, `modalities`, `min_score` and `keep`"
)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct DetectSyntax {
    /// What becomes of text that is found: `redact` blanks it, `report` only tells it, `quarantine` withholds the image;
    /// `off` does not search.
    #[schemars(extend("enum" = words::names(TextPolicy::ALL)))]
    pub(in crate::profile) text: Field<String>,
    /// The same for images of single modalities, by (0008,0060) Modality.
    #[schemars(extend(
        "additionalProperties" = {"enum": words::names(TextPolicy::ALL)},
        "examples" = [{"CT": "report", "US": "quarantine"}]
    ))]
    pub(in crate::profile) modalities: Field<BTreeMap<String, Field<String>>>,
    /// From which score on something counts as text. Lower finds more, and takes more for text that is none.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub(in crate::profile) min_score: Field<f64>,
    /// Rectangles in which text is left alone, such as a scale; as in `regions`. What reaches out of all of them is not.
    #[schemars(extend("items" = words::rectangle(), "examples" = [[["90%", "10%", "10%", "80%"]]]))]
    pub(in crate::profile) keep: List<Vec<Field<LengthSyntax>>>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// Where the images of a device show text.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping of `id`, `when`, `size`, `regions` and `because`"
)]
#[schemars(inline, deny_unknown_fields, extend("required" = ["id", "because"]))]
pub(in crate::profile) struct PixelSyntax {
    /// Name of the rule. One that an extended profile has changes that rule.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{1,40}$"))]
    pub(in crate::profile) id: Field<String>,
    /// The images that are meant.
    #[schemars(extend("examples" = ["Modality == \"US\" and Rows == 768"]))]
    pub(in crate::profile) when: Field<String>,
    /// Columns and rows for which the regions were drawn, or a list of such pairs; a side may be `any` or bounded as
    /// `<=1024`. An image that no matching rule fits is withheld.
    #[schemars(extend("examples" = [[1024, 768], ["<=1024", 768], [[1024, 768], [800, 600]]]))]
    pub(in crate::profile) size: Field<SizeSyntax>,
    /// Rectangles to blank, each as `[x, y, width, height]` from the top left corner, in pixels or in percent of the side.
    #[schemars(
        length(min = 1),
        extend("items" = words::rectangle(), "examples" = [[[0, 0, 1024, 60]], [[0, 0, "100%", "6.4%"]]])
    )]
    pub(in crate::profile) regions: List<Vec<Field<LengthSyntax>>>,
    /// Blank all outside the regions that the instance itself describes.
    pub(in crate::profile) keep_only: Field<KeepOnlySyntax>,
    /// The device is known to burn in no text.
    #[schemars(extend("enum" = words::names(words::BURNED_IN)))]
    pub(in crate::profile) burned_in: Field<String>,
    /// Why, in a few words.
    pub(in crate::profile) because: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// `[columns, rows]`, or a list of such pairs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a size such as [1024, 768], or a list of sizes"
)]
#[schemars(inline)]
pub(in crate::profile) enum SizeSyntax {
    /// One size.
    One(Vec<SideSyntax>),
    /// Any of these.
    Any(Vec<Vec<SideSyntax>>),
}

/// Columns or rows: a number of pixels, `any`, or an upper bound such as `<=1024`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a number of pixels, `any`, or a bound such as <=1024"
)]
#[schemars(inline)]
pub(in crate::profile) enum SideSyntax {
    /// So many pixels.
    Pixels(#[schemars(range(min = 1, max = 65535))] i64),
    /// Any number of them, or at most so many.
    Bound(#[schemars(regex(pattern = "^(any|<= *[0-9]{1,5})$"))] String),
}

/// A number of pixels, or a part of the image's side such as `6.4%`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a number of pixels, or a percentage such as 6.4%"
)]
#[schemars(inline)]
pub(in crate::profile) enum LengthSyntax {
    /// Pixels.
    Pixels(i64),
    /// Percent of the side.
    Percent(String),
}

/// Which part of an image stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping such as `{from: SequenceOfUltrasoundRegions}`"
)]
#[schemars(inline, deny_unknown_fields, extend("required" = ["from"]))]
pub(in crate::profile) struct KeepOnlySyntax {
    /// The sequence that describes it.
    #[schemars(extend("enum" = words::names(words::KEEP_FROM)))]
    pub(in crate::profile) from: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}
