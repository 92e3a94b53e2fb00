//! Prediction from neighbouring samples (T.81 H.1.2), one row of one component at a time.

/// The samples of the row above, or the prediction of the first sample where there is none: in the first row
/// and after a restart.
#[derive(Clone, Copy)]
pub(super) enum Above<'a> {
    Row(&'a [u16]),
    Start(i32),
}

/// Two rows of one component of a scan, after the point transform.
pub(super) struct Plane {
    pub(super) current: Vec<u16>,
    pub(super) above: Vec<u16>,
    /// The differences of the current row.
    pub(super) differences: Vec<u16>,
}

impl Plane {
    /// Rows of `columns` samples.
    pub(super) fn new(columns: usize) -> Plane {
        let row = vec![0; columns];
        Plane {
            current: row.clone(),
            above: row.clone(),
            differences: row,
        }
    }

    /// Makes the current row the one above.
    pub(super) fn next_row(&mut self) {
        std::mem::swap(&mut self.current, &mut self.above);
    }

    /// Sets the differences of the current row; `start` is the first prediction where no row is above.
    pub(super) fn subtract(&mut self, predictor: u8, start: Option<i32>) {
        let above = start.map_or(Above::Row(&self.above), Above::Start);
        let (row, out) = (&self.current, &mut self.differences);
        match predictor {
            1 => subtract::<1>(row, above, out),
            2 => subtract::<2>(row, above, out),
            3 => subtract::<3>(row, above, out),
            4 => subtract::<4>(row, above, out),
            5 => subtract::<5>(row, above, out),
            6 => subtract::<6>(row, above, out),
            _ => subtract::<7>(row, above, out),
        }
    }

    /// Sets the current row from its differences; `start` is the first prediction where no row is above.
    pub(super) fn add(&mut self, predictor: u8, start: Option<i32>) {
        let above = start.map_or(Above::Row(&self.above), Above::Start);
        let (differences, row) = (&self.differences, &mut self.current);
        match predictor {
            1 => add::<1>(differences, above, row),
            2 => add::<2>(differences, above, row),
            3 => add::<3>(differences, above, row),
            4 => add::<4>(differences, above, row),
            5 => add::<5>(differences, above, row),
            6 => add::<6>(differences, above, row),
            _ => add::<7>(differences, above, row),
        }
    }
}

/// The prediction from the samples to the left, above, and above to the left (T.81 table H.1).
#[inline]
fn predict<const PREDICTOR: u8>(left: u16, up: u16, corner: u16) -> i32 {
    let (a, b, c) = (i32::from(left), i32::from(up), i32::from(corner));
    match PREDICTOR {
        1 => a,
        2 => b,
        3 => c,
        4 => a + b - c,
        5 => a + ((b - c) >> 1),
        6 => b + ((a - c) >> 1),
        _ => (a + b) >> 1,
    }
}

/// Differences are taken modulo 65536. The first row is predicted from the left, the first column from above.
fn subtract<const PREDICTOR: u8>(row: &[u16], above: Above<'_>, out: &mut [u16]) {
    let (Some((&first, rest)), Some((to, out))) = (row.split_first(), out.split_first_mut()) else {
        return;
    };
    match above {
        Above::Start(start) => {
            *to = (i32::from(first) - start).cast_unsigned() as u16;
            for ((to, &sample), &left) in out.iter_mut().zip(rest).zip(row) {
                *to = sample.wrapping_sub(left);
            }
        }
        Above::Row(above) => {
            let ups = above.iter().skip(1);
            *to = first.wrapping_sub(above.first().copied().unwrap_or_default());
            let neighbours = row.iter().zip(ups).zip(above);
            for ((to, &sample), ((&left, &up), &corner)) in out.iter_mut().zip(rest).zip(neighbours)
            {
                let prediction = predict::<PREDICTOR>(left, up, corner);
                *to = (i32::from(sample) - prediction).cast_unsigned() as u16;
            }
        }
    }
}

/// The inverse of [`subtract`].
fn add<const PREDICTOR: u8>(differences: &[u16], above: Above<'_>, row: &mut [u16]) {
    let (Some((&first, rest)), Some((to, row))) =
        (differences.split_first(), row.split_first_mut())
    else {
        return;
    };
    match above {
        Above::Start(start) => {
            let mut left = (i32::from(first) + start).cast_unsigned() as u16;
            *to = left;
            for (to, &difference) in row.iter_mut().zip(rest) {
                left = left.wrapping_add(difference);
                *to = left;
            }
        }
        Above::Row(above) => {
            let mut corner = above.first().copied().unwrap_or_default();
            let mut left = first.wrapping_add(corner);
            *to = left;
            let ups = above.iter().skip(1);
            for ((to, &difference), &up) in row.iter_mut().zip(rest).zip(ups) {
                let prediction = predict::<PREDICTOR>(left, up, corner);
                left = (i32::from(difference) + prediction).cast_unsigned() as u16;
                corner = up;
                *to = left;
            }
        }
    }
}

/// Takes value `index` of each group of `group` values, without its lowest `shift` bits.
pub(super) fn gather(from: &[u16], group: usize, index: usize, shift: u8, to: &mut [u16]) {
    if group == 1 {
        to.iter_mut()
            .zip(from)
            .for_each(|(to, from)| *to = from >> shift);
        return;
    }
    for (to, values) in to.iter_mut().zip(from.chunks_exact(group.max(1))) {
        *to = values.get(index).map_or(0, |value| value >> shift);
    }
}

/// Sets value `index` of each group of `group` values, with `shift` zero bits added below.
pub(super) fn scatter(from: &[u16], group: usize, index: usize, shift: u8, to: &mut [u16]) {
    if group == 1 {
        to.iter_mut()
            .zip(from)
            .for_each(|(to, from)| *to = from << shift);
        return;
    }
    for (values, from) in to.chunks_exact_mut(group.max(1)).zip(from) {
        if let Some(value) = values.get_mut(index) {
            *value = from << shift;
        }
    }
}
