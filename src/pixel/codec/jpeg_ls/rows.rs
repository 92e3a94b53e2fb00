//! The row in work and the row above it.

/// Two rows of samples with one pixel more at each end, so that every pixel has all its neighbours.
pub(super) struct Rows {
    /// Samples of a pixel.
    stride: usize,
    /// The finished row.
    pub(super) above: Vec<u16>,
    /// The row in work.
    pub(super) current: Vec<u16>,
    /// RUNindex: how long runs were of late.
    pub(super) run_index: usize,
}

impl Rows {
    /// Rows of `columns` pixels of `stride` samples, as before the first row: all zero.
    pub(super) fn new(columns: usize, stride: usize) -> Rows {
        Rows {
            stride,
            above: vec![0; (columns + 2) * stride],
            current: vec![0; (columns + 2) * stride],
            run_index: 0,
        }
    }

    /// Goes back to before the first row.
    pub(super) fn restart(&mut self) {
        self.above.fill(0);
        self.current.fill(0);
        self.run_index = 0;
    }

    /// Makes the finished row the one above, and sets the pixels beyond its ends (T.87 section A.2.1).
    pub(super) fn advance(&mut self) {
        std::mem::swap(&mut self.above, &mut self.current);
        let end = self.above.len() - self.stride;
        self.above.copy_within(end - self.stride..end, end);
        self.current[..self.stride].copy_from_slice(&self.above[self.stride..2 * self.stride]);
    }

    /// The samples of the row in work without its ends.
    pub(super) fn inner(&mut self) -> &mut [u16] {
        let end = self.current.len() - self.stride;
        &mut self.current[self.stride..end]
    }
}
