//! What one element is named by: its tag, its private creator, its VR.

use crate::dicom::{Tag, Vr};
use crate::standard::dictionary::{self, Entry};

use super::Ahead;

/// What a selector says of one element, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// The tags whose bits under `mask` equal `value`: a keyword, a tag, a tag pattern, a group, or `private`.
    Tags {
        /// The bits that count.
        mask: u32,
        /// What those bits must be.
        value: u32,
    },
    /// Private elements of a creator, whichever block it has reserved (PS3.5 section 7.8.1).
    Private {
        /// The bits of the group that count.
        group_mask: u16,
        /// What those bits must be; the group is odd.
        group: u16,
        /// The creator, folded with [`fold_creator`].
        creator: String,
        /// The bits of the element's last byte that count.
        byte_mask: u8,
        /// What those bits must be.
        byte: u8,
    },
    /// Every element of a VR.
    Vr(Vr),
}

/// A private creator as it is compared: without spaces around it, with single spaces inside, in upper case.
pub fn fold_creator(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '\0')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").to_uppercase()
}

impl Element {
    /// `private`: every element of an odd group.
    pub(super) const PRIVATE: Element = Element::Tags {
        mask: 0x1_0000,
        value: 0x1_0000,
    };

    /// The one tag of a keyword, or every member of its repeating group, such as the sixteen of `OverlayData`.
    pub(super) fn keyword(entry: &Entry) -> Element {
        let (mask, value) = dictionary::pattern(entry);
        Element::Tags { mask, value }
    }

    /// The row of PS3.6 that has just these tags.
    pub(super) fn entry(&self) -> Option<&'static Entry> {
        match self {
            Element::Tags { mask, value } => dictionary::by_pattern(*mask, *value),
            Element::Private { .. } | Element::Vr(_) => None,
        }
    }

    pub(super) fn matches(&self, tag: Tag, vr: Vr, creator: Option<&str>) -> bool {
        match self.ahead(tag, vr) {
            Ahead::No => false,
            Ahead::Yes => true,
            Ahead::Depends => match self {
                Element::Private {
                    creator: wanted, ..
                } => creator == Some(wanted.as_str()),
                Element::Tags { .. } | Element::Vr(_) => false,
            },
        }
    }

    pub(super) fn ahead(&self, tag: Tag, vr: Vr) -> Ahead {
        let known = |yes| if yes { Ahead::Yes } else { Ahead::No };
        match self {
            Element::Tags { mask, value } => known(tag.0 & mask == *value),
            Element::Vr(wanted) => known(*wanted == vr),
            Element::Private {
                group_mask,
                group,
                byte_mask,
                byte,
                ..
            } => {
                let [block, last] = tag.element().to_be_bytes();
                // Blocks 10 to FF hold elements; (gggg,0010) to (gggg,00FF) hold the creators themselves.
                let possible = tag.group() & group_mask == *group
                    && block >= 0x10
                    && last & byte_mask == *byte;
                if possible { Ahead::Depends } else { Ahead::No }
            }
        }
    }

    pub(super) fn only_tag(&self) -> Option<Tag> {
        match self {
            Element::Tags { mask, value } if *mask == u32::MAX => Some(Tag(*value)),
            _ => None,
        }
    }

    pub(super) fn is_private(&self) -> bool {
        match self {
            Element::Tags { mask, value } => Tag(mask & value).is_private(),
            Element::Private { .. } => true,
            Element::Vr(_) => false,
        }
    }

    /// The VR, when it says one or PS3.6 has one.
    pub(super) fn vr(&self) -> Option<Vr> {
        match self {
            Element::Vr(vr) => Some(*vr),
            _ => self.entry().map(|entry| entry.vr),
        }
    }
}
