//! `samar preview`: images as pictures, to see what is burned in and what a profile does about it.

use std::io;
use std::path::Path;

use anyhow::bail;

use crate::cli::args::{PreviewArgs, Show};
use crate::cli::term::Term;
use crate::cli::{sheet, subjects};
use crate::deid::explain::Rect;
use crate::deid::redact::Plan;
use crate::deid::{Deidentifier, Fate, Mask, Refusal, TextSearch};
use crate::dicom::{Instance, Limits, ReadAt, Scratch};
use crate::error::{Error, printable, sanitise};
use crate::exit::Exit;
use crate::input::open::open_regular;
use crate::preview::{self, PreviewError, RgbImage, Shown};
use crate::profile::TextPolicy;
use crate::pseudonym::Key;
use crate::run;
use crate::sink::{OutputRoom, picture};
use crate::verify::read_back_limits;

pub(super) fn run(args: &PreviewArgs, term: Term) -> anyhow::Result<Exit> {
    let judge = args.profile.as_deref().map(|profile| judge(args, profile));
    let judge = judge.transpose()?;
    match (&args.sheet, &args.out) {
        (Some(to), _) => sheet::run(args, to, judge.as_ref(), term),
        (None, Some(to)) => one(args, to, judge.as_ref(), term),
        (None, None) => bail!("no picture named"),
    }
}

/// What the profile makes of files. Keys reach no pixel: one for this run will do.
fn judge(args: &PreviewArgs, profile: &str) -> anyhow::Result<Deidentifier> {
    let profile = crate::profile::load(profile)?;
    let subjects = subjects::of(&profile)?;
    let limits = Limits::from(args.limits);
    let judge = Deidentifier::new(profile, &Key::generate()?, limits, subjects)?;
    args.text_model.give(judge)
}

fn one(
    args: &PreviewArgs,
    to: &Path,
    judge: Option<&Deidentifier>,
    term: Term,
) -> anyhow::Result<Exit> {
    let [file] = args.inputs.as_slice() else {
        bail!("--out draws one file\nhelp: `--sheet` draws many");
    };
    let limits = Limits::from(args.limits);
    let input = match open_regular(file) {
        Ok(input) => input,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            let path = file.clone();
            return Err(Error::InputMissing { path, more: 0 }.into());
        }
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => {
            bail!("--out draws one regular file\nhelp: `--sheet` draws all files of a folder")
        }
        Err(source) => {
            let (doing, path) = ("open", file.clone());
            return Err(Error::Io {
                doing,
                path,
                source,
            }
            .into());
        }
    };
    let instance = match Instance::read(&input.source, &limits, Scratch::default()) {
        Ok(instance) => instance,
        Err(e) => bail!("cannot read `{}`: {e}", printable(file)),
    };
    crate::deid::check_pixels(&instance, &limits).map_err(anyhow::Error::msg)?;
    let before = preview::show(&instance, args.frame, None)?;
    let Some(judge) = judge else {
        save(&before.picture, to)?;
        return Ok(Exit::Clean);
    };
    let plan = judge.pixel_plan(&instance);
    drop(instance);
    let room = OutputRoom::new(picture::folder(to));
    let show = args.show.unwrap_or(Show::Regions);
    let after = after(judge, &input.source, args.frame, &before, show, &room);
    let drawn = Drawn {
        before: before.picture,
        plan: plan.as_ref().ok(),
        after: after.as_ref().ok().and_then(Option::as_ref),
    };
    save(&drawn.picture(show), to)?;
    if let Ok((plan, text)) = &plan {
        term.note(&rules(plan));
        if let Some(text) = text {
            term.note(&searched(text));
        }
    }
    match after {
        Ok(_) => Ok(Exit::Clean),
        Err(refusal) => Ok(withheld(term, &refusal)),
    }
}

/// What would be written, as a picture if one is asked for: from the bytes themselves, in the shades of `before`.
pub(super) fn after(
    judge: &Deidentifier,
    source: &dyn ReadAt,
    frame: u32,
    before: &Shown,
    show: Show,
    room: &OutputRoom,
) -> Result<Option<RgbImage>, Refusal> {
    let verified = run::process(judge, source, &mut Scratch::default(), room)?;
    if show == Show::Regions {
        return Ok(None);
    }
    let unreadable = |_| {
        Refusal::quarantine(
            "verify-structure",
            "what would be written does not read back",
        )
    };
    let file = verified.file(source);
    let limits = read_back_limits(judge.limits());
    let instance = Instance::read(&file, &limits, Scratch::default()).map_err(unreadable)?;
    match preview::show(&instance, frame, Some(before)) {
        Ok(shown) => Ok(Some(shown.picture)),
        Err(PreviewError::Refused(refusal)) => Err(refusal),
        Err(error) => {
            let detail = "what would be written cannot be shown";
            Err(Refusal::quarantine(error.reason(), detail))
        }
    }
}

/// Writes a picture. What the system refuses is not the user's fault, and so told apart from a file in the way.
pub(super) fn save(drawn: &RgbImage, to: &Path) -> anyhow::Result<()> {
    match picture::save(&preview::png(drawn)?, to) {
        Err(Error::Io { source, .. }) => {
            let what = format!("cannot write the picture `{}`", printable(to));
            Err(anyhow::Error::new(source).context(what))
        }
        other => Ok(other?),
    }
}

/// The pictures of one frame.
struct Drawn<'a> {
    before: RgbImage,
    plan: Option<&'a (Plan, Option<TextSearch>)>,
    after: Option<&'a RgbImage>,
}

impl Drawn<'_> {
    /// What is asked for; without an output, the regions.
    fn picture(mut self, show: Show) -> RgbImage {
        if let (Show::After, Some(after)) = (show, self.after) {
            return after.clone();
        }
        if let Some((plan, text)) = self.plan {
            preview::regions(&mut self.before, &plan.ruled());
            preview::found(&mut self.before, &found(plan, text.as_ref()));
        }
        match self.after {
            Some(after) => preview::pair(&self.before, after),
            None => self.before,
        }
    }
}

/// Says which rules speak of the image, and what they cover.
fn rules(plan: &Plan) -> String {
    if plan.rules.is_empty() {
        return "no pixel rule of the profile speaks of this image".to_owned();
    }
    let names: Vec<String> = plan.rules.iter().map(|id| sanitise(id)).collect();
    let pixels = plan.ruled().pixels();
    format!(
        "pixel rules (magenta): {}; {pixels} pixels of each frame",
        names.join(", ")
    )
}

/// Where text was found, whatever becomes of it.
pub(super) fn found(plan: &Plan, text: Option<&TextSearch>) -> Mask {
    let found = text.map_or(&[][..], |text| &text.found);
    let rects: Vec<Rect> = found.iter().map(|found| found.rect).collect();
    let (columns, rows) = plan.size;
    Mask::new(rows, columns, &rects)
}

/// Says what the search for text gave.
fn searched(text: &TextSearch) -> String {
    match &text.searched {
        Err(why) => format!("text: not searched ({})", sanitise(why.reason())),
        Ok(_) if text.found.is_empty() && !text.is_unsure() => "text: none found".to_owned(),
        Ok(_) => {
            let what = match text.policy {
                TextPolicy::Redact => "blanked",
                _ => "left as they are",
            };
            let (found, unsure) = (text.found.len(), text.unsure);
            format!("text (lime): {found} places found, {what}; others that may be text: {unsure}")
        }
    }
}

/// Says why the file would not be written.
fn withheld(term: Term, refusal: &Refusal) -> Exit {
    let (reason, detail) = (sanitise(&refusal.reason), sanitise(&refusal.detail));
    term.warn(&format!("would be withheld by {reason}: {detail}"));
    if refusal.fate == Fate::Failed {
        Exit::Incomplete
    } else {
        Exit::Attention
    }
}
