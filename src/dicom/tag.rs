//! Attribute tags (PS3.5 section 7.1).

use std::fmt;

/// A data element tag: group in the high 16 bits, element in the low 16 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u32);

impl Tag {
    /// Item (FFFE,E000).
    pub const ITEM: Tag = Tag(0xFFFE_E000);
    /// Item Delimitation Item (FFFE,E00D).
    pub const ITEM_END: Tag = Tag(0xFFFE_E00D);
    /// Sequence Delimitation Item (FFFE,E0DD).
    pub const SEQUENCE_END: Tag = Tag(0xFFFE_E0DD);
    /// Pixel Data (7FE0,0010).
    pub const PIXEL_DATA: Tag = Tag(0x7FE0_0010);

    /// Builds a tag from its two halves.
    pub const fn new(group: u16, element: u16) -> Tag {
        Tag((group as u32) << 16 | element as u32)
    }

    /// The group number.
    pub const fn group(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// The element number within the group.
    pub const fn element(self) -> u16 {
        self.0 as u16
    }

    /// Whether the group is odd: a private element, or an illegal odd group (PS3.5 section 7.1).
    pub const fn is_private(self) -> bool {
        self.0 & 0x1_0000 != 0
    }

    /// Whether this is a retired group length (gggg,0000).
    pub const fn is_group_length(self) -> bool {
        self.element() == 0
    }

    /// Reads `gggg,eeee`, with or without parentheses, or eight hexadecimal digits.
    pub fn parse(text: &str) -> Option<Tag> {
        let inner = text
            .strip_prefix('(')
            .and_then(|t| t.strip_suffix(')'))
            .unwrap_or(text);
        let digits: String = match inner.split_once(',') {
            Some((group, element)) if group.len() == 4 && element.len() == 4 => {
                [group, element].concat()
            }
            Some(_) => return None,
            None => inner.to_owned(),
        };
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(&digits, 16).ok().map(Tag)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:04X},{:04X})", self.group(), self.element())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
