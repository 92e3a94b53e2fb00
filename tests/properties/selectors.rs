//! Selectors: what is printed is read back as the same, and what is known ahead of a file is true in every place.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use samar::dicom::{Tag, Vr};
use samar::profile::selector::{Ahead, Place, Selector, Step, fold_creator};
use samar::standard::dictionary;

use super::cases;

static KEYWORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| dictionary::entries().iter().map(|e| e.keyword).collect());

static SEQUENCES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let sequences = dictionary::entries().iter().filter(|e| e.vr == Vr::SQ);
    sequences.map(|e| e.keyword).collect()
});

const CREATORS: &[&str] = &[
    "ACME 1.1",
    "acme  1.1 ",
    "GEMS_PARM_01",
    "a)b,[c]&!d",
    "Gerät ß",
];

fn keyword() -> impl Strategy<Value = String> {
    (0..KEYWORDS.len()).prop_map(|at| KEYWORDS[at].to_owned())
}

fn digit() -> impl Strategy<Value = char> {
    select("0123456789abcdefABCDEFxX@#".chars().collect::<Vec<_>>())
}

fn tag() -> impl Strategy<Value = String> {
    vec(digit(), 8).prop_map(|digits| {
        let (group, element) = digits.split_at(4);
        format!(
            "({},{})",
            String::from_iter(group),
            String::from_iter(element)
        )
    })
}

fn private() -> impl Strategy<Value = String> {
    let creator = prop_oneof![
        select(CREATORS).prop_map(str::to_owned),
        "[ -\\[\\]-z]{0,20}[a-zA-Z]"
    ];
    let last = select(vec!['1', '9', 'b', 'F', '#', 'x']);
    let byte = vec(
        select("0123456789abcdefABCDEFx".chars().collect::<Vec<_>>()),
        2,
    );
    (vec(digit(), 3), last, creator, byte).prop_map(|(group, last, creator, byte)| {
        let (group, byte) = (String::from_iter(group), String::from_iter(byte));
        format!("({group}{last},{{{creator}}},{byte})")
    })
}

fn element() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => keyword(),
        2 => tag(),
        2 => private(),
        1 => select(Vr::ALL).prop_map(|vr| format!("vr:{vr}")),
        1 => vec(digit(), 4).prop_map(|d| format!("group:{}", String::from_iter(d))),
        1 => Just("private".to_owned()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let sequence = prop_oneof![
        3 => (0..SEQUENCES.len()).prop_map(|at| SEQUENCES[at].to_owned()),
        1 => private(),
        1 => Just("(0009,1010)".to_owned()),
        1 => Just("(0040,A730)".to_owned()),
    ];
    let item = prop_oneof![
        Just("*".to_owned()),
        (0u32..3).prop_map(|n| n.to_string()),
        any::<u32>().prop_map(|n| n.to_string()),
    ];
    let start = select(vec!["", "**."]);
    (start, vec((sequence, item), 0..3), element()).prop_map(|(start, steps, last)| {
        let steps: Vec<String> = steps
            .iter()
            .map(|(sequence, item)| format!("{sequence}[{item}]."))
            .collect();
        let steps = steps.concat();
        format!("{start}{steps}{last}")
    })
}

/// Alternatives, each of several parts; `!` and brackets by small numbers.
fn selector() -> impl Strategy<Value = String> {
    let part = (prop_oneof![element(), path()], 0u8..12).prop_map(|(text, how)| match how {
        0 => format!("!{text}"),
        1 => format!("!! {text}"),
        2 => format!("( {text})"),
        _ => text,
    });
    let several = (vec(part, 1..3), 0u8..8).prop_map(|(parts, how)| {
        let (first, others) = parts.split_first().unwrap();
        match how {
            0 => format!("!({})", parts.join("&")),
            1 if !others.is_empty() => format!("{first} & !({})", others.join(" & ")),
            2 if !others.is_empty() => format!("( {first} ) & ({} )", others.join(" & ")),
            _ => parts.join(" & "),
        }
    });
    vec(several, 1..3).prop_map(|alternatives| match &alternatives[..] {
        [only] => only.clone(),
        _ => format!("[{}]", alternatives.join(" , ")),
    })
}

/// Few tags, creators and sequences, so that selectors and places meet.
fn small(text: &'static [&'static str]) -> impl Strategy<Value = Selector> {
    let part = (select(text), any::<bool>()).prop_map(|(text, not)| {
        let not = if not { "!" } else { "" };
        format!("{not}{text}")
    });
    vec(vec(part, 1..3), 1..3).prop_map(|alternatives| {
        let all: Vec<String> = alternatives.iter().map(|parts| parts.join(" & ")).collect();
        Selector::parse(&format!("[{}]", all.join(", "))).unwrap()
    })
}

const SMALL: &[&str] = &[
    "PatientName",
    "(0009,xxxx)",
    "(0009,{ACME},01)",
    "(0009,{acme},0x)",
    "(0009,{OTHER},01)",
    "vr:PN",
    "group:0010",
    "private",
    "ContentSequence[*].PatientName",
    "ContentSequence[1].vr:PN",
    "**.ContentSequence[0].private",
    "**.(0009,{ACME},10)[*].PatientName",
    "ContentSequence[*].(0009,{ACME},10)[*].(0009,{ACME},01)",
];

fn creator() -> impl Strategy<Value = Option<&'static str>> {
    select(vec![None, Some("ACME"), Some("OTHER")])
}

proptest! {
    #![proptest_config(cases(100_000))]

    #[test]
    fn printed_selectors_are_read_back_as_they_were(text in selector()) {
        let selector = Selector::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let printed = selector.to_string();
        let again = Selector::parse(&printed).unwrap_or_else(|e| panic!("{text}: {printed}: {e}"));
        prop_assert_eq!(&selector, &again, "{}: {}", text, printed);
        prop_assert_eq!(&printed, &again.to_string());
    }
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn what_is_known_ahead_is_true_everywhere(
        selector in small(SMALL),
        tag in select(vec![0x0010_0010u32, 0x0010_0020, 0x0009_0010, 0x0009_1001, 0x0009_1102, 0x0009_1110]),
        vr in select(vec![Vr::PN, Vr::LO]),
        own in creator(),
        path in vec((select(vec![0x0040_A730u32, 0x0009_1110]), creator(), 0usize..2), 0..3),
    ) {
        let own = own.filter(|_| Tag(tag).is_private());
        let steps: Vec<Step<'_>> = path
            .into_iter()
            .map(|(tag, creator, item)| Step { tag: Tag(tag), creator, item })
            .collect();
        let place = Place { tag: Tag(tag), vr, creator: own, path: &steps };
        let matches = selector.matches(&place);
        match selector.ahead(place.tag, vr) {
            Ahead::Yes => prop_assert!(matches, "{}", selector),
            Ahead::No => prop_assert!(!matches, "{}", selector),
            Ahead::Depends => {}
        }
        if let (true, Some(only)) = (matches, selector.only_tag()) {
            prop_assert_eq!(place.tag, only);
        }
    }
}

proptest! {
    // A word that PS3.6 does not have is compared with each that it has.
    #![proptest_config(cases(1_000))]

    #[test]
    fn no_text_breaks_the_reader(text in "[a-zA-Z0-9(),{}\\[\\]*.&!:@#x \\\\é]{0,40}") {
        if let Ok(selector) = Selector::parse(&text) {
            prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector));
        }
    }

    #[test]
    fn folding_a_creator_twice_changes_nothing(text in "\\PC{0,20}") {
        let folded = fold_creator(&text);
        prop_assert_eq!(fold_creator(&folded), folded);
    }
}

#[test]
fn every_keyword_is_printed_as_itself() {
    for entry in dictionary::entries() {
        let selector = Selector::parse(entry.keyword).unwrap();
        assert_eq!(selector.to_string(), entry.keyword);
    }
}
