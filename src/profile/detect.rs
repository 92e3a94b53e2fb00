//! `pixels.detect`: whether text is searched for in images, and what becomes of what is found.

use std::collections::BTreeMap;

use super::pixel_rule::Region;

/// What becomes of an image for the text that is found in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextPolicy {
    /// Text is not searched for.
    Off,
    /// What is found stands in the report; the image is written as it is.
    Report,
    /// What is found is blanked.
    #[default]
    Redact,
    /// A person must look at an image in which text is found.
    Quarantine,
}

impl TextPolicy {
    /// Every policy, with the word that profiles use.
    pub const ALL: &[(&str, TextPolicy)] = &[
        ("off", TextPolicy::Off),
        ("report", TextPolicy::Report),
        ("redact", TextPolicy::Redact),
        ("quarantine", TextPolicy::Quarantine),
    ];

    /// The word that profiles use.
    pub fn word(self) -> &'static str {
        let mut words = Self::ALL.iter();
        let named = words.find(|(_, policy)| *policy == self);
        named.map_or("", |(word, _)| word)
    }

    /// Whether an image that cannot be searched must be withheld.
    pub const fn needs_search(self) -> bool {
        matches!(self, TextPolicy::Redact | TextPolicy::Quarantine)
    }
}

/// How text is searched for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detect {
    /// What becomes of images of modalities that are not named.
    pub text: TextPolicy,
    /// What becomes of images of these, by (0008,0060) Modality in capitals.
    pub modalities: BTreeMap<String, TextPolicy>,
    /// The score from which on something counts as text, above 0 and up to 1; `None` for the detector's own.
    pub min_score: Option<f32>,
    /// Places where text is left alone.
    pub keep: Vec<Region>,
}

impl Detect {
    /// What becomes of images of a modality.
    pub fn policy(&self, modality: &str) -> TextPolicy {
        let named = self.modalities.get(&modality.trim().to_ascii_uppercase());
        named.copied().unwrap_or(self.text)
    }

    /// The policies that images can meet, each once.
    pub fn policies(&self) -> Vec<TextPolicy> {
        let mut policies: Vec<TextPolicy> = self.modalities.values().copied().collect();
        policies.push(self.text);
        policies.sort_unstable();
        policies.dedup();
        policies
    }

    /// Whether any image is searched.
    pub fn is_on(&self) -> bool {
        self.policies()
            .iter()
            .any(|policy| *policy != TextPolicy::Off)
    }

    /// Whether what is found in images of some modality is blanked.
    pub fn blanks(&self) -> bool {
        self.policies().contains(&TextPolicy::Redact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modality_of_its_own_stands_before_all_others() {
        let detect = Detect {
            modalities: [("CT".to_owned(), TextPolicy::Off)].into(),
            ..Detect::default()
        };
        assert_eq!(detect.policy("CT "), TextPolicy::Off);
        assert_eq!(detect.policy("ct"), TextPolicy::Off);
        assert_eq!(detect.policy("MR"), TextPolicy::Redact);
        assert_eq!(detect.policy(""), TextPolicy::Redact);
        assert_eq!(detect.policies(), [TextPolicy::Off, TextPolicy::Redact]);
        assert!(detect.is_on() && detect.blanks());
    }
}
