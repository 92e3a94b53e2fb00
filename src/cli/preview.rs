//! `samar preview`: one frame as a picture, to see what is burned in before a profile is written.

use std::io;

use anyhow::bail;

use crate::cli::args::PreviewArgs;
use crate::dicom::{Instance, Limits, Scratch};
use crate::error::{Error, printable};
use crate::exit::Exit;
use crate::input::open::open_regular;
use crate::pixel::render::{render_frame, save_png};

pub(super) fn run(args: &PreviewArgs) -> anyhow::Result<Exit> {
    let limits = Limits::from(args.limits);
    // The decoder's reader trusts what a file claims, so samar's own bounded reader goes first.
    let input = open_regular(&args.file).map_err(|source| {
        let path = args.file.clone();
        match source.kind() {
            io::ErrorKind::NotFound => Error::InputMissing { path, more: 0 },
            _ => Error::Io {
                doing: "open",
                path,
                source,
            },
        }
    })?;
    let instance = match Instance::read(&input.source, &limits, Scratch::default()) {
        Ok(instance) => instance,
        Err(e) => bail!("cannot read `{}`: {e}", printable(&args.file)),
    };
    crate::deid::check_pixels(&instance, &limits).map_err(anyhow::Error::msg)?;
    let picture = render_frame(&args.file, args.frame)?;
    save_png(&picture, &args.out)?;
    Ok(Exit::Clean)
}
