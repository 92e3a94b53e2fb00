//! Whether what an action gives can stand in an element of a VR, and what could be done instead.

use super::rule::RuleAction;
use super::settings::Settings;
use super::value;
use crate::dicom::Vr;
use crate::pseudonym::format::Format;

/// Length of a patient's pseudonym without a form of its own: 20 digits.
const PATIENT: &str = "{digits:20}";
/// Length of any other: 16 digits.
const OTHER: &str = "{digits:16}";

/// Why an action cannot be done to values of a VR, and what can.
pub(super) fn misfit(
    action: &RuleAction,
    vr: Vr,
    max_values: u32,
    settings: &Settings,
    format: Option<&Format>,
) -> Option<(String, String)> {
    let word = action.word();
    if !action.fits(vr) {
        let message = if vr == Vr::SQ {
            format!("holds items, and `{word}` is for values")
        } else {
            format!("cannot hold what `{word}` gives")
        };
        return Some((message, instead(action, vr)));
    }
    match action {
        RuleAction::Set(text) => set_misfit(text, vr, max_values),
        RuleAction::Mask(mask) if vr == Vr::CS => {
            value::misfit(vr, &mask.with.to_string()).map(|form| {
                let message = format!("cannot hold `{}`: a value is {form}", mask.with);
                (message, "cover with `_` or `X`".to_owned())
            })
        }
        RuleAction::Round(step) if vr != Vr::DS && step.fract() != 0.0 => Some((
            format!("holds whole numbers, and {step} is none"),
            "write a whole number, such as `{round: 5}`".to_owned(),
        )),
        RuleAction::PseudonymPatient => {
            let default = Format::parse(PATIENT).ok();
            let format = settings
                .pseudonyms
                .patient
                .format
                .as_ref()
                .or(default.as_ref())?;
            form_misfit(format, vr)
        }
        RuleAction::PseudonymAccession => {
            let default = Format::parse(OTHER).ok();
            let format = settings
                .pseudonyms
                .accession
                .as_ref()
                .or(default.as_ref())?;
            form_misfit(format, vr)
        }
        RuleAction::Pseudonym(_) => form_misfit(format?, vr),
        _ => None,
    }
}

fn set_misfit(text: &str, vr: Vr, max_values: u32) -> Option<(String, String)> {
    if !text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Some((
            "would hold a character outside printable ASCII".to_owned(),
            "not every character set can hold it; use letters, digits and signs of ASCII"
                .to_owned(),
        ));
    }
    let values = value::values(vr, text);
    if max_values > 0 && values.len() > max_values as usize {
        return Some((
            format!(
                "holds at most {max_values}, and this text is {} values",
                values.len()
            ),
            "backslashes separate values; take some out".to_owned(),
        ));
    }
    let form = values.iter().find_map(|one| value::misfit(vr, one))?;
    Some((
        "cannot hold this text".to_owned(),
        format!("a value of VR {vr} is {form}"),
    ))
}

fn form_misfit(format: &Format, vr: Vr) -> Option<(String, String)> {
    if format.fits(vr) {
        return None;
    }
    let longest = vr.max_chars().unwrap_or(usize::MAX);
    if format.len() > longest {
        let message = format!(
            "has room for {longest} characters, and this pseudonym has {}",
            format.len()
        );
        return Some((
            message,
            "write a form of your own for it in `pseudonyms`, such as `{hmac:10}`".to_owned(),
        ));
    }
    let form = value::misfit(vr, "a").unwrap_or_else(|| "printable ASCII".to_owned());
    Some((
        format!("cannot hold `{format}`"),
        format!("a value of VR {vr} is {form}"),
    ))
}

/// What to do where an action does not fit.
fn instead(action: &RuleAction, vr: Vr) -> String {
    let fitting = match vr {
        Vr::DA | Vr::DT | Vr::TM => "`shift`, `truncate-date`, ",
        Vr::AS | Vr::DS | Vr::IS => "`round`, ",
        Vr::UI => "`uid`, ",
        Vr::SQ => "`keep`, ",
        vr if vr.is_text() && !matches!(action, RuleAction::Uid) => "`set`, ",
        _ => "",
    };
    format!("{fitting}`dummy`, `empty` and `remove` can be done to VR {vr}")
}
