//! What must be done to each frame of one instance.

use crate::pixel::bits::StoredBits;
use crate::pixel::codestream::Family;
use crate::pixel::geometry::Geometry;
use crate::pixel::mask::Mask;

/// What must be done to each frame of one instance.
#[derive(Clone, Debug)]
pub struct Job {
    /// How frames are coded.
    pub family: Family,
    /// What the data set says of the image.
    pub geometry: Geometry,
    /// What must be blanked.
    pub mask: Mask,
    /// What fills it: the stored value of each component, as a number of two's complement where it is signed.
    pub fill: [i64; 4],
    /// The bits that are not the samples' values; `None` when all are.
    pub bits: Option<StoredBits>,
    /// Bits Stored (0028,0101).
    pub bits_stored: u16,
    /// Pixel Representation (0028,0103) says two's complement.
    pub is_signed: bool,
    /// Planar Configuration (0028,0006) is 1.
    pub is_planar: bool,
}

impl Job {
    /// How many bits of a sample lie below its value.
    pub fn below(&self) -> u32 {
        self.bits.map_or(0, StoredBits::below)
    }

    /// The fill of a component as a pattern of so many bits.
    pub fn pattern(&self, component: usize, bits: u8) -> u16 {
        let value = self.fill.get(component).copied().unwrap_or_default();
        let ones = u16::MAX
            .checked_shr(16 - u32::from(bits))
            .unwrap_or_default();
        value.cast_unsigned() as u16 & ones
    }

    /// A stored sample as a number: of two's complement where it is signed.
    pub fn number(&self, sample: u64) -> i64 {
        let bits = u32::from(self.bits_stored.clamp(1, 63));
        let value = sample >> self.below() & ((1 << bits) - 1);
        if self.is_signed && value >> (bits - 1) == 1 {
            value.cast_signed() - (1 << bits)
        } else {
            value.cast_signed()
        }
    }
}
