//! A small JPEG writer and a slow JPEG reader, made apart from the code under test.

use std::collections::BTreeMap;

pub(crate) type Block = [i32; 64];

/// Numbers that look random and are always the same.
pub(crate) struct Seed(pub u64);

impl Seed {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// How the words of a Huffman table are made from the symbols that occur.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Words {
    /// All of one length.
    Flat,
    /// From 1 to 16 bits, until nothing is free.
    Full,
}

#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    pub(crate) precision: u8,
    pub(crate) factors: Vec<(u32, u32)>,
    /// The components and the restart interval of each scan.
    pub(crate) scans: Vec<(Vec<usize>, u16)>,
    pub(crate) words: Words,
    /// Whether every block has its last coefficient, so that no block ends early.
    pub(crate) dense: bool,
    pub(crate) wide_quantisation: bool,
    /// Whether all scans use the tables that stand before the first.
    pub(crate) shared_tables: bool,
}

impl Shape {
    fn largest(&self) -> (u32, u32) {
        let x = self.factors.iter().map(|f| f.0).max().unwrap();
        (x, self.factors.iter().map(|f| f.1).max().unwrap())
    }

    /// Blocks across and down that have pixels.
    pub(crate) fn grid(&self, component: usize) -> (u32, u32) {
        let (h, v) = self.factors[component];
        let (x, y) = self.largest();
        let samples = |size: u32, f: u32, max: u32| (size * f).div_ceil(max).div_ceil(8);
        (samples(self.columns, h, x), samples(self.rows, v, y))
    }

    /// The blocks of a scan in their order: component, column, row.
    fn order(&self, scan: &[usize]) -> Vec<Vec<(usize, u32, u32)>> {
        if let &[only] = scan {
            let (across, down) = self.grid(only);
            let all = (0..down).flat_map(|y| (0..across).map(move |x| vec![(only, x, y)]));
            return all.collect();
        }
        let (x, y) = self.largest();
        let (across, down) = (self.columns.div_ceil(8 * x), self.rows.div_ceil(8 * y));
        let mut mcus = Vec::new();
        for my in 0..down {
            for mx in 0..across {
                let mut mcu = Vec::new();
                for &c in scan {
                    let (h, v) = self.factors[c];
                    for by in 0..v {
                        mcu.extend((0..h).map(|bx| (c, mx * h + bx, my * v + by)));
                    }
                }
                mcus.push(mcu);
            }
        }
        mcus
    }

    /// Whether a block has a sample that stands for a masked pixel, pixel by pixel. Filling is like the block beside it.
    pub(crate) fn touched(&self, masked: &dyn Fn(u32, u32) -> bool, at: (usize, u32, u32)) -> bool {
        let (component, bx, by) = at;
        let (across, down) = self.grid(component);
        let (bx, by) = (bx.min(across - 1), by.min(down - 1));
        let (horizontal, vertical) = self.factors[component];
        let (x, y) = self.largest();
        let shows = |pixel: u32, f: u32, max: u32, block: u32| {
            let first = pixel * f / max;
            let last = ((pixel + 1) * f).div_ceil(max) - 1;
            first / 8 <= block && block <= last / 8
        };
        (0..self.rows).any(|py| {
            shows(py, vertical, y, by)
                && (0..self.columns).any(|px| masked(px, py) && shows(px, horizontal, x, bx))
        })
    }
}

/// Coefficients by component, column and row.
pub(crate) type Blocks = BTreeMap<(usize, u32, u32), Block>;

fn size_of(value: i32) -> u8 {
    (32 - value.unsigned_abs().leading_zeros()) as u8
}

/// The words of a block: table class, symbol, value bits, how many.
fn words_of(block: &Block, before: i32) -> Vec<(usize, u8, u32, u8)> {
    let low = |value: i32, size: u8| {
        let value = if value < 0 { value - 1 } else { value };
        value.cast_unsigned() & ((1u32 << size) - 1)
    };
    let change = block[0] - before;
    let size = size_of(change);
    let mut words = vec![(0, size, low(change, size), size)];
    let mut zeros = 0;
    for &value in &block[1..] {
        if value == 0 {
            zeros += 1;
            continue;
        }
        for _ in 0..zeros / 16 {
            words.push((1, 0xF0, 0, 0));
        }
        let size = size_of(value);
        words.push((1, (zeros % 16) << 4 | size, low(value, size), size));
        zeros = 0;
    }
    if zeros > 0 {
        words.push((1, 0, 0, 0));
    }
    words
}

fn lengths(count: usize, words: Words) -> Vec<u8> {
    if words == Words::Flat {
        let bits = (1..=16).find(|&bits| (1 << bits) > count).unwrap();
        return vec![bits; count];
    }
    let mut free = 0xFFFFusize;
    let mut lengths = Vec::new();
    for left in (0..count).rev() {
        let units = (0..16u8).rev().find(|&p| 1 << p <= free - left).unwrap();
        free -= 1 << units;
        lengths.push(16 - units);
    }
    lengths
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xFF, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

/// Blocks of arbitrary coefficients.
pub(crate) fn arbitrary(shape: &Shape, seed: &mut Seed) -> Blocks {
    let orders = shape.scans.iter().flat_map(|(scan, _)| shape.order(scan));
    let mut blocks = Blocks::new();
    for at in orders.flatten() {
        let mut block = [0; 64];
        block[0] = seed.below(60) as i32 - 30;
        for value in &mut block[1..] {
            if seed.below(4) == 0 {
                let bits = seed.below(7);
                *value = seed.below(1 << bits) as i32 - 20;
            }
        }
        block[62] = 0;
        block[63] = i32::from(shape.dense) * 3;
        blocks.insert(at, block);
    }
    blocks
}

type Coded = Vec<Option<(usize, u8, u32, u8)>>;

/// The words of a scan, with nothing where a restart marker comes.
fn code(shape: &Shape, scan: &[usize], restart: u16, blocks: &Blocks) -> Coded {
    let mut coded = Vec::new();
    let mut before = [0; 4];
    for (number, mcu) in shape.order(scan).into_iter().enumerate() {
        if restart > 0 && number > 0 && number.is_multiple_of(restart.into()) {
            before = [0; 4];
            coded.push(None);
        }
        for at in mcu {
            let block = &blocks[&at];
            coded.extend(words_of(block, before[at.0]).into_iter().map(Some));
            before[at.0] = block[0];
        }
    }
    coded
}

/// Writes a frame.
pub(crate) fn write(shape: &Shape, blocks: &Blocks) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for table in 0..2u8 {
        let mut body = vec![table | u8::from(shape.wide_quantisation) << 4];
        for at in 0..64u16 {
            let step = 3 + at + u16::from(table) * 20;
            if shape.wide_quantisation {
                body.extend((step * 9).to_be_bytes());
            } else {
                body.push(step as u8);
            }
        }
        segment(&mut out, 0xDB, &body);
    }
    let mut body = vec![shape.precision];
    body.extend((shape.rows as u16).to_be_bytes());
    body.extend((shape.columns as u16).to_be_bytes());
    body.push(shape.factors.len() as u8);
    for (at, (h, v)) in shape.factors.iter().enumerate() {
        body.extend([at as u8 + 10, (h << 4 | v) as u8, u8::from(at > 0)]);
    }
    segment(&mut out, 0xC1, &body);
    let scans = shape.scans.iter();
    let scans: Vec<Coded> = scans
        .map(|(scan, restart)| code(shape, scan, *restart, blocks))
        .collect();
    let mut table = [BTreeMap::new(), BTreeMap::new()];
    for (number, ((scan, restart), coded)) in shape.scans.iter().zip(&scans).enumerate() {
        segment(&mut out, 0xDD, &restart.to_be_bytes());
        let shared = scans.concat();
        let tabled = if shape.shared_tables { &shared } else { coded };
        for (class, table) in table.iter_mut().enumerate() {
            let mut counts = BTreeMap::new();
            if number > 0 && shape.shared_tables {
                break;
            }
            table.clear();
            for word in tabled.iter().flatten().filter(|word| word.0 == class) {
                *counts.entry(word.1).or_insert(0) += 1;
            }
            let mut symbols: Vec<u8> = counts.keys().copied().collect();
            symbols.sort_by_key(|symbol| -counts[symbol]);
            let lengths = lengths(symbols.len(), shape.words);
            let mut body = vec![(class << 4) as u8];
            body.extend((1..=16).map(|bits| {
                lengths
                    .iter()
                    .map(|&length| u8::from(length == bits))
                    .sum::<u8>()
            }));
            body.extend(&symbols);
            segment(&mut out, 0xC4, &body);
            let mut next = 0u32;
            for (symbol, bits) in symbols.into_iter().zip(lengths) {
                table.insert(symbol, (next >> (16 - bits), bits));
                next += 1 << (16 - bits);
            }
        }
        let mut body = vec![scan.len() as u8];
        body.extend(scan.iter().flat_map(|&c| [c as u8 + 10, 0]));
        body.extend([0, 63, 0]);
        segment(&mut out, 0xDA, &body);
        let mut bits: Vec<bool> = Vec::new();
        let mut restarts = 0;
        let flush = |bits: &mut Vec<bool>, out: &mut Vec<u8>| {
            while !bits.len().is_multiple_of(8) {
                bits.push(true);
            }
            for byte in bits.chunks(8) {
                let byte = byte.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
                out.push(byte);
                if byte == 0xFF {
                    out.push(0);
                }
            }
            bits.clear();
        };
        for word in coded {
            let Some((class, symbol, value, size)) = word else {
                flush(&mut bits, &mut out);
                out.extend([0xFF, 0xD0 + restarts % 8]);
                restarts += 1;
                continue;
            };
            let (word, length) = table[*class][symbol];
            bits.extend((0..length).rev().map(|at| word >> at & 1 == 1));
            bits.extend((0..*size).rev().map(|at| value >> at & 1 == 1));
        }
        flush(&mut bits, &mut out);
    }
    out.extend([0xFF, 0xD9]);
    out
}

/// Reads the coefficients of a stream of this shape, bit by bit.
pub(crate) fn read(stream: &[u8], shape: &Shape) -> Blocks {
    let mut blocks = Blocks::new();
    let mut tables: BTreeMap<u8, BTreeMap<(u8, u32), u8>> = BTreeMap::new();
    let (mut at, mut scan, mut restart) = (2, 0, 0);
    while stream[at + 1] != 0xD9 {
        assert_eq!(stream[at], 0xFF);
        let marker = stream[at + 1];
        let length = usize::from(u16::from_be_bytes([stream[at + 2], stream[at + 3]]));
        let mut body = &stream[at + 4..at + 2 + length];
        at += 2 + length;
        match marker {
            0xDD => restart = usize::from(u16::from_be_bytes([body[0], body[1]])),
            0xC4 => {
                while !body.is_empty() {
                    let mut table = BTreeMap::new();
                    let (mut next, mut symbol) = (0, 17);
                    for bits in 1..=16u8 {
                        for _ in 0..body[usize::from(bits)] {
                            assert_ne!(next + 1, 1 << bits, "a word of ones alone");
                            table.insert((bits, next), body[symbol]);
                            next += 1;
                            symbol += 1;
                        }
                        next <<= 1;
                    }
                    tables.insert(body[0], table);
                    body = &body[symbol..];
                }
            }
            0xDA => {
                let places: Vec<u8> = body[1..body.len() - 3].chunks(2).map(|c| c[1]).collect();
                let components = &shape.scans[scan].0;
                let mcus = shape.order(components);
                let mut done = 0;
                let mut number = 0;
                while done < mcus.len() {
                    let mut bits = Vec::new();
                    while stream[at] != 0xFF || stream[at + 1] == 0 {
                        bits.extend((0..8).rev().map(|bit| stream[at] >> bit & 1));
                        at += 1 + usize::from(stream[at] == 0xFF);
                    }
                    let mut bits = bits.into_iter();
                    let end = if restart == 0 {
                        mcus.len()
                    } else {
                        (done + restart).min(mcus.len())
                    };
                    let mut before = [0; 4];
                    for &place in mcus[done..end].iter().flatten() {
                        let part = components.iter().position(|&c| c == place.0).unwrap();
                        let (dc, ac) = (places[part] >> 4, places[part] & 15 | 16);
                        let block =
                            read_block(&mut bits, &tables[&dc], &tables[&ac], &mut before[place.0]);
                        blocks.insert(place, block);
                    }
                    assert!(bits.len() < 8 && bits.all(|bit| bit == 1));
                    done = end;
                    if done < mcus.len() {
                        assert_eq!(stream[at + 1], 0xD0 + number % 8);
                        at += 2;
                        number += 1;
                    }
                }
                scan += 1;
            }
            _ => {}
        }
    }
    assert_eq!(at + 2, stream.len());
    blocks
}

type Table = BTreeMap<(u8, u32), u8>;

fn read_block(
    bits: &mut impl Iterator<Item = u8>,
    dc: &Table,
    ac: &Table,
    before: &mut i32,
) -> Block {
    fn symbol(bits: &mut impl Iterator<Item = u8>, table: &Table) -> u8 {
        let mut word = 0;
        for length in 1..=16 {
            word = word << 1 | u32::from(bits.next().unwrap());
            if let Some(&symbol) = table.get(&(length, word)) {
                return symbol;
            }
        }
        panic!("no such word");
    }
    fn value(bits: &mut impl Iterator<Item = u8>, size: u8) -> i32 {
        let value = (0..size).fold(0, |value, _| value << 1 | i32::from(bits.next().unwrap()));
        if size > 0 && value < 1 << (size - 1) {
            value + 1 - (1 << size)
        } else {
            value
        }
    }
    let mut block = [0; 64];
    let size = symbol(bits, dc);
    *before += value(bits, size);
    block[0] = *before;
    let mut at = 1;
    while at < 64 {
        let word = symbol(bits, ac);
        match word {
            0 => break,
            0xF0 => at += 16,
            _ => {
                at += usize::from(word >> 4);
                block[at] = value(bits, word & 15);
                at += 1;
            }
        }
    }
    block
}
