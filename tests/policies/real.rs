//! The policies on real files, where a corpus is at hand, and by the command line.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use dicom_object::InMemDicomObject;

use super::build::{clean_with, items, listing, open, value};
use super::{NAMES, deidentifier, folder};

/// The corpus, or `None` with the reason printed.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("SAMAR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let files = named.unwrap_or(beside).join("corpus/files");
    if files.is_dir() {
        return Some(files);
    }
    println!("skipped: no corpus (set SAMAR_SHARED)");
    None
}

/// A real file before and after; `None` where it is not here.
#[track_caller]
fn real(name: &str, file: &str) -> Option<(InMemDicomObject, InMemDicomObject)> {
    let Ok(bytes) = fs::read(corpus()?.join(file)) else {
        println!("skipped: {file} is not here");
        return None;
    };
    match clean_with(&deidentifier(name), &bytes) {
        Ok(cleaned) => Some((open(&bytes), open(&cleaned.bytes))),
        Err(refusal) => panic!("{name} withholds {file}: {refusal}"),
    }
}

/// Whether an attribute is the same before and after, and there.
#[track_caller]
fn kept(before: &InMemDicomObject, after: &InMemDicomObject, tag: u32) {
    let old = value(before, tag);
    assert!(old.is_some(), "{tag:08X} is not in the original");
    assert_eq!(old, value(after, tag), "{tag:08X}");
}

#[test]
fn diffusion_of_three_makers() {
    let below = "neurolabusc+dcm_qa_philips/In/";
    for (file, tags) in [
        (
            format!("{below}Vanderbilt_2018/601_WIP_dti_ax/0017.dcm"),
            &[0x2001_1003, 0x2001_1004, 0x2005_10B0, 0x2005_10B2][..],
        ),
        (
            format!("{below}Magdeburg_2014/fmri/201_EPI_asc_CLEAR_0001_01.dcm"),
            &[0x2001_1003, 0x2005_10B0],
        ),
        (
            "neurolabusc+dcm_qa_nih/In/20180918GE/mr_0005/axial_epi_fmri_sequential_i_to_s-00005.dcm"
                .to_owned(),
            &[0x0043_1039, 0x0019_10BB],
        ),
        (
            "nipy+nibabel/nibabel/nicom/tests/data/0.dcm".to_owned(),
            &[0x0019_100C],
        ),
    ] {
        let Some((before, after)) = real("private-diffusion", &file) else {
            continue;
        };
        for tag in tags {
            kept(&before, &after, *tag);
        }
        for gone in [0x0029_1010, 0x0029_1020] {
            assert!(value(&after, gone).is_none(), "a header of {file}");
        }
    }
}

#[test]
fn a_structure_set_and_a_plan() {
    let varian = "hdclark+DICOMautomaton/artifacts/test_files/20200212_Aria_v13.6.5.10_registered_explicit.txz/\
                  20200212_Aria_v13.6.5.10_registered_explicit/\
                  RS.1.2.246.352.71.4.678578880832.1900160.20200212105351.dcm";
    if let Some((before, after)) = real("radiotherapy", varian) {
        let names = |object| {
            let rois = items(object, 0x3006_0020);
            let names: Vec<_> = rois.iter().map(|roi| value(roi, 0x3006_0026)).collect();
            names
        };
        assert_eq!(
            names(&before),
            names(&after),
            "none ends in somebody's initials"
        );
        assert_ne!(value(&before, 0x0008_0018), value(&after, 0x0008_0018));
    }
    let plan = "pydicom+pydicom/src/pydicom/data/test_files/rtplan.dcm";
    let Some(plan) = corpus().and_then(|files| fs::read(files.join(plan)).ok()) else {
        println!("skipped: {plan} is not here");
        return;
    };
    let refusal = clean_with(&deidentifier("radiotherapy"), &plan).unwrap_err();
    assert_eq!(refusal.reason, "unapproved");
}

#[test]
fn images_of_several_modalities() {
    let ct = "pydicom+pydicom/src/pydicom/data/test_files/dicomdirtests/77654033/CT2/17106";
    if let Some((before, after)) = real("per-modality", ct) {
        kept(&before, &after, 0x0018_1210);
        assert_ne!(value(&before, 0x0008_0020), value(&after, 0x0008_0020));
    }
    if let Some((before, after)) = real("tcia-collection", ct) {
        kept(&before, &after, 0x0019_1023);
        kept(&before, &after, 0x0045_1001);
        kept(&before, &after, 0x0008_1090);
    }
    if let Some((before, after)) = real("teaching-file", ct) {
        assert!(
            listing(&before)
                .iter()
                .any(|line| line.ends_with("= 19950903")),
            "the day of the original"
        );
        let told = listing(&after);
        let day = told.iter().find(|line| line.ends_with("= 19950903"));
        assert!(day.is_none(), "{day:?}");
    }
    let pt = "suyashkumar+dicom/testdata/1.dcm";
    if let Some((_, after)) = real("per-modality", pt) {
        let dose = value(&items(&after, 0x0054_0016)[0], 0x0018_1074).unwrap();
        assert!(dose.ends_with("000000"), "{dose}");
    }
}

/// Every policy over all of the corpus: each input has its outcome, and nothing is withheld because verification
/// found what deciding should have taken.
#[test]
fn nothing_that_is_decided_fails_verification() {
    let Some(corpus) = corpus() else { return };
    for name in NAMES {
        let place = Place::new(name);
        let told = place.run(&[&corpus]);
        assert!(matches!(told.code, 0 | 1), "{name}: {}", told.err);
        let reasons = place.reasons();
        assert!(reasons.len() > 100, "{name}");
        let unsure = reasons
            .iter()
            .find(|reason| reason.starts_with("verify-") || *reason == "internal");
        assert!(unsure.is_none(), "{name}: {unsure:?}");
        let written = reasons.iter().filter(|r| r.is_empty()).count();
        println!("{name}: {written} of {} written", reasons.len());
    }
}

/// A folder with a copy of the policies, the subject table closed to others, and a key.
struct Place {
    folder: tempfile::TempDir,
    name: &'static str,
}

struct Told {
    code: i32,
    err: String,
}

impl Place {
    fn new(name: &'static str) -> Place {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            name,
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (from, to) in [
            (folder(), "tests/policies"),
            (root.join("profiles"), "profiles"),
        ] {
            fs::create_dir_all(place.at(to)).unwrap();
            for entry in fs::read_dir(from).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    continue;
                }
                let copy = place.at(to).join(path.file_name().unwrap());
                fs::copy(&path, &copy).unwrap();
                fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
            }
        }
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the policy with everything that it demands.
    fn run(&self, inputs: &[&Path]) -> Told {
        let key = self.at("tests/policies/ci-gate.key");
        self.run_with(
            inputs,
            &["--key-file", key.to_str().unwrap(), "--report", "run.jsonl"],
        )
    }

    fn run_with(&self, inputs: &[&Path], more: &[&str]) -> Told {
        let policy = self.at("tests/policies").join(self.name);
        let output = Command::new(env!("CARGO_BIN_EXE_samar"))
            .arg("deid")
            .args(inputs)
            .args(["--quiet", "--out", "out", "--profile"])
            .arg(policy.with_extension("yaml"))
            .args(more)
            .current_dir(self.folder.path())
            .env_remove("SAMAR_KEY_FILE")
            .output()
            .unwrap();
        Told {
            code: output.status.code().expect("an exit code, not a signal"),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The report's lines.
    fn report(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.at("run.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The reason of every input, empty for what was written.
    fn reasons(&self) -> Vec<String> {
        let lines = self.report();
        let inputs = lines.iter().filter(|line| line.get("outcome").is_some());
        inputs
            .map(|line| line["reason"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// One instance as `in.dcm`.
    fn put(&self, data: &super::DataSet) -> PathBuf {
        let path = self.at("in.dcm");
        let bytes = data.file(samar::dicom::Encoding::EXPLICIT_LE);
        fs::write(&path, bytes).unwrap();
        path
    }
}

#[test]
fn the_trial_writes_below_its_site() {
    let place = Place::new("ctp-trial");
    let input = place.put(&super::ct());
    assert_eq!(place.run(&[&input]).code, 0);
    assert!(
        place
            .at("out/thorax-rt-0412/site-017/TRT-017-0001")
            .is_dir()
    );
    let lines = place.report();
    assert!(
        lines.iter().any(|line| line["sha256"].is_string()),
        "the profile asks for sums: {lines:?}"
    );

    let table = place.at("tests/policies/ctp-trial-subjects.csv");
    fs::set_permissions(&table, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(place.run(&[&input]).code, 2, "everyone can read the table");
}

#[test]
fn the_gate_demands_its_key_and_a_report() {
    let place = Place::new("ci-gate");
    let input = place.put(&super::ct());
    let key = place.at("tests/policies/ci-gate.key");
    let key = key.to_str().unwrap();
    assert_eq!(place.run(&[&input]).code, 0);
    for lacking in [
        &["--key-file", key][..],
        &["--report", "other.jsonl"],
        &["--report", "other.jsonl", "--key-file", "other.key"],
    ] {
        if lacking.contains(&"other.key") {
            let made = Command::new(env!("CARGO_BIN_EXE_samar"))
                .args(["key", "new", "--out", "other.key"])
                .current_dir(place.folder.path())
                .output();
            assert!(made.unwrap().status.success());
        }
        let told = place.run_with(&[&input], lacking);
        assert_eq!(told.code, 2, "{lacking:?}");
        assert!(!told.err.is_empty());
    }
}
