//! The command line as its users meet it: texts, exit codes, what is refused and what is left behind.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its ground has failed"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The cases in `tests/cmd` are the text that people read; `TRYCMD=overwrite` renews them.
#[test]
fn texts_are_the_ones_agreed_on() {
    trycmd::TestCases::new()
        .env("COLUMNS", "100")
        .case("tests/cmd/*.toml");
}

struct Place(tempfile::TempDir);

impl Place {
    /// A folder with `in/note.txt`, which is no instance, and the key `key`.
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        fs::create_dir(place.at("in")).unwrap();
        fs::write(place.at("in/note.txt"), "Doe^John was here").unwrap();
        assert_eq!(place.run(&["key", "new", "--out", "key"]).code, 0);
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_samar"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env_remove("SAMAR_KEY_FILE")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Told {
        Told::from(self.command(args).output().unwrap())
    }

    /// Every path below the folder, sorted.
    fn all(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                found.push(
                    path.strip_prefix(self.0.path())
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

struct Told {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Told {
    fn from(output: Output) -> Told {
        Told {
            code: output.status.code().expect("an exit code, not a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

/// The lines of a report, as JSON.
fn report(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_key_is_made_once_and_told_apart() {
    let place = Place::new();
    assert_eq!(mode(&place.at("key")), 0o600);
    let before = fs::read(place.at("key")).unwrap();
    let again = place.run(&["key", "new", "--out", "key"]);
    assert_eq!(again.code, 2);
    assert_eq!(fs::read(place.at("key")).unwrap(), before);

    let told = place.run(&["key", "fingerprint", "key"]);
    assert_eq!((told.code, told.out.trim_end().len()), (0, 16));
    assert_eq!(place.run(&["key", "fingerprint", "key"]).out, told.out);
    let secret = String::from_utf8(before).unwrap();
    assert!(!secret.contains(told.out.trim_end()));

    assert_eq!(place.run(&["key", "new", "--out", "other", "-q"]).err, "");
    assert_ne!(place.run(&["key", "fingerprint", "other"]).out, told.out);
    assert_eq!(place.run(&["key", "fingerprint", "in/note.txt"]).code, 2);
}

#[test]
fn an_exposed_key_is_refused_before_anything_is_written() {
    let place = Place::new();
    fs::set_permissions(place.at("key"), fs::Permissions::from_mode(0o640)).unwrap();
    let before = place.all();
    let told = place.run(&[
        "deid",
        "in",
        "--out",
        "out",
        "--key-file",
        "key",
        "--report",
        "r",
    ]);
    assert_eq!(told.code, 2, "{}", told.err);
    assert!(told.err.contains("chmod 600"), "{}", told.err);
    assert_eq!(place.all(), before);
    let told = Told::from(
        place
            .command(&["deid", "in", "--out", "out"])
            .env("SAMAR_KEY_FILE", "key")
            .output()
            .unwrap(),
    );
    assert_eq!(told.code, 2);
}

#[test]
fn what_cannot_go_well_writes_nothing() {
    let place = Place::new();
    fs::create_dir(place.at("empty")).unwrap();
    fs::create_dir(place.at("links")).unwrap();
    symlink("../in/note.txt", place.at("links/1")).unwrap();
    symlink("in", place.at("alias")).unwrap();
    fs::write(place.at("list"), b"in\0missing\0").unwrap();
    let before = place.all();
    for args in [
        &["deid", "in"][..],
        &["deid", "missing", "--out", "out"],
        &["deid", "in", "missing", "--out", "out"],
        &["deid", "empty", "--out", "out"],
        &["deid", "links", "--out", "out"],
        &["deid", "--files0-from", "list", "--out", "out"],
        &["deid", "--files0-from", "missing", "--out", "out"],
        &["deid", "in", "--out", "in"],
        &["deid", "in", "--out", "in/out"],
        &["deid", "in", "--out", "alias/out"],
        &["deid", "in", "--out", "new/../in/out"],
        &["deid", "in", "--out", "."],
        &["deid", "in", "--out", "key"],
        &["deid", "in", "--out", "key/out"],
        &["deid", "in", "--out", "out", "--report", "out/r.jsonl"],
        &["deid", "in", "--out", "out", "--quarantine", "out/q"],
        &["deid", "in", "--out", "out", "--quarantine", "in/q"],
        &["deid", "in", "--out", "out", "--mapping", "out"],
        &["deid", "in", "--out", "out", "--mapping", "key"],
        &["deid", "in", "--out", "links", "--key-file", "links/key"],
        &["deid", "in", "--out", "out", "--report", "key"],
        &["deid", "in", "--out", "out", "--profile", "nonesuch"],
        &["deid", "in", "--out", "out", "--key-file", "in/note.txt"],
        &["deid", "in", "--out", "out", "--jobs", "0"],
        &["deid", "in", "--out", "out", "--max-header-bytes", "1 GB"],
        &["deid", "in", "--out", "out", "--hash"],
        &["deid", "-", "--out", "out"],
        &["deid", "-", "in"],
        &["deid", "-", "--quarantine", "q"],
        &["deid", "-q", "-v", "in", "--out", "out"],
        &["profile", "show", "nonesuch"],
    ] {
        let told = place.run(args);
        assert_eq!(told.code, 2, "{args:?}: {}", told.err);
        assert_ne!(told.err, "", "{args:?}");
        let after: Vec<_> = place
            .all()
            .into_iter()
            .filter(|path| path != "out")
            .collect();
        assert_eq!(after, before, "{args:?}");
        assert_eq!(
            fs::read_dir(place.at("out")).map_or(0, Iterator::count),
            0,
            "{args:?}"
        );
        let _ = fs::remove_dir(place.at("out"));
    }
}

#[test]
fn what_is_not_dicom_is_listed_and_copied_nowhere() {
    let place = Place::new();
    fs::write(place.at("in/.hidden"), "").unwrap();
    fs::write(
        place.at("in").join(std::ffi::OsStr::from_bytes(b"\xff")),
        "x",
    )
    .unwrap();
    symlink("note.txt", place.at("in/link")).unwrap();
    let args = [
        "deid",
        "in",
        "--out",
        "out",
        "--key-file",
        "key",
        "--report",
        "r.jsonl",
        "-vvv",
    ];
    let told = place.run(&args);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(
        !told.err.contains("note") && !told.err.contains("Doe"),
        "{}",
        told.err
    );
    assert_eq!(
        told.err.matches("not-dicom").count(),
        8,
        "a line and a reason each: {}",
        told.err
    );
    assert_eq!(fs::read_dir(place.at("out")).unwrap().count(), 0);
    assert_eq!(mode(&place.at("r.jsonl")), 0o600);

    let lines = report(&place.at("r.jsonl"));
    let (header, footer) = (&lines[0], lines.last().unwrap());
    assert_eq!(
        (&header["type"], &header["key_fresh"]),
        (&"header".into(), &false.into())
    );
    let fingerprint = place.run(&["key", "fingerprint", "key"]).out;
    assert_eq!(header["key_fingerprint"], fingerprint.trim_end());
    assert_eq!(header["limits"]["max_depth"], 64);
    let inputs: Vec<_> = lines
        .iter()
        .filter(|line| line["type"] == "input")
        .collect();
    let names: Vec<_> = inputs
        .iter()
        .map(|line| line["input"].as_str().unwrap())
        .collect();
    assert_eq!(names, [".hidden", "link", "note.txt", "\u{FFFD}"]);
    assert_eq!(inputs[3]["input_bytes"], "ff");
    assert!(inputs.iter().all(|line| line["outcome"] == "not-dicom"));
    assert_eq!(
        (&footer["type"], &footer["exit"]),
        (&"footer".into(), &0.into())
    );
    assert_eq!(footer["totals"]["not-dicom"], 4);

    // The report is samar's own and is renewed; but for the times it says the same.
    let timeless = |lines: Vec<serde_json::Value>| -> Vec<String> {
        let strip = |mut line: serde_json::Value| {
            line.as_object_mut()
                .unwrap()
                .retain(|name, _| !name.ends_with("_at"));
            line.to_string()
        };
        lines.into_iter().map(strip).collect()
    };
    place.run(&args);
    assert_eq!(timeless(report(&place.at("r.jsonl"))), timeless(lines));
}

#[test]
fn a_list_on_standard_input_names_inputs() {
    let place = Place::new();
    let mut child = place
        .command(&[
            "deid",
            "--files0-from",
            "-",
            "--out",
            "out",
            "--report",
            "r",
        ])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"in/note.txt\0in/../in/note.txt")
        .unwrap();
    let told = Told::from(child.wait_with_output().unwrap());
    assert_eq!(told.code, 0, "{}", told.err);
    assert_eq!(
        report(&place.at("r"))
            .iter()
            .filter(|line| line["type"] == "input")
            .count(),
        1
    );
}

#[test]
fn standard_input_that_is_no_instance_gives_no_output() {
    let place = Place::new();
    let mut command = place.command(&["deid", "-", "--report", "r"]);
    let told = Told::from(
        command
            .stdin(File::open(place.at("in/note.txt")).unwrap())
            .output()
            .unwrap(),
    );
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert!(told.err.starts_with("not-dicom"), "{}", told.err);
    assert!(!told.err.contains("Doe"), "{}", told.err);
    assert_eq!(report(&place.at("r"))[1]["outcome"], "not-dicom");
}

#[test]
fn a_dry_run_leaves_only_its_report() {
    let place = Place::new();
    let before = place.all();
    let args = [
        "deid",
        "in",
        "--out",
        "out",
        "--quarantine",
        "q",
        "--mapping",
        "m",
        "--dry-run",
        "--report",
        "r",
    ];
    let told = place.run(&args);
    assert_eq!(told.code, 0, "{}", told.err);
    let after: Vec<_> = place.all().into_iter().filter(|path| path != "r").collect();
    assert_eq!(after, before);
}

#[test]
fn a_run_without_a_key_says_that_nothing_will_match() {
    let place = Place::new();
    let told = place.run(&["deid", "in", "--out", "out"]);
    assert!(told.err.contains("key: fresh for this run"), "{}", told.err);
    let told = place.run(&["deid", "in", "--out", "out", "--key-file", "key"]);
    assert!(!told.err.contains("key:"), "{}", told.err);
    assert_eq!(place.run(&["deid", "in", "--out", "out", "-q"]).err, "");
}

#[test]
fn a_broken_profile_is_told_once_and_in_colour() {
    let place = Place::new();
    fs::write(place.at("p.yaml"), "samar: 1\nname: p\nextends: basci\n").unwrap();
    let mut args = vec!["deid", "in", "--out", "out", "--profile", "p.yaml"];
    let plain = place.run(&args);
    assert_eq!((plain.code, plain.err.matches("error:").count()), (2, 1));
    args.extend(["--color", "always"]);
    let told = place.run(&args);
    assert_eq!(told.code, 2);
    for colored in ["\x1b[31merror:\x1b[0m", "\x1b[32mhelp:\x1b[0m"] {
        assert_eq!(told.err.matches(colored).count(), 1, "{}", told.err);
    }
    assert!(!place.at("out").exists());
}

#[test]
fn nobody_listening_is_no_reason_to_fail() {
    let place = Place::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = place
        .command(&["deid", "in", "--out", "out", "-vvv"])
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_full_disk_under_the_report_is_told() {
    let place = Place::new();
    let told = place.run(&["deid", "in", "--out", "out", "--report", "/dev/full"]);
    assert_ne!(told.code, 0);
    assert!(told.err.contains("report"), "{}", told.err);
}
