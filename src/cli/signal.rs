//! Signals: which of them end a run, and which must not.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::sync::Arc;

use anyhow::Context as _;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;

use crate::exit::Exit;
use crate::run::Cancel;

/// A file beyond the size that the system allows is an error of writing that file, not the end of the program.
pub(super) fn survive_file_limit() {
    // Where the signal cannot be caught, the kernel ends the program, as it would have anyway.
    let _ = flag::register(SIGXFSZ, Arc::default());
}

/// The first signal ends the run after the inputs under way; the second ends it at once, with nothing torn in the output.
pub(super) fn listen(cancel: &Cancel) -> anyhow::Result<()> {
    // Under `nohup`, or in the background of a script, the caller has decided that a signal shall not count.
    let ignored = ignored().unwrap_or_default();
    let counts = |signal: &i32| ignored & (1 << (signal - 1)) == 0;
    for signal in [SIGINT, SIGTERM, SIGHUP].into_iter().filter(counts) {
        // The handlers run in this order, in the signal itself: no thread has to find the time first.
        let exit = i32::from(Exit::Interrupted.code());
        flag::register_conditional_shutdown(signal, exit, cancel.flag())
            .and_then(|_| flag::register(signal, cancel.flag()))
            .context("cannot listen for signals")?;
    }
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
