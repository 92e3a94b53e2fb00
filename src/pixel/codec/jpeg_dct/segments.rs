//! Walks the marker segments of a stream (ITU-T T.81 annex B).

use std::rc::Rc;

use super::super::error::CodecError;
use super::bits::BitReader;
use super::frame::Frame;
use super::huffman::{Code, Decoder};

/// A quantisation table, in zigzag order.
type Quantisation = [u16; 64];

/// What the walk comes to next.
pub(super) enum Step<'a> {
    /// A segment to keep as it is, marker and length included.
    Keep(&'a [u8]),
    /// A scan. Its entropy-coded data comes next: call [`Walker::interval`] for every restart interval.
    Scan(Scan<'a>),
    /// The end of the image.
    End,
}

/// A scan header and the tables it names.
pub(super) struct Scan<'a> {
    /// The segment, marker and length included.
    pub(super) segment: &'a [u8],
    /// The components that it codes.
    pub(super) parts: Vec<Part>,
    /// MCUs between restart markers; 0 if there are none.
    pub(super) restart: usize,
}

/// A component in a scan.
pub(super) struct Part {
    /// Its place in the frame header, below 4.
    pub(super) component: usize,
    /// The numbers of its tables, below 4.
    pub(super) dc_place: usize,
    pub(super) ac_place: usize,
    pub(super) dc: Rc<Decoder>,
    pub(super) ac: Rc<Decoder>,
    pub(super) quantisation: Rc<Quantisation>,
}

/// Reads the segments of a stream one after the other and remembers what later ones refer to.
pub(super) struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
    frame: Option<Frame>,
    quantisation: [Option<Rc<Quantisation>>; 4],
    dc: [Option<Rc<Decoder>>; 4],
    ac: [Option<Rc<Decoder>>; 4],
    restart: usize,
    /// The components that a scan has coded.
    coded: [bool; 4],
    /// Whether a JFIF and an Adobe segment were seen.
    colour: [bool; 2],
    tidy: bool,
}

impl<'a> Walker<'a> {
    /// Starts behind the SOI marker.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Walker<'a>, CodecError> {
        if !bytes.starts_with(&[0xFF, 0xD8]) {
            return Err(CodecError::Malformed("no start of image"));
        }
        Ok(Walker {
            bytes,
            at: 2,
            frame: None,
            quantisation: Default::default(),
            dc: Default::default(),
            ac: Default::default(),
            restart: 0,
            coded: [false; 4],
            colour: [false; 2],
            tidy: true,
        })
    }

    /// The frame header, once it was read.
    pub(super) fn frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    /// Whether nothing was met so far that is left out in writing: other segments, fill bytes, bytes behind the end.
    pub(super) fn tidy(&self) -> bool {
        self.tidy
    }

    /// Goes on to the next scan or segment to keep.
    pub(super) fn step(&mut self) -> Result<Step<'a>, CodecError> {
        loop {
            let Some(marker) = self.marker()? else {
                self.tidy = false;
                return self.end();
            };
            if marker == 0xD9 {
                self.tidy &= self.at == self.bytes.len();
                return self.end();
            }
            let segment = self.segment(marker)?;
            let body = segment.get(4..).unwrap_or_default();
            match marker {
                0xDB => self.define_quantisation(body)?,
                0xC4 => self.define_huffman(body)?,
                0xDD => self.define_restart(body)?,
                0xC0 | 0xC1 => self.define_frame(body, marker == 0xC0)?,
                0xDA => return self.scan(segment, body).map(Step::Scan),
                0xE0 | 0xEE if self.tells_colour(marker, body) => {}
                _ => {
                    self.tidy = false;
                    continue;
                }
            }
            return Ok(Step::Keep(segment));
        }
    }

    /// Takes a marker, or finds that nothing is left.
    fn marker(&mut self) -> Result<Option<u8>, CodecError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let filled = rest.iter().take_while(|&&byte| byte == 0xFF).count();
        self.at += filled + 1;
        self.tidy &= filled <= 1;
        match rest.get(filled) {
            None => Ok(None),
            Some(&marker) if filled > 0 => Ok(Some(marker)),
            Some(_) => Err(CodecError::Malformed("bytes between the segments")),
        }
    }

    /// Takes the rest of a segment, and refuses what cannot be a segment of a sequential Huffman image.
    fn segment(&mut self, marker: u8) -> Result<&'a [u8], CodecError> {
        match marker {
            0xC2 => return Err(CodecError::Unsupported("it is progressive")),
            0xC3 => return Err(CodecError::Unsupported("it is lossless")),
            0xC5..=0xC7 | 0xCD..=0xCF | 0xDE | 0xDF => {
                return Err(CodecError::Unsupported("it is hierarchical"));
            }
            0xC9..=0xCC => {
                return Err(CodecError::Unsupported("it is arithmetically coded"));
            }
            0xDC => {
                return Err(CodecError::Unsupported(
                    "its height stands in a DNL segment",
                ));
            }
            0xC0 | 0xC1 | 0xC4 | 0xDA | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE => {}
            _ => return Err(CodecError::Malformed("an unexpected marker")),
        }
        let start = self.at - 2;
        let length = self.bytes.get(self.at..).and_then(|b| b.first_chunk());
        let length = length.map_or(0, |&length| usize::from(u16::from_be_bytes(length)));
        let segment = self.bytes.get(start..self.at + length);
        self.at += length;
        match segment {
            Some(segment) if length >= 2 => Ok(segment),
            _ => Err(CodecError::Malformed("a segment ends early")),
        }
    }

    /// The image may end once every component was coded.
    fn end(&self) -> Result<Step<'a>, CodecError> {
        let frame = self.frame.as_ref();
        let frame = frame.ok_or(CodecError::Malformed("no frame header"))?;
        let coded = self.coded.iter().filter(|&&coded| coded).count();
        if coded < frame.components.len() {
            return Err(CodecError::Malformed("a component is missing"));
        }
        Ok(Step::End)
    }

    /// Whether this APPn body is the first of those that say what colours the components mean, and nothing more: JFIF
    /// without a thumbnail, Adobe. Behind a scan they come too late to be heeded.
    fn tells_colour(&mut self, marker: u8, body: &[u8]) -> bool {
        let seen = match (marker, body) {
            (0xE0, [b'J', b'F', b'I', b'F', 0, _, _, _, _, _, _, _, 0, 0]) => &mut self.colour[0],
            (0xEE, [b'A', b'd', b'o', b'b', b'e', ..]) if body.len() == 12 => &mut self.colour[1],
            _ => return false,
        };
        !self.coded.contains(&true) && !std::mem::replace(seen, true)
    }

    fn define_quantisation(&mut self, mut body: &[u8]) -> Result<(), CodecError> {
        const SHORT: CodecError = CodecError::Malformed("a quantisation table ends early");
        while let Some((&head, rest)) = body.split_first() {
            let mut table = [0; 64];
            body = match head >> 4 {
                0 => {
                    let (values, rest) = rest.split_first_chunk::<64>().ok_or(SHORT)?;
                    table = values.map(u16::from);
                    rest
                }
                1 => {
                    let (values, rest) = rest.split_first_chunk::<128>().ok_or(SHORT)?;
                    for (entry, &value) in table.iter_mut().zip(values.as_chunks().0) {
                        *entry = u16::from_be_bytes(value);
                    }
                    rest
                }
                _ => return Err(CodecError::Malformed("a quantisation table")),
            };
            let slot = self.quantisation.get_mut(usize::from(head & 15));
            match slot {
                Some(slot) if !table.contains(&0) => *slot = Some(Rc::new(table)),
                _ => return Err(CodecError::Malformed("a quantisation table")),
            }
        }
        Ok(())
    }

    fn define_huffman(&mut self, mut body: &[u8]) -> Result<(), CodecError> {
        while let Some((&head, rest)) = body.split_first() {
            let class = match head >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(CodecError::Malformed("a huffman table")),
            };
            let slot = class.get_mut(usize::from(head & 15));
            let slot = slot.ok_or(CodecError::Malformed("a huffman table"))?;
            let (code, rest) = Code::parse(rest)?;
            *slot = Some(Rc::new(Decoder::new(code)));
            body = rest;
        }
        Ok(())
    }

    fn define_restart(&mut self, body: &[u8]) -> Result<(), CodecError> {
        let &[high, low] = body else {
            return Err(CodecError::Malformed("the restart interval"));
        };
        self.restart = usize::from(u16::from_be_bytes([high, low]));
        Ok(())
    }

    fn define_frame(&mut self, body: &[u8], baseline: bool) -> Result<(), CodecError> {
        if self.frame.is_some() {
            return Err(CodecError::Malformed("two frame headers"));
        }
        self.frame = Some(Frame::parse(body, baseline)?);
        Ok(())
    }

    /// Reads a scan header.
    fn scan(&mut self, segment: &'a [u8], body: &[u8]) -> Result<Scan<'a>, CodecError> {
        const BAD: CodecError = CodecError::Malformed("a scan header");
        const NO_TABLE: CodecError = CodecError::Malformed("a table that is not defined");
        let frame = self.frame.as_ref();
        let frame = frame.ok_or(CodecError::Malformed("a scan before the frame header"))?;
        let (&count, rest) = body.split_first().ok_or(BAD)?;
        let (named, rest) = rest.split_at_checked(usize::from(count) * 2).ok_or(BAD)?;
        // Some writers leave the end of the band 0, which says nothing here: a sequential scan has all of it.
        if !matches!(rest, [0, 0 | 63, 0]) || !(1..=4).contains(&count) {
            return Err(BAD);
        }
        let mut parts = Vec::with_capacity(usize::from(count));
        for &[id, tables] in named.as_chunks().0 {
            let component = frame.components.iter().position(|c| c.id == id);
            let component = component.ok_or(BAD)?;
            if std::mem::replace(&mut self.coded[component], true) {
                return Err(CodecError::Malformed("a component is coded twice"));
            }
            let place = usize::from(frame.components[component].quantisation);
            let quantisation = self.quantisation.get(place).cloned().flatten();
            let (dc_place, ac_place) = (usize::from(tables >> 4), usize::from(tables & 15));
            parts.push(Part {
                component,
                dc_place,
                ac_place,
                dc: self.dc.get(dc_place).cloned().flatten().ok_or(NO_TABLE)?,
                ac: self.ac.get(ac_place).cloned().flatten().ok_or(NO_TABLE)?,
                quantisation: quantisation.ok_or(NO_TABLE)?,
            });
        }
        let blocks = |part: &Part| {
            let component = &frame.components[part.component];
            u32::from(component.horizontal) * u32::from(component.vertical)
        };
        if parts.len() > 1 && parts.iter().map(blocks).sum::<u32>() > 10 {
            return Err(CodecError::Malformed("more than ten blocks in an MCU"));
        }
        Ok(Scan {
            segment,
            parts,
            restart: self.restart,
        })
    }

    /// Loads the entropy-coded data up to the next marker. Says whether it ended without one. Behind any but the
    /// `last` of a scan must stand the restart marker that the `number` of the interval asks for.
    pub(super) fn interval(
        &mut self,
        number: usize,
        last: bool,
        bits: &mut BitReader,
    ) -> Result<bool, CodecError> {
        match bits.load(|buffer| self.unstuff(buffer))? {
            Some(marker) if !last && usize::from(marker) == 0xD0 + number % 8 => self.at += 2,
            Some(0xD0..=0xD7) => {
                return Err(CodecError::Malformed("restart markers out of sequence"));
            }
            None if last => return Ok(true),
            Some(_) if last => {}
            _ => return Err(CodecError::Malformed("entropy-coded data ends early")),
        }
        Ok(false)
    }

    /// Appends the data up to the next marker, and gives that without taking it.
    fn unstuff(&mut self, buffer: &mut Vec<u8>) -> Result<Option<u8>, CodecError> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|&byte| byte == 0xFF);
            let (plain, rest) = rest.split_at(plain.unwrap_or(rest.len()));
            buffer.extend_from_slice(plain);
            self.at += plain.len();
            let filled = rest.iter().take_while(|&&byte| byte == 0xFF).count();
            match rest.get(filled) {
                Some(0) if filled == 1 => buffer.push(0xFF),
                Some(0) => return Err(CodecError::Malformed("fill bytes without a marker")),
                marker => {
                    self.tidy &= filled == 1;
                    self.at += filled.saturating_sub(1);
                    return Ok(marker.copied());
                }
            }
            self.at += 2;
        }
    }
}
