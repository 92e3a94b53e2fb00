//! Where an instance goes: a pure function of its pseudonyms.

use std::fmt::Write as _;

use crate::deid::Identity;
use crate::profile::files::{Field, PathTemplate, Piece};
use crate::sink::SinkError;

/// Longest component, in bytes: what file systems take.
const LONGEST: usize = 255;

/// A path below the output folder, such as `{patient}/{study}/{series}/{instance}.dcm`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutputPath {
    path: String,
    /// Ends of the folders in `path`, outermost first.
    folders: Vec<usize>,
}

impl OutputPath {
    /// Builds the path. Refuses a component that could be anything but a plain name.
    pub fn new(identity: &Identity, template: &PathTemplate) -> Result<OutputPath, SinkError> {
        let mut path = String::with_capacity(224);
        let mut folders = Vec::with_capacity(template.components.len());
        for (index, component) in template.components.iter().enumerate() {
            if index > 0 {
                folders.push(path.len());
                path.push('/');
            }
            let start = path.len();
            for piece in component {
                match piece {
                    Piece::Text(text) => path.push_str(text),
                    Piece::Field(field) => push_escaped(&mut path, value(identity, *field)),
                }
            }
            if !is_plain(path.get(start..).unwrap_or_default()) {
                return Err(SinkError {
                    reason: "output-name",
                    detail: "a pseudonym cannot be part of a path".to_owned(),
                    fatal: false,
                });
            }
        }
        Ok(OutputPath { path, folders })
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The folder that holds the instance; empty for the output folder itself.
    pub fn folder(&self) -> &str {
        let end = self.folders.last().copied().unwrap_or_default();
        self.path.get(..end).unwrap_or_default()
    }

    /// The folders from the outermost down to the instance's, each with its own name.
    pub fn folders(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.folders.iter().map(move |end| {
            let name = self.path.get(start..*end).unwrap_or_default();
            start = end + 1;
            (self.path.get(..*end).unwrap_or_default(), name)
        })
    }

    /// The instance's own name in its folder.
    pub fn name(&self) -> &str {
        let start = self.folders.last().map_or(0, |end| end + 1);
        self.path.get(start..).unwrap_or_default()
    }
}

fn value(identity: &Identity, field: Field) -> &str {
    match field {
        Field::Patient => &identity.patient,
        Field::Study => &identity.study,
        Field::Series => &identity.series,
        Field::Instance => &identity.instance,
    }
}

/// Appends a pseudonym. What is not a letter, digit, `-`, `_` or `.` becomes `%` and two hexadecimal digits, so that no
/// two pseudonyms share a name.
fn push_escaped(path: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            path.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

/// Not empty, not hidden, no way up.
fn is_plain(part: &str) -> bool {
    !part.is_empty() && part.len() <= LONGEST && !part.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(patient: &str, instance: &str) -> Identity {
        Identity {
            patient: patient.to_owned(),
            study: "2.25.1".to_owned(),
            series: "2.25.2".to_owned(),
            instance: instance.to_owned(),
        }
    }

    fn path(patient: &str, instance: &str) -> Option<OutputPath> {
        OutputPath::new(&identity(patient, instance), &PathTemplate::default()).ok()
    }

    #[test]
    fn pseudonyms_make_the_path() {
        let path = path("0042", "2.25.3").unwrap();
        assert_eq!(path.as_str(), "0042/2.25.1/2.25.2/2.25.3.dcm");
        assert_eq!(path.folder(), "0042/2.25.1/2.25.2");
        assert_eq!(path.name(), "2.25.3.dcm");
        assert_eq!(
            path.folders().collect::<Vec<_>>(),
            [
                ("0042", "0042"),
                ("0042/2.25.1", "2.25.1"),
                ("0042/2.25.1/2.25.2", "2.25.2")
            ]
        );
    }

    #[test]
    fn a_template_may_have_no_folder() {
        let template = PathTemplate {
            components: vec![vec![
                Piece::Field(Field::Instance),
                Piece::Text(".dcm".to_owned()),
            ]],
        };
        let path = OutputPath::new(&identity("7", "2.25.3"), &template).unwrap();
        assert_eq!((path.folder(), path.name()), ("", "2.25.3.dcm"));
        assert_eq!(path.folders().count(), 0);
    }

    #[test]
    fn whatever_a_pseudonym_holds_stays_one_plain_name() {
        for (patient, name) in [
            ("CHX-7_a", "CHX-7_a"),
            ("a b", "a%20b"),
            ("1/2", "1%2F2"),
            ("a\0", "a%00"),
            ("50%", "50%25"),
        ] {
            assert_eq!(
                path(patient, "1").unwrap().folders().next(),
                Some((name, name))
            );
        }
        for bad in ["", ".", "..", ".1", &"1".repeat(256)] {
            assert_eq!(path(bad, "1"), None, "{bad:?}");
        }
    }
}
