//! RLE (PS3.5 Annex G): each byte of each component is a plane of its own, packed row by row.

use super::error::CodecError;

/// Most segments of a frame (PS3.5 section G.5).
const MOST: usize = 15;
const HEADER: usize = 64;

/// The planes of a frame, each of `len` bytes: the most significant byte of the first component comes first.
pub fn decode(frame: &[u8], planes: usize, len: usize) -> Result<Vec<Vec<u8>>, CodecError> {
    let header = frame
        .get(..HEADER)
        .ok_or(CodecError::Malformed("no RLE header"))?;
    let mut words = header
        .as_chunks::<4>()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word) as usize);
    if planes == 0 || planes > MOST || words.next() != Some(planes) {
        return Err(CodecError::Malformed(
            "the number of RLE segments is not that of the samples' bytes",
        ));
    }
    let starts: Vec<usize> = words.take(planes).collect();
    let ends = starts.iter().skip(1).copied().chain([frame.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let packed = frame.get(start.max(HEADER)..end);
            let packed = packed.ok_or(CodecError::Malformed("an RLE segment lies outside"))?;
            unpack(packed, len)
        })
        .collect()
}

fn unpack(mut packed: &[u8], len: usize) -> Result<Vec<u8>, CodecError> {
    const SHORT: CodecError = CodecError::Malformed("an RLE segment ends early");
    let mut plane = Vec::with_capacity(len);
    while plane.len() < len {
        let (&head, rest) = packed.split_first().ok_or(SHORT)?;
        match head {
            0..=127 => {
                let (literal, rest) = rest.split_at_checked(usize::from(head) + 1).ok_or(SHORT)?;
                plane.extend_from_slice(literal);
                packed = rest;
            }
            128 => packed = rest,
            129..=255 => {
                let (&value, rest) = rest.split_first().ok_or(SHORT)?;
                plane.resize(plane.len() + 257 - usize::from(head), value);
                packed = rest;
            }
        }
    }
    if plane.len() > len {
        return Err(CodecError::Malformed("an RLE segment is too long"));
    }
    Ok(plane)
}

/// Packs planes of rows of `columns` bytes.
pub fn encode(planes: &[Vec<u8>], columns: usize) -> Result<Vec<u8>, CodecError> {
    let mut out = vec![0; HEADER];
    let mut header = vec![planes.len() as u32];
    for plane in planes {
        let start = u32::try_from(out.len());
        header.push(start.map_err(|_| CodecError::Unsupported("an RLE frame above 4 GiB"))?);
        for row in plane.chunks(columns.max(1)) {
            pack(row, &mut out);
        }
        // A segment has an even number of bytes (PS3.5 section G.4).
        if out.len() % 2 == 1 {
            out.push(0);
        }
    }
    for (slot, word) in out.chunks_exact_mut(4).zip(header.iter().take(MOST + 1)) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    Ok(out)
}

fn pack(mut row: &[u8], out: &mut Vec<u8>) {
    let run_at = |bytes: &[u8]| {
        let first = bytes.first();
        bytes
            .iter()
            .take(128)
            .take_while(|b| Some(*b) == first)
            .count()
    };
    while !row.is_empty() {
        let run = run_at(row);
        if let (2.., Some(&value)) = (run, row.first()) {
            out.extend_from_slice(&[(257 - run) as u8, value]);
            row = row.get(run..).unwrap_or_default();
            continue;
        }
        // A literal ends where three equal bytes begin: two cost as much either way.
        let ends = |n: usize| {
            n == 128
                || row
                    .get(n..)
                    .is_none_or(|rest| rest.is_empty() || run_at(rest) > 2)
        };
        let len = (1..=128).find(|n| ends(*n)).unwrap_or(1);
        let (literal, rest) = row.split_at(len.min(row.len()));
        out.push((literal.len() - 1) as u8);
        out.extend_from_slice(literal);
        row = rest;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_unpacks(
            planes in 1usize..5,
            columns in 1usize..300,
            rows in 1usize..4,
            seed in any::<u64>(),
            coarse in 1u64..9,
        ) {
            let mut state = seed | 1;
            let mut next = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                ((state >> 40) % coarse) as u8
            };
            let data: Vec<Vec<u8>> = (0..planes).map(|_| (0..rows * columns).map(|_| next()).collect()).collect();
            let packed = encode(&data, columns).unwrap();
            prop_assert_eq!(packed.len() % 2, 0);
            prop_assert_eq!(decode(&packed, planes, rows * columns).unwrap(), data);
        }

        #[test]
        fn damage_is_found_or_decodes_but_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut frame = vec![0u8; 64];
            frame[0] = 1;
            frame[4] = 64;
            frame.extend_from_slice(&bytes);
            let _ = decode(&frame, 1, 100);
            let _ = decode(&bytes, 3, 100);
        }
    }

    #[test]
    fn a_segment_that_ends_early_is_refused() {
        let packed = encode(&[vec![7; 100], vec![9; 100]], 10).unwrap();
        assert!(decode(&packed[..packed.len() - 4], 2, 100).is_err());
        assert!(decode(&packed, 1, 100).is_err());
        assert!(decode(&packed, 2, 101).is_err());
        assert!(decode(&packed, 2, 99).is_err());
    }
}
