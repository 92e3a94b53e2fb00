//! Examples: what a rule is said to make of a value against what it makes of it.

use super::rule::{Example, RuleAction};
use super::transform::Transformed;
use crate::dicom::Vr;
use crate::text::Cleaner;

/// What is wrong with an example, and what to do about it. Both may show it: an author invents examples.
pub(super) fn check(
    action: &RuleAction,
    vr: Vr,
    example: &Example,
    cleaner: &Cleaner,
) -> Option<(String, &'static str)> {
    let clean = |text: &str| cleaner.clean(text, &()).text;
    let Some(result) = action.transform(vr, &example.value, &clean) else {
        let word = action.word();
        return Some((
            format!("an example of `{word}` cannot be proved: its result depends on the key"),
            "take the example out",
        ));
    };
    match result {
        Transformed::Text(text) if text == example.gives => None,
        Transformed::Text(text) if text.is_empty() => Some((
            "nothing of this example stays".to_owned(),
            "write `gives: ''`, or change the rule",
        )),
        Transformed::Text(text) => Some((
            format!("this example gives `{text}`"),
            "correct it, or change the rule",
        )),
        Transformed::Unparsable => Some((
            format!("this example is not a value of VR {vr}, and would be removed"),
            "correct it, or change the rule",
        )),
    }
}
