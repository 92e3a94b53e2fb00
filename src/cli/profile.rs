//! `samar profile`.

use anyhow::bail;

use crate::cli::args::ProfileCommand;
use crate::cli::term;
use crate::exit::Exit;
use crate::profile::BUILT_IN;

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
                None => bail!("no built-in profile has this name; `samar profile list` lists them"),
            }
        }
    }
    Ok(Exit::Clean)
}
