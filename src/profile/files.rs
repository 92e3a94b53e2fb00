//! The `files` setting: where an instance goes, as a template of pseudonyms.

use std::fmt;
use std::ops::Range;

use super::diagnostic::did_you_mean;
use crate::pseudonym::folder::is_device;

/// The longest component that every file system takes, in bytes, with room for the names of files being written.
const LONGEST_COMPONENT: usize = 200;

/// The longest a pseudonym can be: a UID, or a value of LO.
const LONGEST_FIELD: usize = 64;

/// A path template such as `{patient}/{study}/{series}/{instance}.dcm`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate {
    /// Folders and, last, the name; never empty.
    pub components: Vec<Vec<Piece>>,
}

/// A piece of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Letters, digits, `-`, `_` and `.` as they stand.
    Text(String),
    /// A pseudonym.
    Field(Field),
}

/// What a template can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `{patient}`: the patient's pseudonym.
    Patient,
    /// `{study}`: the new Study Instance UID.
    Study,
    /// `{series}`: the new Series Instance UID.
    Series,
    /// `{instance}`: the new SOP Instance UID.
    Instance,
}

/// Why a text is not a template.
#[derive(Debug)]
pub(super) struct NotATemplate {
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

impl Field {
    /// Every field, with its name.
    pub const ALL: &[(&str, Field)] = &[
        ("patient", Field::Patient),
        ("study", Field::Study),
        ("series", Field::Series),
        ("instance", Field::Instance),
    ];

    /// Its name, without braces.
    pub fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, field)| *field == self);
        known.map_or("", |(name, _)| name)
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, component) in self.components.iter().enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            for piece in component {
                match piece {
                    Piece::Text(text) => f.write_str(text)?,
                    Piece::Field(field) => write!(f, "{{{}}}", field.name())?,
                }
            }
        }
        Ok(())
    }
}

impl Default for PathTemplate {
    /// `{patient}/{study}/{series}/{instance}.dcm`.
    fn default() -> PathTemplate {
        let folders = [Field::Patient, Field::Study, Field::Series];
        let mut components: Vec<_> = folders
            .into_iter()
            .map(|field| vec![Piece::Field(field)])
            .collect();
        components.push(vec![
            Piece::Field(Field::Instance),
            Piece::Text(".dcm".to_owned()),
        ]);
        PathTemplate { components }
    }
}

impl PathTemplate {
    pub(super) fn parse(text: &str) -> Result<PathTemplate, NotATemplate> {
        let wrong =
            |at: Range<usize>, message: String, help: String| NotATemplate { at, message, help };
        if text.starts_with('/') {
            return Err(wrong(
                0..1,
                "an absolute path".to_owned(),
                "paths begin at the output folder: take the `/` out".to_owned(),
            ));
        }
        let mut components = Vec::new();
        let mut at = 0;
        for part in text.split('/') {
            let here = at..at + part.len();
            if part.is_empty() {
                let (message, help) = ("a name that is empty", "write one `/` between names");
                return Err(wrong(here, message.to_owned(), help.to_owned()));
            }
            if part.starts_with('.') {
                return Err(wrong(
                    here,
                    format!("`{part}` is hidden, or leads out of the output folder"),
                    "begin every name with a letter, a digit or a field".to_owned(),
                ));
            }
            if is_device(part) {
                return Err(wrong(
                    here,
                    format!("`{part}` is a device to Windows, not a name"),
                    "choose another name".to_owned(),
                ));
            }
            let pieces = pieces(part, at)?;
            let longest = |piece: &Piece| match piece {
                Piece::Text(text) => text.len(),
                Piece::Field(_) => LONGEST_FIELD,
            };
            if pieces.iter().map(longest).sum::<usize>() > LONGEST_COMPONENT {
                return Err(wrong(
                    here,
                    format!("a name that can grow longer than {LONGEST_COMPONENT} bytes"),
                    format!("a field counts as {LONGEST_FIELD}; spread it over folders"),
                ));
            }
            components.push(pieces);
            at += part.len() + 1;
        }
        let instance = Piece::Field(Field::Instance);
        if !components.iter().flatten().any(|piece| *piece == instance) {
            return Err(wrong(
                0..text.len(),
                "`{instance}` is missing, so that one file would stand in the place of another"
                    .to_owned(),
                "end the path with `{instance}.dcm`".to_owned(),
            ));
        }
        Ok(PathTemplate { components })
    }
}

/// The pieces of a component that begins at byte `start` of the whole text.
fn pieces(part: &str, start: usize) -> Result<Vec<Piece>, NotATemplate> {
    let mut pieces = Vec::new();
    let mut rest = part;
    while !rest.is_empty() {
        let at = start + part.len() - rest.len();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        let (text, after) = rest.split_at(length);
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        } else if let Some((name, behind)) = after
            .strip_prefix('{')
            .and_then(|after| after.split_once('}'))
        {
            pieces.push(Piece::Field(field(name, at)?));
            rest = behind;
            continue;
        } else {
            let c = after.chars().next().unwrap_or(' ');
            return Err(NotATemplate {
                at: at..at + c.len_utf8(),
                message: format!("`{}` has no place in a path", c.escape_default()),
                help: format!("names are letters, digits, `-`, `_`, `.` and {}", fields()),
            });
        }
        rest = after;
    }
    Ok(pieces)
}

fn field(name: &str, at: usize) -> Result<Field, NotATemplate> {
    let known = Field::ALL.iter().find(|(known, _)| *known == name);
    known.map(|(_, field)| *field).ok_or_else(|| NotATemplate {
        at: at..at + name.len() + 2,
        message: format!("unknown field `{{{name}}}`"),
        help: did_you_mean(name, Field::ALL.iter().map(|(name, _)| *name)).map_or_else(
            || format!("paths are made of pseudonyms only: {}", fields()),
            |help| help.replacen('`', "`{", 1).replacen("`?", "}`?", 1),
        ),
    })
}

fn fields() -> String {
    let names: Vec<String> = Field::ALL
        .iter()
        .map(|(name, _)| format!("`{{{name}}}`"))
        .collect();
    names.join(", ")
}
