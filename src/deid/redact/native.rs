//! Native pixel data: filled where it lies, while it is copied.

use super::{Image, Made, Plan};
use crate::deid::pixels::frames::unreadable;
use crate::deid::refusal::Refusal;
use crate::dicom::edit::Change;
use crate::dicom::tape::{Element, Flags};
use crate::dicom::{Edits, Instance, Rewrite, Source, Vr};
use crate::pixel::bits::{Forms, StoredBits};
use crate::pixel::codec::Sums;
use crate::pixel::codestream::Family;
use crate::pixel::native::{Blanking, Layout};
use crate::profile::pixel_rule::Fill;

/// Bytes that are looked at in one go.
const CHUNK: usize = 256 << 10;
/// Values up to this many bytes are read once and written from memory.
const HELD: u64 = 4 << 20;

pub(super) fn redact(
    instance: &Instance<'_>,
    image: &Image,
    plan: &Plan,
    (index, element): (usize, &Element),
    edits: &mut Edits,
    made: &mut Made,
) -> Result<(), Refusal> {
    let mut value = Value::of(instance, element);
    let len = value.len.min(cut_to(edits, index).unwrap_or(u64::MAX));
    let is_looked_at = image.bits.is_some() || !plan.mask.is_empty();
    if is_looked_at && len <= HELD {
        value.load(len)?;
    }
    let layout = layout(instance, image, element, len);
    let dirty = match image.bits {
        Some(bits) if !value.is_clean(bits, len)? => Some(bits),
        _ => None,
    };
    if plan.mask.is_empty() && dirty.is_none() {
        if let Some(bytes) = value.into_loaded() {
            spool(bytes, index, edits, made);
        }
        return Ok(());
    }
    let laid_out = |_| {
        Refusal::quarantine(
            "pixel-encoding",
            "the pixel data is laid out in a way in which no region can be found",
        )
    };
    let mut fill = image.fill(instance, plan)?;
    if plan.fill == Fill::Mean && !image.is_float && image.geometry.bits_allocated > 1 {
        let period = layout.period().map_err(laid_out)?;
        // With the byte that shares a word with the last one.
        let frame = value.read(0, period.next_multiple_of(2).min(len) as usize)?;
        let job = image.job(Family::Native, plan, fill);
        let sample = |row, column, component| layout.sample(&frame, row, column, component);
        fill = Sums::of(&job, |row, column, component| {
            sample(row, column, component).unwrap_or_default()
        })
        .mean();
    }
    let blanking = Blanking::new(
        &layout,
        image.geometry.frames,
        &plan.mask,
        fill.map(i64::cast_unsigned),
        dirty,
    )
    .map_err(laid_out)?;
    if value.is_in_source() {
        edits.list.retain(|edit| edit.element as usize != index);
        edits.change(index, Change::Rewrite(len));
        made.rewrite = Some(Box::new(blanking));
    } else {
        let mut after = value.read(0, len as usize)?;
        blanking.apply(0, &mut after);
        blanking
            .check(0, value.bytes(), &after)
            .map_err(|what| Refusal::quarantine("verify-pixels", what))?;
        if element.flags.has(Flags::BULK) {
            spool(after, index, edits, made);
        } else {
            edits.list.retain(|edit| edit.element as usize != index);
            edits.replace(index, &after);
        }
    }
    made.done.cleared_bits = dirty.is_some();
    if !plan.mask.is_empty() {
        made.done.pixels = plan.mask.pixels();
        made.done.frames = image.geometry.frames;
    }
    Ok(())
}

/// How `len` bytes of pixel data are laid out.
pub(super) fn layout(
    instance: &Instance<'_>,
    image: &Image,
    element: &Element,
    len: u64,
) -> Layout {
    // Some writers call full colour YBR_FULL_422: then the longer form is the image.
    let full = crate::pixel::Geometry {
        subsampled: false,
        ..image.geometry
    };
    let is_full = full.expected_bytes() == Some(len);
    Layout {
        rows: u32::from(image.geometry.rows),
        columns: u32::from(image.geometry.columns),
        samples: u32::from(image.geometry.samples),
        bits_allocated: u32::from(image.geometry.bits_allocated),
        is_planar: image.is_planar,
        is_subsampled: image.geometry.subsampled && !is_full,
        big_endian: instance.syntax.encoding.big_endian,
        is_words: element.vr == Vr::OW,
    }
}

impl Rewrite for Blanking {
    fn unit(&self) -> u64 {
        self.unit()
    }

    fn apply(&self, at: u64, buffer: &mut [u8]) {
        self.apply(at, buffer);
    }

    fn check(&self, at: u64, before: &[u8], after: &[u8]) -> Result<(), &'static str> {
        self.check(at, before, after)
    }
}

/// The length to which the edits cut an element, if they do.
fn cut_to(edits: &Edits, index: usize) -> Option<u64> {
    let edit = edits
        .list
        .iter()
        .find(|edit| edit.element as usize == index);
    match edit?.change {
        Change::Cut(len) => Some(len),
        _ => None,
    }
}

/// Writes the value from memory.
fn spool(bytes: Vec<u8>, index: usize, edits: &mut Edits, made: &mut Made) {
    edits.list.retain(|edit| edit.element as usize != index);
    edits.change(index, Change::SpoolNative(bytes.len() as u64));
    made.spool = Some(Source::Memory(bytes));
}

/// The pixel data's value.
pub(super) struct Value<'a> {
    instance: &'a Instance<'a>,
    place: Place<'a>,
    pub(super) len: u64,
}

/// Where a value is.
enum Place<'a> {
    /// In memory since the header was read.
    Tape(&'a [u8]),
    /// In the source, at this offset.
    Source(u64),
    /// Read from the source.
    Loaded(Vec<u8>),
}

impl<'a> Value<'a> {
    pub(super) fn of(instance: &'a Instance<'a>, element: &Element) -> Value<'a> {
        let tape = &instance.tape;
        let at = element.start + u32::from(element.head);
        let hole = tape.holes.iter().find(|hole| hole.at == at);
        let place = match hole.filter(|_| element.flags.has(Flags::BULK)) {
            Some(hole) => Place::Source(hole.offset),
            None => Place::Tape(tape.value(element)),
        };
        Value {
            instance,
            place,
            len: tape.value_len(element),
        }
    }

    /// Reads the first `len` bytes, if they are still in the source.
    fn load(&mut self, len: u64) -> Result<(), Refusal> {
        if self.is_in_source() {
            self.place = Place::Loaded(self.read(0, len as usize)?);
        }
        Ok(())
    }

    fn is_in_source(&self) -> bool {
        matches!(self.place, Place::Source(_))
    }

    fn into_loaded(self) -> Option<Vec<u8>> {
        match self.place {
            Place::Loaded(bytes) => Some(bytes),
            Place::Tape(_) | Place::Source(_) => None,
        }
    }

    /// The bytes, as far as they are in memory.
    fn bytes(&self) -> &[u8] {
        match &self.place {
            Place::Tape(bytes) => bytes,
            Place::Loaded(bytes) => bytes,
            Place::Source(_) => &[],
        }
    }

    pub(super) fn read(&self, at: u64, len: usize) -> Result<Vec<u8>, Refusal> {
        let short = || unreadable(&std::io::ErrorKind::UnexpectedEof.into());
        if !self.is_in_source() {
            let start = usize::try_from(at).ok();
            let held = start.and_then(|start| self.bytes().get(start..start.checked_add(len)?));
            return held.map(<[u8]>::to_vec).ok_or_else(short);
        }
        let mut bytes = vec![0; len];
        self.fill(&mut bytes, at)?;
        Ok(bytes)
    }

    /// Reads from the source.
    fn fill(&self, buffer: &mut [u8], at: u64) -> Result<(), Refusal> {
        let Place::Source(offset) = self.place else {
            return Ok(());
        };
        let n = self
            .instance
            .read_at(buffer, offset + at)
            .map_err(|e| unreadable(&e))?;
        if n < buffer.len() {
            return Err(unreadable(&std::io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(())
    }

    /// Whether no bit beside the samples' values is set in the first `len` bytes.
    fn is_clean(&self, bits: StoredBits, len: u64) -> Result<bool, Refusal> {
        let big_endian = self.instance.syntax.encoding.big_endian;
        if !self.is_in_source() {
            let held = self.bytes();
            let held = held.get(..len as usize).unwrap_or(held);
            return Ok(bits.forms(held, big_endian).are_clean());
        }
        // Whole samples of any size.
        let chunk = CHUNK - CHUNK % bits.bytes();
        let mut buffer = vec![0; chunk.min(len as usize)];
        let mut at = 0;
        let mut forms = Forms::default();
        while at < len && forms.are_clean() {
            let n = buffer.len().min((len - at) as usize);
            let chunk = buffer.get_mut(..n).unwrap_or_default();
            self.fill(chunk, at)?;
            forms = forms.and(bits.forms(chunk, big_endian));
            at += n as u64;
        }
        Ok(forms.are_clean())
    }
}
