//! What a scan has learned so far, and the arithmetic that reading and writing share (T.87 annex A).
#![expect(
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "all numbers here are small: samples have at most 16 bits, errors 17"
)]

use super::preset::Coding;

/// J: the run lengths that one bit stands for, as powers of two (T.87 section A.2.1).
const RUN_ORDERS: [u8; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13,
    14, 15,
];

/// The regular contexts, rounded up to a power of two so that an index can be masked. 365 are in use.
const CONTEXTS: usize = 512;

/// The statistics of one regular context.
#[derive(Clone, Copy)]
pub(super) struct Context {
    /// A: the sum of the sizes of the errors.
    a: i32,
    /// B: the sum of the errors, less what `c` has taken out.
    b: i32,
    /// C: the correction of the prediction.
    pub(super) c: i32,
    /// N: how often the context was seen.
    n: i32,
}

impl Context {
    /// k, the order of the Golomb code.
    #[inline]
    pub(super) fn order(&self) -> u32 {
        golomb_order(self.n, self.a)
    }

    /// All ones where signs are swapped in the mapped error (T.87 section A.5.2), else zero. For lossless scans.
    #[inline]
    pub(super) fn swap(&self, order: u32) -> i32 {
        -i32::from(order == 0 && 2 * self.b <= -self.n)
    }

    /// Learns from an error (T.87 section A.6).
    #[inline]
    pub(super) fn learn(&mut self, error: i32, step: i32, reset: i32) {
        let mut b = self.b + error * step;
        self.a += error.abs();
        if self.n == reset {
            self.a >>= 1;
            b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        let n = self.n;
        let low = i32::from(b <= -n);
        let high = i32::from(b > 0);
        self.c = (self.c + high - low).clamp(-128, 127);
        self.b = (b + (n & -low) - (n & -high)).clamp(1 - n, 0);
    }
}

/// The statistics of one of the two contexts that end a run.
#[derive(Clone, Copy)]
pub(super) struct RunContext {
    a: i32,
    n: i32,
    /// Nn: how many errors were negative.
    negative: i32,
    /// RItype: 1 where the samples to the left and above are alike, else 0.
    kind: i32,
}

impl RunContext {
    /// k, the order of the Golomb code.
    pub(super) fn order(&self) -> u32 {
        golomb_order(
            self.n,
            self.a + if self.kind == 1 { self.n >> 1 } else { 0 },
        )
    }

    /// The error as a number that is not negative (T.87 section A.7.2.2).
    pub(super) fn map(&self, error: i32, order: u32) -> u32 {
        let likely_negative = order != 0 || 2 * self.negative >= self.n;
        let odd = error != 0 && (error < 0) == likely_negative;
        (2 * error.abs() - self.kind - i32::from(odd)).unsigned_abs()
    }

    /// The error that `map` turned into this number.
    pub(super) fn unmap(&self, mapped: u32, order: u32) -> i32 {
        let doubled = mapped as i32 + self.kind;
        let odd = doubled & 1;
        let size = (doubled + odd) >> 1;
        let likely_negative = order != 0 || 2 * self.negative >= self.n;
        if (odd == 1) == likely_negative {
            -size
        } else {
            size
        }
    }

    /// Learns from an error.
    pub(super) fn learn(&mut self, error: i32, mapped: u32, reset: i32) {
        self.negative += i32::from(error < 0);
        self.a += (mapped as i32 + 1 - self.kind) >> 1;
        if self.n == reset {
            self.a >>= 1;
            self.n >>= 1;
            self.negative >>= 1;
        }
        self.n += 1;
    }
}

/// The state of a scan.
pub(super) struct Model {
    /// What the scan is coded with.
    pub(super) coding: Coding,
    /// The class of each difference of two samples, from `-maximum` to `maximum`.
    classes: Vec<i8>,
    contexts: [Context; CONTEXTS],
    runs: [RunContext; 2],
}

impl Model {
    /// The state before the first sample.
    pub(super) fn new(coding: Coding) -> Model {
        let [t1, t2, t3] = coding.thresholds;
        let class = |size: i32| -> i8 {
            [coding.near + 1, t1, t2, t3]
                .iter()
                .map(|&start| i8::from(size >= start))
                .sum()
        };
        let classes = (-coding.maximum..=coding.maximum)
            .map(|difference| difference.signum() as i8 * class(difference.abs()))
            .collect();
        let (contexts, runs) = fresh(coding.range);
        Model {
            coding,
            classes,
            contexts,
            runs,
        }
    }

    /// Forgets all that was learned, as a restart marker demands.
    pub(super) fn restart(&mut self) {
        (self.contexts, self.runs) = fresh(self.coding.range);
    }

    /// The context of a sample with the neighbours `a` left, `b` above, `c` left above and `d` right above. Its sign
    /// says whether errors are mirrored; zero means that the surroundings are flat.
    #[inline]
    pub(super) fn surroundings(&self, [a, b, c, d]: [i32; 4]) -> i32 {
        let class =
            |difference: i32| i32::from(self.classes[(difference + self.coding.maximum) as usize]);
        (class(d - b) * 9 + class(b - c)) * 9 + class(c - a)
    }

    /// The statistics for these surroundings, and all ones where errors are mirrored, else zero.
    #[inline]
    pub(super) fn context(&mut self, surroundings: i32) -> (&mut Context, i32) {
        let mirror = surroundings >> 31;
        let index = mirrored(surroundings, mirror) as usize;
        (&mut self.contexts[index & (CONTEXTS - 1)], mirror)
    }

    /// The statistics of the samples that end a run.
    pub(super) fn run_context(&mut self, alike: bool) -> &mut RunContext {
        &mut self.runs[usize::from(alike)]
    }
}

/// The contexts of a scan that has seen nothing (T.87 section A.2.1).
fn fresh(range: i32) -> ([Context; CONTEXTS], [RunContext; 2]) {
    let a = ((range + 32) / 64).max(2);
    let context = Context {
        a,
        b: 0,
        c: 0,
        n: 1,
    };
    let run = |kind| RunContext {
        a,
        n: 1,
        negative: 0,
        kind,
    };
    ([context; CONTEXTS], [run(0), run(1)])
}

/// The smallest order for which `n` times two to the order reaches `sum`.
#[inline]
fn golomb_order(n: i32, sum: i32) -> u32 {
    let order = n.leading_zeros().saturating_sub(sum.leading_zeros());
    order + u32::from((n << order) < sum)
}

/// The number, negated where `mirror` is all ones.
#[inline]
pub(super) fn mirrored(number: i32, mirror: i32) -> i32 {
    (number ^ mirror) - mirror
}

/// The prediction from the neighbours left, above and left above (T.87 section A.4.1): their median, if the picture were
/// a plane there.
#[inline]
pub(super) fn predict(a: i32, b: i32, c: i32) -> i32 {
    (a + b - c).max(a.min(b)).min(a.max(b))
}

/// J for a run index.
#[inline]
pub(super) fn run_order(index: usize) -> u32 {
    u32::from(RUN_ORDERS[index & 31])
}
