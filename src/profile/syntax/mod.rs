//! What a profile's author wrote, typed but not yet checked. The only file that names the YAML deserialiser.
//!
//! A field that has the wrong type does not end the reading: it becomes [`Field::Wrong`], and unknown keys are
//! gathered, so that one pass finds every problem.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_yaml::Value;

use super::tree::{Kind, Node};

mod entries;
mod language;
mod pixels;

pub(super) use entries::*;
pub(super) use language::*;
pub(super) use pixels::*;

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

/// What editors are told is the value itself; that it may be wrong is none of their business.
impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
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
