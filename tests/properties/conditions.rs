//! Conditions: what is printed is read back as the same, and means the same.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use samar::dicom::Tag;
use samar::profile::{Attributes, Condition, Fact};

use super::cases;

const OPERATORS: &[&str] = &["==", "!=", "has", "<", "<=", ">", ">="];

/// A comparison: attribute, operator out of the first so many, value; or `in` with several.
fn comparison(
    attributes: &'static [&'static str],
    operators: usize,
    value: impl Strategy<Value = String> + Clone,
) -> impl Strategy<Value = String> {
    let many = vec(value.clone(), 1..4).prop_map(|values| format!("in [{}]", values.join(" ,")));
    let one = (select(&OPERATORS[..operators]), value);
    let test = prop_oneof![3 => one.prop_map(|(o, v)| if o == "has" { format!("has {v}") } else { format!("{o}{v}") }), 1 => many];
    (select(attributes), test).prop_map(|(attribute, test)| format!("{attribute} {test}"))
}

fn quoted(text: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> + Clone {
    (text, any::<bool>()).prop_map(|(text, double)| {
        match (text.contains('"'), text.contains('\'')) {
            (true, true) => format!("\"{}\"", text.replace('"', "")),
            (false, _) if double => format!("\"{text}\""),
            (false, true) => format!("\"{text}\""),
            _ => format!("'{text}'"),
        }
    })
}

fn leaf() -> impl Strategy<Value = String> {
    let text = quoted("[ -\\[\\]-~é]{0,8}");
    let code = quoted(select(vec!["CT", "mr", "US", " OT ", ""]).prop_map(str::to_owned));
    let number = prop_oneof![
        any::<i32>().prop_map(|n| n.to_string()),
        (-1e30f64..1e30).prop_map(|n| n.to_string()),
        select(vec!["-0", "1e3", ".5", "1e-300", "-1E+4"]).prop_map(str::to_owned),
    ];
    let date =
        (1000u32..3000, 1u32..13, 1u32..32).prop_map(|(y, m, d)| format!("'{y:04}{m:02}{d:02}'"));
    let time = select(vec![
        "'12'",
        "\"1230\"",
        "'123000'",
        "'123000.5'",
        "'235960'",
    ]);
    let date_time = select(vec![
        "'2024'",
        "'202401311230+0700'",
        "'20240131123000.000001-0330'",
    ]);
    let age = select(vec!["'045Y'", "'012M'", "'001W'", "'999D'"]);
    let class = select(vec![
        "CTImageStorage",
        "'1.2.840.10008.5.1.4.1.1.4'",
        "\"1.2.3\"",
        "UltrasoundImageStorageRetired",
    ]);
    let pattern = select(vec![
        "'^CT'",
        "\"a|b\"",
        "'\\d+$'",
        "'(?i)thorax'",
        "'\"'",
        "''",
        "\"[^']\"",
    ]);
    prop_oneof![
        comparison(
            &["PatientName", "StudyDescription", "OverlayLabel"],
            3,
            text
        ),
        comparison(&["Modality", "ModalitiesInStudy", "PatientSex"], 3, code),
        comparison(&["Rows", "SliceThickness", "SeriesNumber"], 7, number),
        comparison(&["StudyDate", "PatientBirthDate"], 7, date),
        comparison(&["StudyTime"], 7, time.prop_map(str::to_owned)),
        comparison(
            &["AcquisitionDateTime"],
            7,
            date_time.prop_map(str::to_owned)
        ),
        comparison(&["PatientAge"], 7, age.prop_map(str::to_owned)),
        comparison(&["SOPClassUID"], 3, class.prop_map(str::to_owned)),
        (
            select(vec!["StudyDescription", "StudyDate", "Modality"]),
            pattern
        )
            .prop_map(|(attribute, pattern)| format!("{attribute} ~ {pattern}")),
        select(vec![
            "exists(PixelData)",
            "exists( ContentSequence )",
            "pixels.matched"
        ])
        .prop_map(str::to_owned),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    leaf().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|c| format!("not ({c})")),
            inner.clone().prop_map(|c| format!("not {c}")),
            vec(inner.clone(), 1..4).prop_map(|cs| cs.join(" and ")),
            vec(inner.clone(), 1..4).prop_map(|cs| cs.join(" or ")),
            vec(inner, 1..4).prop_map(|cs| format!("({})", cs.join(") and ("))),
        ]
    })
}

/// An instance whose every attribute has the same value.
struct Same(Option<String>);

impl Attributes for Same {
    fn values(&self, _: Tag, see: &mut dyn FnMut(&str)) -> bool {
        self.0.iter().for_each(|value| see(value));
        self.0.is_some()
    }

    fn fact(&self, _: Fact) -> bool {
        self.0.is_some()
    }
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn printed_conditions_are_read_back_as_they_were(text in condition()) {
        let condition = Condition::parse(&text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let printed = condition.to_string();
        let again = Condition::parse(&printed).unwrap_or_else(|e| panic!("{text}: {printed}: {e:?}"));
        prop_assert_eq!(&condition, &again, "{}: {}", text, printed);
        prop_assert_eq!(&printed, &again.to_string());
        prop_assert_eq!(condition.reads(), again.reads());
    }

    #[test]
    fn a_condition_and_its_trace_agree(
        leaves in vec(leaf(), 1..4),
        value in proptest::option::of(select(vec!["", "CT", "20240131", "512", "045Y"])),
    ) {
        let instance = Same(value.map(str::to_owned));
        let all = Condition::parse(&leaves.join(" and ")).unwrap();
        let any = Condition::parse(&leaves.join(" or ")).unwrap();
        let trace = all.trace(&instance);
        prop_assert_eq!(trace.len(), leaves.len());
        prop_assert_eq!(&trace, &any.trace(&instance));
        prop_assert_eq!(all.holds(&instance), trace.iter().all(|(_, held)| *held));
        prop_assert_eq!(any.holds(&instance), trace.iter().any(|(_, held)| *held));
        for (text, held) in &trace {
            let alone = Condition::parse(text).unwrap();
            prop_assert_eq!(alone.holds(&instance), *held);
        }
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn no_text_breaks_the_reader(text in "(Rows|PatientName|StudyTime|and|or|not|exists|in|~|<|==|\"|'|[0-9]|\\(|\\)|\\[|\\]|,|\\\\| |é){0,12}") {
        if let Ok(condition) = Condition::parse(&text) {
            prop_assert_eq!(Condition::parse(&condition.to_string()), Ok(condition));
        }
    }
}
