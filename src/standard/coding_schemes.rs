//! PS3.16 Table 8-1 and section 8.2: the coding schemes that the standard knows by designator.
//!
//! A code of any other scheme is local: its meaning is whatever somebody typed, often a procedure with a name in it.
//! Schemes whose codes name people, places or objects (NPI, POS, OIDs and UIDs as codes) are left out on purpose.

/// Designators of PS3.16 Table 8-1, those of retired schemes included.
const DESIGNATORS: &[&str] = &[
    "99SDM",
    "ACR",
    "ARC",
    "ASTM-sigpurpose",
    "BARI",
    "BI",
    "BIRADS",
    "C4",
    "C5",
    "CD2",
    "CDT",
    "CVX",
    "DC",
    "DCM",
    "DCS",
    "EP",
    "FMA",
    "HCPCS",
    "HL7V2",
    "I10",
    "I10C",
    "I10P",
    "I11",
    "I9",
    "I9C",
    "IBSI",
    "ICD-O-3",
    "ICDO3",
    "ISO3166_1",
    "ISO639_1",
    "ISO639_2",
    "ITIS_TSN",
    "JC8",
    "JJ1017",
    "JJ1017-16P",
    "JJ1017P",
    "JJ1017T",
    "JLAC",
    "LN",
    "MA",
    "MDC",
    "MSH",
    "MVX",
    "NCDR",
    "NCDR [2.0b]",
    "NCIt",
    "NDC",
    "NEU",
    "NICIP",
    "NYUMCCG",
    "PATHLEX",
    "PUBCHEM_CID",
    "RADELEMENT",
    "RADLEX",
    "RFC3066",
    "RFC5646",
    "RXNORM",
    "SCPECG",
    "SCT",
    "SNM3",
    "SRT",
    "UBERON",
    "UCUM",
    "UMLS",
    "UNII",
    "UNS",
    "V3",
];

/// Longest code, in bytes: an SH value, or an SNOMED CT identifier.
const MAX_CODE: usize = 18;

/// Whether a Coding Scheme Designator is one of the standard's.
pub fn is_standard(designator: &str) -> bool {
    DESIGNATORS.contains(&designator)
}

/// Whether a value is written as codes of this scheme are.
pub fn is_code(designator: &str, value: &[u8]) -> bool {
    if value.is_empty() || value.len() > MAX_CODE {
        return false;
    }
    let digits = |run: &[u8]| !run.is_empty() && run.iter().all(u8::is_ascii_digit);
    match designator {
        "DCM" => {
            digits(value) && matches!(value.len(), 5 | 6)
                || value.len() <= 8 && value.iter().all(u8::is_ascii_uppercase)
        }
        "SCT" => digits(value) && value.len() >= 6 && has_verhoeff_check(value),
        // Axis of one letter or two, hyphen, code: `T-D1100`, `G-A100`, `DF-0068E`; `P1-0025C`.
        "SRT" | "SNM3" | "99SDM" => {
            let code = match value {
                [axis, code @ ..] if axis.is_ascii_uppercase() => match code {
                    [b'-' | b'0'..=b'9', ..] => code,
                    [second, code @ ..]
                        if second.is_ascii_uppercase() && code.starts_with(b"-") =>
                    {
                        code
                    }
                    _ => &[],
                },
                _ => &[],
            };
            let is_code = |b: &u8| matches!(b, b'0'..=b'9' | b'A'..=b'F' | b'-');
            value.len() <= 8 && !code.is_empty() && code.iter().all(is_code)
        }
        // Number, hyphen, check digit: `24627-2`; answers are `LA6576-8`.
        "LN" => match value.split(|b| *b == b'-').collect::<Vec<_>>()[..] {
            [number, [check]] => {
                let number = number
                    .strip_prefix(b"LA")
                    .or_else(|| number.strip_prefix(b"LP"))
                    .unwrap_or(number);
                digits(number) && number.len() <= 7 && check.is_ascii_digit()
            }
            _ => false,
        },
        "UCUM" => value.iter().all(u8::is_ascii_graphic),
        _ => value.iter().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'/' | b'+')
        }),
    }
}

/// The check digit of SNOMED CT identifiers: Verhoeff's, over the dihedral group of ten elements.
fn has_verhoeff_check(digits: &[u8]) -> bool {
    let multiply = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let permute = |position: usize, digit: u8| {
        (0..position % 8).fold(digit, |d, _| [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][usize::from(d)])
    };
    let check = digits
        .iter()
        .rev()
        .enumerate()
        .fold(0, |sum, (i, digit)| multiply(sum, permute(i, digit - b'0')));
    check == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_by_their_scheme() {
        let real: &[(&str, &[&str])] = &[
            ("DCM", &["121071", "113100", "CT", "DOCD"]),
            (
                "SCT",
                &[
                    "397669002",
                    "51185008",
                    "440252007",
                    "398164008",
                    "116224001",
                ],
            ),
            (
                "SRT",
                &["T-D1100", "G-A100", "R-00339", "T-04000", "M-01000"],
            ),
            ("LN", &["24627-2", "30525-0", "LA6576-8"]),
            ("UCUM", &["mm", "{ratio}", "[hnsf'U]", "cm2"]),
            ("I10", &["R05", "J18.9"]),
        ];
        for (scheme, codes) in real {
            for code in *codes {
                assert!(is_code(scheme, code.as_bytes()), "{scheme} {code}");
            }
        }
    }

    #[test]
    fn numbers_and_names_are_no_codes() {
        for (scheme, value) in [
            ("DCM", "555-0199"),
            ("DCM", "1093817465"),
            ("SCT", "555019912"),
            ("SCT", "MEYER"),
            ("SRT", "MEYER"),
            ("LN", "Anna"),
            ("UCUM", "12 Main St"),
            ("I10", "Dr. Meyer"),
        ] {
            assert!(!is_code(scheme, value.as_bytes()), "{scheme} {value}");
        }
        assert!(!is_standard("99ELSE") && !is_standard("NPI"));
    }
}
