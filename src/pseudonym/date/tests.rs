use super::*;

type Text = Result<String, Unparsable>;

fn text(value: Result<Vec<u8>, Unparsable>) -> Text {
    value.map(|value| String::from_utf8(value).unwrap())
}

fn shifted(vr: Vr, value: &str, days: i32) -> Text {
    text(shift(vr, value.as_bytes(), days))
}

#[track_caller]
fn all(cases: &[(&str, &str)], treat: impl Fn(&str) -> Text) {
    for (value, wanted) in cases {
        assert_eq!(treat(value).as_deref(), Ok(*wanted), "{value:?}");
    }
}

#[test]
fn dates_move_by_days() {
    all(
        &[
            ("20240228", "20240229"),
            ("20240229", "20240301"),
            ("20230228", "20230301"),
            ("19000228", "19000301"),
            ("20000228", "20000229"),
            ("20231231", "20240101"),
            ("00010101", "00010102"),
            (" 20240228\0", "20240229"),
            ("20240101\\\\20240102 \\", "20240102\\\\20240103\\"),
            ("", ""),
            ("  \0", ""),
            ("\\", "\\"),
        ],
        |value| shifted(Vr::DA, value, 1),
    );
    assert_eq!(shifted(Vr::DA, "20240229", 366).as_deref(), Ok("20250301"));
    assert_eq!(shifted(Vr::DA, "20240301", -1).as_deref(), Ok("20240229"));
}

#[test]
fn legacy_dates_are_written_in_the_modern_form() {
    all(
        &[
            ("1950.12.11", "19501210"),
            ("1950-12-11", "19501210"),
            ("1950/12/11", "19501210"),
        ],
        |value| shifted(Vr::DA, value, -1),
    );
}

#[test]
fn ranges_move_at_both_ends() {
    all(
        &[
            ("20240101-20240131", "20240111-20240210"),
            ("20240101 - 20240131", "20240111-20240210"),
            ("-20240131", "-20240210"),
            ("20240101-", "20240111-"),
            ("2024-01-01-2024-01-31", "20240111-20240210"),
            ("-2024-01-31", "-20240210"),
            ("2024-01-01-", "20240111-"),
            ("2023-2024", "2023-2024"),
        ],
        |value| shifted(Vr::DA, value, 10),
    );
    all(
        &[
            (
                "20240101-20240131120000+0700",
                "20240111-20240210120000+0700",
            ),
            (
                "20240101120000-0500-20240131120000-0500",
                "20240111120000-0500-20240210120000-0500",
            ),
            ("-20240131-0500", "-20240210-0500"),
            // Not a zone: none is fourteen and a half hours off.
            ("2024-2025", "2024-2025"),
        ],
        |value| shifted(Vr::DT, value, 10),
    );
}

#[test]
fn what_is_stated_in_part_moves_from_its_middle() {
    all(
        &[("2024", "2024"), ("202401", "202401"), ("202412", "202412")],
        |value| shifted(Vr::DA, value, 10),
    );
    all(
        &[
            ("2024", "2025"),
            ("202401", "202408"),
            ("202412", "202507"),
            ("2024+0700", "2025+0700"),
        ],
        |value| shifted(Vr::DT, value, 200),
    );
    assert_eq!(shifted(Vr::DT, "2024", -200).as_deref(), Ok("2023"));
    assert_eq!(shifted(Vr::DT, "9999", 200), Err(Unparsable::Range));
}

#[test]
fn time_of_day_fraction_and_zone_of_a_dt_are_kept() {
    all(
        &[
            ("20240228235960.123456+0700", "20240301235960.123456+0700"),
            ("20240228235959.5", "20240301235959.5"),
            ("2024022823", "2024030123"),
            ("202402282359-1200", "202403012359-1200"),
            ("20240228-0000", "20240301-0000"),
            ("20240228240000", "20240301240000"),
        ],
        |value| shifted(Vr::DT, value, 2),
    );
}

#[test]
fn a_time_stays() {
    for time in [
        "00",
        "2359",
        "235960",
        "235959.9",
        "235959.999999",
        "24",
        "2400",
        "240000.000",
        "12:30",
        "12:30:45",
        "12:30:45.25",
        "0800-1200",
        "-1200",
        "0800-",
        "0800\\\\0900",
        "",
    ] {
        assert_eq!(shifted(Vr::TM, time, 300).as_deref(), Ok(time));
    }
    for bad in [
        "0",
        "123",
        "12345",
        "2500",
        "2360",
        "235961",
        "240001",
        "240000.1",
        "12.5",
        "1230.5",
        "123045.",
        "123045.1234567",
        "12:30:",
        "12:30.5",
        "12:30:45:10",
        "12:3045",
        "1230:45",
        "1:30:45",
        "Budi",
        "-",
        "--",
        "08 00",
    ] {
        assert_eq!(shifted(Vr::TM, bad, 300), Err(Unparsable::Form), "{bad}");
    }
}

#[test]
fn what_is_no_date_is_an_error() {
    for bad in [
        "20230229",
        "20240001",
        "20241301",
        "20240100",
        "20240132",
        "00000101",
        "00000000",
        "2024010",
        "202401011",
        "2024-01",
        "2024.01-01",
        "20240101-2024013",
        "-",
        "--",
        "20240101--",
        "UNKNOWN",
        "+0240101",
        "2024 0101",
        "20240101\\x",
        "20240101000000",
        "ANONYM",
        "2024.1.1",
        "1950.12.11.",
        "\u{662}\u{660}\u{662}\u{664}",
    ] {
        assert_eq!(shifted(Vr::DA, bad, 1), Err(Unparsable::Form), "{bad}");
        assert!(!is_well_formed(Vr::DA, bad.as_bytes()));
    }
    for bad in [
        "20240101+1401",
        "20240101+0760",
        "20240101+700",
        "202401011",
        "2024010125",
        "202401010060",
        "20240101120000.",
        "202401011200.5",
        "20240101.5",
        "202401+07000",
        "20240230120000",
        "+0700",
        "2024.01.01",
        "2024-01-01T12:00:00",
        "20240101 120000",
    ] {
        assert_eq!(shifted(Vr::DT, bad, 1), Err(Unparsable::Form), "{bad}");
        assert!(!is_well_formed(Vr::DT, bad.as_bytes()));
    }
    for vr in [Vr::LO, Vr::AS, Vr::UN, Vr::US] {
        assert_eq!(shift(vr, b"20240101", 1), Err(Unparsable::Vr));
    }
    assert_eq!(shift(Vr::DA, &[0xFF; 8], 1), Err(Unparsable::Form));
}

#[test]
fn the_calendar_ends_at_its_bounds() {
    assert_eq!(shifted(Vr::DA, "00010101", -1), Err(Unparsable::Range));
    assert_eq!(shifted(Vr::DA, "99991231", 1), Err(Unparsable::Range));
    assert_eq!(
        shifted(Vr::DA, "99990101-99991231", 1),
        Err(Unparsable::Range)
    );
    assert_eq!(
        shifted(Vr::DA, "20240101", i32::MAX),
        Err(Unparsable::Range)
    );
    assert_eq!(
        shifted(Vr::DA, "20240101", i32::MIN),
        Err(Unparsable::Range)
    );
    assert_eq!(shifted(Vr::DA, "99991230", 1).as_deref(), Ok("99991231"));
    assert_eq!(
        shifted(Vr::DA, "00010101", 3_652_058).as_deref(),
        Ok("99991231")
    );
}

#[test]
fn dates_are_cut() {
    let cut = |vr, to| move |value: &str| text(truncate(vr, value.as_bytes(), to));
    all(
        &[
            ("20240229", "20240101"),
            ("202405", "20240101"),
            ("2024", "20240101"),
            ("2024.02.29\\\\20231231", "20240101\\\\20230101"),
            ("20240229-20250101", "20240101-20250101"),
            ("", ""),
        ],
        cut(Vr::DA, Precision::Year),
    );
    all(
        &[("20240229", "20240201"), ("2024", "20240101")],
        cut(Vr::DA, Precision::Month),
    );
    all(
        &[("2024.02.29", "20240229"), ("202402", "20240201")],
        cut(Vr::DA, Precision::Day),
    );
    all(
        &[
            ("20240229120000.5+0700", "2024"),
            ("2024", "2024"),
            ("20240229-0500-", "2024-"),
        ],
        cut(Vr::DT, Precision::Year),
    );
    all(
        &[("20240229120000", "202402"), ("2024", "2024")],
        cut(Vr::DT, Precision::Month),
    );
    all(
        &[("20240229120000-0500", "20240229"), ("202402", "202402")],
        cut(Vr::DT, Precision::Day),
    );
    all(
        &[
            ("123045.25", "000000"),
            ("12:30\\", "000000\\"),
            ("08-12", "000000-000000"),
        ],
        cut(Vr::TM, Precision::Day),
    );
    assert_eq!(
        truncate(Vr::DA, b"x", Precision::Year),
        Err(Unparsable::Form)
    );
    assert_eq!(
        truncate(Vr::TM, b"x", Precision::Year),
        Err(Unparsable::Form)
    );
    assert_eq!(
        truncate(Vr::AS, b"040Y", Precision::Year),
        Err(Unparsable::Vr)
    );
}

#[test]
fn ages_are_capped() {
    let cap = |cap| move |value: &str| text(cap_age(value.as_bytes(), cap));
    all(
        &[
            ("089Y", "089Y"),
            ("090Y", "090Y"),
            ("104Y", "090Y"),
            ("45y", "045Y"),
            ("7D\\ 12W \\\\018M", "007D\\012W\\\\018M"),
            ("", ""),
        ],
        cap(89),
    );
    all(
        &[
            ("215M", "215M"),
            ("227M", "227M"),
            ("228M", "019Y"),
            ("999W", "019Y"),
            ("999D", "999D"),
        ],
        cap(18),
    );
    all(
        &[
            ("011M", "011M"),
            ("012M", "001Y"),
            ("364D", "364D"),
            ("366D", "001Y"),
            ("053W", "001Y"),
        ],
        cap(0),
    );
    assert_eq!(text(cap_age(b"999Y", 999)).as_deref(), Ok("999Y"));
    for bad in ["045", "Y", "0045Y", "45 Y", "-45Y", "45Z", "4.5Y", "old"] {
        assert_eq!(
            text(cap_age(bad.as_bytes(), 89)),
            Err(Unparsable::Form),
            "{bad}"
        );
        assert!(!is_well_formed(Vr::AS, bad.as_bytes()));
    }
    assert!(is_well_formed(Vr::AS, b"045Y\\\\3W "));
    assert!(!is_well_formed(Vr::LO, b"045Y"));
}

#[test]
fn years_and_days_between_dates() {
    let years = |birth: &str, on: &str| years_between(birth.as_bytes(), on.as_bytes());
    assert_eq!(years("19500615", "20240614"), Some(73));
    assert_eq!(years("1950.06.15", "20240615 "), Some(74));
    assert_eq!(years("20000229", "20230228"), Some(22));
    assert_eq!(years("20000229", "20230301"), Some(23));
    assert_eq!(years("20000229", "20240229"), Some(24));
    assert_eq!(years("20240101", "20240101"), Some(0));
    assert_eq!(years("20240102", "20240101"), None);
    for partial in ["1950", "195006", "", "x", "19500615\\19500616", "19500615-"] {
        assert_eq!(years(partial, "20240101"), None, "{partial}");
        assert_eq!(
            days_between(b"20240101", partial.as_bytes()),
            None,
            "{partial}"
        );
    }
    assert_eq!(days_between(b"20240228", b"20240301"), Some(2));
    assert_eq!(days_between(b"20240301", b"2024.02.28"), Some(-2));
    assert_eq!(days_between(b"00010101", b"99991231"), Some(3_652_058));
}

/// A refusal says nothing about the value.
#[test]
fn errors_carry_no_value() {
    let error = shift(Vr::DA, b"Budi", 1).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Budi"));
}
