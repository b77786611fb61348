//! Times as sellers' programs write them: ISO 8601 in the forms that Amazon's own examples use.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};

/// With an offset, also one of two digits (`-07`); without one, or as a bare date, it is UTC. Years have four
/// digits, so that nothing added to a time leaves the calendar.
pub(crate) fn read(text: &str) -> Option<DateTime<FixedOffset>> {
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"));
    let naive = |at: NaiveDateTime| at.and_utc().fixed_offset();
    zoned
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(naive))
        .or_else(|_| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| naive(day.and_time(NaiveTime::MIN)))
        })
        .ok()
        .filter(|at| (1..=9999).contains(&at.year()))
}

/// To the second, as slots and capacities have it.
pub(crate) fn write(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
