//! PS3.16 Table 8-1 and section 8.2: the coding schemes that the standard knows by designator.
//!
//! A code of any other scheme is local: its meaning is whatever somebody typed, often a procedure with a name in it.

/// Designators of PS3.16 Table 8-1, those of retired schemes included.
const DESIGNATORS: &[&str] = &[
    "99SDM", "ACR", "ARC", "ASTM-sigpurpose", "BARI", "BI", "C4", "C5", "CAPTCHA", "CD2", "CDT", "CVX", "DCM",
    "DCMUID", "DC", "DCS", "EP", "FMA", "HCPCS", "HI", "HL7V2", "I10", "I10C", "I10P", "I11", "I9", "I9C", "IBSI",
    "ICDO3", "ICD-O-3", "ISO_OID", "ISO3166_1", "ISO639_1", "ISO639_2", "ITIS_TSN", "JC8", "JCR", "JFR", "JJ1017",
    "JJ1017T", "JJ1017-16P", "JJ1017P", "JLAC", "KO", "LB", "LN", "MA", "MAYOASRG", "MDC", "MGEDOntology", "MSH",
    "MVX", "NCDR", "NCDR [2.0b]", "NCIt", "NDC", "NEU", "NICIP", "NPI", "NYUMCCG", "NICE", "PATHLEX", "POS",
    "PUBCHEM_CID", "RADELEMENT", "RADLEX", "RFC3066", "RFC3881", "RFC5646", "RXNORM", "SCPECG", "SCT", "SNM3", "SRT",
    "ACC-ELEMENT", "UBERON", "UCUM", "UMLS", "UNII", "UNS", "V3", "XDS", "BIRADS", "UCSFCC", "99_OFFIS_DCMTK",
];

/// Whether a Coding Scheme Designator is one of the standard's.
pub fn is_standard(designator: &str) -> bool {
    DESIGNATORS.contains(&designator) && !designator.starts_with("99_")
}
