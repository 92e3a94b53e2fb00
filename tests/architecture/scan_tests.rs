//! The scanner is on trial too: what it cannot see it would not forbid.

use super::scan::{paths, product};
use super::{File, PATH_CALLS, STREAMS, misplaced};

const SAMPLE: &str = r##"
//! Not here: crate::comment::A
use crate::{
    dicom::{Tag, vr::Vr as V, tape::*},
    phi::Phi,
};
const TEXT: &str = "crate::string::B \" crate::string::C";
const RAW: &str = r#"crate::raw::D " "#;
const QUOTE: char = '"'; const BYTE: u8 = b'\''; /* crate::comment::E */
fn f<'a>(x: &'a str) -> Vec<u8> {
    println!("{x}"); my_println!(); x.exists();
    crate::sink::dir::Sink::<u8>::open(super::walk::next(x))
}
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    fn g() { if true { eprintln!("{{"); } }
}
fn last() { crate::exit::Exit::code() }
"##;

fn sample() -> File {
    File::new("dicom/sample.rs", SAMPLE).0
}

#[test]
fn paths_are_found_in_code_alone() {
    let found: Vec<String> = sample()
        .paths
        .iter()
        .map(|named| format!("{} {}", named.line, named.path.join("::")))
        .collect();
    assert_eq!(
        found,
        [
            "4 crate::dicom::Tag",
            "4 crate::dicom::vr::Vr",
            "4 crate::dicom::tape",
            "5 crate::phi::Phi",
            "12 crate::sink::dir::Sink",
            "12 super::walk::next",
            "21 crate::exit::Exit::code",
        ]
    );
    assert_eq!(product(SAMPLE).test_modules, ["testing"]);
    assert_eq!(product(SAMPLE).code.lines().count(), SAMPLE.lines().count());
}

#[test]
fn groups_and_renames_are_expanded() {
    let found: Vec<String> =
        paths("use std::{fs::{self as f, File}, io}; let x = std::fs::read(p);")
            .iter()
            .map(|named| named.path.join("::"))
            .collect();
    assert_eq!(
        found,
        ["std::fs::self", "std::fs::File", "std::io", "std::fs::read"]
    );
}

#[test]
fn an_upward_edge_is_told() {
    let table: &[(&str, &[&str])] = &[("dicom", &["phi", "dicom::tag", "exit"])];
    assert_eq!(
        misplaced(&[sample()], table),
        [
            "src/dicom/sample.rs:4: `dicom` must not use `dicom::vr`",
            "src/dicom/sample.rs:12: `dicom` must not use `sink`",
        ]
    );
    let leaf = File::new(
        "dicom/tag.rs",
        "use super::walk::Walk; use super::super::cli;",
    )
    .0;
    assert_eq!(
        misplaced(&[leaf], &[("dicom::tag", &[])]),
        [
            "src/dicom/tag.rs:1: `dicom::tag` must not use `dicom`",
            "src/dicom/tag.rs:1: `dicom::tag` must not use `cli`",
        ]
    );
}

#[test]
fn calls_are_whole_words_outside_tests() {
    assert_eq!(
        sample().calls(STREAMS),
        ["src/dicom/sample.rs:11: `println!`"]
    );
    assert_eq!(
        sample().calls(PATH_CALLS),
        ["src/dicom/sample.rs:11: `.exists()`"]
    );
}

#[test]
fn a_place_is_a_module_and_what_is_in_it() {
    assert!(sample().is_in(&["dicom"]));
    assert!(sample().is_in(&["sink", "dicom::sample"]));
    assert!(!sample().is_in(&["dicom::sam", "dico", "dicom::sample::deeper"]));
}
