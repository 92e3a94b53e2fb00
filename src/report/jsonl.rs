//! The report file: JSON lines, a header, one line per input in input order, a footer.
//!
//! The file names inputs and is therefore readable by its owner alone. Two runs over the same inputs with the same key
//! differ in nothing but the fields whose names end in `_at`.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Seek as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::deid::ModelInfo;
use crate::dicom::Limits;
use crate::error::Error;
use crate::exit::Exit;
use crate::report::shown::{CountsShown, PixelsShown};
use crate::report::text_shown::TextShown;
use crate::report::{Outcome, Record, Remark, Totals};

/// How every report begins: by this a file is known as one that samar may replace.
const START: &[u8] = br#"{"type":"header","tool":"samar""#;

/// What a run was: the first line.
#[derive(Debug, Serialize)]
pub struct Header<'a> {
    /// Version of samar.
    pub version: &'a str,
    /// Name of the profile.
    pub profile: &'a str,
    /// SHA-256 of the profile's source.
    pub profile_sha256: String,
    /// Edition of the standard's tables.
    pub edition: &'a str,
    /// What tells keys apart without telling the key.
    pub key_fingerprint: String,
    /// Whether the key was made for this run and is gone with it.
    pub key_fresh: bool,
    /// What searches for text, if the profile asks for a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_model: Option<ModelShown<'a>>,
    /// Limits in force.
    pub limits: LimitsShown,
    /// What else was asked for.
    pub options: OptionsShown,
}

/// The model of a text detector.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ModelShown<'a> {
    /// What it is called.
    pub name: &'a str,
    /// SHA-256 of its file.
    pub sha256: &'a str,
    /// How it was made.
    pub recipe: &'a str,
}

impl<'a> From<&'a ModelInfo> for ModelShown<'a> {
    fn from(model: &'a ModelInfo) -> ModelShown<'a> {
        ModelShown {
            name: &model.name,
            sha256: &model.sha256,
            recipe: &model.recipe,
        }
    }
}

/// The limits under the names of their flags.
#[derive(Clone, Copy, Debug, Serialize)]
#[allow(missing_docs, reason = "the names say what `Limits` explains")]
pub struct LimitsShown {
    pub max_depth: u16,
    pub max_elements: u32,
    pub max_header_bytes: u64,
    pub max_inflated_bytes: u64,
    pub max_inflate_ratio: u32,
    pub max_pixel_bytes: u64,
    pub max_frame_bytes: u64,
}

impl From<Limits> for LimitsShown {
    fn from(limits: Limits) -> LimitsShown {
        LimitsShown {
            max_depth: limits.depth,
            max_elements: limits.elements,
            max_header_bytes: limits.header_bytes,
            max_inflated_bytes: limits.inflated_bytes,
            max_inflate_ratio: limits.inflate_ratio,
            max_pixel_bytes: limits.pixel_bytes,
            max_frame_bytes: limits.frame_bytes,
        }
    }
}

/// The options that change what a run does, not how fast.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[allow(
    missing_docs,
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct OptionsShown {
    pub dry_run: bool,
    pub fsync: bool,
    pub hash: bool,
    pub mapping: bool,
    pub quarantine: bool,
    /// How far a second reader went with every output, if one was asked for.
    pub second_reader: Option<&'static str>,
}

/// How a run ended: the last line. A report without it is of a run that did not end.
#[derive(Debug)]
pub struct Footer<'a> {
    /// The numbers.
    pub totals: &'a Totals,
    /// Whether a signal ended the run early.
    pub interrupted: bool,
    /// Whether what was written is known to be on the disk.
    pub synced: bool,
    /// The exit code.
    pub exit: Exit,
}

#[derive(Serialize)]
struct HeaderLine<'a> {
    r#type: &'static str,
    tool: &'static str,
    #[serde(flatten)]
    header: &'a Header<'a>,
    started_at: u64,
}

#[derive(Serialize)]
struct InputLine<'a> {
    r#type: &'static str,
    input: Cow<'a, str>,
    /// The name's bytes in hex, when they are not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    input_bytes: Option<String>,
    id: &'a str,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    same: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sop_class: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes_out: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_sha256: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<CountsShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pixels: Option<PixelsShown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<TextShown<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    overrides: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    remarks: &'a [Remark],
}

#[derive(Serialize)]
struct FooterLine<'a> {
    r#type: &'static str,
    totals: &'a Totals,
    interrupted: bool,
    synced: bool,
    exit: u8,
    finished_at: u64,
}

/// A hash, written as hex without an allocation.
struct Hex([u8; 32]);

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 64];
        for (place, digit) in text.iter_mut().zip(digits(&self.0)) {
            *place = digit;
        }
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// Bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    digits(bytes).map(char::from).collect()
}

fn digits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |nibble: u8| match nibble {
        0..10 => b'0' + nibble,
        _ => b'a' + nibble - 10,
    };
    bytes
        .iter()
        .flat_map(move |byte| [digit(byte >> 4), digit(byte & 15)])
}

/// An open report file.
#[derive(Debug)]
pub struct Report {
    out: BufWriter<File>,
    line: Vec<u8>,
}

impl Report {
    /// Creates the file, mode 0600, and writes the header. Replaces an earlier report, but no other file.
    pub fn create(path: &Path, header: &Header<'_>) -> Result<Report, Error> {
        let failed = |source| Error::Io {
            doing: "create the report",
            path: path.to_path_buf(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_file() {
            if metadata.len() > 0 {
                let mut start = vec![0; START.len()];
                if file.read_exact(&mut start).is_err() || start != START {
                    return Err(Error::Foreign {
                        what: "a samar report",
                        path: path.to_path_buf(),
                    });
                }
            }
            file.set_permissions(PermissionsExt::from_mode(0o600))
                .and_then(|()| file.set_len(0))
                .and_then(|()| file.rewind())
                .map_err(failed)?;
        }
        let mut report = Report {
            out: BufWriter::with_capacity(64 << 10, file),
            line: Vec::with_capacity(1 << 10),
        };
        let line = HeaderLine {
            r#type: "header",
            tool: "samar",
            header,
            started_at: now(),
        };
        report
            .put(&line)
            .and_then(|()| report.out.flush())
            .map_err(failed)?;
        Ok(report)
    }

    /// Writes the line of one input.
    pub fn input(&mut self, relative: &Path, id: &str, record: &Record) -> io::Result<()> {
        let input = relative.to_string_lossy();
        let input_bytes =
            matches!(input, Cow::Owned(_)).then(|| hex(relative.as_os_str().as_bytes()));
        let written = record.written.as_ref();
        let line = InputLine {
            r#type: "input",
            input,
            input_bytes,
            id,
            outcome: record.outcome,
            reason: record.reason.as_deref(),
            detail: record.detail.as_deref(),
            bytes_in: record.bytes_in,
            output: written.map(|w| w.output.as_str()),
            same: written.map(|w| w.same),
            sop_class: record.sop_class,
            bytes_out: written.map(|w| w.bytes_out),
            header_sha256: written.and_then(|w| w.header_sha256).map(Hex),
            sha256: written.and_then(|w| w.sha256).map(Hex),
            counts: written.map(|w| (&w.counts).into()),
            pixels: written
                .map(|w| &w.redacted)
                .filter(|redacted| redacted.is_notable())
                .map(PixelsShown::of),
            text: record.text.as_ref().map(TextShown::of),
            overrides: written.map_or(&[], |w| &w.overrides),
            remarks: written.map_or(&[], |w| &w.remarks),
        };
        self.put(&line)
    }

    /// Writes the footer and brings the file to the disk.
    pub fn finish(mut self, footer: &Footer<'_>) -> io::Result<()> {
        let line = FooterLine {
            r#type: "footer",
            totals: footer.totals,
            interrupted: footer.interrupted,
            synced: footer.synced,
            exit: footer.exit.code(),
            finished_at: now(),
        };
        self.put(&line)?;
        self.out.flush()?;
        match self.out.get_ref().sync_all() {
            // A pipe or terminal has no disk.
            Err(e) if e.kind() == io::ErrorKind::InvalidInput => Ok(()),
            result => result,
        }
    }

    fn put(&mut self, line: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

/// Seconds since 1970 in UTC.
#[expect(clippy::disallowed_methods, reason = "only to say when the run was")]
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
