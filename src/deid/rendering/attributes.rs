//! Attributes of one frame: its own, those that all frames share, or those of the instance (PS3.3 section C.7.6.16).

use crate::dicom::value::{first_ascii, split};
use crate::dicom::{Element, Instance, Tag};

const SHARED_FUNCTIONAL_GROUPS: Tag = Tag(0x5200_9229);
const PER_FRAME_FUNCTIONAL_GROUPS: Tag = Tag(0x5200_9230);

/// An element for one frame, and its place on the tape.
pub(super) fn find<'a>(
    instance: &'a Instance<'_>,
    frame: u32,
    tag: Tag,
) -> Option<(usize, &'a Element)> {
    grouped(instance, PER_FRAME_FUNCTIONAL_GROUPS, frame, tag)
        .or_else(|| grouped(instance, SHARED_FUNCTIONAL_GROUPS, 0, tag))
        .or_else(|| instance.tape.top_level().find(|(_, e)| e.tag == tag))
}

/// An element in one of the macros of an item of functional groups.
fn grouped<'a>(
    instance: &'a Instance<'_>,
    groups: Tag,
    item: u32,
    tag: Tag,
) -> Option<(usize, &'a Element)> {
    let tape = &instance.tape;
    let (groups, _) = tape.top_level().find(|(_, e)| e.tag == groups)?;
    let (item, _) = tape.children(groups).nth(item as usize)?;
    tape.children(item)
        .filter_map(|(group, _)| tape.children(group).next())
        .flat_map(|(only, _)| tape.children(only))
        .find(|(_, e)| e.tag == tag)
}

/// The values of a decimal string; what is no number is left out from there on.
pub(super) fn decimals(instance: &Instance<'_>, frame: u32, tag: Tag) -> Vec<f64> {
    let Some((_, element)) = find(instance, frame, tag) else {
        return Vec::new();
    };
    let number = |value: &[u8]| -> Option<f64> {
        let number: f64 = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
        number.is_finite().then_some(number)
    };
    split(instance.tape.value(element))
        .map_while(number)
        .collect()
}

/// The first value as text.
pub(super) fn text<'a>(instance: &'a Instance<'_>, frame: u32, tag: Tag) -> Option<&'a str> {
    let (_, element) = find(instance, frame, tag)?;
    first_ascii(instance.tape.value(element))
}

/// The first value of a decimal string.
pub(super) fn decimal(instance: &Instance<'_>, frame: u32, tag: Tag) -> Option<f64> {
    let number: f64 = text(instance, frame, tag)?.parse().ok()?;
    number.is_finite().then_some(number)
}
