//! How many bytes the Image Pixel module promises (PS3.3 C.7.6.3, PS3.5 8.1.1 and 8.2). Nothing overflows: a header
//! may claim 65,535 x 65,535 pixels in four billion frames.

use thiserror::Error;

/// Why the claimed image is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum GeometryError {
    /// An attribute of the Image Pixel module has a value that no image can have.
    #[error(
        "`{0}` has a value that no image can have\nhelp: compare the image header with what the device documents"
    )]
    Impossible(&'static str),
    /// The claimed size does not fit in 64 bits.
    #[error("the claimed image does not fit in 64 bits\nhelp: the header is damaged or hostile")]
    Overflow,
    /// The claimed size is above the limit.
    #[error(
        "the claimed image has {bytes} bytes, above the limit of {limit}\nhelp: raise the limit of pixel bytes if the image is real"
    )]
    TooLarge {
        /// Bytes claimed.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
}

/// The Image Pixel module's attributes that decide the size of the pixel data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Rows (0028,0010), in pixels.
    pub rows: u16,
    /// Columns (0028,0011), in pixels.
    pub columns: u16,
    /// Samples per Pixel (0028,0002).
    pub samples: u16,
    /// Bits Allocated (0028,0100) of one sample: 1 or a multiple of 8.
    pub bits_allocated: u16,
    /// Number of Frames (0028,0008); 1 when absent.
    pub frames: u32,
    /// Photometric Interpretation (0028,0004) is `YBR_FULL_422` or `YBR_PARTIAL_422`: in native form each two pixels
    /// of a row share their chrominance samples (PS3.3 C.7.6.3.1.2).
    pub subsampled: bool,
}

impl Geometry {
    /// Pixels of one frame.
    pub fn pixels(&self) -> u64 {
        u64::from(self.rows) * u64::from(self.columns)
    }

    /// Samples of one frame that are stored in native form.
    fn stored_samples(&self) -> Result<u64, GeometryError> {
        let per_pixel = match (self.subsampled, self.samples) {
            (false, n) => u64::from(n),
            (true, 3) if self.columns.is_multiple_of(2) => 2,
            (true, 3) => return Err(GeometryError::Impossible("Columns")),
            (true, _) => return Err(GeometryError::Impossible("SamplesPerPixel")),
        };
        self.pixels()
            .checked_mul(per_pixel)
            .ok_or(GeometryError::Overflow)
    }

    fn validate(&self) -> Result<(), GeometryError> {
        let impossible = |name| Err(GeometryError::Impossible(name));
        if self.rows == 0 {
            return impossible("Rows");
        }
        if self.columns == 0 {
            return impossible("Columns");
        }
        if self.samples == 0 {
            return impossible("SamplesPerPixel");
        }
        if self.frames == 0 {
            return impossible("NumberOfFrames");
        }
        // PS3.5 8.1.1; 12 bits packed belongs to a retired encoding whose length no current rule gives.
        if self.bits_allocated != 1
            && (self.bits_allocated == 0 || !self.bits_allocated.is_multiple_of(8))
        {
            return impossible("BitsAllocated");
        }
        Ok(())
    }

    /// Bytes of one uncompressed frame that stands alone, as a decoder yields it or a fragment carries it: every
    /// sample stored (no chrominance shared), a frame of one-bit samples filled up to a whole byte (PS3.5 A.4).
    pub fn frame_bytes(&self) -> Result<u64, GeometryError> {
        self.validate()?;
        let bits = self
            .pixels()
            .checked_mul(u64::from(self.samples))
            .and_then(|samples| samples.checked_mul(u64::from(self.bits_allocated)))
            .ok_or(GeometryError::Overflow)?;
        Ok(bits.div_ceil(8))
    }

    /// Bytes of one uncompressed frame of `len` bytes: [`Self::frame_bytes`], unless it is shorter because its pixels
    /// share their chrominance. Writers differ.
    pub fn frame_bytes_in(&self, len: u64) -> Result<u64, GeometryError> {
        let full = self.frame_bytes()?;
        if self.subsampled && len < full {
            return Geometry { frames: 1, ..*self }.native_bytes();
        }
        Ok(full)
    }

    /// Bytes of native pixel data without the pad byte: all frames one behind the other, one-bit samples packed
    /// across the frame borders (PS3.5 8.1.1 and 8.2, PS3.3 C.7.6.3.1.2).
    pub fn native_bytes(&self) -> Result<u64, GeometryError> {
        self.validate()?;
        let bits = self
            .stored_samples()?
            .checked_mul(u64::from(self.frames))
            .and_then(|samples| samples.checked_mul(u64::from(self.bits_allocated)))
            .ok_or(GeometryError::Overflow)?;
        Ok(bits.div_ceil(8))
    }

    /// Value length that native pixel data must have: [`Self::native_bytes`] padded to an even number (PS3.5 7.1.1).
    /// None when the header describes no image or more than 64 bits can count.
    pub fn expected_bytes(&self) -> Option<u64> {
        self.native_bytes().ok()?.checked_next_multiple_of(2)
    }

    /// Bytes of all frames when uncompressed, if they are at most `limit`: the guard before anything is decoded.
    pub fn within(&self, limit: u64) -> Result<u64, GeometryError> {
        let bytes = self
            .frame_bytes()?
            .checked_mul(u64::from(self.frames))
            .ok_or(GeometryError::Overflow)?;
        if bytes > limit {
            return Err(GeometryError::TooLarge { bytes, limit });
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ct() -> Geometry {
        Geometry {
            rows: 512,
            columns: 512,
            samples: 1,
            bits_allocated: 16,
            frames: 1,
            subsampled: false,
        }
    }

    #[test]
    fn counts_bytes_as_the_standard_does() {
        let odd = Geometry {
            rows: 3,
            columns: 3,
            bits_allocated: 8,
            ..ct()
        };
        let bits = Geometry {
            rows: 5,
            columns: 5,
            bits_allocated: 1,
            frames: 3,
            ..ct()
        };
        let ybr = Geometry {
            samples: 3,
            bits_allocated: 8,
            subsampled: true,
            ..ct()
        };
        assert_eq!(ct().expected_bytes(), Some(524_288));
        assert_eq!(odd.native_bytes(), Ok(9));
        assert_eq!(odd.expected_bytes(), Some(10));
        // 75 bits in one run natively, but three frames of 25 bits when each stands alone.
        assert_eq!(bits.native_bytes(), Ok(10));
        assert_eq!(bits.frame_bytes(), Ok(4));
        assert_eq!(ybr.native_bytes(), Ok(512 * 512 * 2));
        assert_eq!(ybr.frame_bytes(), Ok(512 * 512 * 3));
    }

    #[test]
    fn refuses_what_no_image_can_be() {
        let refused = [
            (Geometry { rows: 0, ..ct() }, "Rows"),
            (Geometry { columns: 0, ..ct() }, "Columns"),
            (Geometry { samples: 0, ..ct() }, "SamplesPerPixel"),
            (Geometry { frames: 0, ..ct() }, "NumberOfFrames"),
            (
                Geometry {
                    bits_allocated: 0,
                    ..ct()
                },
                "BitsAllocated",
            ),
            (
                Geometry {
                    bits_allocated: 12,
                    ..ct()
                },
                "BitsAllocated",
            ),
            (
                Geometry {
                    samples: 3,
                    columns: 511,
                    subsampled: true,
                    ..ct()
                },
                "Columns",
            ),
            (
                Geometry {
                    subsampled: true,
                    ..ct()
                },
                "SamplesPerPixel",
            ),
        ];
        for (geometry, name) in refused {
            assert_eq!(
                geometry.native_bytes(),
                Err(GeometryError::Impossible(name))
            );
            assert_eq!(geometry.expected_bytes(), None);
        }
    }

    #[test]
    fn survives_the_largest_claim() {
        let vast = Geometry {
            rows: u16::MAX,
            columns: u16::MAX,
            samples: u16::MAX,
            bits_allocated: 65_528,
            frames: u32::MAX,
            subsampled: false,
        };
        assert_eq!(vast.native_bytes(), Err(GeometryError::Overflow));
        assert_eq!(vast.within(u64::MAX), Err(GeometryError::Overflow));
        assert_eq!(
            ct().within(524_287),
            Err(GeometryError::TooLarge {
                bytes: 524_288,
                limit: 524_287
            })
        );
        assert_eq!(ct().within(524_288), Ok(524_288));
    }
}
