//! A whole codestream, put together (ITU-T T.800 annex A).

use super::block::{self, Band, Coded, SIDE};
use super::packet::{self, Blocks};
use super::wavelet::{self, Subband};
use super::{Parameters, Progression, high_throughput};
use crate::pixel::codec::error::CodecError;
use crate::pixel::picture::Picture;

/// Guard bits take up what the transforms add; T.800 E.1. Two are enough but for samples of a few bits.
const GUARD_BITS: std::ops::RangeInclusive<u8> = 2..=7;
/// One precinct covers a resolution up to this size.
const LARGEST: u32 = 1 << 15;

/// Encodes a frame losslessly as a bare codestream.
pub(super) fn encode(picture: &Picture, parameters: &Parameters) -> Result<Vec<u8>, CodecError> {
    let pixels = picture.rows as usize * picture.columns as usize;
    let fits = picture.components == parameters.components
        && picture.precision == parameters.precision
        && picture.signed == parameters.signed
        && picture.samples.len() == pixels * picture.components
        && (1..=4).contains(&picture.components)
        && (1..=16).contains(&picture.precision);
    if !fits || pixels == 0 {
        return Err(CodecError::Unsupported("a picture unlike its codestream"));
    }
    if picture.rows > LARGEST || picture.columns > LARGEST {
        return Err(CodecError::Unsupported("more than 32768 rows or columns"));
    }
    let mut planes = planes(picture);
    if parameters.colour_transform {
        wavelet::colour(&mut planes);
    }
    let (width, height) = (picture.columns as usize, picture.rows as usize);
    let transformed: Vec<Vec<Vec<Subband>>> = planes
        .into_iter()
        .map(|plane| wavelet::split(plane, width, height, parameters.levels))
        .collect();
    let subbands = || transformed.iter().flatten().flatten();
    let guard = GUARD_BITS
        .into_iter()
        .find(|guard| {
            subbands().all(|subband| subband.bits() <= planes_of(subband.band, parameters, *guard))
        })
        .ok_or(CodecError::Unsupported(
            "coefficients beyond the guard bits",
        ))?;
    let mut components = Vec::new();
    for resolutions in &transformed {
        let coded: Result<Vec<_>, _> = resolutions
            .iter()
            .map(|subbands| {
                subbands
                    .iter()
                    .map(|subband| code(subband, parameters, guard))
                    .collect::<Result<Vec<_>, _>>()
            })
            .collect();
        components.push(coded?);
    }
    let mut packets = Vec::new();
    // With one layer and one precinct a resolution, each order comes down to which of two loops is outside.
    match parameters.progression {
        Progression::Lrcp | Progression::Rlcp | Progression::Rpcl => {
            for resolution in 0..=usize::from(parameters.levels) {
                for component in &components {
                    packet::write(&mut packets, &component[resolution]);
                }
            }
        }
        Progression::Pcrl | Progression::Cprl => {
            for subbands in components.iter().flatten() {
                packet::write(&mut packets, subbands);
            }
        }
    }
    Ok(codestream(picture, parameters, guard, &packets))
}

/// The components apart, level shifted.
fn planes(picture: &Picture) -> Vec<Vec<i32>> {
    let half = 1 << (picture.precision - 1);
    let value = |sample: &u16| {
        if picture.signed {
            i32::from(sample.cast_signed())
        } else {
            i32::from(*sample) - half
        }
    };
    (0..picture.components)
        .map(|component| {
            let own = picture.samples.iter().skip(component);
            own.step_by(picture.components).map(value).collect()
        })
        .collect()
}

/// Bits of a subband's coefficients before guard bits.
fn exponent(band: Band, precision: u8) -> u8 {
    precision
        + match band {
            Band::LowLow => 0,
            Band::HighLow | Band::LowHigh => 1,
            Band::HighHigh => 2,
        }
}

/// Bit planes that the header allots to a subband.
fn planes_of(band: Band, parameters: &Parameters, guard: u8) -> u32 {
    u32::from(exponent(band, parameters.precision) + guard - 1)
}

/// Codes all blocks of a subband.
fn code(subband: &Subband, parameters: &Parameters, guard: u8) -> Result<Blocks, CodecError> {
    let planes = planes_of(subband.band, parameters, guard);
    let mut blocks: Vec<Coded> = Vec::new();
    let mut values = Vec::with_capacity(SIDE * SIDE);
    for top in (0..subband.height).step_by(SIDE) {
        for left in (0..subband.width).step_by(SIDE) {
            let width = SIDE.min(subband.width - left);
            let height = SIDE.min(subband.height - top);
            values.clear();
            for row in subband
                .values
                .chunks_exact(subband.width)
                .skip(top)
                .take(height)
            {
                values.extend_from_slice(&row[left..left + width]);
            }
            blocks.push(if parameters.high_throughput {
                high_throughput::encode(&values, width, height)?
            } else {
                block::encode(&values, width, height, subband.band)
            });
        }
    }
    let (across, down) = if subband.width == 0 || subband.height == 0 {
        (0, 0)
    } else {
        (subband.width.div_ceil(SIDE), subband.height.div_ceil(SIDE))
    };
    Ok(Blocks {
        across,
        down,
        planes,
        coded: blocks,
    })
}

fn codestream(picture: &Picture, parameters: &Parameters, guard: u8, packets: &[u8]) -> Vec<u8> {
    let mut out = vec![0xff, 0x4f];
    segment(&mut out, 0x51, &size(picture, parameters));
    if parameters.high_throughput {
        segment(&mut out, 0x50, &capabilities(parameters, guard));
    }
    segment(&mut out, 0x52, &style(parameters));
    segment(&mut out, 0x5c, &exponents(parameters, guard));
    let part = packets.len() as u32 + 14;
    if parameters.tile_lengths {
        let mut lengths = vec![0, 0x40];
        lengths.extend(part.to_be_bytes());
        segment(&mut out, 0x55, &lengths);
    }
    let mut start = vec![0, 0];
    start.extend(part.to_be_bytes());
    start.extend([0, 1]);
    segment(&mut out, 0x90, &start);
    out.extend([0xff, 0x93]);
    out.extend_from_slice(packets);
    out.extend([0xff, 0xd9]);
    out
}

/// Appends a marker segment.
fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend_from_slice(body);
}

/// SIZ: one tile that covers the image. T.800 A.5.1.
fn size(picture: &Picture, parameters: &Parameters) -> Vec<u8> {
    let capabilities: u16 = if parameters.high_throughput {
        0x4000
    } else {
        0
    };
    let mut body = capabilities.to_be_bytes().to_vec();
    for _ in 0..2 {
        body.extend(picture.columns.to_be_bytes());
        body.extend(picture.rows.to_be_bytes());
        body.extend([0; 8]);
    }
    body.extend((picture.components as u16).to_be_bytes());
    let depth = (picture.precision - 1) | u8::from(picture.signed) << 7;
    for _ in 0..picture.components {
        body.extend([depth, 1, 1]);
    }
    body
}

/// CAP: only high throughput blocks, reversible, and how many bits a coefficient may have. T.814 A.3.
fn capabilities(parameters: &Parameters, guard: u8) -> Vec<u8> {
    let band = if parameters.levels > 0 {
        Band::HighHigh
    } else {
        Band::LowLow
    };
    let bits = planes_of(band, parameters, guard) as u8;
    vec![0, 2, 0, 0, 0, bits.saturating_sub(8)]
}

/// COD: no precincts, one layer, blocks of 64 times 64, the 5/3 wavelet. T.800 A.6.1.
fn style(parameters: &Parameters) -> Vec<u8> {
    let progression = match parameters.progression {
        Progression::Lrcp => 0,
        Progression::Rlcp => 1,
        Progression::Rpcl => 2,
        Progression::Pcrl => 3,
        Progression::Cprl => 4,
    };
    let colour = u8::from(parameters.colour_transform);
    let blocks = u8::from(parameters.high_throughput) << 6;
    vec![
        0,
        progression,
        0,
        1,
        colour,
        parameters.levels,
        4,
        4,
        blocks,
        1,
    ]
}

/// QCD: no quantisation. T.800 A.6.4.
fn exponents(parameters: &Parameters, guard: u8) -> Vec<u8> {
    let of = |band| exponent(band, parameters.precision) << 3;
    let mut body = vec![guard << 5, of(Band::LowLow)];
    for _ in 0..parameters.levels {
        body.extend([of(Band::HighLow), of(Band::LowHigh), of(Band::HighHigh)]);
    }
    body
}
