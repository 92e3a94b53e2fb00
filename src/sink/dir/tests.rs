//! The output folder against second runs, conflicts, links, shrinking sources and dry runs.

use super::*;
use crate::deid::Identity;
use crate::sink::testing::{in_memory, noise, verified};
use crate::verify::Part;
use std::os::unix::fs::{MetadataExt as _, symlink};

fn sink(out: &Path) -> DirSink {
    DirSink::open(out, Options::default()).unwrap()
}

fn put(sink: &DirSink, file: &Verified) -> Put {
    let staged = sink
        .stage(&Source::Memory(Vec::new()), file, &mut Vec::new())
        .unwrap();
    sink.publish(&staged).unwrap()
}

/// Every path below a folder with inode, length and times: what changes when anything is touched.
fn state(dir: &Path) -> Vec<(std::path::PathBuf, u64, u64, i64, i64)> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .chain([folder.clone()])
        {
            let m = fs::symlink_metadata(&path).unwrap();
            if m.is_dir() && path != folder {
                folders.push(path);
            } else {
                found.push((path, m.ino(), m.len(), m.mtime(), m.mtime_nsec()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_second_run_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let first = sink(&out);
    assert_eq!(put(&first, &in_memory("4", b"abc")), Put::New);
    assert_eq!(put(&first, &in_memory("4", b"abc")), Put::Same);
    first.finish().unwrap();
    assert_eq!(fs::read(out.join("1/2/3/4.dcm")).unwrap(), b"abc");
    let before = state(&out);
    assert_eq!(
        before.len(),
        5,
        "four folders and the file, and no staging folder"
    );

    let second = sink(&out);
    assert_eq!(put(&second, &in_memory("4", b"abc")), Put::Same);
    second.finish().unwrap();
    assert_eq!(state(&out), before);
}

#[test]
fn other_bytes_are_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let first = sink(dir.path());
    assert_eq!(put(&first, &in_memory("4", b"abc")), Put::New);
    assert_eq!(
        put(&first, &in_memory("4", b"abd")),
        Put::Conflict,
        "within one run"
    );
    first.finish().unwrap();
    let second = sink(dir.path());
    assert_eq!(
        put(&second, &in_memory("4", b"abcd")),
        Put::Conflict,
        "against an earlier run"
    );
    assert_eq!(put(&second, &in_memory("5", b"")), Put::New);
    second.finish().unwrap();
    assert_eq!(fs::read(dir.path().join("1/2/3/4.dcm")).unwrap(), b"abc");
}

#[test]
fn a_link_in_the_place_of_a_file_is_not_written_through() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir_all(out.join("1/2/3")).unwrap();
    fs::write(&elsewhere, b"abc").unwrap();
    symlink(&elsewhere, out.join("1/2/3/4.dcm")).unwrap();
    assert_eq!(put(&sink(&out), &in_memory("4", b"abc")), Put::Conflict);
}

#[test]
fn a_source_that_shrinks_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("in");
    let sink = sink(&dir.path().join("out"));
    for (len, have) in [
        (300_000, 299_999),
        (3_000_000, 2_000_000),
        (100, 10),
        (300_000, 0),
    ] {
        fs::write(&path, noise(have)).unwrap();
        let source = Source::from_file(File::open(&path).unwrap()).unwrap();
        let file = verified(
            "4",
            b"head",
            vec![Part::Memory(0..4), Part::Source { offset: 0, len }],
        );
        let error = sink.stage(&source, &file, &mut Vec::new()).unwrap_err();
        assert_eq!(error.reason, "input-changed");
    }
    let staging = sink.staging.get().unwrap();
    assert!(staging.open(&staging.new_file().unwrap().0).is_ok());
    assert!(!dir.path().join("out/1/2/3/4.dcm").exists());
    sink.finish().unwrap();
    assert_eq!(
        state(&dir.path().join("out"))
            .iter()
            .filter(|s| s.0.is_file())
            .count(),
        0
    );
}

#[test]
fn a_dry_run_foretells_and_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let real = sink(&out);
    put(&real, &in_memory("4", b"abc"));
    real.finish().unwrap();
    let before = state(&out);
    let dry = |out: &Path| {
        DirSink::open(
            out,
            Options {
                dry_run: true,
                ..Options::default()
            },
        )
        .unwrap()
    };
    let sink = dry(&out);
    assert_eq!(put(&sink, &in_memory("4", b"abc")), Put::Same);
    assert_eq!(put(&sink, &in_memory("4", b"abd")), Put::Conflict);
    assert_eq!(put(&sink, &in_memory("5", b"1")), Put::New);
    assert_eq!(put(&sink, &in_memory("5", b"1")), Put::Same);
    assert_eq!(put(&sink, &in_memory("5", b"2")), Put::Conflict);
    sink.finish().unwrap();
    assert_eq!(state(&out), before);
    let nowhere = dir.path().join("nowhere");
    assert_eq!(put(&dry(&nowhere), &in_memory("4", b"abc")), Put::New);
    assert!(!nowhere.exists());
}

#[test]
fn an_output_that_is_a_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, b"").unwrap();
    for dry_run in [false, true] {
        for out in [file.clone(), file.join("below")] {
            let error = DirSink::open(
                &out,
                Options {
                    dry_run,
                    ..Options::default()
                },
            )
            .unwrap_err();
            assert!(matches!(error, Error::NotAFolder { .. }), "{error}");
        }
    }
}

#[test]
fn syncing_every_file_changes_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let sink = DirSink::open(
        dir.path(),
        Options {
            fsync: true,
            ..Options::default()
        },
    )
    .unwrap();
    assert_eq!(put(&sink, &in_memory("4", b"abc")), Put::New);
    sink.finish().unwrap();
    assert_eq!(fs::read(dir.path().join("1/2/3/4.dcm")).unwrap(), b"abc");
}

#[test]
fn a_link_or_a_file_in_the_place_of_a_folder_leads_nowhere() {
    for (depth, blocked) in ["1", "1/2", "1/2/3"].into_iter().enumerate() {
        for dry_run in [false, true] {
            for link in [false, true] {
                let dir = tempfile::tempdir().unwrap();
                let (out, elsewhere) = (dir.path().join("out"), dir.path().join("elsewhere"));
                fs::create_dir_all(elsewhere.join("2/3")).unwrap();
                fs::create_dir_all(out.join(blocked).parent().unwrap()).unwrap();
                if link {
                    symlink(&elsewhere, out.join(blocked)).unwrap();
                } else {
                    fs::write(out.join(blocked), b"abc").unwrap();
                }
                let before = state(dir.path());
                let options = Options {
                    dry_run,
                    ..Options::default()
                };
                let sink = DirSink::open(&out, options).unwrap();
                let error = sink
                    .stage(
                        &Source::Memory(Vec::new()),
                        &in_memory("4", b"abc"),
                        &mut Vec::new(),
                    )
                    .unwrap_err();
                assert_eq!((error.reason, error.fatal), ("output-folder", false));
                sink.finish().unwrap();
                assert_eq!(state(dir.path()), before, "{depth} {dry_run} {link}");
            }
        }
    }
}

#[test]
fn more_folders_than_can_be_held_open() {
    let dir = tempfile::tempdir().unwrap();
    let first = sink(dir.path());
    let at = |n: u32| {
        let identity = Identity {
            series: n.to_string(),
            ..in_memory("4", b"").identity().clone()
        };
        Verified::unchecked(b"abc".to_vec(), vec![Part::Memory(0..3)], identity)
    };
    // Staged first and published later, as behind a slow input.
    let staged: Vec<_> = (0..300)
        .map(|n| {
            first
                .stage(&Source::Memory(Vec::new()), &at(n), &mut Vec::new())
                .unwrap()
        })
        .collect();
    for staged in &staged {
        assert_eq!(first.publish(staged).unwrap(), Put::New);
    }
    assert_eq!(put(&first, &at(0)), Put::Same);
    first.finish().unwrap();
    assert_eq!(fs::read_dir(dir.path().join("1/2")).unwrap().count(), 300);
}
