//! The language as a JSON Schema, for editors.

use schemars::generate::SchemaSettings;

use super::syntax::ProfileSyntax;

/// The JSON Schema (draft 7) of profiles, as it stands in `profiles/schema.json`.
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<ProfileSyntax>();
    schema.insert("title".to_owned(), "samar profile".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
