//! Takes what is not image out of a compressed frame. The walks of [`super::codestream`] say where foreign parts lie;
//! here is decided what stands in their place, and which lengths elsewhere in the frame change with them.
//!
//! Nothing is decoded or encoded: the coded image is copied byte for byte. What comes out is inspected again, so that
//! no mistake here can let a frame through that an inspection would stop.

mod edit;
mod jpeg;
mod jpeg2000;
mod rle;

use thiserror::Error;

use super::codestream::{self, Family, Finding, inspect_bytes};
use super::geometry::Geometry;
use edit::Edit;

/// Why nothing was taken out. The words name a kind of structure and never content.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StripError {
    /// The frame does not follow its syntax or does not belong to the header.
    #[error("the frame cannot be vouched for: {0}\nhelp: the pixel data is damaged; leave it out")]
    Malformed(&'static str),
    /// Without it the image would be another, or would be shown differently.
    #[error("bound to the image: {0}\nhelp: decode and encode the image again, or leave it out")]
    Bound(&'static str),
    /// An inspection of what came out found this.
    #[error("left after stripping: {0}\nhelp: leave the pixel data out")]
    Left(&'static str),
}

/// The frame without what is not image; a frame that [`codestream::inspect`] calls clean comes back as it is.
///
/// `frame` is all of a frame's fragments together and `geometry` what the data set's header says. Taken out are
/// * COM and APPn segments of JPEG and JPEG-LS. JFIF and Adobe segments, on which colour hangs, are reduced to their
///   fixed numbers;
/// * COM segments of JPEG 2000, with the tile-part lengths that count them (Psot, TLM). A JP2 file that holds anything
///   foreign is reduced to its codestream, as PS3.5 A.4.4 wants it;
/// * boxes of JPEG XL that are not image, `jbrd` among them: the JPEG file that was recompressed can no longer be put
///   together again, its image is what it was;
/// * bytes behind the end of the image, and behind each RLE segment (PS3.5 Annex G).
///
/// The result has no padding behind the image, nor an even length. What stays is byte for byte as it was.
///
/// # Errors
/// [`StripError::Malformed`] for a frame that does not follow its syntax, [`StripError::Bound`] where the foreign part
/// decides what is shown (palettes, profiles inside the codestream, extra channels, unknown segments),
/// [`StripError::Left`] should an inspection still find something.
pub fn strip(family: Family, geometry: &Geometry, frame: &[u8]) -> Result<Vec<u8>, StripError> {
    match inspect_bytes(family, geometry, frame) {
        Finding::Clean => return Ok(frame.to_vec()),
        Finding::Malformed(kind) => return Err(StripError::Malformed(kind)),
        Finding::Foreign(_) => {}
    }
    let parts = codestream::parts(family, geometry, frame).map_err(|finding| match finding {
        Finding::Malformed(kind) => StripError::Malformed(kind),
        Finding::Foreign(kind) => StripError::Bound(kind),
        Finding::Clean => StripError::Left("nothing"),
    })?;
    let edits = match family {
        Family::Jpeg | Family::JpegLs => jpeg::edits(frame, &parts)?,
        Family::Jpeg2000 => jpeg2000::edits(frame, &parts)?,
        Family::Rle => rle::edits(frame, &parts)?,
        _ => parts.foreign.iter().map(Edit::cut).collect(),
    };
    let stripped = edit::apply(frame, &parts.image, edits).ok_or(CONTRADICTORY)?;
    match inspect_bytes(family, geometry, &stripped) {
        Finding::Clean => Ok(stripped),
        Finding::Foreign(kind) | Finding::Malformed(kind) => Err(StripError::Left(kind)),
    }
}

/// Parts that lie inside one another or outside the frame; no walk notes such.
const CONTRADICTORY: StripError = StripError::Malformed("parts that contradict each other");
