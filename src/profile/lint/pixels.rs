//! What an author should know of what is done to pixels: by rules, and by the search for text.

use super::super::diagnostic::{Diagnostic, Severity};
use super::super::places::Item;
use super::super::{Cover, PixelRule, Profile, TextPolicy};
use crate::standard::methods::ProfileOption;

/// An image of a common size, columns and rows alike.
const COMMON: u32 = 512;

/// All remarks on pixels.
pub(super) fn remarks(profile: &Profile) -> Vec<Diagnostic> {
    let mut remarks = Vec::new();
    if profile.options.contains(ProfileOption::CleanPixelData) {
        remarks.push(clean_pixels(profile));
    } else {
        remarks.extend(unstated(profile));
    }
    remarks.extend(of_policy(profile, TextPolicy::Off).map(|(which, place)| {
        let claims = profile.options.contains(ProfileOption::CleanPixelData);
        let also = if claims {
            "; 113101 is stated where rules blank, whatever else is in the picture"
        } else {
            ""
        };
        Diagnostic {
            severity: Severity::Note,
            message: format!("text is not searched for in images of {which}"),
            help: Some(format!(
                "what no rule of `pixels` blanks stays in them{also}; `text: redact` blanks what is found"
            )),
            place: profile.place_of(place),
        }
    }));
    remarks.extend(of_policy(profile, TextPolicy::Report).map(|(which, place)| Diagnostic {
        severity: Severity::Note,
        message: format!("text that is found in images of {which} stays in them"),
        help: Some(
            "`report` tells where it is, and a run that finds any ends with exit code 1; `redact` blanks it"
                .to_owned(),
        ),
        place: profile.place_of(place),
    }));
    let keeps_all = profile
        .detect
        .keep
        .iter()
        .any(|region| region.on(COMMON, COMMON) == Some([0, 0, COMMON, COMMON]));
    if keeps_all && profile.detect.is_on() {
        remarks.push(Diagnostic {
            severity: Severity::Warning,
            message: "`keep` leaves the whole image alone, so that nothing is ever found"
                .to_owned(),
            help: Some("draw it around what must stay, or write `text: off`".to_owned()),
            place: profile.place_of(Item::Setting("pixels.detect.keep")),
        });
    }
    remarks
}

/// The images for which this is the policy, in words, and where the profile says so.
fn of_policy(profile: &Profile, policy: TextPolicy) -> Option<(String, Item<'static>)> {
    let detect = &profile.detect;
    let named = detect.modalities.iter();
    let named = named.filter(|(_, of_modality)| **of_modality == policy);
    let mut which: Vec<&str> = named.map(|(modality, _)| modality.as_str()).collect();
    let place = Item::Setting("pixels.detect.text");
    if detect.text != policy {
        let place = Item::Setting("pixels.detect.modalities");
        return (!which.is_empty()).then(|| (which.join(", "), place));
    }
    if detect.modalities.is_empty() {
        return Some(("any modality".to_owned(), place));
    }
    which.push("modalities that are not named");
    Some((which.join(", "), place))
}

/// What `clean-pixel-data` can do with the rules that there are and with what is found.
fn clean_pixels(profile: &Profile) -> Diagnostic {
    let option = ProfileOption::CleanPixelData;
    let code = option.method().code;
    let blanking = |rule: &&PixelRule| rule.cover != Cover::Nothing;
    let count = profile.pixels.iter().filter(blanking).count();
    let claims = "a file claims 113101 when something was blanked in it, and no other does";
    let (message, help) = match (count, profile.detect.blanks()) {
        (0, false) => (
            format!(
                "`{option}` has no rule of `pixels` that blanks anything, and no file claims {code}"
            ),
            "extend a pack such as `devices/ge`, or write rules for your scanners; until then `accept` quarantines images that are likely to show text".to_owned(),
        ),
        (0, true) => (
            format!("`{option}` blanks the text that is found"),
            format!("{claims}: that nothing is found is no proof; packs such as `devices/ge` blank what scanners write in any case"),
        ),
        (_, found) => (
            format!(
                "`{option}` blanks what {count} rules of `pixels` cover, and {}",
                if found {
                    "the text that is found"
                } else {
                    "searches for no text"
                }
            ),
            format!("{claims}; look at images of each scanner before you rely on a rule"),
        ),
    };
    Diagnostic {
        severity: Severity::Note,
        message,
        help: Some(help),
        place: profile.place_of(Item::Option(option)),
    }
}

/// Rules of `pixels` without the option that their work is of.
fn unstated(profile: &Profile) -> Option<Diagnostic> {
    let option = ProfileOption::CleanPixelData;
    let code = option.method().code;
    let blanks = |rule: &&PixelRule| rule.cover != Cover::Nothing;
    let rule = profile.pixels.iter().find(blanks)?;
    Some(Diagnostic {
        severity: Severity::Note,
        message: format!("regions are blanked, but {code} is not stated"),
        help: Some(format!(
            "with `options: [{option}]` a file states it when regions were blanked in it"
        )),
        place: profile.place_of(Item::Pixel(&rule.id)),
    })
}
