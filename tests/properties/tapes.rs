//! Walking and writing: without edits nothing changes, with edits nothing else does.

use proptest::prelude::*;
use samar::dicom::{
    Edits, Element, Encoding, Flags, Instance, Limits, Scratch, Source, Tag, Vr, edit,
};

use super::cases;
use super::trees::{choices, dataset, encoding};
use crate::build::join;

/// What an element is, apart from where it stands: depth, tag, VR and, for a value, its bytes.
type Seen = (u16, Tag, Vr, Option<Vec<u8>>);

fn whole_value(instance: &Instance<'_>, source: &Source, element: &Element) -> Vec<u8> {
    if !element.flags.has(Flags::BULK) {
        return instance.tape.value(element).to_vec();
    }
    let at = element.start + u32::from(element.head);
    let hole = instance
        .tape
        .holes
        .iter()
        .find(|hole| hole.at == at)
        .unwrap();
    join(
        &[],
        &[samar::dicom::Part::Source {
            offset: hole.offset,
            len: hole.len,
        }],
        source,
    )
}

/// A sequence without items is as good as an empty value: under UN nothing tells them apart.
fn level(list: Vec<Seen>) -> Vec<Seen> {
    let depths: Vec<u16> = list.iter().map(|seen| seen.0).collect();
    let close = |(i, seen): (usize, Seen)| {
        let hollow = seen.3.is_none() && depths.get(i + 1).is_none_or(|next| *next <= seen.0);
        if hollow {
            (seen.0, seen.1, seen.2, Some(Vec::new()))
        } else {
            seen
        }
    };
    list.into_iter().enumerate().map(close).collect()
}

fn seen(instance: &Instance<'_>, source: &Source) -> Vec<Seen> {
    let elements = instance.tape.elements.iter();
    elements
        .map(|e| {
            let value = (!e.flags.has(Flags::CONTAINER)).then(|| whole_value(instance, source, e));
            (e.depth, e.tag, e.vr, value)
        })
        .collect()
}

fn read(source: &Source) -> Instance<'_> {
    Instance::read(source, &Limits::default(), Scratch::default()).unwrap()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn what_is_walked_and_written_without_edits_is_the_same(set in dataset(), encoding in encoding()) {
        let file = set.file(encoding);
        let source = Source::Memory(file.clone());
        let instance = read(&source);
        prop_assert_eq!(instance.syntax.encoding, encoding);
        let (memory, parts) =
            edit::write(&instance.tape, encoding, &Edits::default(), Vec::new(), Vec::new());
        let begin = instance.tape.begin as usize;
        prop_assert!(join(&memory, &parts, &source) == file[begin..]);
        prop_assert_eq!(instance.tape.trailing, 0);
    }

    #[test]
    fn the_tape_holds_what_was_written(set in dataset(), encoding in encoding()) {
        let source = Source::Memory(set.file(encoding));
        let instance = read(&source);
        let tape = &instance.tape;
        let tags: Vec<Tag> = tape.top_level().map(|(_, e)| e.tag).collect();
        let wanted: Vec<Tag> = set.0.iter().map(|node| node.tag).collect();
        prop_assert_eq!(tags, wanted);
        let mut last = 0;
        for (i, element) in tape.elements.iter().enumerate() {
            prop_assert!(element.start >= last, "elements stand in the order of their bytes");
            last = element.start;
            prop_assert!(element.next as usize > i && element.next as usize <= tape.elements.len());
            if let Some(parent) = tape.elements.get(element.parent as usize) {
                prop_assert!(parent.start < element.start && element.end <= parent.end);
                prop_assert_eq!(parent.depth + 1, element.depth);
            } else {
                prop_assert_eq!(element.depth, 0);
            }
        }
    }

    #[test]
    fn edits_change_what_they_name_and_nothing_else(
        set in dataset(), encoding in encoding(), choices in choices(),
    ) {
        let file = set.file(encoding);
        let source = Source::Memory(file.clone());
        let instance = read(&source);
        let tape = &instance.tape;
        let before = seen(&instance, &source);

        let mut edits = Edits::default();
        let mut wanted: Vec<Seen> = Vec::new();
        let mut i = 0;
        let mut choices = choices.into_iter().peekable();
        while let Some(element) = tape.elements.get(i) {
            while choices.next_if(|(at, _)| *at < i).is_some() {}
            let choice = choices.next_if(|(at, _)| *at == i);
            // The first element tells the encoding and stays; items and sequences can only go.
            match choice {
                Some((_, Some(value)))
                    if i > 0 && element.tag != Tag::ITEM && !element.flags.has(Flags::CONTAINER) =>
                {
                    edits.replace(i, &value);
                    let mut padded = value;
                    if padded.len() % 2 == 1 {
                        padded.push(element.vr.padding());
                    }
                    wanted.push((element.depth, element.tag, element.vr, Some(padded)));
                    i += 1;
                }
                Some((_, None)) if i > 0 => {
                    edits.remove(i);
                    i = element.next as usize;
                }
                _ => {
                    wanted.push(before[i].clone());
                    i += 1;
                }
            }
        }
        let begin = tape.begin as usize;
        let (memory, parts) = edit::write(tape, encoding, &edits, file[..begin].to_vec(), vec![samar::dicom::Part::Memory(0..begin)]);
        let written = Source::Memory(join(&memory, &parts, &source));
        let again = read(&written);
        prop_assert_eq!(again.syntax.encoding, encoding);
        prop_assert_eq!(level(seen(&again, &written)), level(wanted));
    }

    #[test]
    fn reading_is_the_same_from_any_scratch(sets in proptest::collection::vec((dataset(), encoding()), 1..5)) {
        let mut scratch = Scratch::default();
        for (set, encoding) in sets {
            let source = Source::Memory(set.file(encoding));
            let fresh = seen(&read(&source), &source);
            let reused = Instance::read(&source, &Limits::default(), scratch).unwrap();
            prop_assert_eq!(seen(&reused, &source), fresh);
            scratch = reused.into_scratch();
        }
    }
}

#[test]
fn the_encodings_are_really_different() {
    // A guard for the properties above: they would hold for a generator that ignored its encoding.
    let set = crate::build::ct();
    let files: Vec<Vec<u8>> = [
        Encoding::EXPLICIT_LE,
        Encoding::IMPLICIT_LE,
        Encoding::EXPLICIT_BE,
    ]
    .map(|encoding| set.bytes(encoding))
    .to_vec();
    assert!(files[0] != files[1] && files[1] != files[2] && files[0] != files[2]);
}
