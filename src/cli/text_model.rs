//! The text detector that a site brings, and what samar says of its own.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, ValueHint};

use crate::deid::{Deidentifier, Detector, ModelInfo};
use crate::error::{Error, printable};
use crate::input::open::read_whole;

/// The largest model that is loaded, in bytes; detectors have a few million.
const LARGEST: u64 = 512 << 20;

/// Which detector searches for text.
#[derive(Clone, Debug, Args)]
pub(super) struct TextModelArgs {
    /// Search for text with this ONNX model (DBNet and the like) instead of samar's own; give only one that you trust
    #[arg(long, value_name = "F.onnx", value_hint = ValueHint::FilePath)]
    text_model: Option<PathBuf>,
}

impl TextModelArgs {
    /// Gives the de-identifier the detector that the site brings, if it does.
    pub(super) fn give(&self, deidentifier: Deidentifier) -> anyhow::Result<Deidentifier> {
        let Some(path) = &self.text_model else {
            return Ok(deidentifier);
        };
        let bytes = read_whole(path, LARGEST).map_err(|source| match source.kind() {
            io::ErrorKind::FileTooLarge => {
                let path = printable(path);
                anyhow::anyhow!("the text model `{path}` is too large\nhelp: name an ONNX file")
            }
            io::ErrorKind::NotFound | io::ErrorKind::InvalidInput => {
                let path = printable(path);
                anyhow::anyhow!("there is no text model `{path}`\nhelp: name an ONNX file")
            }
            _ => Error::Io {
                doing: "read the text model",
                path: path.clone(),
                source,
            }
            .into(),
        })?;
        let detector = Detector::from_onnx(&bytes).map_err(anyhow::Error::msg)?;
        Ok(deidentifier.with_text_detector(Arc::new(detector)))
    }
}

/// Which model a run searches with; `None` when its profile does not search.
pub(super) fn in_use(deidentifier: &Deidentifier) -> anyhow::Result<Option<&ModelInfo>> {
    if !deidentifier.profile().detect.is_on() {
        return Ok(None);
    }
    match deidentifier.text_detector() {
        Ok(detector) => Ok(Some(detector.model())),
        Err(why) => bail!(
            "the text detector cannot be used: {why}\nhelp: please report it with samar's version"
        ),
    }
}

/// What `samar --version --verbose` says.
pub(super) fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let edition = crate::profile::EDITION;
    let model = match Detector::embedded() {
        Ok(detector) => {
            let ModelInfo {
                name,
                sha256,
                recipe,
            } = detector.model();
            format!("text model: {name}\n  sha256: {sha256}\n  recipe: {recipe}")
        }
        Err(_) => "text model: none that can be loaded".to_owned(),
    };
    format!("samar {version}\ntables: PS3.15 {edition}\n{model}")
}
