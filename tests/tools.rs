//! The tools over the profile language: what they say against what the engine does.

#![allow(clippy::unwrap_used)]

#[path = "build/mod.rs"]
mod build;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use samar::deid::Deidentifier;
use samar::deid::explain::{Explained, Fate};
use samar::dicom::tape::Flags;
use samar::dicom::{Limits, Tag, Vr};
use samar::profile::lint::lint;
use samar::profile::{BUILT_IN, Profile, Severity, load, statement};
use samar::pseudonym::Key;
use samar::standard::annex_e::{self, Decision};
use samar::standard::methods::{OptionSet, ProfileOption};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn profile(text: &str) -> Profile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.yaml");
    std::fs::write(&path, text).unwrap();
    load(path.to_str().unwrap()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn with_options(options: &[ProfileOption]) -> Profile {
    let names: Vec<&str> = options.iter().map(|option| option.name()).collect();
    let names = names.join(", ");
    profile(&format!(
        "samar: 1\nname: test\nbase: basic@2026d\noptions: [{names}]\n"
    ))
}

fn deidentifier(profile: Profile) -> Deidentifier {
    let key = Key::from_bytes([7; 32]);
    Deidentifier::new(profile, &key, Limits::default(), None).unwrap()
}

fn explain(deidentifier: &Deidentifier, file: &[u8]) -> Vec<Explained> {
    let instance = build::read(file).unwrap();
    deidentifier.explain(&instance).unwrap().elements
}

fn of(elements: &[Explained], tag: u32) -> &Explained {
    elements
        .iter()
        .find(|element| element.tag == Tag(tag))
        .unwrap()
}

/// The codes that a file claims.
fn method_codes(file: &[u8]) -> Vec<String> {
    let items = build::items(&build::open(file), 0x0012_0064);
    let code = |item| build::value(item, 0x0008_0100).unwrap();
    items.iter().map(code).collect()
}

/// Every DICOM file of the test data that is an instance.
fn files() -> Vec<PathBuf> {
    fn find(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                find(&path, files);
            } else if path.extension().is_some_and(|ending| ending == "dcm") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    find(&root().join("test-data/studies"), &mut files);
    files.sort();
    assert!(files.len() > 10, "the test data is not where it was");
    files
}

#[test]
fn lint_tells_every_row_as_the_table_has_it() {
    let mut sets: Vec<Vec<ProfileOption>> = ProfileOption::TABLE.iter().map(|o| vec![*o]).collect();
    sets.push(Vec::new());
    sets.push(vec![
        ProfileOption::RetainFullDates,
        ProfileOption::CleanDescriptors,
    ]);
    sets.push(vec![
        ProfileOption::RetainPatientCharacteristics,
        ProfileOption::CleanDescriptors,
    ]);
    for options in sets {
        let on: OptionSet = options.iter().copied().collect();
        let linted = lint(&with_options(&options));
        assert_eq!(linted.rows.len(), annex_e::ROWS);
        for (line, row) in linted.rows.iter().zip(annex_e::rows()) {
            // Bitmaps and curves go whatever the options say.
            let goes = matches!(row.tag.group() >> 8, 0x50 | 0x60);
            let wanted = match row.decide(on) {
                Decision::Keep if !goes => "K",
                Decision::Clean if !goes => "C",
                _ => row.basic.text(),
            };
            assert_eq!(line.here, wanted, "{} {options:?}", line.tag);
            assert_eq!(line.differs, wanted == "K" || wanted == "C");
            assert_eq!(line.differs, !line.by.is_empty());
        }
        let private = linted.rows.last().unwrap();
        assert_eq!(
            private.differs,
            on.contains(ProfileOption::RetainSafePrivate)
        );
        let methods: Vec<&str> = linted.methods.iter().map(|method| method.code).collect();
        let wanted = options.iter().map(|option| option.method().code);
        let mut wanted: Vec<&str> = std::iter::once("113100").chain(wanted).collect();
        wanted[1..].sort_by_key(|code| methods.iter().position(|other| other == code));
        assert_eq!(methods, wanted);
    }
}

#[test]
fn built_in_profiles_lint_without_warnings() {
    for (name, text) in BUILT_IN {
        let linted = lint(&load(name).unwrap());
        let worst = linted.remarks.0.iter().map(|remark| remark.severity).max();
        assert!(
            worst < Some(Severity::Warning),
            "{name}: {}",
            linted.remarks
        );
        assert!(
            linted.methods.iter().any(|method| method.code == "113100"),
            "{name}"
        );
        assert!(samar::profile::summary(text).is_some_and(|summary| summary.len() > 20));
    }
    assert_eq!(lint(&load("basic").unwrap()).differing().count(), 3);
}

#[test]
fn an_option_that_a_rule_undoes_is_warned_of() {
    let institution = with_options(&[ProfileOption::RetainInstitutionIdentity]);
    let linted = lint(&institution);
    let names: Vec<&str> = linted.differing().map(|line| line.name.as_str()).collect();
    let text = |names: &[&str]| {
        format!(
            "samar: 1\nname: test\nbase: basic@2026d\noptions: [retain-institution-identity]\nrules:\n  - {{id: all, match: [{}], do: remove, because: no places}}\n",
            names.join(", ")
        )
    };
    let worst = |names: &[&str]| {
        let linted = lint(&profile(&text(names)));
        linted.remarks.0.iter().map(|remark| remark.severity).max()
    };
    assert_eq!(worst(&names), Some(Severity::Warning));
    assert_eq!(worst(&names[..2]), Some(Severity::Note));
}

#[test]
fn lint_names_what_the_table_does_not_list() {
    let lines = |rule: &str| -> Vec<String> {
        let text = format!(
            "samar: 1\nname: test\nbase: basic@2026d\nrules:\n  - {{id: a, {rule}, because: agreed}}\n"
        );
        let linted = lint(&profile(&text));
        let rows = linted
            .rows
            .iter()
            .filter(|line| line.by.contains(&"rule a".to_owned()));
        let lines = rows.chain(&linted.beyond);
        lines
            .map(|line| format!("{} {}: {}", line.tag, line.name, line.here))
            .collect()
    };
    assert_eq!(
        lines("match: private, do: keep"),
        ["(gggg,eeee) odd private elements: keep private, else X"]
    );
    assert_eq!(
        lines("match: 'vr:UN & !SelectorUNValue', do: keep"),
        ["(gggg,eeee) even what PS3.6 does not list: keep vr:UN & !SelectorUNValue, else remove"]
    );
    assert_eq!(
        lines("match: '(0018,FFF0)', do: keep"),
        ["(gggg,eeee) even what PS3.6 does not list: keep (0018,FFF0), else remove"]
    );
    assert_eq!(lines("match: '(0018,FFF0)', do: remove"), [""; 0]);
    for line in lines("match: '[vr:UN, vr:UL]', do: keep") {
        assert!(
            !line.starts_with("(0000,") && !line.starts_with("(FFFE,"),
            "{line}"
        );
    }
}

#[test]
fn an_explanation_says_what_a_run_does() {
    let blanking = "samar: 1\nname: test\nextends: basic\noptions: [clean-pixel-data]\npixels:\n  \
        - {id: all, when: exists(Rows), regions: [[0, 0, 50%, 2]], because: x}\n";
    let built_in = BUILT_IN
        .iter()
        .map(|(name, _)| (*name, load(name).unwrap()));
    for (name, profile) in built_in.chain([("blanking", profile(blanking))]) {
        let deidentifier = deidentifier(profile);
        let mut written = 0;
        for path in files() {
            let file = std::fs::read(&path).unwrap();
            let explained = deidentifier.explain(&build::read(&file).unwrap()).unwrap();
            let cleaned = build::clean_with(&deidentifier, &file);
            assert_eq!(
                explained.refusal.is_none(),
                cleaned.is_ok(),
                "{name} {}",
                path.display()
            );
            let Ok(cleaned) = cleaned else { continue };
            let redacted = explained.image.map(|image| image.redacted);
            let redacted = redacted.unwrap_or_default();
            assert_eq!(&redacted, cleaned.verified.redacted(), "{}", path.display());
            let codes: Vec<_> = explained
                .methods
                .iter()
                .map(|m| m.code.to_owned())
                .collect();
            assert_eq!(
                codes,
                method_codes(&cleaned.bytes),
                "{name} {}",
                path.display()
            );
            let output = build::read(&cleaned.bytes).unwrap();
            let input = build::read(&file).unwrap();
            let mut kept: BTreeMap<Tag, &Explained> = BTreeMap::new();
            for element in explained
                .elements
                .iter()
                .filter(|element| element.level == 0)
            {
                let place = format!("{name} {} {}", path.display(), element.tag);
                let found = output.tape.find(element.tag);
                if element.fate == Fate::Removed {
                    assert!(found.is_none(), "{place}");
                    continue;
                }
                let found = found.unwrap_or_else(|| panic!("{place} is not there"));
                kept.insert(element.tag, element);
                if found.flags.has(Flags::CONTAINER) || found.flags.has(Flags::BULK) {
                    continue;
                }
                let new = output.tape.value(found);
                let old = input.tape.find_value(element.tag).unwrap();
                match element.fate {
                    Fate::Emptied => assert!(new.is_empty() && !old.is_empty(), "{place}"),
                    Fate::Kept => assert_eq!(new, old, "{place}"),
                    _ => assert_ne!(new, old, "{place}"),
                }
            }
            // Only samar's own markers come on top.
            for (_, element) in output.tape.top_level() {
                let stamp = matches!(element.tag.0, 0x0012_0062..=0x0012_0064 | 0x0028_0303)
                    || redacted.is_blanked() && matches!(element.tag.0, 0x0008_2111 | 0x0028_0301);
                assert!(
                    stamp || kept.contains_key(&element.tag),
                    "{name} {}",
                    element.tag
                );
            }
            written += 1;
        }
        assert!(written > 8, "{name}: {written}");
    }
}

#[test]
fn shadows_are_the_rules_that_would_have_decided() {
    let rules = "samar: 1\nname: test\nextends: basic\noptions: [retain-modified-dates]\nrules:\n  \
        - {id: mr, match: StudyDate, when: Modality == \"MR\", do: remove, because: x}\n  \
        - {id: ct, match: StudyDate, when: Modality == \"CT\", do: empty, because: x}\n  \
        - {id: inside, match: 'ReferencedStudySequence[*].StudyDate', do: remove, because: x}\n  \
        - {id: mr-too, match: 'vr:DA', when: Modality == \"MR\", do: remove, because: x}\n  \
        - {id: all, match: 'vr:DA', do: remove, because: x}\n";
    let deidentifier = deidentifier(profile(rules));
    let file = build::ct()
        .with(build::text(0x0008_0030, Vr::TM, "101112"))
        .file(samar::dicom::Encoding::EXPLICIT_LE);
    let elements = explain(&deidentifier, &file);
    let date = of(&elements, 0x0008_0020);
    assert_eq!((date.by.as_str(), date.fate), ("rule ct", Fate::Emptied));
    assert_eq!(
        date.shadowed,
        [
            "rule all",
            "retain-modified-dates C",
            "Table E.1-1 Z, Type 2 here"
        ]
    );
    assert!(date.is_chosen);
    let time = of(&elements, 0x0008_0030);
    assert_eq!(time.by, "retain-modified-dates C");
    assert_eq!(time.shadowed, ["Table E.1-1 Z, Type 2 here"]);
    let name = of(&elements, 0x0010_0010);
    assert_eq!(
        (name.by.as_str(), name.fate),
        ("rule patient-name", Fate::Replaced)
    );
}

#[test]
fn private_elements_are_told_by_their_creator() {
    let rules = "samar: 1\nname: test\nextends: basic\noptions: [retain-safe-private]\nrules:\n  \
        - {id: mine, match: '(0019,{ACME 1.1},01)', do: keep, because: x}\n  \
        - {id: theirs, match: '(0019,{OTHER},xx)', do: keep, because: x}\n  \
        - {id: all, match: '(0019,{ACME 1.1},xx)', do: remove, because: x}\n";
    let deidentifier = deidentifier(profile(rules));
    let file = build::ct()
        .with(build::text(0x0019_0010, Vr::LO, "Acme  1.1"))
        .with(build::text(0x0019_1001, Vr::DS, "1.5"))
        .with(build::text(0x0019_1002, Vr::DS, "2.5"))
        .with(build::text(0x0043_0010, Vr::LO, "GEMS_PARM_01"))
        .with(build::text(0x0043_1027, Vr::SH, "1.0:1"))
        .with(build::text(0x0043_10FE, Vr::SH, "nobody"))
        .file(samar::dicom::Encoding::EXPLICIT_LE);
    let elements = explain(&deidentifier, &file);
    let told = |tag| {
        let element = of(&elements, tag);
        (
            element.fate,
            element.by.as_str(),
            element.shadowed.join("; "),
        )
    };
    let x = "Table E.1-1 X".to_owned();
    assert_eq!(
        told(0x0019_0010),
        (Fate::Kept, "creator of what stays", String::new())
    );
    assert_eq!(
        told(0x0019_1001),
        (Fate::Kept, "rule mine", format!("rule all; {x}"))
    );
    assert_eq!(told(0x0019_1002), (Fate::Removed, "rule all", x.clone()));
    assert_eq!(
        told(0x0043_1027),
        (Fate::Kept, "retain-safe-private, Table E.3.10-1", x)
    );
    assert_eq!(
        told(0x0043_10FE),
        (Fate::Removed, "Table E.1-1 X, private", String::new())
    );
}

#[test]
fn nothing_of_the_file_is_printed_unasked() {
    let path = root().join("test-data/studies/WIJAYA SRI 19621107/mr-private.dcm");
    let run = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_samar"))
            .args(["explain", "--profile", "research", "-v", "--all"])
            .arg(&path)
            .args(more)
            .env_remove("SAMAR_KEY_FILE")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        let said = [output.stdout, output.stderr].concat();
        String::from_utf8(said).unwrap()
    };
    let shown = run(&["--show-phi"]);
    let hidden = run(&[]);
    let input = std::fs::read(&path).unwrap();
    let input = build::read(&input).unwrap();
    let mut values = 0;
    for (_, element) in input
        .tape
        .top_level()
        .filter(|(_, element)| element.vr.is_text())
    {
        let value = String::from_utf8_lossy(input.tape.value(element))
            .trim_end()
            .to_owned();
        // Shorter ones are words that the page itself has.
        if value.len() >= 6 && !value.contains('\0') && value != "ORIGINAL" {
            assert!(!hidden.contains(&value), "{}", element.tag);
            values += usize::from(shown.contains(&value));
        }
    }
    assert!(values > 15, "{values}");
    assert!(!hidden.contains("WIJAYA") && !hidden.contains("mr-private"));
}

#[test]
fn a_statement_tells_every_row_and_every_code() {
    for (name, _) in BUILT_IN {
        let profile = load(name).unwrap();
        let text = statement::of(&profile);
        let linted = lint(&profile);
        for line in &linted.rows {
            let cells = format!("| {} | {} |", line.tag, line.name);
            assert_eq!(text.matches(&cells).count(), 1, "{name}: {cells}");
        }
        for method in &linted.methods {
            assert!(
                text.contains(&format!("| {} | yes |", method.code)),
                "{name}"
            );
        }
        for rule in &profile.accept {
            assert!(text.contains(&rule.because), "{name}: {}", rule.id);
        }
        assert!(text.contains(&profile.digest()));
        let on = |option| profile.options.contains(option);
        let dates = on(ProfileOption::RetainModifiedDates);
        assert_eq!(
            text.contains("One number of days per patient"),
            dates,
            "{name}"
        );
        assert_eq!(
            text.contains("Table E.3.10-1"),
            on(ProfileOption::RetainSafePrivate),
            "{name}"
        );
        assert_eq!(
            text.contains("All private elements are removed."),
            !on(ProfileOption::RetainSafePrivate)
        );
        assert_eq!(
            text.contains("Text is cleaned"),
            on(ProfileOption::CleanDescriptors)
        );
        assert_eq!(
            text.contains("refuses a run without a key"),
            profile.keys.required
        );
        // A table that breaks apart would say less than it seems to.
        for line in text.lines().filter(|line| line.starts_with('|')) {
            assert!(line.ends_with('|'), "{line}");
        }
    }
}

#[test]
fn a_statement_does_not_claim_what_a_rule_breaks() {
    let text = statement::of(
        &load(
            root()
                .join("tests/cmd/weaker-profile.yaml")
                .to_str()
                .unwrap(),
        )
        .unwrap(),
    );
    assert!(
        text.contains("| 113100 | no: `sex`, `age`, `year`, `gems` leaves more than it allows |")
    );
    assert!(text.contains("absent: no code is true of this profile"));
    assert!(text.contains("`MODIFIED` where a date was moved or cut"));
    assert!(!text.contains("All private elements are removed."));
    assert!(text.contains("(0043,{GEMS_PARM_01},6F)"));
}

#[test]
fn what_is_done_to_pixels_is_told_before_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile.yaml");
    std::fs::write(
        &profile,
        "samar: 1\nname: test\nextends: basic\noptions: [clean-pixel-data]\npixels:\n  \
         - {id: banner, when: Modality == \"US\", regions: [[0, 0, 100%, 10%], [12, 15, 4, 1]], because: name}\n  \
         - {id: tall, when: Modality == \"US\" and Rows > 999, regions: [[0, 0, 1, 1]], because: name}\n",
    )
    .unwrap();
    let samar = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_samar"))
            .args(arguments)
            .arg("--profile")
            .arg(&profile)
            .arg("--text-model")
            .arg(root().join("tests/models/strokes.onnx"))
            .env_remove("SAMAR_KEY_FILE")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0));
        [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap())
    };
    let file = root().join("test-data/studies/ultrasound.dcm");
    let file = file.to_str().unwrap();
    let [page, _] = samar(&["explain", file]);
    let about_pixels: Vec<&str> = page.split("\n\n").take(3).collect();
    insta::assert_snapshot!(about_pixels.join("\n\n"), @r#"
    UltrasoundImageStorage, ExplicitVRLittleEndian, profile test
    would be written, with 113100, 113101

    rules on pixels
      yes blank banner: name
            yes Modality == "US"
      others that do not match: 1, see `-v`

    pixels, 192 x 144
      2,884 of 27,648 pixels of each frame become what displays as black; frames: 1
      banner: [0, 0, 192, 15], [12, 15, 4, 1]
      text: searched, `redact`; frames: 1
        none found
        other places that may be text: 1
      BurnedInAnnotation becomes `NO`, value 1 of ImageType `DERIVED`, DerivationDescription
      `Regions with burned-in text were blanked`
    "#);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (out, report) = (at("out"), at("report"));
    let [_, closing] = samar(&["deid", file, "--out", &out, "--report", &report]);
    assert!(
        closing.contains("\n  instances with regions blanked 1\n"),
        "{closing}"
    );
    let report = std::fs::read_to_string(report).unwrap();
    let lines: Vec<serde_json::Value> = report
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told = [&lines[1]["pixels"], &lines[2]["totals"]["pixels"]];
    insta::assert_snapshot!(told.map(ToString::to_string).join("\n"), @r#"
    {"blanked":2884,"frames":1,"rules":["banner"]}
    {"blanked":1,"cleared_bits":0,"recoded":0,"stripped":0}
    "#);
}

#[test]
fn a_profile_that_blanks_without_the_option_is_told_so() {
    let rules =
        "pixels:\n  - {id: us, when: Modality == \"US\", regions: [[0, 0, 9, 9]], because: x}\n";
    let unstated = profile(&format!("samar: 1\nname: test\nextends: basic\n{rules}"));
    let stated = profile(&format!(
        "samar: 1\nname: test\nextends: basic\noptions: [clean-pixel-data]\n{rules}"
    ));
    let told = |profile: &Profile| {
        let remarks = lint(profile).remarks.0;
        let mut remarks = remarks.iter();
        remarks.any(|r| {
            r.severity == Severity::Note
                && r.message == "regions are blanked, but 113101 is not stated"
                && r.place.is_some()
        })
    };
    assert!(told(&unstated) && !told(&stated));
    let stated = statement::of(&stated);
    assert!(
        stated.contains("those in which regions were blanked"),
        "{stated}"
    );
    assert!(stated.contains("It carries 113101."), "{stated}");
    assert!(statement::of(&unstated).contains("113101 is not stated"));
}
