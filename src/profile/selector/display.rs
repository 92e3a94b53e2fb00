//! Selectors as text: the shortest spelling that the parser reads back as the same selector.

use std::fmt::{Display, Formatter, Result};

use super::{Element, Path, Selector};

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Selector::Element(element) => element.fmt(f),
            Selector::Path(path) => path.fmt(f),
            Selector::Not(inner) => {
                f.write_str("!")?;
                match &**inner {
                    Selector::All(_) => write!(f, "({inner})"),
                    inner => inner.fmt(f),
                }
            }
            Selector::All(parts) => joined(f, parts, " & "),
            Selector::Any(parts) => {
                f.write_str("[")?;
                joined(f, parts, ", ")?;
                f.write_str("]")
            }
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Selector], between: &str) -> Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.anywhere {
            f.write_str("**.")?;
        }
        for step in &self.steps {
            match step.item {
                Some(item) => write!(f, "{}[{item}].", step.sequence)?,
                None => write!(f, "{}[*].", step.sequence)?,
            }
        }
        self.last.fmt(f)
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if *self == Element::PRIVATE {
            return f.write_str("private");
        }
        if let Some(entry) = self.entry() {
            return f.write_str(entry.keyword);
        }
        match self {
            Element::Tags { mask, value } => {
                let (group_mask, element_mask) = (mask >> 16, mask & 0xFFFF);
                let group = digits(group_mask, value >> 16, 4);
                if element_mask == 0 {
                    return write!(f, "group:{group}");
                }
                write!(f, "({group},{})", digits(element_mask, value & 0xFFFF, 4))
            }
            Element::Private {
                group_mask,
                group,
                creator,
                byte_mask,
                byte,
            } => {
                let group = digits((*group_mask).into(), (*group).into(), 4);
                let byte = digits((*byte_mask).into(), (*byte).into(), 2);
                write!(f, "({group},{{{creator}}},{byte})")
            }
            Element::Vr(vr) => write!(f, "vr:{vr}"),
        }
    }
}

/// Digits with `x` for any, `@` for even and `#` for odd.
fn digits(mask: u32, value: u32, count: u32) -> String {
    let nibble = |bits: u32, at: u32| bits >> (4 * at) & 0xF;
    (0..count)
        .rev()
        .map(|at| match (nibble(mask, at), nibble(value, at)) {
            (0x0, _) => 'x',
            (0x1, 0) => '@',
            (0x1, _) => '#',
            (_, digit) => char::from_digit(digit, 16).map_or('x', |c| c.to_ascii_uppercase()),
        })
        .collect()
}
