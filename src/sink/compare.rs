//! Whether two files are the same bytes. A hash would be shorter and would have to read as much.

use std::io::{self, Read};

use crate::sink::parts::read_full;

/// Bytes compared at a time, from each side.
const CHUNK: usize = 128 << 10;

/// Whether both readers give the same bytes up to their ends.
pub fn same(a: &mut impl Read, b: &mut impl Read) -> io::Result<bool> {
    let mut left = vec![0; CHUNK];
    let mut right = vec![0; CHUNK];
    loop {
        let n = read_full(a, &mut left)?;
        let m = read_full(b, &mut right)?;
        if left.get(..n) != right.get(..m) {
            return Ok(false);
        }
        if n < CHUNK {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_bytes_count() {
        let long = vec![1; CHUNK * 2];
        let mut other = long.clone();
        other[CHUNK + 1] = 2;
        for (a, b, equal) in [
            (&long[..], &long[..], true),
            (&long, &other, false),
            (&long, &long[1..], false),
            (&long[1..], &long, false),
            (b"", b"", true),
            (b"", b"a", false),
        ] {
            assert_eq!(same(&mut &*a, &mut &*b).unwrap(), equal);
        }
    }
}
