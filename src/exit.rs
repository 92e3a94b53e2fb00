//! Exit codes: what a run says to the shell, and how the results of many files become one.

use std::process::{ExitCode, Termination};

/// How a run ended. The order is the precedence: of two results the greater is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// Everything was written, or there was nothing to object to.
    #[default]
    Clean,
    /// The run finished, but a person must look: inputs were quarantined or rejected.
    Attention,
    /// Something could not be read or written; a second run is safe.
    Incomplete,
    /// Usage, profile or key error; nothing was written.
    Usage,
    /// Interrupted by a signal.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Attention => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Interrupted => 130,
        }
    }

    /// The result of two parts of one run.
    #[must_use]
    pub fn merge(self, other: Exit) -> Exit {
        self.max(other)
    }
}

impl FromIterator<Exit> for Exit {
    fn from_iter<I: IntoIterator<Item = Exit>>(results: I) -> Exit {
        results.into_iter().fold(Exit::Clean, Exit::merge)
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit::{self, Attention, Clean, Incomplete, Interrupted, Usage};

    const ALL: [Exit; 5] = [Clean, Attention, Incomplete, Usage, Interrupted];

    #[test]
    fn codes_are_the_documented_ones() {
        assert_eq!(ALL.map(Exit::code), [0, 1, 3, 2, 130]);
    }

    #[test]
    fn merge_is_a_commutative_idempotent_monoid() {
        for a in ALL {
            assert_eq!(a.merge(a), a);
            assert_eq!(a.merge(Clean), a);
            for b in ALL {
                assert_eq!(a.merge(b), b.merge(a));
                for c in ALL {
                    assert_eq!(a.merge(b).merge(c), a.merge(b.merge(c)));
                }
            }
        }
    }

    #[test]
    fn usage_outranks_incomplete_outranks_attention() {
        assert_eq!(
            [Attention, Usage, Incomplete].into_iter().collect::<Exit>(),
            Usage
        );
        assert_eq!(
            [Attention, Incomplete, Clean].into_iter().collect::<Exit>(),
            Incomplete
        );
        assert_eq!([Clean, Attention].into_iter().collect::<Exit>(), Attention);
        assert_eq!(
            [Usage, Interrupted].into_iter().collect::<Exit>(),
            Interrupted
        );
        assert_eq!(std::iter::empty().collect::<Exit>(), Clean);
    }
}
