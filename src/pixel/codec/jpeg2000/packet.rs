//! Packets: what each code-block holds, told by tag trees (ITU-T T.800 annex B.10), the writing side.

use super::block::Coded;

/// The blocks of one subband, row by row.
pub(super) struct Blocks {
    pub(super) across: usize,
    pub(super) down: usize,
    /// Bit planes that the header allots to this subband.
    pub(super) planes: u32,
    pub(super) coded: Vec<Coded>,
}

/// Appends one packet: all subbands of one resolution of one component, in one layer and one precinct.
pub(super) fn write(out: &mut Vec<u8>, subbands: &[Blocks]) {
    let mut bits = Bits::default();
    bits.put(1, 1);
    for subband in subbands {
        let included = subband
            .coded
            .iter()
            .map(|block| u32::from(block.passes == 0));
        let mut inclusion = TagTree::new(subband.across, subband.down, included);
        let empty = |block: &Coded| subband.planes.saturating_sub(block.planes);
        let mut zeros = TagTree::new(
            subband.across,
            subband.down,
            subband.coded.iter().map(empty),
        );
        for (index, block) in subband.coded.iter().enumerate() {
            inclusion.put(&mut bits, index, 1);
            if block.passes > 0 {
                zeros.put(&mut bits, index, empty(block) + 1);
                put_passes(&mut bits, block.passes);
                put_length(&mut bits, block.bytes.len() as u32, block.passes);
            }
        }
    }
    out.extend(bits.finish());
    for block in subbands.iter().flat_map(|subband| &subband.coded) {
        out.extend_from_slice(&block.bytes);
    }
}

/// The number of coding passes. T.800 table B.4.
fn put_passes(bits: &mut Bits, passes: u32) {
    match passes {
        1 => bits.put(0, 1),
        2 => bits.put(0b10, 2),
        3..=5 => bits.put(0b1100 | (passes - 3), 4),
        6..=36 => bits.put(0b1111 << 5 | (passes - 6), 9),
        _ => bits.put(0b1_1111_1111 << 7 | (passes - 37), 16),
    }
}

/// The length of the one segment, in as many bits as the passes and a signalled surplus give. T.800 B.10.7.1.
fn put_length(bits: &mut Bits, length: u32, passes: u32) {
    let needed = u32::BITS - length.leading_zeros();
    let from_passes = passes.ilog2();
    let surplus = needed.saturating_sub(3 + from_passes);
    for _ in 0..surplus {
        bits.put(1, 1);
    }
    bits.put(0, 1);
    bits.put(length, 3 + surplus + from_passes);
}

/// Bits of a packet header; a byte after 0xFF has only seven.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    current: u8,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for place in (0..count).rev() {
            self.current = self.current << 1 | (value >> place & 1) as u8;
            self.used += 1;
            let room = if self.bytes.last() == Some(&0xff) {
                7
            } else {
                8
            };
            if self.used == room {
                self.bytes.push(self.current);
                (self.current, self.used) = (0, 0);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while self.used > 0 || self.bytes.last() == Some(&0xff) {
            self.put(0, 1);
        }
        self.bytes
    }
}

/// A node holds the least value below it.
struct Node {
    value: u32,
    /// What the reader knows: the value is at least this.
    low: u32,
    known: bool,
    parent: Option<usize>,
}

/// A tag tree (T.800 B.10.2); the leaves come first, row by row.
struct TagTree(Vec<Node>);

impl TagTree {
    fn new(across: usize, down: usize, leaves: impl Iterator<Item = u32>) -> TagTree {
        let node = |value| Node {
            value,
            low: 0,
            known: false,
            parent: None,
        };
        let mut nodes: Vec<Node> = leaves.map(node).collect();
        let (mut start, mut width, mut height) = (0, across, down);
        while width * height > 1 {
            let (above, half) = (nodes.len(), width.div_ceil(2));
            nodes.extend((0..half * height.div_ceil(2)).map(|_| node(u32::MAX)));
            for index in 0..width * height {
                let parent = above + index / width / 2 * half + index % width / 2;
                nodes[start + index].parent = Some(parent);
                nodes[parent].value = nodes[parent].value.min(nodes[start + index].value);
            }
            (start, width, height) = (above, half, height.div_ceil(2));
        }
        TagTree(nodes)
    }

    /// Tells whether the value of a leaf is below `threshold`, as far as it is not yet told.
    fn put(&mut self, bits: &mut Bits, leaf: usize, threshold: u32) {
        let mut path = vec![leaf];
        while let Some(parent) = path.last().and_then(|&at| self.0[at].parent) {
            path.push(parent);
        }
        let mut low = 0;
        for &at in path.iter().rev() {
            let node = &mut self.0[at];
            node.low = node.low.max(low);
            while node.low < threshold && !node.known {
                if node.low >= node.value {
                    bits.put(1, 1);
                    node.known = true;
                } else {
                    bits.put(0, 1);
                    node.low += 1;
                }
            }
            low = node.low;
        }
    }
}
