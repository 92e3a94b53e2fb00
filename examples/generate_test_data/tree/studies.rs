//! `studies/`: sound files of fictional people, as a hospital would export them.

use super::File;
use super::bytes::{Data, explicit, uid};
use super::letters;
use super::pixels::{shape, sixteen_bit};

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const CR: &str = "1.2.840.10008.5.1.4.1.1.1";
pub(crate) const DX: &str = "1.2.840.10008.5.1.4.1.1.1.1";
pub(crate) const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
pub(crate) const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
pub(crate) const SC: &str = "1.2.840.10008.5.1.4.1.1.7";
const PHOTOGRAPH: &str = "1.2.840.10008.5.1.4.1.1.77.1.4";
pub(crate) const BASIC_TEXT_SR: &str = "1.2.840.10008.5.1.4.1.1.88.11";

pub(crate) fn files() -> Vec<File> {
    let mut files = Vec::new();
    for n in 1..=3u16 {
        files.push(File::written(
            &format!("studies/SANTOSO_BUDI/CT_THORAX/{n}.dcm"),
            explicit(&ct(n)),
        ));
    }
    files.push(File::written(
        "studies/SANTOSO_BUDI/CR/1",
        explicit(&cr().with(sixteen_bit(64, 7))),
    ));
    files.push(File::written(
        "studies/WIJAYA SRI 19621107/dx.dcm",
        explicit(&dx().with(sixteen_bit(64, 8))),
    ));
    files.push(File::written(
        "studies/WIJAYA SRI 19621107/mr-private.dcm",
        explicit(&mr()),
    ));
    files.push(File::written(
        "studies/WIJAYA SRI 19621107/report.dcm",
        explicit(&report()),
    ));
    files.push(File::written("studies/nested.dcm", explicit(&nested())));
    for (name, charset, person, place) in charsets() {
        let data = cr()
            .with(identity(&BUDI, &format!("charset-{name}"), CR, "CR"))
            .with(cr_module())
            .with(sixteen_bit(8, 9))
            .put(0x0008_0005, "CS", charset)
            .put(0x0010_0010, "PN", &person)
            .put(0x0010_0020, "LO", format!("RM-{name}"))
            .put(0x0020_000D, "UI", uid(&format!("study {name}")))
            .put(0x0020_000E, "UI", uid(&format!("series {name}")))
            .put(0x0008_0080, "LO", &place)
            .put(0x0008_0090, "PN", &person);
        files.push(File::written(
            &format!("studies/charsets/{name}.dcm"),
            explicit(&data),
        ));
    }
    files.push(File::written(
        "studies/WIJAYA SRI 19621107/cr-named.dcm",
        explicit(&named_radiograph()),
    ));
    files.push(File::written(
        "studies/secondary-capture.dcm",
        explicit(&secondary_capture()),
    ));
    files.push(File::written(
        "studies/ultrasound.dcm",
        explicit(&ultrasound()),
    ));
    files.push(File::quarantined(
        "studies/photograph.dcm",
        explicit(&photograph()),
        "photograph",
    ));
    files.push(File::new(
        "studies/DICOMDIR",
        explicit(&dicomdir()),
        "not-dicom",
        "dicomdir|media|director",
    ));
    files.push(File::new(
        "studies/notes.txt",
        b"Tn. Budi Santoso, RM 00-31-71: minta CD ulang.\n".to_vec(),
        "not-dicom",
        "",
    ));
    files
}

/// A fictional person.
pub(crate) struct Person {
    name: &'static str,
    id: &'static str,
    birth: &'static str,
    sex: &'static str,
}

pub(crate) const BUDI: Person = Person {
    name: "Santoso^Budi^^Tn.",
    id: "RM003171",
    birth: "19710531",
    sex: "M",
};
const SRI: Person = Person {
    name: "Wijaya^Sri^Lestari",
    id: "RM118204",
    birth: "19621107",
    sex: "F",
};

/// Patient, study, series and equipment; `key` names the instance.
pub(crate) fn identity(person: &Person, key: &str, sop_class: &str, modality: &str) -> Data {
    Data::new()
        .put(0x0008_0005, "CS", "ISO_IR 100")
        .put(0x0008_0012, "DA", "20240314")
        .put(0x0008_0013, "TM", "101112.000000")
        .put(0x0008_0016, "UI", sop_class)
        .put(0x0008_0018, "UI", uid(key))
        .put(0x0008_0020, "DA", "20240314")
        .put(0x0008_0021, "DA", "20240314")
        .put(0x0008_0023, "DA", "20240314")
        .put(0x0008_0030, "TM", "101010")
        .put(0x0008_0031, "TM", "101011")
        .put(0x0008_0033, "TM", "101012.250000")
        .put(0x0008_0050, "SH", "ACC2024003171")
        .put(0x0008_0060, "CS", modality)
        .put(0x0008_0070, "LO", "Fictional Imaging")
        .put(0x0008_0080, "LO", "RSUD Contoh Sehat")
        .put(0x0008_0081, "ST", "Jl. Melati 12, Bandung")
        .put(0x0008_0090, "PN", "Hartono^Dewi^^dr.")
        .put(0x0008_1010, "SH", "RAD-ROOM-3")
        .put(0x0008_1030, "LO", "THORAX kontrol Tn. Budi")
        .put(0x0008_1070, "PN", "Kusuma^Agus")
        .put(0x0008_1090, "LO", "Model F1")
        .put(0x0010_0010, "PN", person.name)
        .put(0x0010_0020, "LO", person.id)
        .put(0x0010_0030, "DA", person.birth)
        .put(0x0010_0040, "CS", person.sex)
        .put(0x0010_1010, "AS", "052Y")
        .put(0x0010_1040, "LO", "Jl. Kenanga 7, Bandung")
        .put(0x0018_0015, "CS", "CHEST")
        .put(0x0010_2154, "SH", "+62 22 555 0171")
        .put(0x0018_1000, "LO", "SN-88412")
        .put(0x0018_1020, "LO", "V1.0")
        .put(0x0020_000D, "UI", uid(&format!("study {}", person.id)))
        .put(
            0x0020_000E,
            "UI",
            uid(&format!("series {modality} {}", person.id)),
        )
        .put(0x0020_0010, "SH", "3171")
        .put(0x0020_0011, "IS", "1")
        .put(0x0020_0013, "IS", "1")
}

pub(crate) fn ct(n: u16) -> Data {
    identity(&BUDI, &format!("ct-{n}"), CT, "CT")
        .put(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        .put(0x0018_0050, "DS", "5")
        .put(0x0018_0060, "DS", "120")
        .put(0x0018_5100, "CS", "FFS")
        .put(0x0020_0012, "IS", "1")
        .put(0x0020_0013, "IS", n.to_string())
        .put(0x0020_0032, "DS", format!("-32\\-32\\{}", n * 5))
        .put(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
        .put(0x0020_0052, "UI", uid("frame of reference"))
        .put(0x0020_1040, "LO", "")
        .put(0x0028_0030, "DS", "1\\1")
        .put(0x0028_1052, "DS", "-1024")
        .put(0x0028_1053, "DS", "1")
        .put(0x0028_1054, "LO", "HU")
        .with(sixteen_bit(64, u32::from(n)))
}

pub(crate) fn cr() -> Data {
    identity(&BUDI, "cr", CR, "CR").with(cr_module())
}

fn cr_module() -> Data {
    Data::new()
        .put(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
        .put(0x0018_5101, "CS", "PA")
        .put(0x0020_0020, "CS", "L\\F")
        .put(0x0028_0301, "CS", "NO")
}

/// A coded entry. Codes of LOINC have a check digit behind a hyphen, those of DICOM six digits that begin with 11 or 12.
fn code(value: &str, meaning: &str) -> Data {
    let is_dicom = value.len() == 6 && (value.starts_with("11") || value.starts_with("12"));
    let scheme = match value {
        _ if value.contains('-') => "LN",
        _ if is_dicom => "DCM",
        _ => "SCT",
    };
    Data::new()
        .put(0x0008_0100, "SH", value)
        .put(0x0008_0102, "SH", scheme)
        .put(0x0008_0104, "LO", meaning)
}

fn dx() -> Data {
    identity(&SRI, "dx", DX, "DX")
        .put(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\")
        .put(0x0008_0068, "CS", "FOR PRESENTATION")
        .seq(0x0008_2218, &[code("51185008", "Chest")])
        .put(0x0018_1164, "DS", "0.2\\0.2")
        .put(0x0018_1508, "CS", "")
        .put(0x0018_7004, "CS", "DIRECT")
        .put(0x0020_0020, "CS", "L\\F")
        .put(0x0020_0062, "CS", "U")
        .put(0x0028_0301, "CS", "NO")
        .put(0x0028_1040, "CS", "LIN")
        .u16(0x0028_1041, "SS", &[1])
        .put(0x0028_1050, "DS", "1000")
        .put(0x0028_1051, "DS", "2000")
        .put(0x0028_1052, "DS", "0")
        .put(0x0028_1053, "DS", "1")
        .put(0x0028_1054, "LO", "US")
        .put(0x0028_2110, "CS", "00")
        .put(0x2050_0020, "CS", "IDENTITY")
        .seq(0x0040_0555, &[])
        .seq(
            0x0054_0220,
            &[code("399348003", "Antero-posterior").seq(0x0054_0222, &[])],
        )
}

fn mr() -> Data {
    let private_item = Data::new()
        .put(0x0021_0010, "LO", "FICTIONAL MR SEQ")
        .put(0x0021_1001, "PN", "Wijaya^Sri^Lestari")
        .put(0x0010_0020, "LO", "RM118204");
    identity(&SRI, "mr", MR, "MR")
        .put(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\OTHER")
        .put(0x0009_0010, "LO", "FICTIONAL MR HEADER")
        .put(0x0009_1001, "LO", "RSUD Contoh Sehat / Wijaya")
        .put(0x0009_1002, "UN", "Wijaya^Sri")
        .put(0x0018_0020, "CS", "SE")
        .put(0x0018_0021, "CS", "NONE")
        .put(0x0018_0022, "CS", "")
        .put(0x0018_0023, "CS", "2D")
        .put(0x0018_0050, "DS", "4")
        .put(0x0018_0080, "DS", "500")
        .put(0x0018_0081, "DS", "12")
        .put(0x0018_0091, "IS", "1")
        .put(0x0018_5100, "CS", "HFS")
        .put(0x0020_0032, "DS", "-32\\-32\\0")
        .put(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
        .put(0x0020_0052, "UI", uid("frame of reference mr"))
        .put(0x0020_1040, "LO", "")
        .put(0x0021_0010, "LO", "FICTIONAL MR SEQ")
        .seq(0x0021_1010, &[private_item])
        .put(0x0028_0030, "DS", "1\\1")
        // No creator reserves block 20.
        .put(0x0029_2001, "LO", "Sri Lestari")
        .with(sixteen_bit(64, 11))
}

fn text(relation: &str, name: (&str, &str), value: &str) -> Data {
    Data::new()
        .put(0x0040_A010, "CS", relation)
        .put(0x0040_A040, "CS", "TEXT")
        .seq(0x0040_A043, &[code(name.0, name.1)])
        .put(0x0040_A160, "UT", value)
}

pub(crate) fn report() -> Data {
    let observer = Data::new()
        .put(0x0040_A010, "CS", "HAS OBS CONTEXT")
        .put(0x0040_A040, "CS", "PNAME")
        .seq(0x0040_A043, &[code("121008", "Person Observer Name")])
        .put(0x0040_A123, "PN", "Hartono^Dewi^^dr.");
    identity(&SRI, "sr", BASIC_TEXT_SR, "SR")
        .seq(0x0008_1111, &[])
        .put(0x0040_A040, "CS", "CONTAINER")
        .seq(
            0x0040_A043,
            &[code("18782-3", "Radiology Study observation")],
        )
        .put(0x0040_A050, "CS", "SEPARATE")
        .seq(0x0040_A372, &[])
        .put(0x0040_A491, "CS", "COMPLETE")
        .put(0x0040_A493, "CS", "UNVERIFIED")
        .seq(
            0x0040_A730,
            &[
                observer,
                text(
                    "CONTAINS",
                    ("121071", "Finding"),
                    "Ny. Sri Wijaya (RM118204): cor dan pulmo dalam batas normal.",
                ),
            ],
        )
}

fn reference() -> Data {
    Data::new()
        .put(0x0008_1150, "UI", CR)
        .put(0x0008_1155, "UI", uid("referenced"))
}

/// A name, an identifier, a date and a UID in standard sequences five deep.
pub(crate) fn nested() -> Data {
    let mut inner = Data::new()
        .put(0x0008_0090, "PN", "Hartono^Dewi^^dr.")
        .put(0x0010_0010, "PN", "Santoso^Budi^^Tn.")
        .put(0x0010_0020, "LO", "RM003171")
        .put(0x0040_0244, "DA", "20240314")
        .put(0x0040_A160, "UT", "Tn. Budi Santoso");
    for tag in [0x0040_A730, 0x0008_1115, 0x0040_0275, 0x0008_1140] {
        inner = reference().seq(tag, &[inner]);
    }
    inner = reference().with(inner);
    cr().with(identity(&BUDI, "nest", CR, "CR"))
        .seq(0x0008_1140, &[inner])
        .with(sixteen_bit(8, 12))
}

fn secondary_capture() -> Data {
    let (columns, rows) = (320, 240);
    let mut screen = vec![20u8; columns * rows];
    for (n, line) in ["SANTOSO BUDI", "RM003171", "31-05-1971"]
        .iter()
        .enumerate()
    {
        letters::write(&mut screen, columns, line, (12, 16 + 40 * n), 2, 230);
    }
    identity(&BUDI, "sc", SC, "OT")
        .put(0x0008_0064, "CS", "WSD")
        .put(0x0020_0020, "CS", "")
        .with(eight_bit(columns, rows))
        .put(0x7FE0_0010, "OB", screen)
}

/// A sector below a banner that names the patient.
fn ultrasound() -> Data {
    let (columns, rows) = (192, 144);
    let mut picture = vec![0u8; columns * rows];
    for (at, sample) in picture.iter_mut().enumerate() {
        let (x, y) = (
            (at % columns).abs_diff(96),
            (at / columns).saturating_sub(30),
        );
        let depth = x * x + y * y;
        if x < y && depth < 110 * 110 {
            *sample = 60 + (depth / 160) as u8;
        }
    }
    letters::write(&mut picture, columns, "SANTOSO BUDI", (6, 6), 2, 240);
    identity(&BUDI, "us", US, "US")
        .put(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\\\0001")
        .put(0x0020_0020, "CS", "")
        .with(eight_bit(columns, rows))
        .put(0x7FE0_0010, "OB", picture)
}

/// A radiograph into which somebody typed a name.
fn named_radiograph() -> Data {
    let (columns, rows) = (160, 112);
    let mut picture = vec![0u16; columns * rows];
    for (at, sample) in picture.iter_mut().enumerate() {
        let (x, y) = ((at % columns).abs_diff(80), (at / columns).abs_diff(56));
        *sample = 2600usize.saturating_sub((x * x + y * y) / 6).max(200) as u16;
    }
    letters::write(&mut picture, columns, "WIJAYA SRI", (10, 90), 2, 4095);
    identity(&SRI, "cr-named", CR, "CR")
        .with(cr_module())
        .with(eight_bit(columns, rows))
        .u16(0x0028_0100, "US", &[16])
        .u16(0x0028_0101, "US", &[12])
        .u16(0x0028_0102, "US", &[11])
        .u16(0x7FE0_0010, "OW", &picture)
}

fn photograph() -> Data {
    identity(&SRI, "photograph", PHOTOGRAPH, "XC")
        .put(0x0008_0008, "CS", "ORIGINAL\\PRIMARY")
        .with(shape(16, 8, 8))
        .put(0x7FE0_0010, "OB", [90; 256])
}

/// The description of 8-bit grey samples in so many columns and rows.
fn eight_bit(columns: usize, rows: usize) -> Data {
    shape(0, 8, 8)
        .u16(0x0028_0010, "US", &[rows as u16])
        .u16(0x0028_0011, "US", &[columns as u16])
}

fn dicomdir() -> Data {
    let record = Data::new()
        .u32(0x0004_1400, "UL", 0)
        .u16(0x0004_1410, "US", &[0xFFFF])
        .u32(0x0004_1420, "UL", 0)
        .put(0x0004_1430, "CS", "PATIENT")
        .put(0x0010_0010, "PN", "Santoso^Budi^^Tn.")
        .put(0x0010_0020, "LO", "RM003171");
    Data::new()
        .put(0x0008_0016, "UI", "1.2.840.10008.1.3.10")
        .put(0x0008_0018, "UI", uid("dicomdir"))
        .put(0x0004_1130, "CS", "BUDI_CD")
        .u32(0x0004_1200, "UL", 0)
        .u32(0x0004_1202, "UL", 0)
        .u16(0x0004_1212, "US", &[0])
        .seq(0x0004_1220, &[record])
}

/// Name, Specific Character Set, a person's name and a place in that set.
fn charsets() -> Vec<(&'static str, &'static str, Vec<u8>, Vec<u8>)> {
    vec![
        (
            "iso-ir-100",
            "ISO_IR 100",
            b"M\xFCller^J\xF6rg".to_vec(),
            b"Klinik K\xF6ln".to_vec(),
        ),
        (
            "iso-ir-192",
            "ISO_IR 192",
            "Müller^Jörg=王^小东=왕".as_bytes().to_vec(),
            "Klinik Köln 병원".as_bytes().to_vec(),
        ),
        (
            // PS3.5 H.3.1: Yamada^Tarou in romaji, kanji and hiragana.
            "iso-2022-ir-87",
            "\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B"
                .to_vec(),
            b"\x1B$B;3ED\x1B(B".to_vec(),
        ),
        (
            // PS3.5 I.2: Hong^Gildong in hanja and hangul.
            "iso-2022-ir-149",
            "\\ISO 2022 IR 149",
            b"Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF"
                .to_vec(),
            b"\x1B$)C\xB1\xE6\xB5\xBF".to_vec(),
        ),
        (
            // PS3.5 K.2: Wang^XiaoDong.
            "gb18030",
            "GB18030",
            b"Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=".to_vec(),
            b"\xCD\xF5\xD0\xA1\xB6\xAB".to_vec(),
        ),
        (
            // PS3.5 H.3.2 without kanji: half-width katakana by JIS X 0201.
            "iso-ir-13",
            "ISO_IR 13",
            b"\xD4\xCF\xC0\xDE^\xC0\xDB\xB3".to_vec(),
            b"\xD4\xCF\xC0\xDE".to_vec(),
        ),
        (
            "iso-ir-144",
            "ISO_IR 144",
            b"\xBB\xEE\xDAce\xDC\xD1yp\xD3".to_vec(),
            b"\xBC\xDE\xE1\xDA\xD2\xD0".to_vec(),
        ),
    ]
}
