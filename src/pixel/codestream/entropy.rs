//! Finds where entropy-coded JPEG data ends: at the first marker that is no restart marker.

use super::bytes::{Bytes, Stop};

/// Bytes tested together; a power of two that fills vector registers evenly.
const STRIDE: usize = 128;

/// How an encoder keeps data from looking like a marker.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stuffing {
    /// FF is followed by 00 (ISO/IEC 10918-1 F.1.2.3).
    Byte,
    /// FF is followed by a byte below 80 (ISO/IEC 14495-1 A.1).
    Bit,
}

impl Stuffing {
    #[inline]
    fn ends(self, second: u8) -> bool {
        let stuffed = match self {
            Stuffing::Byte => second == 0,
            Stuffing::Bit => second < 0x80,
        };
        let restart = second & 0xF8 == 0xD0;
        !stuffed && !restart
    }
}

/// Position in `bytes` of the first FF whose successor makes it a marker or a fill byte.
///
/// FF is frequent in entropy-coded data (one byte in 256), so that hopping from one to the next costs more than
/// testing every byte: the loop over a stride has no branch and becomes vector code.
fn find(bytes: &[u8], stuffing: Stuffing) -> Option<usize> {
    let seconds = bytes.get(1..)?;
    for (n, (a, b)) in bytes.chunks(STRIDE).zip(seconds.chunks(STRIDE)).enumerate() {
        let hit = |(a, b): (&u8, &u8)| (*a == 0xFF) & stuffing.ends(*b);
        let any = a
            .iter()
            .zip(b)
            .fold(0u8, |any, pair| any | u8::from(hit(pair)));
        if any != 0 {
            return a.iter().zip(b).position(hit).map(|i| n * STRIDE + i);
        }
    }
    None
}

/// Offset of the marker that ends the entropy-coded data which begins at `at`.
pub(super) fn end_of_scan(bytes: &mut Bytes, mut at: u64, stuffing: Stuffing) -> Result<u64, Stop> {
    while let Some(block) = bytes.at_least(at, 2)? {
        let found = match stuffing {
            Stuffing::Byte => find(block, Stuffing::Byte),
            Stuffing::Bit => find(block, Stuffing::Bit),
        };
        match found {
            Some(i) => return Ok(at + i as u64),
            // The last byte may be the first half of a marker.
            None => at += block.len() as u64 - 1,
        }
    }
    Err(Stop::Malformed("no end of image"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(bytes: &[u8], stuffing: Stuffing) -> Option<usize> {
        bytes
            .windows(2)
            .position(|w| w[0] == 0xFF && stuffing.ends(w[1]))
    }

    #[test]
    fn finds_a_marker_at_every_distance_from_a_stride() {
        for len in 0..300 {
            let mut bytes = vec![0x41; len];
            assert_eq!(find(&bytes, Stuffing::Byte), None);
            for at in 0..len {
                bytes[at] = 0xFF;
                for stuffing in [Stuffing::Byte, Stuffing::Bit] {
                    assert_eq!(find(&bytes, stuffing), slow(&bytes, stuffing));
                }
                if at + 1 < len {
                    for (second, byte, bit) in [
                        (0x00, false, false),
                        (0x7F, true, false),
                        (0xD0, false, false),
                        (0xD7, false, false),
                        (0xD8, true, true),
                        (0xFE, true, true),
                    ] {
                        bytes[at + 1] = second;
                        assert_eq!(find(&bytes, Stuffing::Byte), byte.then_some(at));
                        assert_eq!(find(&bytes, Stuffing::Bit), bit.then_some(at));
                    }
                    bytes[at + 1] = 0x41;
                }
                bytes[at] = 0x41;
            }
        }
    }
}
