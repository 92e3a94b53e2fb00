//! The command line against standard streams, limits and signals that a shell or a service manager may hand it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its ground has failed"
)]

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SAMAR: &str = env!("CARGO_BIN_EXE_samar");

/// A small instance that samar writes.
fn instance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("test-data/odd/implicit.dcm")
}

/// Runs samar by a shell, which sets limits and streams up: `"$S"` is samar.
fn shell(folder: &Path, script: &str) -> Output {
    Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .env("S", SAMAR)
        .env("IN", instance())
        .env_remove("SAMAR_KEY_FILE")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::copy(instance(), folder.path().join("in/1")).unwrap();
    folder
}

fn staging_folders(out: &Path) -> usize {
    let hidden = |name: &str| name.starts_with(".samar-");
    fs::read_dir(out).map_or(0, |entries| {
        entries
            .filter(|entry| hidden(entry.as_ref().unwrap().file_name().to_str().unwrap()))
            .count()
    })
}

#[test]
fn an_instance_is_not_written_over_itself() {
    let place = folder();
    let path = place.path().join("in/1");
    let before = fs::read(&path).unwrap();
    for append in [false, true] {
        let told = Command::new(SAMAR)
            .args(["deid", "-"])
            .stdin(File::open(&path).unwrap())
            .stdout(
                OpenOptions::new()
                    .write(true)
                    .append(append)
                    .open(&path)
                    .unwrap(),
            )
            .output()
            .unwrap();
        assert_eq!(told.status.code(), Some(2));
        let err = String::from_utf8(told.stderr).unwrap();
        assert!(err.contains("same file"), "{err}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn an_output_that_goes_nowhere_is_no_success() {
    let place = folder();
    for (stdout, code) in [
        (">&-", 2),
        ("1<in/1", 3),
        (">/dev/full", 3),
        (">/dev/null", 0),
        (">out.dcm", 0),
    ] {
        let told = shell(place.path(), &format!(r#""$S" deid - < "$IN" {stdout}"#));
        let err = String::from_utf8(told.stderr).unwrap();
        assert_eq!(told.status.code(), Some(code), "{stdout}: {err}");
    }
    assert!(fs::metadata(place.path().join("out.dcm")).unwrap().len() > 132);
    let told = shell(place.path(), r#""$S" profile list 1<in/1"#);
    assert_eq!(told.status.code(), Some(3));
}

#[test]
fn a_limit_on_file_sizes_fails_the_file_and_not_the_run() {
    let place = folder();
    let script = r#"ulimit -f 0; "$S" deid in --out out -v"#;
    let told = shell(place.path(), script);
    let err = String::from_utf8(told.stderr).unwrap();
    assert_eq!(told.status.code(), Some(3), "{err}");
    assert!(err.contains("file-too-large"), "{err}");
    assert_eq!(staging_folders(&place.path().join("out")), 0);

    let told = shell(
        place.path(),
        r#"ulimit -f 0; "$S" deid - < "$IN" > out.dcm"#,
    );
    assert_eq!(told.status.code(), Some(3));
}

#[test]
fn too_few_handles_leave_nothing_behind() {
    let place = folder();
    let mut codes = Vec::new();
    for handles in 4..24 {
        let script = format!(r#"ulimit -n {handles}; "$S" deid in --out out -j1 -v"#);
        let told = shell(place.path(), &script);
        let err = String::from_utf8(told.stderr).unwrap();
        assert_eq!(
            staging_folders(&place.path().join("out")),
            0,
            "{handles} handles: {err}"
        );
        codes.push(told.status.code());
    }
    let (first, last) = (codes[0], codes[codes.len() - 1]);
    assert_ne!(first, Some(0));
    assert_eq!(last, Some(0), "{codes:?}");
    assert!(codes.iter().all(Option::is_some), "{codes:?}");
}

/// Starts a long run whose standard error nobody reads yet: it cannot end before `then` has had its say.
fn interrupted(exec: &str, signals: &[&str]) -> Option<i32> {
    let place = folder();
    // Far more lines than the pipe holds.
    let (told, pipe) = std::io::pipe().unwrap();
    rustix::pipe::fcntl_setpipe_size(&pipe, 4096).unwrap();
    for n in 0..500 {
        fs::write(place.path().join(format!("in/note{n}")), "no instance").unwrap();
    }
    let mut child = Command::new("sh")
        .args(["-c", &format!(r#"{exec} "$S" deid in --out out -vvv -j1"#)])
        .current_dir(place.path())
        .env("S", SAMAR)
        .stdin(Stdio::null())
        .stderr(pipe)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(told).lines();
    lines.next().unwrap().unwrap();
    for signal in signals {
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([*signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }
    lines.for_each(|line| drop(line.unwrap()));
    let status = child.wait().unwrap();
    assert_eq!(staging_folders(&place.path().join("out")), 0);
    status.code()
}

#[test]
fn a_signal_ends_the_run_in_order() {
    // Whoever runs the tests may itself ignore one of them, as a shell's background jobs do.
    let exec = "exec env --default-signal=INT,TERM,HUP";
    for signal in ["-INT", "-TERM", "-HUP"] {
        assert_eq!(interrupted(exec, &[signal]), Some(130), "{signal}");
    }
}

#[test]
fn a_signal_that_the_caller_ignores_is_ignored() {
    assert_eq!(interrupted("trap '' HUP; exec", &["-HUP"]), Some(0));
}
