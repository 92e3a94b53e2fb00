//! `samar preview --sheet`: many images, small, each with a number that says nothing.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::cli::args::{PreviewArgs, Show};
use crate::cli::preview::{after, found, save};
use crate::cli::table::aligned;
use crate::cli::term::{self, Term};
use crate::deid::Deidentifier;
use crate::dicom::{Instance, Limits, ReadError, Scratch};
use crate::error::printable;
use crate::exit::Exit;
use crate::input::{Entry, Inputs, Kind, open_regular};
use crate::preview::{self, Page, Tile};
use crate::sink::{OutputRoom, picture};

/// Images in a row.
const COLUMNS: u32 = 8;

pub(super) fn run(
    args: &PreviewArgs,
    to: &Path,
    judge: Option<&Deidentifier>,
    term: Term,
) -> anyhow::Result<Exit> {
    let inputs = Inputs::find(&args.inputs)?;
    let studio = Studio {
        frame: args.frame,
        limits: Limits::from(args.limits),
        judge,
        show: args.show.unwrap_or(Show::Regions),
        room: OutputRoom::new(picture::folder(to)),
    };
    let columns = args.columns.unwrap_or(COLUMNS);
    let mut book = Book::new(to, columns);
    let mut told = Told::default();
    for entry in &inputs.entries {
        // A bug that one file uncovers must not take the others with it.
        let tile = catch_unwind(AssertUnwindSafe(|| studio.tile(entry)))
            .unwrap_or_else(|_| Some(Tile::default().because("internal-error")));
        let Some(tile) = tile else {
            told.others += 1;
            continue;
        };
        let number = book.add(&tile)?;
        told.count(&tile);
        if args.list {
            let name = printable(inputs.relative(entry));
            let reason = tile.reason().unwrap_or("-").to_owned();
            told.rows.push([number.to_string(), reason, name]);
        }
    }
    if told.tiles == 0 {
        bail!("none of these files is a DICOM instance\nhelp: nothing was written");
    }
    let pages = book.finish()?;
    if args.list {
        term::print(&aligned("", &told.rows))?;
    }
    term.note(&told.text(pages, judge.is_some()));
    Ok(told.exit)
}

/// What makes tiles of files.
struct Studio<'a> {
    frame: u32,
    limits: Limits,
    judge: Option<&'a Deidentifier>,
    show: Show,
    room: OutputRoom,
}

impl Studio<'_> {
    /// The tile of one file; `None` for what is not DICOM.
    fn tile(&self, entry: &Entry) -> Option<Tile> {
        let missing = |reason: &str| Some(Tile::default().because(reason));
        let input = match entry.kind {
            Kind::File => open_regular(&entry.path),
            Kind::Link | Kind::Special => return None,
            Kind::Unreadable(_) => return missing("io"),
        };
        let Ok(input) = input else {
            return missing("io");
        };
        let instance = match Instance::read(&input.source, &self.limits, Scratch::default()) {
            Ok(instance) => instance,
            Err(ReadError::NotDicom | ReadError::Dicomdir) => return None,
            Err(error) => return missing(&crate::run::process::unreadable(&error).reason),
        };
        if let Err(refusal) = crate::deid::check_pixels(&instance, &self.limits) {
            return missing(&refusal.reason);
        }
        let before = match preview::show(&instance, self.frame, None) {
            Ok(before) => before,
            Err(error) => return missing(error.reason()),
        };
        let Some(judge) = self.judge else {
            return Some(Tile::of(&before.picture));
        };
        let plan = judge.pixel_plan(&instance).ok();
        drop(instance);
        let source = &input.source;
        let after = after(judge, source, self.frame, &before, self.show, &self.room);
        let mut before = Tile::of(&before.picture);
        if let Some((plan, text)) = &plan {
            before = before.marked(&plan.ruled(), &found(plan, text.as_ref()));
        }
        Some(match (after, self.show) {
            (Err(refusal), _) => before.because(&refusal.reason),
            (Ok(Some(after)), Show::After) => Tile::of(&after),
            (Ok(Some(after)), _) => before.beside(Tile::of(&after)),
            (Ok(None), _) => before,
        })
    }
}

/// The pages, written one by one.
struct Book<'a> {
    to: &'a Path,
    columns: u32,
    page: Page,
    /// Pages written.
    pages: u64,
    tiles: u64,
}

impl<'a> Book<'a> {
    fn new(to: &'a Path, columns: u32) -> Book<'a> {
        Book {
            to,
            columns,
            page: Page::new(columns),
            pages: 0,
            tiles: 0,
        }
    }

    /// Adds a tile; gives its number, from 1.
    fn add(&mut self, tile: &Tile) -> anyhow::Result<u64> {
        if self.page.is_full() {
            let full = std::mem::replace(&mut self.page, Page::new(self.columns));
            self.pages += 1;
            save(&full.into_picture(), &numbered(self.to, self.pages))?;
        }
        self.tiles += 1;
        self.page.add(self.tiles, tile);
        Ok(self.tiles)
    }

    /// Writes the last page; gives how many there are. The only one bears no number.
    fn finish(self) -> anyhow::Result<u64> {
        let pages = self.pages + 1;
        let to = if pages == 1 {
            self.to.to_path_buf()
        } else {
            numbered(self.to, pages)
        };
        save(&self.page.into_picture(), &to)?;
        Ok(pages)
    }
}

/// `sheet.png` as `sheet-2.png`.
fn numbered(path: &Path, number: u64) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(OsString::from("."));
        name.push(extension);
    }
    path.with_file_name(name)
}

/// What there is to tell in the end.
#[derive(Default)]
struct Told {
    tiles: u64,
    /// Without a picture.
    missing: u64,
    /// Drawn, but not to be written.
    withheld: u64,
    /// Files that are not DICOM instances.
    others: u64,
    exit: Exit,
    rows: Vec<[String; 3]>,
}

impl Told {
    fn count(&mut self, tile: &Tile) {
        self.tiles += 1;
        let Some(reason) = tile.reason() else { return };
        if tile.is_drawn() {
            self.withheld += 1;
        } else {
            self.missing += 1;
        }
        self.exit = self.exit.merge(if reason == "io" {
            Exit::Incomplete
        } else {
            Exit::Attention
        });
    }

    fn text(&self, pages: u64, judged: bool) -> String {
        let count = |n: u64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        let mut parts = vec![format!(
            "{} on {}",
            count(self.tiles, "image"),
            count(pages, "page")
        )];
        if self.missing > 0 {
            parts.push(format!("{} without a picture", self.missing));
        }
        if judged {
            parts.push(format!("{} would be withheld", self.withheld));
        }
        let text = parts.join(", ");
        match self.others {
            0 => text,
            n => format!("{text}; {} left out, no DICOM instance", count(n, "file")),
        }
    }
}
