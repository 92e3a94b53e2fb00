//! Whatever the text: loading it as a profile gives a profile or diagnostics, and these can be shown.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

/// Profiles are read from files; one process reads one after the other.
static PATH: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("samar-fuzz-{}.yaml", std::process::id())));

fuzz_target!(|text: &[u8]| {
    std::fs::write(&*PATH, text).expect("the temporary folder can be written");
    let path = PATH.to_str().expect("a plain path");
    match samar::profile::load(path) {
        Ok(profile) => assert!(!profile.name.is_empty()),
        Err(problems) => assert!(!problems.0.is_empty() && !problems.to_string().is_empty()),
    }
});
