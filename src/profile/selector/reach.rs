//! Which private elements a selector can match, and whether it can match what PS3.6 does not list.

use super::{Ahead, Element, Selector};
use crate::dicom::{Tag, Vr};
use crate::standard::dictionary;

/// A private element in whichever block its creator has reserved.
#[derive(Clone, Copy, Debug)]
pub struct PrivateKind<'a> {
    /// The creator, folded with [`super::fold_creator`].
    pub creator: &'a str,
    /// The group, odd.
    pub group: u16,
    /// The last byte of the element.
    pub byte: u8,
    /// The VR, where it is known.
    pub vr: Option<Vr>,
}

impl Selector {
    /// What is known of all private elements that a creator has reserved a block for.
    pub(in crate::profile) fn on_private(&self) -> Ahead {
        self.judge(&|element| match element {
            Element::Tags { mask, value } if mask & 0x1_0000 & !value != 0 => Ahead::No,
            Element::Tags { mask, .. } if mask & !0x1_0000 == 0 => Ahead::Yes,
            _ => Ahead::Depends,
        })
    }

    /// What is known of a private element, whatever its block.
    pub(in crate::profile) fn on_kind(&self, kind: &PrivateKind<'_>) -> Ahead {
        self.judge(&|element| element.on_kind(kind))
    }

    /// What is known of all public elements that PS3.6 does not list; their VR counts as UN.
    pub(in crate::profile) fn on_unlisted(&self) -> Ahead {
        self.judge(&|element| match element {
            Element::Vr(vr) if *vr == Vr::UN => Ahead::Yes,
            Element::Private { .. } | Element::Vr(_) => Ahead::No,
            Element::Tags { mask, value } if mask & value & 0x1_0000 != 0 => Ahead::No,
            Element::Tags { mask, .. } if mask & !0x1_0000 == 0 => Ahead::Yes,
            Element::Tags { .. } => match element.only_tag() {
                Some(tag) if dictionary::by_tag(tag).is_some() => Ahead::No,
                _ => Ahead::Depends,
            },
        })
    }

    /// The private elements that it can match, when they are few and each is named by folded creator, group and
    /// element byte.
    pub(in crate::profile) fn private_names(&self) -> Option<Vec<(&str, u16, u8)>> {
        if self.on_private() == Ahead::No {
            return Some(Vec::new());
        }
        match self {
            Selector::Element(element) => element.private_name().map(|name| vec![name]),
            Selector::Path(path) => path.last.private_name().map(|name| vec![name]),
            Selector::Not(_) => None,
            Selector::All(parts) => parts.iter().find_map(Selector::private_names),
            Selector::Any(parts) => {
                let names: Option<Vec<_>> = parts.iter().map(Selector::private_names).collect();
                let mut names = names?.concat();
                names.sort_unstable();
                names.dedup();
                Some(names)
            }
        }
    }

    /// Whether it names the creator of every private element that it can match.
    pub(in crate::profile) fn names_creators(&self) -> bool {
        let names = |element: &Element| matches!(element, Element::Private { .. });
        self.on_private() == Ahead::No
            || match self {
                Selector::Element(element) => names(element),
                Selector::Path(path) => names(&path.last),
                Selector::Not(_) => false,
                Selector::All(parts) => parts.iter().any(Selector::names_creators),
                Selector::Any(parts) => parts.iter().all(Selector::names_creators),
            }
    }
}

impl Element {
    fn private_name(&self) -> Option<(&str, u16, u8)> {
        match self {
            Element::Private {
                group_mask: u16::MAX,
                group,
                creator,
                byte_mask: u8::MAX,
                byte,
            } => Some((creator, *group, *byte)),
            _ => None,
        }
    }

    fn on_kind(&self, kind: &PrivateKind<'_>) -> Ahead {
        let known = |yes| if yes { Ahead::Yes } else { Ahead::No };
        match self {
            Element::Tags { mask, value } => {
                // The block is the file's own choice.
                let seen = mask & 0xFFFF_00FF;
                let tag = Tag(u32::from(kind.group) << 16 | u32::from(kind.byte));
                match known(tag.0 & seen == value & seen) {
                    Ahead::Yes if seen != *mask => Ahead::Depends,
                    known => known,
                }
            }
            Element::Vr(vr) => kind
                .vr
                .map_or(Ahead::Depends, |known_vr| known(known_vr == *vr)),
            Element::Private {
                group_mask,
                group,
                creator,
                byte_mask,
                byte,
            } => known(
                kind.group & group_mask == *group
                    && kind.byte & byte_mask == *byte
                    && kind.creator == creator,
            ),
        }
    }
}
