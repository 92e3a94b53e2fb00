//! Days, by arithmetic of its own: what moved by how much must not be answered by what moved it.

/// Days of a year before each month. The year begins in March, so that the leap day is its last.
const BEFORE: [i64; 12] = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];

/// Days of a DA value since 1 March of the year 0 (proleptic Gregorian calendar).
pub(crate) fn day(date: &str) -> Option<i64> {
    if date.len() != 8 || !date.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i64 = date[..4].parse().ok()?;
    let month: usize = date[4..6].parse().ok()?;
    let in_month: i64 = date[6..].parse().ok()?;
    let year = if month < 3 { year - 1 } else { year };
    let before = BEFORE.get(month.checked_sub(1)?)?;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + before + in_month - 1)
}

/// By how many days one DA or DT value was moved to another, when all else of it is the same.
pub(crate) fn moved(from: &str, to: &str) -> Option<i64> {
    let (from_date, from_time) = from.split_at_checked(8)?;
    let (to_date, to_time) = to.split_at_checked(8)?;
    (from_time == to_time).then_some(())?;
    Some(day(to_date)? - day(from_date)?)
}

#[test]
fn days_are_counted_as_on_a_wall() {
    for (from, to, days) in [
        ("20190301", "20190302", 1),
        ("20190228", "20190301", 1),
        ("20200228", "20200301", 2),
        ("19000228", "19000301", 1),
        ("20000101", "20010101", 366),
        ("20191231", "20190101", -364),
        ("19700101", "20190301", 17956),
    ] {
        assert_eq!(moved(from, to), Some(days), "{from} {to}");
    }
    assert_eq!(moved("20190301101500", "20190302101501"), None);
}
