//! `samar deid`: checks everything that can be checked before anything is written, then runs.

use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap::error::ErrorKind;

use crate::cli::args::{Cli, DeidArgs};
use crate::cli::progress::Bar;
use crate::cli::summary::Closing;
use crate::cli::term::{self, Term};
use crate::cli::{signal, subjects, text_model};
use crate::deid::Deidentifier;
use crate::dicom::{Limits, NoRoom, Room, Scratch, Source};
use crate::error::Error;
use crate::exit::Exit;
use crate::input::place::{self, KEY, Place};
use crate::input::{Inputs, list, open};
use crate::profile::Profile;
use crate::profile::settings::SecondReader;
use crate::pseudonym::Key;
use crate::report::jsonl::{Header, OptionsShown, hex};
use crate::report::{Footer, Mapping, Outcome, Record, Report, Totals};
use crate::run::{self, Cancel, Ids, Plan, Progress, stream};
use crate::sink::{DirSink, Options, OutputRoom, Quarantine, stdout};

/// What decides the pseudonyms of a run, and what is told about it.
struct Setup {
    deidentifier: Deidentifier,
    ids: Ids,
    limits: Limits,
    fingerprint: String,
    fresh: bool,
}

pub(super) fn run(args: &DeidArgs, term: Term) -> anyhow::Result<Exit> {
    let stdin = args.inputs.iter().any(|input| input == Path::new("-"));
    if let Some(message) = contradiction(args, stdin) {
        return Ok(usage(ErrorKind::ArgumentConflict, message));
    }
    match &args.out {
        Some(out) if !stdin => folder(args, out, term),
        None if stdin => instance(args, term),
        _ => {
            let message = "the following required argument was not provided: --out <DIR>";
            Ok(usage(ErrorKind::MissingRequiredArgument, message))
        }
    }
}

/// An error of usage that the parser itself does not know.
fn usage(kind: ErrorKind, message: &str) -> Exit {
    let mut command = Cli::command();
    command.build();
    let verb = command.find_subcommand_mut("deid");
    term::clap(&verb.map_or_else(
        || clap::Error::raw(kind, message),
        |verb| verb.error(kind, message),
    ))
}

/// Arguments that cannot stand together in ways that the parser does not know.
fn contradiction(args: &DeidArgs, stdin: bool) -> Option<&'static str> {
    if !stdin {
        return None;
    }
    if args.inputs.len() > 1 || args.files0_from.is_some() {
        Some(
            "`-` is one instance and stands alone; for a list on standard input use `--files0-from -`",
        )
    } else if args.out.is_some() {
        Some("`-` writes to standard output and takes no `--out`")
    } else if args.quarantine.is_some() {
        Some("`-` takes no `--quarantine`: the original is with whoever sent it")
    } else if args.second_reader.is_some() {
        Some("`-` takes no `--second-reader`: it reads files")
    } else if args.dry_run {
        Some("`-` takes no `--dry-run`: send standard output to /dev/null")
    } else {
        None
    }
}

impl Setup {
    fn new(args: &DeidArgs) -> anyhow::Result<Setup> {
        let profile = crate::profile::load(&args.profile)?;
        let (key, fresh) = match &args.key_file {
            Some(path) => (Key::read(path)?, false),
            None => (Key::generate()?, true),
        };
        demands(args, &profile, &key, fresh)?;
        let limits = Limits::from(args.limits);
        let subjects = subjects::of(&profile)?;
        let deidentifier = Deidentifier::new(profile, &key, limits, subjects)?
            .listing_identifiers(args.mapping.is_some());
        let deidentifier = args.text_model.give(deidentifier)?;
        text_model::in_use(&deidentifier)?;
        Ok(Setup {
            ids: Ids::new(&key),
            fingerprint: key.fingerprint(),
            deidentifier,
            limits,
            fresh,
        })
    }

    fn report(&self, path: &Path, options: OptionsShown) -> anyhow::Result<Report> {
        let profile = self.deidentifier.profile();
        let header = Header {
            version: env!("CARGO_PKG_VERSION"),
            profile: &profile.name,
            profile_sha256: hex(&profile.sha256),
            edition: profile.edition,
            key_fingerprint: self.fingerprint.clone(),
            key_fresh: self.fresh,
            text_model: text_model::in_use(&self.deidentifier)?.map(Into::into),
            limits: self.limits.into(),
            options,
        };
        Ok(Report::create(path, &header)?)
    }
}

/// Refuses a run that the profile does not allow.
fn demands(args: &DeidArgs, profile: &Profile, key: &Key, fresh: bool) -> Result<(), Error> {
    let keys = &profile.keys;
    if fresh && (keys.required || keys.fingerprint.is_some()) {
        return Err(Error::KeyRequired);
    }
    if keys
        .fingerprint
        .as_ref()
        .is_some_and(|wanted| *wanted != key.fingerprint())
    {
        return Err(Error::KeyWrong);
    }
    if profile.report.required && args.report.is_none() {
        return Err(Error::ReportRequired);
    }
    Ok(())
}

/// The paths that hold what must not leave the building.
fn private(args: &DeidArgs) -> Vec<Place<'_>> {
    let places = [
        ("the report", &args.report),
        ("the mapping folder", &args.mapping),
        ("the quarantine", &args.quarantine),
        (KEY, &args.key_file),
    ];
    let given = places.into_iter().filter_map(|(what, path)| {
        Some(Place {
            what,
            path: path.as_deref()?,
        })
    });
    given.collect()
}

/// How far a second reader goes: what the profile asks for, or more.
fn second_reader(args: &DeidArgs, profile: &Profile) -> Option<SecondReader> {
    let asked = args.second_reader.map(SecondReader::from);
    asked.max(profile.verify.second_reader)
}

/// Whether the report tells the SHA-256 of every output.
fn hash(args: &DeidArgs, profile: &Profile) -> bool {
    args.hash || profile.report.hash && args.report.is_some()
}

fn options(args: &DeidArgs, profile: &Profile) -> OptionsShown {
    OptionsShown {
        dry_run: args.dry_run,
        fsync: args.fsync,
        hash: hash(args, profile),
        mapping: args.mapping.is_some(),
        quarantine: args.quarantine.is_some(),
        second_reader: second_reader(args, profile).map(|how| match how {
            SecondReader::Parse => "parse",
            SecondReader::Decode => "decode",
        }),
    }
}

/// Files and folders into a folder.
#[expect(
    clippy::disallowed_methods,
    reason = "only to say how long the run took"
)]
fn folder(args: &DeidArgs, out: &Path, term: Term) -> anyhow::Result<Exit> {
    let setup = Setup::new(args)?;
    let profile = setup.deidentifier.profile();
    let started = std::time::Instant::now();
    let mut named: Vec<PathBuf> = args.inputs.clone();
    if let Some(path) = &args.files0_from {
        named.extend(list::read(path)?);
    }
    let inputs = Inputs::find(&named)?;
    let output = Place {
        what: "the output",
        path: out,
    };
    place::check(&inputs, Some(output), &private(args))?;

    // A dry run leaves no trace but its report.
    let wet = |path: &Option<PathBuf>| path.clone().filter(|_| !args.dry_run);
    let mapping = wet(&args.mapping)
        .map(|path| Mapping::open(&path))
        .transpose()?;
    let quarantine = wet(&args.quarantine)
        .map(|path| Quarantine::open(&path))
        .transpose()?;
    let sink = DirSink::open(
        out,
        Options {
            dry_run: args.dry_run,
            fsync: args.fsync,
            hash: hash(args, profile),
            layout: profile.files.clone().unwrap_or_default(),
        },
    )?;
    // A dry run leaves no trace: what is large stays in memory.
    let in_output = OutputRoom::new(out.to_path_buf());
    let room: &dyn Room = if args.dry_run { &NoRoom } else { &in_output };
    let report = args
        .report
        .as_deref()
        .map(|path| setup.report(path, options(args, profile)))
        .transpose()?;

    let cancel = Arc::new(Cancel::default());
    signal::listen(&cancel)?;
    let progress = Arc::new(Progress::default());
    let bar = Bar::new(term, !args.no_progress, inputs.entries.len(), &progress);
    let jobs = args
        .jobs
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, std::num::NonZeroUsize::get);
    let summary = run::execute(Plan {
        inputs: &inputs,
        engine: &|source: &Source, scratch: &mut Scratch| {
            run::process(&setup.deidentifier, source, scratch, room)
        },
        sink,
        quarantine,
        report,
        mapping,
        ids: setup.ids.clone(),
        second_reader: second_reader(args, profile),
        jobs,
        cancel: &cancel,
        progress: &progress,
        watch: &|id: &str, record: &Record| bar.outcome(id, record),
    });
    bar.finish();
    let summary = summary?;
    term.closing(&Closing {
        summary: &summary,
        elapsed: started.elapsed(),
        fresh_key: setup.fresh.then_some(setup.fingerprint.as_str()),
        reported: args.report.is_some(),
        dry_run: args.dry_run,
    });
    Ok(summary.exit)
}

/// One instance from standard input to standard output.
fn instance(args: &DeidArgs, term: Term) -> anyhow::Result<Exit> {
    let setup = Setup::new(args)?;
    let profile = setup.deidentifier.profile();
    if io::stdout().is_terminal() {
        return Err(Error::StdoutIsTerminal.into());
    }
    let mut out = stdout::take(io::stdout().as_fd(), io::stdin().as_fd())?;
    place::check(&Inputs::default(), None, &private(args))?;
    let mapping = args.mapping.as_deref().map(Mapping::open).transpose()?;
    let report = args
        .report
        .as_deref()
        .map(|path| setup.report(path, options(args, profile)))
        .transpose()?;

    let engine = |source: &Source, scratch: &mut Scratch| {
        run::process(&setup.deidentifier, source, scratch, &NoRoom)
    };
    let streamed = match open::open_stdin(setup.limits.inflated_bytes) {
        Ok(Some(input)) => stream::stream(&engine, &input, &mut out, hash(args, profile)),
        Ok(None) => stream::refused(Record::refused(
            Outcome::Quarantined,
            "too-large",
            "standard input holds more than `--max-inflated-bytes` allows",
        )),
        Err(e) => stream::refused(Record::refused(
            Outcome::Failed,
            "unreadable",
            format!("cannot read: {}", e.kind()),
        )),
    };
    let record = streamed.record;
    let mut totals = Totals::default();
    totals.add(&record);
    // Whoever waits for an instance and gets none must learn of it.
    let mut exit = totals.exit();
    if record.outcome != Outcome::Written {
        exit = exit.merge(Exit::Attention);
        term::refused(&record);
    }
    if record.outcome == Outcome::Written
        && let Some(mut mapping) = mapping
    {
        mapping.add(streamed.uids, streamed.patient);
        mapping.finish().context("cannot write the mapping")?;
    }
    if let Some(mut report) = report {
        let id = setup.ids.id(Path::new("-"));
        let footer = Footer {
            totals: &totals,
            interrupted: false,
            synced: false,
            exit,
        };
        report
            .input(Path::new("-"), &id, &record)
            .and_then(|()| report.finish(&footer))
            .context("cannot write the report")?;
    }
    if setup.fresh && record.outcome == Outcome::Written {
        term.fresh_key(&setup.fingerprint);
    }
    Ok(exit)
}
