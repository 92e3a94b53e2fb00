//! What can be said on the command line, and how it is explained.

use super::limits::LimitArgs;
use super::text_model::TextModelArgs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgAction, ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::profile::settings::SecondReader;

/// De-identifies folders of DICOM studies, verifies every file it writes, and lets nothing through that it is not sure of.
#[derive(Debug, Parser)]
#[command(
    name = "samar",
    bin_name = "samar",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    /// When to use colour; NO_COLOR is respected
    #[arg(
        long,
        global = true,
        display_order = 900,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub(super) color: When,

    /// Say more: -v lists what was not written by opaque id and reason, -vv adds details, -vvv lists every input
    #[arg(short, long, global = true, display_order = 901, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(super) verbose: u8,

    /// Say nothing but errors
    #[arg(short, long, global = true, display_order = 902)]
    pub(super) quiet: bool,

    #[command(subcommand)]
    pub(super) command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// How far the second reader goes.
// The flag explains its values: explained one by one they would blow all of the help up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SecondReaderArg {
    Parse,
    Decode,
}

impl From<SecondReaderArg> for SecondReader {
    fn from(arg: SecondReaderArg) -> SecondReader {
        match arg {
            SecondReaderArg::Parse => SecondReader::Parse,
            SecondReaderArg::Decode => SecondReader::Decode,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// De-identify files and folders into an output folder
    Deid(Box<DeidArgs>),
    /// Draw images and what a profile blanks in them; the pictures may show a patient
    Preview(Box<PreviewArgs>),
    /// Make a key, or tell keys apart
    #[command(subcommand, arg_required_else_help = true)]
    Key(KeyCommand),
    /// Say what would be done with one file, element by element, and who decides it
    Explain(ExplainArgs),
    /// Read, check and compare profiles, or state what one does
    #[command(subcommand, arg_required_else_help = true)]
    Profile(ProfileCommand),
}

const DEID_AFTER: &str = "\
Folders are read recursively; what is DICOM is told by content, not by name. Links are not followed.
Each instance goes to OUT/patient/study/series/instance.dcm, named by pseudonyms. Running again with
the same key writes nothing that is there already, and never overwrites.

Exit codes:
  0    every instance was written
  1    finished, but a person must look: inputs were quarantined or rejected, or hold text that the
       profile only reports
  2    usage, profile or key error; nothing was written
  3    something could not be read or written; running again is safe
  130  interrupted

Examples:
  samar key new --out site.key
  samar deid /exports/2024 --out /share --key-file site.key --report run.jsonl
  samar deid - < in.dcm > out.dcm";

#[derive(Debug, Args)]
#[command(after_help = DEID_AFTER)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct DeidArgs {
    /// Files and folders to read, or `-` for one instance on standard input, written to standard output
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath, required_unless_present = "files0_from")]
    pub(super) inputs: Vec<PathBuf>,

    /// Folder for the de-identified instances; created when missing
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) out: Option<PathBuf>,

    /// Built-in profile or profile file
    #[arg(short, long, value_name = "NAME|FILE", default_value = "basic")]
    pub(super) profile: String,

    /// Key from `samar key new`; without one a fresh key serves this run alone
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "SAMAR_KEY_FILE", hide_env_values = true)]
    pub(super) key_file: Option<PathBuf>,

    /// Read further inputs from a list separated by NUL, as `find -print0` writes it; `-` is standard input
    #[arg(long, value_name = "F|-", value_hint = ValueHint::FilePath)]
    pub(super) files0_from: Option<PathBuf>,

    /// Worker threads [default: number of cores]
    #[arg(short, long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,

    /// Write nothing, but say what would be written
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,

    /// Bring each file to the disk by itself, instead of all at the end; slow
    #[arg(long)]
    pub(super) fsync: bool,

    /// Publish only what a second, independent parser can read, or what it can also decode every frame of; slow
    #[arg(long, value_name = "HOW")]
    pub(super) second_reader: Option<SecondReaderArg>,

    #[command(flatten)]
    pub(super) text_model: TextModelArgs,

    /// Show no progress
    #[arg(long)]
    pub(super) no_progress: bool,

    /// Write one line of JSON per input to this file; it names inputs and is readable by its owner alone
    #[arg(long, value_name = "F.jsonl", value_hint = ValueHint::FilePath, help_heading = "What stays in house")]
    pub(super) report: Option<PathBuf>,

    /// Put the SHA-256 of every output file into the report
    #[arg(long, requires = "report", help_heading = "What stays in house")]
    pub(super) hash: bool,

    /// Write old and new identifiers to `uid_mapping.csv` and `patid_mapping.csv` in this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "What stays in house")]
    pub(super) mapping: Option<PathBuf>,

    /// Copy quarantined originals to this folder, named by opaque ids
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "What stays in house")]
    pub(super) quarantine: Option<PathBuf>,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

const PREVIEW_AFTER: &str = "\
With --profile the command also says, by its exit code and on standard error, whether such a file
would be written. Regions that rules name are drawn in magenta, text that was found in lime.
What --show after draws is read from the bytes that would be.

Exit codes:
  0  drawn, and every file would be written
  1  drawn, but with --profile a file would be withheld, or on a sheet one could not be drawn
  2  usage or profile error, or a file that cannot be drawn; nothing was written
  3  something could not be read or written

Examples:
  samar preview in.dcm --out frame.png
  samar preview in.dcm --out both.png --profile site.yaml --show pair
  samar preview /exports/2024 --sheet sheet.png --profile site.yaml --list";

#[derive(Debug, Args)]
#[command(after_help = PREVIEW_AFTER)]
#[command(group = ArgGroup::new("to").required(true))]
pub(super) struct PreviewArgs {
    /// DICOM file with an image; with --sheet, files and folders
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath, required = true)]
    pub(super) inputs: Vec<PathBuf>,

    /// PNG file to write, readable by its owner alone; replaced when it is there
    #[arg(short, long, value_name = "F.png", value_hint = ValueHint::FilePath, group = "to")]
    pub(super) out: Option<PathBuf>,

    /// Contact sheet to write instead, each image small and with a number; more than a page becomes F-1.png, F-2.png
    #[arg(long, value_name = "F.png", value_hint = ValueHint::FilePath, group = "to")]
    pub(super) sheet: Option<PathBuf>,

    /// Built-in profile or profile file whose pixel rules are drawn
    #[arg(short, long, value_name = "NAME|FILE")]
    pub(super) profile: Option<String>,

    /// What to draw with a profile: the regions that it names, what would be written, or both [default: regions]
    #[arg(long, value_name = "WHAT", requires = "profile")]
    pub(super) show: Option<Show>,

    #[command(flatten)]
    pub(super) text_model: TextModelArgs,

    /// Frame to draw, counted from 0
    #[arg(long, value_name = "N", default_value = "0")]
    pub(super) frame: u32,

    /// Images in a row of the sheet [default: 8]
    #[arg(long, value_name = "N", conflicts_with = "out", value_parser = clap::value_parser!(u32).range(1..=50))]
    pub(super) columns: Option<u32>,

    /// Print which number on the sheet is which file; names may tell who the patient is
    #[arg(long, conflicts_with = "out")]
    pub(super) list: bool,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

/// What is drawn with a profile.
// As above: explained one by one they would blow the help up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Show {
    Regions,
    After,
    Pair,
}

const KEY_AFTER: &str = "\
The key decides every pseudonym: the same key gives the same pseudonyms in every run and on every
machine, and whoever holds it can tell whether a given patient is in the output. Keep it, and keep
it secret.";

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a new key file, readable by its owner alone; never overwrites
    #[command(after_help = KEY_AFTER)]
    New {
        /// File to make
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        out: PathBuf,
    },
    /// Print what tells a key from others, as it stands in reports; says nothing about the secret
    Fingerprint {
        /// Key file
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
}

const EXPLAIN_AFTER: &str = "\
Prints the elements that change and those that a rule or an option decides, each with who decides
it and what else would have. Of the file's own values nothing is printed without --show-phi.
Nothing is written.

Exit codes:
  0  the file would be written
  1  it would be withheld
  2  usage, profile or key error
  3  the file could not be read

Examples:
  samar explain in.dcm --profile research
  samar explain in.dcm --profile our-site.yaml --key-file site.key --show-phi";

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_AFTER)]
pub(super) struct ExplainArgs {
    /// DICOM file
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) file: PathBuf,

    /// Built-in profile or profile file
    #[arg(short, long, value_name = "NAME|FILE", default_value = "basic")]
    pub(super) profile: String,

    /// Key from `samar key new`; without one a fresh key makes the pseudonyms shown
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "SAMAR_KEY_FILE", hide_env_values = true)]
    pub(super) key_file: Option<PathBuf>,

    #[command(flatten)]
    pub(super) text_model: TextModelArgs,

    /// Print values before and after; what is printed may name the patient
    #[arg(long)]
    pub(super) show_phi: bool,

    /// Print every element, and every rule on instances with its conditions
    #[arg(short, long)]
    pub(super) all: bool,

    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

/// How to print a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    Human,
    Json,
}

const LINT_AFTER: &str = "\
Prints which method codes files of the profile carry, each row of Table E.1-1 that is treated
otherwise than the Basic Profile treats it, who decides that, and attributes beyond the table.

Exit codes:
  0  the profile can be used; there may be notes
  1  there are warnings
  2  there are errors, and no run would accept it

Examples:
  samar profile lint research
  samar profile lint our-site.yaml --format json";

#[derive(Debug, Args)]
#[command(after_help = LINT_AFTER)]
pub(super) struct LintArgs {
    /// Built-in profiles or profile files
    #[arg(value_name = "NAME|FILE", value_hint = ValueHint::FilePath, required = true)]
    pub(super) profiles: Vec<String>,

    /// How to print: a table, or one object of JSON per profile and line
    #[arg(long, value_name = "HOW", default_value = "human")]
    pub(super) format: FormatArg,

    /// Also print the rows that do not differ
    #[arg(short, long)]
    pub(super) all: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ProfileCommand {
    /// List the built-in profiles
    List,
    /// Print a built-in profile, to be read or copied
    Show {
        /// Name, as `samar profile list` says it
        name: String,
    },
    /// Check profiles, and say how each differs from the Basic Profile
    Lint(LintArgs),
    /// Write the conformance statement of a profile (PS3.15), as Markdown
    Conformance {
        /// Built-in profile or profile file
        #[arg(value_name = "NAME|FILE", value_hint = ValueHint::FilePath)]
        profile: String,
    },
    /// Print the JSON Schema of profiles, for editors
    Schema,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::Limits;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn default_limits_are_those_of_the_library() {
        let cli = Cli::try_parse_from(["samar", "deid", "in"]).unwrap();
        let Command::Deid(args) = cli.command else {
            panic!("not the verb")
        };
        assert_eq!(Limits::from(args.limits), Limits::default());
    }
}
