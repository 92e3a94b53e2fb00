//! Profiles: what a site wrote in YAML, checked before the first file is opened.
//!
//! [`load`] reads a profile and what it extends: [`source`] finds the text, [`tree`] gives every node its place and
//! refuses hostile YAML, [`syntax`] types it, [`compile`] checks it. Every problem is reported in one pass.

mod accept;
mod check;
mod compile;
pub mod condition;
mod diagnostic;
mod rule;
pub mod selector;
mod source;
mod syntax;
mod tree;
mod words;

use sha2::{Digest, Sha256};

pub use accept::{AcceptRule, Judgement, Verdict};
pub use condition::{Attributes, Condition, Fact};
pub use diagnostic::{Diagnostic, Diagnostics, Place};
pub use rule::{Rule, RuleAction};
pub use selector::{Ahead, Selector, fold_creator};
pub use source::BUILT_IN;

use compile::{Layers, Written};
use source::Source;

/// The edition of PS3.15 whose Table E.1-1 is built in.
pub const EDITION: &str = "2026d";

/// How many profiles may extend one another.
const LONGEST_CHAIN: usize = 8;

/// A checked profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Name of the profile.
    pub name: String,
    /// SHA-256 over the bytes of all its files, the most basic first: what `cat basic.yaml site.yaml | sha256sum` says.
    pub sha256: [u8; 32],
    /// The edition of PS3.15, such as `2026d`.
    pub edition: &'static str,
    /// Which instances are taken, in the order in which they are asked.
    pub accept: Vec<AcceptRule>,
    /// What is done to single elements; the first that matches wins, and all win over Table E.1-1.
    pub rules: Vec<Rule>,
}

impl Profile {
    /// Decides whether an instance is taken. The first rule that matches decides, and when none does it is accepted;
    /// see [`Judgement::overridden`] for what an extending profile lifted.
    pub fn judge(&self, instance: &dyn Attributes) -> Judgement<'_> {
        accept::judge(&self.accept, instance)
    }

    /// Ids of the rules that keep what the Basic Profile would change. When there is one, method code 113100 (Basic
    /// Application Confidentiality Profile) must not be claimed.
    pub fn weakened(&self) -> Vec<&str> {
        let keeps = |rule: &&Rule| rule.action == RuleAction::Keep;
        self.rules
            .iter()
            .filter(keeps)
            .map(|rule| rule.id.as_str())
            .collect()
    }
}

/// Loads a built-in profile by its name, such as `basic`, or a file. Collects every problem of the profile and of
/// what it extends.
pub fn load(name_or_path: &str) -> Result<Profile, Diagnostics> {
    let mut found = Diagnostics::default();
    let first = Source::read(name_or_path, None)?;
    let (chain, whole) = chain(first, &mut found);
    let mut sha256 = Sha256::new();
    let mut layers = Layers::new(whole);
    let mut name = String::new();
    for written in chain.into_iter().rev() {
        written.source.hash(&mut sha256);
        name = layers.add(written, &mut found);
    }
    if !found.0.is_empty() {
        found.sort();
        return Err(found);
    }
    Ok(Profile {
        name,
        sha256: sha256.finalize().into(),
        edition: EDITION,
        accept: layers.accept,
        rules: layers.rules,
    })
}

/// The profile and what it extends, in this order, and whether the last one was reached.
fn chain(first: Source, found: &mut Diagnostics) -> (Vec<Written>, bool) {
    let mut chain: Vec<Written> = Vec::new();
    let mut next = Some(first);
    while let Some(source) = next.take() {
        let Some(written) = Written::read(source, found) else {
            return (chain, false);
        };
        let extends = written.extends();
        chain.push(written);
        let (Some((target, at)), Some(by)) = (extends, chain.last()) else {
            break;
        };
        match Source::read(&target, Some(&by.source)) {
            Err(problem) => {
                found.at(&by.source, at, problem.message).help = problem.help;
                return (chain, false);
            }
            Ok(source) if chain.iter().any(|w| w.source.id() == source.id()) => {
                found.at(
                    &by.source,
                    at,
                    format!("extending `{target}` closes a circle"),
                );
                return (chain, false);
            }
            Ok(_) if chain.len() == LONGEST_CHAIN => {
                let message = format!("more than {LONGEST_CHAIN} profiles extend one another");
                found.at(&by.source, at, message);
                return (chain, false);
            }
            Ok(source) => next = Some(source),
        }
    }
    (chain, true)
}
