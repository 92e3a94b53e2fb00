//! Profiles: what a site wrote in YAML, checked before the first file is opened.
//!
//! [`load`] reads a profile and what it extends: [`source`] finds the text, [`tree`] gives every node its place and
//! refuses hostile YAML, [`syntax`] types it, [`compile`] checks each file and lays it over those that it extends,
//! [`fit`] and [`shadow`] check the rules as they end up. Every problem is reported in one pass.

mod accept;
mod action;
mod check;
mod compile;
pub mod condition;
mod diagnostic;
pub mod files;
mod fit;
mod forms;
pub mod lint;
mod misfit;
pub mod pixel_rule;
mod places;
mod prove;
mod regions;
mod replace;
mod rule;
mod schema;
pub mod selector;
pub mod settings;
mod settle;
mod shadow;
mod source;
pub mod statement;
mod syntax;
pub mod table;
mod told;
pub mod transform;
mod tree;
mod value;
mod words;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

pub use accept::{AcceptRule, Judgement, Verdict};
pub use condition::{Attributes, Condition, Fact};
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity};
pub use files::{Field, PathTemplate, Piece};
pub use pixel_rule::{PixelRule, Region};
pub use places::{Item, Part};
pub use rule::{Example, Mask, Replacement, Rule, RuleAction};
pub use schema::schema;
pub use selector::{Ahead, Selector, fold_creator};
pub use settings::{
    Dates, Keys, MissingPatient, PatientPseudonym, Pseudonyms, ReportSettings, SecondReader,
    Unknown, UnknownClass, UnknownElement, Unparsable, Verify,
};
pub use source::{BUILT_IN, summary};
pub use transform::Transformed;

use compile::{Layers, Written};
use places::Places;
use settings::Settings;
use source::Source;

use crate::standard::methods::OptionSet;

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
    /// Options of PS3.15 section E.3.
    pub options: OptionSet,
    /// What happens to what the standard does not know.
    pub unknown: Unknown,
    /// Which key a run must have.
    pub keys: Keys,
    /// How identifiers are replaced.
    pub pseudonyms: Pseudonyms,
    /// How dates are treated where they may stay.
    pub dates: Dates,
    /// A site's own words that the text cleaner leaves.
    pub words: Vec<String>,
    /// Which instances are taken, in the order in which they are asked.
    pub accept: Vec<AcceptRule>,
    /// What is done to single elements; the first that matches wins, and all win over options and Table E.1-1.
    pub rules: Vec<Rule>,
    /// Where text is burned into images.
    pub pixels: Vec<PixelRule>,
    /// Where instances are written; `None` for samar's own layout.
    pub files: Option<PathTemplate>,
    /// What verification must do beyond what always runs.
    pub verify: Verify,
    /// What the report must hold.
    pub report: ReportSettings,
    /// What loading found that is no error: warnings and notes.
    pub remarks: Diagnostics,
    places: Places,
}

impl Profile {
    /// Decides whether an instance is taken. The first rule that matches decides, and when none does it is accepted;
    /// see [`Judgement::overridden`] for what an extending profile lifted.
    pub fn judge(&self, instance: &dyn Attributes) -> Judgement<'_> {
        accept::judge(&self.accept, instance)
    }

    /// [`Profile::sha256`] in hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut digest = String::with_capacity(64);
        for byte in self.sha256 {
            // Writing to a String cannot fail.
            let _ = write!(digest, "{byte:02x}");
        }
        digest
    }

    /// Where a part of the profile stands; `None` for what no file has.
    pub fn place_of(&self, what: Item<'_>) -> Option<Place> {
        self.places.of(what)
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
    fit::check(&layers, &mut found);
    shadow::check(&layers, &mut found);
    found.sort();
    if found.errors().next().is_some() {
        return Err(found);
    }
    let Settings {
        options,
        unknown,
        keys,
        mut pseudonyms,
        dates,
        words,
        files,
        verify,
        report,
    } = layers.settings;
    pseudonyms.named = layers.lookup.forms.finish();
    Ok(Profile {
        name,
        sha256: sha256.finalize().into(),
        edition: EDITION,
        options,
        unknown,
        keys,
        pseudonyms,
        dates,
        words,
        accept: layers.accept,
        rules: layers.rules,
        pixels: layers.pixels,
        files,
        verify,
        report,
        remarks: found,
        places: layers.places,
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
                let message = format!("extending `{target}` closes a circle");
                found
                    .at(&by.source, at, message)
                    .help("take `extends` out of one of the profiles");
                return (chain, false);
            }
            Ok(_) if chain.len() == LONGEST_CHAIN => {
                let message = format!("more than {LONGEST_CHAIN} profiles extend one another");
                found.at(&by.source, at, message).help("join some of them");
                return (chain, false);
            }
            Ok(source) => next = Some(source),
        }
    }
    (chain, true)
}
