//! The house rules that the compiler does not know: who may use whom, who touches files, who prints, how long a file is.

mod scan;
mod scan_tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scan::{Named, from_root};

/// Who uses whom, from the top down: a module may use only what stands further down, and only what is named here.
///
/// * `cli` reads arguments and shows results; `run` takes inputs through the stages.
/// * `sink` takes what `verify` hands it, and `report` tells what `deid` counted; both know the types, neither decides.
/// * `verify` shares the policy's rows with `deid`, see its module's words on that.
/// * `dicom::tag` and `dicom::vr` are leaves, so that `standard` can speak of tags and VRs while `dicom` looks them up
///   in `standard`.
const TABLE: &[(&str, &[&str])] = &[
    ("main", &["cli", "exit"]),
    (
        "cli",
        &[
            "run",
            "sink",
            "report",
            "preview",
            "verify",
            "deid",
            "profile",
            "pseudonym",
            "input",
            "dicom",
            "error",
            "exit",
        ],
    ),
    (
        "run",
        &[
            "sink",
            "report",
            "verify",
            "deid",
            "profile",
            "input",
            "dicom",
            "pseudonym",
            "error",
            "exit",
        ],
    ),
    ("preview", &["deid", "pixel", "dicom"]),
    ("sink", &["verify", "deid", "profile", "dicom", "error"]),
    ("report", &["deid", "dicom", "error", "exit", "phi"]),
    (
        "verify",
        &[
            "deid",
            "profile",
            "pixel",
            "dicom",
            "standard",
            "dicom::tag",
            "dicom::vr",
        ],
    ),
    (
        "deid",
        &[
            "profile",
            "pseudonym",
            "text",
            "pixel",
            "dicom",
            "standard",
            "dicom::tag",
            "dicom::vr",
            "phi",
        ],
    ),
    (
        "profile",
        &["pseudonym", "text", "standard", "dicom::tag", "dicom::vr"],
    ),
    ("pseudonym", &["dicom", "dicom::vr", "error"]),
    ("pixel", &[]),
    ("text", &[]),
    ("input", &["dicom", "error"]),
    ("dicom", &["standard", "dicom::tag", "dicom::vr"]),
    ("standard", &["dicom::tag", "dicom::vr"]),
    ("dicom::vr", &[]),
    ("dicom::tag", &[]),
    ("error", &["exit"]),
    ("exit", &[]),
    ("phi", &[]),
];

/// Who touches the file system, and what for.
const FILES: &[&str] = &[
    "input",                 // finds and opens what is read
    "sink",                  // writes the output and the quarantine
    "report",                // writes report and mapping
    "pseudonym::key",        // reads and makes key files
    "pseudonym::subjects",   // reads subject tables
    "profile::source",       // reads profiles
    "dicom::source",         // reads at an offset of a file that `input` opened
    "dicom::spool",          // puts frames aside in a file that `sink` opened
    "pixel::render",         // reads back one finished file
    "verify::second_reader", // reads back one finished file
    "cli::signal",           // asks the kernel which signals the caller ignores
];

/// Crates that one place of samar wraps for all others.
const HOMES: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("signal_hook", &["cli::signal"]),
    ("indicatif", &["cli::progress"]),
    ("annotate_snippets", &["profile::diagnostic"]),
    ("saphyr_parser", &["profile::tree"]),
    ("serde_yaml", &["profile::syntax"]),
    ("schemars", &["profile::syntax", "profile::schema"]),
    ("csv", &["report::mapping", "pseudonym::subjects"]),
    ("hkdf", &["pseudonym::key"]),
    // The text cleaner has a module of this name.
    ("time", &["pseudonym::date", "text::identifiers"]),
    ("rayon", &["run", "deid::redact"]),
    ("rten", &["pixel::detect::model"]),
    ("rustix", &["input", "sink"]),
    ("unicode_normalization", &["text"]),
    ("encoding_rs", &["dicom::charset"]),
    ("image", &["preview"]),
    ("jpeg_decoder", &["pixel::codec::unpacked"]),
    ("jpeg2k", &["pixel::codec::jpeg2000"]),
    ("openjph_core", &["pixel::codec::jpeg2000"]),
    ("jxl_oxide", &["pixel::codec::jpeg_xl"]),
    ("zune_jpegxl", &["pixel::codec::jpeg_xl"]),
    ("tempfile", &["sink"]),
    // They load whole files and trust what those claim.
    ("dicom_object", &["pixel::render", "verify::second_reader"]),
    ("dicom_pixeldata", &["pixel::render"]),
];

/// Calls that ask the file system about a path.
const PATH_CALLS: &[&str] = &[
    ".canonicalize()",
    ".exists()",
    ".try_exists()",
    ".is_dir()",
    ".is_file()",
    ".is_symlink()",
    ".read_dir()",
    ".read_link()",
    ".symlink_metadata()",
];

/// Calls that give a standard stream, and macros that print to one.
const STREAMS: &[&str] = &[
    "stdout()",
    "stderr()",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "dbg!",
];

/// The longest file, in lines without tests. A file is one idea; beyond this ask what second idea moved in.
const LONGEST: usize = 400;

/// One file of the product.
#[derive(Debug)]
struct File {
    /// Where it stands below `src`, for messages.
    name: String,
    /// Its module, such as `dicom::walk`; a folder's `mod.rs` is the folder.
    module: Vec<String>,
    code: String,
    paths: Vec<Named>,
}

impl File {
    fn new(name: &str, text: &str) -> (File, Vec<String>) {
        let product = scan::product(text);
        let path = name.trim_end_matches(".rs").trim_end_matches("/mod");
        let file = File {
            name: name.to_owned(),
            module: path.split('/').map(str::to_owned).collect(),
            paths: scan::paths(&product.code),
            code: product.code,
        };
        (file, product.test_modules)
    }

    fn is_in(&self, places: &[&str]) -> bool {
        let module = self.module.join("::");
        places.iter().any(|place| {
            module
                .strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    }

    /// Every line on which one of the calls stands as a word of its own.
    fn calls(&self, calls: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for (number, line) in self.code.lines().enumerate() {
            for call in calls {
                let is_whole = |(at, _): (usize, &str)| {
                    call.starts_with('.')
                        || !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
                };
                if line.match_indices(call).any(is_whole) {
                    found.push(format!("src/{}:{}: `{call}`", self.name, number + 1));
                }
            }
        }
        found
    }
}

/// The row of the table to which a module belongs.
fn node(path: &[String]) -> String {
    match path {
        [first, second, ..] if first == "dicom" && (second == "tag" || second == "Tag") => {
            "dicom::tag".to_owned()
        }
        [first, second, ..] if first == "dicom" && (second == "vr" || second == "Vr") => {
            "dicom::vr".to_owned()
        }
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}

/// What a file uses of the crate's other modules: line, from, to.
fn edges(file: &File) -> Vec<(usize, String, String)> {
    let from = node(&file.module);
    let mut edges = Vec::new();
    for named in &file.paths {
        let to = from_root(&named.path, &file.module).map(|path| node(&path));
        if let Some(to) = to.filter(|to| *to != from && !to.is_empty()) {
            edges.push((named.line, from.clone(), to));
        }
    }
    edges
}

/// What is wrong with the edges of these files by this table.
fn misplaced(files: &[File], table: &[(&str, &[&str])]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        for (line, from, to) in edges(file) {
            let allowed = table.iter().find(|(name, _)| *name == from);
            if allowed.is_none_or(|(_, uses)| !uses.contains(&to.as_str())) {
                wrong.push(format!(
                    "src/{}:{line}: `{from}` must not use `{to}`",
                    file.name
                ));
            }
        }
    }
    wrong
}

/// Every file of the product, those that exist in tests only left out.
fn product() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = Vec::new();
    find(&root, &root, &mut names);
    names.sort();
    let mut files = Vec::new();
    let mut tests = BTreeSet::new();
    for name in names {
        let text = std::fs::read_to_string(root.join(&name)).expect("a file of the product");
        let name = name.to_str().expect("a plain name");
        let (file, test_modules) = File::new(name, &text);
        for test in test_modules {
            tests.insert([file.module.clone(), vec![test]].concat());
        }
        if name != "lib.rs" {
            files.push(file);
        }
    }
    files.retain(|file| !tests.contains(&file.module));
    assert!(files.len() > 50, "the product is not where it was");
    files
}

fn find(root: &Path, folder: &Path, names: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the product") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find(root, &path, names);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            names.push(path.strip_prefix(root).expect("below").to_path_buf());
        }
    }
}

#[track_caller]
fn none(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n{}\n", wrong.join("\n"));
}

#[test]
fn the_table_leads_down() {
    for (row, (name, uses)) in TABLE.iter().enumerate() {
        for used in *uses {
            let below = TABLE[row + 1..].iter().any(|(other, _)| other == used);
            assert!(
                below,
                "the table lets `{name}` use `{used}`, which does not stand below it"
            );
        }
    }
}

#[test]
fn modules_use_only_what_the_table_allows() {
    none(
        &misplaced(&product(), TABLE),
        "dependencies run downward, see TABLE in tests/architecture/main.rs",
    );
}

#[test]
fn the_table_allows_only_what_is_used() {
    let used: BTreeSet<(String, String)> = product()
        .iter()
        .flat_map(edges)
        .map(|(_, from, to)| (from, to))
        .collect();
    let mut unused = Vec::new();
    for (from, uses) in TABLE {
        for to in *uses {
            if !used.contains(&((*from).to_owned(), (*to).to_owned())) {
                unused.push(format!("`{from}` does not use `{to}`"));
            }
        }
    }
    none(&unused, "take these out of TABLE");
}

#[test]
fn only_named_modules_touch_files() {
    let mut wrong = Vec::new();
    for file in product().iter().filter(|file| !file.is_in(FILES)) {
        for named in &file.paths {
            if matches!(named.path.as_slice(), [root, module, ..] if module == "fs" && (root == "std" || root == "rustix"))
            {
                let path = named.path.join("::");
                wrong.push(format!("src/{}:{}: `{path}`", file.name, named.line));
            }
        }
        wrong.extend(file.calls(PATH_CALLS));
    }
    none(
        &wrong,
        "only these touch files: input, sink, report and the others in FILES",
    );
}

#[test]
fn only_cli_prints() {
    let product = product();
    let others = product.iter().filter(|file| !file.is_in(&["cli"]));
    let wrong: Vec<String> = others.flat_map(|file| file.calls(STREAMS)).collect();
    none(&wrong, "only `cli` prints");
}

#[test]
fn libraries_stay_in_their_homes() {
    let mut wrong = Vec::new();
    for file in &product() {
        for named in &file.paths {
            let home = HOMES.iter().find(|(name, _)| *name == named.path[0]);
            if let Some((name, home)) = home.filter(|(_, home)| !file.is_in(home)) {
                let home = home.join("`, `");
                wrong.push(format!(
                    "src/{}:{}: `{name}` belongs to `{home}`",
                    file.name, named.line
                ));
            }
        }
    }
    none(&wrong, "a library has one home, see HOMES");
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    for file in &product() {
        let lines = file.code.trim_end().lines().count();
        if lines > LONGEST {
            wrong.push(format!("src/{}: {lines} lines of {LONGEST}", file.name));
        }
    }
    none(&wrong, "a file is one idea");
}
