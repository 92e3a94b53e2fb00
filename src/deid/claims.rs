//! What the maker of an instance says of its private elements: Private Data Element Characteristics Sequence
//! (0008,0300), PS3.3 section C.12.1.1.7.

use crate::dicom::tape::{Element, Tape};
use crate::dicom::value::trim;
use crate::dicom::{Encoding, Tag};
use crate::profile::selector::fold_creator;

const CHARACTERISTICS: Tag = Tag(0x0008_0300);
const GROUP_REFERENCE: Tag = Tag(0x0008_0301);
const CREATOR_REFERENCE: Tag = Tag(0x0008_0302);
const STATUS: Tag = Tag(0x0008_0303);
const NONIDENTIFYING: Tag = Tag(0x0008_0304);
const ACTION_SEQUENCE: Tag = Tag(0x0008_0305);
const IDENTIFYING: Tag = Tag(0x0008_0306);

/// The claims of one instance, by group and creator.
#[derive(Debug, Default)]
pub(super) struct Claims(Vec<Claim>);

#[derive(Debug)]
struct Claim {
    group: u16,
    creator: String,
    /// Element bytes that are claimed to be safe.
    safe: Bytes,
    /// Element bytes that are claimed to identify.
    unsafe_: Bytes,
}

/// A set of element bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Bytes([u64; 4]);

impl Bytes {
    const ALL: Bytes = Bytes([u64::MAX; 4]);

    /// Of element numbers, the lowest eight bits count.
    fn of(numbers: &[u16]) -> Bytes {
        let mut bytes = Bytes::default();
        for number in numbers {
            if let Some(word) = bytes.0.get_mut(usize::from(number >> 6 & 3)) {
                *word |= 1 << (number & 63);
            }
        }
        bytes
    }

    fn contains(self, byte: u8) -> bool {
        let word = self.0.get(usize::from(byte >> 6));
        word.is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    fn and_also(self, other: Bytes) -> Bytes {
        let mut both = self;
        for (word, more) in both.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        both
    }
}

impl Claims {
    pub(super) fn read(tape: &Tape, encoding: Encoding) -> Claims {
        let Some(at) = tape
            .top_level()
            .find(|(_, e)| e.tag == CHARACTERISTICS)
            .map(|(at, _)| at)
        else {
            return Claims::default();
        };
        let items = tape.children(at);
        let mut claims: Vec<Claim> = items
            .filter_map(|(item, _)| claim(tape, item, encoding))
            .collect();
        claims.sort_by(|a, b| (a.group, &a.creator).cmp(&(b.group, &b.creator)));
        claims.dedup_by(|later, first| {
            let same = (later.group, &later.creator) == (first.group, &first.creator);
            if same {
                first.safe = first.safe.and_also(later.safe);
                first.unsafe_ = first.unsafe_.and_also(later.unsafe_);
            }
            same
        });
        Claims(claims)
    }

    /// Whether an element is claimed to be free of identifying information; `None` when nothing is claimed. Where
    /// claims differ, the one that takes counts.
    pub(super) fn of(&self, creator: &str, group: u16, element: u8) -> Option<bool> {
        let place = self
            .0
            .binary_search_by(|claim| (claim.group, claim.creator.as_str()).cmp(&(group, creator)));
        let claim = self.0.get(place.ok()?)?;
        if claim.unsafe_.contains(element) {
            Some(false)
        } else {
            claim.safe.contains(element).then_some(true)
        }
    }
}

fn claim(tape: &Tape, item: usize, encoding: Encoding) -> Option<Claim> {
    let find = |tag| tape.children(item).find(|(_, e)| e.tag == tag);
    let numbers = |element: &Element| -> Vec<u16> {
        let value = tape.value(element);
        value
            .chunks_exact(2)
            .filter_map(|pair| Some(encoding.u16(*pair.first_chunk()?)))
            .collect()
    };
    let group = *numbers(find(GROUP_REFERENCE)?.1).first()?;
    let creator = String::from_utf8_lossy(tape.value(find(CREATOR_REFERENCE)?.1)).into_owned();
    let actions = find(ACTION_SEQUENCE).map(|(at, _)| at);
    let identifying: Vec<u16> = actions
        .into_iter()
        .flat_map(|at| tape.children(at))
        .flat_map(|(action, _)| tape.children(action))
        .filter(|(_, e)| e.tag == IDENTIFYING)
        .flat_map(|(_, e)| numbers(e))
        .collect();
    let (safe, unsafe_) = match trim(tape.value(find(STATUS)?.1)) {
        b"SAFE" => (Bytes::ALL, Bytes::default()),
        b"MIXED" => {
            let listed = find(NONIDENTIFYING).map_or(Vec::new(), |(_, e)| numbers(e));
            (Bytes::of(&listed), Bytes::default())
        }
        _ => (Bytes::default(), Bytes::ALL),
    };
    Some(Claim {
        group,
        creator: fold_creator(&creator),
        safe,
        unsafe_: unsafe_.and_also(Bytes::of(&identifying)),
    })
}
