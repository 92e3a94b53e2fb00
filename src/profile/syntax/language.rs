//! The keys of a profile and of its settings, as they are written. What is said of each here is what editors show.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Value;

use super::Field;
use super::entries::{AcceptSyntax, RuleSyntax};
use super::pixels::PixelsSyntax;
use crate::profile::words;

/// Keys that the language does not know.
pub(in crate::profile) type Others = BTreeMap<String, Value>;

/// A list, each entry of which may be of the wrong type.
pub(in crate::profile) type List<T> = Field<Vec<Field<T>>>;

/// A samar profile: what is done to DICOM instances before they may leave.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping such as `samar: 1`")]
#[schemars(deny_unknown_fields, extend("required" = ["samar", "name"]))]
pub(in crate::profile) struct ProfileSyntax {
    /// Version of the profile language; always 1.
    #[schemars(extend("const" = 1))]
    pub(in crate::profile) samar: Field<u64>,
    /// Name of the profile: up to 40 letters, digits, `-`, `_` and `.`. It stands in every output file.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]{1,40}$"), extend("examples" = ["chest-share"]))]
    pub(in crate::profile) name: Field<String>,
    /// A built-in profile or a file beside this one, of which this profile says only what differs; or a list of them, laid
    /// over one another in this order.
    #[schemars(extend("examples" = ["basic", "../hospital.yaml", ["basic", "devices/ge"]]))]
    pub(in crate::profile) extends: Field<ExtendsSyntax>,
    /// The edition of PS3.15 Table E.1-1 on which the profile stands.
    #[schemars(extend("enum" = words::BASES))]
    pub(in crate::profile) base: Field<String>,
    /// Options of PS3.15 section E.3. The list replaces the one of the profile that is extended.
    #[schemars(extend("items" = {"type": "string", "enum": words::options()}, "uniqueItems" = true))]
    pub(in crate::profile) options: List<String>,
    /// What happens to what the standard does not know; nothing of it is ever kept.
    pub(in crate::profile) unknown: Field<UnknownSyntax>,
    /// Which key a run must have.
    pub(in crate::profile) keys: Field<KeysSyntax>,
    /// How identifiers are replaced.
    pub(in crate::profile) pseudonyms: Field<PseudonymsSyntax>,
    /// How dates are treated where an option or a rule lets them stay.
    pub(in crate::profile) dates: Field<DatesSyntax>,
    /// What the text cleaner may leave in descriptions.
    pub(in crate::profile) descriptors: Field<DescriptorsSyntax>,
    /// Which instances are taken. The first rule that matches decides.
    pub(in crate::profile) accept: List<AcceptSyntax>,
    /// What is done to single attributes. The first rule that matches decides, before the options and Table E.1-1.
    pub(in crate::profile) rules: List<RuleSyntax>,
    /// Where text is burned into images, and whether it is searched for.
    pub(in crate::profile) pixels: Field<PixelsSyntax>,
    /// How images are blanked.
    pub(in crate::profile) redaction: Field<RedactionSyntax>,
    /// Where an instance is written.
    pub(in crate::profile) files: Field<FilesSyntax>,
    /// What verification must do beyond what always runs.
    pub(in crate::profile) verify: Field<VerifySyntax>,
    /// What the report must hold.
    pub(in crate::profile) report: Field<ReportSyntax>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// One profile, or a list of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected the name or file of a profile, or a list of them"
)]
#[schemars(inline)]
pub(in crate::profile) enum ExtendsSyntax {
    /// One profile.
    One(String),
    /// These, the later over the earlier.
    Each(#[schemars(length(min = 1))] Vec<String>),
}

/// How images are blanked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping such as `{fill: black}`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct RedactionSyntax {
    /// What takes the place of what is blanked: what displays as black, or the mean of the rest of the frame.
    #[schemars(extend("enum" = words::names(words::FILL)))]
    pub(in crate::profile) fill: Field<String>,
    /// What becomes of images that no entry of `pixels` speaks of. The same as an entry of `accept` whose `when` ends in
    /// `and not pixels.matched`.
    pub(in crate::profile) on_unmatched: List<AcceptSyntax>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// `unknown: remove`, or each kind by itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected `remove`, or a mapping of `public`, `private` and `sop_class`"
)]
#[schemars(inline)]
pub(in crate::profile) enum UnknownSyntax {
    /// The same for public and private elements.
    All(#[schemars(extend("enum" = words::names(words::UNKNOWN_ELEMENT)))] String),
    Each(UnknownEachSyntax),
}

/// What happens to what the standard does not know.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct UnknownEachSyntax {
    /// Elements that PS3.6 does not list.
    #[schemars(extend("enum" = words::names(words::UNKNOWN_ELEMENT)))]
    pub(in crate::profile) public: Field<String>,
    /// Private elements that neither an option nor a rule keeps.
    #[schemars(extend("enum" = words::names(words::UNKNOWN_ELEMENT)))]
    pub(in crate::profile) private: Field<String>,
    /// Instances of a private or unknown SOP Class.
    #[schemars(extend("enum" = words::names(words::UNKNOWN_CLASS)))]
    pub(in crate::profile) sop_class: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// Which key a run must have.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `required` and `fingerprint`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct KeysSyntax {
    /// Whether a run without a key file is refused.
    pub(in crate::profile) required: Field<bool>,
    /// The only key that will do: the 16 digits that `samar key fingerprint` prints.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub(in crate::profile) fingerprint: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// How identifiers are replaced.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping of `patient`, `accession`, `uid` and names of your own"
)]
#[schemars(inline)]
pub(in crate::profile) struct PseudonymsSyntax {
    /// How a patient is told from others, and called.
    pub(in crate::profile) patient: Field<PatientSyntax>,
    /// Form of `pseudonym.accession`.
    pub(in crate::profile) accession: Field<FormatSyntax>,
    /// New UIDs.
    pub(in crate::profile) uid: Field<UidSyntax>,
    /// Form of `pseudonym.NAME`.
    #[serde(flatten)]
    pub(in crate::profile) named: BTreeMap<String, Field<FormatSyntax>>,
}

/// How a patient is told from others, and called.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping of `from`, `format`, `table` and `missing`"
)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct PatientSyntax {
    /// The attributes whose values together are one patient.
    #[schemars(extend("examples" = [["PatientID", "IssuerOfPatientID"]]))]
    pub(in crate::profile) from: List<String>,
    /// Form of the pseudonym, such as `CHX-{hmac:10}`: text, `{hmac:N}`, `{digits:N}` and `{hex:N}`.
    #[schemars(extend("examples" = ["CHX-{hmac:10}"]))]
    pub(in crate::profile) format: Field<String>,
    /// A table (CSV) of patients and their pseudonyms; its path is relative to this file.
    #[schemars(extend("examples" = ["subjects.csv"]))]
    pub(in crate::profile) table: Field<String>,
    /// What happens to a patient whom nothing names.
    #[schemars(extend("enum" = words::names(words::MISSING)))]
    pub(in crate::profile) missing: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// Form of a pseudonym.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping such as `{format: 'DEV-{hmac:8}'}`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct FormatSyntax {
    /// Text and fields: `{hmac:N}` letters and digits, `{digits:N}`, `{hex:N}`.
    #[schemars(extend("examples" = ["A{digits:12}", "DEV-{hmac:8}"]))]
    pub(in crate::profile) format: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// New UIDs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping such as `{root: 1.2.826.0.1.3680043.10.999}`"
)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct UidSyntax {
    /// A UID root of your own; without one new UIDs begin with 2.25.
    #[schemars(extend("examples" = ["1.2.826.0.1.3680043.10.999"]))]
    pub(in crate::profile) root: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// How dates are treated where an option or a rule lets them stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping of `shift_days`, `age_cap` and `unparsable`"
)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct DatesSyntax {
    /// Fewest and most days by which a patient's dates move; negative is into the past.
    #[schemars(
        length(equal = 2),
        extend("items" = {"type": "integer", "minimum": -36500, "maximum": 36500}, "examples" = [[-3650, -30]])
    )]
    pub(in crate::profile) shift_days: List<i64>,
    /// Ages above this many years become one year more; `none` leaves them.
    pub(in crate::profile) age_cap: Field<AgeCapSyntax>,
    /// What happens to a date that cannot be read.
    #[schemars(extend("enum" = words::names(words::UNPARSABLE)))]
    pub(in crate::profile) unparsable: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// A number of years, or `none`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a number of years such as 89, or `none`"
)]
#[schemars(inline)]
pub(in crate::profile) enum AgeCapSyntax {
    /// Years.
    Years(#[schemars(range(min = 1, max = 150))] i64),
    /// No cap.
    Word(#[schemars(extend("const" = "none"))] String),
}

/// What the text cleaner may leave in descriptions.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping such as `{words: [angka]}`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct DescriptorsSyntax {
    /// Words of your own that are harmless wherever they stand.
    #[schemars(extend("examples" = [["angka", "kontras"]]))]
    pub(in crate::profile) words: List<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// Where an instance is written.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(
    default,
    expecting = "a mapping such as `{path: '{patient}/{instance}.dcm'}`"
)]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct FilesSyntax {
    /// Path below the output folder, made of pseudonyms: `{patient}`, `{study}`, `{series}` and `{instance}`.
    #[schemars(extend("examples" = ["{patient}/{study}/{series}/{instance}.dcm"]))]
    pub(in crate::profile) path: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// What verification must do beyond what always runs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping such as `{second_reader: parse}`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct VerifySyntax {
    /// How far an independent parser must be able to read every output: not at all, its header, or every frame too.
    #[schemars(extend("enum" = words::names(words::SECOND_READER)))]
    pub(in crate::profile) second_reader: Field<String>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}

/// What the report must hold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping of `required` and `hash`")]
#[schemars(inline, deny_unknown_fields)]
pub(in crate::profile) struct ReportSyntax {
    /// Whether a run without a report is refused.
    pub(in crate::profile) required: Field<bool>,
    /// Whether the SHA-256 of every output stands in it.
    pub(in crate::profile) hash: Field<bool>,
    #[serde(flatten)]
    #[schemars(skip)]
    pub(in crate::profile) others: Others,
}
