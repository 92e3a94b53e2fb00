//! Pseudonyms name folders: what no folder can be called, on any system.

/// Names that Windows keeps for devices; one of `com` and `lpt` has a digit behind it.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
const NUMBERED: &[&str] = &["com", "lpt"];

/// Whether Windows takes a name for a device, whatever its ending and case.
pub(crate) fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_ascii_lowercase();
    let is_digit = |rest: &str| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit());
    DEVICES.contains(&stem.as_str())
        || NUMBERED
            .iter()
            .any(|device| stem.strip_prefix(device).is_some_and(is_digit))
}

#[cfg(test)]
mod tests {
    use super::is_device;

    #[test]
    fn devices_are_known_with_any_ending() {
        for name in [
            "con", "NUL", "aux.dcm", "Prn.a.b", "COM1", "lpt9.dcm", "nul ", "com0",
        ] {
            assert!(is_device(name), "{name}");
        }
        for name in [
            "", "cons", "com", "com10", "lptx", "a.con", "CHX-1", "null", "com-1",
        ] {
            assert!(!is_device(name), "{name}");
        }
    }
}
