//! `samar profile lint`: what a profile makes different, and what its author should know about it.

use serde::Serialize;

use crate::cli::args::{FormatArg, LintArgs};
use crate::cli::table::aligned;
use crate::cli::term::{self, Term};
use crate::exit::Exit;
use crate::profile::lint::{Line, Lint, lint};
use crate::profile::{self, Diagnostic, Diagnostics, Profile, Severity};

pub(super) fn run(args: &LintArgs, term: Term) -> anyhow::Result<Exit> {
    let mut exit = Exit::Clean;
    for (index, name) in args.profiles.iter().enumerate() {
        let loaded = profile::load(name);
        let linted = loaded.map(|profile| (lint(&profile), profile));
        if args.format == FormatArg::Json {
            let told = Told::new(name, linted.as_ref(), args.all);
            term::print(&serde_json::to_string(&told)?)?;
        } else {
            if index > 0 {
                term::print("")?;
            }
            match &linted {
                Ok((lint, profile)) => {
                    term.remarks(&lint.remarks);
                    term::print(&human(profile, lint, args.all))?;
                }
                Err(problems) => term.problems(problems),
            }
        }
        exit = exit.merge(verdict(linted.as_ref().map(|(lint, _)| lint).ok()));
    }
    Ok(exit)
}

fn verdict(lint: Option<&Lint>) -> Exit {
    let warns = |lint: &Lint| {
        let mut remarks = lint.remarks.0.iter();
        remarks.any(|remark| remark.severity >= Severity::Warning)
    };
    match lint {
        None => Exit::Usage,
        Some(lint) if warns(lint) => Exit::Attention,
        Some(_) => Exit::Clean,
    }
}

fn human(profile: &Profile, lint: &Lint, all: bool) -> String {
    let mut parts = vec![format!(
        "profile {}, basic@{}, SHA-256 {}",
        profile.name,
        profile.edition,
        profile.digest()
    )];
    let codes: Vec<_> = lint
        .methods
        .iter()
        .map(|method| [method.code.to_owned(), method.meaning.to_owned()])
        .collect();
    parts.push(if codes.is_empty() {
        "files claim no code of CID 7050".to_owned()
    } else {
        format!("files claim\n{}", aligned("  ", &codes))
    });
    let heads = ["tag", "keyword", "basic", "here", "decided by"].map(str::to_owned);
    let lines = lint.rows.iter().filter(|line| all || line.differs);
    let rows: Vec<_> = lines.map(cells).collect();
    if !rows.is_empty() {
        let what = if all {
            "rows of Table E.1-1"
        } else {
            "different from Table E.1-1"
        };
        let rows = [vec![heads.clone()], rows].concat();
        parts.push(format!("{what}\n{}", aligned("  ", &rows)));
    }
    if !lint.beyond.is_empty() {
        let rows: Vec<_> = lint.beyond.iter().map(cells).collect();
        let rows = [vec![heads], rows].concat();
        parts.push(format!("beyond the table\n{}", aligned("  ", &rows)));
    }
    parts.push(format!(
        "{} of {} rows differ, {} attributes beyond the table",
        lint.differing().count(),
        lint.rows.len(),
        lint.beyond.len()
    ));
    parts.join("\n\n")
}

fn cells(line: &Line) -> [String; 5] {
    [
        line.tag.clone(),
        line.name.clone(),
        line.basic
            .map_or_else(|| "-".to_owned(), |code| code.to_string()),
        line.here.clone(),
        line.by.join(", "),
    ]
}

/// One profile as JSON. The names and their order are stable.
#[derive(Serialize)]
struct Told<'a> {
    source: &'a str,
    profile: Option<&'a str>,
    sha256: Option<String>,
    edition: Option<&'a str>,
    methods: Vec<MethodTold>,
    rows: Vec<LineTold<'a>>,
    beyond: Vec<LineTold<'a>>,
    remarks: Vec<RemarkTold<'a>>,
    differing: usize,
}

#[derive(Serialize)]
struct MethodTold {
    code: &'static str,
    meaning: &'static str,
}

#[derive(Serialize)]
struct LineTold<'a> {
    tag: &'a str,
    keyword: &'a str,
    basic: Option<String>,
    here: &'a str,
    by: &'a [String],
    differs: bool,
}

#[derive(Serialize)]
struct RemarkTold<'a> {
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

impl<'a> Told<'a> {
    fn new(
        source: &'a str,
        linted: Result<&'a (Lint, Profile), &'a Diagnostics>,
        all: bool,
    ) -> Told<'a> {
        let remarks = linted.map_or_else(|problems| problems, |(lint, _)| &lint.remarks);
        let mut told = Told {
            source,
            profile: None,
            sha256: None,
            edition: None,
            methods: Vec::new(),
            rows: Vec::new(),
            beyond: Vec::new(),
            remarks: remarks.0.iter().map(remark).collect(),
            differing: 0,
        };
        if let Ok((lint, profile)) = linted {
            told.profile = Some(&profile.name);
            told.sha256 = Some(profile.digest());
            told.edition = Some(profile.edition);
            let methods = lint.methods.iter();
            told.methods = methods
                .map(|method| MethodTold {
                    code: method.code,
                    meaning: method.meaning,
                })
                .collect();
            let rows = lint.rows.iter().filter(|line| all || line.differs);
            told.rows = rows.map(line).collect();
            told.beyond = lint.beyond.iter().map(line).collect();
            told.differing = lint.differing().count();
        }
        told
    }
}

fn line(line: &Line) -> LineTold<'_> {
    LineTold {
        tag: &line.tag,
        keyword: &line.name,
        basic: line.basic.as_ref().map(ToString::to_string),
        here: &line.here,
        by: &line.by,
        differs: line.differs,
    }
}

fn remark(remark: &Diagnostic) -> RemarkTold<'_> {
    let place = remark.place.as_ref();
    RemarkTold {
        severity: match remark.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        },
        message: &remark.message,
        help: remark.help.as_deref(),
        file: place.map(|place| place.file.as_str()),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
    }
}
