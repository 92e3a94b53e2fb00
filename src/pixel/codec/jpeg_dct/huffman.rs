//! Huffman codes as JPEG defines them (ITU-T T.81 annexes C and F.2.2.3).

use super::super::error::CodecError;
use super::bits::BitReader;

/// Bits of a code word that one table look-up resolves.
const LOOK: u32 = 10;

/// A code as it is written in a DHT segment.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Code {
    /// How many words there are of 1 to 16 bits.
    counts: [u8; 16],
    /// What the words stand for, shortest word first.
    symbols: Vec<u8>,
}

impl Code {
    /// Reads one code from the body of a DHT segment, behind its class and place, and gives what follows.
    pub(super) fn parse(body: &[u8]) -> Result<(Code, &[u8]), CodecError> {
        const SHORT: CodecError = CodecError::Malformed("a huffman table ends early");
        let (counts, rest) = body.split_first_chunk::<16>().ok_or(SHORT)?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let (symbols, rest) = rest.split_at_checked(total).ok_or(SHORT)?;
        let mut seen = [false; 256];
        for &symbol in symbols {
            if std::mem::replace(&mut seen[usize::from(symbol)], true) {
                return Err(CodecError::Malformed("a huffman table with a symbol twice"));
            }
        }
        let code = Code {
            counts: *counts,
            symbols: symbols.to_vec(),
        };
        if code.used() > 0xFFFF {
            return Err(CodecError::Malformed("a huffman table with too many words"));
        }
        Ok((code, rest))
    }

    /// How many of the 2^16 numbers of 16 bits begin with a word of this code.
    fn used(&self) -> u32 {
        let of = |(bits, &count): (usize, &u8)| u32::from(count) << (15 - bits);
        self.counts.iter().enumerate().map(of).sum()
    }

    /// Every word: its value, its length in bits, and its symbol.
    fn words(&self) -> impl Iterator<Item = (u16, u8, u8)> {
        let lengths = (1..=16u8).zip(&self.counts);
        let lengths = lengths.flat_map(|(bits, &count)| (0..count).map(move |_| bits));
        let mut used = 0u32;
        lengths.zip(&self.symbols).map(move |(bits, &symbol)| {
            let word = (used >> (16 - bits)) as u16;
            used += 1 << (16 - bits);
            (word, bits, symbol)
        })
    }

    /// Adds those of `wanted` that are missing, and says whether every word there was is as it was. A word of ones
    /// alone stays free, as the standard demands.
    fn extend(&mut self, wanted: impl Iterator<Item = u8>) -> Result<bool, CodecError> {
        let missing: Vec<u8> = wanted.filter(|s| !self.symbols.contains(s)).collect();
        let mut unmoved = true;
        while !self.append(&missing) {
            self.lengthen()?;
            unmoved = false;
        }
        Ok(unmoved)
    }

    /// Adds words behind all others, of one length, the shortest that has room for them. False if none has.
    fn append(&mut self, symbols: &[u8]) -> bool {
        let longest = self.counts.iter().rposition(|&count| count > 0);
        let used = self.used();
        for (at, count) in self.counts.iter_mut().enumerate() {
            if Some(at) < longest {
                continue;
            }
            let free = (1 << (at + 1)) - 1 - (used >> (15 - at)) as usize;
            let total = usize::from(*count) + symbols.len();
            if free >= symbols.len() && total <= 255 {
                *count = total as u8;
                self.symbols.extend_from_slice(symbols);
                return true;
            }
        }
        false
    }

    /// Makes room: the last word of those below 16 bits gets one bit more, and all that follow move.
    fn lengthen(&mut self) -> Result<(), CodecError> {
        let longer = (1..16).rev();
        let mut longer = longer.filter(|&at| self.counts[at - 1] > 0 && self.counts[at] < 255);
        let at = longer.next().ok_or(CodecError::Unsupported(
            "a huffman table that has no room for another word",
        ))?;
        self.counts[at - 1] -= 1;
        self.counts[at] += 1;
        Ok(())
    }

    /// Whether every word of `other` is a word of this code and stands for the same.
    pub(super) fn contains(&self, other: &Code) -> bool {
        self.symbols.starts_with(&other.symbols)
            && other.words().eq(self.words().take(other.symbols.len()))
    }

    /// The code in a DHT segment of its own. `place` is its class (0 DC, 1 AC) in the high and its number in the low
    /// four bits.
    pub(super) fn segment(&self, place: u8) -> Vec<u8> {
        let length = (19 + self.symbols.len()) as u16;
        let mut segment = vec![0xFF, 0xC4];
        segment.extend_from_slice(&length.to_be_bytes());
        segment.push(place);
        segment.extend_from_slice(&self.counts);
        segment.extend_from_slice(&self.symbols);
        segment
    }
}

/// A code for reading.
pub(super) struct Decoder {
    code: Code,
    /// For every next `LOOK` bits, the length of the word times 256 plus its symbol, or 0 if the word is longer.
    look: Box<[u16; 1 << LOOK]>,
    /// For every next `LOOK` bits, the AC coefficients that begin in them. Of no meaning in a code for DC.
    strides: Box<[Stride; 1 << LOOK]>,
    /// For every length: the first 16 bits that no word up to this length begins.
    limits: [u32; 16],
    /// For every length: its first word, and the place of the symbol of that.
    firsts: [(u32, usize); 16],
}

impl Decoder {
    /// Prepares a code for reading.
    pub(super) fn new(code: Code) -> Decoder {
        let mut look = Box::new([0; 1 << LOOK]);
        let (mut from, mut rest) = (0, &mut look[..]);
        for (_, bits, symbol) in code.words() {
            if let Some(unused) = LOOK.checked_sub(u32::from(bits)) {
                let (slots, behind) = std::mem::take(&mut rest).split_at_mut(1 << unused);
                slots.fill(u16::from(bits) << 8 | u16::from(symbol));
                rest = behind;
            }
        }
        let (mut limits, mut firsts) = ([0; 16], [(0, 0); 16]);
        let mut place = 0;
        for (at, &count) in code.counts.iter().enumerate() {
            firsts[at] = (from >> (15 - at), place);
            place += usize::from(count);
            from += u32::from(count) << (15 - at);
            limits[at] = from;
        }
        Decoder {
            code,
            strides: Box::new(std::array::from_fn(|next| Stride::new(&look, next))),
            look,
            limits,
            firsts,
        }
    }

    /// The code.
    pub(super) fn code(&self) -> &Code {
        &self.code
    }

    /// The AC coefficients that come next. At least `LOOK` bits must be held.
    #[inline]
    pub(super) fn stride(&self, bits: &BitReader) -> Stride {
        self.strides[bits.peek(LOOK) as usize]
    }

    /// Takes one word and gives its symbol. At least 16 bits must be held.
    #[inline]
    pub(super) fn symbol(&self, bits: &mut BitReader) -> Result<u8, CodecError> {
        let found = self.look[bits.peek(LOOK) as usize];
        if found != 0 {
            bits.skip(u32::from(found >> 8));
            return Ok(found as u8);
        }
        self.long_symbol(bits)
    }

    #[cold]
    fn long_symbol(&self, bits: &mut BitReader) -> Result<u8, CodecError> {
        let next = bits.peek(16);
        let at = self.limits.partition_point(|&limit| limit <= next);
        let symbol = self.firsts.get(at).and_then(|&(first, place)| {
            let place = place + ((next >> (15 - at)) - first) as usize;
            self.code.symbols.get(place).copied()
        });
        bits.skip(at as u32 + 1);
        symbol.ok_or(CodecError::Malformed("a huffman word without meaning"))
    }
}

/// Some AC coefficients on end.
#[derive(Clone, Copy)]
pub(super) struct Stride {
    /// Their bits, up to 25; 0 if the first word says something else.
    pub(super) bits: u8,
    /// How far they lead on in the block, up to 63.
    pub(super) places: u8,
    /// Whether the word for the end of the block comes then, which is counted in `bits`.
    pub(super) ends: bool,
}

impl Stride {
    /// The coefficients whose words lie within the next `LOOK` bits.
    fn new(look: &[u16; 1 << LOOK], next: usize) -> Stride {
        let (mut bits, mut places, mut ends) = (0, 0, false);
        while !ends && u32::from(bits) < LOOK {
            let found = look[(next << bits) % (1 << LOOK)];
            let (length, symbol) = ((found >> 8) as u8, found as u8);
            let (run, size) = (symbol >> 4, symbol & 15);
            if found == 0 || u32::from(bits + length) > LOOK || size == 0 && run > 0 {
                break;
            }
            ends = size == 0;
            let step = if ends { 0 } else { run + 1 };
            if places + step > 63 {
                break;
            }
            (bits, places) = (bits + length + size, places + step);
        }
        Stride { bits, places, ends }
    }
}

/// A code for writing, made from the one that was read so that its words stay what they are, if that is possible.
pub(super) struct Encoder {
    code: Code,
    /// For every symbol: its word and how many bits it has, 0 if the code lacks it.
    words: [(u16, u8); 256],
    /// The symbols that the code had from the start.
    known: usize,
    /// Whether words are others than in the code that was read.
    moved: bool,
    /// Whether words were written that the code that was read does not have.
    extended: bool,
}

impl Encoder {
    /// A code that has these symbols too.
    pub(super) fn new(
        read: &Code,
        wanted: impl Iterator<Item = u8>,
    ) -> Result<Encoder, CodecError> {
        let mut code = read.clone();
        let moved = !code.extend(wanted)?;
        let mut words = [(0, 0); 256];
        for (word, bits, symbol) in code.words() {
            words[usize::from(symbol)] = (word, bits);
        }
        Ok(Encoder {
            code,
            words,
            known: read.symbols.len(),
            moved,
            extended: false,
        })
    }

    /// The word for a symbol.
    #[inline]
    pub(super) fn word(&mut self, symbol: u8) -> Option<(u16, u8)> {
        let (word, bits) = self.words[usize::from(symbol)];
        if !self.extended {
            let mut added = self.code.symbols.iter().skip(self.known);
            self.extended = added.any(|&added| added == symbol);
        }
        (bits > 0).then_some((word, bits))
    }

    /// Whether words are others than in the code that was read.
    pub(super) fn moved(&self) -> bool {
        self.moved
    }

    /// The code to write, if what was written cannot be read with the one that was read.
    pub(super) fn replacement(&self) -> Option<&Code> {
        (self.moved || self.extended).then_some(&self.code)
    }
}
