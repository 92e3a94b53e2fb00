//! What changes from one frame of a cine to the next.

/// For how many frames pixels of letters over a moving picture are at rest before they are looked at.
pub(super) const REST: u8 = 8;

/// One row of a square: its samples in this frame, in the frame before, and as the network saw them.
pub(super) struct Square<'a> {
    pub(super) now: &'a [f32],
    pub(super) before: &'a [f32],
    pub(super) known: &'a [f32],
    pub(super) covered: &'a [bool],
}

impl Square<'_> {
    /// How many pixels of so many samples have changed since the network saw them, and how many of those are at rest.
    pub(super) fn count<const SAMPLES: usize>(
        &self,
        rest: &mut [u8],
        tolerance: f32,
    ) -> (u32, u32) {
        let now = self.now.as_chunks::<SAMPLES>().0;
        let before = self.before.as_chunks::<SAMPLES>().0;
        let known = self.known.as_chunks::<SAMPLES>().0;
        let differs = |a: &[f32; SAMPLES], b: &[f32; SAMPLES]| {
            let pairs = a.iter().zip(b);
            pairs.fold(false, |any, (a, b)| any | is_other(*a, *b, tolerance))
        };
        let (mut changed, mut resting) = (0, 0);
        let samples = now.iter().zip(before).zip(known);
        for ((((now, before), known), rest), covered) in samples.zip(rest).zip(self.covered) {
            let still = rest.saturating_add(1);
            *rest = if differs(now, before) { 0 } else { still };
            let is_new = !covered & differs(now, known);
            changed += u32::from(is_new);
            resting += u32::from(is_new && *rest >= REST);
        }
        (changed, resting)
    }
}

/// What differs by more has changed: one grey level of a viewer, or what lossy compression does to eight bits.
pub(super) fn tolerance(values: &[f32]) -> f32 {
    let step = (values.len() / 20_000).max(1);
    let mut some: Vec<f32> = values
        .iter()
        .step_by(step)
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    some.sort_by(f32::total_cmp);
    let at = |part: usize| {
        some.get(some.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    let span = at(99) - at(1);
    if span > 255.0 { span / 256.0 } else { 2.0 }
}

/// Not a number is like itself.
fn is_other(a: f32, b: f32, tolerance: f32) -> bool {
    ((a - b).abs() > tolerance) | (a.is_nan() != b.is_nan())
}
