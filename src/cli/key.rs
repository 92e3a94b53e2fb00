//! `samar key`.

use crate::cli::args::KeyCommand;
use crate::cli::term::{self, Term};
use crate::exit::Exit;
use crate::pseudonym::Key;

pub(super) fn run(command: KeyCommand, term: Term) -> anyhow::Result<Exit> {
    match command {
        KeyCommand::New { out } => {
            let key = Key::generate()?;
            key.write_new(&out)?;
            term.note(&format!(
                "wrote a new key, fingerprint {}; keep it, and keep it secret",
                key.fingerprint()
            ));
        }
        KeyCommand::Fingerprint { file } => term::print(&Key::read(&file)?.fingerprint())?,
    }
    Ok(Exit::Clean)
}
