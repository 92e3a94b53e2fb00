//! Deflated Image Frame Compression (PS3.5 A.4.13): a frame is a bare deflate stream (RFC 1951) of exactly the bytes
//! that the header promises. Inflating is the only way to find its end; nothing that comes out is kept.

use flate2::{Decompress, FlushDecompress, Status};

use super::bytes::{Bytes, Stop};
use crate::pixel::geometry::Geometry;

pub(super) fn inspect(bytes: &mut Bytes, geometry: &Geometry) -> Result<(), Stop> {
    let expected = geometry
        .frame_bytes()
        .map_err(|_| Stop::Malformed("header describes no image"))?;
    let mut inflater = Decompress::new(false);
    let mut out = vec![0u8; 32 << 10];
    loop {
        let at = inflater.total_in();
        let block = bytes.at_least(at, 1)?.unwrap_or(&[]);
        let ended = block.is_empty();
        let before = inflater.total_out();
        let status = inflater
            .decompress(block, &mut out, FlushDecompress::None)
            .map_err(|_| Stop::Malformed("invalid deflate stream"))?;
        // A frame of one-bit or odd size may carry its pad byte inside.
        if inflater.total_out() > expected.saturating_add(1) {
            return Err(Stop::Malformed(
                "deflated frame longer than the header says",
            ));
        }
        if status == Status::StreamEnd {
            break;
        }
        if ended || (inflater.total_in() == at && inflater.total_out() == before) {
            return Err(Stop::Malformed("truncated deflate stream"));
        }
    }
    let len = inflater.total_out();
    let shared = geometry.frame_bytes_in(len).unwrap_or(expected);
    if len < shared || len > shared.saturating_add(1) {
        return Err(Stop::Malformed("frame shorter than the header says"));
    }
    bytes.only_padding(inflater.total_in())
}
