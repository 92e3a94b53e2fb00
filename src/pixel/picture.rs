//! The decoded samples of one frame.

/// One frame as a decoder yields it.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Rows, in pixels.
    pub rows: u32,
    /// Columns, in pixels.
    pub columns: u32,
    /// Samples of one pixel, 1 to 4.
    pub components: usize,
    /// Bits of one sample as the codestream states them, 1 to 16.
    pub precision: u8,
    /// Whether the codestream says that samples are two's complement. JPEG and JPEG-LS have no such thing.
    pub signed: bool,
    /// Samples row by row, pixel by pixel, the components of a pixel together: rows * columns * components of them.
    /// A signed sample is sign extended to 16 bits, an unsigned one zero extended.
    pub samples: Vec<u16>,
}

impl std::fmt::Debug for Picture {
    /// Its size, and nothing of what it shows.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Picture({} x {} x {}, {} bit)",
            self.columns, self.rows, self.components, self.precision
        )
    }
}
