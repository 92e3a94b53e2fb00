//! `samar profile`.

use anyhow::bail;

use crate::cli::args::ProfileCommand;
use crate::cli::term;
use crate::exit::Exit;
use crate::profile::Profile;

/// Edition of PS3.15 whose Table E.1-1 is built in.
pub(super) const EDITION: &str = "2026d";

/// The built-in profiles: name and text.
const BUILT_IN: &[(&str, &str)] = &[("basic", "samar: 1\nname: basic\nbase: basic@2026d\n")];

/// Loads a profile by name or path.
pub(super) fn load(name_or_path: &str) -> anyhow::Result<Profile> {
    match BUILT_IN.iter().find(|(name, _)| *name == name_or_path) {
        Some((name, _)) => Ok(Profile {
            name: (*name).to_owned(),
            sha256: [0; 32],
        }),
        None => bail!("no built-in profile has this name"),
    }
}

pub(super) fn run(command: &ProfileCommand) -> anyhow::Result<Exit> {
    match command {
        ProfileCommand::List => {
            for (name, _) in BUILT_IN {
                term::print(name)?;
            }
        }
        ProfileCommand::Show { name } => {
            match BUILT_IN.iter().find(|(built_in, _)| built_in == name) {
                Some((_, text)) => term::print(text.trim_end())?,
                None => bail!("no built-in profile has this name"),
            }
        }
    }
    Ok(Exit::Clean)
}
