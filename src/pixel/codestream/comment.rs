//! JPEG 2000 comments that encoders write about themselves. Nearly every codestream has one, so that treating each as
//! foreign would stop most JPEG 2000 files; a comment passes only if all of it is such a signature.

/// The fixed words of encoders; a version number follows.
const SIGNATURES: [&str; 9] = [
    "Kakadu-",
    "Kakadu-v",
    "Created by OpenJPEG version ",
    "Created by GDCM/OpenJPEG version ",
    "Created by Grok     version ",
    "Created by: JJ2000 version ",
    "Creator: JasPer Version ",
    "OpenJPH Ver ",
    "JasPer Version ",
];

/// Kakadu's statistics of the quality layers: two forms of the title, then lines of two numbers.
const LAYERS: [&str; 2] = [
    "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n",
    "Kdu-Layer-Info: log_2{Delta-D(MSE)/[2^16*Delta-L(bytes)]}, L(bytes)\n",
];

/// Whether the whole text is an encoder's signature.
pub(super) fn is_encoder_signature(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    // Writers in C count the terminating zero, some writers pad with one.
    let text = text.strip_suffix('\0').unwrap_or(text);
    SIGNATURES
        .iter()
        .any(|words| text.strip_prefix(words).is_some_and(is_version))
        || LAYERS
            .iter()
            .any(|title| text.strip_prefix(title).is_some_and(is_layer_table))
}

/// Up to four numbers of up to four digits with dots between, such as `1.701.0`; one encoder ends with a dot. Too
/// short for a date, a telephone number or a record number.
fn is_version(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let number =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    text.split('.').count() <= 4
        && text.split('.').all(number)
        && text.bytes().filter(u8::is_ascii_digit).count() <= 6
}

/// Lines such as `-192.0,  3.8e+06`.
fn is_layer_table(text: &str) -> bool {
    text.len() <= 4096
        && text.lines().all(|line| {
            let mut numbers = line.split(',').map(str::trim);
            let slope = numbers
                .next()
                .is_some_and(|n| n.len() <= 6 && n.parse::<f32>().is_ok());
            let bytes = numbers
                .next()
                .is_some_and(|n| n.len() <= 8 && n.contains('e') && n.parse::<f32>().is_ok());
            slope && bytes && numbers.next().is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::is_encoder_signature;

    #[test]
    fn passes_signatures_as_encoders_write_them() {
        for text in [
            "Kakadu-2.2",
            "Kakadu-v7.3.3",
            "Created by OpenJPEG version 2.5.2",
            "Created by GDCM/OpenJPEG version 2.0",
            "Created by Grok     version 2.3.0",
            "Created by: JJ2000 version 5.1",
            "Creator: JasPer Version 1.701.0",
            "OpenJPH Ver 0.26.3.",
            "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n-192.0,  3.8e+06\n",
            "Kdu-Layer-Info: log_2{Delta-D(MSE)/[2^16*Delta-L(bytes)]}, L(bytes)\n -65.4, 6.8e+004\n -66.3, 1.0e+005\n",
        ] {
            assert!(is_encoder_signature(text.as_bytes()), "{text}");
            let mut ended = text.as_bytes().to_vec();
            ended.push(0);
            assert!(is_encoder_signature(&ended), "{text}");
        }
    }

    #[test]
    fn stops_everything_behind_a_signature() {
        for text in [
            "",
            "Kakadu-",
            "Kakadu-v7.3.3 Miller",
            "Kakadu-19560412",
            "Kakadu-1956.04.12",
            "Created by OpenJPEG version Miller",
            "Created by OpenJPEG version 2.5.2\0Miller",
            "Creator: Dr. Miller",
            "Miller",
            "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\nMiller\n",
            "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n-1.0, inf\n",
        ] {
            assert!(!is_encoder_signature(text.as_bytes()), "{text}");
        }
        assert!(!is_encoder_signature(b"Kakadu-\xFF"));
    }
}
