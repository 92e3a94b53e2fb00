//! `samar profile`.

use anyhow::bail;

use crate::cli::args::ProfileCommand;
use crate::cli::term::Term;
use crate::exit::Exit;
use crate::profile;

pub(super) fn run(command: ProfileCommand, term: &Term) -> anyhow::Result<Exit> {
    match command {
        ProfileCommand::List => {
            for (name, _) in profile::BUILT_IN {
                term.print(name)?;
            }
        }
        ProfileCommand::Show { name } => {
            match profile::BUILT_IN
                .iter()
                .find(|(built_in, _)| *built_in == name)
            {
                Some((_, text)) => term.print(text.trim_end())?,
                None => bail!("no built-in profile has this name"),
            }
        }
    }
    Ok(Exit::Clean)
}
