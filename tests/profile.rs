//! The profile loader as its users meet it: what loads, what is refused and in which words, and what is decided.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use samar::dicom::{Tag, Vr};
use samar::profile::{Attributes, Fact, Profile, RuleAction, Selector, Verdict, load};
use samar::standard::{dictionary, uids};

/// An instance that has just the attributes that a test names.
#[derive(Default)]
struct Instance {
    values: HashMap<Tag, Vec<String>>,
    facts: Vec<Fact>,
}

impl Instance {
    fn new(attributes: &[(&str, &str)]) -> Instance {
        // Nobody has searched it for text.
        let mut instance = Instance {
            facts: vec![Fact::PixelsUnsure],
            ..Instance::default()
        };
        for (keyword, value) in attributes {
            let tag = dictionary::by_keyword(keyword)
                .expect("a keyword of PS3.6")
                .tag;
            // A SOP Class or transfer syntax may be given by its keyword.
            let value = uids::by_keyword(value).map_or(*value, |row| row.uid);
            let values = if value.is_empty() {
                Vec::new()
            } else {
                value.split('\\').map(str::to_owned).collect()
            };
            instance.values.insert(tag, values);
        }
        instance
    }

    fn of_class(keyword: &str) -> Instance {
        assert!(
            uids::by_keyword(keyword).is_some(),
            "no SOP Class {keyword}"
        );
        Instance::new(&[("SOPClassUID", keyword)])
    }
}

impl Attributes for Instance {
    fn values(&self, tag: Tag, see: &mut dyn FnMut(&str)) -> bool {
        let values = self.values.get(&tag);
        values.into_iter().flatten().for_each(|value| see(value));
        values.is_some()
    }

    fn fact(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }
}

/// Writes files into a fresh folder and loads the first.
fn load_files(files: &[(&str, &str)]) -> Result<Profile, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let first = folder.path().join(files[0].0);
    load(first.to_str().expect("UTF-8")).map_err(|problems| {
        let root = format!("{}/", folder.path().display());
        problems.to_string().replace(&root, "")
    })
}

fn site(text: &str) -> Profile {
    load_files(&[("site.yaml", text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

fn broken(text: &str) -> String {
    load_files(&[("site.yaml", text)]).expect_err("the profile should be refused")
}

/// A profile that quarantines when a condition holds.
fn holds(condition: &str, instance: &Instance) -> bool {
    let profile = site(&format!(
        "samar: 1\nname: t\nbase: basic@2026d\naccept:\n  - id: t\n    when: >-\n      {condition}\n    do: quarantine\n    because: test\n"
    ));
    profile.judge(instance).verdict == Verdict::Quarantine
}

fn broken_condition(condition: &str) -> String {
    broken(&format!(
        "samar: 1\nname: t\nbase: basic@2026d\naccept:\n  - id: t\n    when: {condition}\n    do: quarantine\n    because: test\n"
    ))
}

/// Ids of the rules that leave more than the base.
fn weakened(profile: &samar::profile::Profile) -> Vec<String> {
    let table = samar::profile::table::Table::compile(&profile.rules, profile.options);
    let mut ids: Vec<String> = table
        .departures()
        .iter()
        .filter(|departure| departure.weakens)
        .filter_map(|departure| Some(table.rule(departure.rule)?.id.clone()))
        .collect();
    ids.dedup();
    ids
}

mod shipped {
    use super::*;

    #[test]
    fn basic_is_pinned_and_weakens_nothing() {
        let profile = load("basic").expect("the built-in profile");
        assert_eq!(profile.name, "basic");
        assert_eq!(profile.edition, "2026d");
        assert!(weakened(&profile).is_empty());
        let actions: Vec<_> = profile
            .rules
            .iter()
            .map(|r| (r.id.as_str(), r.action.clone()))
            .collect();
        assert_eq!(
            actions,
            [
                ("patient-id", RuleAction::PseudonymPatient),
                ("patient-name", RuleAction::PseudonymPatient),
                ("accession", RuleAction::PseudonymAccession),
            ]
        );
    }

    #[test]
    fn basic_as_a_file_is_basic_as_built_in() {
        let built_in = load("basic").expect("the built-in profile");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/basic.yaml");
        let file = load(path.to_str().expect("UTF-8")).expect("the file");
        assert_eq!(built_in.sha256, file.sha256);
    }

    #[test]
    fn basic_cleans_what_it_can() {
        let profile = load("basic").expect("the built-in profile");
        for class in [
            "CTImageStorage",
            "EnhancedCTImageStorage",
            "MRImageStorage",
            "ComputedRadiographyImageStorage",
            "DigitalXRayImageStorageForPresentation",
            "DigitalMammographyXRayImageStorageForPresentation",
            "XRayAngiographicImageStorage",
            "XRayRadiofluoroscopicImageStorage",
            "NuclearMedicineImageStorage",
            "PositronEmissionTomographyImageStorage",
            "RTStructureSetStorage",
            "RTPlanStorage",
            "RTDoseStorage",
            "RTImageStorage",
            "SegmentationStorage",
            "BasicTextSRStorage",
            "KeyObjectSelectionDocumentStorage",
            "TwelveLeadECGWaveformStorage",
            "GrayscaleSoftcopyPresentationStateStorage",
            "OphthalmicTomographyImageStorage",
        ] {
            let judgement = profile.judge(&Instance::of_class(class));
            assert_eq!(judgement.verdict, Verdict::Accept, "{class}");
            assert!(judgement.rule.is_none(), "{class}");
        }
    }

    #[test]
    fn basic_withholds_what_it_cannot() {
        let profile = load("basic").expect("the built-in profile");
        let table: &[(&str, &[(&str, &str)])] = &[
            ("burned-in-annotation", &[("BurnedInAnnotation", "YES")]),
            ("burned-in-annotation", &[("BurnedInAnnotation", "yes ")]),
            ("burned-in-annotation", &[("BurnedInAnnotation", "UNKNOWN")]),
            ("burned-in-annotation", &[("BurnedInAnnotation", "NO\\YES")]),
            (
                "recognizable-features",
                &[("RecognizableVisualFeatures", "YES")],
            ),
            (
                "referenced-pixels",
                &[("TransferSyntaxUID", "JPIPReferenced")],
            ),
            (
                "secondary-capture",
                &[("SOPClassUID", "SecondaryCaptureImageStorage")],
            ),
            (
                "screen-or-film",
                &[("SOPClassUID", "CTImageStorage"), ("ConversionType", "WSD")],
            ),
            (
                "screen-or-film",
                &[
                    ("SOPClassUID", "CTImageStorage"),
                    ("ImageType", "DERIVED\\SECONDARY\\SCREEN SAVE"),
                ],
            ),
            ("hardcopy", &[("SOPClassUID", "HardcopyColorImageStorage")]),
            (
                "standalone-overlay",
                &[("SOPClassUID", "StandaloneOverlayStorage")],
            ),
            ("ultrasound", &[("SOPClassUID", "UltrasoundImageStorage")]),
            (
                "ultrasound",
                &[("SOPClassUID", "1.2.840.10008.5.1.4.1.1.3")],
            ),
            (
                "ultrasound",
                &[("SOPClassUID", "1.2.840.10008.5.1.4.1.1.6")],
            ),
            ("ultrasound", &[("Modality", "IVUS")]),
            (
                "photograph",
                &[("SOPClassUID", "DermoscopicPhotographyImageStorage")],
            ),
            (
                "retina",
                &[("SOPClassUID", "OphthalmicPhotography8BitImageStorage")],
            ),
            (
                "microscopy",
                &[("SOPClassUID", "VLSlideCoordinatesMicroscopicImageStorage")],
            ),
            (
                "slide-label",
                &[("SOPClassUID", "VLWholeSlideMicroscopyImageStorage")],
            ),
            (
                "slide-label",
                &[
                    ("SOPClassUID", "VLWholeSlideMicroscopyImageStorage"),
                    ("ImageType", "ORIGINAL\\PRIMARY\\LABEL\\NONE"),
                    ("SpecimenLabelInImage", "YES"),
                ],
            ),
            ("endoscopy", &[("SOPClassUID", "VLEndoscopicImageStorage")]),
            ("video", &[("SOPClassUID", "VideoPhotographicImageStorage")]),
            (
                "video",
                &[
                    ("SOPClassUID", "CTImageStorage"),
                    ("TransferSyntaxUID", "HEVCMP51"),
                ],
            ),
            ("surface-scan", &[("SOPClassUID", "SurfaceScanMeshStorage")]),
            (
                "encapsulated-document",
                &[("SOPClassUID", "EncapsulatedPDFStorage")],
            ),
            (
                "audio",
                &[("SOPClassUID", "BasicVoiceAudioWaveformStorage")],
            ),
            ("raw-data", &[("SOPClassUID", "RawDataStorage")]),
            ("inventory", &[("SOPClassUID", "InventoryStorage")]),
        ];
        for (rule, attributes) in table {
            let judgement = profile.judge(&Instance::new(attributes));
            assert_eq!(judgement.verdict, Verdict::Quarantine, "{attributes:?}");
            assert_eq!(
                judgement.rule.map(|r| r.id.as_str()),
                Some(*rule),
                "{attributes:?}"
            );
        }
        // These are cleaned.
        for fact in [Fact::ForeignSegments, Fact::EmbeddedOverlay] {
            let mut instance = Instance::of_class("CTImageStorage");
            instance.facts.push(fact);
            assert_eq!(profile.judge(&instance).verdict, Verdict::Accept);
        }
    }

    #[test]
    fn basic_takes_tissue_without_label_and_undeclared_annotation() {
        let profile = load("basic").expect("the built-in profile");
        for attributes in [
            &[
                ("SOPClassUID", "VLWholeSlideMicroscopyImageStorage"),
                ("ImageType", "ORIGINAL\\PRIMARY\\VOLUME\\NONE"),
                ("SpecimenLabelInImage", "NO"),
            ][..],
            &[("BurnedInAnnotation", "NO ")],
            &[("BurnedInAnnotation", "")],
        ] {
            let judgement = profile.judge(&Instance::new(attributes));
            assert_eq!(judgement.verdict, Verdict::Accept, "{attributes:?}");
        }
    }
}

mod conditions {
    use super::*;

    #[test]
    fn hold_as_documented() {
        let ct = Instance::new(&[
            ("SOPClassUID", "CTImageStorage"),
            ("Modality", "CT"),
            ("ImageType", "DERIVED\\SECONDARY\\MPR"),
            ("StudyDate", "20240229"),
            ("Rows", "512"),
            ("SliceThickness", "1.50 "),
            ("PixelSpacing", "0.5\\0.7"),
            ("InstitutionName", "Rumah Sakit"),
            ("BodyPartExamined", ""),
            ("SeriesDate", "2024.02.29"),
        ]);
        let table = [
            // text
            (r#"Modality == "CT""#, true),
            (r#"Modality == "ct""#, true),
            ("Modality == 'MR'", false),
            (r#"Modality != "MR""#, true),
            (r#"Modality in ["MR", "CT"]"#, true),
            (r#"InstitutionName == "rumah sakit""#, false),
            (r#"InstitutionName == "Rumah Sakit ""#, true),
            // several values
            (r#"ImageType == "DERIVED""#, false),
            (r#"ImageType has "SECONDARY""#, true),
            (r#"ImageType has "SECOND""#, false),
            (r#"ImageType in ["DERIVED", "SECONDARY", "MPR"]"#, true),
            (r#"ImageType in ["DERIVED", "SECONDARY"]"#, false),
            ("PixelSpacing > 0.6", false),
            ("PixelSpacing >= 0.5", true),
            ("PixelSpacing has 0.7", true),
            // absent and empty
            (r#"PatientSex == "M""#, false),
            (r#"PatientSex != "M""#, true),
            ("exists(PatientSex)", false),
            ("exists(BodyPartExamined)", true),
            (r#"BodyPartExamined == """#, true),
            (r#"PatientSex == """#, false),
            ("Columns < 5", false),
            ("not Columns < 5", true),
            // numbers and dates
            ("Rows == 512", true),
            ("Rows in [256, 512]", true),
            ("SliceThickness == 1.5", true),
            ("SliceThickness < 1.5", false),
            ("SliceThickness <= 1.5", true),
            ("SliceThickness > -1", true),
            (r#"StudyDate < "20240301""#, true),
            (r#"StudyDate >= "20240301""#, false),
            (r#"SeriesDate < "20990101""#, false),
            // patterns
            (r#"InstitutionName ~ "Sakit$""#, true),
            (r#"InstitutionName ~ "^Sakit""#, false),
            (r#"InstitutionName ~ "sakit""#, false),
            (r#"InstitutionName ~ "(?i)SAKIT""#, true),
            (r#"ImageType ~ "[DS]""#, false),
            (r#"ImageType ~ "[DSM]""#, true),
            (r#"BodyPartExamined ~ "^$""#, true),
            (r#"PatientSex ~ """#, false),
            (r"SOPClassUID ~ '\.4\.1\.1\.\d$'", true),
            // UIDs
            ("SOPClassUID == CTImageStorage", true),
            ("SOPClassUID in [MRImageStorage, CTImageStorage]", true),
            (r#"SOPClassUID == "1.2.840.10008.5.1.4.1.1.2""#, true),
            ("TransferSyntaxUID == JPEGBaseline8Bit", false),
            // facts and logic
            ("pixels.foreign_segments", false),
            ("not pixels.embedded_overlay", true),
            (r#"Modality == "MR" and Rows == 1 or Rows == 512"#, true),
            (r#"Modality == "MR" and (Rows == 1 or Rows == 512)"#, false),
            (r#"not Modality == "MR" and Rows == 512"#, true),
            ("not (Rows == 512 or Rows == 256)", false),
        ];
        for (condition, expected) in table {
            assert_eq!(holds(condition, &ct), expected, "{condition}");
        }
    }

    #[test]
    fn are_typed_against_the_dictionary() {
        insta::assert_snapshot!(broken_condition("StudyDate < 20240101"), @r#"
        error: `StudyDate` holds dates (DA) and cannot be compared with a number
         --> site.yaml:6:23
          |
        6 |     when: StudyDate < 20240101
          |                       ^^^^^^^^
          |
        help: write year, month and day in quotes, such as "20240131"
        "#);
        insta::assert_snapshot!(broken_condition(r#"StudyDate == "31.12.2024""#), @r#"
        error: this is not a day of the calendar
         --> site.yaml:6:24
          |
        6 |     when: StudyDate == "31.12.2024"
          |                        ^^^^^^^^^^^^
          |
        help: write year, month and day in quotes, such as "20240131"
        "#);
        insta::assert_snapshot!(broken_condition("PatientName == 5"), @r"
        error: `PatientName` holds text and cannot be compared with a number
         --> site.yaml:6:26
          |
        6 |     when: PatientName == 5
          |                          ^
          |
        help: put the value in quotes
        ");
        insta::assert_snapshot!(broken_condition("Modality == US"), @r#"
        error: `US` is not a value of `Modality`
         --> site.yaml:6:23
          |
        6 |     when: Modality == US
          |                       ^^
          |
        help: put text in quotes: "US"
        "#);
        insta::assert_snapshot!(broken_condition(r#"Rows == "512""#), @r#"
        error: `Rows` holds numbers and cannot be compared with text
         --> site.yaml:6:19
          |
        6 |     when: Rows == "512"
          |                   ^^^^^
          |
        help: write the number without quotes
        "#);
        insta::assert_snapshot!(broken_condition(r#"InstitutionName < "B""#), @r#"
        error: `<` orders numbers, dates, times and ages, and `InstitutionName` is none of these
         --> site.yaml:6:27
          |
        6 |     when: InstitutionName < "B"
          |                           ^
          |
        help: compare with `==`, `!=`, `in`, `has` or `~`
        "#);
        insta::assert_snapshot!(broken_condition(r#"ReferencedImageSequence == "x""#), @r#"
        error: the values of `ReferencedImageSequence` cannot be compared
         --> site.yaml:6:11
          |
        6 |     when: ReferencedImageSequence == "x"
          |           ^^^^^^^^^^^^^^^^^^^^^^^
          |
        help: ask whether it is there: `exists(ReferencedImageSequence)`
        "#);
        insta::assert_snapshot!(broken_condition("SOPClassUID == JPEGBaseline8Bit"), @r"
        error: `JPEGBaseline8Bit` is of kind Transfer Syntax, which `SOPClassUID` does not hold
         --> site.yaml:6:26
          |
        6 |     when: SOPClassUID == JPEGBaseline8Bit
          |                          ^^^^^^^^^^^^^^^^
        ");
        insta::assert_snapshot!(broken_condition(r#"SOPClassUID == "CT""#), @r#"
        error: `SOPClassUID` holds UIDs, and this is not one
         --> site.yaml:6:26
          |
        6 |     when: SOPClassUID == "CT"
          |                          ^^^^
          |
        help: write a keyword such as `CTImageStorage`, or a UID in quotes
        "#);
    }

    #[test]
    fn suggest_names() {
        insta::assert_snapshot!(broken_condition(r#"Modallity == "CT" and SOPClassUID in [CTImageStorag]"#), @r#"
        error: unknown attribute `Modallity`
         --> site.yaml:6:11
          |
        6 |     when: Modallity == "CT" and SOPClassUID in [CTImageStorag]
          |           ^^^^^^^^^
          |
        help: did you mean `Modality`?

        error: unknown SOP Class `CTImageStorag`
         --> site.yaml:6:49
          |
        6 |     when: Modallity == "CT" and SOPClassUID in [CTImageStorag]
          |                                                 ^^^^^^^^^^^^^
          |
        help: did you mean `CTImageStorage`?
        "#);
        insta::assert_snapshot!(broken_condition("pixels.foreign_segment"), @r"
        error: unknown fact `pixels.foreign_segment`
         --> site.yaml:6:11
          |
        6 |     when: pixels.foreign_segment
          |           ^^^^^^^^^^^^^^^^^^^^^^
          |
        help: did you mean `pixels.foreign_segments`?
        ");
    }

    #[test]
    fn are_read_to_the_end() {
        insta::assert_snapshot!(broken_condition("Rows = 5"), @r"
        error: `=` has no meaning here
         --> site.yaml:6:16
          |
        6 |     when: Rows = 5
          |                ^
          |
        help: write `==`
        ");
        insta::assert_snapshot!(broken_condition("(Rows == 5"), @r"
        error: expected `)`, but the condition ends
         --> site.yaml:6:21
          |
        6 |     when: (Rows == 5
          |                     ^
        ");
        insta::assert_snapshot!(broken_condition("Rows == 5 Columns == 5"), @r"
        error: expected `and`, `or` or the end
         --> site.yaml:6:21
          |
        6 |     when: Rows == 5 Columns == 5
          |                     ^^^^^^^
        ");
        insta::assert_snapshot!(broken_condition(r#"ImageType == "A\\B""#), @r#"
        error: a value cannot contain a backslash, which separates values
         --> site.yaml:6:26
          |
        6 |     when: ImageType == "A\\B"
          |                          ^
          |
        help: test each value with `has`
        "#);
        insta::assert_snapshot!(broken_condition(r#"StudyDescription ~ "(x""#), @r#"
        error: this pattern cannot be read: unclosed group
         --> site.yaml:6:30
          |
        6 |     when: StudyDescription ~ "(x"
          |                              ^^^^
          |
        help: escape `. + * ? ( ) [ ] { } | ^ $` with a backslash to mean themselves
        "#);
        insta::assert_snapshot!(broken_condition(r#"Modality == "CT"#), @r#"
        error: this text is not closed
         --> site.yaml:6:23
          |
        6 |     when: Modality == "CT
          |                       ^^^
          |
        help: end it with `"`
        "#);
        insta::assert_snapshot!(broken_condition("''"), @r"
        error: expected an attribute, a fact, `not`, `exists` or `(`, but the condition ends
         --> site.yaml:6:11
          |
        6 |     when: ''
          |           ^
        ");
    }
}

mod selectors {
    use super::*;

    fn selector(text: &str) -> Selector {
        let profile = site(&format!(
            "samar: 1\nname: t\nbase: basic@2026d\nrules:\n  - {{id: t, match: {text}, do: remove, because: test}}\n"
        ));
        profile.rules[0].selector.clone()
    }

    #[test]
    fn match_what_they_say() {
        let table = [
            ("PatientName", 0x0010_0010, Vr::PN, true),
            ("PatientName", 0x0010_0020, Vr::LO, false),
            ("OverlayData", 0x6002_3000, Vr::OW, true),
            ("OverlayData", 0x601E_3000, Vr::OW, true),
            ("OverlayData", 0x6001_3000, Vr::OW, false),
            ("OverlayData", 0x6002_4000, Vr::LT, false),
            ("'(0010,0010)'", 0x0010_0010, Vr::PN, true),
            ("'(60xx,3000)'", 0x6003_3000, Vr::OW, true),
            ("'(60x@,3000)'", 0x6003_3000, Vr::OW, false),
            ("'(60x@,3000)'", 0x6002_3000, Vr::OW, true),
            ("'(000#,xxxx)'", 0x0009_1001, Vr::LO, true),
            ("'(000#,xxxx)'", 0x0008_1001, Vr::LO, false),
            ("vr:DA", 0x0008_0020, Vr::DA, true),
            ("vr:DA", 0x0008_0030, Vr::TM, false),
            ("group:0032", 0x0032_1060, Vr::LO, true),
            ("group:0032", 0x0033_1060, Vr::LO, false),
            ("private", 0x0009_0010, Vr::LO, true),
            ("private", 0x0008_0010, Vr::LO, false),
            ("[PatientName, vr:PN]", 0x0008_0090, Vr::PN, true),
            ("[PatientName, private]", 0x0010_0020, Vr::LO, false),
        ];
        for (text, tag, vr, expected) in table {
            assert_eq!(
                selector(text).matches_tag(Tag(tag), vr),
                expected,
                "{text} on {tag:08X}"
            );
        }
    }
}

mod extending {
    use super::*;

    #[test]
    fn an_override_lifts_one_reason_and_says_so() {
        let profile = site(
            "samar: 1\nname: site\nextends: basic\naccept:\n  - {id: ultrasound, do: accept, because: checked}\n",
        );
        let mut us = Instance::of_class("UltrasoundImageStorage");
        let judgement = profile.judge(&us);
        assert_eq!(judgement.verdict, Verdict::Accept);
        assert_eq!(judgement.rule.map(|r| r.because.as_str()), Some("checked"));
        assert_eq!(judgement.overridden, ["ultrasound"]);

        let ct = profile
            .judge(&Instance::of_class("CTImageStorage"))
            .overridden;
        assert!(ct.is_empty());

        // The other reasons still hold, those behind the lifted rule too.
        us.values
            .extend(Instance::new(&[("TransferSyntaxUID", "MPEG2MPML")]).values);
        let judgement = profile.judge(&us);
        assert_eq!(judgement.verdict, Verdict::Quarantine);
        assert_eq!(judgement.rule.map(|r| r.id.as_str()), Some("video"));
        assert!(judgement.overridden.is_empty());
    }

    #[test]
    fn new_rules_come_first_and_report_what_they_pass_over() {
        let profile = site(
            r#"
samar: 1
name: site
extends: basic
accept:
  - {id: no-phantoms, when: 'PatientID == "PHANTOM"', do: reject, because: no patient}
  - {id: ours, when: 'StationName == "US7"', do: accept, because: no banner}
rules:
  - {id: sex, match: PatientSex, do: keep, because: protocol 4.2}
"#,
        );
        let phantom = Instance::new(&[("PatientID", "PHANTOM"), ("StationName", "US7")]);
        assert_eq!(profile.judge(&phantom).verdict, Verdict::Reject);

        let us = Instance::new(&[
            ("StationName", "US7"),
            ("SOPClassUID", "UltrasoundImageStorage"),
            ("BurnedInAnnotation", "YES"),
        ]);
        let judgement = profile.judge(&us);
        assert_eq!(judgement.verdict, Verdict::Accept);
        assert_eq!(judgement.rule.map(|r| r.id.as_str()), Some("ours"));
        assert_eq!(judgement.overridden, ["burned-in-annotation", "ultrasound"]);

        assert_eq!(profile.rules[0].id, "sex");
        assert_eq!(weakened(&profile), ["sex"]);
    }

    #[test]
    fn a_narrower_condition_is_an_override_too() {
        let profile = site(
            "samar: 1\nname: site\nextends: basic\naccept:\n  - id: secondary-capture\n    when: SOPClassUID == SecondaryCaptureImageStorage and Modality != \"OT\"\n    because: our OT captures are plots\n",
        );
        let sc = Instance::of_class("SecondaryCaptureImageStorage");
        assert_eq!(profile.judge(&sc).verdict, Verdict::Quarantine);
        let mut plot = sc;
        plot.values
            .extend(Instance::new(&[("Modality", "OT")]).values);
        let judgement = profile.judge(&plot);
        assert_eq!(judgement.verdict, Verdict::Accept);
        assert_eq!(judgement.overridden, ["secondary-capture"]);
    }

    #[test]
    fn files_extend_files_beside_them() {
        let hospital = "samar: 1\nname: hospital\nextends: basic\nrules:\n  - {id: sex, match: PatientSex, do: keep, because: needed}\n";
        let study = "samar: 1\nname: study\nextends: ../hospital.yaml\nrules:\n  - {id: sex, do: empty, because: not here}\n  - {id: patient-name, do: dummy, because: no names}\n";
        let profile = load_files(&[("studies/one.yaml", study), ("hospital.yaml", hospital)])
            .unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(profile.name, "study");
        assert!(weakened(&profile).is_empty());
        let name = profile
            .rules
            .iter()
            .find(|r| r.id == "patient-name")
            .expect("inherited");
        assert_eq!(name.action, RuleAction::Dummy);
        assert!(name.selector.matches_tag(Tag(0x0010_0010), Vr::PN));

        let alone = site(hospital);
        assert_ne!(alone.sha256, profile.sha256);
    }

    #[test]
    fn circles_and_missing_files_are_refused() {
        let a = "samar: 1\nname: a\nextends: b.yaml\n";
        let b = "samar: 1\nname: b\nextends: ./a.yaml\n";
        insta::assert_snapshot!(load_files(&[("a.yaml", a), ("b.yaml", b)]).expect_err("a circle"), @r"
        error: extending `./a.yaml` closes a circle
         --> b.yaml:3:10
          |
        3 | extends: ./a.yaml
          |          ^^^^^^^^
          |
        help: take `extends` out of one of the profiles
        ");
        insta::assert_snapshot!(broken("samar: 1\nname: a\nextends: basik\n"), @r"
        error: cannot read profile `basik`: there is no such file, nor a built-in profile
         --> site.yaml:3:10
          |
        3 | extends: basik
          |          ^^^^^
          |
        help: did you mean `basic`?
        ");
        insta::assert_snapshot!(load("basik").expect_err("no such profile"), @r"
        error: cannot read profile `basik`: there is no such file, nor a built-in profile
         |
        help: did you mean `basic`?
        ");
    }
}

mod messages {
    use super::*;

    #[test]
    fn every_problem_in_one_pass() {
        insta::assert_snapshot!(broken(r"
samar: 1
nam: chest
base: basic@2025b
options: [clean-descriptors, retain-patient-characteristic]
unknown: {public: keep, privat: remove}
pixels: 7
accept:
  - {id: us, when: SOPClassUID == UltrasoundImageStorag, do: quarantin, because: banner}
rules:
  - {id: sex, match: PatientSexx, do: keep, becuase: protocol}
  - {id: sex, match: 'vr:pn', do: mask, because: ''}
"), @r#"
        error: `name` is missing
         --> site.yaml:2:1
          |
        2 | samar: 1
          | ^

        error: unknown key `nam`
         --> site.yaml:3:1
          |
        3 | nam: chest
          | ^^^
          |
        help: did you mean `name`?

        error: edition `2025b` of PS3.15 is not built in
         --> site.yaml:4:7
          |
        4 | base: basic@2025b
          |       ^^^^^^^^^^^
          |
        help: this version has `basic@2026d`

        error: unknown option `retain-patient-characteristic`
         --> site.yaml:5:30
          |
        5 | options: [clean-descriptors, retain-patient-characteristic]
          |                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
        help: did you mean `retain-patient-characteristics`?

        error: `keep` is not possible here
         --> site.yaml:6:19
          |
        6 | unknown: {public: keep, privat: remove}
          |                   ^^^^
          |
        help: what nobody knows can never be kept; write a rule for each element that you know

        error: unknown key `privat`
         --> site.yaml:6:25
          |
        6 | unknown: {public: keep, privat: remove}
          |                         ^^^^^^
          |
        help: did you mean `private`?

        error: `pixels`: expected a list of rules, or a mapping of `detect` and `rules`
         --> site.yaml:7:9
          |
        7 | pixels: 7
          |         ^

        error: unknown SOP Class `UltrasoundImageStorag`
         --> site.yaml:9:35
          |
        9 |   - {id: us, when: SOPClassUID == UltrasoundImageStorag, do: quarantin, because: banner}
          |                                   ^^^^^^^^^^^^^^^^^^^^^
          |
        help: did you mean `UltrasoundImageStorage`?

        error: unknown action `quarantin`
         --> site.yaml:9:62
          |
        9 |   - {id: us, when: SOPClassUID == UltrasoundImageStorag, do: quarantin, because: banner}
          |                                                              ^^^^^^^^^
          |
        help: did you mean `quarantine`?

        error: `because` is missing
          --> site.yaml:11:5
           |
        11 |   - {id: sex, match: PatientSexx, do: keep, becuase: protocol}
           |     ^
           |
        help: say why in a few words; they stand in the report

        error: unknown attribute `PatientSexx`
          --> site.yaml:11:22
           |
        11 |   - {id: sex, match: PatientSexx, do: keep, becuase: protocol}
           |                      ^^^^^^^^^^^
           |
        help: did you mean `PatientSex`?

        error: unknown key `becuase`
          --> site.yaml:11:45
           |
        11 |   - {id: sex, match: PatientSexx, do: keep, becuase: protocol}
           |                                             ^^^^^^^
           |
        help: did you mean `because`?

        error: duplicate id `sex`
          --> site.yaml:12:10
           |
        12 |   - {id: sex, match: 'vr:pn', do: mask, because: ''}
           |          ^^^
           |
        help: line 11 has the same id; rename one

        error: unknown VR `pn`
          --> site.yaml:12:22
           |
        12 |   - {id: sex, match: 'vr:pn', do: mask, because: ''}
           |                      ^^^^^^^
           |
        help: did you mean `PN`?

        error: `mask` needs to be told more
          --> site.yaml:12:35
           |
        12 |   - {id: sex, match: 'vr:pn', do: mask, because: ''}
           |                                   ^^^^
           |
        help: write it as in `do: {mask: {first: 2, with: "*"}}`

        error: `because` says nothing
          --> site.yaml:12:50
           |
        12 |   - {id: sex, match: 'vr:pn', do: mask, because: ''}
           |                                                  ^^
           |
        help: say why in a few words; they stand in the report
        "#);
    }

    #[test]
    fn duplicate_keys() {
        insta::assert_snapshot!(broken("samar: 1\nname: a\nbase: basic@2026d\nname: b\n"), @r"
        error: duplicate key `name`
         --> site.yaml:4:1
          |
        4 | name: b
          | ^^^^
          |
        help: it is first given on line 2; keep one
        ");
        insta::assert_snapshot!(broken("samar: 1\nname: a\nbase: basic@2026d\nrules:\n  - {id: x, match: PatientID, do: remove, do: keep, because: y}\n"), @r"
        error: duplicate key `do`
         --> site.yaml:5:43
          |
        5 |   - {id: x, match: PatientID, do: remove, do: keep, because: y}
          |                                           ^^
          |
        help: it is first given on line 5; keep one
        ");
    }

    #[test]
    fn missing_keys() {
        insta::assert_snapshot!(broken("name: a\n"), @r"
        error: `samar` is missing
         --> site.yaml:1:1
          |
        1 | name: a
          | ^
          |
        help: begin the profile with `samar: 1`, the version of the language

        error: `base` is missing
         --> site.yaml:1:1
          |
        1 | name: a
          | ^
          |
        help: add `base: basic@2026d`, or `extends: basic`
        ");
        insta::assert_snapshot!(broken("samar: 1\nname: a\nextends: basic\nrules:\n  - {id: sex, match: PatientSex}\naccept:\n  - id: ultrasund\n    do: accept\n    because: misspelt id\n"), @r"
        error: `because` is missing
         --> site.yaml:5:5
          |
        5 |   - {id: sex, match: PatientSex}
          |     ^
          |
        help: say why in a few words; they stand in the report

        error: `do` is missing
         --> site.yaml:5:5
          |
        5 |   - {id: sex, match: PatientSex}
          |     ^

        error: `when` is missing
         --> site.yaml:7:5
          |
        7 |   - id: ultrasund
          |     ^
          |
        help: did you mean `ultrasound`?
        ");
    }

    #[test]
    fn wrong_types() {
        insta::assert_snapshot!(broken("samar: '1'\nname: [a]\nbase: 5\noptions: clean-graphics\nunknown: 3\naccept: {}\nrules:\n  - PatientName\n  - {id: 7, match: {a: b}, do: , because: x}\n"), @r#"
        error: not a version of the profile language
         --> site.yaml:1:8
          |
        1 | samar: '1'
          |        ^^^
          |
        help: write `samar: 1`

        error: `name`: invalid type: sequence, expected a string
         --> site.yaml:2:7
          |
        2 | name: [a]
          |       ^

        error: `base`: invalid type: integer `5`, expected a string
         --> site.yaml:3:7
          |
        3 | base: 5
          |       ^
          |
        help: put it in quotes: '5'

        error: `options`: invalid type: string "clean-graphics", expected a sequence
         --> site.yaml:4:10
          |
        4 | options: clean-graphics
          |          ^^^^^^^^^^^^^^

        error: `unknown`: expected `remove`, or a mapping of `public`, `private` and `sop_class`
         --> site.yaml:5:10
          |
        5 | unknown: 3
          |          ^

        error: `accept`: invalid type: map, expected a sequence
         --> site.yaml:6:9
          |
        6 | accept: {}
          |         ^

        error: invalid type: string "PatientName", expected a mapping of `id`, `match`, `do` and `because`
         --> site.yaml:8:5
          |
        8 |   - PatientName
          |     ^^^^^^^^^^^

        error: `id`: invalid type: integer `7`, expected a string
         --> site.yaml:9:10
          |
        9 |   - {id: 7, match: {a: b}, do: , because: x}
          |          ^
          |
        help: put it in quotes: '7'

        error: `match`: expected a selector or a list of selectors
         --> site.yaml:9:20
          |
        9 |   - {id: 7, match: {a: b}, do: , because: x}
          |                    ^

        error: `do`: there is no value
         --> site.yaml:9:30
          |
        9 |   - {id: 7, match: {a: b}, do: , because: x}
          |                              ^
        "#);
        insta::assert_snapshot!(broken("- a\n- b\n"), @r"
        error: not a profile: invalid type: sequence, expected a mapping such as `samar: 1`
         --> site.yaml:1:1
          |
        1 | - a
          | ^
        ");
        insta::assert_snapshot!(broken(""), @r"
        error: the profile is empty
         --> site.yaml:1:1
          |
        1 |
          | ^
        ");
        insta::assert_snapshot!(broken("samar: 1\n  name: [\n"), @r"
        error: not YAML: mapping values are not allowed in this context
         --> site.yaml:2:7
          |
        2 |   name: [
          |       ^
        ");
    }

    #[test]
    fn selectors() {
        insta::assert_snapshot!(broken(r"
samar: 1
name: chest
base: basic@2026d
rules:
  - {id: a, match: [PatientNam, 'vr:XX'], do: remove, because: x}
  - {id: b, match: (0010,0010), do: remove, because: x}
  - {id: c, match: '(0010,00)', do: remove, because: x}
  - {id: d, match: 'group:10', do: remove, because: x}
  - {id: e, match: [], do: remove, because: x}
"), @r"
        error: unknown attribute `PatientNam`
         --> site.yaml:6:21
          |
        6 |   - {id: a, match: [PatientNam, 'vr:XX'], do: remove, because: x}
          |                     ^^^^^^^^^^
          |
        help: did you mean `PatientName`?

        error: unknown VR `XX`
         --> site.yaml:6:33
          |
        6 |   - {id: a, match: [PatientNam, 'vr:XX'], do: remove, because: x}
          |                                 ^^^^^^^
          |
        help: the VRs of PS3.5 are AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV

        error: `(0010` is not a tag
         --> site.yaml:7:20
          |
        7 |   - {id: b, match: (0010,0010), do: remove, because: x}
          |                    ^^^^^
          |
        help: write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd

        error: unknown key `0010)`
         --> site.yaml:7:26
          |
        7 |   - {id: b, match: (0010,0010), do: remove, because: x}
          |                          ^^^^^
          |
        help: put a tag in quotes: '(0010,0010)'

        error: `(0010,00)` is not a tag
         --> site.yaml:8:20
          |
        8 |   - {id: c, match: '(0010,00)', do: remove, because: x}
          |                    ^^^^^^^^^^^
          |
        help: write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd

        error: `10` is not a group
         --> site.yaml:9:20
          |
        9 |   - {id: d, match: 'group:10', do: remove, because: x}
          |                    ^^^^^^^^^^
          |
        help: write four digits, such as `group:0010`

        error: this list matches nothing
          --> site.yaml:10:20
           |
        10 |   - {id: e, match: [], do: remove, because: x}
           |                    ^
           |
        help: name what the rule is for, or take the rule out
        ");
    }

    #[test]
    fn actions_that_do_not_fit() {
        insta::assert_snapshot!(broken(r"
samar: 1
name: chest
base: basic@2026d
rules:
  - {id: a, match: PatientName, do: uid, because: x}
  - {id: b, match: 'vr:DA', do: pseudonym.patient, because: x}
  - {id: c, match: PatientName, do: pseudonym.device, because: x}
  - {id: d, match: PatientName, do: replace, because: x}
  - {id: e f, match: PatientName, do: keep, because: x}
"), @r"
        error: `PatientName` (VR PN) cannot hold what `uid` gives
         --> site.yaml:6:37
          |
        6 |   - {id: a, match: PatientName, do: uid, because: x}
          |                                     ^^^
          |
        help: `dummy`, `empty` and `remove` can be done to VR PN

        error: VR DA cannot hold what `pseudonym.patient` gives
         --> site.yaml:7:33
          |
        7 |   - {id: b, match: 'vr:DA', do: pseudonym.patient, because: x}
          |                                 ^^^^^^^^^^^^^^^^^
          |
        help: `shift`, `truncate-date`, `dummy`, `empty` and `remove` can be done to VR DA

        error: rule `c` can never decide: `a` in line 6 takes all it matches
         --> site.yaml:8:20
          |
        8 |   - {id: c, match: PatientName, do: pseudonym.device, because: x}
          |                    ^^^^^^^^^^^
          |
        help: the first rule that matches decides: put the narrower one first, or take one out

        error: `pseudonyms` has no form `device`
         --> site.yaml:8:37
          |
        8 |   - {id: c, match: PatientName, do: pseudonym.device, because: x}
          |                                     ^^^^^^^^^^^^^^^^
          |
        help: write its form: `pseudonyms: {device: {format: '{hmac:10}'}}`

        error: unknown action `replace`
         --> site.yaml:9:37
          |
        9 |   - {id: d, match: PatientName, do: replace, because: x}
          |                                     ^^^^^^^
          |
        help: `do` is one of `keep`, `remove`, `empty`, `dummy`, `uid`, `shift`, `clean`, `pseudonym.patient`, `pseudonym.accession`, `pseudonym.NAME`, `set`, `mask`, `regex`, `truncate-date`, `round`

        error: `id` is not a name
          --> site.yaml:10:10
           |
        10 |   - {id: e f, match: PatientName, do: keep, because: x}
           |          ^^^
           |
        help: use up to 40 letters, digits, `-`, `_` and `.`, as in `chest-share`

        error: rule `e f` can never decide: `a` in line 6 takes all it matches
          --> site.yaml:10:22
           |
        10 |   - {id: e f, match: PatientName, do: keep, because: x}
           |                      ^^^^^^^^^^^
           |
        help: the first rule that matches decides: put the narrower one first, or take one out
        ");
    }

    #[test]
    fn carets_stand_under_the_word_behind_other_scripts() {
        insta::assert_snapshot!(broken("samar: 1\nname: a\nbase: basic@2026d\nrules:\n  - {because: 患者の氏名 é, id: x, match: PatientNam, do: keep}\n"), @r"
        error: unknown attribute `PatientNam`
         --> site.yaml:5:38
          |
        5 |   - {because: 患者の氏名 é, id: x, match: PatientNam, do: keep}
          |                                           ^^^^^^^^^^
          |
        help: did you mean `PatientName`?
        ");
    }
}

mod hostile {
    use super::*;

    #[test]
    fn bombs_are_refused() {
        insta::assert_snapshot!(broken("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"), @r"
        error: a profile cannot use anchors
         --> site.yaml:1:4
          |
        1 | a: &a [x, x]
          |    ^^^^
          |
        help: write the value out
        ");
        insta::assert_snapshot!(broken("a: *a\n"), @r"
        error: not YAML: while parsing node, found unknown anchor
         --> site.yaml:1:4
          |
        1 | a: *a
          |    ^
        ");
        insta::assert_snapshot!(broken("a: !!binary aGk=\n"), @r"
        error: a profile cannot use tags
         --> site.yaml:1:4
          |
        1 | a: !!binary aGk=
          |    ^^^^^^^^^^^^^
          |
        help: write the value out
        ");
        insta::assert_snapshot!(broken(&format!("a: {}", "[".repeat(100))), @r"
        error: nested deeper than 16 levels
         --> site.yaml:1:19
          |
        1 | a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
          |                   ^
        ");
        insta::assert_snapshot!(broken("samar: 1\n---\nsamar: 1\n"), @r"
        error: a profile is one YAML document, this is a second
         --> site.yaml:2:1
          |
        2 | ---
          | ^^^
          |
        help: put each profile into a file of its own
        ");
        insta::assert_snapshot!(broken(&"#".repeat((1 << 20) + 1)), @r"
        error: cannot read profile `site.yaml`: it is larger than 1 MiB
         |
        help: give a file, or one of `basic`, `research`, `longitudinal-full-dates`, `sharing-id`, `teaching`
        ");
        insta::assert_snapshot!(broken_condition(&"(".repeat(100)), @r"
        error: nested deeper than 32 levels
         --> site.yaml:6:43
          |
        6 |     when: ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((
          |                                           ^
        ");
    }

    #[test]
    fn what_is_not_text_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("site.yaml");
        fs::write(&path, b"name: \xff\xfe").expect("a file");
        let message = load(path.to_str().expect("UTF-8"))
            .expect_err("not text")
            .to_string();
        assert!(message.contains("not UTF-8"), "{message}");
        load(folder.path().to_str().expect("UTF-8")).expect_err("a folder");
    }

    /// Line ends, byte order marks and the separators that only YAML 1.1 counts as line ends.
    #[test]
    fn odd_line_ends_are_read_as_one_reader_would() {
        let dos = "samar: 1\r\nname: a\r\nbase: basic@2026d\r\n";
        assert_eq!(site(dos).name, "a");
        insta::assert_snapshot!(broken(&dos.replace("base:", "bass:")), @r"
        error: `base` is missing
         --> site.yaml:1:1
          |
        1 | samar: 1
          | ^
          |
        help: add `base: basic@2026d`, or `extends: basic`

        error: unknown key `bass`
         --> site.yaml:3:1
          |
        3 | bass: basic@2026d
          | ^^^^
          |
        help: did you mean `base`?
        ");
        assert_eq!(
            site(&format!("\u{feff}{}", dos.replace('\r', ""))).name,
            "a"
        );
        insta::assert_snapshot!(broken("samar: 1\nbase: basic@2026d\nname: a # b\u{85}extends: c\n"), @r"
        error: not a profile: YAML readers differ on this text; look for unusual line ends (U+0085, U+2028)
         --> site.yaml:1:1
          |
        1 | samar: 1
          | ^
        ");
    }

    /// Each of these filled the limit of one mebibyte; they end, and with a bounded number of messages.
    #[test]
    fn large_files_of_nonsense_end() {
        let fill = |piece: &str| piece.repeat((1 << 20) / piece.len() - 100);
        let head = "samar: 1\nname: a\nbase: basic@2026d\n";
        for text in [
            fill("["),
            fill("{"),
            fill("- "),
            fill("? "),
            fill("a: b\n"),
            fill("[]: "),
            fill("\""),
            fill("%a\n"),
            (0..90_000).fold(String::new(), |text, n| text + &format!("k{n}: 1\n")),
            format!("{head}options: [{}]\n", fill("clean-x, ")),
            format!("{head}rules:\n{}", fill("- {id: a, match: PatientNam}\n")),
            format!(
                "{head}rules:\n- {{id: a, match: [{}]}}\n",
                fill("PatientNam, ")
            ),
            format!(
                "{head}accept:\n- id: a\n  when: {}\n",
                fill("PatientNam == 1 and ")
            ),
            format!("{head}accept:\n- id: a\n  when: {}\n", fill("not ")),
            format!(
                "{head}accept:\n- id: a\n  when: SOPClassUID in [{}]\n",
                fill("CTImag, ")
            ),
        ] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let path = folder.path().join("site.yaml");
            fs::write(&path, &text).expect("a file");
            let problems = load(path.to_str().expect("UTF-8")).expect_err("nonsense");
            assert!(
                !problems.0.is_empty() && problems.0.len() <= 120,
                "{}",
                problems.0.len()
            );
        }
    }
}

mod unmatched {
    use super::*;

    #[test]
    fn what_no_pixel_rule_speaks_of_may_be_withheld() {
        let profile = site(
            "samar: 1\nname: t\nbase: basic@2026d\naccept:\n  - {id: nuclear, when: Modality == \"NM\", do: reject, because: test}\n\
             redaction:\n  fill: mean\n  on_unmatched:\n    - {id: angiography, when: 'Modality in [\"XA\", \"RF\"] or Rows == 1', do: quarantine, because: screen saves}\n",
        );
        let angiography = Instance::new(&[("Modality", "XA")]);
        let judged = profile.judge(&angiography);
        assert_eq!(judged.verdict, Verdict::Quarantine);
        assert_eq!(
            judged.rule.map(|rule| rule.id.as_str()),
            Some("angiography")
        );
        let mut matched = angiography;
        matched.facts.push(Fact::PixelsMatched);
        assert_eq!(profile.judge(&matched).verdict, Verdict::Accept);
        let other = Instance::new(&[("Modality", "CT")]);
        assert_eq!(profile.judge(&other).verdict, Verdict::Accept);
        // One name space with `accept`.
        let twice = broken(
            "samar: 1\nname: t\nbase: basic@2026d\naccept:\n  - {id: a, when: Rows == 1, do: reject, because: test}\n\
             redaction:\n  on_unmatched:\n    - {id: a, when: Rows == 2, do: quarantine, because: test}\n",
        );
        assert!(twice.contains("duplicate id `a`"), "{twice}");
    }
}

mod dose_sheets {
    use super::*;

    #[test]
    fn are_told_by_their_series_description() {
        let profile = load("basic").expect("the built-in profile");
        let fate = |description: &str| {
            let image = Instance::new(&[
                ("SOPClassUID", "CTImageStorage"),
                ("Modality", "CT"),
                ("Rows", "512"),
                ("SeriesDescription", description),
            ]);
            let judged = profile.judge(&image);
            judged.rule.map(|rule| rule.id.clone())
        };
        for page in [
            "Dose Report",
            "DOSE  INFO",
            "dose_summary",
            "Dosisbericht",
            "Patient Protocol",
            "Exam Protocol",
            "Total DLP",
        ] {
            assert_eq!(fate(page).as_deref(), Some("dose-sheet"), "{page}");
        }
        for plain in ["THORAX 1.0 B70f", "LOW DOSE LUNG", "DLPX"] {
            assert_eq!(fate(plain), None, "{plain}");
        }
    }
}
