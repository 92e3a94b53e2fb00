//! `samar profile`.

use anyhow::bail;

use crate::cli::args::ProfileCommand;
use crate::cli::term::{self, Term};
use crate::cli::{lint, table};
use crate::exit::Exit;
use crate::profile::{self, BUILT_IN, statement};

pub(super) fn run(command: &ProfileCommand, term: Term) -> anyhow::Result<Exit> {
    match command {
        ProfileCommand::List => {
            let row = |(name, text): &(&str, &str)| {
                let summary = profile::summary(text).unwrap_or_default();
                [(*name).to_owned(), summary.to_owned()]
            };
            let rows: Vec<_> = BUILT_IN.iter().map(row).collect();
            term::print(&table::aligned("", &rows))?;
        }
        ProfileCommand::Show { name } => {
            match BUILT_IN.iter().find(|(built_in, _)| built_in == name) {
                Some((_, text)) => term::print(text.trim_end())?,
                None => bail!("no built-in profile has this name; `samar profile list` lists them"),
            }
        }
        ProfileCommand::Lint(args) => return lint::run(args, term),
        ProfileCommand::Conformance { profile } => {
            let profile = profile::load(profile)?;
            term::print(statement::of(&profile).trim_end())?;
        }
        ProfileCommand::Schema => term::print(profile::schema().trim_end())?,
    }
    Ok(Exit::Clean)
}
