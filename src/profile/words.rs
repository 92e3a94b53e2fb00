//! The words of the profile language, those that this version understands and those that it only knows of.

/// Keys of a profile.
pub(super) const TOP: &[&str] = &[
    "samar", "name", "extends", "base", "options", "unknown", "accept", "rules",
];

/// Keys of a profile that a later version brings.
pub(super) const TOP_LATER: &[&str] =
    &["keys", "pseudonyms", "pixels", "files", "verify", "report"];

/// Keys of `unknown`.
pub(super) const UNKNOWN: &[&str] = &["public", "private", "sop_class"];

/// Keys of an entry of `accept`.
pub(super) const ACCEPT: &[&str] = &["id", "when", "do", "because"];

/// Keys of an entry of `rules`.
pub(super) const RULE: &[&str] = &["id", "match", "do", "because"];

/// Keys of an entry of `rules` that a later version brings.
pub(super) const RULE_LATER: &[&str] = &["when", "examples"];

/// Actions that a later version brings; so are pseudonyms of other names.
pub(super) const ACTION_LATER: &[&str] = &[
    "set",
    "mask",
    "regex",
    "shift",
    "truncate-date",
    "round",
    "clean",
];

/// The options of PS3.15 section E.3. None is available yet.
pub(super) const OPTION_LATER: &[&str] = &[
    "retain-safe-private",
    "retain-uids",
    "retain-device-identity",
    "retain-institution-identity",
    "retain-patient-characteristics",
    "retain-full-dates",
    "retain-modified-dates",
    "clean-descriptors",
    "clean-structured-content",
    "clean-graphics",
    "clean-pixel-data",
    "clean-recognizable-visual-features",
];
