//! Laws that hold for whatever comes: random data sets, random damage, random identifiers.
//!
//! `PROPTEST_CASES` multiplies the work; a failing case is printed with its seed.

#![allow(clippy::unwrap_used)]

#[path = "../build/mod.rs"]
mod build;

mod conditions;
mod damage;
mod dates;
mod formats;
mod pseudonyms;
mod selectors;
mod tapes;
mod trees;

/// Configuration with this many cases, or as many as the environment asks for.
fn cases(default: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("PROPTEST_CASES").ok();
    proptest::test_runner::Config {
        cases: asked.and_then(|n| n.parse().ok()).unwrap_or(default),
        // Where it failed is printed; nothing is written into the tree.
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    }
}
