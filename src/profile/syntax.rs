//! What a profile's author wrote, typed but not yet checked. The only file that names the YAML deserialiser.
//!
//! A field that has the wrong type does not end the reading: it becomes [`Field::Wrong`], and unknown keys are
//! gathered, so that one pass finds every problem.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_yaml::Value;

use super::tree::{Kind, Node};

/// A value that may be absent or of the wrong type.
#[derive(Debug, Default)]
pub(super) enum Field<T> {
    #[default]
    Absent,
    /// Why it cannot be read.
    Wrong(String),
    Given(T),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_null() {
            return Ok(Field::Wrong("there is no value".to_owned()));
        }
        Ok(match serde_yaml::from_value(value) {
            Ok(value) => Field::Given(value),
            Err(error) => Field::Wrong(error.to_string()),
        })
    }
}

/// Keys that the language does not know.
pub(super) type Others = BTreeMap<String, Value>;

/// One file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping such as `samar: 1`")]
pub(super) struct ProfileSyntax {
    pub(super) samar: Field<u64>,
    pub(super) name: Field<String>,
    pub(super) extends: Field<String>,
    pub(super) base: Field<String>,
    pub(super) options: Field<Vec<Field<String>>>,
    pub(super) unknown: Field<UnknownSyntax>,
    pub(super) accept: Field<Vec<Field<AcceptSyntax>>>,
    pub(super) rules: Field<Vec<Field<RuleSyntax>>>,
    #[serde(flatten)]
    pub(super) others: Others,
}

/// `unknown: remove`, or each kind by itself.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected `remove`, or a mapping of `public`, `private` and `sop_class`"
)]
pub(super) enum UnknownSyntax {
    All(String),
    Each(UnknownEachSyntax),
}

/// What happens to what the standard does not know.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UnknownEachSyntax {
    pub(super) public: Field<String>,
    pub(super) private: Field<String>,
    pub(super) sop_class: Field<String>,
    #[serde(flatten)]
    pub(super) others: Others,
}

/// One entry of `accept`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping of `id`, `when`, `do` and `because`")]
pub(super) struct AcceptSyntax {
    pub(super) id: Field<String>,
    pub(super) when: Field<String>,
    #[serde(rename = "do")]
    pub(super) verdict: Field<String>,
    pub(super) because: Field<String>,
    #[serde(flatten)]
    pub(super) others: Others,
}

/// One entry of `rules`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping of `id`, `match`, `do` and `because`")]
pub(super) struct RuleSyntax {
    pub(super) id: Field<String>,
    #[serde(rename = "match")]
    pub(super) selector: Field<SelectorSyntax>,
    #[serde(rename = "do")]
    pub(super) action: Field<String>,
    pub(super) because: Field<String>,
    #[serde(flatten)]
    pub(super) others: Others,
}

/// One selector, or a list of which any may match.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a selector or a list of selectors")]
pub(super) enum SelectorSyntax {
    One(String),
    Any(Vec<Field<String>>),
}

/// Types the text that `tree` was read from. An error means that the file as a whole has the wrong shape.
pub(super) fn read(text: &str, tree: &Node) -> Result<ProfileSyntax, String> {
    let value: Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    // Two readers see the text: one for places, one for values. A text on which they differ is not guessed at.
    if !agree(tree, &value) {
        return Err(
            "YAML readers differ on this text; look for unusual line ends (U+0085, U+2028)"
                .to_owned(),
        );
    }
    serde_yaml::from_value(value).map_err(|error| error.to_string())
}

/// Whether both readers found the same nodes and the same text in the same order.
fn agree(node: &Node, value: &Value) -> bool {
    match (&node.kind, value) {
        (Kind::Scalar { text, .. }, Value::String(value)) => text == value,
        (Kind::Scalar { plain, .. }, Value::Null | Value::Bool(_) | Value::Number(_)) => *plain,
        (Kind::Sequence(items), Value::Sequence(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(i, v)| agree(i, v))
        }
        (Kind::Mapping(pairs), Value::Mapping(values)) => {
            pairs.len() == values.len()
                && pairs
                    .iter()
                    .zip(values)
                    .all(|((key, item), (k, v))| agree(key, k) && agree(item, v))
        }
        _ => false,
    }
}
