//! Pixel data small enough to write by hand.

use super::bytes::Data;

/// A module of `size` x `size` 16-bit pixels (12 stored): a disc with seeded noise.
pub(crate) fn sixteen_bit(size: u16, seed: u32) -> Data {
    let mut state = seed;
    let centre = i32::from(size) / 2;
    let mut pixels = Vec::new();
    for y in 0..i32::from(size) {
        for x in 0..i32::from(size) {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let distance = (x - centre).pow(2) + (y - centre).pow(2);
            let tissue = if distance < (centre - 2).pow(2) {
                1000
            } else {
                20
            };
            pixels.push(tissue + (state >> 27) as u16);
        }
    }
    shape(size, 16, 12).u16(0x7FE0_0010, "OW", &pixels)
}

/// Rows, columns and the description of one grey sample per pixel.
pub(crate) fn shape(size: u16, allocated: u16, stored: u16) -> Data {
    Data::new()
        .u16(0x0028_0002, "US", &[1])
        .put(0x0028_0004, "CS", "MONOCHROME2")
        .u16(0x0028_0010, "US", &[size])
        .u16(0x0028_0011, "US", &[size])
        .u16(0x0028_0100, "US", &[allocated])
        .u16(0x0028_0101, "US", &[stored])
        .u16(0x0028_0102, "US", &[stored - 1])
        .u16(0x0028_0103, "US", &[0])
}

/// A uniform grey JPEG Baseline image of `size` x `size` (a multiple of 32); `segments` stand right after SOI.
pub(crate) fn jpeg(size: u16, segments: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for segment in segments {
        out.extend(segment);
    }
    let mut quantisation = vec![0];
    quantisation.extend([1; 64]);
    out.extend(segment(0xDB, &quantisation));
    let [high, low] = size.to_be_bytes();
    out.extend(segment(0xC0, &[8, high, low, high, low, 1, 1, 0x11, 0]));
    // One code of one bit in each table: DC difference zero, and end of block.
    let mut table = vec![0x00, 1];
    table.extend([0; 15]);
    table.push(0);
    out.extend(segment(0xC4, &table));
    table[0] = 0x10;
    out.extend(segment(0xC4, &table));
    out.extend(segment(0xDA, &[1, 1, 0x00, 0, 63, 0]));
    let blocks = usize::from(size / 8) * usize::from(size / 8);
    out.extend(vec![0; blocks * 2 / 8]);
    out.extend([0xFF, 0xD9]);
    out
}

/// One JPEG marker segment with its length.
pub(crate) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![0xFF, marker];
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
    out
}

/// APP0 of a JFIF file without thumbnail.
pub(crate) fn jfif() -> Vec<u8> {
    segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
}

/// One RLE Lossless frame of `pixels` equal 16-bit values.
pub(crate) fn rle(pixels: usize, value: u16) -> Vec<u8> {
    let segments: Vec<Vec<u8>> = value
        .to_be_bytes()
        .iter()
        .map(|byte| {
            let mut packed = Vec::new();
            let mut left = pixels;
            while left > 0 {
                let run = left.min(128);
                packed.extend([(257 - run) as u8, *byte]);
                left -= run;
            }
            packed
        })
        .collect();
    let mut header = [0u32; 16];
    header[0] = segments.len() as u32;
    let mut offset = 64;
    for (slot, segment) in header[1..].iter_mut().zip(&segments) {
        *slot = offset;
        offset += segment.len() as u32;
    }
    let mut out: Vec<u8> = header.iter().flat_map(|v| v.to_le_bytes()).collect();
    for segment in segments {
        out.extend(segment);
    }
    out
}
