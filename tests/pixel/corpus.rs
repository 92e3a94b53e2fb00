//! Real files: no false alarm on ordinary ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use samar::pixel::{Family, Finding, Geometry, family, strip};

use crate::build::look;

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("SAMAR_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let found = named
        .into_iter()
        .chain([beside])
        .find(|path| path.join("corpus/manifest.tsv").is_file());
    if found.is_none() {
        eprintln!("skipped: no corpus (set SAMAR_SHARED)");
    }
    found
}

/// Every file of the corpus whose manifest names an encapsulated transfer syntax.
fn encapsulated(corpus: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (manifest, folder) in [("manifest.tsv", ""), ("synth/manifest.tsv", "synth")] {
        let text = std::fs::read_to_string(corpus.join(manifest)).unwrap();
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let column = |name| names.iter().position(|&n| n == name).unwrap();
        let (file, syntax) = (column("file"), column("ts_uid"));
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            if !matches!(family(fields[syntax]), Family::Native | Family::Unknown) {
                let path = corpus.join(folder).join(fields[file]);
                files.push((path, fields[syntax].to_owned()));
            }
        }
    }
    files
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let raw = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(raw) as usize)
}

/// Takes a file apart by its byte patterns, which is enough for Explicit VR Little Endian and known files.
fn frames(file: &[u8]) -> Option<(Geometry, Vec<Vec<u8>>)> {
    let us = |element: u8| {
        let at = find(file, &[0x28, 0, element, 0, b'U', b'S', 2, 0])? + 8;
        Some(u16::from_le_bytes(file.get(at..at + 2)?.try_into().ok()?))
    };
    let count = || {
        let at = find(file, &[0x28, 0, 0x08, 0, b'I', b'S'])?;
        let len = usize::from(*file.get(at + 6)?);
        std::str::from_utf8(file.get(at + 8..at + 8 + len)?)
            .ok()?
            .trim()
            .parse()
            .ok()
    };
    let geometry = Geometry {
        rows: us(0x10)?,
        columns: us(0x11)?,
        samples: us(0x02)?,
        bits_allocated: {
            let at = find(file, &[0x28, 0, 0, 1, b'U', b'S', 2, 0])? + 8;
            u16::from_le_bytes(file.get(at..at + 2)?.try_into().ok()?)
        },
        frames: count().unwrap_or(1),
        subsampled: false,
    };
    // The last that can be taken apart: an icon's pixel data stands before the image's.
    let is_head = |&at: &usize| {
        let head = file.get(at..at + 12).unwrap_or(&[]);
        head.starts_with(&[0xE0, 0x7F, 0x10, 0, b'O'])
            && head.ends_with(&[0, 0, 255, 255, 255, 255])
    };
    (0..file.len()).rev().filter(is_head).find_map(|at| {
        let frames = grouped(file, at + 12, geometry.frames as usize)?;
        Some((geometry, frames))
    })
}

/// The frames of the encapsulated pixel data whose items begin at `at`.
fn grouped(file: &[u8], mut at: usize, frames: usize) -> Option<Vec<Vec<u8>>> {
    // The offset table, then fragments.
    let (mut items, mut starts) = (Vec::new(), Vec::new());
    while file.get(at..at + 4)? == [0xFE, 0xFF, 0, 0xE0] {
        let len = u32_at(file, at + 4)?;
        items.push(file.get(at + 8..at + 8 + len)?);
        starts.push(at);
        at += 8 + len;
    }
    let (table, fragments) = items.split_first()?;
    let base = *starts.get(1)?;
    if frames == fragments.len() {
        return Some(fragments.iter().map(|f| f.to_vec()).collect());
    }
    let offsets: Vec<usize> = table.chunks(4).filter_map(|raw| u32_at(raw, 0)).collect();
    if frames <= 1 || offsets.len() != frames {
        return Some(vec![fragments.concat()]);
    }
    let mut grouped = vec![Vec::new(); frames];
    for (fragment, start) in fragments.iter().zip(&starts[1..]) {
        let frame = offsets
            .iter()
            .filter(|&&offset| base + offset <= *start)
            .count();
        grouped[frame.saturating_sub(1)].extend_from_slice(fragment);
    }
    Some(grouped)
}

/// What is not clean among the corpus's encapsulated files, each looked at by eye:
/// four JPEG files have a comment of the program that wrote them; one has a comment and an APP0 segment of its own;
/// `HasFragmentSequence` has up to five bytes of left-over memory behind its frames; one is a JP2 file with Apple's
/// `uuid` boxes and colour profile; two keep a JPEG file's APP segments in `jbrd`; one JPEG Baseline file holds
/// a whole data set in place of its frame and one JPEG 2000 file is 3,722,445,056 pixels wide; video is not
/// inspected. `no frames`: implicit VR, no image or a cut file, which the few lines above do not read.
const UNCLEAN: &str = r#"
EncapsulatedPdf.dcm: Foreign("JPEG COM segment")
GDCMJ2K_TextGBR.dcm: Foreign("JP2 box that is not image")
HasFragmentSequence.dcm: Foreign("bytes behind the end of the image")
JPEG2000-embedded-sequence-delimiter.dcm: Malformed("size differs from Rows and Columns")
JPGLosslessP14SV1_1s_1f_8b.dcm: Foreign("JPEG APP0 segment that is not JFIF")
SC_rgb_jpeg.dcm: no frames
UN_sequence.dcm: no frames
bad.dcm: no frames
emri_small_jpeg_2k_lossless_too_short.dcm: no frames
example-mg.dcm: Foreign("JPEG COM segment")
example.dcm: Foreign("JPEG COM segment")
example2.dcm: Foreign("JPEG COM segment")
example3.dcm: Malformed("no start of image")
ts_h264_41.dcm: Malformed("video is not inspected")
ts_h264_41_bd.dcm: Malformed("video is not inspected")
ts_h264_42_2d.dcm: Malformed("video is not inspected")
ts_h264_42_3d.dcm: Malformed("video is not inspected")
ts_h264_stereo.dcm: Malformed("video is not inspected")
ts_h264_us_multiframe.dcm: Malformed("video is not inspected")
ts_hevc_main.dcm: Malformed("video is not inspected")
ts_hevc_main10.dcm: Malformed("video is not inspected")
ts_jxl_jpegrecompress.dcm: Foreign("JPEG XL jbrd box")
ts_mpeg2_hl.dcm: Malformed("video is not inspected")
ts_mpeg2_ml.dcm: Malformed("video is not inspected")
ts_mpeg2_ml_fragmentable.dcm: Malformed("video is not inspected")
will-jxl.dcm: Foreign("JPEG XL jbrd box")
"#;

#[test]
fn real_files_raise_no_false_alarm() {
    let Some(shared) = shared() else { return };
    let corpus = shared.join("corpus");
    let mut counts: BTreeMap<(Family, String), u32> = BTreeMap::new();
    let mut unclean = Vec::new();
    for (path, syntax) in encapsulated(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((geometry, frames)) = frames(&std::fs::read(&path).unwrap()) else {
            unclean.push(format!("{name}: no frames"));
            continue;
        };
        let family = family(&syntax);
        let findings = frames.iter().map(|frame| look(family, &geometry, frame));
        let finding = findings
            .into_iter()
            .find(|f| *f != Finding::Clean)
            .unwrap_or(Finding::Clean);
        let kind = format!("{finding:?}");
        *counts
            .entry((family, kind.split('(').next().unwrap().to_owned()))
            .or_default() += 1;
        if finding != Finding::Clean {
            unclean.push(format!("{name}: {finding:?}"));
        }
    }
    for ((family, kind), n) in &counts {
        println!("{n:4} {family:?} {kind}");
    }
    unclean.sort();
    assert_eq!(unclean.join("\n"), UNCLEAN.trim());
}

#[test]
fn what_is_foreign_in_real_files_can_be_taken_out() {
    let Some(shared) = shared() else { return };
    let (mut same, mut stripped) = (0u32, 0u32);
    for (path, syntax) in encapsulated(&shared.join("corpus")) {
        let Some((geometry, frames)) = frames(&std::fs::read(&path).unwrap()) else {
            continue;
        };
        let family = family(&syntax);
        for frame in &frames {
            let result = strip(family, &geometry, frame);
            match look(family, &geometry, frame) {
                Finding::Clean => {
                    assert_eq!(result.as_ref(), Ok(frame));
                    same += 1;
                }
                Finding::Foreign(kind) => {
                    let result = result.unwrap_or_else(|e| panic!("{kind}: {e}"));
                    assert_eq!(look(family, &geometry, &result), Finding::Clean);
                    stripped += 1;
                }
                Finding::Malformed(_) => assert!(result.is_err()),
            }
        }
    }
    println!("{same} frames the same, {stripped} stripped");
}
