//! Counting outcomes.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::deid::{Redacted, TextSearch};
use crate::exit::Exit;
use crate::report::{Outcome, Record, Remark};

/// How many written instances had something done to their pixels. One may count more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PixelTotals {
    /// Regions were blanked in it.
    pub blanked: u64,
    /// Frames that were coded with loss are now coded without.
    pub recoded: u64,
    /// What is not image was taken out of its frames.
    pub stripped: u64,
    /// Bits beside the samples' values were cleared.
    pub cleared_bits: u64,
}

impl PixelTotals {
    fn add(&mut self, redacted: &Redacted) {
        self.blanked += u64::from(redacted.is_blanked());
        self.recoded += u64::from(redacted.recoded);
        self.stripped += u64::from(redacted.stripped);
        self.cleared_bits += u64::from(redacted.cleared_bits);
    }
}

/// How many written instances were searched for text. One may count more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TextTotals {
    /// Its frames were searched.
    pub searched: u64,
    /// They were not, by the profile, or because nothing is rendered into such images.
    pub not_searched: u64,
    /// Text was found that no rule blanks.
    pub found: u64,
    /// Some of it may not have been found.
    pub unsure: u64,
    /// Text was found and left, or the search failed: a person must look.
    pub look: u64,
}

impl TextTotals {
    fn add(&mut self, text: &TextSearch) {
        self.searched += u64::from(text.searched.is_ok());
        self.not_searched += u64::from(text.searched.is_err());
        self.found += u64::from(!text.found.is_empty());
        self.unsure += u64::from(text.searched.is_ok() && text.is_unsure());
        self.look += u64::from(text.needs_attention());
    }
}

/// How many inputs had which outcome, and for which reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Per outcome: the number of inputs, and of them by reason.
    outcomes: BTreeMap<Outcome, (u64, BTreeMap<String, u64>)>,
    /// How many studies or patients a remark was made about.
    remarks: BTreeMap<Remark, u64>,
    /// Of the written: those that the output held already.
    pub same: u64,
    /// Of the written: what was done to pixels.
    pub pixels: PixelTotals,
    /// Of the written: what the search for text gave.
    pub text: TextTotals,
    /// Bytes of all inputs that were opened.
    pub bytes_in: u64,
    /// Bytes of all instances that are in the output.
    pub bytes_out: u64,
}

impl Totals {
    /// Adds one input.
    pub fn add(&mut self, record: &Record) {
        let (count, reasons) = self.outcomes.entry(record.outcome).or_default();
        *count += 1;
        if let Some(reason) = &record.reason {
            match reasons.get_mut(reason.as_ref()) {
                Some(count) => *count += 1,
                None => {
                    reasons.insert(reason.to_string(), 1);
                }
            }
        }
        self.bytes_in += record.bytes_in.unwrap_or_default();
        if let Some(written) = &record.written {
            self.same += u64::from(written.same);
            self.pixels.add(&written.redacted);
            if let Some(text) = &record.text {
                self.text.add(text);
            }
            self.bytes_out += written.bytes_out;
        }
    }

    /// Counts a study or patient that a remark is about.
    pub fn remark(&mut self, remark: Remark) {
        *self.remarks.entry(remark).or_default() += 1;
    }

    /// How many studies or patients a remark was made about.
    pub fn remarked(&self, remark: Remark) -> u64 {
        self.remarks.get(&remark).copied().unwrap_or_default()
    }

    /// How many inputs had this outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).map_or(0, |(count, _)| *count)
    }

    /// How many inputs there were.
    pub fn inputs(&self) -> u64 {
        self.outcomes.values().map(|(count, _)| count).sum()
    }

    /// The reasons for an outcome, by name, each with its number.
    pub fn reasons(&self, outcome: Outcome) -> impl Iterator<Item = (&str, u64)> {
        self.outcomes
            .get(&outcome)
            .into_iter()
            .flat_map(|(_, reasons)| {
                reasons
                    .iter()
                    .map(|(reason, count)| (reason.as_str(), *count))
            })
    }

    /// What all outcomes together mean for the run.
    pub fn exit(&self) -> Exit {
        let of_outcomes: Exit = self.outcomes.keys().map(|outcome| outcome.exit()).collect();
        if self.text.look > 0 {
            of_outcomes.merge(Exit::Attention)
        } else {
            of_outcomes
        }
    }
}

impl Serialize for Totals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("inputs", &self.inputs())?;
        for outcome in Outcome::ALL {
            map.serialize_entry(outcome.name(), &self.count(outcome))?;
        }
        map.serialize_entry("same", &self.same)?;
        if self.pixels != PixelTotals::default() {
            map.serialize_entry("pixels", &self.pixels)?;
        }
        if self.text != TextTotals::default() {
            map.serialize_entry("text", &self.text)?;
        }
        map.serialize_entry("bytes_in", &self.bytes_in)?;
        map.serialize_entry("bytes_out", &self.bytes_out)?;
        let reasons: BTreeMap<_, _> = self
            .outcomes
            .iter()
            .filter(|(_, (_, reasons))| !reasons.is_empty())
            .map(|(outcome, (_, reasons))| (outcome.name(), reasons))
            .collect();
        map.serialize_entry("reasons", &reasons)?;
        if !self.remarks.is_empty() {
            map.serialize_entry("remarks", &self.remarks)?;
        }
        map.end()
    }
}
