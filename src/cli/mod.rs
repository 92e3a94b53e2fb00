//! The command line: reads arguments, prepares a run, shows how it ended.

mod args;
mod deid;
mod explain;
mod key;
mod limits;
mod lint;
mod preview;
mod profile;
mod progress;
mod sheet;
mod signal;
mod size;
mod subjects;
mod summary;
mod table;
mod term;
mod text_model;

use std::panic::catch_unwind;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::exit::Exit;
use args::{Cli, Command};
use term::Term;

/// The whole program.
pub fn main() -> Exit {
    term::quiet_panics();
    signal::survive_file_limit();
    // Not even a bug outside the workers ends in another exit code than the documented ones.
    catch_unwind(|| match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(e) if e.kind() == ErrorKind::DisplayVersion && asks_for_more() => version(),
        Err(e) => term::clap(&e),
    })
    .unwrap_or(Exit::Incomplete)
}

/// Whether `--verbose` stands anywhere on the command line: where a version is asked for nothing else is read.
fn asks_for_more() -> bool {
    std::env::args_os().any(|word| word == "--verbose" || word == "-v" || word == "-vV")
}

/// The version, and what searches for text.
fn version() -> Exit {
    match term::print(&text_model::version()) {
        Ok(()) => Exit::Clean,
        Err(_) => Exit::Incomplete,
    }
}

fn run(cli: Cli) -> Exit {
    let term = Term::new(cli.color, cli.verbose, cli.quiet);
    let result = match cli.command {
        Command::Deid(args) => deid::run(&args, term),
        Command::Preview(args) => preview::run(&args, term),
        Command::Key(command) => key::run(command, term),
        Command::Explain(args) => explain::run(&args, term),
        Command::Profile(command) => profile::run(&command, term),
    };
    result.unwrap_or_else(|e| term.error(&e))
}
