//! What the first markers of a codestream say.

/// The SOF marker of a JPEG or JPEG-LS frame and its precision in bits (ITU-T T.81 section B.2.2).
pub(super) fn of_frame(frame: &[u8]) -> Option<(u8, u8)> {
    let mut rest = frame.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        match rest {
            [0xFF, 0xFF, ..] => rest = rest.get(1..)?,
            [0xFF, marker, high, low, body @ ..] => {
                let len = usize::from(u16::from_be_bytes([*high, *low]));
                // DHT, JPG and DAC lie among the SOF markers.
                let is_frame =
                    matches!(marker, 0xC0..=0xCF | 0xF7) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
                if is_frame {
                    return Some((*marker, *body.first()?));
                }
                if *marker == 0xDA {
                    return None;
                }
                rest = body.get(len.checked_sub(2)?..)?;
            }
            _ => return None,
        }
    }
}

/// The largest precision of a JPEG 2000 codestream's components in bits (ISO/IEC 15444-1 section A.5.1). The
/// codestream may lie in a JP2 file.
pub(super) fn jpeg2000_precision(frame: &[u8]) -> Option<u8> {
    let at = memchr::memmem::find(frame, &[0xFF, 0x4F, 0xFF, 0x51])?;
    let siz = frame.get(at + 4..)?;
    let count = usize::from(u16::from_be_bytes(*siz.get(36..)?.first_chunk()?));
    let components = siz.get(38..38 + count.checked_mul(3)?)?;
    components
        .chunks_exact(3)
        .filter_map(|c| Some((c.first()? & 0x7F) + 1))
        .max()
}
