//! What a pixel rule covers, and the sizes for which it was drawn.

use super::check::Checker;
use super::pixel_rule::{Cover, Length, Region, Side, Size};
use super::syntax::{
    Field, KeepOnlySyntax, LengthSyntax, List, PixelSyntax, SideSyntax, SizeSyntax,
};
use super::tree::Node;
use super::words;

/// Rows and columns are 16-bit numbers (PS3.3 section C.7.6.3).
const LARGEST: i64 = u16::MAX as i64;

/// Rectangles, or sizes, in one rule.
const MOST: usize = 100;

const SHAPE: &str =
    "a region is `[x, y, width, height]` in pixels or percent, such as [0, 0, 100%, 60]";

const SIZE: &str = "a size is `[columns, rows]`, such as [1024, 768], [<=1024, 768] or [any, 768]; several are a list of them";

/// The keys of which a rule has one.
const COVERS: &[&str] = &["regions", "keep_only", "burned_in"];

impl Checker<'_> {
    /// What a rule covers; `None` when it does not say, or says it wrongly.
    pub(super) fn cover(&mut self, rule: &Node, syntax: &mut PixelSyntax) -> Option<Cover> {
        let mut given = COVERS.iter().filter(|key| rule.get(key).is_some());
        if let (Some(first), Some(second)) = (given.next(), given.next()) {
            let node = rule.get(second).unwrap_or(rule);
            self.error(node, format!("`{second}` stands beside `{first}`"))
                .help("write one of them; what several rules cover is united");
            return None;
        }
        let regions = self.regions(rule, std::mem::take(&mut syntax.regions));
        let keep_only = self.keep_only(rule, std::mem::take(&mut syntax.keep_only));
        let burned_in = std::mem::take(&mut syntax.burned_in);
        let nothing = self.word(rule, "burned_in", burned_in, words::BURNED_IN, "word");
        regions.map(Cover::Boxes).or(keep_only).or(nothing)
    }

    /// Notes that a new rule does not say what it covers.
    pub(super) fn require_cover(&mut self, rule: &Node, help: Option<&str>) {
        if COVERS.iter().all(|key| rule.get(key).is_none()) {
            let otherwise = "write `regions`, `keep_only`, or `burned_in: none`";
            self.error(rule, "`regions` is missing")
                .help(help.unwrap_or(otherwise));
        }
    }

    fn keep_only(&mut self, rule: &Node, field: Field<KeepOnlySyntax>) -> Option<Cover> {
        let syntax = self.value(rule, "keep_only", field)?;
        let node = rule.get("keep_only")?;
        self.keys(node, &syntax.others, words::KEEP_ONLY);
        self.require(node, &["from"], None);
        self.word(node, "from", syntax.from, words::KEEP_FROM, "source")
            .map(Cover::KeepOnly)
    }

    fn regions(
        &mut self,
        rule: &Node,
        field: List<Vec<Field<LengthSyntax>>>,
    ) -> Option<Vec<Region>> {
        let list = rule.get("regions");
        if let (Field::Given(_), Some(list)) = (&field, list.filter(|l| l.items().is_empty())) {
            self.error(list, format!("1 to {MOST} regions are wanted"))
                .help("a device that burns in no text is told with `burned_in: none`");
            return None;
        }
        self.rectangles(rule, "regions", field, 1)
    }

    /// A list of rectangles, at least `least` of them; `None` when there is none, or when any is written wrongly.
    pub(super) fn rectangles(
        &mut self,
        parent: &Node,
        key: &str,
        field: List<Vec<Field<LengthSyntax>>>,
        least: usize,
    ) -> Option<Vec<Region>> {
        if !matches!(field, Field::Given(_)) {
            self.entries(parent, key, field);
            return None;
        }
        let list = parent.get(key)?;
        if !(least..=MOST).contains(&list.items().len()) {
            self.error(list, format!("{least} to {MOST} regions are wanted"))
                .help(SHAPE);
            return None;
        }
        let mut regions = Vec::new();
        for (lengths, node) in self.entries(parent, key, field) {
            if self.found.is_full() {
                return None;
            }
            regions.extend(self.region(node, &lengths));
        }
        (regions.len() == list.items().len()).then_some(regions)
    }

    fn region(&mut self, node: &Node, lengths: &[Field<LengthSyntax>]) -> Option<Region> {
        let given: Vec<Option<Length>> = lengths.iter().map(length).collect();
        let [Some(x), Some(y), Some(width), Some(height)] = given[..] else {
            self.error(node, "not a region")
                .help(format!("{SHAPE}; no number is above {LARGEST} or 100%"));
            return None;
        };
        if width.is_zero() || height.is_zero() {
            self.error(node, "a region without pixels").help(SHAPE);
            return None;
        }
        Some(Region {
            x,
            y,
            width,
            height,
        })
    }

    /// The sizes of a rule; `None` when it names none, or names them wrongly.
    pub(super) fn sizes(&mut self, rule: &Node, field: Field<SizeSyntax>) -> Option<Vec<Size>> {
        let syntax = self.value(rule, "size", field)?;
        let node = rule.get("size")?;
        let pairs = match syntax {
            SizeSyntax::One(sides) => vec![(sides, node)],
            SizeSyntax::Any(pairs) => pairs.into_iter().zip(node.items()).collect(),
        };
        if pairs.is_empty() || pairs.len() > MOST {
            self.error(node, format!("1 to {MOST} sizes are wanted"))
                .help(SIZE);
            return None;
        }
        let mut sizes = Vec::new();
        for (sides, node) in &pairs {
            if self.found.is_full() {
                return None;
            }
            let sides: Vec<Option<Side>> = sides.iter().map(side).collect();
            if let [Some(columns), Some(rows)] = sides[..] {
                sizes.push(Size { columns, rows });
            } else {
                self.error(node, "not a size").help(SIZE);
            }
        }
        (sizes.len() == pairs.len()).then_some(sizes)
    }

    /// Notes regions that lie outside the images for which they were drawn.
    pub(super) fn regions_inside(&mut self, rule: &Node, sizes: &[Size], cover: &Cover) {
        let Cover::Boxes(regions) = cover else {
            return;
        };
        let nodes = rule.get("regions").map_or(&[][..], Node::items);
        for (index, region) in regions.iter().enumerate() {
            let outside = |size: &&Size| {
                let (columns, rows) = (size.columns.longest(), size.rows.longest());
                region.on(columns, rows).is_none()
            };
            let Some(size) = sizes.iter().find(outside) else {
                continue;
            };
            let node = nodes.get(index).or(rule.get("size")).unwrap_or(rule);
            self.error(node, format!("`{region}` lies outside an image of {size}"))
                .help("`size` is `[columns, rows]`, a region `[x, y, width, height]`");
        }
    }
}

fn length(field: &Field<LengthSyntax>) -> Option<Length> {
    match field {
        Field::Given(LengthSyntax::Pixels(number)) => pixels(*number).map(Length::Pixels),
        Field::Given(LengthSyntax::Percent(text)) => Length::parse_percent(text),
        Field::Wrong(_) | Field::Absent => None,
    }
}

fn side(syntax: &SideSyntax) -> Option<Side> {
    match syntax {
        SideSyntax::Pixels(number) => pixels(*number)
            .filter(|number| *number > 0)
            .map(Side::Exactly),
        SideSyntax::Bound(text) => Side::parse(text),
    }
}

fn pixels(number: i64) -> Option<u32> {
    u32::try_from(number)
        .ok()
        .filter(|_| (0..=LARGEST).contains(&number))
}
