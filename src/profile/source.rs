//! Where the text of a profile comes from: built in, or a file of the user's.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::diagnostic::{Diagnostic, did_you_mean};

/// The largest profile that is read, in bytes. The longest real site policies are below 100 KiB.
const LARGEST: u64 = 1 << 20;

const MARK: &str = "\u{feff}";

/// The profiles that samar carries: name and text. Those below `devices/` are packs of `pixels` rules on top of `basic`.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("basic", include_str!("../../profiles/basic.yaml")),
    ("research", include_str!("../../profiles/research.yaml")),
    (
        "longitudinal-full-dates",
        include_str!("../../profiles/longitudinal-full-dates.yaml"),
    ),
    ("sharing-id", include_str!("../../profiles/sharing-id.yaml")),
    ("teaching", include_str!("../../profiles/teaching.yaml")),
    (
        "devices/all",
        include_str!("../../profiles/devices/all.yaml"),
    ),
    ("devices/ge", include_str!("../../profiles/devices/ge.yaml")),
    (
        "devices/philips",
        include_str!("../../profiles/devices/philips.yaml"),
    ),
    (
        "devices/siemens",
        include_str!("../../profiles/devices/siemens.yaml"),
    ),
    (
        "devices/canon-toshiba",
        include_str!("../../profiles/devices/canon-toshiba.yaml"),
    ),
    (
        "devices/samsung-medison",
        include_str!("../../profiles/devices/samsung-medison.yaml"),
    ),
    (
        "devices/mindray",
        include_str!("../../profiles/devices/mindray.yaml"),
    ),
    (
        "devices/esaote",
        include_str!("../../profiles/devices/esaote.yaml"),
    ),
    (
        "devices/hitachi",
        include_str!("../../profiles/devices/hitachi.yaml"),
    ),
    (
        "devices/other",
        include_str!("../../profiles/devices/other.yaml"),
    ),
    (
        "devices/ultrasound-regions",
        include_str!("../../profiles/devices/ultrasound-regions.yaml"),
    ),
];

/// What a profile is for, in one line: the first comment of its text that is not for editors.
pub fn summary(text: &str) -> Option<&str> {
    text.lines()
        .map_while(|line| line.strip_prefix('#'))
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("yaml-language-server:"))
}

/// The text of one profile file.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// How to name it in messages.
    pub(super) name: String,
    /// The whole text, but for a byte order mark.
    pub(super) text: Arc<str>,
    /// The byte order mark that some editors put first, or nothing.
    mark: &'static str,
    /// The canonical path; `None` when it is built in. Two sources are one file when their `id`s are equal.
    path: Option<PathBuf>,
}

impl Source {
    /// Reads a built-in profile by name, or a file; a relative path is relative to `beside` where given.
    pub(super) fn read(
        name_or_path: &str,
        beside: Option<&Source>,
    ) -> Result<Source, Box<Diagnostic>> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == name_or_path) {
            return Ok(Source {
                name: format!("{name} (built in)"),
                text: Arc::from(*text),
                mark: "",
                path: None,
            });
        }
        let folder = beside.and_then(Source::folder);
        let path = folder.map_or_else(|| PathBuf::from(name_or_path), |f| f.join(name_or_path));
        let text = read_text(&path).map_err(|why| {
            let message = format!("cannot read profile `{name_or_path}`: {why}");
            let help = did_you_mean(name_or_path, BUILT_IN.iter().map(|(name, _)| *name));
            let help = help.unwrap_or_else(|| format!("give a file, or one of {}", names()));
            Box::new(Diagnostic::nowhere(message, Some(help)))
        })?;
        Ok(Source {
            name: name_or_path.to_owned(),
            text: Arc::from(text.strip_prefix(MARK).unwrap_or(&text)),
            mark: if text.starts_with(MARK) { MARK } else { "" },
            path: Some(path.canonicalize().unwrap_or(path)),
        })
    }

    /// Feeds the file's bytes to a hash.
    pub(super) fn hash(&self, hash: &mut Sha256) {
        hash.update(self.mark);
        hash.update(self.text.as_bytes());
    }

    /// The line on which a byte stands, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    /// The folder of the file; `None` when it is built in.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.path.as_deref()?.parent()
    }

    /// What tells this source from every other.
    pub(super) fn id(&self) -> &Path {
        self.path
            .as_deref()
            .unwrap_or_else(|| Path::new(&self.name))
    }
}

fn names() -> String {
    let whole = BUILT_IN.iter().filter(|(name, _)| !name.contains('/'));
    let quoted: Vec<String> = whole.map(|(name, _)| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn read_text(path: &Path) -> Result<String, String> {
    // A size that is claimed is enough to refuse; that it may be a lie is what the limit below is for.
    if path
        .metadata()
        .is_ok_and(|about| about.is_file() && about.len() > LARGEST)
    {
        return Err("it is larger than 1 MiB".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)
        // One byte more than allowed is enough to know, whatever the file claims or however long it flows.
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => "there is no such file, nor a built-in profile".to_owned(),
            kind => kind.to_string(),
        })?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is larger than 1 MiB".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}
