//! Profiles: what a site wrote in YAML, checked before the first file is opened.
//!
//! [`load`] reads a profile and what it extends: `source` finds the text, `tree` gives every node its place and
//! refuses hostile YAML, `syntax` types it, `compile` checks each file and lays it over those that it extends,
//! `fit` and `shadow` check the rules as they end up. Every problem is reported in one pass.

mod accept;
mod action;
mod chain;
mod check;
mod compile;
pub mod condition;
pub mod detect;
mod detecting;
mod diagnostic;
pub mod files;
mod fit;
mod forms;
pub mod lint;
mod misfit;
pub mod pixel_rule;
mod pixels;
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
pub use detect::{Detect, TextPolicy};
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity};
pub use files::{Field, PathTemplate, Piece};
pub use pixel_rule::{Cover, Fill, Length, PixelRule, Region, Side, Size, ULTRASOUND_REGIONS};
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

use compile::Layers;
use places::Places;
use settings::Settings;
use source::Source;

use crate::standard::methods::OptionSet;

/// The edition of PS3.15 whose Table E.1-1 is built in.
pub const EDITION: &str = "2026d";

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
    /// Where text is burned into images. What all that match cover is united.
    pub pixels: Vec<PixelRule>,
    /// What takes the place of what is blanked.
    pub fill: Fill,
    /// Whether text is searched for in images, and what becomes of what is found.
    pub detect: Detect,
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
    let chain = chain::read(first, &mut found);
    let mut sha256 = Sha256::new();
    let mut layers = Layers::new(chain.whole);
    let mut name = String::new();
    for written in chain.files {
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
        fill,
        detect,
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
        fill,
        detect,
        files,
        verify,
        report,
        remarks: found,
        places: layers.places,
    })
}
