//! What the documents say against what the program does.

use std::path::Path;
use std::process::Command;

use samar::deid::action::Action;
use samar::exit::Exit;
use samar::profile::{self, Fact, RuleAction, Verdict};
use samar::standard::annex_e::{self, Code};
use samar::standard::iod_types::Type;

const README: &str = include_str!("../README.md");
const GUIDE: &str = include_str!("../docs/profile-guide.md");
const CONFORMANCE: &str = include_str!("../docs/conformance.md");
const SECURITY: &str = include_str!("../SECURITY.md");

/// The fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let start = format!("```{language}\n");
    text.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

#[test]
fn profiles_in_the_documents_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut count = 0;
    for text in [README, GUIDE]
        .into_iter()
        .flat_map(|text| blocks(text, "yaml"))
    {
        let path = folder.path().join("profile.yaml");
        std::fs::write(&path, text).expect("a file");
        if let Err(problems) = profile::load(path.to_str().expect("a path")) {
            panic!("{problems}\nin:\n{text}");
        }
        count += 1;
    }
    assert!(count >= 4, "the examples are not where they were");
}

#[test]
fn the_guide_explains_every_word() {
    let actions = RuleAction::WORDS.iter().copied();
    let verdicts = Verdict::ALL.iter().map(|(word, _)| *word);
    let facts = Fact::ALL.iter().map(|(word, _)| *word);
    for word in actions.chain(verdicts).chain(facts) {
        // An action with parameters stands there as `{mask: ...}`.
        let forms = [
            format!("`{word}`"),
            format!("`{{{word}: "),
            format!("`{word}.NAME`"),
        ];
        assert!(forms.iter().any(|form| GUIDE.contains(form)), "{word}");
    }
    let base = format!("basic@{}", profile::EDITION);
    assert!(GUIDE.contains(&base) && CONFORMANCE.contains(annex_e::EDITION));
    assert!(CONFORMANCE.contains(&format!("all {} rows", annex_e::ROWS)));
}

#[test]
fn the_table_of_exit_codes_is_complete() {
    for exit in [
        Exit::Clean,
        Exit::Attention,
        Exit::Usage,
        Exit::Incomplete,
        Exit::Interrupted,
    ] {
        assert!(
            README.contains(&format!("\n| {} | ", exit.code())),
            "{exit:?}"
        );
    }
}

#[test]
fn the_first_run_ends_as_the_readme_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(env!("CARGO_BIN_EXE_samar"))
        .arg("deid")
        .arg(root.join("test-data/studies"))
        .arg("--out")
        .arg(folder.path().join("out"))
        .arg("--report")
        .arg(folder.path().join("run.jsonl"))
        .env_remove("SAMAR_KEY_FILE")
        .output()
        .expect("samar runs");
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8(run.stderr).expect("text");
    let shown = blocks(README, "text")[0];
    for line in shown.lines().skip(1) {
        assert!(said.lines().any(|other| other == line), "{line}\n{said}");
    }
    let inputs = |text: &str| text.split(',').next().map(str::to_owned);
    assert_eq!(inputs(shown), inputs(&said));
}

/// What a verb prints on standard output.
fn printed(args: &[&str], folder: &Path) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_samar"))
        .args(args)
        .current_dir(folder)
        .env_remove("SAMAR_KEY_FILE")
        .output()
        .expect("samar runs");
    String::from_utf8(run.stdout).expect("text")
}

/// Every line of the README's sample that holds this text stands in what was printed, in this order.
#[track_caller]
fn shows(marker: &str, printed: &str) {
    let samples = blocks(README, "text");
    let sample = samples.iter().find(|sample| sample.contains(marker));
    let mut lines = printed.lines();
    let mut count = 0;
    for line in sample
        .expect("a sample")
        .lines()
        .filter(|line| *line != "…")
    {
        assert!(lines.any(|other| other == line), "{line}\n{printed}");
        count += 1;
    }
    assert!(count > 5);
}

#[test]
fn the_tools_print_what_the_readme_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("our-site.yaml"),
        blocks(README, "yaml")[0],
    )
    .expect("a file");
    let linted = printed(&["profile", "lint", "our-site.yaml"], folder.path());
    shows("different from Table E.1-1", &linted);
    let file = "test-data/studies/SANTOSO_BUDI/CT_THORAX/1.dcm";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let explained = printed(&["explain", file, "--profile", "research"], root);
    shows("would be written, with", &explained);
}

#[test]
fn what_the_documents_link_to_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = [
        (README, "."),
        (SECURITY, "."),
        (GUIDE, "docs"),
        (CONFORMANCE, "docs"),
    ];
    let mut links = 0;
    for (text, folder) in documents {
        for rest in text.split("](").skip(1) {
            let link = rest.split(')').next().unwrap_or_default();
            // A place on a page.
            let link = link.split('#').next().unwrap_or_default();
            if !link.is_empty() && !link.contains("://") {
                assert!(root.join(folder).join(link).exists(), "{link}");
                links += 1;
            }
        }
    }
    assert!(links > 20, "the links are not where they were");
}

#[test]
fn the_table_of_codes_is_what_the_policy_does() {
    let mut rows = 0;
    for row in CONFORMANCE.lines() {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [codes, three, two, one] = cells[..] else {
            continue;
        };
        let codes: Vec<Code> = codes.split(", ").filter_map(Code::parse).collect();
        for code in codes {
            let told = [(Type::Three, three), (Type::Two, two), (Type::One, one)];
            for (kind, told) in told {
                let done = match code.resolve(kind) {
                    Action::Remove => "removed",
                    Action::Empty => "emptied",
                    Action::Dummy => "dummy",
                    Action::Uid => "replaced",
                };
                assert!(told.contains(done), "{code:?} {kind:?}: {told}, not {done}");
            }
            rows += 1;
        }
    }
    assert_eq!(rows, 9);
}
