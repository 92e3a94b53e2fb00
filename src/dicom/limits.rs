//! Bounds on what a stranger's file may make samar do.

/// Limits that hold while a file is walked. Every one is a command-line flag and stands in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Deepest nesting of sequences.
    pub depth: u16,
    /// Most elements in one instance, items included.
    pub elements: u32,
    /// Most bytes of one instance held in memory: all but its bulk values.
    pub header_bytes: u64,
    /// Most bytes a deflated data set may inflate to.
    pub inflated_bytes: u64,
    /// Largest ratio of inflated to deflated bytes, tested once 16 MiB have come out.
    pub inflate_ratio: u32,
    /// Most bytes that Rows x Columns x Samples x Bits x Frames may claim when uncompressed.
    pub pixel_bytes: u64,
    /// Most bytes of one uncompressed frame that must be decoded. Decoding takes some ten times as much memory.
    pub frame_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: 64,
            elements: 8_000_000,
            header_bytes: 512 << 20,
            inflated_bytes: 1 << 30,
            inflate_ratio: 200,
            pixel_bytes: 64 << 30,
            frame_bytes: 128 << 20,
        }
    }
}
