//! Reads `pixels.detect`. Each key by itself replaces what an extended profile says; of `modalities`, each modality.

use std::collections::BTreeMap;

use super::check::Checker;
use super::condition::unknown_modality;
use super::detect::{Detect, TextPolicy};
use super::places::Item;
use super::syntax::{DetectSyntax, Field};
use super::tree::Node;
use super::words;

const SCORE: &str = "a score is a number above 0 and up to 1, such as 0.5";

impl Checker<'_> {
    /// Lays `detect` of one file over what it extends.
    pub(super) fn detect(
        &mut self,
        pixels: &Node,
        field: Field<DetectSyntax>,
        detect: &mut Detect,
    ) {
        let (Some(syntax), Some(node)) =
            (self.value(pixels, "detect", field), pixels.get("detect"))
        else {
            return;
        };
        self.keys(node, &syntax.others, words::DETECT);
        if let Some(text) = self.word(node, "text", syntax.text, TextPolicy::ALL, "word") {
            detect.text = text;
        }
        self.modalities(node, syntax.modalities, &mut detect.modalities);
        if let Some(score) = self.value(node, "min_score", syntax.min_score) {
            if score > 0.0 && score <= 1.0 {
                detect.min_score = Some(score as f32);
            } else {
                let at = node.get("min_score").unwrap_or(node);
                self.error(at, "not a score").help(SCORE);
            }
        }
        if let Some(keep) = self.rectangles(node, "keep", syntax.keep, 0) {
            detect.keep = keep;
        }
        for (key, item) in [
            ("text", "pixels.detect.text"),
            ("modalities", "pixels.detect.modalities"),
            ("keep", "pixels.detect.keep"),
        ] {
            if let Some(node) = node.get(key) {
                self.places.note(Item::Setting(item), node.span.clone());
            }
        }
    }

    fn modalities(
        &mut self,
        detect: &Node,
        field: Field<BTreeMap<String, Field<String>>>,
        policies: &mut BTreeMap<String, TextPolicy>,
    ) {
        let (Some(each), Some(node)) = (
            self.value(detect, "modalities", field),
            detect.get("modalities"),
        ) else {
            return;
        };
        for (modality, policy) in each {
            if self.found.is_full() {
                return;
            }
            if let Some((message, suggested)) = unknown_modality(&modality) {
                let pairs = node.pairs();
                let key = pairs
                    .iter()
                    .find(|(key, _)| key.text() == Some(&modality))
                    .map_or(node, |(key, _)| key);
                self.error(key, message).help(suggested.unwrap_or_else(|| {
                    "the terms are those of PS3.3 C.7.3.1.1.1; `text` speaks of all images that are not named".to_owned()
                }));
            }
            if let Some(policy) = self.word(node, &modality, policy, TextPolicy::ALL, "word") {
                policies.insert(modality.trim().to_ascii_uppercase(), policy);
            }
        }
    }
}
