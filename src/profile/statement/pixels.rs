//! What is done to pixel data: by rules, by the search for text, and in any case.

use super::Statement;
use super::markdown::Page;
use crate::profile::{Cover, Fill, PixelRule, TextPolicy};
use crate::standard::dictionary;
use crate::standard::methods::ProfileOption;

impl Statement<'_> {
    pub(super) fn pixels(&self, page: &mut Page) {
        page.section("Pixel data");
        let rules = &self.profile.pixels;
        self.search(page);
        if self.blanks() {
            let fill = match self.profile.fill {
                Fill::Black => "what displays as black",
                Fill::Mean => "the mean of the frame outside of it",
            };
            let what = match (self.blanks_by_rules(), self.profile.detect.blanks()) {
                (true, true) => "What the rules below cover and where text was found",
                (false, _) => "Where text was found",
                (true, false) => "What the rules below cover",
            };
            let sizes = if self.blanks_by_rules() {
                "What several rules cover is united, as far as they were drawn for images of its size. An image of \
                 which a rule speaks and whose size none of those that blank fits, or whose regions cannot be placed, is \
                 quarantined, and so is one that cannot be decoded and written in its own syntax."
            } else {
                "An image that cannot be decoded and written in its own syntax is quarantined."
            };
            page.paragraph(format!(
                "{what} is replaced in every frame by {fill}; the rest of the image and the transfer \
                 syntax stay. {sizes} Lossy JPEG is changed in the blocks that a region touches and nowhere else; other frames \
                 that were coded with loss become reversible. Every frame is compared with its original before it is written. \
                 The pixel data of all other images is copied byte for byte, but for what is said below."
            ));
            let left = if self.profile.detect.policies().contains(&TextPolicy::Report) {
                ", unless text was found that is only reported"
            } else {
                ""
            };
            page.paragraph(format!(
                "An image in which regions were blanked says so: (0028,0301) Burned In Annotation is `NO`{left}, value 1 of (0008,0008) \
                 Image Type `DERIVED`, and (0008,2111) Derivation Description tells what was done. {} In one in which nothing was \
                 blanked, (0028,0301) is neither added nor changed.",
                if self.has(ProfileOption::CleanPixelData) {
                    format!("It carries 113101{left}.")
                } else {
                    "113101 is not stated, since the profile does not have the option `clean-pixel-data`.".to_owned()
                }
            ));
        } else {
            page.paragraph(
                "No region is blanked: pixel data is copied byte for byte in its transfer syntax, but for what is said below, and \
                 (0028,0301) Burned In Annotation is neither added nor changed.",
            );
        }
        page.paragraph(
            "No face is removed, and nothing reads what a picture says. Structure is checked: \
             frames are counted and lengths compared with the header; bytes of native pixel data behind the image are cut; \
             comments, application data and whatever else is no image are taken out of compressed frames; bits beside the \
             samples' values are cleared, and an instance whose overlay is said to lie in the values' own bits is quarantined; \
             icons and other images inside sequences are removed.",
        );
        if rules.is_empty() {
            return;
        }
        let rows: Vec<_> = rules.iter().map(row).collect();
        page.table(["rule", "when", "size", "covers", "because"], &rows);
    }

    /// What the search for text does.
    fn search(&self, page: &mut Page) {
        let detect = &self.profile.detect;
        if !detect.is_on() {
            page.paragraph("Text in pictures is not searched for.");
            return;
        }
        let word = |policy: TextPolicy| match policy {
            TextPolicy::Off => "is not searched for",
            TextPolicy::Report => "is found and reported, and stays",
            TextPolicy::Redact => "is found and blanked in every frame",
            TextPolicy::Quarantine => "withholds the image when it is found",
        };
        let named = detect.modalities.iter();
        let named: Vec<String> = named
            .map(|(modality, policy)| format!("of `{modality}` it {}", word(*policy)))
            .collect();
        let others = word(detect.text);
        let which = if named.is_empty() {
            format!("Rendered text in images of any modality {others}")
        } else {
            let named = named.join("; in images ");
            format!("Rendered text in images {named}; in all others it {others}")
        };
        let score = detect.min_score.map_or_else(String::new, |score| {
            format!(" Text is what scores {score} or more.")
        });
        page.paragraph(format!(
            "{which}.{score} A neural network that is part of samar looks at the picture in the windows of the header, over all values, \
             and above and below the window; of a cine it looks again at what changes. It marks places and reads nothing. It may miss \
             text: what it does not find is not blanked. An image that must be searched and cannot be decoded is quarantined. Dose, \
             segmentations, parametric maps and tiles of slides are not searched: nothing is rendered into them."
        ));
        if !detect.keep.is_empty() {
            let keep: Vec<String> = detect.keep.iter().map(|r| format!("`{r}`")).collect();
            page.paragraph(format!(
                "Text that lies in one of these areas is left alone: {}.",
                keep.join(", ")
            ));
        }
    }
}

fn row(rule: &PixelRule) -> [String; 5] {
    let sizes: Vec<String> = rule.sizes.iter().map(ToString::to_string).collect();
    let covers = match &rule.cover {
        Cover::Boxes(regions) => {
            let regions: Vec<String> = regions.iter().map(ToString::to_string).collect();
            regions.join(", ")
        }
        Cover::KeepOnly(tag) => format!("all outside `{}`", dictionary::name(*tag)),
        Cover::Nothing => "nothing is burned in".to_owned(),
    };
    [
        format!("`{}`", rule.id),
        format!("`{}`", rule.when),
        sizes.join(", "),
        covers,
        rule.because.clone(),
    ]
}
