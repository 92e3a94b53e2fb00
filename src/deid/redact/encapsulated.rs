//! Encapsulated pixel data (PS3.5 section A.4): frames written anew one by one, and the offset tables with them.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::{Image, Made, Plan, layout, look, not_coded};
use crate::deid::pixels::frames::{EXTENDED_OFFSET_TABLE, EXTENDED_OFFSET_TABLE_LENGTHS, Frames};
use crate::deid::refusal::{Fate, Refusal};
use crate::dicom::edit::Change;
use crate::dicom::{Edits, Encoding, Instance, Limits, Room, Source, Spool, Tag};
use crate::pixel::codec::{self, Job, Redacted};
use crate::pixel::codestream::Family;
use crate::pixel::strip;
use crate::profile::pixel_rule::Fill;

/// Bytes of frames that are worked on at once, when uncompressed; one frame is, however large.
const AT_ONCE: u64 = 16 << 20;

pub(super) fn redact(
    instance: &Instance<'_>,
    image: &Image,
    plan: &Plan,
    foreign: bool,
    (index, edits): (usize, &mut Edits),
    (limits, room): (&Limits, &dyn Room),
    made: &mut Made,
) -> Result<(), Refusal> {
    let Some(frames) = Frames::of(instance)? else {
        if plan.mask.is_empty() {
            return Ok(());
        }
        return Err(Refusal::quarantine(
            "codec",
            "no frame of this transfer syntax can be written again",
        ));
    };
    let mut job = image.job(frames.family, plan, image.fill(instance, plan)?);
    if plan.fill == Fill::Mean && !plan.mask.is_empty() {
        job.fill = codec::mean(&job, &frames.read(instance, 0)?).map_err(not_coded)?;
    }
    let job = &job;
    let decoded = job.bits.is_some() || !job.mask.is_empty();
    if decoded
        && image
            .geometry
            .frame_bytes()
            .is_ok_and(|bytes| bytes > limits.frame_bytes)
    {
        return Err(Refusal::quarantine(
            "limit",
            "a frame is larger than `--max-frame-bytes` allows to decode",
        ));
    }
    if job.mask.is_empty() && !foreign {
        // Nothing to write unless bits are hidden: that shows frame by frame.
        if job.bits.is_none() || !any_changes(instance, &frames, job)? {
            return Ok(());
        }
    }
    let mut writer = Writer::new(&frames, instance.syntax.encoding, room)?;
    for batch in batches(&frames) {
        let read = batch.map(|frame| frames.read(instance, frame));
        let read: Vec<Vec<u8>> = read.collect::<Result<_, _>>()?;
        let written: Vec<Result<Redacted, Refusal>> = read
            .into_par_iter()
            .map(|frame| rewrite(image, job, foreign, frame))
            .collect();
        for frame in written {
            let frame = frame?;
            made.done.recoded |= frame.is_recoded;
            made.done.cleared_bits |= frame.has_cleared_bits;
            if frame.is_now_rct && look::photometric(instance) == "YBR_ICT" {
                made.photometric = Some("YBR_RCT");
            }
            writer.frame(&frame.bytes)?;
        }
    }
    let count = frames.count() as u32;
    let spool = writer.finish(instance, index, edits)?;
    made.spool = Some(spool);
    made.done.stripped = foreign;
    if !job.mask.is_empty() {
        made.done.pixels = plan.mask.pixels();
        made.done.frames = count;
    }
    Ok(())
}

/// One frame as it must be.
fn rewrite(image: &Image, job: &Job, foreign: bool, frame: Vec<u8>) -> Result<Redacted, Refusal> {
    let frame = if foreign {
        let stripped = strip::strip(job.family, &job.geometry, &frame)
            .map_err(|e| Refusal::quarantine("foreign-segments", e.to_string()))?;
        if !job.mask.is_empty() && job.family == Family::EncapsulatedUncompressed {
            layout::check_frame(image, frame.len(), stripped.len())?;
        }
        stripped
    } else {
        frame
    };
    let redacted = codec::redact(job, &frame).map_err(not_coded)?;
    Ok(redacted.unwrap_or_else(|| Redacted::from(frame)))
}

/// Whether any frame would have to be written anew. Nothing is held.
fn any_changes(instance: &Instance<'_>, frames: &Frames, job: &Job) -> Result<bool, Refusal> {
    for frame in 0..frames.count() {
        let bytes = frames.read(instance, frame)?;
        if codec::redact(job, &bytes).map_err(not_coded)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs of frames that are worked on at once.
fn batches(frames: &Frames) -> impl Iterator<Item = std::ops::Range<usize>> {
    let size = frames.geometry.frame_bytes().unwrap_or(AT_ONCE).max(1);
    let step = usize::try_from(AT_ONCE / size).unwrap_or(1).clamp(1, 32);
    let count = frames.count();
    (0..count)
        .step_by(step)
        .map(move |start| start..(start + step).min(count))
}

/// Pixel data as it is being written.
struct Writer<'a> {
    encoding: Encoding,
    room: &'a dyn Room,
    spool: Spool,
    has_table: bool,
    /// Where the first frame's item begins.
    base: u64,
    /// Of each frame: where its item begins, relative to the first, and the length of its codestream.
    frames: Vec<(u64, u64)>,
}

impl<'a> Writer<'a> {
    fn new(frames: &Frames, encoding: Encoding, room: &'a dyn Room) -> Result<Writer<'a>, Refusal> {
        let mut writer = Writer {
            encoding,
            room,
            spool: Spool::default(),
            has_table: frames.has_table,
            base: 0,
            frames: Vec::with_capacity(frames.count()),
        };
        let entries = if frames.has_table { frames.count() } else { 0 };
        writer.item(Tag::ITEM, entries as u64 * 4)?;
        // Room for the offsets, which are known at the end.
        writer.push(&vec![0; entries * 4])?;
        writer.base = writer.spool.len();
        Ok(writer)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.spool.push(bytes, self.room).map_err(|e| spooled(&e))
    }

    fn item(&mut self, tag: Tag, len: u64) -> Result<(), Refusal> {
        let len = u32::try_from(len).map_err(|_| {
            Refusal::quarantine("codec", "a frame has more bytes than a fragment can hold")
        })?;
        let mut header = Vec::with_capacity(8);
        header.extend_from_slice(&self.encoding.put_u16(tag.group()));
        header.extend_from_slice(&self.encoding.put_u16(tag.element()));
        header.extend_from_slice(&self.encoding.put_u32(len));
        self.push(&header)
    }

    /// Adds a frame as one fragment, padded to even length.
    fn frame(&mut self, codestream: &[u8]) -> Result<(), Refusal> {
        let len = codestream.len() as u64;
        self.frames.push((self.spool.len() - self.base, len));
        self.item(Tag::ITEM, len.next_multiple_of(2))?;
        self.push(codestream)?;
        if len % 2 == 1 {
            self.push(&[0])?;
        }
        Ok(())
    }

    /// Fills the offset tables in.
    fn finish(
        mut self,
        instance: &Instance<'_>,
        index: usize,
        edits: &mut Edits,
    ) -> Result<Source, Refusal> {
        self.item(Tag::SEQUENCE_END, 0)?;
        if self.has_table {
            let mut table = Vec::with_capacity(self.frames.len() * 4);
            for (offset, _) in &self.frames {
                let offset = u32::try_from(*offset).map_err(|_| {
                    Refusal::quarantine("codec", "the frames are too long for their offset table")
                })?;
                table.extend_from_slice(&self.encoding.put_u32(offset));
            }
            self.spool.patch(8, &table).map_err(|e| spooled(&e))?;
        }
        let numbers = |which: fn(&(u64, u64)) -> u64| -> Vec<u8> {
            self.frames
                .iter()
                .flat_map(|frame| which(frame).to_le_bytes())
                .collect()
        };
        for (at, element) in instance.tape.top_level() {
            let value = match element.tag {
                EXTENDED_OFFSET_TABLE => numbers(|(offset, _)| *offset),
                EXTENDED_OFFSET_TABLE_LENGTHS => numbers(|(_, len)| *len),
                _ => continue,
            };
            // Unless it goes anyway.
            if !edits.list.iter().any(|edit| edit.element as usize == at) {
                edits.replace(at, &value);
            }
        }
        let len = self.spool.len();
        edits.list.retain(|edit| edit.element as usize != index);
        edits.change(index, Change::Spool { offset: 0, len });
        self.spool.finish().map_err(|e| spooled(&e))
    }
}

fn spooled(error: &std::io::Error) -> Refusal {
    Refusal::new(
        Fate::Failed,
        "io",
        format!("cannot put frames aside: {}", error.kind()),
    )
}
