//! Selectors and conditions by themselves: what they match, and what is said of those that are wrong.

use std::collections::HashMap;

use samar::dicom::{Tag, Vr};
use samar::profile::selector::{Ahead, Place, Selector, Step, fold_creator};
use samar::profile::{Attributes, Condition, Fact};
use samar::standard::dictionary;

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

fn tag(keyword: &str) -> Tag {
    dictionary::by_keyword(keyword).expect("a keyword").tag
}

mod selectors {
    use super::*;

    /// An element by its path: `ContentSequence/0 PatientName`; private ones as `0009ACME1001`.
    fn matches(text: &str, path: &str) -> bool {
        let named = |name: &'static str| match name {
            "acme" => (Tag(0x0009_1001), Some("ACME 1.1")),
            "acme-other-block" => (Tag(0x0009_FF01), Some("ACME 1.1")),
            "other" => (Tag(0x0009_1001), Some("OTHER")),
            "orphan" => (Tag(0x0009_1001), None),
            "creator" => (Tag(0x0009_0010), None),
            keyword => (tag(keyword), None),
        };
        let path: &'static str = path.to_owned().leak();
        let mut steps: Vec<&str> = path.split('.').collect();
        let (tag, creator) = named(steps.pop().expect("a name"));
        let steps: Vec<Step<'_>> = steps
            .into_iter()
            .map(|step| {
                let (name, item) = step.split_once('/').expect("an item");
                let (tag, creator) = named(name);
                Step {
                    tag,
                    creator,
                    item: item.parse().expect("a number"),
                }
            })
            .collect();
        let vr = dictionary::by_tag(tag).map_or(Vr::LO, |entry| entry.vr);
        selector(text).matches(&Place {
            tag,
            vr,
            creator,
            path: &steps,
        })
    }

    #[test]
    fn match_what_they_say() {
        let table = [
            // at the top level and in every item
            ("PatientName", "PatientName", true),
            ("PatientName", "ContentSequence/3.PatientName", true),
            ("**.PatientName", "PatientName", true),
            ("PatientName", "PatientID", false),
            // paths
            ("ContentSequence[*].PatientName", "PatientName", false),
            (
                "ContentSequence[*].PatientName",
                "ContentSequence/3.PatientName",
                true,
            ),
            (
                "ContentSequence[0].PatientName",
                "ContentSequence/0.PatientName",
                true,
            ),
            (
                "ContentSequence[0].PatientName",
                "ContentSequence/1.PatientName",
                false,
            ),
            (
                "ContentSequence[*].PatientName",
                "ContentSequence/0.ContentSequence/0.PatientName",
                false,
            ),
            (
                "**.ContentSequence[1].PatientName",
                "ContentSequence/0.ContentSequence/1.PatientName",
                true,
            ),
            (
                "ContentSequence[0].ContentSequence[1].PatientName",
                "ContentSequence/0.ContentSequence/1.PatientName",
                true,
            ),
            (
                "ContentSequence[0].ContentSequence[1].PatientName",
                "ContentSequence/1.ContentSequence/0.PatientName",
                false,
            ),
            (
                "**.ContentSequence[*].PatientName",
                "ContentSequence/0.ReferencedSeriesSequence/0.PatientName",
                false,
            ),
            (
                "(0040,A730)[*].vr:PN",
                "ContentSequence/0.PatientName",
                true,
            ),
            (
                "ContentSequence[*].group:0010",
                "ContentSequence/0.PatientID",
                true,
            ),
            (
                "(0009,{ACME 1.1},01)[*].PatientName",
                "acme/0.PatientName",
                true,
            ),
            (
                "(0009,{ACME 1.1},01)[*].PatientName",
                "other/0.PatientName",
                false,
            ),
            // private elements
            ("(0009,{acme  1.1 },01)", "acme", true),
            ("(0009,{ACME 1.1},01)", "acme-other-block", true),
            ("(0009,{ACME 1.1},01)", "ContentSequence/0.acme", true),
            ("(00xx,{ACME 1.1},0x)", "acme", true),
            ("(0009,{ACME 1.1},02)", "acme", false),
            ("(0011,{ACME 1.1},01)", "acme", false),
            ("(0009,{ACME 1.1},01)", "other", false),
            ("(0009,{ACME 1.1},01)", "orphan", false),
            ("(0009,{ACME},01)", "acme", false),
            ("(0009,{ACME 1.1},xx)", "creator", false),
            ("private", "orphan", true),
            ("private", "creator", true),
            // and, not, or
            ("vr:PN & group:0010", "PatientName", true),
            ("vr:PN & group:0010", "ReferringPhysicianName", false),
            ("vr:PN & !PatientName", "ReferringPhysicianName", true),
            ("vr:PN & !PatientName", "PatientName", false),
            ("!PatientName & vr:PN", "PatientID", false),
            ("!(vr:PN & group:0010)", "ReferringPhysicianName", true),
            ("private & !(0009,{ACME 1.1},xx)", "other", true),
            ("private & !(0009,{ACME 1.1},xx)", "acme", false),
            ("!private", "acme", false),
            ("[PatientID, vr:PN & group:0008]", "PatientID", true),
            ("[PatientID, vr:PN & group:0008]", "PatientName", false),
            (
                "PatientName & !ContentSequence[*].PatientName",
                "ContentSequence/0.PatientName",
                false,
            ),
        ];
        for (text, path, expected) in table {
            assert_eq!(matches(text, path), expected, "{text} on {path}");
        }
    }

    #[test]
    fn know_some_things_ahead() {
        use Ahead::{Depends, No, Yes};
        let table = [
            ("PatientName", Yes),
            ("PatientID", No),
            ("!PatientID", Yes),
            ("ContentSequence[*].PatientName", Depends),
            ("ContentSequence[*].PatientID", No),
            ("!ContentSequence[*].PatientName", Depends),
            ("vr:PN & **.ContentSequence[*].PatientName", Depends),
            ("vr:DA & **.ContentSequence[*].PatientName", No),
            ("[vr:PN, ContentSequence[*].PatientName]", Yes),
            ("(0009,{ACME},01)", No),
        ];
        for (text, expected) in table {
            let known = selector(text).ahead(tag("PatientName"), Vr::PN);
            assert_eq!(known, expected, "{text}");
        }
        let private = selector("(0009,{ACME},01)");
        assert_eq!(private.ahead(Tag(0x0009_1001), Vr::LO), Depends);
        assert_eq!(private.ahead(Tag(0x0009_0010), Vr::LO), No);
        assert_eq!(private.ahead(Tag(0x0009_1002), Vr::LO), No);
    }

    #[test]
    fn tell_the_one_element_they_speak_of() {
        let name = Some(tag("PatientName"));
        for (text, expected) in [
            ("PatientName", name),
            ("(0010,0010)", name),
            ("ContentSequence[*].PatientName", name),
            ("vr:PN & PatientName & !private", name),
            ("[PatientName, ContentSequence[0].PatientName]", name),
            ("[PatientName, PatientID]", None),
            ("!PatientName", None),
            ("OverlayData", None),
            ("vr:PN", None),
        ] {
            assert_eq!(selector(text).only_tag(), expected, "{text}");
        }
        for (text, expected) in [
            ("private", true),
            ("(0009,{ACME},0x)", true),
            ("ContentSequence[*].private", true),
            ("vr:LO & private", true),
            ("!private", false),
            ("vr:LO", false),
        ] {
            assert_eq!(selector(text).is_private(), expected, "{text}");
        }
    }

    #[test]
    fn are_printed_in_one_way() {
        for (text, printed) in [
            (" ( PatientName&! vr:PN ) ", "PatientName & !vr:PN"),
            ("(0010,0010)", "PatientName"),
            ("(60x@,3000)", "OverlayData"),
            ("(0019,xxxx)", "group:0019"),
            ("(xxx#,xxxx)", "private"),
            ("(00ab,{acme  1.1 },0f)", "(00AB,{ACME 1.1},0F)"),
            ("(000x,{A},xx)", "(000#,{A},xx)"),
            ("**.PatientName", "PatientName"),
            ("**.(0040,a730)[02].vr:PN", "**.ContentSequence[2].vr:PN"),
            ("a-list", ""),
            ("[PatientName]", "PatientName"),
            ("[PatientName,PatientID]", "[PatientName, PatientID]"),
            (
                "!(PatientName & (vr:PN & private))",
                "!(PatientName & vr:PN & private)",
            ),
        ] {
            let parsed = Selector::parse(text).map(|s| s.to_string());
            assert_eq!(parsed.unwrap_or_default(), printed, "{text}");
        }
        assert_eq!(fold_creator(" Gems_Parm  01\0"), "GEMS_PARM 01");
    }

    #[test]
    fn say_what_is_wrong() {
        let deep = format!("{}PatientName", "!".repeat(40));
        let long = format!("{}PatientName", "ContentSequence[*].".repeat(40));
        let wrong = [
            "",
            "PatientNam",
            "patientname",
            "00100010",
            "vr:pn",
            "vr:",
            "group:10",
            "(0010,00)",
            "(0010,0010",
            "(PatientName & vr:PN",
            "(PatientName, PatientID)",
            "PatientName PatientID",
            "PatientName | PatientID",
            "PatientName and vr:PN",
            "[PatientName, vr:PN",
            "[]",
            "PatientName &",
            "PatientName[*].PatientID",
            "(0010,0010)[0].PatientID",
            "vr:SQ[*].PatientID",
            "private[*].PatientID",
            "ContentSequence[*]",
            "ContentSequence[first].PatientID",
            "ContentSequence[-1].PatientID",
            "ContentSequence[*.PatientID",
            "ContentSequence.PatientID",
            "ContentSequence[*].**.PatientID",
            "*.PatientID",
            "(0009,{ACME,01)",
            "(0009,{},01)",
            "(0008,{ACME},01)",
            "(0009,{ACME},1001)",
            "(0009,{ACME},@1)",
            "(0009,{AC\\ME},01)",
            &deep,
            &long,
        ];
        let mut told = String::new();
        for text in wrong {
            let problem = Selector::parse(text).expect_err(text);
            let text: String = text.chars().take(40).collect();
            let help = problem.help.as_deref().unwrap_or("-");
            told.extend([
                text.as_str(),
                "\n    ",
                &problem.message,
                "\n    help: ",
                help,
                "\n",
            ]);
        }
        insta::assert_snapshot!(told, @r"
            expected an attribute, but the selector ends
            help: name it by keyword, tag, `vr:XX`, `group:gggg` or `private`
        PatientNam
            unknown attribute `PatientNam`
            help: did you mean `PatientName`?
        patientname
            unknown attribute `patientname`
            help: did you mean `PatientName`?
        00100010
            `00100010` is not an attribute
            help: write a tag as `(0010,0010)`
        vr:pn
            unknown VR `pn`
            help: did you mean `PN`?
        vr:
            unknown VR ``
            help: the VRs of PS3.5 are AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV
        group:10
            `10` is not a group
            help: write four digits, such as `group:0010`
        (0010,00)
            `(0010,00)` is not a tag
            help: write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd
        (0010,0010
            `(0010,0010` is not a tag
            help: write `(gggg,eeee)`: hexadecimal digits, `x` for any, `@` for even, `#` for odd
        (PatientName & vr:PN
            a bracket is not closed
            help: add `)`
        (PatientName, PatientID)
            `, PatientID)` has no meaning here
            help: write alternatives as a list: `[PatientName, PatientID]`
        PatientName PatientID
            `PatientID` has no meaning here
            help: join selectors with `&`, or make a list of them
        PatientName | PatientID
            `| PatientID` has no meaning here
            help: write alternatives as a list: `[PatientName, PatientID]`
        PatientName and vr:PN
            `and vr:PN` has no meaning here
            help: write `a & b` for what both match
        [PatientName, vr:PN
            a bracket is not closed
            help: add `]`
        []
            expected an attribute, not `]`
            help: name it by keyword, tag, `vr:XX`, `group:gggg` or `private`
        PatientName &
            expected an attribute, but the selector ends
            help: name it by keyword, tag, `vr:XX`, `group:gggg` or `private`
        PatientName[*].PatientID
            `PatientName` is not a sequence
            help: a path goes through sequences, named by keyword, tag or private creator
        (0010,0010)[0].PatientID
            `(0010,0010)` is not a sequence
            help: a path goes through sequences, named by keyword, tag or private creator
        vr:SQ[*].PatientID
            `vr:SQ` is not a sequence
            help: a path goes through sequences, named by keyword, tag or private creator
        private[*].PatientID
            `private` is not a sequence
            help: a path goes through sequences, named by keyword, tag or private creator
        ContentSequence[*]
            the path ends behind `ContentSequence[*]`
            help: name an attribute of the items, or write `ContentSequence` for the sequence as a whole
        ContentSequence[first].PatientID
            `[first]` is not an item
            help: write `[*]` for every item, `[0]` for the first
        ContentSequence[-1].PatientID
            `[-1]` is not an item
            help: write `[*]` for every item, `[0]` for the first
        ContentSequence[*.PatientID
            a bracket is not closed
            help: add `]`
        ContentSequence.PatientID
            `ContentSequence` lacks its item
            help: write `ContentSequence[*].` for every item, `ContentSequence[0].` for the first
        ContentSequence[*].**.PatientID
            `**` can only begin a path
            help: write `A[*].B` for the items of one sequence
        *.PatientID
            `*` has no meaning here
            help: write `**.PatientName` for any depth, `A[*].B` for every item
        (0009,{ACME,01)
            a bracket is not closed
            help: add `}`
        (0009,{},01)
            `(0009,{},01)` has no private creator
            help: a creator is text of 1 to 64 characters, without backslash
        (0008,{ACME},01)
            `(0008,{ACME},01)` has an even group, and those are public
            help: private elements have an odd group (PS3.5 section 7.8)
        (0009,{ACME},1001)
            `(0009,{ACME},1001)` is not a private element
            help: write `(gggg,{CREATOR},ee)`; the block is never part of it
        (0009,{ACME},@1)
            `(0009,{ACME},@1)` is not a private element
            help: write `(gggg,{CREATOR},ee)`; the block is never part of it
        (0009,{AC\ME},01)
            `(0009,{AC\ME},01)` has no private creator
            help: a creator is text of 1 to 64 characters, without backslash
        !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
            nested deeper than 32 levels
            help: write it with fewer brackets
        ContentSequence[*].ContentSequence[*].Co
            a path of more than 32 steps
            help: begin it further down, with `**.`
        ");
    }
}

mod conditions {
    use super::*;

    #[derive(Default)]
    struct Instance {
        values: HashMap<Tag, Vec<&'static str>>,
        facts: Vec<Fact>,
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

    fn condition(text: &str) -> Condition {
        Condition::parse(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
    }

    /// Whether a condition on an attribute holds for one value of it.
    fn holds(text: &str, value: &'static str) -> bool {
        let keyword = text.split(' ').next().expect("a keyword");
        let mut instance = Instance::default();
        instance.values.insert(tag(keyword), vec![value]);
        condition(text).holds(&instance)
    }

    #[test]
    fn order_times_dates_and_ages() {
        let table = [
            // times, by what both state
            ("StudyTime < '123000'", "122959.999", true),
            ("StudyTime < '123000'", "123000", false),
            ("StudyTime <= '123000'", "123000.5", true),
            ("StudyTime <= '123000.0'", "123000.5", false),
            ("StudyTime > '123000'", "12", false),
            ("StudyTime == '123000'", "1230", true),
            ("StudyTime != '123000'", "1231", true),
            ("StudyTime >= '08'", "235960 ", true),
            ("StudyTime < '08'", "7:00", false),
            ("StudyTime < '08'", "250000", false),
            ("StudyTime < '08'", "", false),
            // date-times, with zones where both have one
            ("AcquisitionDateTime < '20240201'", "20240131235959", true),
            ("AcquisitionDateTime < '20240201'", "2024", false),
            ("AcquisitionDateTime < '2024'", "20231231", true),
            (
                "AcquisitionDateTime == '202401312330+0700'",
                "202401311630+0000",
                true,
            ),
            (
                "AcquisitionDateTime < '202402010030+0700'",
                "20240131170000+0000",
                true,
            ),
            (
                "AcquisitionDateTime > '202403010030-0500'",
                "202403010529+0000",
                false,
            ),
            (
                "AcquisitionDateTime > '202402290030+1400'",
                "202402281031-0000",
                true,
            ),
            (
                "AcquisitionDateTime == '202401312330+0700'",
                "202401312330",
                true,
            ),
            ("AcquisitionDateTime > '2024'", "20241301", false),
            ("AcquisitionDateTime > '2024'", "not a time", false),
            // ages, by their length
            ("PatientAge >= '089Y'", "090Y", true),
            ("PatientAge >= '089Y'", "100M", false),
            ("PatientAge < '018Y'", "216M", false),
            ("PatientAge == '001Y'", "012M", true),
            ("PatientAge < '001M'", "004W", true),
            ("PatientAge > '001M'", "031D", true),
            ("PatientAge in ['001W', '002W']", "007D", true),
            ("PatientAge < '018Y'", "9Y", true),
            ("PatientAge < '018Y'", "009y", false),
            ("PatientAge < '018Y'", "nine", false),
        ];
        for (text, value, expected) in table {
            assert_eq!(holds(text, value), expected, "{text} on {value}");
        }
    }

    #[test]
    fn tell_what_they_read_and_which_part_held() {
        let condition = condition(
            "not (Modality != 'CT' or pixels.matched) and (Rows in [512] or Rows >= 1.0) and \
             SOPClassUID in ['1.2.840.10008.5.1.4.1.1.2', \"1.2.3\"] and exists(StudyDate) and \
             StudyDescription ~ '(?i)\"thorax\"'",
        );
        let mut instance = Instance::default();
        instance.values.insert(tag("Modality"), vec!["CT"]);
        instance.values.insert(tag("Rows"), vec!["256"]);
        instance.facts.push(Fact::PixelsMatched);
        let told: Vec<String> = condition
            .trace(&instance)
            .iter()
            .map(|(text, held)| format!("{held:<5} {text}"))
            .collect();
        let told = told.join("\n");
        insta::assert_snapshot!(format!("{condition}\n\n{told}"), @r#"
        not (Modality != "CT" or pixels.matched) and (Rows == 512 or Rows >= 1) and SOPClassUID in [CTImageStorage, "1.2.3"] and exists(StudyDate) and StudyDescription ~ '(?i)"thorax"'

        false Modality != "CT"
        true  pixels.matched
        false Rows == 512
        true  Rows >= 1
        false SOPClassUID in [CTImageStorage, "1.2.3"]
        false exists(StudyDate)
        false StudyDescription ~ '(?i)"thorax"'
        "#);
        let reads: Vec<String> = condition
            .reads()
            .into_iter()
            .map(dictionary::name)
            .collect();
        assert_eq!(
            reads,
            [
                "SOPClassUID",
                "StudyDate",
                "Modality",
                "StudyDescription",
                "Rows"
            ]
        );
    }

    #[test]
    fn say_what_is_wrong() {
        let wrong = [
            "StudyTime < 123000",
            "StudyTime < '25'",
            "StudyTime < '12:30'",
            "AcquisitionDateTime == '202413'",
            "AcquisitionDateTime > '2024+7'",
            "PatientAge > 45",
            "PatientAge > '45Y'",
            "PatientAge > '045y'",
            "StudyDate >= '20240132'",
            "Modality == 'CTT'",
            "Modality in ['MR', 'PETCT', 'XX']",
            "ModalitiesInStudy has 'MRI'",
            "SOPClassUID == '1.2.840.10008.5.1.4.1.1.2.99'",
            "SOPClassUID == '1.2.840.10008.1.2.1'",
            "TransferSyntaxUID == '1.2.840.10008.1.2.9'",
            "exist(PatientAge)",
            "present(PatientAge)",
            "pixels.matchd",
            "StudyDescription ~ thorax",
            "StudyDescription ~ '[a-'",
            "StudyDescription ~ '\\w{1000}{1000}'",
            "Rows ~ '5'",
            "PixelData ~ '5'",
            "Modality < 'CT'",
        ];
        let mut told = String::new();
        for text in wrong {
            told += text;
            told += "\n";
            for problem in Condition::parse(text).expect_err(text) {
                let help = problem.help.as_deref().unwrap_or("-");
                let (at, message) = (&text[problem.at], &*problem.message);
                told.extend(["    `", at, "`: ", message, "\n    help: ", help, "\n"]);
            }
        }
        insta::assert_snapshot!(told, @r#"
        StudyTime < 123000
            `123000`: `StudyTime` holds times (TM) and cannot be compared with a number
            help: write hours, minutes and seconds in quotes, such as "123000"
        StudyTime < '25'
            `'25'`: this is not a time of day
            help: write hours, minutes and seconds in quotes, such as "123000"
        StudyTime < '12:30'
            `'12:30'`: this is not a time of day
            help: write hours, minutes and seconds in quotes, such as "123000"
        AcquisitionDateTime == '202413'
            `'202413'`: this is not a date-time
            help: write it in quotes from the year on, such as "20240131" or "20240131123000+0700"
        AcquisitionDateTime > '2024+7'
            `'2024+7'`: this is not a date-time
            help: write it in quotes from the year on, such as "20240131" or "20240131123000+0700"
        PatientAge > 45
            `45`: `PatientAge` holds ages (AS) and cannot be compared with a number
            help: write three digits and D, W, M or Y in quotes, such as "045Y"
        PatientAge > '45Y'
            `'45Y'`: this is not an age
            help: write three digits and D, W, M or Y in quotes, such as "045Y"
        PatientAge > '045y'
            `'045y'`: this is not an age
            help: write three digits and D, W, M or Y in quotes, such as "045Y"
        StudyDate >= '20240132'
            `'20240132'`: this is not a day of the calendar
            help: write year, month and day in quotes, such as "20240131"
        Modality == 'CTT'
            `'CTT'`: unknown modality `CTT`
            help: did you mean `CT`?
        Modality in ['MR', 'PETCT', 'XX']
            `'PETCT'`: unknown modality `PETCT`
            help: the terms are those of PS3.3 C.7.3.1.1.1; any other can be found with `~`
            `'XX'`: unknown modality `XX`
            help: did you mean `DX` or `PX` or `XA` or `XC`?
        ModalitiesInStudy has 'MRI'
            `'MRI'`: unknown modality `MRI`
            help: did you mean `MR`?
        SOPClassUID == '1.2.840.10008.5.1.4.1.1.2.99'
            `'1.2.840.10008.5.1.4.1.1.2.99'`: unknown SOP Class `1.2.840.10008.5.1.4.1.1.2.99`
            help: UIDs of this root are those of PS3.6 Annex A; write one of its keywords
        SOPClassUID == '1.2.840.10008.1.2.1'
            `'1.2.840.10008.1.2.1'`: `1.2.840.10008.1.2.1` is of kind Transfer Syntax, which `SOPClassUID` does not hold
            help: -
        TransferSyntaxUID == '1.2.840.10008.1.2.9'
            `'1.2.840.10008.1.2.9'`: unknown Transfer Syntax `1.2.840.10008.1.2.9`
            help: UIDs of this root are those of PS3.6 Annex A; write one of its keywords
        exist(PatientAge)
            `exist`: unknown function `exist`
            help: did you mean `exists`?
        present(PatientAge)
            `present`: unknown function `present`
            help: the only function is `exists`
        pixels.matchd
            `pixels.matchd`: unknown fact `pixels.matchd`
            help: did you mean `pixels.matched`?
        StudyDescription ~ thorax
            `thorax`: expected a pattern in quotes
            help: -
        StudyDescription ~ '[a-'
            `'[a-'`: this pattern cannot be read: unclosed character class
            help: escape `. + * ? ( ) [ ] { } | ^ $` with a backslash to mean themselves
        StudyDescription ~ '\w{1000}{1000}'
            `'\w{1000}{1000}'`: this pattern cannot be read: it is too large
            help: ask for fewer repetitions, and `[0-9]` or `[A-Za-z]` instead of `\d` or `\w`
        Rows ~ '5'
            `~`: `~` searches text, and `Rows` holds numbers
            help: compare with `==`, `<` or `in`
        PixelData ~ '5'
            `PixelData`: the values of `PixelData` cannot be compared
            help: ask whether it is there: `exists(PixelData)`
        Modality < 'CT'
            `<`: `<` orders numbers, dates, times and ages, and `Modality` is none of these
            help: compare with `==`, `!=`, `in`, `has` or `~`
        "#);
    }
}
