//! Which instances are written, what is asked of pixel data, and what of every finished file.

use super::Statement;
use super::markdown::Page;
use crate::profile::settings::{MissingPatient, SecondReader, UnknownClass, UnknownElement};
use crate::profile::{Cover, Fill, PixelRule, Verdict};
use crate::standard::dictionary;
use crate::standard::methods::ProfileOption;

impl Statement<'_> {
    pub(super) fn instances(&self, page: &mut Page) {
        let unknown = self.profile.unknown;
        page.section("Instances");
        page.paragraph(format!(
            "Storage SOP Classes that PS3.4 maps to an IOD are de-identified; an instance of any other, private or \
             unknown class is {}. All transfer syntaxes of PS3.6 are read; none is changed.",
            match unknown.sop_class {
                UnknownClass::Quarantine => "quarantined",
                UnknownClass::Reject => "rejected",
            }
        ));
        if unknown.public == UnknownElement::Quarantine {
            page.paragraph("An instance with an element that PS3.6 does not list is quarantined.");
        }
        if unknown.private == UnknownElement::Quarantine {
            page.paragraph("An instance with a private element that nothing keeps is quarantined.");
        }
        match self.profile.pseudonyms.patient.missing {
            MissingPatient::Derive => {}
            MissingPatient::Quarantine => {
                page.paragraph("An instance that does not say whose it is is quarantined.");
            }
            MissingPatient::Reject => {
                page.paragraph("An instance that does not say whose it is is rejected.");
            }
        }
        if self.profile.accept.is_empty() {
            page.paragraph("No rule withholds an instance for what it is.");
            return;
        }
        page.paragraph(
            "These rules are asked in this order, and the first that matches decides. What none matches is de-identified. \
             What is withheld is not written. An inherited rule that the profile turned into `accept` lifts its own reason only.",
        );
        let rows: Vec<_> = self
            .profile
            .accept
            .iter()
            .map(|rule| {
                let word = match rule.verdict {
                    Verdict::Accept => "accept",
                    Verdict::Reject => "reject",
                    Verdict::Quarantine => "quarantine",
                };
                [
                    format!("`{}`", rule.id),
                    word.to_owned(),
                    format!("`{}`", rule.when),
                    rule.because.clone(),
                ]
            })
            .collect();
        page.table(["rule", "decision", "when", "because"], &rows);
    }

    pub(super) fn pixels(&self, page: &mut Page) {
        page.section("Pixel data");
        let rules = &self.profile.pixels;
        if self.blanks() {
            let fill = match self.profile.fill {
                Fill::Black => "what displays as black",
                Fill::Mean => "the mean of the frame outside of it",
            };
            page.paragraph(format!(
                "What the rules below cover is replaced in every frame by {fill}; the rest of the image and the transfer \
                 syntax stay. What several rules cover is united, as far as they were drawn for images of its size. An image of \
                 which a rule speaks and whose size none of those that blank fits, or whose regions cannot be placed, is \
                 quarantined, and so is one that cannot be decoded and written in its own \
                 syntax. Lossy JPEG is changed in the blocks that a region touches and nowhere else; other frames that were \
                 coded with loss become reversible. Every frame is compared with its original before it is written. The pixel \
                 data of all other images is copied byte for byte, but for what is said below."
            ));
            page.paragraph(format!(
                "An image in which regions were blanked says so: (0028,0301) Burned In Annotation is `NO`, value 1 of (0008,0008) \
                 Image Type `DERIVED`, and (0008,2111) Derivation Description tells what was done. {}",
                if self.has(ProfileOption::CleanPixelData) {
                    "It carries 113101."
                } else {
                    "113101 is not stated, since the profile does not have the option `clean-pixel-data`."
                }
            ));
        } else {
            page.paragraph(
                "No region is blanked: pixel data is copied byte for byte in its transfer syntax, but for what is said below, and \
                 (0028,0301) Burned In Annotation is neither added nor changed.",
            );
        }
        page.paragraph(
            "No face is removed, and nothing is read off a picture. Structure is checked: \
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

    pub(super) fn verification(&self, page: &mut Page) {
        page.section("Verification");
        page.paragraph(
            "Before a file is published, its finished bytes are read back. It is withheld unless",
        );
        let mut items = vec![
            "its structure, lengths and transfer syntax are as intended, with nothing behind the last element;".to_owned(),
            "each element may be there by this profile and has a value that the decision allows; this is asked anew, element by element;".to_owned(),
            "no name, identifier, institution or instance UID that was found in the original, and that the profile does not keep, stands in the bytes that were kept;".to_owned(),
            "the markers above are exactly those of this profile.".to_owned(),
        ];
        match self.profile.verify.second_reader {
            Some(SecondReader::Parse) => {
                items.push("a second, independent parser can read it.".to_owned());
            }
            Some(SecondReader::Decode) => {
                items.push(
                    "a second, independent parser can read it and decode every frame.".to_owned(),
                );
            }
            None => {}
        }
        page.list(&items);
        if self.profile.report.required {
            page.paragraph("A run without a report is refused.");
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
