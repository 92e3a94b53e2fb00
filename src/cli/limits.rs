//! The limits as flags.

use clap::Args;

use super::size;
use crate::dicom::Limits;

/// Bounds on what one input may make samar do; what exceeds them is quarantined. Sizes take K, M, G and T (1024).
#[derive(Clone, Copy, Debug, Args)]
#[command(
    next_help_heading = "Limits (an instance beyond them is quarantined; sizes take K, M, G, T)"
)]
#[allow(
    clippy::struct_field_names,
    reason = "the names are those of the flags"
)]
pub(super) struct LimitArgs {
    /// Deepest nesting of sequences
    #[arg(long, value_name = "N", default_value = "64")]
    max_depth: u16,

    /// Most elements, items included
    #[arg(long, value_name = "N", default_value = "8000000")]
    max_elements: u32,

    /// Most bytes held in memory: all but bulk values
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = size::parse)]
    max_header_bytes: u64,

    /// Most bytes that a deflated data set may inflate to, or that standard input may hold
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size::parse)]
    max_inflated_bytes: u64,

    /// Largest ratio of inflated to deflated bytes
    #[arg(long, value_name = "N", default_value = "200")]
    max_inflate_ratio: u32,

    /// Most bytes that the pixel data may claim when uncompressed
    #[arg(long, value_name = "SIZE", default_value = "64G", value_parser = size::parse)]
    max_pixel_bytes: u64,

    /// Most bytes of one uncompressed frame that must be decoded; ten times as much memory is taken
    #[arg(long, value_name = "SIZE", default_value = "128M", value_parser = size::parse)]
    max_frame_bytes: u64,
}

impl From<LimitArgs> for Limits {
    fn from(args: LimitArgs) -> Limits {
        Limits {
            depth: args.max_depth,
            elements: args.max_elements,
            header_bytes: args.max_header_bytes,
            inflated_bytes: args.max_inflated_bytes,
            inflate_ratio: args.max_inflate_ratio,
            pixel_bytes: args.max_pixel_bytes,
            frame_bytes: args.max_frame_bytes,
        }
    }
}
