//! Lays the `pixels` rules of one file over those that it extends.

use rustc_hash::FxHashMap;

use super::check::Checker;
use super::compile::{Layers, index, of, similar};
use super::condition::{Condition, Fact};
use super::detect::Detect;
use super::pixel_rule::PixelRule;
use super::places::Item;
use super::syntax::{Field, PixelSyntax, PixelsSyntax};
use super::tree::Node;
use super::words;

impl Layers {
    /// An entry with the id of an inherited rule changes it in place; the others come before all inherited ones.
    pub(super) fn add_pixels(
        &mut self,
        checker: &mut Checker<'_>,
        entries: Vec<(PixelSyntax, &Node)>,
    ) {
        let inherited = index(self.pixels.iter().map(|rule| &rule.id));
        let (mut seen, mut fresh) = (FxHashMap::default(), Vec::new());
        for (mut entry, node) in entries {
            if checker.found.is_full() {
                return;
            }
            checker.keys(node, &entry.others, words::PIXEL);
            let id = checker.id(node, std::mem::take(&mut entry.id), &mut seen);
            let when = checker.pixel_condition(node, std::mem::take(&mut entry.when));
            let sizes = checker.sizes(node, std::mem::take(&mut entry.size));
            let cover = checker.cover(node, &mut entry);
            let because = checker.because(node, entry.because);
            if let Some(id) = &id {
                checker.places.note(Item::Pixel(id), of(node, "id"));
            }
            let old = id.as_ref().and_then(|id| inherited.get(id));
            if let Some(rule) = old.and_then(|index| self.pixels.get_mut(*index)) {
                rule.when = when.unwrap_or_else(|| rule.when.clone());
                rule.sizes = sizes.unwrap_or_else(|| std::mem::take(&mut rule.sizes));
                rule.cover = cover.unwrap_or_else(|| rule.cover.clone());
                rule.because = because.unwrap_or_default();
                checker.regions_inside(node, &rule.sizes, &rule.cover);
                continue;
            }
            if self.whole {
                let help = similar(id.as_deref(), &inherited);
                checker.require(node, &["when"], help.as_deref());
                checker.require_cover(node, help.as_deref());
            }
            // A rule whose `size` cannot be read would speak of images of every size.
            let sizes = match (sizes, node.get("size")) {
                (None, Some(_)) => continue,
                (sizes, _) => sizes.unwrap_or_default(),
            };
            if let (Some(id), Some(when), Some(cover)) = (id, when, cover) {
                checker.regions_inside(node, &sizes, &cover);
                fresh.push(PixelRule {
                    id,
                    when,
                    sizes,
                    cover,
                    because: because.unwrap_or_default(),
                });
            }
        }
        self.pixels.splice(0..0, fresh);
    }
}

impl Checker<'_> {
    /// Reads what is searched for, and gives the entries of the rules.
    pub(super) fn pixels<'n>(
        &mut self,
        top: &'n Node,
        field: Field<PixelsSyntax>,
        detect: &mut Detect,
    ) -> Vec<(PixelSyntax, &'n Node)> {
        match (self.value(top, "pixels", field), top.get("pixels")) {
            (Some(PixelsSyntax::Rules(rules)), _) => {
                self.entries(top, "pixels", Field::Given(rules))
            }
            (Some(PixelsSyntax::Each(each)), Some(node)) => {
                self.keys(node, &each.others, words::PIXELS);
                self.detect(node, each.detect, detect);
                self.entries(node, "rules", each.rules)
            }
            _ => Vec::new(),
        }
    }

    fn pixel_condition(&mut self, rule: &Node, field: Field<String>) -> Option<Condition> {
        let when = self.condition(rule, field)?;
        let on_rules = [Fact::PixelsMatched, Fact::PixelsBlanked];
        if on_rules.iter().any(|fact| when.asks(*fact)) {
            let node = rule.get("when").unwrap_or(rule);
            self.error(node, "a pixel rule cannot ask whether a pixel rule matches")
                .help("ask for attributes of the device, such as `ManufacturerModelName`");
        }
        let of_search = [Fact::PixelsFound, Fact::PixelsUnsure];
        if of_search.iter().any(|fact| when.asks(*fact)) {
            let node = rule.get("when").unwrap_or(rule);
            self.error(node, "a pixel rule cannot ask what the search for text gave")
                .help("rules come first: ask for attributes of the device, such as `ManufacturerModelName`");
        }
        Some(when)
    }
}
