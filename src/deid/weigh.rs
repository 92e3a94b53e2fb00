//! Whether an instance may be written, by what the profile's rules on instances say and what its pixels show.
//!
//! What the header tells is asked first. Pixels are decoded only when they are searched for text, and that is done only
//! when what the search gives can still let the instance pass.

use super::redact::Plan;
use super::refusal::{Fate, Refusal};
use super::search::{self, TextSearch};
use super::view::{Pending, View};
use super::{Deidentifier, check_pixels, check_syntax};
use crate::dicom::Instance;
use crate::pixel::detect::Found;
use crate::profile::Verdict;

/// What is decided about an instance as a whole.
pub(super) struct Weighed {
    /// Ids of the rules that the site overrode, or why the instance may not be written.
    pub(super) verdict: Result<Vec<String>, Refusal>,
    /// What must be blanked; `None` when it did not come to that.
    pub(super) plan: Option<Plan>,
    /// What the search for text gave; `None` when there are no pixels, or when it did not come to that.
    pub(super) text: Option<TextSearch>,
}

impl Deidentifier {
    /// Decides about an instance as a whole. `also` was found when what would have been written was looked at.
    pub(super) fn weigh(
        &self,
        instance: &Instance<'_>,
        view: &View<'_>,
        also: &[Found],
    ) -> Weighed {
        let mut weighed = Weighed {
            verdict: Ok(Vec::new()),
            plan: None,
            text: None,
        };
        weighed.verdict = self.verdict(instance, view, also, &mut weighed);
        weighed
    }

    fn verdict(
        &self,
        instance: &Instance<'_>,
        view: &View<'_>,
        also: &[Found],
        weighed: &mut Weighed,
    ) -> Result<Vec<String>, Refusal> {
        let policy = self.text_policy(instance, view.sop_class());
        let overrides = self.judge_unseen(view, policy.is_ok())?;
        let plan = Plan::new(instance, view.pixel_rules(), self.profile.fill)?;
        let plan = weighed.plan.insert(plan);
        check_syntax(instance)?;
        if policy.is_ok() {
            // Nothing is decoded that is not whole, or holds more than frames.
            check_pixels(instance, &self.limits)?;
            view.check_frames()?;
        }
        weighed.text = self.search(instance, view, policy, (plan, also))?;
        let overrides = if self.asks_text {
            self.judge(view)?
        } else {
            overrides
        };
        search::check(weighed.text.as_ref())?;
        Ok(overrides)
    }

    /// Asks the rules before the pixels are looked at: refuses what is withheld whatever a search for text gives.
    fn judge_unseen(&self, view: &View<'_>, is_searched: bool) -> Result<Vec<String>, Refusal> {
        view.suppose(Pending::UNSEARCHED);
        let unseen = self.judge(view);
        if unseen.is_ok() || !self.asks_text || !is_searched {
            return unseen;
        }
        let passes = |case| {
            view.suppose(case);
            self.judge(view).ok()
        };
        let passed = Pending::ALL.into_iter().find_map(passes);
        view.suppose(Pending::UNSEARCHED);
        passed.map_or(unseen, Ok)
    }

    /// Asks the profile whether such an instance may be written. Gives the rules that the site overrode.
    fn judge(&self, view: &View<'_>) -> Result<Vec<String>, Refusal> {
        let judgement = self.profile.judge(view);
        if let Some(broken) = view.broken() {
            return Err(broken);
        }
        let fate = match judgement.verdict {
            Verdict::Accept => {
                let overridden = judgement.overridden.iter();
                return Ok(overridden.map(|id| (*id).to_owned()).collect());
            }
            Verdict::Reject => Fate::Rejected,
            Verdict::Quarantine => Fate::Quarantined,
        };
        Err(judgement.rule.map_or_else(
            || Refusal::new(fate, "profile", "withheld by the profile"),
            |rule| Refusal::new(fate, &rule.id, &rule.because),
        ))
    }
}
