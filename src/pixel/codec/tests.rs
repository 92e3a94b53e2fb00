//! The comparison of a frame with its original must be able to fail.

use super::*;
use crate::pixel::bits::StoredBits;
use crate::pixel::geometry::Geometry;
use crate::pixel::mask::{Mask, Rect};

fn job(family: Family, samples: u16, bits_allocated: u16) -> Job {
    let rect = Rect {
        y: 2,
        x: 3,
        width: 4,
        height: 3,
    };
    Job {
        family,
        geometry: Geometry {
            rows: 8,
            columns: 9,
            samples,
            bits_allocated,
            frames: 1,
            subsampled: false,
        },
        mask: Mask::new(8, 9, &[rect]),
        fill: [5, 6, 7, 0],
        bits: None,
        bits_stored: bits_allocated,
        is_signed: false,
        is_planar: false,
    }
}

fn picture(components: usize) -> Picture {
    Picture {
        rows: 8,
        columns: 9,
        components,
        precision: 8,
        signed: false,
        samples: (0..72 * components as u16).map(|n| n % 200 + 20).collect(),
    }
}

type Encode<'a> = dyn Fn(&Picture, &jpeg_ls::Parameters) -> Result<Vec<u8>, CodecError> + 'a;

fn is_different(result: Result<(), CodecError>) -> bool {
    matches!(result, Err(CodecError::Differs(_)))
}

#[test]
fn every_changed_sample_is_found() {
    for components in [1, 3] {
        let job = job(Family::JpegLs, components as u16, 8);
        let before = picture(components);
        let fill: Vec<u16> = [5, 6, 7].into_iter().take(components).collect();
        let mut after = before.clone();
        samples::blank(&job.mask, None, &mut after, &fill);
        assert!(samples::check(&job.mask, None, &before, &after, &fill).is_ok());
        assert!(is_different(samples::check(
            &job.mask, None, &before, &before, &fill
        )));
        for at in 0..after.samples.len() {
            let mut tampered = after.clone();
            tampered.samples[at] ^= 1;
            assert!(is_different(samples::check(
                &job.mask, None, &before, &tampered, &fill
            )));
        }
    }
}

#[test]
fn another_shape_is_found() {
    let job = job(Family::JpegLs, 1, 8);
    let before = picture(1);
    let mut after = before.clone();
    samples::blank(&job.mask, None, &mut after, &[5]);
    let changes: [fn(&mut Picture); 5] = [
        |p| p.rows = 9,
        |p| p.precision = 12,
        |p| p.signed = true,
        |p| p.components = 3,
        |p| p.samples.truncate(70),
    ];
    for change in changes {
        let mut tampered = after.clone();
        change(&mut tampered);
        assert!(is_different(samples::check(
            &job.mask,
            None,
            &before,
            &tampered,
            &[5]
        )));
    }
}

#[test]
fn an_encoder_that_changes_a_sample_is_found_out() {
    for at in [0, 30, 71] {
        let wrong = |picture: &Picture, parameters: &jpeg_ls::Parameters| {
            let mut picture = picture.clone();
            picture.samples[at] ^= 1;
            jpeg_ls::encode(&picture, parameters)
        };
        let parameters = jpeg_ls::Parameters {
            near: 0,
            interleave: jpeg_ls::Interleave::None,
            preset: None,
            component_ids: vec![1],
            restart_interval: 0,
        };
        let frame = jpeg_ls::encode(&picture(1), &parameters).unwrap();
        let job = job(Family::JpegLs, 1, 8);
        let decode = |bytes: &[u8]| jpeg_ls::decode(bytes, 8, 9);
        let made = |encode: &Encode<'_>| {
            decoded(
                &job,
                || decode(&frame),
                |_| Restored::default(),
                encode,
                decode,
            )
        };
        assert!(made(&jpeg_ls::encode).is_ok());
        assert!(matches!(made(&wrong), Err(CodecError::Differs(_))));
    }
}

#[test]
fn every_changed_byte_of_a_plane_is_found() {
    for (samples, bits) in [(1, 8), (1, 16), (3, 8)] {
        let job = job(Family::Rle, samples, bits);
        let bytes = usize::from(bits / 8);
        let count = usize::from(samples) * bytes;
        let before: Vec<Vec<u8>> = (0..count)
            .map(|n| (0..72).map(|i| (i * 3 + n) as u8 | 8).collect())
            .collect();
        let frame = rle::encode(&before, 9).unwrap();
        let written = planes::blank(&job, &frame).unwrap().unwrap();
        let after = rle::decode(&written.bytes, count, 72).unwrap();
        assert!(planes::check_planes(&job, None, &before, &after).is_ok());
        for plane in 0..count {
            for at in 0..72 {
                let mut tampered = after.clone();
                tampered[plane][at] ^= 1;
                let found = planes::check_planes(&job, None, &before, &tampered);
                assert!(is_different(found), "{plane} {at}");
            }
        }
        assert!(is_different(planes::check_planes(
            &job,
            None,
            &before,
            &after[..count - 1]
        )));
    }
}

#[test]
fn signed_samples_of_less_than_a_byte_keep_their_sign() {
    let bits = StoredBits::new(8, 6, 5, true).flatten();
    let job = Job {
        bits,
        bits_stored: 6,
        is_signed: true,
        ..job(Family::Jpeg2000, 1, 8)
    };
    let before = Picture {
        precision: 6,
        signed: true,
        samples: (0..72i16).map(|n| (n % 64 - 32).cast_unsigned()).collect(),
        ..picture(1)
    };
    let mut after = before.clone();
    samples::blank(&job.mask, None, &mut after, &[5]);
    let outside = before.samples.iter().zip(&after.samples);
    let changed = outside.filter(|(old, new)| old != new).count();
    assert!(
        changed <= 12,
        "{changed} samples have changed, and 12 are inside"
    );
    assert!(samples::check(&job.mask, None, &before, &after, &[5]).is_ok());
}
