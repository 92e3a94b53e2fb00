//! The order of elements: ascending, or at least none twice.

use super::{Open, Walker};
use crate::dicom::read_error::ReadError;
use crate::dicom::tag::Tag;

impl Walker<'_, '_> {
    /// No data set has an element twice: readers differ in which of the two they take.
    pub(super) fn check_order(&self, open: &Open) -> Result<(), ReadError> {
        if open.is_ascending {
            return Ok(());
        }
        let mut tags = Vec::new();
        let mut i = open.index as usize + 1;
        while let Some(element) = self.elements.get(i) {
            tags.push(element.tag);
            i = element.next as usize;
        }
        self.check_unique(&mut tags)
    }

    pub(super) fn check_unique(&self, tags: &mut [Tag]) -> Result<(), ReadError> {
        tags.sort_unstable();
        if tags.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(self.malformed("an element stands twice in one data set"));
        }
        Ok(())
    }

    /// Notes the next tag of the data set that is being read.
    pub(super) fn note(&mut self, tag: Tag) -> Result<(), ReadError> {
        let last = match self.open.last_mut() {
            Some(item) => {
                let last = std::mem::replace(&mut item.last, tag);
                item.is_ascending &= last <= tag;
                last
            }
            None => std::mem::replace(&mut self.last, tag),
        };
        if last == tag {
            return Err(self.malformed("an element stands twice in one data set"));
        }
        Ok(())
    }
}
