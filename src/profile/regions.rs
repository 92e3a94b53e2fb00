//! The `regions` of a pixel rule.

use super::check::Checker;
use super::pixel_rule::Region;
use super::syntax::Field;
use super::tree::Node;

/// Rows and columns are 16-bit numbers (PS3.3 section C.7.6.3).
const LARGEST: i64 = u16::MAX as i64;

/// Rectangles in one rule.
const MOST: usize = 100;

const SHAPE: &str = "a region is `[x, y, width, height]` in pixels, such as [0, 0, 1024, 60]";

impl Checker<'_> {
    pub(super) fn regions(
        &mut self,
        rule: &Node,
        field: Field<Vec<Field<Vec<Field<i64>>>>>,
    ) -> Option<Vec<Region>> {
        if !matches!(field, Field::Given(_)) {
            self.entries(rule, "regions", field);
            return None;
        }
        let list = rule.get("regions")?;
        if list.items().is_empty() || list.items().len() > MOST {
            self.error(list, format!("1 to {MOST} regions are wanted"))
                .help(SHAPE);
            return None;
        }
        let mut regions = Vec::new();
        for (numbers, node) in self.entries(rule, "regions", field) {
            if self.found.is_full() {
                return None;
            }
            regions.extend(self.region(node, &numbers));
        }
        (regions.len() == list.items().len()).then_some(regions)
    }

    fn region(&mut self, node: &Node, numbers: &[Field<i64>]) -> Option<Region> {
        let given: Vec<i64> = numbers
            .iter()
            .filter_map(|number| match number {
                Field::Given(number) => Some(*number),
                Field::Wrong(_) | Field::Absent => None,
            })
            .collect();
        let fits = |number: &i64| (0..=LARGEST).contains(number);
        let [x, y, width, height] = given[..] else {
            self.error(node, "not a region").help(SHAPE);
            return None;
        };
        if numbers.len() != 4 || !given.iter().all(fits) {
            self.error(node, "not a region")
                .help(format!("{SHAPE}; no number is above {LARGEST}"));
            return None;
        }
        if width == 0 || height == 0 {
            self.error(node, "a region without pixels").help(SHAPE);
            return None;
        }
        let number = |number: i64| u32::try_from(number).ok();
        Some(Region {
            x: number(x)?,
            y: number(y)?,
            width: number(width)?,
            height: number(height)?,
        })
    }
}
