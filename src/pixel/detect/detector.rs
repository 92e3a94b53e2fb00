//! From a frame to what was found in it.

use super::boxes;
use super::colour;
use super::gate::Gate;
use super::levels::Levels;
use super::map::Map;
use super::model::{ModelInfo, Network, Session};
use super::seen::{Pixels, Seen};
use super::settings::Settings;
use super::tiles::{self, Effort};
use super::views;
use super::{DetectError, Findings};

/// The weights that come with samar.
static EMBEDDED: &[u8] = include_bytes!("text.onnx");

/// A text detector: a network and what is needed to run it. One serves all threads, and works on the threads that call
/// it: one call keeps one core busy.
pub struct Detector {
    network: Network,
    info: ModelInfo,
}

impl Detector {
    /// The detector that comes with samar.
    ///
    /// # Errors
    /// [`DetectError::Unloadable`], which would be a mistake in the build.
    pub fn embedded() -> Result<Detector, DetectError> {
        Detector::from_onnx(EMBEDDED)
    }

    /// A detector from the bytes of an ONNX file. A network with one input channel is taken for one like samar's own,
    /// one with three for a DBNet that was made for photographs.
    ///
    /// The bytes may be anything, but a model can ask for any time and memory: load only what a site trusts.
    ///
    /// # Errors
    /// [`DetectError::Unloadable`] and [`DetectError::Shape`].
    pub fn from_onnx(bytes: &[u8]) -> Result<Detector, DetectError> {
        let (network, info) = Network::load(bytes)?;
        Ok(Detector { network, info })
    }

    /// Which network it runs.
    pub fn model(&self) -> &ModelInfo {
        &self.info
    }

    /// Finds the text in a frame.
    ///
    /// # Errors
    /// [`DetectError::Samples`], [`DetectError::Failed`] and [`DetectError::Thread`].
    pub fn find(&self, seen: &Seen, settings: &Settings) -> Result<Findings, DetectError> {
        seen.check()?;
        let mut map = Map::new(seen.rows as usize, seen.columns as usize);
        self.mark(seen, settings, None, &mut map)?;
        Ok(boxes::findings(&map, settings, self.marks_inner_part()))
    }

    /// Marks on the map what any view of a frame shows; of some of its squares only, when given.
    pub(super) fn mark(
        &self,
        seen: &Seen,
        settings: &Settings,
        squares: Option<&[bool]>,
        map: &mut Map,
    ) -> Result<Effort, DetectError> {
        self.network
            .on_a_thread(|session| mark(session, seen, settings, squares, map))
    }

    /// Whether what the network marks is the inner part of a line.
    pub(super) fn marks_inner_part(&self) -> bool {
        self.network.is_foreign()
    }
}

/// Marks on the map what any view of a frame shows.
fn mark(
    session: &Session<'_>,
    seen: &Seen,
    settings: &Settings,
    squares: Option<&[bool]>,
    map: &mut Map,
) -> Result<Effort, DetectError> {
    let columns = seen.columns as usize;
    let mut first: Option<Vec<u8>> = None;
    let mut effort = Effort::default();
    let mut look = |picture: Vec<u8>, map: &mut Map| {
        let mut gate = Gate::new(&picture, first.as_deref(), columns);
        if let Some(squares) = squares {
            gate.close_others(squares);
        }
        tiles::mark(session, &picture, &gate, map, &mut effort)?;
        first.get_or_insert(picture);
        Ok::<(), DetectError>(())
    };
    match &seen.pixels {
        Pixels::Grey(grey) => {
            let levels = Levels::new(grey);
            for view in views::of_grey(grey, &levels, settings.thorough) {
                look(view.paint(&levels), map)?;
            }
        }
        Pixels::Rgb(rgb) => {
            let levels = Levels::of_bytes(&colour::luma(rgb));
            for view in views::of_bytes(&levels, settings.thorough) {
                look(view.paint(&levels), map)?;
            }
            for picture in colour::differences(rgb, columns) {
                look(picture, map)?;
            }
        }
    }
    Ok(effort)
}
