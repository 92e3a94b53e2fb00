//! Whole runs with a stand-in for the engine, which does what the input's text says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::*;
use crate::deid::Fate;
use crate::dicom::ReadAt as _;
use crate::pseudonym::Key;
use crate::report::jsonl::{Header, OptionsShown};
use crate::sink::testing::verified;
use crate::sink::{Options, SinkError};
use crate::verify::Part;

/// `write N ...` gives instance N, which holds the whole text; anything else is refused or worse.
fn engine(source: &Source, _: &mut Scratch) -> Result<Verified, Refusal> {
    let mut bytes = vec![0; source.len() as usize];
    source.read_at(&mut bytes, 0).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split_whitespace();
    match (words.next(), words.next()) {
        (Some("write"), Some(instance)) => {
            let parts = vec![
                Part::Memory(0..4),
                Part::Source {
                    offset: 0,
                    len: source.len(),
                },
            ];
            Ok(verified(instance, b"HEAD", parts))
        }
        // Pixels that were read by themselves, after the header.
        (Some("spool"), Some(instance)) => {
            let len = source.len();
            let parts = vec![Part::Memory(0..4), Part::Spool { offset: 0, len }];
            Ok(verified(instance, b"HEAD", parts).with_spool(Source::Memory(bytes.clone())))
        }
        (Some("panic"), _) => panic!("Doe^John"),
        (Some("reject"), _) => Err(Refusal::new(Fate::Rejected, "rule", "not wanted")),
        (Some("fail"), _) => Err(Refusal::new(Fate::Failed, "io-error", "no")),
        (Some("quarantine"), _) => Err(Refusal::quarantine("truncated", "ends early")),
        _ => Err(Refusal::new(Fate::NotDicom, "not-dicom", "something else")),
    }
}

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Place {
        let place = Place {
            dir: tempfile::tempdir().unwrap(),
        };
        for (name, text) in files {
            place.input(name, text);
        }
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn input(&self, name: &str, text: &str) {
        let path = self.at("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs over the given inputs with a report, a mapping and a quarantine named after `name`.
    fn run(
        &self,
        name: &str,
        inputs: &[&str],
        jobs: usize,
        engine: &Engine<'_>,
        cancel: &Cancel,
    ) -> Summary {
        let named: Vec<_> = inputs.iter().map(|input| self.at(input)).collect();
        let inputs = Inputs::find(&named).unwrap();
        let header = Header {
            version: "0",
            profile: "basic",
            profile_sha256: String::new(),
            edition: "2026d",
            key_fingerprint: String::new(),
            key_fresh: false,
            text_model: None,
            limits: crate::dicom::Limits::default().into(),
            options: OptionsShown::default(),
        };
        execute(Plan {
            second_reader: None,
            inputs: &inputs,
            engine,
            sink: DirSink::open(&self.at(name).join("out"), Options::default()).unwrap(),
            quarantine: Some(Quarantine::open(&self.at(name).join("quarantine")).unwrap()),
            report: Some(Report::create(&self.at(name).join("report"), &header).unwrap()),
            mapping: Some(Mapping::open(&self.at(name).join("mapping")).unwrap()),
            ids: Ids::new(&Key::from_bytes([1; 32])),
            jobs,
            cancel,
            progress: &Progress::default(),
            watch: &|_, _| {},
        })
        .unwrap()
    }

    fn simple(&self, name: &str, jobs: usize) -> Summary {
        self.run(name, &["in"], jobs, &engine, &Cancel::default())
    }

    /// Everything below a folder: path and contents, times left out of the report.
    fn tree(&self, name: &str) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut folders = vec![self.at(name)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read_to_string(&path).unwrap();
                    let text = text
                        .lines()
                        .map(without_times)
                        .collect::<Vec<_>>()
                        .join("\n");
                    found.push((
                        path.strip_prefix(self.at(name)).unwrap().to_path_buf(),
                        text,
                    ));
                }
            }
        }
        found.sort();
        found
    }

    /// `input outcome reason` of every line of a report.
    fn lines(&self, name: &str) -> Vec<String> {
        let report = fs::read_to_string(self.at(name).join("report")).unwrap();
        let lines = report
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines
            .filter(|line| line["type"] == "input")
            .map(|line| {
                let word = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
                let same = if line["same"] == true { " same" } else { "" };
                format!(
                    "{} {} {}{same}",
                    word("input"),
                    word("outcome"),
                    word("reason")
                )
            })
            .collect()
    }
}

fn without_times(line: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(line) {
        Ok(serde_json::Value::Object(mut fields)) => {
            fields.retain(|name, _| !name.ends_with("_at"));
            serde_json::to_string(&fields).unwrap()
        }
        _ => line.to_owned(),
    }
}

#[test]
fn every_input_has_one_outcome_and_one_line() {
    let place = Place::new(&[
        ("a", "write 1"),
        ("b", "panic"),
        ("c", "reject"),
        ("d", "fail"),
        ("e", "quarantine"),
        ("f", "hello"),
        ("g", "write 1"),
        ("h", "write 1 but otherwise"),
        ("i", "write ../../../escape"),
    ]);
    std::os::unix::fs::symlink("a", place.at("in/j")).unwrap();
    let summary = place.simple("run", 1);
    assert_eq!(
        place.lines("run"),
        [
            "a written -",
            "b quarantined panic",
            "c rejected rule",
            "d failed io-error",
            "e quarantined truncated",
            "f not-dicom not-dicom",
            "g written - same",
            "h quarantined conflict",
            "i failed output-name",
            "j not-dicom link",
        ]
    );
    assert_eq!(summary.exit, Exit::Incomplete);
    assert_eq!(summary.totals.inputs(), 10);
    assert_eq!(summary.totals.same, 1);
    assert_eq!(
        fs::read(place.at("run/out/1/2/3/1.dcm")).unwrap(),
        b"HEADwrite 1"
    );
    assert_eq!(
        fs::read_dir(place.at("run/out")).unwrap().count(),
        1,
        "no staging folder, no escape"
    );
    // Originals of what a person must look at, and of nothing else.
    let mut kept: Vec<_> = fs::read_dir(place.at("run/quarantine"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    kept.sort();
    assert_eq!(kept, ["panic", "quarantine", "write 1 but otherwise"]);
    assert_eq!(
        fs::read_to_string(place.at("run/mapping/uid_mapping.csv")).unwrap(),
        "id_old,id_new\n9.1,1\n"
    );
    let told: String = place
        .tree("run")
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert!(!told.contains("Doe"), "a panic's message is told nowhere");
}

#[test]
fn neither_threads_nor_the_order_of_arguments_show() {
    let place = Place::new(&[]);
    for i in 0..600 {
        let text = match i % 7 {
            // Three claims to each of some identities, two of them alike.
            0..=2 => format!("write {} {}", i / 21, (i / 7) % 2),
            3 => "quarantine".to_owned(),
            4 => "panic".to_owned(),
            // Some take longer than others.
            5 => format!("write {i} {}", "long ".repeat(20_000)),
            _ => format!("write {i}"),
        };
        place.input(&format!("{}/{i}", i % 5), &text);
    }
    place.simple("one", 1);
    let one = place.tree("one");
    assert!(
        place
            .lines("one")
            .iter()
            .any(|line| line.ends_with("conflict"))
    );
    assert!(place.lines("one").iter().any(|line| line.ends_with("same")));
    place.simple("eight", 8);
    assert_eq!(place.tree("eight"), one);
    let shuffled = ["in/3", "in/0", "in/4/12", "in/4", "in/1", "in/2", "in/0"];
    // Named one by one, the inputs still have `in` as their common folder.
    let shuffled = shuffled.map(|name| {
        if name == "in/4/12" && !place.at(name).exists() {
            "in/4"
        } else {
            name
        }
    });
    place.run("shuffled", &shuffled, 3, &engine, &Cancel::default());
    assert_eq!(place.tree("shuffled"), one);
}

#[test]
fn a_second_run_finds_everything_there() {
    let place = Place::new(&[("a", "write 1"), ("b", "write 2"), ("c", "write 2")]);
    assert_eq!(place.simple("run", 2).exit, Exit::Clean);
    assert_eq!(
        place.lines("run"),
        ["a written -", "b written -", "c written - same"]
    );
    let before = fs::metadata(place.at("run/out"))
        .unwrap()
        .modified()
        .unwrap();
    let summary = place.simple("run", 2);
    assert_eq!((summary.exit, summary.totals.same), (Exit::Clean, 3));
    assert_eq!(
        fs::metadata(place.at("run/out"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
}

#[test]
fn an_interrupted_run_completes_what_it_took_and_tells_of_the_rest() {
    let place = Place::new(&[
        ("a", "write 1"),
        ("b", "write 2"),
        ("c", "write 3"),
        ("d", "write 4"),
    ]);
    let cancel = Cancel::default();
    let seen = Mutex::new(0);
    let interrupting = |source: &Source, scratch: &mut Scratch| {
        *seen.lock().unwrap() += 1;
        if *seen.lock().unwrap() == 2 {
            cancel.interrupt();
        }
        engine(source, scratch)
    };
    let summary = place.run("run", &["in"], 1, &interrupting, &cancel);
    assert_eq!(
        place.lines("run"),
        [
            "a written -",
            "b written -",
            "c failed not-started",
            "d failed not-started"
        ]
    );
    assert_eq!(summary.exit.code(), 130);
    let names = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(names(&place.at("run/out")), 1, "no staging folder is left");
    assert_eq!(names(&place.at("run/out/1/2/3")), 2);

    // Going on writes what is missing.
    assert_eq!(place.simple("run", 2).totals.same, 2);
    assert_eq!(names(&place.at("run/out/1/2/3")), 4);
}

#[test]
fn a_signal_that_comes_too_late_is_no_interruption() {
    let place = Place::new(&[("a", "write 1")]);
    let cancel = Cancel::default();
    let interrupting = |source: &Source, scratch: &mut Scratch| {
        cancel.interrupt();
        engine(source, scratch)
    };
    assert_eq!(
        place.run("run", &["in"], 1, &interrupting, &cancel).exit,
        Exit::Clean
    );
}

#[test]
fn an_input_that_vanishes_fails_alone() {
    let place = Place::new(&[("a", "write 1"), ("b", "write 2")]);
    let vanishing = |source: &Source, scratch: &mut Scratch| {
        let _ = fs::remove_file(place.at("in/b"));
        engine(source, scratch)
    };
    let summary = place.run("run", &["in"], 1, &vanishing, &Cancel::default());
    assert_eq!(place.lines("run"), ["a written -", "b failed unreadable"]);
    assert_eq!(summary.exit, Exit::Incomplete);
}

#[test]
fn an_input_that_changes_between_reading_and_copying_fails() {
    let place = Place::new(&[
        ("a", "write 1 ......"),
        ("b", "write 2 ......"),
        ("c", "write 3"),
        ("d", "spool 4 ......"),
    ]);
    // Long ago, so that a change shows in the times of a file system that counts whole seconds.
    let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for name in ["in/a", "in/b", "in/c", "in/d"] {
        let file = fs::File::options()
            .write(true)
            .open(place.at(name))
            .unwrap();
        file.set_modified(past).unwrap();
    }
    let changing = |source: &Source, scratch: &mut Scratch| {
        let made = engine(source, scratch)?;
        if source.len() > 7 {
            // The same length, another patient.
            let path = place.at(match made.identity().instance.as_str() {
                "1" => "in/a",
                "4" => "in/d",
                _ => "in/b",
            });
            fs::write(path, "write 9 Doe^J.").unwrap();
        }
        Ok(made)
    };
    let summary = place.run("run", &["in"], 1, &changing, &Cancel::default());
    assert_eq!(
        place.lines("run"),
        [
            "a failed input-changed",
            "b failed input-changed",
            "c written -",
            "d failed input-changed"
        ]
    );
    assert_eq!(summary.exit, Exit::Incomplete);
    assert_eq!(fs::read_dir(place.at("run/out")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(place.at("run/out/1/2/3")).unwrap().count(), 1);
}

#[test]
fn a_full_disk_ends_the_run() {
    let place = Place::new(&[("a", "write 1"), ("b", "write 2"), ("c", "write 3")]);
    let inputs = Inputs::find(&[place.at("in")]).unwrap();
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let ids = Ids::new(&Key::from_bytes([1; 32]));
    let sink = DirSink::open(&place.at("out"), Options::default()).unwrap();
    let committer = Committer::new(commit::Targets {
        inputs: &inputs,
        sink: &sink,
        quarantine: None,
        ids: &ids,
        cancel: &cancel,
        progress: &progress,
        watch: &|_, _| {},
        report: None,
        mapping: None,
    });
    let full = |kind| Done::failed(SinkError::from_io("write", &io::Error::from(kind)));
    committer.submit(0, full(io::ErrorKind::PermissionDenied));
    assert!(!cancel.is_set(), "one file's trouble is its own");
    committer.submit(2, full(io::ErrorKind::StorageFull));
    assert!(!cancel.is_set(), "not yet its turn");
    committer.submit(1, full(io::ErrorKind::QuotaExceeded));
    assert!(cancel.is_stopped());
    let (summary, ..) = committer.into_parts();
    assert_eq!(
        summary.totals.reasons(Outcome::Failed).collect::<Vec<_>>(),
        [("disk-full", 2), ("io-error", 1)]
    );
}
