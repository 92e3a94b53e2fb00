//! What is displayed as black (PS3.3 sections C.7.6.3.1.2 and C.11).

use crate::deid::refusal::Refusal;
use crate::deid::rendering;
use crate::dicom::value::{first_ascii, split};
use crate::dicom::{Instance, Tag};

const PIXEL_REPRESENTATION: Tag = Tag(0x0028_0103);
const PHOTOMETRIC_INTERPRETATION: Tag = Tag(0x0028_0004);
const WINDOW_CENTER: Tag = Tag(0x0028_1050);
const WINDOW_WIDTH: Tag = Tag(0x0028_1051);
const RESCALE_INTERCEPT: Tag = Tag(0x0028_1052);
const RESCALE_SLOPE: Tag = Tag(0x0028_1053);

/// Photometric Interpretation (0028,0004); empty when absent.
pub(super) fn photometric<'a>(instance: &'a Instance<'_>) -> &'a str {
    let value = instance.tape.find_value(PHOTOMETRIC_INTERPRETATION);
    value.and_then(first_ascii).unwrap_or_default()
}

/// Whether Pixel Representation (0028,0103) says two's complement.
pub(super) fn is_signed(instance: &Instance<'_>) -> bool {
    instance
        .tape
        .find_u16(PIXEL_REPRESENTATION, instance.syntax.encoding)
        == Some(1)
}

/// The stored value of each component that is displayed as black.
pub(super) fn black(instance: &Instance<'_>, bits_stored: u16) -> Result<[i64; 4], Refusal> {
    let bits = u32::from(bits_stored.clamp(1, 32));
    let middle = 1i64 << (bits - 1);
    let signed = is_signed(instance);
    let range = if signed {
        -middle..=middle - 1
    } else {
        0..=2 * middle - 1
    };
    let end = |upper: bool| {
        let extreme = if upper { *range.end() } else { *range.start() };
        // Only signed values have an extreme that lies far beyond what is displayed.
        let seen = window(instance, upper).filter(|_| signed);
        seen.map_or(extreme, |value| value.clamp(*range.start(), *range.end()))
    };
    Ok(match photometric(instance) {
        "MONOCHROME1" => [end(true); 4],
        "MONOCHROME2" | "" => [end(false); 4],
        "RGB" | "YBR_RCT" | "YBR_ICT" | "ARGB" => [0; 4],
        "YBR_FULL" | "YBR_FULL_422" => [0, middle, middle, 0],
        // Luminance of video begins at 16 of 256.
        "YBR_PARTIAL_422" | "YBR_PARTIAL_420" => [middle / 8, middle, middle, 0],
        "PALETTE COLOR" => [rendering::darkest(instance, &range).ok_or_else(no_palette)?; 4],
        _ => {
            return Err(Refusal::quarantine(
                "photometric-interpretation",
                "nothing says what is black in this `PhotometricInterpretation`",
            ));
        }
    })
}

fn no_palette() -> Refusal {
    Refusal::quarantine(
        "photometric-interpretation",
        "the palette cannot be read, so that nothing says what is black",
    )
}

/// The stored value at the lower or upper end of the first window; `None` without one.
fn window(instance: &Instance<'_>, upper: bool) -> Option<i64> {
    let number = |tag: Tag| -> Option<f64> {
        let value = first_ascii(instance.tape.find_value(tag)?)?;
        value.parse().ok().filter(|number: &f64| number.is_finite())
    };
    let (center, width) = (number(WINDOW_CENTER)?, number(WINDOW_WIDTH)?);
    let slope = number(RESCALE_SLOPE).unwrap_or(1.0);
    let intercept = number(RESCALE_INTERCEPT).unwrap_or(0.0);
    if slope <= 0.0 || width < 1.0 {
        return None;
    }
    // One step beyond the end, whatever the reader's rounding (PS3.3 section C.11.2.1.2).
    let end = if upper {
        ((center + width / 2.0 - intercept) / slope).ceil() + 1.0
    } else {
        ((center - width / 2.0 - intercept) / slope).floor() - 1.0
    };
    Some(end as i64)
}

/// The first component of a multi-valued string replaced.
pub(super) fn with_first(value: &[u8], first: &[u8]) -> Vec<u8> {
    let rest = split(value).skip(1);
    let parts: Vec<&[u8]> = std::iter::once(first).chain(rest).collect();
    parts.join(&b'\\')
}
