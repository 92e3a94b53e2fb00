//! Where an instance goes: a pure function of its pseudonyms.

use std::fmt::Write as _;

use crate::deid::Identity;
use crate::sink::SinkError;

/// Longest component: a UID has at most 64 characters (PS3.5 section 9.1).
const LONGEST: usize = 64;

/// A path below the output folder, `{patient}/{study}/{series}/{instance}.dcm`, made of digits and dots.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutputPath {
    path: String,
    patient: usize,
    study: usize,
    series: usize,
}

impl OutputPath {
    /// Builds the path. Refuses a component that could be anything but a plain name.
    pub fn new(identity: &Identity) -> Result<OutputPath, SinkError> {
        let Identity {
            patient,
            study,
            series,
            instance,
        } = identity;
        if ![patient, study, series, instance]
            .into_iter()
            .all(|part| is_plain(part))
        {
            return Err(SinkError {
                reason: "output-name",
                detail: "a pseudonym cannot be part of a path".to_owned(),
                fatal: false,
            });
        }
        let mut path =
            String::with_capacity(patient.len() + study.len() + series.len() + instance.len() + 7);
        path.push_str(patient);
        let patient = path.len();
        path.push('/');
        path.push_str(study);
        let study = path.len();
        path.push('/');
        path.push_str(series);
        let series = path.len();
        // Writing to a String cannot fail.
        let _ = write!(path, "/{instance}.dcm");
        Ok(OutputPath {
            path,
            patient,
            study,
            series,
        })
    }

    /// The whole path.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The folder that holds the instance.
    pub fn folder(&self) -> &str {
        self.path.get(..self.series).unwrap_or_default()
    }

    /// The folders from the patient's down to the instance's, each with its own name.
    pub fn folders(&self) -> [(&str, &str); 3] {
        let part = |start, end| self.path.get(start..end).unwrap_or_default();
        [
            (0, self.patient),
            (self.patient + 1, self.study),
            (self.study + 1, self.series),
        ]
        .map(|(start, end)| (part(0, end), part(start, end)))
    }

    /// The instance's own name in its folder.
    pub fn name(&self) -> &str {
        self.path.get(self.series + 1..).unwrap_or_default()
    }
}

/// Digits and dots, not empty, not hidden, no way up.
fn is_plain(part: &str) -> bool {
    !part.is_empty()
        && part.len() <= LONGEST
        && !part.starts_with('.')
        && part.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(patient: &str, instance: &str) -> Option<OutputPath> {
        OutputPath::new(&Identity {
            patient: patient.to_owned(),
            study: "2.25.1".to_owned(),
            series: "2.25.2".to_owned(),
            instance: instance.to_owned(),
        })
        .ok()
    }

    #[test]
    fn pseudonyms_make_the_path() {
        let path = path("0042", "2.25.3").unwrap();
        assert_eq!(path.as_str(), "0042/2.25.1/2.25.2/2.25.3.dcm");
        assert_eq!(path.folder(), "0042/2.25.1/2.25.2");
        assert_eq!(path.name(), "2.25.3.dcm");
        assert_eq!(
            path.folders(),
            [
                ("0042", "0042"),
                ("0042/2.25.1", "2.25.1"),
                ("0042/2.25.1/2.25.2", "2.25.2")
            ]
        );
    }

    #[test]
    fn nothing_but_digits_and_dots_is_a_name() {
        for bad in [
            "",
            ".",
            "..",
            ".1",
            "a",
            "1/2",
            "1\0",
            "1 ",
            "-1",
            "\u{661}",
            &"1".repeat(65),
        ] {
            assert_eq!(path(bad, "1"), None, "{bad:?}");
            assert_eq!(path("1", bad), None, "{bad:?}");
        }
        assert!(path(&"1".repeat(64), "1").is_some());
    }
}
