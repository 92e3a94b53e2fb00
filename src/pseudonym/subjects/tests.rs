use super::*;
use std::os::unix::fs::PermissionsExt as _;

const GOOD: &str = "patient_id,issuer,pseudonym,shift_days\n\
    MRN-1,,CHX-0001,-120\n\
    MRN-1,North,CHX-0002,\n\
    mrn-2,,\"CHX, 3\",+14\n\
    MRN-20,,CHX-0001,-120\n";

fn table(text: &str) -> Subjects {
    Subjects::parse(text.as_bytes()).unwrap()
}

fn problems(text: &[u8]) -> String {
    let problems = Subjects::parse(text).unwrap_err();
    let lines = problems.iter().map(|p| {
        assert!(p.help.is_some());
        format!("{}: {}", p.line, p.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn find<'t>(table: &'t Subjects, id: &str, issuer: &str) -> Option<(&'t str, Option<i32>)> {
    let found = table.find(id.as_bytes(), issuer.as_bytes(), utf_8())?;
    Some((&found.pseudonym, found.shift_days))
}

#[test]
fn a_patient_is_found_in_any_spelling() {
    let table = table(GOOD);
    assert_eq!(table.len(), 4);
    assert_eq!(find(&table, "MRN-2", ""), Some(("CHX, 3", Some(14))));
    assert_eq!(find(&table, " mrn-2 \0", "x"), Some(("CHX, 3", Some(14))));
    assert_eq!(find(&table, "MRN-3", ""), None);
    assert_eq!(find(&table, "", ""), None);
    assert_eq!(
        table.pseudonyms().collect::<Vec<_>>(),
        ["CHX, 3", "CHX-0001", "CHX-0002"]
    );
}

#[test]
fn a_row_without_an_issuer_is_for_those_that_have_none_of_their_own() {
    let table = table(GOOD);
    assert_eq!(find(&table, "MRN-1", ""), Some(("CHX-0001", Some(-120))));
    assert_eq!(
        find(&table, "MRN-1", "South"),
        Some(("CHX-0001", Some(-120)))
    );
    assert_eq!(find(&table, "MRN-1", "NORTH "), Some(("CHX-0002", None)));
    let north = super::Subjects::parse(b"pseudonym,patient_id,issuer\nA,1,North\n").unwrap();
    assert_eq!(find(&north, "1", "north"), Some(("A", None)));
    assert_eq!(find(&north, "1", "South"), None);
    assert_eq!(find(&north, "1", ""), None);
}

#[test]
fn the_character_set_is_the_instance_s_own() {
    let table = table("patient_id,pseudonym\nM\u{fc}ller-7,A1\n");
    assert!(
        table
            .find(b"M\xDCLLER-7", b"", Charset::default())
            .is_some()
    );
    assert!(
        table
            .find("m\u{fc}ller-7".as_bytes(), b"", utf_8())
            .is_some()
    );
}

#[test]
fn tables_come_from_many_programs() {
    for text in [
        "patient_id,pseudonym\n1,A",
        "\u{feff}patient_id,pseudonym\r\n1,A\r\n",
        " patient_id , pseudonym \n\n 1 , A \n\n",
        "\"patient_id\",\"pseudonym\"\n\"1\",\"A\"\n",
        "patient_id,pseudonym\n1,A\n1,A\n 1 ,A\n",
    ] {
        let table = table(text);
        assert_eq!(
            (table.len(), find(&table, "1", "")),
            (1, Some(("A", None))),
            "{text:?}"
        );
    }
    assert!(table("patient_id,pseudonym\n").is_empty());
}

#[test]
fn every_problem_is_told_at_once() {
    let text = b"patient_id,issuer,pseudonym,shift_days\n\
        1,,A,10\n\
        2,,A,11\n\
        1,,B,\n\
        ,,C,\n\
        3,,,\n\
        4,,\xC3\x84,\n\
        5,,a\\b,\n\
        6,,12345678901234567890123456789012345678901234567890123456789012345,\n\
        7,,D,ten\n\
        8,,E,0\n\
        9,F\n\
        \xFF,,G,\n\
        10,,2,\n\
        11,,H,1.5\n\
        12,,I,99999999999\n\
        ^^,,J,\n\
        13,,K,\n\
        14,\"North\n15,,L,\n16\",M,\n\
        17,,\"N\n18,,O,\n";
    insta::assert_snapshot!(problems(text), @r"
    3: the pseudonym of line 2 with another `shift_days`
    4: a patient who has another pseudonym further up
    5: an empty `patient_id`
    6: an empty `pseudonym`
    7: a `pseudonym` that no attribute can hold
    8: a `pseudonym` that no attribute can hold
    9: a `pseudonym` that no attribute can hold
    10: `shift_days` is not a number of days
    11: `shift_days` of 0 would keep the patient's dates
    12: not as many columns as the header has
    13: text that is not UTF-8
    14: a pseudonym that is a patient ID of this table
    15: `shift_days` is not a number of days
    16: `shift_days` is not a number of days
    17: an empty `patient_id`
    19: a control character in a cell
    22: not as many columns as the header has
    ");
}

#[test]
fn pseudonyms_name_folders_and_shifts_have_an_end() {
    let text = b"patient_id,pseudonym,shift_days\n\
        1,.A,1\n\
        2,..,1\n\
        3,a/b,1\n\
        4,..\\..,1\n\
        5,nul,1\n\
        6,COM1.x,1\n\
        7,A.1,36500\n\
        8,B,-36500\n\
        9,C,36501\n\
        10,D,-36501\n";
    insta::assert_snapshot!(problems(text), @r"
    2: a `pseudonym` that begins with a dot
    3: a `pseudonym` that begins with a dot
    4: a `pseudonym` with a slash
    5: a `pseudonym` that no attribute can hold
    5: a `pseudonym` that begins with a dot
    6: a `pseudonym` that Windows keeps for a device
    7: a `pseudonym` that Windows keeps for a device
    10: `shift_days` of more than 36500 days
    11: `shift_days` of more than 36500 days
    ");
}

#[test]
fn a_header_tells_the_columns() {
    for (text, wanted) in [
        ("", "1: the table is empty"),
        ("\u{feff}", "1: the table is empty"),
        (
            "patient_id;pseudonym\n1;A\n",
            "1: columns that no comma separates",
        ),
        (
            "patient_id\tpseudonym\n1\tA\n",
            "1: columns that no comma separates",
        ),
        (
            "patient_id,name,pseudonym\n",
            "1: column 2 has an unknown name",
        ),
        ("patient_id\n", "1: no column `pseudonym`"),
        (
            "patient_id,patient_id,pseudonym\n",
            "1: two columns `patient_id`",
        ),
        (
            "MRN-0815,CHX-1\n",
            "1: column 1 has an unknown name\n1: column 2 has an unknown name\n1: no column `patient_id`\n1: no column `pseudonym`",
        ),
    ] {
        assert_eq!(problems(text.as_bytes()), wanted, "{text:?}");
    }
    assert_eq!(problems(b"\xFF\xFEp\0a\0"), "1: the table is in UTF-16");
}

#[test]
fn nothing_repeats_a_cell() {
    let secret = "MRN-0815";
    let text = format!(
        "patient_id,pseudonym,shift_days\n{secret},{secret},{secret}\n{secret},{secret},\n"
    );
    let told = format!("{:?}", Subjects::parse(text.as_bytes()).unwrap_err());
    let header = format!(
        "{:?}",
        Subjects::parse(format!("{secret},x\n").as_bytes()).unwrap_err()
    );
    let table = table(&format!("patient_id,pseudonym\n{secret},A1\n"));
    let subject = table.find(secret.as_bytes(), b"", utf_8());
    for text in [told, header, format!("{table:?} {subject:?}")] {
        assert!(!text.contains("0815") && !text.contains("A1"), "{text}");
    }
}

#[test]
fn a_table_full_of_problems_is_left_early() {
    let text = format!("patient_id,pseudonym\n{}", ",\n".repeat(100_000));
    assert!(Subjects::parse(text.as_bytes()).unwrap_err().len() <= MOST_PROBLEMS + 2);
}

#[test]
fn a_file_that_everyone_can_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("subjects.csv");
    std::fs::write(&path, GOOD).unwrap();
    let mode =
        |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    for open in [0o644, 0o604, 0o602, 0o666] {
        mode(open);
        let refused = Subjects::read(&path).unwrap_err();
        assert!(
            matches!(refused, SubjectsError::File(Error::SubjectsExposed { .. })),
            "{open:o}"
        );
        assert!(refused.to_string().contains("can be used by everyone"));
    }
    for kept in [0o600, 0o640, 0o400] {
        mode(kept);
        assert_eq!(Subjects::read(&path).unwrap().len(), 4);
    }
    mode(0o600);
    std::fs::write(&path, "x\n").unwrap();
    assert!(matches!(
        Subjects::read(&path),
        Err(SubjectsError::Table(_))
    ));
    let missing = Subjects::read(&dir.path().join("none")).unwrap_err();
    assert!(matches!(missing, SubjectsError::File(Error::Io { .. })));
}

#[test]
fn a_pseudonym_does_not_tell_the_id() {
    let told = problems(b"patient_id,pseudonym\nrm-4711,Subject RM-4711\n12,Subject 12\n");
    assert!(told.contains("holds its `patient_id`"), "{told}");
    assert_eq!(
        told.lines().count(),
        1,
        "two digits occur by chance: {told}"
    );
}
