//! Signals: which of them end a run, and which must not.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process;
use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use crate::exit::Exit;
use crate::run::Cancel;

/// A file beyond the size that the system allows is an error of writing that file, not the end of the program.
pub(super) fn survive_file_limit() {
    // Where the signal cannot be caught, the kernel ends the program, as it would have anyway.
    let _ = flag::register(SIGXFSZ, Arc::default());
}

/// The first signal ends the run after the inputs under way; the second ends it at once, with nothing torn in the output.
pub(super) fn listen(cancel: &Arc<Cancel>) -> anyhow::Result<()> {
    // Under `nohup`, or in the background of a script, the caller has decided that a signal shall not count.
    let ignored = ignored().unwrap_or_default();
    let counts = |signal: &i32| ignored & (1 << (signal - 1)) == 0;
    let signals = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(counts);
    let mut signals = Signals::new(signals).context("cannot listen for signals")?;
    let cancel = Arc::clone(cancel);
    thread::spawn(move || {
        for _ in signals.forever() {
            if cancel.is_interrupted() {
                process::exit(Exit::Interrupted.code().into());
            }
            cancel.interrupt();
        }
    });
    Ok(())
}

/// The signals that were ignored when samar was started: bit `n - 1` stands for signal `n`.
fn ignored() -> io::Result<u64> {
    let status = BufReader::new(File::open("/proc/self/status")?.take(1 << 16));
    for line in status.lines() {
        if let Some(mask) = line?.strip_prefix("SigIgn:") {
            return u64::from_str_radix(mask.trim(), 16).map_err(io::Error::other);
        }
    }
    Err(io::ErrorKind::NotFound.into())
}
