//! What was done to an instance, in numbers.

/// What was done to one instance, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Public elements removed, those inside removed sequences not counted again.
    pub removed: u32,
    /// Elements emptied.
    pub emptied: u32,
    /// Elements given a dummy value.
    pub dummied: u32,
    /// UIDs replaced.
    pub uids: u32,
    /// Identifiers replaced by keyed pseudonyms.
    pub pseudonyms: u32,
    /// Private elements removed, those inside removed sequences not counted again.
    pub private: u32,
    /// Elements kept.
    pub kept: u32,
    /// Values cleaned, moved or changed by a rule.
    pub cleaned: u32,
    /// Dates and times moved.
    pub dates_shifted: u32,
    /// Dates and times kept as they were.
    pub dates_kept: u32,
    /// Dates of examination removed, emptied or made dummies; times of day not counted.
    pub dates_removed: u32,
    /// Bytes dropped behind the last element or behind the pixel data's declared size.
    pub trailing_bytes: u64,
}
